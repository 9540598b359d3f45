public import CanvassScoring
public import CanvassSurvey

/// How the ranks of one node's published units move under other assumptions.
public struct AssumedRanks: Sendable {
  /// What was allowed to vary.
  public enum Source: String, Sendable, CaseIterable, Hashable {
    /// Choices of method alone.
    case assumptions
    /// Choices and sampling error; what comes out is an uncertainty band, not a confidence interval.
    case samplingAndAssumptions = "sampling and assumptions"
  }

  /// The node, with its title.
  public let node: ReportNode
  /// What was allowed to vary.
  public let source: Source
  /// Codes and names of the units, in the order of the ranks' units.
  public let units: [(code: String, name: LocalizedText)]
  /// The share of combinations that a band holds.
  public let coverage: Double
  /// The ranks.
  public let ranks: RankUncertainty

  /// Ranks of a node.
  public init(
    node: ReportNode, source: Source, units: [(code: String, name: LocalizedText)],
    coverage: Double, ranks: RankUncertainty
  ) {
    self.node = node
    self.source = source
    self.units = units
    self.coverage = coverage
    self.ranks = ranks
  }
}

/// `rank-uncertainty.csv`: each unit's ranks over the combinations of choices.
public enum RankUncertaintyFile {
  /// Its columns.
  public static let header =
    "unit,node,source,rank,rank_median,band_low,band_high,coverage,rank_best,rank_worst"

  /// The file's bytes.
  public static func bytes(_ analyses: [AssumedRanks]) -> [UInt8] {
    var file = CommaSeparated(header: header)
    for analysis in analyses {
      for (unit, ranks) in zip(analysis.units, analysis.ranks.units) {
        file.add(unit.code)
        file.add(analysis.node.id)
        file.add(analysis.source.rawValue)
        file.add(ranks.reference)
        file.add(ranks.median)
        file.add(ranks.band.lowerBound)
        file.add(ranks.band.upperBound)
        file.add(analysis.coverage)
        file.add(ranks.range.lowerBound)
        file.add(ranks.range.upperBound)
        file.endLine()
      }
    }
    return file.bytes
  }
}

/// `sensitivity.csv`: Sobol indices of the mean absolute shift of ranks, and of each unit's rank.
public enum SensitivityFile {
  /// Its columns.
  public static let header =
    "node,source,output,unit,choice,first_order,first_order_se,total,total_se"

  /// The file's bytes; an output that never moves has no indices.
  public static func bytes(_ analyses: [AssumedRanks]) -> [UInt8] {
    var file = CommaSeparated(header: header)
    for analysis in analyses {
      for output in 0...analysis.units.count {
        for (input, choice) in analysis.ranks.choices.enumerated() {
          let index = analysis.ranks.indices.index(ofInput: input, output: output)
          file.add(analysis.node.id)
          file.add(analysis.source.rawValue)
          file.add(output == 0 ? "mean_absolute_shift" : "rank")
          file.add(output == 0 ? "" : analysis.units[output - 1].code)
          file.add(choice.name)
          file.add(index?.firstOrder)
          file.add(index?.firstOrderError)
          file.add(index?.total)
          file.add(index?.totalError)
          file.endLine()
        }
      }
    }
    return file.bytes
  }
}
