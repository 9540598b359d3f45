import CanvassCompute
import CanvassSurvey

/// Half-samples of two PSUs a stratum, balanced by the rows of a Hadamard matrix.
///
/// The first PSU of stratum h has the multiplier 1 + s √(1 − f_h) (1 − ρ), the second the opposite sign,
/// where s is the sign in the stratum's row and the replicate's column; scale 1/(R (1 − ρ)²). With fewer
/// columns than strata + 1 strata share rows: the half-samples are partially balanced, which leaves the
/// variance right on average and makes it less steady.
/// Source: McCarthy 1969; Wolter 2007, ch. 3; Rao & Shao 1999 for ρ.
struct HalfSampleScheme: ReplicateScheme {
  let count: Int
  let isPartiallyBalanced: Bool
  private let signs: HadamardMatrix
  private let strata: ReplicateStrata
  private let kept: Double

  /// - Throws: `badData` naming strata that have not two PSUs, `badPipeline` for a count without a matrix.
  init(_ strata: ReplicateStrata, kept: Double, count: Int?) throws(Diagnostic) {
    let odd = strata.varying.filter { $0.psus.count != 2 }
    guard odd.isEmpty else {
      let names = odd.prefix(5).map { "'\($0.name)' (\($0.psus.count))" }.joined(separator: ", ")
      throw Diagnostic(
        .badData,
        "\(odd.count) \(odd.count == 1 ? "stratum has" : "strata have") not two sampling units: "
          + names + (odd.count > 5 ? " and \(odd.count - 5) more" : ""),
        why: "balanced half-samples need exactly two in every stratum",
        remedy: "use 'method: jkn' or 'bootstrap', or form strata of two")
    }
    signs = try HadamardMatrix.balancing(strata.varying.count, count: count)
    self.count = signs.order
    isPartiallyBalanced = signs.order <= strata.varying.count
    self.strata = strata
    self.kept = kept
  }

  func multipliers(of replicate: Int) -> [Double] {
    var result = [Double](repeating: 1, count: strata.psuCount)
    for (index, stratum) in strata.varying.enumerated() {
      let sign = signs[1 + index % (signs.order - 1), replicate]
      let step = sign * stratum.rest.squareRoot() * (1 - kept)
      result[stratum.psus.lowerBound] = 1 + step
      result[stratum.psus.lowerBound + 1] = 1 - step
    }
    return result
  }
}

extension HadamardMatrix {
  /// A matrix with `count` columns (nil: as many as balance `rows` rows fully, at most ``largestOrder``).
  static func balancing(_ rows: Int, count: Int?) throws(Diagnostic) -> HadamardMatrix {
    if let count {
      if let matrix = HadamardMatrix(order: count) { return matrix }
      let near = HadamardMatrix(atLeast: count)?.order ?? largestOrder
      throw Diagnostic(
        .badPipeline, "no set of \(count) balanced replicates is known to Canvass",
        why: "their number must be 2 or a multiple of 4 with a Hadamard matrix, at most "
          + "\(largestOrder)",
        remedy: "ask for \(near)")
    }
    if let matrix = HadamardMatrix(atLeast: max(2, rows + 1)) { return matrix }
    guard let largest = HadamardMatrix(order: largestOrder) else {
      preconditionFailure("a power of two has a Hadamard matrix")
    }
    return largest
  }
}
