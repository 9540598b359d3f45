public import CanvassSurvey
public import CanvassWeighting

/// A sample's replicates: how each multiplies the sampling units, and how deviations make a variance.
///
/// V = scale · Σ_r c_r (θ_r − θ̄)², with the coefficient c_r of each replicate. A replicate is a vector of
/// multipliers of primary sampling units, or, where the weights came with the file, a weight for each row.
/// Multipliers are made when they are asked for: a replicate's random numbers depend on the seed, its
/// number and the stratum alone.
public struct Replicates: Sendable {
  /// The method that made them; never `bootstrap`, which is a rule that chooses one.
  public let method: ReplicateMethod
  /// Number of replicates R.
  public let count: Int
  /// Multiplies the sum of squared deviations.
  public let scale: Double
  /// Multiplies each replicate's squared deviation.
  public let coefficients: [Double]
  /// What deviations are taken about.
  public let center: ReplicateCenter
  /// The deviation of a full bootstrap is this many times a replicate's; 1 but for shrunk replicates.
  public let shrinkage: Double
  /// Whether half-samples or differences are only partially balanced: strata or units share a row of signs.
  public let isPartiallyBalanced: Bool
  /// Whether the weighting is carried out again in every replicate.
  public let reweights: Bool
  let scheme: any ReplicateScheme

  /// The replicates of a sample.
  ///
  /// - Throws: `badPipeline` for a method that does not fit the design or a count that cannot be, `badData`
  ///   for strata with a lone unit and for weights of the file that are missing or negative.
  public init(_ request: ReplicateRequest, of sample: WeightedSample) throws(Diagnostic) {
    try Replicates.check(request)
    let design = sample.design
    let strata: ReplicateStrata
    if request.method == .given {
      strata = ReplicateStrata()
    } else {
      strata = try ReplicateStrata(design)
    }
    let center =
      request.center ?? (request.method == .successiveDifference ? .estimate : .mean)
    func draws(_ count: Int, spread: Double) -> Double {
      spread / Double(center == .mean ? count - 1 : count)
    }
    let method = request.method == .bootstrap ? strata.bootstrap : request.method
    let count = request.count ?? 1000
    var shrinkage = 1.0
    switch method {
    case .jackknife, .stratifiedJackknife:
      let scheme = try JackknifeScheme(strata, isStratified: method == .stratifiedJackknife)
      scale = scheme.scale
      coefficients = scheme.coefficients
      isPartiallyBalanced = false
      self.scheme = scheme
    case .balancedHalfSamples, .fay:
      let kept = method == .fay ? request.rho ?? 0 : 0
      let scheme = try HalfSampleScheme(strata, kept: kept, count: request.count)
      scale = 1 / (Double(scheme.count) * (1 - kept) * (1 - kept))
      coefficients = [Double](repeating: 1, count: scheme.count)
      isPartiallyBalanced = scheme.isPartiallyBalanced
      self.scheme = scheme
    case .raoWu, .bootstrap:
      scheme = try RaoWuScheme(strata, count: count, seed: request.seed)
      scale = draws(count, spread: 1)
      coefficients = [Double](repeating: 1, count: count)
      isPartiallyBalanced = false
    case .cantyDavison:
      scheme = CantyDavisonScheme(strata, count: count, seed: request.seed)
      scale = draws(count, spread: 1)
      coefficients = [Double](repeating: 1, count: count)
      isPartiallyBalanced = false
    case .generalized:
      shrinkage = GeneralizedScheme.shrinkage
      scheme = GeneralizedScheme(strata, count: count, seed: request.seed)
      scale = draws(count, spread: shrinkage * shrinkage)
      coefficients = [Double](repeating: 1, count: count)
      isPartiallyBalanced = false
    case .successiveDifference:
      let scheme = try SuccessiveDifferenceScheme(strata, count: request.count)
      scale = 4 / Double(scheme.count)
      coefficients = [Double](repeating: 1, count: scheme.count)
      isPartiallyBalanced = scheme.isPartiallyBalanced
      self.scheme = scheme
    case .given:
      guard let given = request.given else {
        throw Diagnostic(
          .badPipeline, "the method 'given' names no columns of replicate weights",
          remedy: "list them under 'columns'")
      }
      let scheme = try GivenScheme(given, of: sample)
      let scales = try given.scales(rho: request.rho)
      scale = scales.scale
      coefficients = scales.coefficients
      isPartiallyBalanced = false
      self.scheme = scheme
    }
    self.method = method
    self.count = scheme.count
    self.center = center
    self.shrinkage = shrinkage
    reweights = request.reweight && method != .given
  }

  private static func check(_ request: ReplicateRequest) throws(Diagnostic) {
    let name = request.method.rawValue
    if let count = request.count {
      guard count >= 2 else {
        throw Diagnostic(
          .badPipeline, "\(count) replicates give no variance",
          remedy: "ask for at least 2; 500 to 1,000 for a bootstrap")
      }
      guard ![.jackknife, .stratifiedJackknife, .given].contains(request.method) else {
        throw Diagnostic(
          .badPipeline, "the method '\(name)' takes no count",
          why: request.method == .given
            ? "there are as many replicates as columns" : "there is one replicate a sampling unit",
          remedy: "remove 'count'")
      }
    }
    let isFay = request.method == .fay || request.given?.origin == .fay
    if let rho = request.rho {
      guard isFay, rho >= 0, rho < 1 else {
        throw Diagnostic(
          .badPipeline,
          isFay ? "Fay's rho is not from 0 to below 1" : "the method '\(name)' takes no rho",
          why: isFay ? "it is the part of its weight that the other half keeps" : nil,
          remedy: isFay ? "0.3 and 0.5 are usual" : "remove 'rho'")
      }
    } else if isFay {
      throw Diagnostic(
        .badPipeline, "Fay's method needs rho",
        why: "it is the part of its weight that the other half keeps", remedy: "add 'rho: 0.3'")
    }
    if request.given != nil, request.method != .given {
      throw Diagnostic(
        .badPipeline, "the method '\(name)' makes its own weights, and columns are named",
        remedy: "use 'method: given' for weights of the file")
    }
  }
}

/// What makes the multipliers of each replicate.
protocol ReplicateScheme: Sendable {
  /// Number of replicates.
  var count: Int { get }
  /// The multiplier of each PSU; of each row where `isByRow`, and then the weight itself.
  func multipliers(of replicate: Int) -> [Double]
  /// Whether `multipliers` are weights of rows.
  var isByRow: Bool { get }
}

extension ReplicateScheme {
  var isByRow: Bool { false }
}
