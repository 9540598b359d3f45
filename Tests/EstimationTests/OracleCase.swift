import CanvassCompute
import CanvassEstimation
import CanvassSurvey
import Foundation
import Testing

/// A column of numbers in a case's `expected.csv`.
enum OracleColumn: String, CaseIterable {
  case estimate, se, df, deff
  case zLow = "ci_z_low"
  case zHigh = "ci_z_high"
  case tLow = "ci_t_low"
  case tHigh = "ci_t_high"
}

/// A case of the oracle: known answers by call and key, and which of its numbers were compared.
///
/// `run` compares in its body and then demands that every number of `expected.csv` was compared. Each case
/// adds one line to the table of `make oracle`.
final class OracleCase {
  private struct Address: Hashable {
    let call: String
    let key: String
    let column: OracleColumn
  }

  let name: String
  /// The folder of `input.csv` and `expected.csv`.
  let folder: URL
  /// The answers by call and key.
  let answers: [String: [String: [OracleColumn: Double]]]
  private var compared: Set<Address> = []
  private var comparisons = 0
  private var worst = 0.0
  private var explained = 0

  private init(_ name: String, at folder: URL) throws {
    self.name = name
    self.folder = folder
    let sheet = Sheet(
      try String(contentsOf: folder.appending(path: "expected.csv"), encoding: .utf8))
    var answers: [String: [String: [OracleColumn: Double]]] = [:]
    for row in sheet.rows.indices {
      var numbers: [OracleColumn: Double] = [:]
      for column in OracleColumn.allCases {
        guard let number = Double(sheet[column.rawValue][row]), number.isFinite else { continue }
        numbers[column] = number
      }
      let key = sheet["key"][row]
      let call = sheet["call"][row]
      #expect(answers[call]?[key] == nil, "\(name) answers \(call) \(key) twice")
      answers[call, default: [:]][key] = numbers
    }
    self.answers = answers
  }

  /// Where a case is: in the folder that `CANVASS_SHARED` names, else among the cases that ship.
  static func folder(of name: String) -> URL? {
    let shipped = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "Cases/\(name)")
    let places = [Shared.folder?.appending(path: "oracle/\(name)"), shipped]
    return places.compactMap { $0 }.first {
      FileManager.default.fileExists(atPath: $0.appending(path: "expected.csv").path)
    }
  }

  /// Whether the case can be run here.
  static func isPresent(_ name: String) -> Bool { folder(of: name) != nil }

  /// Compares a case and demands that no number of it was left out; with `only`, of one of its calls.
  static func run(
    _ name: String, only call: String? = nil, _ body: (OracleCase) throws -> Void
  ) throws {
    let place = try #require(OracleCase.folder(of: name), "the case \(name) is not here")
    let oracle = try OracleCase(name, at: place)
    try body(oracle)
    oracle.finish(only: call)
  }

  /// The rows of `input.csv` with a column `row` of their numbers; NA is missing.
  func table(missing: [String: Set<String>] = [:]) throws -> Table {
    try sheet("input.csv").table(missing: missing)
  }

  /// A file of the case.
  func sheet(_ file: String) throws -> Sheet {
    Sheet(try String(contentsOf: folder.appending(path: file), encoding: .utf8))
  }

  /// Compares one number: |a − b| ≤ tolerance · max(|b|, the largest of its column in the call).
  func expect(
    _ call: String, _ key: String, _ column: OracleColumn, _ mine: Double,
    tolerance: Double = 1e-9
  ) {
    guard let group = answers[call], let theirs = group[key]?[column] else {
      Issue.record("\(name): there is no answer \(call) \(key) \(column)")
      return
    }
    compared.insert(Address(call: call, key: key, column: column))
    let scale = group.values.compactMap { $0[column] }.map(abs).max() ?? 0
    compare(
      "\(call) \(key) \(column)", mine, theirs, scale: max(abs(theirs), scale),
      tolerance: tolerance)
  }

  /// Compares everything that the case has of one estimate: its value, standard error, normal and t
  /// intervals (from `se` and `df`, unless `interval` gives the one with bounds of its own) and design effect.
  func expect(
    _ call: String, _ key: String, estimate: Double, se: Double? = nil, df: Double? = nil,
    deff: Double? = nil, interval: (low: Double, high: Double)? = nil, tolerance: Double = 1e-9
  ) {
    guard let answer = answers[call]?[key] else {
      Issue.record("\(name): there is no answer \(call) \(key)")
      return
    }
    func check(_ column: OracleColumn, _ mine: Double?) {
      guard answer[column] != nil, let mine else { return }
      expect(call, key, column, mine, tolerance: tolerance)
    }
    check(.estimate, estimate)
    check(.se, se)
    check(.df, df)
    check(.deff, deff)
    if let interval {
      check(.tLow, interval.low)
      check(.tHigh, interval.high)
      return
    }
    guard let se else { return }
    let z = NormalDistribution.quantile(0.975)
    check(.zLow, estimate - z * se)
    check(.zHigh, estimate + z * se)
    guard let t = df.flatMap({ StudentT(degreesOfFreedom: $0) })?.quantile(0.975) else { return }
    check(.tLow, estimate - t * se)
    check(.tHigh, estimate + t * se)
  }

  /// Counts the numbers of an answer that were not compared as explained in docs/method: they cannot hold.
  func explain(_ call: String, _ key: String, _ why: String) {
    for column in answers[call]?[key]?.keys.map({ $0 }) ?? [] {
      let address = Address(call: call, key: key, column: column)
      guard !compared.contains(address) else { continue }
      compared.insert(address)
      explained += 1
    }
    #expect(!why.isEmpty && answers[call]?[key] != nil, "\(name): \(call) \(key) is explained")
  }

  /// Leaves an answer to the tests of another module.
  func leaveOut(_ call: String, _ key: String) {
    for column in OracleColumn.allCases {
      compared.insert(Address(call: call, key: key, column: column))
    }
  }

  /// Compares weights in the order of the column `row` with a column of a file.
  func expectWeights(
    _ weights: [Double], of table: Table, file: String = "expected_weights.csv",
    column: String = "weight", tolerance: Double = 1e-9
  ) throws {
    let expected = try sheet(file)[column].map { Double($0) ?? .nan }
    let rows = try #require(table["row"])
    #expect(weights.count == expected.count, "\(name) \(file): the number of weights")
    for row in weights.indices {
      let number = Int(try #require(rows.number(at: row)))
      compare(
        "\(file) \(column) of row \(number)", weights[row], expected[number - 1],
        scale: max(abs(expected[number - 1]), 1e-300), tolerance: tolerance)
    }
  }

  /// Compares many numbers, each relative to itself.
  func expectNumbers(
    _ mine: [Double], _ theirs: [Double], _ what: String, tolerance: Double = 1e-9
  ) {
    #expect(mine.count == theirs.count, "\(name) \(what): how many")
    for (index, pair) in zip(mine, theirs).enumerated() {
      compare(
        "\(what) \(index)", pair.0, pair.1, scale: max(abs(pair.1), 1e-300),
        tolerance: tolerance)
    }
  }

  /// Compares a covariance matrix, row-major in the order of the file's rows.
  func expectCovariances(_ mine: [Double], tolerance: Double = 1e-9) throws {
    let sheet = try sheet("expected_vcov.csv")
    let theirs = sheet.rows.flatMap { $0.dropFirst().map { Double($0) ?? .nan } }
    #expect(mine.count == theirs.count, "\(name): the size of the covariance matrix")
    let scale = theirs.map(abs).max() ?? 0
    for (index, pair) in zip(mine, theirs).enumerated() {
      compare(
        "covariance \(index)", pair.0, pair.1, scale: max(abs(pair.1), scale),
        tolerance: tolerance)
    }
  }

  private func compare(
    _ what: String, _ mine: Double, _ theirs: Double, scale: Double, tolerance: Double
  ) {
    comparisons += 1
    let difference = abs(mine - theirs)
    let relative = difference == 0 ? 0 : difference / scale
    // NaN differs from everything.
    worst = relative.isNaN ? .infinity : max(worst, relative)
    #expect(relative <= tolerance, "\(name) \(what): \(mine), expected \(theirs)")
  }

  private func finish(only wanted: String?) {
    var left: [String] = []
    for (call, keys) in answers where wanted == nil || call == wanted {
      for (key, numbers) in keys {
        for column in numbers.keys
        where !compared.contains(Address(call: call, key: key, column: column)) {
          left.append("\(call) \(key) \(column)")
        }
      }
    }
    #expect(
      left.isEmpty,
      "\(name): \(left.count) numbers were not compared, such as \(left.sorted().prefix(5))")
    #expect(comparisons > 0, "\(name): nothing was compared")
    guard let path = ProcessInfo.processInfo.environment["CANVASS_ORACLE_TABLE"] else { return }
    guard let file = fopen(path, "a") else {
      Issue.record("the table \(path) cannot be written")
      return
    }
    fputs("\(name) \(comparisons) \(worst) \(explained)\n", file)
    fclose(file)
  }
}
