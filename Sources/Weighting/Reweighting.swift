import CanvassSurvey

/// The weights of one replicate, and the groups in which a step had no solution.
public struct Reweighting: Sendable {
  /// A group without solution.
  public struct Unsolved: Sendable, Hashable {
    /// The step, as an index into `WeightedSample.steps`.
    public let step: Int
    /// The number of the group (nonresponse: of the cell) within the step; for a calibration, as in its
    /// `CalibrationStep.groupOfRow`.
    public let group: Int
    /// What the group is called: `province=12`, or `the sample`.
    public let name: String

    /// A group of a step.
    public init(step: Int, group: Int, name: String) {
      self.step = step
      self.group = group
      self.name = name
    }
  }

  /// The final weight of each row.
  public let weights: [Double]
  /// Groups that kept the weights which entered, scaled to the group's total, by step and group.
  public let unsolved: [Unsolved]
}

extension WeightedSample {
  /// Weights the sample again, as if sampling unit a counted `multipliers[a]` times.
  ///
  /// The base weight of each row is multiplied by its sampling unit's multiplier, and every later step is
  /// carried out again on what comes out; levels, crossings and targets were found when the sample was
  /// weighted. A group in which a step has no solution (an emptied cell, no convergence) keeps the
  /// weights that enter, scaled to the group's total, and is named in the result. With all multipliers
  /// 1 the weights are those of the sample, bit for bit. A sample that was not made by `Weighting.weight`
  /// has no steps: its weights are multiplied.
  ///
  /// - Parameter multipliers: one number that is finite and not negative for each sampling unit of the
  ///   design (`design.samplingUnitCount`).
  public func reweighted(by multipliers: [Double]) -> Reweighting {
    precondition(
      multipliers.count == design.samplingUnitCount, "one multiplier for each sampling unit")
    var weights = replay?.base ?? self.weights
    for unit in multipliers.indices {
      for row in design.rowStarts[unit]..<design.rowStarts[unit + 1] {
        weights[row] *= multipliers[unit]
      }
    }
    var unsolved: [Reweighting.Unsolved] = []
    for (index, step) in (replay?.steps ?? []).enumerated() {
      for (group, name) in step.repeatStep(on: &weights) {
        unsolved.append(Reweighting.Unsolved(step: index + 1, group: group, name: name))
      }
    }
    return Reweighting(weights: weights, unsolved: unsolved)
  }
}

/// The base weights and the prepared steps after them.
struct Replay: Sendable {
  let base: [Double]
  let steps: [any PreparedStep]
}
