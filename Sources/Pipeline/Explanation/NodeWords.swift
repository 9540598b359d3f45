import CanvassScoring
import CanvassSurvey

extension NodeDefinition {
  /// What the node is, in words: what a leaf counts or how parts become it, and how it is brought to a scale.
  ///
  /// - Parameter labels: names of the node's variables, which are no part of a definition.
  func words(labels: [String: String]) -> String {
    let made = properties["statistic"] == nil ? composition : statistic(labels)
    return (made + treatments + normalization).joined(separator: ", ")
  }

  private func statistic(_ labels: [String: String]) -> [String] {
    if let constant = properties["constant"] {
      return ["counts as \(constant) whatever the data say"]
    }
    var words = properties["statistic"] ?? ""
    if let probability = properties["probability"] { words += " \(probability)" }
    if let good = properties["good"] { words += " of \(good)" }
    words += " of \(labels["variable"] ?? "")"
    if let denominator = labels["denominator"] { words += " to \(denominator)" }
    let missing = PipelineShape.codedReasons.compactMap { reason in
      properties[reason.name].map {
        "\(reason.name.split(separator: "_").joined(separator: " ")) counts as \($0)"
      }
    }
    let imputed: String? =
      switch properties["impute"].flatMap(Imputation.init(rawValue:)) {
      case nil: nil
      case .mean: "a missing value is the mean of the units"
      case .median: "a missing value is the median of the units"
      case .group: "a missing value is the mean of the unit's region"
      case .lastRound: "a missing value is that of the last round"
      }
    // The ends of a line stand beside what they are the ends of.
    let ends = line.map { " \($0)" } ?? ""
    return [words + ends] + missing + [imputed].compactMap(\.self)
  }

  private var composition: [String] {
    var words: [String] = []
    switch properties["combine"].flatMap(Combination.init(rawValue:)) {
    case .weighted: words.append("weighted mean")
    case .geometric: words.append("geometric mean")
    case .harmonic: words.append("harmonic mean")
    case .power: words.append("power mean with exponent \(properties["exponent"] ?? "")")
    case .copeland: words.append("Copeland score")
    case .mean, .sum, .median, nil: words.append(properties["combine"] ?? "")
    }
    if properties["average_first"] == AverageFirst.respondents.rawValue {
      words[0] += " of each respondent first"
    } else if let rule = properties["missing"].flatMap(MissingPart.init(rawValue:)) {
      if rule == .drop { words.append("a missing part drops out") }
      if rule == .keep { words.append("a missing part counts 0") }
    }
    switch properties["weights"].flatMap(WeightRule.init(rawValue:)) {
    case .principalComponent: words.append("weights from the first principal component")
    case .regression: words.append("weights from the regression of \(properties["outcome"] ?? "")")
    case .given, .equal, nil: break
    }
    if let divisor = properties["divisor"] { words.append("divided by \(divisor)") }
    if let multiplier = properties["multiplier"] { words.append("times \(multiplier)") }
    if let line { words.append(line) }
    return words
  }

  private var treatments: [String] {
    var words: [String] = []
    if let floor = properties["floor"] { words.append("at least \(floor)") }
    if let ceiling = properties["ceiling"] { words.append("at most \(ceiling)") }
    switch properties["transform"].flatMap(ValueTransform.init(rawValue:)) {
    case .log: words.append("as a logarithm")
    case .shiftedLog: words.append("as a logarithm of the distance from the lowest unit")
    case .winsorize: words.append("outliers winsorized")
    case nil: break
    }
    return words
  }

  /// The ends of a min–max scale.
  private var line: String? {
    guard let low = properties["low"], let high = properties["high"] else { return nil }
    return "from \(low == "observed" ? "the lowest unit" : low) to "
      + (high == "observed" ? "the highest unit" : high)
  }

  private var normalization: [String] {
    var words: [String] = []
    switch properties["normalize"].flatMap(Normalization.Method.init(rawValue:)) {
    case .zScore: words.append("z-score over the units")
    case .populationZScore: words.append("z-score over the units, divisor n")
    case .rank: words.append("rank among the units")
    case .percentileRank: words.append("percentile rank among the units")
    case .borda: words.append("how many units are worse")
    case .distanceToMaximum: words.append("distance to the best unit")
    case .distanceToReference:
      words.append("distance to unit \(properties["reference"] ?? "")")
    case .distanceToTarget: words.append("distance to the target \(properties["target"] ?? "")")
    case .fractionOfMaximum: words.append("share of the highest unit")
    case .minMax, .some(.none), nil: break
    }
    if properties["direction"] == "down" { words.append("low is good") }
    if properties["clamp"] == "yes" { words.append("clamped to the scale") }
    return words
  }
}
