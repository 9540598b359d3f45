import ArgumentParser
import CanvassPipeline
import CanvassPublishing

/// `canvass fieldwork`.
struct Fieldwork: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The evening page of a survey director: outcomes, quotas, interviewers, drops.",
    discussion: """
      EXAMPLES
        canvass fieldwork my.yaml
        canvass fieldwork my.yaml --drop monday.zip --drop tuesday.zip --language vi
        canvass fieldwork my.yaml --json | jq .interviewers
      """)

  @Argument(help: "The pipeline file.", completion: .file(extensions: ["yaml", "yml"]))
  var pipeline: String

  @Option(
    help: "Read this archive instead of the file's drops; may be repeated, later ones win by key.",
    completion: .file())
  var drop: [String] = []

  @Option(help: "The language of the page: en or vi.")
  var language = "en"

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if ReleaseLanguage(rawValue: language) == nil {
      throw ValidationError("--language must be en or vi")
    }
  }

  func run() throws {
    let progress = ProgressLine(quiet: common.json)
    let page = try FieldworkRun.run(
      pipeline, drops: drop, workers: common.workers, progress: progress.show)
    if common.json {
      try StandardOutput.write(page.json.document)
    } else {
      try StandardOutput.write(page.text(ReleaseLanguage(rawValue: language) ?? .en))
    }
  }
}
