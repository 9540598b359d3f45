public import CanvassSurvey
import CanvassWeighting

extension Estimator {
  /// V = Σ_h m_h/(m_h − 1) Σ_a (u_a − ū_h)² over all m_h PSUs of each stratum, with replacement.
  ///
  /// PSUs outside the influence's range have u = 0 and still count. A lone PSU is an error or, under
  /// `adjust`, contributes (u − ū)² about the mean of all PSUs of the sample.
  ///
  /// - Throws: `badData` for lone PSUs under the policy `fail`, naming their strata.
  public func variance(of influence: Influence) throws(Diagnostic) -> Double {
    try covariance(of: influence, and: influence)
  }

  /// The covariance of two estimates of this sample, by the formula of `variance(of:)`.
  ///
  /// - Throws: as `variance(of:)`.
  public func covariance(
    of first: Influence, and second: Influence
  ) throws(Diagnostic) -> Double {
    var sum = 0.0
    try forEachStratum(of: first, and: second) { _, contribution in sum += contribution }
    return sum
  }

  /// Calls `body` with the number of PSUs and the term of each stratum that two influences reach, in
  /// order, and last with those of lone PSUs under `adjust`.
  ///
  /// - Throws: as `variance(of:)`.
  func forEachStratum(
    of first: Influence, and second: Influence, _ body: (_ psus: Int, _ term: Double) -> Void
  ) throws(Diagnostic) {
    try checkLonely()
    let design = sample.design
    let lowest = min(first.start, second.start)
    let highest = max(first.end, second.end)
    if lowest < highest {
      precondition(highest <= design.psuCount, "an influence lies within the sample's PSUs")
      let strata = Int(design.stratumOfPSU[lowest])...Int(design.stratumOfPSU[highest - 1])
      for stratum in strata {
        let psus = design.psus(of: stratum)
        guard psus.count > 1 else { continue }
        let count = Double(psus.count)
        let firstMean = first.sum(over: psus) / count
        let secondMean = second.sum(over: psus) / count
        // PSUs outside both ranges share one deviation from the means.
        let inside = psus.clamped(to: lowest..<highest)
        var products = Double(psus.count - inside.count) * firstMean * secondMean
        for psu in inside {
          products += (first[psu] - firstMean) * (second[psu] - secondMean)
        }
        body(psus.count, count / (count - 1) * products)
      }
    }
    guard !lonelyStrata.isEmpty else { return }
    let all = 0..<design.psuCount
    let firstMean = first.sum(over: all) / Double(design.psuCount)
    let secondMean = second.sum(over: all) / Double(design.psuCount)
    for stratum in lonelyStrata {
      let psu = design.psus(of: stratum).lowerBound
      body(1, (first[psu] - firstMean) * (second[psu] - secondMean))
    }
  }

  /// Refuses strata with a single PSU under the policy `fail`.
  ///
  /// - Throws: `badData` naming up to five strata, their number, and what to do.
  public func checkLonely() throws(Diagnostic) {
    guard sample.design.lonely == .fail, !lonelyStrata.isEmpty else { return }
    let names = lonelyStrata.prefix(5).map { "'\(sample.design.stratumNames[$0])'" }
    let more = lonelyStrata.count - names.count
    throw Diagnostic(
      .badData,
      (lonelyStrata.count == 1
        ? "1 stratum has a single sampling unit: "
        : "\(lonelyStrata.count) strata have a single sampling unit each: ")
        + names.joined(separator: ", ") + (more > 0 ? " and \(more) more" : ""),
      why: "the variance within a stratum needs at least two units",
      remedy: "merge such strata with similar ones in the data, or declare 'lonely_psu: adjust', "
        + "which centres them on the mean of all units")
  }

  /// Respondents, PSUs and strata of `rows` in one domain; only rows with a positive weight count.
  public func support(of rows: RowSet, in partition: Partition, domain: Int) -> Support {
    supports(of: rows, in: partition)[domain]
  }
}

extension Influence {
  fileprivate var start: Int { values.isEmpty ? .max : firstPSU }
  fileprivate var end: Int { values.isEmpty ? 0 : firstPSU + values.count }

  /// The contribution of a PSU, 0 outside the range.
  fileprivate subscript(_ psu: Int) -> Double {
    let index = psu - firstPSU
    return index >= 0 && index < values.count ? values[index] : 0
  }

  fileprivate func sum(over psus: Range<Int>) -> Double {
    let range = psus.clamped(to: firstPSU..<(firstPSU + values.count))
    var sum = 0.0
    for psu in range { sum += values[psu - firstPSU] }
    return sum
  }
}
