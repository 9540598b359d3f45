import CanvassSurvey
import CanvassWeighting

extension Estimator {
  /// Respondents, PSUs and strata of `rows` in every domain of a partition, in one pass.
  ///
  /// Rows count where their weight is positive; each row belongs to one domain at most.
  public func supports(of rows: RowSet, in partition: Partition) -> [Support] {
    var supports = [Support](
      repeating: Support(respondents: 0, psus: 0, strata: 0), count: partition.domainCount)
    var lastPSU = [Int32](repeating: -1, count: partition.domainCount)
    var lastStratum = [Int32](repeating: -1, count: partition.domainCount)
    let design = sample.design
    for psu in 0..<design.psuCount {
      let stratum = design.stratumOfPSU[psu]
      for row in design.rows(of: psu) {
        let domain = Int(partition.domainOfRow[row])
        guard domain >= 0, rows.contains(row), sample.weights[row] != 0 else { continue }
        supports[domain].respondents += 1
        if lastPSU[domain] != Int32(psu) {
          lastPSU[domain] = Int32(psu)
          supports[domain].psus += 1
        }
        if lastStratum[domain] != stratum {
          lastStratum[domain] = stratum
          supports[domain].strata += 1
        }
      }
    }
    return supports
  }
}
