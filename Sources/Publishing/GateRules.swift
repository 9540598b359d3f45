/// What the pipeline file asks of the gate (`publish:`).
public struct GateRules: Sendable, Hashable {
  /// A cell that rests on fewer respondents is blanked as unreliable; its count stays.
  public var minimumRespondents: Int

  /// Rules; without a word from the pipeline file fewer than 10 respondents are too few.
  public init(minimumRespondents: Int = 10) {
    self.minimumRespondents = minimumRespondents
  }

  /// Whether a cell that rests on `respondents` may show its number; nil (nobody was asked: published
  /// or administrative figures) always may.
  ///
  /// Numbers over units (means, medians) must leave out the units for which this is false.
  public func publishes(respondents: Int?) -> Bool {
    respondents.map { $0 >= minimumRespondents } ?? true
  }
}
