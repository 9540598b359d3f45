import Foundation
import Testing
import Yams

/// `canvass schema` against the pipeline files of the repository.
@Suite("The JSON Schema")
struct SchemaTests {
  static let pipelines = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Pipelines")

  @Test("it is JSON, and knows every key of every pipeline file here")
  func keys() throws {
    let result = try Command.run(["schema"], in: FileManager.default.temporaryDirectory)
    #expect(result.code == 0 && result.errors.isEmpty)
    let schema = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    #expect(schema["$schema"] != nil)
    let files = try FileManager.default.contentsOfDirectory(atPath: SchemaTests.pipelines.path)
      .filter { $0.hasSuffix(".yaml") }
    #expect(files.count >= 4)
    for file in files {
      let text = try String(
        contentsOf: SchemaTests.pipelines.appending(path: file), encoding: .utf8)
      let document = try #require(try Yams.compose(yaml: text))
      let unknown = SchemaTests.unknown(document, schema: schema, path: "")
      #expect(unknown.isEmpty, "\(file): \(unknown)")
    }
    let wrong = try #require(try Yams.compose(yaml: "ingest: {drop: a.zip}"))
    #expect(SchemaTests.unknown(wrong, schema: schema, path: "") == ["/ingest/drop"])
  }

  /// Keys that no branch of the schema knows.
  private static func unknown(_ node: Node, schema: [String: Any], path: String) -> [String] {
    for word in ["anyOf", "oneOf"] {
      if let branches = schema[word] as? [[String: Any]] {
        return branches.map { unknown(node, schema: $0, path: path) }.min { $0.count < $1.count }
          ?? []
      }
    }
    switch node {
    case .mapping(let mapping):
      let properties = schema["properties"] as? [String: [String: Any]]
      let others = schema["additionalProperties"] as? [String: Any]
      return mapping.flatMap { key, value -> [String] in
        let name = key.string ?? ""
        guard let next = properties?[name] ?? others else { return ["\(path)/\(name)"] }
        return unknown(value, schema: next, path: "\(path)/\(name)")
      }
    case .sequence(let sequence):
      guard let items = schema["items"] as? [String: Any] else { return ["\(path)[]"] }
      return sequence.flatMap { unknown($0, schema: items, path: path) }
    case .scalar, .alias: return []
    }
  }
}
