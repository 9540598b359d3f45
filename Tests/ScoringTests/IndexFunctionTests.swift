import CanvassScoring
import CanvassSurvey
import Foundation
import Testing

/// The functions of the index engine against two independent computations: COINr 1.1.14 on its ASEM data
/// (outside the repository, where `CANVASS_SHARED` names its folder), and numpy on a small made table
/// (`Tests/Golden/index-functions/independent.py` says the versions and the command).
@Suite("Index functions")
struct IndexFunctionTests {
  static let shared = ProcessInfo.processInfo.environment["CANVASS_SHARED"].map {
    URL(filePath: $0).appending(path: "oracle/coinr_functions")
  }
  static let golden = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Golden/index-functions")

  @Test("Oracle: COINr's functions within 1e-9, every number", .enabled(if: shared != nil))
  func coinr() throws {
    let folder = try #require(IndexFunctionTests.shared)
    let input = try records(folder.appending(path: "input.csv"))
    let names = ["LPI", "Flights", "Ship", "Bord", "Elec", "ConSpeed", "Cov4G", "Embs", "IGOs"]
    var functions = IndexFunctions(
      units: input.compactMap { $0["uCode"] }, names: names, columns: columns(input, names))
    for name in names { try functions.normalizations(of: name, reference: nil) }
    try functions.combinations()
    let expected = try records(folder.appending(path: "expected.csv"))
    try compare(functions, expected, count: 5553)
  }

  @Test("the golden table within 1e-9, every number")
  func table() throws {
    let folder = IndexFunctionTests.golden
    let input = try records(folder.appending(path: "input.csv"))
    let names = ["a", "b", "c", "d"]
    var functions = IndexFunctions(
      units: input.compactMap { $0["unit"] }, names: names, columns: columns(input, names + ["e"]),
      groups: input.map { $0["group"] },
      lastRound: ["b": input.map { Double($0["last_b"] ?? "") }])
    for name in names { try functions.normalizations(of: name, reference: "E") }
    try functions.combinations()
    try functions.imputationsAndFits()
    try compare(functions, try records(folder.appending(path: "expected.csv")), count: 1218)
    // The other direction: the engine gives nothing that was not expected.
    let calls = Set(try records(folder.appending(path: "expected.csv")).compactMap { $0["call"] })
    #expect(Set(functions.values.keys) == calls)
  }

  private func compare(
    _ functions: IndexFunctions, _ expected: [[String: String]], count: Int
  ) throws {
    var largest: [String: Double] = [:]
    for row in expected {
      let number = Double(row["estimate"] ?? "") ?? 0
      largest[row["call"] ?? ""] = max(largest[row["call"] ?? ""] ?? 0, abs(number))
    }
    var compared = 0
    for row in expected {
      let (call, key, text) = (row["call"] ?? "", row["key"] ?? "", row["estimate"] ?? "")
      let known = try #require(functions.values[call]?[key], "nothing computes \(call) \(key)")
      compared += 1
      guard text != "NA", !text.isEmpty else {
        #expect(known == nil, "\(call) \(key)")
        continue
      }
      let (value, number) = (try #require(known, "\(call) \(key)"), try #require(Double(text)))
      let scale = max(abs(number), largest[call] ?? 0)
      #expect(abs(value - number) <= 1e-9 * scale, "\(call) \(key): \(value), not \(number)")
    }
    #expect(compared == count, "every number was compared")
  }

  private func columns(
    _ rows: [[String: String]], _ names: [String]
  ) -> [String: [Double?]] {
    Dictionary(
      uniqueKeysWithValues: names.map { name in
        (name, rows.map { Double($0[name] ?? "") })
      })
  }

  /// The lines of a small CSV file without quoted commas.
  private func records(_ url: URL) throws -> [[String: String]] {
    let text = try String(contentsOf: url, encoding: .utf8)
    let lines = text.split(whereSeparator: \.isNewline).map { line -> [String] in
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      return fields.map { String($0.filter { $0 != "\"" }) }
    }
    let header = try #require(lines.first)
    return lines.dropFirst().map {
      Dictionary(zip(header, $0), uniquingKeysWith: { first, _ in first })
    }
  }
}
