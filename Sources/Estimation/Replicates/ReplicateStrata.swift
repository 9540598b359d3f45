import CanvassSurvey

/// The strata of the first stage as replicates see them.
///
/// Replicates treat everything below a PSU as one with it: of several stages with corrections only the
/// first enters, as in R survey's `as.svrepdesign`.
struct ReplicateStrata: Sendable {
  /// A stratum that varies: at least two PSUs, not taken whole.
  struct Stratum: Sendable {
    /// Its number in the design, which names its random numbers.
    let number: Int
    let psus: Range<Int>
    /// The sampling fraction f, 0 with replacement.
    let fraction: Double
    let name: String
    /// 1 − f.
    var rest: Double { 1 - fraction }
  }

  /// The strata that vary, in order.
  let varying: [Stratum]
  let psuCount: Int
  /// Number of strata of the first stage, lone and whole ones included.
  let stratumCount: Int

  init() {
    varying = []
    psuCount = 0
    stratumCount = 0
  }

  /// The strata of a design; PSUs of strata that do not vary keep the multiplier 1.
  ///
  /// - Throws: `badData` for lone units under `fail`, `badPipeline` for policies and designs that
  ///   replicates cannot follow.
  init(_ design: SampleDesign) throws(Diagnostic) {
    if design.unequal != nil {
      throw Diagnostic(
        .badPipeline, "replicates cannot follow unequal probabilities without replacement",
        why: "their variance rests on the probabilities of pairs",
        remedy: "remove 'unequal' from the stage, which then counts as drawn with replacement")
    }
    let stage = design.stages[0]
    var varying: [Stratum] = []
    var lone: [String] = []
    for stratum in 0..<stage.stratumCount {
      let psus = stage.units(of: stratum)
      // A fraction this near to 1 is 1 up to rounding.
      guard 1 - stage.fractions[stratum] >= 1e-7 else { continue }
      if psus.count == 1 {
        lone.append(stage.stratumNames[stratum])
      } else {
        varying.append(
          Stratum(
            number: stratum, psus: psus, fraction: stage.fractions[stratum],
            name: stage.stratumNames[stratum]))
      }
    }
    if !lone.isEmpty, ![.remove, .certainty].contains(design.lonely) {
      let names = lone.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
      throw Diagnostic(
        .badData,
        "\(lone.count) \(lone.count == 1 ? "stratum has" : "strata have") a single sampling unit: "
          + names + (lone.count > 5 ? " and \(lone.count - 5) more" : ""),
        why: design.lonely == .fail
          ? "the variance within a stratum needs at least two units"
          : "replicates have no counterpart of the policy '\(design.lonely.rawValue)'",
        remedy: "merge such strata with similar ones in the data, or use 'lonely_psu: remove' or "
          + "'certainty', under which they add nothing to the variance")
    }
    guard !varying.isEmpty else {
      throw Diagnostic(
        .badData, "no stratum has two sampling units to make replicates of",
        remedy: "look at the stages of the design")
    }
    self.varying = varying
    psuCount = stage.unitCount
    stratumCount = stage.stratumCount
  }

  /// The bootstrap that suits: see ``ReplicateMethod/bootstrap``.
  var bootstrap: ReplicateMethod {
    if varying.contains(where: { $0.psus.count < 5 }) { return .generalized }
    return varying.contains(where: { $0.fraction > 0 }) ? .cantyDavison : .raoWu
  }
}
