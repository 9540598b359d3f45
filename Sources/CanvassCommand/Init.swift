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
        canvass init iData.csv --form iMeta.csv
        canvass init wave-4.zip --like Pipelines/trust-2026.yaml --name trust-2027

      Facts are copied from the drop; every judgement stays as a ? that 'canvass check' lists.
      Nothing is overwritten.
      """)

  @Argument(help: "The archive, file or folder.", completion: .file())
  var drop: String

  @Option(help: "The name of the pipeline; the drop's if absent.")
  var name: String?

  @Option(
    help: "The questionnaire: an XLSForm, DDI-Codebook (.xml), codebook table, or COINr's iMeta.",
    completion: .file())
  var form: String?

  @Option(
    help: "The pipeline file of the round before: it is drafted again for this drop, beside it.",
    completion: .file())
  var like: String?

  @Option(help: "The folder to write into; this one if absent.", completion: .directory)
  var output: String?

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if like != nil, output != nil {
      throw ValidationError("--like writes beside the old file: leave --output out")
    }
  }

  func run() throws {
    let folder: String
    let draft: FirstDraft
    if let like {
      folder = FirstDraft.folder(of: like)
      draft = try FirstDraft.make(
        drop: drop, name: name, like: like, form: form, workers: common.workers)
    } else {
      folder = output ?? "."
      draft = try FirstDraft.make(
        drop: drop, name: name, output: folder, form: form, workers: common.workers)
    }
    let paths = try draft.write(to: folder, drop: drop)
    if common.json {
      try StandardOutput.write(
        JSONValue.object([
          "written": .list(paths.map { .text($0) }),
          "notes": .list(draft.notes.map { .text($0) }),
        ]).document)
    } else {
      let lines =
        paths.map { "wrote \($0)" } + draft.notes + [
          "next: canvass check \(folder == "." ? "" : folder + "/")\(draft.pipelineName)"
        ]
      try StandardOutput.write(lines.joined(separator: "\n") + "\n")
    }
  }
}
