import CanvassSurvey

/// How far the weighted sample is from one target, before and after a step: a line of a love plot.
public struct CovariateBalance: Sendable, Hashable {
  /// The value of the grouping variable; nil: over all groups together.
  public let group: String?
  /// The level (`sex=2`), or the variable of a total.
  public let name: String
  /// The target: a share of people, or a mean per person.
  public let target: Double
  /// The same of the weights that enter the step.
  public let before: Double
  /// The same of the weights that leave it.
  public let after: Double
  /// √(p (1 − p)) of a target share; the weighted standard deviation of a variable before the step.
  public let standardDeviation: Double

  /// |before − target| / standard deviation; nil where that is 0.
  public var differenceBefore: Double? { difference(before) }
  /// |after − target| / standard deviation; nil where that is 0.
  public var differenceAfter: Double? { difference(after) }

  private func difference(_ value: Double) -> Double? {
    standardDeviation > 0 ? abs(value - target) / standardDeviation : nil
  }
}

/// Adds up what a table of balance needs, over rows and groups.
struct BalanceSums {
  private struct Sums {
    var target = 0.0
    var people = 0.0
    var before = 0.0
    var weightBefore = 0.0
    var squares = 0.0
    var after = 0.0
    var weightAfter = 0.0

    static func + (a: Sums, b: Sums) -> Sums {
      Sums(
        target: a.target + b.target, people: a.people + b.people, before: a.before + b.before,
        weightBefore: a.weightBefore + b.weightBefore, squares: a.squares + b.squares,
        after: a.after + b.after, weightAfter: a.weightAfter + b.weightAfter)
    }
  }

  private let groups: CalibrationGroups
  private let before: [Double]
  private let after: [Double]
  private var names: [String] = []
  private var overall: [String: Sums] = [:]
  private var lines: [CovariateBalance] = []

  /// Sums over rows with the weights before and after a step.
  init(_ groups: CalibrationGroups, before: [Double], after: [Double]) {
    self.groups = groups
    self.before = before
    self.after = after
  }

  /// Adds the levels of a group's margin.
  mutating func add(_ margin: MarginTable, group: Int) {
    var sums = [Sums](repeating: Sums(), count: margin.levels.count)
    var whole = Sums()
    for (position, row) in groups.rows[group].enumerated() {
      let level = Int(margin.levelOfRow[position])
      sums[level].before += before[row]
      sums[level].after += after[row]
      whole.weightBefore += before[row]
      whole.weightAfter += after[row]
    }
    // Shares stand for people in the proportion of the weights that leave the step.
    let scale = margin.isShare ? whole.weightAfter : 1
    for level in sums.indices {
      sums[level].target = margin.targets[level] * scale
      sums[level].people = margin.total * scale
      sums[level].weightBefore = whole.weightBefore
      sums[level].weightAfter = whole.weightAfter
      add(
        sums[level], name: Crossing.describe(margin.variables, margin.levels[level]), group,
        isShare: true)
    }
  }

  /// Adds the total of a variable, one value a row; `people` is nil where no target says how many there are.
  mutating func add(
    _ name: String, values: [Double], total: Double, people: Double?, group: Int
  ) {
    var sums = Sums()
    for row in groups.rows[group] {
      sums.before += before[row] * values[row]
      sums.squares += before[row] * values[row] * values[row]
      sums.after += after[row] * values[row]
      sums.weightBefore += before[row]
      sums.weightAfter += after[row]
    }
    sums.target = total
    sums.people = people ?? sums.weightAfter
    add(sums, name: name, group, isShare: false)
  }

  /// The lines over all groups first, then those of each group where there are several.
  var table: [CovariateBalance] {
    names.map { line($0, overall[$0] ?? Sums(), group: nil, isShare: shares.contains($0)) }
      + (groups.within == nil ? [] : lines)
  }

  private var shares: Set<String> = []

  private mutating func add(_ sums: Sums, name: String, _ group: Int, isShare: Bool) {
    if overall[name] == nil { names.append(name) }
    if isShare { shares.insert(name) }
    overall[name] = (overall[name] ?? Sums()) + sums
    lines.append(line(name, sums, group: groups.levels[group], isShare: isShare))
  }

  private func line(
    _ name: String, _ sums: Sums, group: String?, isShare: Bool
  ) -> CovariateBalance {
    let target = sums.target / sums.people
    let mean = sums.before / sums.weightBefore
    let variance = isShare ? target * (1 - target) : sums.squares / sums.weightBefore - mean * mean
    return CovariateBalance(
      group: group, name: name, target: target, before: mean,
      after: sums.after / sums.weightAfter, standardDeviation: max(0, variance).squareRoot())
  }
}
