public import CanvassPublishing
import CanvassScoring
import CanvassSurvey

/// A run that lies in its folder, and what the command line says of it.
public struct RunOutcome: Sendable {
  /// The rows that passed the gate.
  public let released: ReleasedRows
  /// What a reader must know, one sentence each, in English.
  public let notes: [String]
  /// The folder of the run.
  public let published: PublishedRun
  /// The report.
  public var reportPath: String { published.path + "/release/report.html" }

  private let headline: String
  private let language: ReleaseLanguage

  init(computation: Computation, published: PublishedRun) {
    released = computation.released
    notes = (computation.warnings + computation.notes).map(\.en)
    self.published = published
    headline = computation.plan.headline
    language = computation.plan.languages.first.flatMap(ReleaseLanguage.init(rawValue:)) ?? .en
  }

  /// The table of units for a terminal.
  public func table(width: Int, colour: Bool) -> String {
    ConsoleTable.render(
      released, node: headline, language: language, width: width, color: colour)
  }

  /// The run as one JSON object: where it lies, and the scores of its units.
  public var summary: JSONValue {
    let rows = released.scores.filter { $0.node == headline && $0.domain.isEmpty }
    return [
      "run": .text(published.path), "id": .text(published.id),
      "manifest_sha256": .text(published.manifestDigest), "report": .text(reportPath),
      "ledger_head": .text(published.ledgerHead.description),
      "index": .text(headline), "notes": .list(notes.map { .text($0) }),
      "scores": .list(rows.map(score)),
    ]
  }

  private func score(_ row: ScoreRow) -> JSONValue {
    func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
    return [
      "unit": .text(row.unit), "unit_name": .text(row.unitName[language]),
      "score": number(row.score),
      "se": number(row.standardError), "df": number(row.degreesOfFreedom),
      "ci_low": number(row.interval?.lowerBound), "ci_high": number(row.interval?.upperBound),
      "rank": row.rank.map { .integer($0) } ?? .null,
      "rank_low": row.rankInterval.map { .integer($0.lowerBound) } ?? .null,
      "rank_high": row.rankInterval.map { .integer($0.upperBound) } ?? .null,
      "rank_sim_low": row.simultaneousRankInterval.map { .integer($0.lowerBound) } ?? .null,
      "rank_sim_high": row.simultaneousRankInterval.map { .integer($0.upperBound) } ?? .null,
      "group": row.group.map { .text($0) } ?? .null,
      "n": row.respondents.map { .integer($0) } ?? .null, "status": .text(row.status.rawValue),
    ]
  }
}
