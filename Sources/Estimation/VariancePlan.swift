import CanvassSurvey

/// What the strata of every stage contribute to a variance, prepared once for a design.
///
/// With several stages V = Σ_s Σ_h a_h (1 − f_h) m_h/(m_h − 1) Σ (u − ū_h)² over the strata h of stage s,
/// where u are sums over the units of that stage and a_h is the product of the sampling fractions m/M of
/// the stratum's ancestors (Särndal, Swensson & Wretman 1992, ch. 4): the recursion written out as a sum.
struct VariancePlan: Sendable {
  /// One stage of the sum.
  struct Stage: Sendable {
    let stage: SamplingStage
    /// a_h (1 − f_h) of each stratum; 0 for one that was taken whole.
    let scales: [Double]
    /// The stratum of each sampling unit of the design.
    let stratumOfSamplingUnit: [Int32]
    /// Strata with a single unit that was not the whole of them, in order.
    let lonely: [Int]
  }

  let stages: [Stage]

  init(_ design: SampleDesign) {
    var stages: [Stage] = []
    var stratumOfUnit: [Int] = []
    var ancestors: [Double] = [1]
    for (depth, stage) in design.stages.enumerated() {
      var own: [Double] = []
      var scales: [Double] = []
      var lonely: [Int] = []
      var ofUnit = [Int](repeating: 0, count: stage.unitCount)
      var ofSamplingUnit = [Int32](repeating: 0, count: design.samplingUnitCount)
      for stratum in 0..<stage.stratumCount {
        var ancestor = 1.0
        if depth > 0 {
          let above = stratumOfUnit[stage.parentOfStratum[stratum]]
          ancestor = ancestors[above] * design.stages[depth - 1].fractions[above]
        }
        own.append(ancestor)
        // A fraction this near to 1 is 1 up to rounding.
        let rest = 1 - stage.fractions[stratum]
        scales.append(rest < 1e-7 ? 0 : ancestor * rest)
        let units = stage.units(of: stratum)
        if units.count == 1, rest >= 1e-7 { lonely.append(stratum) }
        for unit in units {
          ofUnit[unit] = stratum
          for sampling in stage.samplingUnits(of: unit) {
            ofSamplingUnit[sampling] = Int32(stratum)
          }
        }
      }
      ancestors = own
      stratumOfUnit = ofUnit
      stages.append(
        Stage(
          stage: stage, scales: scales, stratumOfSamplingUnit: ofSamplingUnit, lonely: lonely))
    }
    self.stages = stages
  }

  /// Whether an influence is not 0, and every stratum of every stage that it reaches was taken whole.
  func isTakenWhole(_ influence: Influence) -> Bool {
    let reached = influence.values.indices.filter { influence.values[$0] != 0 }
    return !reached.isEmpty
      && stages.allSatisfy { stage in
        reached.allSatisfy {
          stage.scales[Int(stage.stratumOfSamplingUnit[influence.firstUnit + $0])] == 0
        }
      }
  }

  /// Whether any stratum of any stage has a lone unit.
  var hasLonely: Bool { stages.contains { !$0.lonely.isEmpty } }
}
