import ArgumentParser
import CanvassPublishing

/// `canvass verify`.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check every file of a run, and the ledger of all runs.",
    discussion: """
      EXAMPLES
        canvass verify Runs/papi-demo/latest
        canvass verify Runs/papi-demo/latest --head 12:9f86d081…     nothing before it was rewritten
      """)

  @Argument(
    help: ArgumentHelp("The folder of a run.", valueName: "run"), completion: .directory)
  var folder: String

  @Option(help: "A ledger head that was noted earlier, as 'canvass run' printed it.")
  var head: String?

  @Flag(help: "Print one JSON object instead of lines.")
  var json = false

  func validate() throws {
    if let head, LedgerHead(head) == nil {
      throw ValidationError(
        "--head must be what 'canvass run' printed: number:64 hexadecimal digits")
    }
  }

  func run() throws {
    let verification = try RunVerification.verify(folder, head: head.flatMap(LedgerHead.init))
    if json {
      try StandardOutput.write(verification.json.document)
    } else {
      for finding in verification.findings { try StandardOutput.write("\(finding)\n") }
      try StandardOutput.write(verification.conclusion + "\n")
    }
    if !verification.findings.isEmpty { throw ExitCode(10) }
  }
}
