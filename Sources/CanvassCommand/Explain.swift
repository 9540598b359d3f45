import ArgumentParser
import CanvassPipeline
import CanvassPublishing

/// `canvass explain`.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "From a unit's score down to its parts, items, counts and weights; and what it takes to go up.",
    discussion: """
      EXAMPLES
        canvass explain Runs/papi-demo/latest "Hà Nội"
        canvass explain Runs/papi-demo/latest 48 D4 --json

      The unit is a code or a name, with or without its marks. Everything is read from release/.
      """)

  @Argument(
    help: ArgumentHelp("The folder of a run.", valueName: "run"), completion: .directory)
  var folder: String

  @Argument(help: "The unit, by code or name.")
  var unit: String

  @Argument(help: "The node; the first index if absent.")
  var node: String?

  @Flag(help: "Print one JSON object instead of a table.")
  var json = false

  func run() throws {
    let explanation = try RunExplanation(folder, unit: unit, node: node)
    if json {
      try StandardOutput.write(explanation.json.document)
    } else {
      try StandardOutput.write(explanation.text)
    }
  }
}
