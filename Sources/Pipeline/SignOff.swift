import CanvassCleaning
import CanvassSurvey

/// What must have happened to findings and decisions before anything is published.
struct SignOff {
  /// The most findings that may be open, or nil.
  var openFindings: Int?
  /// Whether somebody else must have approved each decision.
  var isApprovedByOther = false
  /// Where the decisions stand that nobody else approved.
  var unapproved: [String] = []

  /// Throws `checkFailed` where something is left to do.
  func demand(_ report: CleaningReport, _ rows: RowsRead) throws(Diagnostic) {
    if isApprovedByOther, let first = unapproved.first {
      throw Diagnostic(
        .checkFailed,
        "\(unapproved.count) \(unapproved.count == 1 ? "decision is" : "decisions are") not approved "
          + "by somebody else", at: first,
        why: "'publish.require.approved_by_other' asks for it",
        remedy: "fill 'approved_by' with a name that differs from 'who'")
    }
    guard let openFindings else { return }
    let open = report.findings.filter(\.state.isOpen)
    guard open.count > openFindings else { return }
    var counts: [String: Int] = [:]
    for finding in open { counts[finding.rule, default: 0] += 1 }
    let most = counts.sorted {
      $0.value != $1.value ? $0.value > $1.value : Column.precedes($0.key, $1.key)
    }
    throw Diagnostic(
      .checkFailed,
      "\(open.count) \(open.count == 1 ? "finding is" : "findings are") open, and \(openFindings) may be",
      why: most.prefix(5).map { "\($0.value) of '\($0.key)'" }.joined(separator: ", ")
        + (most.count > 5 ? ", and others" : ""),
      remedy:
        "list them with 'canvass check --data --findings FILE', and answer them in 'clean.decisions'"
    )
  }
}
