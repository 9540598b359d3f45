import CanvassPublishing
import CanvassSurvey
import CanvassWeighting

/// What a reader must know about the numbers, in full sentences for report, record and console.
enum Notes {
  static let publishedValues =
    "The values come from a published table: they carry no sampling error here, so there are no intervals."

  /// The notes of a survey's run.
  static func survey(
    _ request: SurveyRequest, sample: WeightedSample, released: ReleasedRows
  ) -> [String] {
    var notes: [String] = []
    if let (unit, _) = request.design.certainty {
      let below =
        request.design.stages.count > 1 ? request.design.stages[1].unit : "next-stage unit"
      notes.append(
        "Each \(unit) drawn with certainty is a stratum of its own whose \(below)s are the primary "
          + "sampling units; units drawn with certainty inside it are collapsed with the others, "
          + "which normally overstates the variance.")
    }
    if request.design.stages.isEmpty {
      notes.append(
        "No sampling design is given: each respondent counts as drawn independently, which "
          + "understates the variance of a clustered sample.")
    }
    if !sample.calibrations.isEmpty {
      notes.append(
        "Standard errors after calibration rest on residuals weighted by the weights that enter the "
          + "step (the rule of R survey's calibrate(), which differs from that of its rake()).")
    }
    if request.weighting.contains(where: { if case .nonresponse = $0 { true } else { false } }) {
      notes.append("Nonresponse factors count as fixed in the standard errors.")
    }
    let few = released.scores.filter {
      $0.isUnit && $0.domain.isEmpty && ($0.degreesOfFreedom ?? .infinity) < 4
    }
    if !few.isEmpty {
      let units = Set(few.map(\.unit)).count
      notes.append(
        "In \(units) units intervals rest on fewer than 4 degrees of freedom: they are wide, and their "
          + "coverage depends on the few sampling units behind them.")
    }
    return notes
  }
}
