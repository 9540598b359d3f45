import CanvassTestSupport
import Foundation
import Testing

/// A temporary folder with a small survey, its pipeline file and one finished run.
final class Desk {
  let folder: URL

  /// A desk; with `hasRun` the pipeline has been run once.
  init(hasRun: Bool = true) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "canvass-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try write("drop.tar.gz", SmallArchive.tarGzip(Desk.members(Desk.responses)))
    try write("margins.csv", Desk.margins)
    try write("places.csv", Desk.places)
    try write("pipeline.yaml", Desk.pipeline)
    if hasRun {
      let result = try run(["run", "pipeline.yaml"])
      try #require(result.code == 0, "\(result.errors)")
    }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func path(_ name: String) -> String { folder.appending(path: name).path }

  func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: folder.appending(path: name))
  }

  func remove(_ name: String) throws {
    try FileManager.default.removeItem(at: folder.appending(path: name))
  }

  /// Replaces text in the pipeline file as it is now.
  func edit(_ old: String, _ new: String) throws {
    let text = try String(contentsOf: folder.appending(path: "pipeline.yaml"), encoding: .utf8)
    try #require(text.contains(old), "the test edits what is there: \(old)")
    try write("pipeline.yaml", text.replacingOccurrences(of: old, with: new))
  }

  /// Writes the drop anew, with `change` applied to its lines of responses (the first is the header).
  func respond(_ change: (inout [String]) -> Void) throws {
    var lines = Desk.responses
    change(&lines)
    try write("drop.tar.gz", SmallArchive.tarGzip(Desk.members(lines)))
  }

  func run(
    _ arguments: [String], environment: [String: String] = [:], output: String? = nil
  ) throws -> Command.Result {
    try Command.run(arguments, in: folder, environment: environment, output: output)
  }

  /// Everything under Runs: each path with its bytes or its link; locks and what is
  /// remembered are not content.
  func listing() throws -> [String: Data] {
    var found: [String: Data] = [:]
    let manager = FileManager.default
    for case let name as String in manager.enumerator(atPath: path("Runs")) ?? .init() {
      let file = path("Runs/" + name)
      if let target = try? manager.destinationOfSymbolicLink(atPath: file) {
        found[name] = Data(target.utf8)
      } else if !name.hasSuffix(".lock"), !name.hasPrefix(".cache") {
        found[name] = manager.contents(atPath: file) ?? Data()
      }
    }
    return found
  }

  static func members(_ lines: [String]) -> [SmallArchive.Member] {
    [
      ("responses.csv", Array(lines.asLines.utf8)),
      ("frame.csv", Array((["village,wealth"] + villages.map { "\($0),1" }).asLines.utf8)),
      ("codebook.csv", Array(codebook.utf8)),
    ]
  }

  static let codebook = """
    variable,title_en,title_vi,dont_know
    trust,Trust,Lòng tin,88
    bribe,Paid a bribe,Đã đưa hối lộ,

    """

  static let villages = (0..<3).flatMap { province in
    (0..<6).map { "v\(province)\($0)" }
  }

  static let places = """
    vintage,code,name_vi,name_en,region,aliases
    2004,01,Hà Nội,Ha Noi,North,Hanoi
    2004,48,Đà Nẵng,Da Nang,Centre,
    2004,79,Hồ Chí Minh,Ho Chi Minh City,South,TP HCM

    """

  static let margins = """
    province,sex,population
    01,F,1300
    01,M,1100
    48,F,420
    48,M,400
    79,F,2100
    79,M,2000

    """

  /// Three provinces, two strata of three villages each, unequal weights.
  static let responses: [String] = {
    var lines = ["id,province,stratum,village,weight,sex,age,trust,bribe,sent"]
    var state: UInt32 = 7
    func below(_ bound: UInt32) -> UInt32 {
      state = state &* 1_664_525 &+ 1_013_904_223
      return (state >> 16) % bound
    }
    for (position, village) in villages.enumerated() {
      let province = ["Hanoi", "Đà Nẵng", "79"][position / 6]
      for person in 0..<6 {
        let trust = below(10) == 0 ? 88 : below(5)
        lines.append(
          "r\(position)-\(person),\(province),s\(position % 6 / 3),\(village),\(1 + below(40)),"
            + "\(person % 2 == 0 ? "F" : "M"),\(19 + below(50)),\(trust),\(below(2)),\(below(9))")
      }
    }
    return lines
  }()

  static let pipeline = """
    canvass: 1
    name: small
    released: 2026-12-01
    units: {variable: province, places: places.csv, vintage: 2004}
    ingest:
      drops: drop.tar.gz
      respondents: {members: responses.csv, key: id}
      text: [province]
      codebook: {member: codebook.csv}
      join:
        - {members: frame.csv, key: village}
    clean:
      checks:
        - id: adult
          require: age >= 18
          otherwise: stop
      derive:
        young: {condition: age < 35}
    design:
      stages:
        - {strata: [province, stratum], unit: village}
      lonely_psu: fail
    weight:
      - base: weight
      - rake: {within: province, margins: margins.csv, count: population, over: [sex]}
    estimate:
      breakdowns: [sex]
    index:
      structure:
        - {node: index}
        - {node: trust, parent: index, variable: trust, low: 0, high: 4}
        - {node: honest, parent: index, variable: bribe, statistic: share, good: 0, low: 0, high: 1}
    publish:
      minimum_respondents: 10

    """
}

extension [String] {
  /// A text file of these lines.
  var asLines: String { joined(separator: "\n") + "\n" }
}
