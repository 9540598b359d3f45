import CanvassCompute
import RealModule

/// How the confidence interval of a share is made.
///
/// With p the share, v its design variance, t the quantile of Student's t with the design's degrees of
/// freedom and n* = p(1 − p)/v the effective number of respondents.
public enum ShareIntervalMethod: String, Sendable, CaseIterable, Hashable {
  /// p ± t √v, which can leave 0…1 and is too short near the ends.
  case mean
  /// Symmetric on the scale log(p/(1 − p)), whose variance is v/(p(1 − p))².
  case logit
  /// The same interval by the chain rule instead of a logistic model (R survey's name).
  case xlogit
  /// Symmetric on the scale arcsin √p, whose variance is v/(4p(1 − p)); bounds beyond the scale are 0 or 1.
  case asin
  /// Beta quantiles with n* times (t_{n−1}/t)² respondents (Korn & Graubard 1998, Survey Methodology 24).
  case beta
  /// The scores that differ from p by at most t of their own standard errors, with n* respondents (Wilson 1927).
  case wilson
  /// The shares whose likelihood with n − 1 respondents, divided by the design effect v n/(p(1 − p)), stays
  /// within t²/2 of the largest (Rao & Scott 1984).
  case likelihood
}

/// What an interval of a share is made from.
public struct ShareInterval: Sendable, Hashable {
  /// The share, in 0…1.
  public var share: Double
  /// Its design variance.
  public var variance: Double
  /// Degrees of freedom of Student's t; infinite gives the normal distribution.
  public var degreesOfFreedom: Double
  /// Respondents in the domain.
  public var respondents: Int

  /// The parts of an interval.
  public init(share: Double, variance: Double, degreesOfFreedom: Double, respondents: Int) {
    self.share = share
    self.variance = variance
    self.degreesOfFreedom = degreesOfFreedom
    self.respondents = respondents
  }

  /// The interval that covers with probability `confidence`; nil where there is no honest one: no degrees of
  /// freedom, or a variance that is 0 or not finite (shares of exactly 0 or 1: see ``exact(designEffect:confidence:)``).
  ///
  /// - Parameter critical: Student's critical value for these degrees of freedom, where it is known already.
  public func bounds(
    _ method: ShareIntervalMethod, confidence: Double, critical: Double? = nil
  ) -> (low: Double, high: Double)? {
    guard let student = StudentT(degreesOfFreedom: degreesOfFreedom), variance > 0,
      variance.isFinite, confidence > 0, confidence < 1
    else { return nil }
    let t = critical ?? student.criticalValue(confidence: confidence)
    let spread = share * (1 - share)
    if method == .mean {
      let half = t * variance.squareRoot()
      return (share - half, share + half)
    }
    guard spread > 0 else { return nil }
    let effective = spread / variance
    switch method {
    case .mean: return nil
    case .logit, .xlogit:
      let center = Double.log(share / (1 - share))
      let half = t * variance.squareRoot() / spread
      func back(_ logit: Double) -> Double { 1 / (1 + Double.exp(-logit)) }
      return (back(center - half), back(center + half))
    case .asin:
      let center = Double.asin(share.squareRoot())
      let half = t * (variance / (4 * spread)).squareRoot()
      func back(_ angle: Double) -> Double {
        let sine = Double.sin(min(max(angle, 0), Double.pi / 2))
        return sine * sine
      }
      return (back(center - half), back(center + half))
    case .beta:
      guard respondents > 1, let plain = StudentT(degreesOfFreedom: Double(respondents - 1))
      else { return nil }
      let ratio = plain.criticalValue(confidence: confidence) / t
      return ShareInterval.clopperPearson(
        share, count: effective * ratio * ratio, confidence: confidence)
    case .wilson:
      let scale = t * t / effective
      let center = (share + scale / 2) / (1 + scale)
      let half = (scale * spread + scale * scale / 4).squareRoot() / (1 + scale)
      return (center - half, center + half)
    case .likelihood:
      guard respondents > 1 else { return nil }
      let designEffect = variance * Double(respondents) / spread
      let limit = t * t * designEffect / (2 * Double(respondents - 1))
      return (divergent(limit, towards: 0), divergent(limit, towards: 1))
    }
  }

  /// The interval of a share of exactly 0 or 1 (Clopper & Pearson 1934) with n / designEffect respondents.
  ///
  /// `designEffect` is pooled over other domains: this one shows no variation to find its own. Nil for other
  /// shares, without respondents, and for a design effect that is not above 0.
  public func exact(designEffect: Double, confidence: Double) -> (low: Double, high: Double)? {
    guard share == 0 || share == 1, respondents > 0, designEffect > 0, confidence > 0,
      confidence < 1
    else { return nil }
    return ShareInterval.clopperPearson(
      share, count: Double(respondents) / designEffect, confidence: confidence)
  }

  /// Beta quantiles around `share` of a count that need not be whole.
  private static func clopperPearson(
    _ share: Double, count: Double, confidence: Double
  ) -> (low: Double, high: Double)? {
    let yes = count * share
    let no = count * (1 - share)
    let tail = (1 - confidence) / 2
    let low = yes > 0 ? BetaDistribution(yes, no + 1)?.quantile(tail) : 0
    let high = no > 0 ? BetaDistribution(yes + 1, no)?.quantile(1 - tail) : 1
    guard let low, let high else { return nil }
    return (low, high)
  }

  /// The share on the side of `end` whose Kullback–Leibler divergence from this share is `limit`.
  private func divergent(_ limit: Double, towards end: Double) -> Double {
    var near = share
    var far = end
    while true {
      let middle = near + (far - near) / 2
      if middle == near || middle == far { return near }
      let divergence =
        share * Double.log(share / middle) + (1 - share) * Double.log((1 - share) / (1 - middle))
      if divergence <= limit { near = middle } else { far = middle }
    }
  }
}
