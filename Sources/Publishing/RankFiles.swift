import CanvassScoring

/// `group-probabilities.csv`: how sure it is in which group a unit lies.
public enum GroupProbabilitiesFile {
  /// Its columns.
  public static let header = "unit,node,group,probability"

  /// The file's bytes: nodes in the order of the tree, units in that of the rows, groups from the lowest
  /// up. Group names are those of `scores.csv`.
  public static func bytes(_ ranks: ReleasedRanks) -> [UInt8] {
    var file = CommaSeparated(header: header)
    for assessment in ranks.assessments {
      for (unit, shares) in zip(assessment.field.units, assessment.groupProbabilities) {
        for (group, share) in zip(assessment.groups, shares) {
          file.add(unit)
          file.add(assessment.field.node)
          file.add(group)
          file.add(share)
          file.endLine()
        }
      }
    }
    return file.bytes
  }
}

/// `indistinguishable.csv`: pairs of units whose order the sample does not settle.
public enum IndistinguishableFile {
  /// Its columns.
  public static let header = "unit,other_unit,node,difference,sim_low,sim_high,confidence"

  /// The file's bytes: the unit with the higher score stands first, with the simultaneous interval of its
  /// score less the other's.
  public static func bytes(_ ranks: ReleasedRanks) -> [UInt8] {
    var file = CommaSeparated(header: header)
    for assessment in ranks.assessments {
      for pair in assessment.intervals.indistinguishable {
        file.add(assessment.field.units[pair.first])
        file.add(assessment.field.units[pair.second])
        file.add(assessment.field.node)
        file.add(pair.difference)
        file.add(pair.difference - pair.halfWidth)
        file.add(pair.difference + pair.halfWidth)
        file.add(ranks.rules.confidence)
        file.endLine()
      }
    }
    return file.bytes
  }
}
