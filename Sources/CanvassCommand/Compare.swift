import ArgumentParser
import CanvassPublishing

/// `canvass compare`.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare two runs byte by byte and name the first difference of each file.",
    discussion: """
      EXAMPLE
        canvass compare --bytes Runs/papi-demo/0003-ab12cd34ef56 Runs/papi-demo/latest
      """)

  @Argument(help: "The folder of a run.", completion: .directory)
  var first: String

  @Argument(help: "The folder of another run.", completion: .directory)
  var second: String

  @Flag(help: "Compare bytes.")
  var bytes = false

  @Flag(help: "Print one JSON object instead of lines.")
  var json = false

  func validate() throws {
    if !bytes { throw ValidationError("say what is to be compared: --bytes") }
  }

  func run() throws {
    let differences = try ByteComparison.differences(first, second)
    if json {
      try StandardOutput.write(
        JSONValue.object([
          "same": .boolean(differences.isEmpty),
          "differences": .list(differences.map { .text($0) }),
        ]).document)
    } else {
      for difference in differences { try StandardOutput.write(difference + "\n") }
      if differences.isEmpty {
        try StandardOutput.write("the two runs are the same byte for byte\n")
      }
    }
    if !differences.isEmpty { throw ExitCode(10) }
  }
}
