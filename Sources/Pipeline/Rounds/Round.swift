import CanvassPublishing
import CanvassScoring
import CanvassSurvey

/// A round as it is compared with another: what was published, what it means, and who contributed.
struct Round {
  /// A published number of a whole unit, or a national one.
  struct Score {
    let unit: String
    let name: LocalizedText
    let node: String
    let level: String
    let value: Double?
    let standardError: Double?
    let degreesOfFreedom: Double?
  }

  var name: String
  var definitions: RoundDefinitions
  let scores: [Score]
  /// Who contributed what; nil where no respondents are known.
  let contributions: RoundContributions?

  /// The units that it has numbers of, national numbers aside, in the order of the scores.
  var units: [String] {
    var seen = Set<String>()
    return scores.map(\.unit).filter {
      !$0.hasPrefix(NationalNumber.prefix) && seen.insert($0).inserted
    }
  }

  init(
    name: String, definitions: RoundDefinitions, scores: [Score],
    contributions: RoundContributions?
  ) {
    self.name = name
    self.definitions = definitions
    self.scores = scores
    self.contributions = contributions
  }

  /// The round that a run has just made.
  init(
    _ plan: PipelinePlan, released: ReleasedRows, codebook: Codebook?,
    contributions: RoundContributions?
  ) {
    name = plan.name
    definitions = plan.definitions(codebook: codebook)
    scores = released.scores.filter { $0.domain.isEmpty }.map { row in
      Score(
        unit: row.unit, name: row.unitName, node: row.node, level: row.level, value: row.score,
        standardError: row.standardError, degreesOfFreedom: row.degreesOfFreedom)
    }
    self.contributions = contributions
  }
}

extension PipelinePlan {
  /// What the index means: what `definitions.csv` says and a later round compares.
  func definitions(codebook: Codebook?) -> RoundDefinitions {
    var asked: [String: String] = [:]
    if let codebook, codebook.givesConditions {
      for variable in codebook.variables { asked[variable.name] = variable.askedIf ?? "all" }
    }
    return RoundDefinitions(
      year: year, vintage: units.places?.units.first?.vintage,
      nodes: tree.definitions(asked: asked))
  }
}
