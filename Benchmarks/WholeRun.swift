import ArgumentParser
import CanvassCompute
import CanvassPipeline
import Foundation

/// The whole way, from a compressed table to intervals, on data made by a generator of PAPI's shape:
/// 63 provinces, 120 items `q001` … `q120` with 88 and 99 as missing codes, weights `basew`, strata and
/// PSUs, one-way margins of province × sex and province × age group in a long table.
struct WholeRun: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "whole-run",
    abstract: "Read, clean, rake within 63 provinces, 120 items with Taylor standard errors.")

  @Argument(help: "The table: DATA.csv.gz") var data: String
  @Argument(help: "Its margins: DATA.margins.csv") var margins: String
  @Option(help: "Runs.") var repeats = 5
  @Option(help: "Threads.") var threads = 2

  func run() throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "canvass-benchmark-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let pipeline = folder.appending(path: "bench.yaml").path
    try pipelineFile.write(toFile: pipeline, atomically: true, encoding: .utf8)
    let options = RunOptions(output: "", workers: Workers(threads))
    let timing = try Timing.measure(repeats) {
      _ = try PipelineRun.check(pipeline, data: true, options: options) { _ in }
    }
    print("whole run, \(threads) threads: \(timing.summary)")
  }

  private var pipelineFile: String {
    let items = (1...120).map { String(format: "q%03d", $0) }
    let nodes = items.map {
      "    - {node: \($0), parent: index, variable: \($0)}"
    }
    return """
      canvass: 1
      name: bench
      units: {variable: province}
      ingest:
        drops: \(URL(fileURLWithPath: data).path)
        respondents: {members: "*", key: id}
      clean:
        missing:
          - {variables: "q*", dont_know: 88, refused: 99}
      design:
        stages:
          - {strata: [stratum], unit: psu}
      weight:
        - base: basew
        - rake:
            within: province
            margins: \(URL(fileURLWithPath: margins).path)
            variable: var
            level: level
            count: total
            over: [sex, agegrp]
      index:
        structure:
          - {node: index, level: index, missing: drop}
      \(nodes.joined(separator: "\n"))

      """
  }
}
