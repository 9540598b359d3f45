/// What the pipeline file asks of the gate (`publish:`).
public struct GateRules: Sendable, Hashable {
  /// A cell that rests on fewer respondents is blanked as unreliable; its count stays.
  public var minimumRespondents: Int

  /// Ranks and groups compare scores rounded to so many decimals, half away from zero; nil: unrounded.
  public var rankDecimals: Int?

  /// Rules; without a word from the pipeline file fewer than 10 respondents are too few.
  public init(minimumRespondents: Int = 10, rankDecimals: Int? = nil) {
    self.minimumRespondents = minimumRespondents
    self.rankDecimals = rankDecimals
  }

  /// The score as ranks and groups compare it.
  func compared(_ score: Double?) -> Double? {
    guard let score, let rankDecimals else { return score }
    let power = (0..<rankDecimals).reduce(1.0) { product, _ in product * 10 }
    return (score * power).rounded() / power
  }

  /// Whether a cell that rests on `respondents` may show its number; nil (nobody was asked: published
  /// or administrative figures) always may.
  ///
  /// Numbers over units (means, medians) must leave out the units for which this is false.
  public func publishes(respondents: Int?) -> Bool {
    respondents.map { $0 >= minimumRespondents } ?? true
  }
}
