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

/// A case of the oracle: R survey 4.5's answers by call and key.
struct OracleCase {
  struct Answer {
    let estimate: Double
    let se: Double
    let deff: Double?
  }

  let name: String
  let answers: [String: [String: Answer]]

  init(_ name: String) throws {
    self.name = name
    let sheet = Sheet(try Shared.text("oracle/\(name)/expected.csv"))
    var answers: [String: [String: Answer]] = [:]
    for index in sheet.rows.indices {
      answers[sheet["call"][index], default: [:]][sheet["key"][index]] = Answer(
        estimate: Double(sheet["estimate"][index]) ?? .nan,
        se: Double(sheet["se"][index]) ?? .nan, deff: Double(sheet["deff"][index]))
    }
    self.answers = answers
  }

  func table(missing: [String: Set<String>] = [:]) throws -> Table {
    Sheet(try Shared.text("oracle/\(name)/input.csv")).table(missing: missing)
  }

  /// |a − b| ≤ tolerance · max(|b|, largest of its kind in the call).
  func expect(
    _ call: String, _ key: String, estimate: Double, se: Double? = nil, deff: Double? = nil,
    tolerance: Double = 1e-9
  ) {
    guard let group = answers[call], let answer = group[key] else {
      Issue.record("\(name): no answer \(call) \(key)")
      return
    }
    func check(_ kind: String, _ mine: Double, _ theirs: Double, _ all: [Double]) {
      let scale = all.map(abs).filter(\.isFinite).max() ?? 0
      #expect(
        abs(mine - theirs) <= tolerance * max(abs(theirs), scale),
        "\(name) \(call) \(key) \(kind): \(mine), R \(theirs)")
    }
    check("estimate", estimate, answer.estimate, group.values.map(\.estimate))
    if let se { check("se", se, answer.se, group.values.map(\.se)) }
    if let theirs = answer.deff {
      if let deff { check("deff", deff, theirs, group.values.compactMap(\.deff)) }
    }
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
