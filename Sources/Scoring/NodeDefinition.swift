import CanvassEstimation
import CanvassSurvey

/// What a node measures, property by property: what two rounds must share to be compared.
///
/// Names, titles and columns of the data are no part of it: a question may move from `q12` to `d101` and stay
/// the same. A part is a property `part ID` whose value is its weight.
public struct NodeDefinition: Sendable, Hashable {
  /// What the prefix of a property that names a part is.
  public static let partPrefix = "part "

  /// The property that says who is asked.
  public static let asked = "asked"
  /// The property of a node whose scale or weights the units of its own round make.
  public static let yardstick = "yardstick"

  /// The properties by name.
  public var properties: [String: String]
  /// The node of former rounds that this one is declared to be, whatever the properties say.
  public var sameAs: String?
  /// The first year since which the node is declared to be another.
  public var breakSince: Int?
  /// Why, in the words of whoever declared it.
  public var breakReason: String?

  /// A definition.
  public init(
    properties: [String: String] = [:], sameAs: String? = nil, breakSince: Int? = nil,
    breakReason: String? = nil
  ) {
    self.properties = properties
    self.sameAs = sameAs
    self.breakSince = breakSince
    self.breakReason = breakReason
  }

  /// The identifiers of the node's parts, sorted.
  public var parts: [String] {
    properties.keys.compactMap { name in
      name.hasPrefix(Self.partPrefix) ? String(name.dropFirst(Self.partPrefix.count)) : nil
    }.sorted(by: Column.precedes)
  }

  /// The definition with the parts called otherwise.
  func renamingParts(_ name: (String) -> String) -> [String: String] {
    var result: [String: String] = [:]
    for (property, value) in properties {
      guard property.hasPrefix(Self.partPrefix) else {
        result[property] = value
        continue
      }
      result[Self.partPrefix + name(String(property.dropFirst(Self.partPrefix.count)))] = value
    }
    return result
  }
}

extension IndexTree {
  /// The definition of every node by its identifier.
  ///
  /// - Parameter asked: who is asked a variable, where the codebook says it.
  public func definitions(asked: [String: String] = [:]) -> [String: NodeDefinition] {
    Dictionary(
      uniqueKeysWithValues: nodes.indices.map { node in
        (
          nodes[node].id,
          NodeDefinition(
            properties: properties(of: node, asked: asked), sameAs: nodes[node].history.sameAs,
            breakSince: nodes[node].history.breakSince,
            breakReason: nodes[node].history.breakReason)
        )
      })
  }

  private func properties(of index: Int, asked: [String: String]) -> [String: String] {
    let node = nodes[index]
    var properties: [String: String] = [:]
    if let leaf = node.leaf { Self.describe(leaf, asked: asked, in: &properties) }
    if let normalization = node.normalization {
      Self.describe(normalization, in: &properties)
      properties["scale"] = Self.range(scale)
    }
    if node.multiplier != 1 { properties["multiplier"] = Column.render(node.multiplier) }
    guard node.leaf == nil else { return properties }
    properties["combine"] = node.combine.rawValue
    properties["average_first"] = node.averageFirst.rawValue
    properties["missing"] = node.missing.rawValue
    properties["exponent"] = node.exponent.map(Column.render)
    properties["divisor"] = node.divisor.map(Column.render)
    properties["outcome"] = node.outcome
    switch node.weights {
    case .given: break
    case .equal: properties["weights"] = node.weights.rawValue
    case .principalComponent, .regression:
      properties["weights"] = node.weights.rawValue
      properties[NodeDefinition.yardstick] = "units"
    }
    if node.combine == .copeland { properties[NodeDefinition.yardstick] = "units" }
    for part in parts[index] {
      properties[NodeDefinition.partPrefix + nodes[part.node].id] =
        node.weights == .given && node.combine.takesWeights ? Column.render(part.weight) : "1"
    }
    return properties
  }

  private static func describe(
    _ leaf: IndexLeaf, asked: [String: String], in properties: inout [String: String]
  ) {
    properties["statistic"] = leaf.statistic.rawValue
    if leaf.isQuantile, leaf.source == .respondents {
      if leaf.statistic == .quantile {
        properties["probability"] = Column.render(leaf.quantile.probability)
      }
      if leaf.quantile.rule != .school {
        properties["quantile_rule"] = leaf.quantile.rule.rawValue
      }
    }
    properties["good"] = leaf.good?.joined(separator: "|")
    properties["definition"] = leaf.definition?.en
    properties["impute"] = leaf.imputation?.rawValue
    properties["constant"] = leaf.constant.map(Column.render)
    properties[NodeDefinition.asked] = asked[leaf.variable]
    for (reason, value) in leaf.missing { properties[reason.name] = Column.render(value) }
  }

  private static func describe(
    _ normalization: Normalization, in properties: inout [String: String]
  ) {
    func end(_ end: ScaleEnd?) -> String? {
      switch end {
      case .fixed(let number): Column.render(number)
      case .observed: "observed"
      case nil: nil
      }
    }
    properties["normalize"] = normalization.method.rawValue
    properties["low"] = end(normalization.low)
    properties["high"] = end(normalization.high)
    properties["direction"] = normalization.isReversed ? "down" : "up"
    if normalization.isClamped { properties["clamp"] = "yes" }
    properties["floor"] = normalization.floor.map(Column.render)
    properties["ceiling"] = normalization.ceiling.map(Column.render)
    properties["transform"] = normalization.transform?.rawValue
    properties["reference"] = normalization.reference
    properties["target"] = normalization.target.map(Column.render)
    if normalization.needsUnits { properties[NodeDefinition.yardstick] = "units" }
  }

  private static func range(_ ends: ClosedRange<Double>) -> String {
    "\(Column.render(ends.lowerBound)) to \(Column.render(ends.upperBound))"
  }
}
