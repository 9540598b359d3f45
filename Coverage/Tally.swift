import CanvassPipeline
import CanvassSimulation

/// The samples of one design, sorted into the cells of the tables.
struct Tally: Sendable {
  /// Where a number belongs.
  enum Area: String, Sendable, CaseIterable {
    case country
    case region
    case province
  }

  /// How far a share lies from the middle; other statistics have none.
  enum ShareBand: String, Sendable, CaseIterable {
    case middle = "0.3–0.7"
    case side = "0.1–0.3, 0.7–0.9"
    case end = "under 0.1, over 0.9"
    case none = ""

    init(_ share: Double) {
      let distance = min(share, 1 - share)
      self = distance < 0.1 ? .end : distance < 0.3 ? .side : .middle
    }
  }

  /// The design's degrees of freedom, the mean over samples.
  enum DegreesBand: String, Sendable, CaseIterable {
    case one = "1"
    case two = "2"
    case few = "3–4"
    case some = "5–19"
    case many = "20+"

    init(_ mean: Double) {
      self =
        mean < 1.5 ? .one : mean < 2.5 ? .two : mean < 4.5 ? .few : mean < 19.5 ? .some : .many
    }
  }

  /// One statistic in one domain.
  struct Number: Sendable {
    let cell: Int
    let area: Area
    let kind: Statistic.Kind
    let share: ShareBand
    let degrees: DegreesBand
    let truth: Double
    /// The variance of the estimate over samples.
    let variance: Double
  }

  /// What a group of numbers says about one method.
  struct Result: Sendable {
    /// Intervals, and numbers that have them.
    var intervals = 0
    /// The share that covers, and its Monte Carlo error.
    var coverage = 0.0
    var error = 0.0
    /// The mean half-width, on the statistic's own scale.
    var halfWidth = 0.0
    /// The mean half-width over 1.96 standard deviations of the estimate, mean over numbers.
    var relativeWidth = 0.0
    /// √ of the mean over numbers of mean estimated variance over true variance.
    var errorRatio = 0.0
  }

  let numbers: [Number]
  let outcomes: [SampleOutcome]

  /// Numbers that vary and that at least half of the samples publish.
  init(sampler: Sampler, truth: [Double], outcomes: [SampleOutcome]) {
    self.outcomes = outcomes
    let provinces = sampler.provinces.count
    let domains = sampler.domainCount
    numbers = truth.indices.compactMap { cell in
      guard truth[cell].isFinite else { return nil }
      var count = 0.0
      var sum = 0.0
      var squares = 0.0
      var degrees = 0.0
      for outcome in outcomes where outcome.estimates[cell].isFinite {
        let deviation = outcome.estimates[cell] - truth[cell]
        count += 1
        sum += deviation
        squares += deviation * deviation
        degrees += Double(outcome.designDegrees[cell])
      }
      let variance = (squares - sum * sum / count) / (count - 1)
      guard 2 * Int(count) >= max(4, outcomes.count), variance > 0 else { return nil }
      let statistic = sampler.statistics[cell / domains]
      let domain = cell % domains
      return Number(
        cell: cell,
        area: domain < provinces ? .province : domain < domains - 1 ? .region : .country,
        kind: statistic.kind, share: statistic.kind == .share ? ShareBand(truth[cell]) : .none,
        degrees: DegreesBand(degrees / count), truth: truth[cell], variance: variance)
    }
  }

  /// What one method says about the numbers that `belongs` picks; nil where it has no interval.
  ///
  /// Samples are independent, intervals of one sample are not: with h of n intervals covering in sample s
  /// the error of p = Σh/Σn is √(S/(S − 1) Σ(h − p n)²) / Σn.
  func result(_ method: Method, where belongs: (Number) -> Bool) -> Result? {
    let chosen = numbers.filter(belongs)
    var result = Result()
    var hits = [Double](repeating: 0, count: outcomes.count)
    var totals = [Double](repeating: 0, count: outcomes.count)
    var numbersWithIntervals = 0.0
    for number in chosen {
      var intervals = 0.0
      var variances = 0.0
      var widths = 0.0
      for (index, outcome) in outcomes.enumerated() {
        let slot = method.rawValue * outcome.estimates.count + number.cell
        let half = Double(outcome.halfWidths[slot])
        guard half.isFinite else { continue }
        let error = Double(outcome.errors[slot])
        intervals += 1
        variances += error * error
        widths += half
        totals[index] += 1
        if abs(outcome.estimates[number.cell] - number.truth) <= half { hits[index] += 1 }
      }
      guard intervals > 0 else { continue }
      numbersWithIntervals += 1
      result.intervals += Int(intervals)
      result.halfWidth += widths
      result.relativeWidth += widths / intervals / (1.959964 * number.variance.squareRoot())
      result.errorRatio += variances / intervals / number.variance
    }
    guard result.intervals > 0 else { return nil }
    let total = Double(result.intervals)
    result.coverage = hits.reduce(0, +) / total
    result.halfWidth /= total
    result.relativeWidth /= numbersWithIntervals
    result.errorRatio = (result.errorRatio / numbersWithIntervals).squareRoot()
    let samples = Double(outcomes.count)
    var squares = 0.0
    for (hit, count) in zip(hits, totals) {
      let residual = hit - result.coverage * count
      squares += residual * residual
    }
    result.error = (samples / (samples - 1) * squares).squareRoot() / total
    return result
  }
}
