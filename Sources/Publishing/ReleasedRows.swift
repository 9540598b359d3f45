public import CanvassSurvey

/// The rows that passed the gate: the only thing that files, report and console accept.
///
/// Nobody but ``Gate`` can make one, so that no number reaches a reader around it.
public struct ReleasedRows: Sendable, Hashable {
  /// Lines of `scores.csv`, in the order of the file.
  public let scores: [ScoreRow]
  /// Lines of `indicators.csv`, in the order of the file.
  public let indicators: [IndicatorRow]
  /// The rules that held.
  public let rules: GateRules
  /// What the gate did.
  public let tally: GateTally
  /// What sampling error leaves of the ranks; nil where nobody asked or no unit has a standard error.
  public let ranks: ReleasedRanks?

  init(
    scores: [ScoreRow], indicators: [IndicatorRow], rules: GateRules, tally: GateTally,
    ranks: ReleasedRanks? = nil
  ) {
    self.scores = scores
    self.indicators = indicators
    self.rules = rules
    self.tally = tally
    self.ranks = ranks
  }
}

/// How many cells left the gate with each status, for the report.
public struct GateTally: Sendable, Hashable {
  /// Lines of `scores.csv` by status.
  public private(set) var scores: [CellStatus: Int] = [:]
  /// Lines of `indicators.csv` by status.
  public private(set) var indicators: [CellStatus: Int] = [:]

  /// Cells that are confidential by themselves: for the record, never for the release, where it would
  /// tell them from those that protect them.
  public let primaryCells: Int
  /// Cells withheld to protect those.
  public let complementaryCells: Int
  /// Relations between cells that were looked at.
  public let relations: Int

  init(scores: [ScoreRow], indicators: [IndicatorRow], plan: DisclosurePlan) {
    primaryCells = plan.primary.count
    complementaryCells = plan.complementary.count
    relations = plan.relationCount
    for row in scores { self.scores[row.status, default: 0] += 1 }
    for row in indicators { self.indicators[row.status, default: 0] += 1 }
  }
}

/// A language of the release.
public enum ReleaseLanguage: String, Sendable, CaseIterable, Hashable {
  /// English.
  case en
  /// Vietnamese.
  case vi
}

extension LocalizedText {
  /// The text in one language.
  public subscript(language: ReleaseLanguage) -> String {
    language == .en ? en : vi
  }
}
