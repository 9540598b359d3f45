import CanvassSurvey
import CanvassWeighting

extension Estimator {
  /// Respondents, PSUs and strata of `rows` in every domain of a partition, in one pass.
  ///
  /// Rows count where their weight is positive; each row belongs to one domain at most.
  public func supports(of rows: RowSet, in partition: Partition) -> [Support] {
    var tallies = [SupportTally](repeating: SupportTally(), count: partition.domainCount)
    let design = sample.design
    for psu in 0..<design.psuCount {
      let stratum = design.stratumOfPSU[psu]
      for row in design.rows(of: psu) {
        let domain = Int(partition.domainOfRow[row])
        guard domain >= 0, rows.contains(row), sample.weights[row] != 0 else { continue }
        tallies[domain].add(1, psu: Int32(psu), stratum: stratum)
      }
    }
    return tallies.map(\.support)
  }
}
