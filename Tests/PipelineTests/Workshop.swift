import CanvassCompute
import CanvassPipeline
import CanvassSurvey
import Foundation
import Testing

/// A temporary folder with a small survey and a pipeline file, for tests that change one thing.
final class Workshop {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "canvass-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try write("drop.csv", Workshop.drop)
    try write("places.csv", Workshop.places)
    try write("margins.csv", Workshop.margins)
    try write("pipeline.yaml", Workshop.pipeline)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func write(_ name: String, _ text: String) throws {
    try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
  }

  func path(_ name: String) -> String { folder.appending(path: name).path }

  /// Runs `pipeline.yaml`, after replacing `old` by `new` in it.
  @discardableResult
  func run(
    replacing old: String = "", with new: String = "", threads: Int = 2, drops: [String] = []
  ) throws -> RunOutcome {
    try edit(old, new)
    return try PipelineRun.run(
      path("pipeline.yaml"),
      options: RunOptions(drops: drops, output: path("Runs"), workers: Workers(threads)),
      progress: { _ in })
  }

  /// Checks `pipeline.yaml` without data, after replacing `old` by `new` in it.
  func check(replacing old: String = "", with new: String = "") throws -> CheckSummary {
    try edit(old, new)
    return try PipelineRun.check(
      path("pipeline.yaml"), data: false, options: RunOptions(output: path("Runs")),
      progress: { _ in })
  }

  private func edit(_ old: String, _ new: String) throws {
    guard !old.isEmpty else { return }
    try write("pipeline.yaml", Workshop.edited(Workshop.pipeline, [(old, new)]))
  }

  /// A pipeline file with `edits` of what is there.
  static func edited(_ pipeline: String, _ edits: [(String, String)]) throws -> String {
    try edits.reduce(pipeline) { text, edit in
      try #require(text.contains(edit.0), "the test edits what is there")
      return text.replacing(edit.0, with: edit.1)
    }
  }

  /// A file of the release of the latest run.
  func released(_ name: String) throws -> String {
    try String(
      contentsOf: folder.appending(path: "Runs/small/latest/release/\(name)"), encoding: .utf8)
  }

  static let places = """
    vintage,code,name_vi,name_en,region,aliases
    2004,01,Hà Nội,Ha Noi,North,Hanoi|TP Hà Nội
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

  static let drop = drop(seed: 11)

  /// Three provinces, two strata of three villages each, unequal weights, a village effect.
  static func drop(seed: UInt64) -> String {
    var random = RandomStream(seed: seed)
    var lines = ["id,province,stratum,village,weight,sex,age,trust,bribe"]
    var id = 0
    for (province, name) in ["Hanoi", "Đà Nẵng", "79"].enumerated() {
      for stratum in 1...2 {
        for village in 1...3 {
          let effect = random.uniform() * 2
          for _ in 0..<5 {
            id += 1
            let sex = id % 2 == 0 ? "F" : "M"
            let trust = min(4, Int(random.uniform() * 3 + effect))
            let answer = random.below(10) == 0 ? "88" : String(trust)
            lines.append(
              "r\(id),\(name),\(stratum),\(province)\(stratum)\(village),"
                + "\(1 + random.below(40)),\(sex),\(17 + random.below(50)),\(answer),"
                + "\(random.below(3) == 0 ? 1 : 0)")
          }
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  static let pipeline = """
    canvass: 1
    name: small
    title: {en: Small, vi: Nhỏ}
    released: 2026-12-01
    units: {variable: province, places: places.csv, vintage: 2004}
    ingest:
      drops: drop.csv
      respondents: {members: "*", key: id}
      text: [province]
    clean:
      missing:
        - {variables: trust, dont_know: 88}
      checks:
        - id: adult
          require: age >= 18
          otherwise: drop
      derive:
        young: {condition: age < 35}
    design:
      stages:
        - {strata: [province, stratum], unit: village}
    weight:
      - base: weight
      - rake: {within: province, margins: margins.csv, count: population, over: [sex]}
    estimate:
      breakdowns: [sex]
    index:
      structure:
        - {node: index, combine: weighted}
        - {node: trust, parent: index, weight: 2, variable: trust, low: 0, high: 4}
        - {node: honest, parent: index, weight: 1, variable: bribe, statistic: share, good: 0, low: 0, high: 1}
    publish:
      minimum_respondents: 10

    """
}
