import CanvassSurvey

/// Leaves one PSU out at a time; the others of its stratum carry m/(m − 1) of their weight.
///
/// JK1: scale (m − 1)/m · (1 − f). JKn: scale 1, coefficient (m_h − 1)/m_h · (1 − f_h) of the stratum.
/// Source: Wolter 2007, Introduction to Variance Estimation, ch. 4; R survey's `as.svrepdesign`.
struct JackknifeScheme: ReplicateScheme {
  let count: Int
  let scale: Double
  let coefficients: [Double]
  private let psuCount: Int
  /// The PSU that each replicate leaves out, and the PSUs of its stratum.
  private let omitted: [(psu: Int, stratum: Range<Int>)]

  init(_ strata: ReplicateStrata, isStratified: Bool) throws(Diagnostic) {
    if !isStratified, strata.stratumCount > 1 {
      throw Diagnostic(
        .badPipeline,
        "the method 'jk1' is for samples without strata, and this one has "
          + "\(strata.stratumCount)",
        remedy: "use 'method: jkn'")
    }
    omitted = strata.varying.flatMap { stratum in stratum.psus.map { ($0, stratum.psus) } }
    count = omitted.count
    psuCount = strata.psuCount
    let factors = strata.varying.map { stratum in
      Double(stratum.psus.count - 1) / Double(stratum.psus.count) * stratum.rest
    }
    scale = isStratified ? 1 : factors[0]
    coefficients = zip(strata.varying, factors).flatMap { stratum, factor in
      [Double](repeating: isStratified ? factor : 1, count: stratum.psus.count)
    }
  }

  func multipliers(of replicate: Int) -> [Double] {
    var result = [Double](repeating: 1, count: psuCount)
    let (psu, stratum) = omitted[replicate]
    let others = Double(stratum.count) / Double(stratum.count - 1)
    for other in stratum { result[other] = other == psu ? 0 : others }
    return result
  }
}
