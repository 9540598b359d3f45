public import CanvassPublishing

/// The JSON Schema of the pipeline file, made from the shape that checks it.
public enum JSONSchema {
  /// The schema (draft 2020-12), for completion in an editor.
  public static var pipelineFile: JSONValue {
    guard case .object(var members) = value(PipelineShape.root, about: "A Canvass pipeline file.")
    else { return .null }
    members["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return .object(members)
  }

  private static func value(_ shape: Shape, about: String? = nil) -> JSONValue {
    var members: [String: JSONValue] = [:]
    switch shape {
    case .text: members["type"] = ["string", "number", "boolean"]
    case .number: members["type"] = "number"
    case .integer(let range):
      members["type"] = "integer"
      members["minimum"] = .integer(range.lowerBound)
      members["maximum"] = .integer(range.upperBound)
    case .date:
      members["type"] = "string"
      members["format"] = "date"
    case .choice(let words):
      members["enum"] = .list(words.map { word in Int(word).map(JSONValue.integer) ?? .text(word) })
    case .list(let item, let orOne):
      let list: JSONValue = ["type": "array", "items": value(item)]
      if orOne { members["anyOf"] = [list, value(item)] } else { return described(list, about) }
    case .map(let item):
      members["type"] = "object"
      members["additionalProperties"] = value(item)
    case .either(let shapes):
      members["anyOf"] = .list(shapes.map { value($0) })
    case .object(let fields):
      members["type"] = "object"
      members["additionalProperties"] = false
      members["required"] = .list(fields.filter(\.required).map { .text($0.name) })
      members["properties"] = .object(
        Dictionary(
          fields.map { ($0.name, value($0.shape, about: $0.about)) },
          uniquingKeysWith: { first, _ in first }))
    }
    return described(.object(members), about)
  }

  private static func described(_ value: JSONValue, _ about: String?) -> JSONValue {
    guard let about, case .object(var members) = value else { return value }
    members["description"] = .text(about)
    return .object(members)
  }
}
