import CanvassCleaning
import CanvassEstimation
import CanvassIngestion
import CanvassPublishing
import CanvassScoring
import CanvassSurvey
import CanvassWeighting

/// A pipeline file lowered to the requests that the stages declare.
struct PipelinePlan {
  /// The pipeline file as it was named.
  let file: String
  /// The folder's name under Runs.
  let name: String
  /// What the index is called.
  let title: LocalizedText
  /// The only date in the release, as text, or nil.
  let released: String?
  /// What people say of the study.
  let study: StudyDescription
  /// The version of the release, or nil.
  let version: String?
  /// The release that this one replaces, or nil.
  let supersedes: Supersession?
  /// Who gets an index.
  let units: UnitsRequest
  /// Respondents, or a table that somebody else published.
  let door: Door
  /// The index.
  var tree: IndexTree
  /// The variables that the index and, for a survey, the other sections name.
  let uses: [VariableUse]
  /// The variables that the index takes from a table of published values.
  var tableUses: [VariableUse]
  /// Places in the pipeline file by what stages call them: `check adult`, `weighting`, `node D1`.
  let places: [String: String]
  /// The values of the last round, for imputation.
  let lastRound: PublishedRequest?
  /// Ranks and groups compare scores rounded to so many decimals; nil: unrounded.
  let rankDecimals: Int?
  /// How units are grouped.
  let grouping: Grouping
  /// The groups' names in both languages, where the file gives them.
  let groupTitles: [LocalizedText]
  /// Confidence of the intervals.
  let confidence: Double
  /// How rank intervals are found; nil for none.
  var ranks: RankRules?
  /// Ranks under other assumptions, or nil.
  var assumptions: AssumptionRequest?
  /// What may be published.
  let gate: GateRules
  /// Whether the numbers are meant to be used; it moves none of them.
  let status: PublicationStatus
  /// Languages of the report.
  let languages: [String]
  /// Former rounds to compare with.
  var rounds: [RoundRequest]
  /// Where the report's map has each unit, or nil.
  var map: TileMap?
  /// The year of the round, where the structure is read for one.
  let year: Int?
  /// What must be done about findings and decisions before anything is published.
  let signOff: SignOff
  /// What is asked about the field period, or nil.
  let fieldwork: FieldworkPlan?
  /// What was read from sheets of workbooks, to be kept as CSV beside the run.
  let sheets: [SheetCopy]
  /// Files besides the drops whose content the results depend on: role and path.
  let inputs: [(role: String, path: String)]

  /// The index whose table comes first: the first node without a parent.
  var headline: String {
    tree.nodes.indices.first { tree.isRoot($0) }.map { tree.nodes[$0].id } ?? ""
  }

  /// Where the values come from.
  enum Door {
    case respondents(SurveyRequest)
    case published(PublishedRequest)
  }
}

/// Who gets an index, as the pipeline file says it.
struct UnitsRequest {
  /// The variable that names the unit.
  let variable: String
  /// The units, or nil where the data's own values are the units.
  let places: Places?
  /// How the units that the data name become these, or nil where they are the same.
  var crosswalk: Crosswalk?
  /// People by unit code, or nil.
  let populations: [String: Double]?
  /// The units that the data name.
  var namedPlaces: Places? { crosswalk?.former ?? places }
}

/// How standard errors and their degrees of freedom are found.
struct UncertaintyRules: Hashable {
  /// Where the variance of a unit's number comes from.
  var variance = VarianceRule.direct
  /// How degrees of freedom are counted.
  var degreesOfFreedom = DegreesOfFreedomRule.satterthwaite
  /// How the intervals of leaves that are shares are made.
  var shareInterval = ShareIntervalMethod.logit
}

/// What is asked of a survey.
struct SurveyRequest {
  var ingestion: IngestionRequest
  /// What becomes of repeated groups, in the order of `ingestion.repeats`.
  var collapse: [CollapseRequest] = []
  var cleaning: CleaningRequest
  var design: DesignRequest
  var weighting: [WeightingRequest]
  var breakdowns: [String]
  /// The formats in which the cleaned data are wanted.
  var cleanedFormats: [String] = []
  var uncertainty: UncertaintyRules
  /// Replicates of the sample, nil where none are asked for.
  var replicates: ReplicatePlan?
  /// Where the leaves that respondents do not answer have their values.
  var table: PublishedRequest?
}

/// A table of values by unit: long if it has a column of variables, else a column for each.
struct PublishedRequest {
  let path: String
  let unit: String
  let long: (variable: String, value: String)?
  /// The column of standard errors.
  var standardError: String?
  /// Their degrees of freedom.
  var degreesOfFreedom: Double?
}
