/// The JSON Schema of the pipeline file, made from the shape that checks it.
public enum JSONSchema {
  /// The schema as JSON text (draft 2020-12), for completion in an editor.
  public static var pipelineFile: String {
    var lines = render(PipelineShape.root, about: "A Canvass pipeline file")
    lines.insert(("$schema", "\"https://json-schema.org/draft/2020-12/schema\""), at: 0)
    return object(lines, indent: 0) + "\n"
  }

  private typealias Members = [(name: String, json: String)]

  private static func render(_ shape: Shape, about: String?, depth: Int = 0) -> Members {
    var members: Members = []
    if let about { members.append(("description", quote(about))) }
    switch shape {
    case .text: members.append(("type", "[\"string\", \"number\", \"boolean\"]"))
    case .number: members.append(("type", "\"number\""))
    case .integer(let range):
      members.append(("type", "\"integer\""))
      members.append(("minimum", "\(range.lowerBound)"))
      members.append(("maximum", "\(range.upperBound)"))
    case .date:
      members.append(("type", "\"string\""))
      members.append(("format", "\"date\""))
    case .choice(let words):
      let values = words.map { Int($0) == nil ? quote($0) : $0 }
      members.append(("enum", "[\(values.joined(separator: ", "))]"))
    case .list(let item, let orOne):
      let list: Members = [
        ("type", "\"array\""), ("items", object(render(item, about: nil), indent: depth + 1)),
      ]
      if orOne {
        members.append(
          (
            "anyOf",
            "[\(object(list, indent: depth + 1)), \(object(render(item, about: nil), indent: depth + 1))]"
          ))
      } else {
        members += list
      }
    case .map(let item):
      members.append(("type", "\"object\""))
      members.append(
        ("additionalProperties", object(render(item, about: nil, depth: depth + 1), indent: depth + 1)))
    case .either(let shapes):
      let options = shapes.map { object(render($0, about: nil, depth: depth + 1), indent: depth + 1) }
      members.append(("anyOf", "[\(options.joined(separator: ", "))]"))
    case .object(let fields):
      members.append(("type", "\"object\""))
      let required = fields.filter(\.required).map { quote($0.name) }
      if !required.isEmpty { members.append(("required", "[\(required.joined(separator: ", "))]")) }
      let properties: Members = fields.map { field in
        (
          field.name,
          object(render(field.shape, about: field.about, depth: depth + 2), indent: depth + 2)
        )
      }
      members.append(("properties", object(properties, indent: depth + 1)))
      members.append(("additionalProperties", "false"))
    }
    return members
  }

  private static func object(_ members: Members, indent: Int) -> String {
    if members.isEmpty { return "{}" }
    let margin = String(repeating: "  ", count: indent + 1)
    let lines = members.map { "\(margin)\(quote($0.name)): \($0.json)" }
    return "{\n\(lines.joined(separator: ",\n"))\n\(String(repeating: "  ", count: indent))}"
  }

  private static func quote(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
