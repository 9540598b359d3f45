import CanvassEstimation
import RealModule

/// A normalization whose ends, moments or order have been found over the published units.
///
/// What was found are estimates: the ends carry the influence of the units that set them, mean and standard
/// deviation that of all units.
struct FittedNormalization: Sendable {
  /// The map from a treated value to its scale.
  enum Map: Sendable {
    case none
    /// A straight line between two fixed ends.
    case line(Line, isClamped: Bool)
    /// Share of the way from `worst` to `best`, on the index scale.
    case between(worst: ScoreCell, best: ScoreCell, isClamped: Bool)
    case standard(mean: ScoreCell, deviation: ScoreCell, isReversed: Bool)
    /// The place among sorted values of the published units.
    case place(sorted: [Double], method: Normalization.Method, isReversed: Bool)
  }

  /// The transform as found.
  enum Transform: Sendable {
    case none
    case log
    case shiftedLog(minimum: ScoreCell, maximum: ScoreCell)
    case winsorize(Winsorization)
  }

  let floor: Double?
  let ceiling: Double?
  let transform: Transform
  let map: Map
  let scale: ClosedRange<Double>

  /// A normalized number and what had to be done to it.
  struct Outcome {
    var cell: ScoreCell
    var wasClamped = false
    var wasWinsorized = false
  }

  /// The normalized number, or nil where the transform is not defined for it.
  func normalized(_ cell: ScoreCell) -> Outcome? {
    guard var outcome = treated(cell) else { return nil }
    switch map {
    case .none: break
    case .line(let line, let isClamped):
      let x = outcome.cell
      let score = ScoreCell.smooth(
        x.estimate.scaled(slope: line.slope, intercept: line.intercept), of: [x])
      outcome.cell = score
      if isClamped, !scale.contains(score.value) {
        outcome.cell = .notSmooth(
          min(max(score.value, scale.lowerBound), scale.upperBound), .clamped, of: [x])
        outcome.wasClamped = true
      }
    case .between(let worst, let best, let isClamped):
      let share = Self.share(outcome.cell, worst: worst, best: best)
      if isClamped, !(0...1).contains(share.value) {
        let end = share.value < 0 ? scale.lowerBound : scale.upperBound
        outcome.cell = .notSmooth(end, .clamped, of: [share])
        outcome.wasClamped = true
      } else {
        outcome.cell = .smooth(
          share.estimate.scaled(
            slope: scale.upperBound - scale.lowerBound, intercept: scale.lowerBound), of: [share])
      }
    case .standard(let mean, let deviation, let isReversed):
      let distance = outcome.cell.estimate - mean.estimate
      let score = distance / deviation.estimate
      outcome.cell = .smooth(
        isReversed ? score.scaled(slope: -1) : score, of: [outcome.cell, mean, deviation])
    case .place(let sorted, let method, let isReversed):
      outcome.cell = .notSmooth(
        place(outcome.cell.value, in: sorted, method, isReversed), .rank, of: [outcome.cell])
    }
    return outcome
  }

  /// The value between floor and ceiling, transformed; nil where the transform is not defined.
  func treated(_ cell: ScoreCell) -> Outcome? {
    var outcome = Outcome(cell: cell)
    if let floor, cell.value < floor {
      outcome = Outcome(cell: .notSmooth(floor, .clamped, of: [cell]), wasClamped: true)
    } else if let ceiling, cell.value > ceiling {
      outcome = Outcome(cell: .notSmooth(ceiling, .clamped, of: [cell]), wasClamped: true)
    }
    let x = outcome.cell
    switch transform {
    case .none: break
    case .log:
      guard x.value > 0 else { return nil }
      outcome.cell = .smooth(x.estimate.log(), of: [x])
    case .shiftedLog(let minimum, let maximum):
      let range = maximum.estimate - minimum.estimate
      let shifted = x.estimate - minimum.estimate + range.scaled(slope: 0.01)
      guard shifted.value > 0 else { return nil }
      outcome.cell = .smooth(shifted.log(), of: [x, minimum, maximum])
    case .winsorize(let bounds):
      if let lower = bounds.lower, x.value < lower {
        outcome.cell = .notSmooth(lower, .winsorized, of: [x])
        outcome.wasWinsorized = true
      } else if let upper = bounds.upper, x.value > upper {
        outcome.cell = .notSmooth(upper, .winsorized, of: [x])
        outcome.wasWinsorized = true
      }
    }
    return outcome
  }

  /// s = (x − worst) / (best − worst); the number that sets an end is that end, without error.
  private static func share(_ x: ScoreCell, worst: ScoreCell, best: ScoreCell) -> ScoreCell {
    if worst.isUncertain || best.isUncertain {
      if x.value == worst.value, x.estimate == worst.estimate { return ScoreCell(.constant(0)) }
      if x.value == best.value, x.estimate == best.estimate { return ScoreCell(.constant(1)) }
    }
    let share = (x.estimate - worst.estimate) / (best.estimate - worst.estimate)
    return .smooth(share, of: [x, worst, best])
  }

  private func place(
    _ value: Double, in sorted: [Double], _ method: Normalization.Method, _ isReversed: Bool
  ) -> Double {
    let worse = isReversed ? sorted.count { $0 > value } : sorted.count { $0 < value }
    switch method {
    case .rank: return Double(worse + 1)
    case .percentileRank:
      // A number that is no unit's own may lie above all of them: it takes the best place.
      let share = Double(min(worse, sorted.count - 1)) / Double(sorted.count - 1)
      return scale.lowerBound + (scale.upperBound - scale.lowerBound) * share
    default: return Double(worse)
    }
  }
}

/// The straight line that brings `low` and `high` to the ends of a scale, exchanged where a low value is
/// good.
struct Line: Sendable {
  let slope: Double
  let intercept: Double

  init(from low: Double, to high: Double, isReversed: Bool, scale: ClosedRange<Double>) {
    let rise = (scale.upperBound - scale.lowerBound) / (high - low)
    slope = isReversed ? -rise : rise
    intercept = isReversed ? scale.lowerBound + rise * high : scale.lowerBound - rise * low
  }
}

extension Estimate {
  /// ln of a positive number.
  func log() -> Estimate {
    Estimate(value: .log(value), influence: .combination(1 / value, influence, 0, .none))
  }
}
