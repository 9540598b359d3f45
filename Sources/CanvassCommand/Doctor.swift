import ArgumentParser
import CanvassCompute
import CanvassPipeline
import CanvassPublishing

/// `canvass doctor`.
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what this machine offers: libraries, versions, disk, locale, limits.",
    discussion: """
      EXAMPLE
        canvass doctor --json
      """)

  @Option(help: "The folder that would hold the runs.", completion: .directory)
  var output = "Runs"

  @OptionGroup var common: CommonOptions

  func run() throws {
    let findings = MachineReport.findings(output: output, threads: common.workers.count)
    if common.json {
      try StandardOutput.write(MachineReport.json(findings).document)
    } else {
      let width = findings.map(\.name.count).max() ?? 0
      for finding in findings {
        let name = finding.name.padding(to: width)
        try StandardOutput.write(
          "\(finding.isFine ? "ok  " : "BAD ") \(name)  \(finding.value)\n")
      }
    }
    if findings.contains(where: { !$0.isFine }) { throw ExitCode(10) }
  }
}

extension String {
  /// The text with blanks up to `width` characters.
  fileprivate func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
