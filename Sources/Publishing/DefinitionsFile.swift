public import CanvassScoring
import CanvassSurvey

/// `definitions.csv`: what every node means, property by property, and what it is called.
///
/// A line without a node speaks of the whole index. Later rounds compare all properties but the labels.
public enum DefinitionsFile {
  /// The file's name.
  public static let name = "definitions.csv"
  /// Its columns.
  public static let header = "node,property,value"
  /// Properties that are names, and no part of what a node means.
  public static let labels: Set<String> = [
    "level", "title_en", "title_vi", "variable", "denominator", "source", "scored",
  ]

  /// The file's bytes, in the order of the tree.
  public static func bytes(
    _ tree: IndexTree, _ definitions: RoundDefinitions, grouping: Grouping
  ) -> [UInt8] {
    var file = CommaSeparated(header: header)
    func add(_ node: String, _ property: String, _ value: String?) {
      guard let value, !value.isEmpty else { return }
      file.add(node)
      file.add(property)
      file.add(value)
      file.endLine()
    }
    add("", "year", definitions.year.map { String($0) })
    add("", "vintage", definitions.vintage)
    add("", "groups", grouping.names.joined(separator: "|"))
    if case .cuts(let cuts, _) = grouping {
      add("", "group_cuts", cuts.map(Column.render).joined(separator: "|"))
    }
    for node in tree.nodes {
      add(node.id, "level", node.level)
      add(node.id, "title_en", node.title.en)
      add(node.id, "title_vi", node.title.vi)
      if !node.scored { add(node.id, "scored", "no") }
      if let leaf = node.leaf {
        add(node.id, "variable", leaf.variable)
        add(node.id, "denominator", leaf.denominator)
        add(node.id, "source", leaf.source.rawValue)
      }
      guard let definition = definitions.nodes[node.id] else { continue }
      for (property, value) in definition.properties.sorted(by: { Column.precedes($0.key, $1.key) })
      {
        add(node.id, property, value)
      }
      add(node.id, "same_as", definition.sameAs)
      add(node.id, "break_since", definition.breakSince.map { String($0) })
      add(node.id, "break_reason", definition.breakReason)
    }
    return file.bytes
  }
}
