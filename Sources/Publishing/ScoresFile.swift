/// `scores.csv` of the contract.
public enum ScoresFile {
  /// Its columns; those of rank intervals are empty where a rank has none.
  public static let header =
    "unit,unit_name,domain,node,level,score,se,se_method,df,ci_low,ci_high,confidence,"
    + "rank,rank_low,rank_high,rank_sim_low,rank_sim_high,group,n,status"

  /// The file's bytes; units are named in `language`.
  public static func bytes(_ rows: ReleasedRows, language: ReleaseLanguage) -> [UInt8] {
    var file = CommaSeparated(header: header, expectedLines: rows.scores.count)
    for row in rows.scores {
      file.add(row.unit)
      file.add(row.unitName[language])
      file.add(row.domain)
      file.add(row.node)
      file.add(row.level)
      file.add(row.score)
      file.add(row.standardError)
      file.add(row.standardErrorMethod)
      file.add(row.degreesOfFreedom)
      file.add(row.interval?.lowerBound)
      file.add(row.interval?.upperBound)
      file.add(row.interval.map { _ in row.confidence })
      file.add(row.rank)
      file.add(row.rankInterval?.lowerBound)
      file.add(row.rankInterval?.upperBound)
      file.add(row.simultaneousRankInterval?.lowerBound)
      file.add(row.simultaneousRankInterval?.upperBound)
      file.add(row.group ?? "")
      file.add(row.respondents)
      file.add(row.status.rawValue)
      file.endLine()
    }
    return file.bytes
  }
}
