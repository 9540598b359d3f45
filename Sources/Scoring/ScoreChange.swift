/// What one primary sampling unit contributed to a score in one round: its linearization.
public struct SamplingUnitContribution: Sendable, Hashable {
  /// The stratum, numbered alike in all rounds.
  public let stratum: Int
  /// The primary sampling unit, numbered alike in all rounds.
  public let unit: Int
  /// The sum of the linearized values of its respondents.
  public let value: Double

  /// A contribution.
  public init(stratum: Int, unit: Int, value: Double) {
    self.stratum = stratum
    self.unit = unit
    self.value = value
  }
}

/// A score of one round with its sampling error.
public struct RoundScore: Sendable, Hashable {
  /// The score.
  public let value: Double
  /// Its standard error; nil where it has none.
  public let standardError: Double?
  /// Degrees of freedom of the standard error; infinite where none are known.
  public let degreesOfFreedom: Double
  /// The contributions of the primary sampling units in the order of their numbers; empty where they are
  /// not known, or not to be matched.
  public let contributions: [SamplingUnitContribution]

  /// A score.
  public init(
    value: Double, standardError: Double?, degreesOfFreedom: Double,
    contributions: [SamplingUnitContribution] = []
  ) {
    self.value = value
    self.standardError = standardError
    self.degreesOfFreedom = degreesOfFreedom
    self.contributions = contributions
  }
}

/// The change of a score between two rounds.
///
/// V(Δ) = V₁ + V₂ − 2 C, where V₁ and V₂ are the squares of the rounds' own standard errors and
/// C = Σ_h m_c/(m_c − 1) Σ (u₁ − ū₁)(u₂ − ū₂) over the m_c primary sampling units of stratum h that both
/// rounds share; a stratum that shares fewer than two adds nothing. Where a round's standard error is not the
/// with-replacement one of its contributions (a pooled variance, a finite population), C keeps its
/// correlation and takes that error instead. Degrees of freedom are Welch's,
/// (V₁ + V₂)² / (V₁²/ν₁ + V₂²/ν₂).
public struct ScoreChange: Sendable, Hashable {
  /// The score now less the score then.
  public let value: Double
  /// Its standard error; nil where a round has none or no degrees of freedom for it, and where shared units
  /// leave no variance.
  public let standardError: Double?
  /// Degrees of freedom; nil where there is no standard error, infinite where none are known.
  public let degreesOfFreedom: Double?
  /// Primary sampling units that bore on the score in both rounds, in strata that share at least two.
  public let sharedUnits: Int

  /// The change from `former` to `current`.
  public init(from former: RoundScore, to current: RoundScore) {
    value = current.value - former.value
    let shared = Self.shared(former.contributions, current.contributions)
    sharedUnits = shared.units
    guard let before = former.standardError, let now = current.standardError,
      former.degreesOfFreedom > 0, current.degreesOfFreedom > 0
    else {
      standardError = nil
      degreesOfFreedom = nil
      return
    }
    let (first, second) = (before * before, now * now)
    var covariance = 0.0
    let own =
      Self.variance(former.contributions) * Self.variance(current.contributions)
    if shared.covariance != 0, own > 0 {
      covariance = shared.covariance / own.squareRoot() * before * now
    }
    let variance = first + second - 2 * covariance
    guard variance > 1e-12 * (first + second) else {
      standardError = nil
      degreesOfFreedom = nil
      return
    }
    standardError = variance.squareRoot()
    let sum = first + second
    degreesOfFreedom =
      sum * sum
      / (first * first / former.degreesOfFreedom + second * second / current.degreesOfFreedom)
  }

  /// Σ_h m/(m − 1) Σ (u − ū)² over the strata of the contributions.
  static func variance(_ contributions: [SamplingUnitContribution]) -> Double {
    shared(contributions, contributions).covariance
  }

  /// The covariance over the units that both lists name, and how many those are; both lists in the order
  /// of strata and units.
  static func shared(
    _ first: [SamplingUnitContribution], _ second: [SamplingUnitContribution]
  ) -> (covariance: Double, units: Int) {
    var covariance = 0.0
    var units = 0
    var pairs: [(Double, Double)] = []
    var stratum = -1
    func close() {
      defer { pairs.removeAll(keepingCapacity: true) }
      let count = Double(pairs.count)
      guard pairs.count > 1 else { return }
      var means = (0.0, 0.0)
      for (a, b) in pairs { means = (means.0 + a, means.1 + b) }
      means = (means.0 / count, means.1 / count)
      var sum = 0.0
      for (a, b) in pairs { sum += (a - means.0) * (b - means.1) }
      covariance += sum * count / (count - 1)
      units += pairs.count
    }
    var (i, j) = (0, 0)
    while i < first.count, j < second.count {
      let (a, b) = (first[i], second[j])
      if (a.stratum, a.unit) < (b.stratum, b.unit) {
        i += 1
      } else if (b.stratum, b.unit) < (a.stratum, a.unit) {
        j += 1
      } else {
        if a.stratum != stratum {
          close()
          stratum = a.stratum
        }
        pairs.append((a.value, b.value))
        i += 1
        j += 1
      }
    }
    close()
    return (covariance, units)
  }
}
