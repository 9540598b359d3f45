import CanvassCompute
import CanvassEstimation
import CanvassSurvey
import CanvassWeighting
import Foundation
import Testing

/// Known answers that lie outside the repository, in the folder that `CANVASS_SHARED` names.
enum Shared {
  static let folder = ProcessInfo.processInfo.environment["CANVASS_SHARED"].map {
    URL(fileURLWithPath: $0)
  }

  /// Whether the known answers are there; says so once and loudly where they are not.
  static let isPresent: Bool = {
    if let folder, FileManager.default.fileExists(atPath: folder.appending(path: "oracle").path) {
      return true
    }
    let message =
      "SKIPPED: the oracle and real-data tests need CANVASS_SHARED=<folder with oracle/ and real/>\n"
    FileHandle.standardError.write(Data(message.utf8))
    return false
  }()

  static func text(_ path: String) throws -> String {
    let folder = try #require(folder)
    return try String(contentsOf: folder.appending(path: path), encoding: .utf8)
  }
}

/// A small CSV reader for tests: quotes, no newlines inside them.
struct Sheet {
  let names: [String]
  let rows: [[String]]

  init(_ text: String) {
    var records = text.split(whereSeparator: \.isNewline).map { Sheet.fields(String($0)) }
    names = records.removeFirst()
    rows = records
  }

  subscript(_ name: String) -> [String] {
    guard let index = names.firstIndex(of: name) else { preconditionFailure("no column \(name)") }
    return rows.map { $0[index] }
  }

  private static func fields(_ line: String) -> [String] {
    var fields: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    for byte in line.utf8 {
      switch byte {
      case UInt8(ascii: "\""): isQuoted.toggle()
      case UInt8(ascii: ",") where !isQuoted:
        fields.append(String(decoding: field, as: UTF8.self))
        field = []
      default: field.append(byte)
      }
    }
    return fields + [String(decoding: field, as: UTF8.self)]
  }

  /// The sheet as a table with a column `row` of row numbers from 1; NA is missing.
  func table(missing: [String: Set<String>] = [:]) -> Table {
    var columns = [Column(name: "row", numbers: rows.indices.map { Double($0 + 1) })]
    for name in names {
      let gone = (missing[name] ?? []).union(["NA"])
      let cells = self[name]
      let numbers = cells.map { gone.contains($0) ? nil : Double($0) }
      if zip(cells, numbers).allSatisfy({ gone.contains($0) || $1 != nil }) {
        columns.append(Column(name: name, numbers: numbers))
      } else {
        columns.append(Column(name: name, strings: cells.map { gone.contains($0) ? nil : $0 }))
      }
    }
    return Table(columns: columns)
  }
}

extension Table {
  /// Domains by the levels of variables, called by their levels joined with a point.
  func partition(_ variables: String...) -> (partition: Partition, names: [String]) {
    let keys = (0..<rowCount).map { row in
      let levels = variables.map { self[$0]?.text(at: row) }
      return levels.contains(nil) ? nil : levels.map { $0 ?? "" }.joined(separator: ".")
    }
    let names = Set(keys.compactMap { $0 }).sorted()
    let index = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Int32($0)) })
    return (
      Partition(
        id: variables.joined(separator: "."),
        domainOfRow: keys.map { $0.flatMap { index[$0] } ?? -1 }, domainCount: names.count), names
    )
  }

  /// The rows for which a condition holds, as one domain called `name`; cells as text, nil where missing.
  func rows(
    where condition: ((String) -> String?) -> Bool, name: String
  ) -> (partition: Partition, names: [String]) {
    let domainOfRow = (0..<rowCount).map { row in
      condition { self[$0]?.text(at: row) } ? Int32(0) : -1
    }
    return (Partition(id: name, domainOfRow: domainOfRow, domainCount: 1), [name])
  }

  /// All rows as one domain.
  var everyone: Partition {
    Partition(
      id: "all", domainOfRow: [Int32](repeating: 0, count: rowCount), domainCount: 1)
  }
}

extension Estimator {
  /// An estimator over a table with one base weight.
  init(
    _ table: Table, strata: [String], unit: String, weight: String, lonely: LonelyPolicy = .fail,
    then steps: [WeightingRequest] = []
  ) throws {
    let stages = [DesignRequest.Stage(strata: strata, unit: unit)]
    let (rows, design) = try table.arranged(
      by: DesignRequest(stages: stages, lonely: lonely), key: "row")
    self.init(
      try Weighting.weight(
        rows, design: design, steps: [.column(weight)] + steps, workers: Workers(2)))
  }

  /// One measure in one partition.
  func estimate(_ kind: MeasureKind, over partition: Partition) throws -> [DomainEstimate] {
    try estimate([Measure(id: "m", kind: kind)], over: [partition], workers: Workers(2))[0].domains
  }

  /// The mean of a number, or the share of good answers.
  func mean(
    _ variable: String, good: [String]? = nil, over partition: Partition
  ) throws -> [DomainEstimate] {
    try estimate(.mean(ItemRule(variable: variable, good: good)), over: partition)
  }

  func se(_ estimate: Estimate) throws -> Double {
    try variance(of: estimate.influence).squareRoot()
  }
}

/// Domains with the names that a case calls them by.
typealias NamedDomains = (partition: Partition, names: [String])

extension Estimator {
  /// An estimator over a table with a design, weighted by `steps`.
  init(_ table: Table, _ request: DesignRequest, weight steps: [WeightingRequest]) throws {
    let (rows, design) = try table.arranged(by: request, key: "row")
    self.init(try Weighting.weight(rows, design: design, steps: steps, workers: Workers(2)))
  }

  /// R's `degf(design)`: PSUs − strata over the rows of positive weight.
  var designDegrees: Double {
    degrees(of: sample.table.everyone)
  }

  /// R's `degf(subset(design, …))`: PSUs − strata with a row of positive weight in the domain.
  func degrees(of partition: Partition, domain: Int = 0) -> Double {
    var all = RowSet(rowCount: sample.table.rowCount)
    for row in 0..<sample.table.rowCount { all.insert(row) }
    return Double(support(of: all, in: partition, domain: domain).degreesOfFreedom)
  }
}

extension OracleCase {
  /// Compares one measure in all domains of a partition, by the names of the domains.
  ///
  /// - Parameters:
  ///   - df: the degrees of freedom that R was given; the whole design's unless said otherwise.
  ///   - withError: whether standard errors and what follows from them are compared.
  ///   - effect: which design effect the answers have.
  func check(
    _ call: String, _ estimator: Estimator, _ kind: MeasureKind, by domains: NamedDomains,
    key: (String) -> String = { $0 }, df: Double? = nil, withError: Bool = true,
    effect: (DomainEstimate, Double) -> Double? = withoutReplacement, tolerance: Double = 1e-9
  ) throws {
    let result = try estimator.estimate(
      [Measure(id: "m", kind: kind)], over: [domains.partition], workers: Workers(2))[0]
    for (index, name) in domains.names.enumerated() {
      let domain = result.domains[index]
      guard let estimate = domain.estimate else {
        Issue.record("\(self.name) \(call) \(name): no estimate")
        continue
      }
      guard withError else {
        expect(call, key(name), estimate: estimate.value, tolerance: tolerance)
        continue
      }
      let variance = try estimator.variance(of: estimate.influence)
      expect(
        call, key(name), estimate: estimate.value, se: variance.squareRoot(),
        df: df ?? estimator.designDegrees, deff: effect(domain, variance), tolerance: tolerance)
    }
  }

  /// Compares one measure over everybody.
  func check(
    _ call: String, _ key: String, _ estimator: Estimator, _ kind: MeasureKind,
    df: Double? = nil, withError: Bool = true,
    effect: (DomainEstimate, Double) -> Double? = withoutReplacement, tolerance: Double = 1e-9
  ) throws {
    try check(
      call, estimator, kind, by: (estimator.sample.table.everyone, [key]), df: df,
      withError: withError, effect: effect, tolerance: tolerance)
  }

  /// Compares a combination of estimates.
  func check(
    _ call: String, _ key: String, _ estimator: Estimator, _ estimate: Estimate,
    df: Double? = nil
  ) throws {
    expect(
      call, key, estimate: estimate.value,
      se: try estimator.variance(of: estimate.influence).squareRoot(),
      df: df ?? estimator.designDegrees)
  }
}

/// R's `deff = TRUE`.
func withoutReplacement(_ domain: DomainEstimate, _ variance: Double) -> Double? {
  DesignEffect.withoutReplacement(
    variance: variance, simpleRandomVariance: domain.simpleRandomVariance,
    respondents: domain.support.respondents, weightTotal: domain.weightTotal)
}

/// R's `deff = "replace"`.
func withReplacement(_ domain: DomainEstimate, _ variance: Double) -> Double? {
  DesignEffect.withReplacement(
    variance: variance, simpleRandomVariance: domain.simpleRandomVariance)
}
