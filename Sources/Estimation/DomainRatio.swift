import CanvassSurvey

/// The sums of one domain over its rows, and the ratio they give.
///
/// The ratio is kept as a rough value and a small correction, so that values far from zero (y + 10⁹)
/// leave the deviations y − R x as exact as the values themselves.
struct DomainRatio {
  /// Σ w y, Σ w x and Σ w.
  var numerator = 0.0
  var denominator = 0.0
  var weightTotal = 0.0
  /// Σ w y / Σ w x as far as one pass gives it, and what it left.
  var rough = 0.0
  var correction = 0.0
  private var tally = SupportTally()
  var support: Support { tally.support }

  /// Whether somebody answered and the denominator is not 0.
  var isDefined: Bool { support.respondents > 0 && denominator != 0 }
  /// The ratio.
  var value: Double { rough + correction }

  /// y − R x.
  func deviation(_ y: Double, _ x: Double) -> Double { (y - rough * x) - correction * x }

  /// The ratios of all domains of a partition: one pass over the atoms for the ratio, one for what rounding left.
  static func all(_ sums: AtomSums, in plan: PartitionPlan) -> [DomainRatio] {
    var ratios = [DomainRatio](repeating: DomainRatio(), count: plan.partition.domainCount)
    for atom in 0..<sums.atomCount {
      let domain = Int(plan.domainOfAtom[atom])
      let respondents = sums.respondents(atom)
      if domain < 0 || respondents == 0 { continue }
      ratios[domain].numerator += sums.numerator(atom)
      ratios[domain].denominator += sums.denominator(atom)
      ratios[domain].weightTotal += sums.weight(atom)
      ratios[domain].tally.add(
        respondents, psu: plan.atoms.psuOfAtom[atom], stratum: plan.atoms.stratumOfAtom[atom])
    }
    for domain in ratios.indices where ratios[domain].isDefined {
      ratios[domain].rough = ratios[domain].numerator / ratios[domain].denominator
    }
    for atom in 0..<sums.atomCount {
      let domain = Int(plan.domainOfAtom[atom])
      if domain < 0 { continue }
      ratios[domain].correction += sums.deviation(atom, ratios[domain].rough, 0)
    }
    for domain in ratios.indices where ratios[domain].isDefined {
      ratios[domain].correction /= ratios[domain].denominator
    }
    return ratios
  }
}
