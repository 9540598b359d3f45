/// How replicates of a sample are made.
public enum ReplicateMethod: String, Sendable, CaseIterable, Hashable {
  /// Leave one PSU out of an unstratified sample.
  case jackknife = "jk1"
  /// Leave one PSU out, the others of its stratum take its weight.
  case stratifiedJackknife = "jkn"
  /// Balanced half-samples, two PSUs a stratum (McCarthy 1969).
  case balancedHalfSamples = "brr"
  /// Balanced half-samples in which the other half keeps a part ρ of its weight (Dippo, Fay & Morganstein 1984).
  case fay
  /// The bootstrap that suits the design: `generalized` where any stratum has fewer than 5 PSUs,
  /// `canty_davison` where there is a finite population correction, else `rao_wu`.
  case bootstrap
  /// m − 1 draws with replacement in each stratum (Rao & Wu 1988; McCarthy & Snowden 1985).
  case raoWu = "rao_wu"
  /// m − 1 draws without replacement from copies of the stratum as many as its population (Canty & Davison 1999).
  case cantyDavison = "canty_davison"
  /// Positive random multipliers with the design's own variances (Beaumont & Patak 2012).
  case generalized
  /// Differences of neighbours in the order of the sample (Fay & Train 1995).
  case successiveDifference = "successive_difference"
  /// Replicate weights that came with the file.
  case given
}

/// What squared deviations of replicates are taken about.
public enum ReplicateCenter: String, Sendable, CaseIterable, Hashable {
  /// The mean of the replicates.
  case mean
  /// The estimate of the whole sample (R survey's `mse = TRUE`).
  case estimate
}

/// What replicates are asked for.
public struct ReplicateRequest: Sendable, Hashable {
  /// How they are made.
  public var method: ReplicateMethod
  /// How many; nil where the design decides (jackknife, balanced half-samples) or 1,000 for a bootstrap.
  public var count: Int?
  /// Names the random numbers.
  public var seed: UInt64
  /// What deviations are taken about; nil: the estimate for successive differences, else the mean.
  public var center: ReplicateCenter?
  /// Fay's ρ, the part of its weight that the other half keeps.
  public var rho: Double?
  /// Whether the weighting is carried out again in every replicate.
  public var reweight: Bool
  /// The weights of the file, for the method `given`.
  public var given: GivenReplicateWeights?

  /// A request.
  public init(
    method: ReplicateMethod, count: Int? = nil, seed: UInt64 = 1, center: ReplicateCenter? = nil,
    rho: Double? = nil, reweight: Bool = true, given: GivenReplicateWeights? = nil
  ) {
    self.method = method
    self.count = count
    self.seed = seed
    self.center = center
    self.rho = rho
    self.reweight = reweight
    self.given = given
  }
}

/// Replicate weights that came with a file, and how their deviations make a variance.
public struct GivenReplicateWeights: Sendable, Hashable {
  /// How the weights were made, which decides scales that are not given.
  public enum Origin: String, Sendable, CaseIterable, Hashable {
    /// Scale (R − 1)/R.
    case jackknife = "jk1"
    /// Scale 1: one replicate a stratum of two.
    case pairedJackknife = "jk2"
    /// Scale 1, coefficients must be given.
    case stratifiedJackknife = "jkn"
    /// Scale 1/R.
    case balancedHalfSamples = "brr"
    /// Scale 1/(R (1 − ρ)²).
    case fay
    /// Scale 1/(R − 1).
    case bootstrap
    /// Scale 4/R.
    case successiveDifference = "successive_difference"
    /// The scale must be given.
    case other
  }

  /// The columns of the weights, one a replicate.
  public var columns: [String]
  /// How they were made.
  public var origin: Origin
  /// Whether the columns are factors of the base weight instead of weights.
  public var areFactors: Bool
  /// Multiplies the sum of squared deviations; nil: as the origin says.
  public var scale: Double?
  /// Multiplies each replicate's squared deviation (R survey's `rscales`); nil: 1.
  public var coefficients: [Double]?

  /// Weights of a file.
  public init(
    columns: [String], origin: Origin, areFactors: Bool = false, scale: Double? = nil,
    coefficients: [Double]? = nil
  ) {
    self.columns = columns
    self.origin = origin
    self.areFactors = areFactors
    self.scale = scale
    self.coefficients = coefficients
  }
}
