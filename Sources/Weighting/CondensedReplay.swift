import CanvassSurvey

/// The weighting of a sample, ready to be carried out again and again for multipliers of its PSUs.
///
/// Rows of one PSU that every step multiplies alike are one class, and a class's weights enter the steps as
/// their sum: weighting a replicate costs classes, not rows. Where a step may give every row its own factor
/// (continuous auxiliary variables, trimming), every row is a class.
public struct CondensedReplay: Sendable {
  /// The class of each row, −1 for a row without base weight.
  public let classOfRow: [Int32]
  /// Number of classes.
  public let classCount: Int
  private let psuOfClass: [Int32]
  /// Σ base weights of each class, and its sum at the end of the weighting, 0 for nonrespondents.
  private let base: [Double]
  private let final: [Double]
  private let steps: [any PreparedStep]

  /// Condenses the weighting of a sample.
  public init(_ sample: WeightedSample) {
    let base = sample.replay?.base ?? sample.weights
    let steps = sample.replay?.steps ?? []
    let cells = steps.map(\.cellOfRow)
    let isByRow = cells.contains { $0 == nil }
    var classOfRow = [Int32](repeating: -1, count: base.count)
    var representatives: [Int] = []
    var psuOfClass: [Int32] = []
    var sums: [Double] = []
    for psu in 0..<sample.design.psuCount {
      var known: [[Int32]: Int32] = [:]
      for row in sample.design.rows(of: psu) where isByRow || base[row] != 0 {
        let key = isByRow ? [Int32(row)] : cells.map { $0?[row] ?? -1 }
        if let number = known[key] {
          classOfRow[row] = number
          sums[Int(number)] += base[row]
        } else {
          classOfRow[row] = Int32(representatives.count)
          known[key] = Int32(representatives.count)
          representatives.append(row)
          psuOfClass.append(Int32(psu))
          sums.append(base[row])
        }
      }
    }
    self.classOfRow = classOfRow
    classCount = representatives.count
    self.psuOfClass = psuOfClass
    self.base = sums
    self.steps = isByRow ? steps : steps.map { $0.condensed(to: representatives) }
    var weights = sums
    for step in self.steps { _ = step.repeatStep(on: &weights) }
    final = weights
  }

  /// What each class's final weights are multiplied by in a replicate, and the groups without solution.
  ///
  /// - Parameter multipliers: one number that is finite and not negative for each PSU of the design.
  public func factors(
    for multipliers: [Double]
  ) -> (factors: [Double], unsolved: [Reweighting.Unsolved]) {
    var weights = base
    for index in weights.indices { weights[index] *= multipliers[Int(psuOfClass[index])] }
    var unsolved: [Reweighting.Unsolved] = []
    for (index, step) in steps.enumerated() {
      for (group, name) in step.repeatStep(on: &weights) {
        unsolved.append(Reweighting.Unsolved(step: index + 1, group: group, name: name))
      }
    }
    for index in weights.indices {
      weights[index] = final[index] != 0 ? weights[index] / final[index] : 0
    }
    return (weights, unsolved)
  }
}

extension WeightedSample {
  /// The group of each row within a step, by the numbers of ``Reweighting/Unsolved``; −1 outside.
  public func groups(ofStep step: Int) -> [Int32] {
    guard let steps = replay?.steps, step >= 1, step <= steps.count else { return [] }
    return steps[step - 1].groupOfRow
  }
}
