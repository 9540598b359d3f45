public import CanvassSurvey

/// A question of a simulated round: its answers, who is asked, and what share answers what.
public struct SimulatedItem: Sendable, Hashable {
  /// What kind of answer it takes.
  public enum Kind: String, Sendable, CaseIterable, Hashable {
    /// 1 = yes, 0 = no.
    case binary
    /// A whole number from `low` to `high`: `low` plus a binomial count.
    case scale
    /// An amount in multiples of `step`: Weibull of shape 2 about the mean, kept within the ends.
    case amount
  }

  /// The column's name.
  public var variable: String
  /// The kind of answer.
  public var kind: Kind
  /// The smallest answer.
  public var low: Double
  /// The largest answer.
  public var high: Double
  /// Amounts are multiples of it.
  public var step: Double
  /// The variable that decides who is asked; nil: everybody.
  public var gate: String?
  /// The answer to the gate without which the item is skipped.
  public var gateAnswer: Int
  /// Probability that somebody who is asked does not know.
  public var dontKnow: Double
  /// Probability that somebody who is asked refuses.
  public var refused: Double
  /// What the question asks.
  public var title: LocalizedText
  /// Mean among those who answer, by the code of the province.
  public var targets: [String: Double]

  /// A question.
  public init(
    variable: String, kind: Kind, low: Double = 0, high: Double = 1, step: Double = 1,
    gate: String? = nil, gateAnswer: Int = 1, dontKnow: Double = 0, refused: Double = 0,
    title: LocalizedText, targets: [String: Double]
  ) {
    self.variable = variable
    self.kind = kind
    self.low = low
    self.high = high
    self.step = step
    self.gate = gate
    self.gateAnswer = gateAnswer
    self.dontKnow = dontKnow
    self.refused = refused
    self.title = title
    self.targets = targets
  }

  /// The code in the data of a cell without a value: 77, 88, 99, with three digits for amounts.
  public func code(of reason: MissingReason) -> String? {
    let wide = kind == .amount
    return switch reason {
    case .skipped: wide ? "777" : "77"
    case .dontKnow: wide ? "888" : "88"
    case .refused: wide ? "999" : "99"
    default: nil
    }
  }

  func check(
    provinces: [SimulationSpec.Province], earlier: [String: Kind]
  ) throws(Diagnostic) {
    if let gate, earlier[gate] != .binary || gateAnswer < 0 || gateAnswer > 1 {
      throw SimulationSpec.wrong(
        variable,
        "is gated by '\(gate)', which must be a binary question before it, answered 0 or 1")
    }
    guard low < high, step > 0, dontKnow >= 0, refused >= 0, dontKnow + refused < 1 else {
      throw SimulationSpec.wrong(variable, "has ends, a step or rates that are impossible")
    }
    if kind == .binary, low != 0 || high != 1 {
      throw SimulationSpec.wrong(variable, "is binary, so its ends are 0 and 1")
    }
    if kind == .scale, low != low.rounded() || high != high.rounded() || low < 0 || high > 50 {
      throw SimulationSpec.wrong(variable, "is a scale, so its ends are whole numbers up to 50")
    }
    for province in provinces {
      guard let target = targets[province.code] else {
        throw SimulationSpec.wrong(variable, "has no target in province \(province.code)")
      }
      guard target > low, target < high else {
        throw SimulationSpec.wrong(
          variable, "has a target in province \(province.code) that is not between its ends")
      }
    }
  }
}
