import ArgumentParser
import CanvassPipeline
import CanvassPublishing

/// `canvass schema`.
struct Schema: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the JSON Schema of the pipeline file, for completion in an editor.",
    discussion: """
      EXAMPLE
        canvass schema > canvass.schema.json
        # first line of a pipeline file, for editors with a YAML language server:
        # yaml-language-server: $schema=canvass.schema.json
      """)

  func run() throws {
    try StandardOutput.write(JSONSchema.pipelineFile.document)
  }
}
