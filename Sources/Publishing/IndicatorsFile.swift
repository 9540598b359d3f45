/// `indicators.csv` of the contract.
public enum IndicatorsFile {
  /// Its columns; the design effect is the one with replacement.
  public static let header =
    "unit,domain,indicator,statistic,estimate,se,se_method,df,ci_low,ci_high,confidence,"
    + "deff,n,n_psu,status"

  /// The file's bytes.
  public static func bytes(_ rows: ReleasedRows) -> [UInt8] {
    var file = CommaSeparated(header: header, expectedLines: rows.indicators.count)
    for row in rows.indicators {
      file.add(row.unit)
      file.add(row.domain)
      file.add(row.indicator)
      file.add(row.statistic)
      file.add(row.estimate)
      file.add(row.standardError)
      file.add(row.standardErrorMethod)
      file.add(row.degreesOfFreedom)
      file.add(row.interval?.lowerBound)
      file.add(row.interval?.upperBound)
      file.add(row.interval.map { _ in row.confidence })
      file.add(row.designEffect)
      file.add(row.respondents)
      file.add(row.samplingUnits)
      file.add(row.status.rawValue)
      file.endLine()
    }
    return file.bytes
  }
}
