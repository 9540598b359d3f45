import ArgumentParser
import CanvassPipeline
import CanvassPublishing

/// `canvass init`.
struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a first pipeline file, codebook and structure table for a drop.",
    discussion: """
      EXAMPLES
        canvass init my-survey.sav
        canvass init wave-3.zip --name trust-2026 --output Pipelines
        canvass init kobo-export.xlsx --form questionnaire.xlsx

      Facts are copied from the drop; every judgement stays as a ? that 'canvass check' lists.
      Nothing is overwritten.
      """)

  @Argument(help: "The archive, file or folder.", completion: .file())
  var drop: String

  @Option(help: "The name of the pipeline; the drop's if absent.")
  var name: String?

  @Option(
    help: "The questionnaire: an XLSForm, DDI-Codebook (.xml) or codebook table.",
    completion: .file())
  var form: String?

  @Option(help: "The folder to write into.", completion: .directory)
  var output = "."

  @OptionGroup var common: CommonOptions

  func run() throws {
    let draft = try FirstDraft.make(
      drop: drop, name: name, output: output, form: form, workers: common.workers)
    let paths = try draft.write(to: output, drop: drop)
    if common.json {
      try StandardOutput.write(
        JSONValue.object(["written": .list(paths.map { .text($0) })]).document)
    } else {
      let lines =
        paths.map { "wrote \($0)" } + [
          "next: canvass check \(output == "." ? "" : output + "/")\(draft.pipelineName)"
        ]
      try StandardOutput.write(lines.joined(separator: "\n") + "\n")
    }
  }
}
