import CanvassIngestion
import CanvassPublishing
import CanvassSurvey
import Foundation

/// What the latest run read: its pipeline file as it was then, and the digests of its other files.
struct FormerInputs {
  /// The copy of the pipeline file in `record/`.
  static let pipelineName = "pipeline.yaml"
  /// SHA-256 of the program that ran.
  let executable: String
  private let digests: [String: String]
  private let values: [String: String]

  /// Nil where there is no such run, or its record does not say.
  init?(run: String) {
    guard let record = try? CheckedFile.bytes(of: run + "/record/run.json"),
      let root = try? JSONSerialization.jsonObject(with: Data(record)) as? [String: Any],
      let executable = (root["machine"] as? [String: Any])?["executable_sha256"] as? String,
      let text = try? CheckedFile.bytes(of: "\(run)/record/\(Self.pipelineName)"),
      let pipeline = try? DocumentLoader.parse(
        String(decoding: text, as: UTF8.self), file: Self.pipelineName)
    else { return nil }
    self.executable = executable
    var digests: [String: String] = [:]
    for list in ["inputs", "drops"] {
      for entry in root[list] as? [[String: Any]] ?? [] {
        if let path = entry["path"] as? String, let digest = entry["sha256"] as? String {
          digests[path] = digest
        }
      }
    }
    self.digests = digests
    values = Dictionary(
      pipeline.leaves.map { ($0.key, $0.value.text) }, uniquingKeysWith: { first, _ in first })
  }

  /// What became of a file since, as the cause of a stage; nil where it is the same.
  func change(of path: String) -> String? {
    guard let before = digests[path] else { return "\(path), which the latest run did not read" }
    guard let now = try? Ingestion.digest(ofDrop: path) else {
      return "\(path), which cannot be read"
    }
    return now == before ? nil : "\(path), which was changed"
  }

  /// The keys whose values are new, other or gone, each at its line now.
  func changedLines(in path: String) -> [(key: String, place: String)] {
    guard let now = try? DocumentLoader.load(path) else { return [] }
    let leaves = now.leaves
    let present = Set(leaves.map(\.key))
    let gone = values.keys.filter { !present.contains($0) }.sorted(by: Column.precedes)
    return leaves.filter { values[$0.key] != $0.value.text }.map { ($0.key, $0.value.place) }
      + gone.map { ($0, "\(path), where a line is gone") }
  }
}

extension Located {
  /// The single values below, by their path: `clean.checks[2].require`.
  var leaves: [(key: String, value: Located)] {
    if isSingle { return [("", self)] }
    if isList {
      return items.enumerated().flatMap { index, item in
        item.leaves.map {
          ("[\(index)]" + ($0.key.isEmpty || $0.key.hasPrefix("[") ? "" : ".") + $0.key, $0.value)
        }
      }
    }
    return entries.flatMap { name, value in
      value.leaves.map { leaf in
        let rest = leaf.key
        return (name.text + (rest.isEmpty || rest.hasPrefix("[") ? "" : ".") + rest, leaf.value)
      }
    }
  }
}
