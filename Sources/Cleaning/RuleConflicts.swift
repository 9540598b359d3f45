public import CanvassSurvey

extension [Check] {
  /// Looks for checks that no data can satisfy, as far as that can be decided without rows.
  ///
  /// - Throws: `badPipeline`, its place `check ID`, for a check that can never apply, never hold or never
  ///   fail, and for two checks of which every row that both look at must fail one.
  public func demandConsistent() throws(Diagnostic) {
    var applying: [Satisfiability] = []
    for check in self {
      let applies = check.when.map(Satisfiability.holding) ?? .everything
      applying.append(applies)
      func fault(_ what: String, _ remedy: String) -> Diagnostic {
        Diagnostic(
          .badPipeline, "check '\(check.id)' \(what)", at: "check \(check.id)",
          why: "it requires: \(check.require.text)"
            + (check.when.map { ", when \($0.text)" } ?? ""),
          remedy: remedy)
      }
      if applies.isImpossible {
        throw fault("can never apply", "correct 'when': no row can fulfil it")
      }
      if applies.and(.holding(check.require)).isImpossible {
        throw fault("can never hold", "correct 'require': no row that it looks at can fulfil it")
      }
      if applies.and(.failing(check.require)).isImpossible {
        throw fault("can never fail", "correct 'require', or remove the check")
      }
    }
    for (second, later) in enumerated() {
      for (first, earlier) in prefix(second).enumerated() {
        let both = applying[first].and(applying[second])
        let one = both.and(.holding(earlier.require))
        let other = both.and(.holding(later.require))
        // Where one alone cannot hold, its rows are gone or changed before the other looks.
        if both.isImpossible || one.isImpossible || other.isImpossible { continue }
        guard one.and(.holding(later.require)).isImpossible else { continue }
        throw Diagnostic(
          .badPipeline, "check '\(later.id)' contradicts check '\(earlier.id)'",
          at: "check \(later.id)",
          why: "'\(earlier.id)' requires: \(earlier.require.text); '\(later.id)' requires: "
            + "\(later.require.text); no row that both look at can pass both",
          remedy: "say with 'when' which rows each is for, or correct one of them")
      }
    }
  }
}
