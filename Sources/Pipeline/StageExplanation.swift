import CanvassIngestion
import CanvassPublishing
import CanvassSurvey

/// Which stages a run would do, and because of which line or file: `canvass check --explain`.
struct StageExplanation: Sendable {
  /// A stage, or several that run together.
  struct Stage: Sendable {
    let name: String
    /// Whether its result is not remembered.
    let runs: Bool
    /// What changed since the latest run; empty where it is remembered.
    let causes: [String]
  }

  let stages: [Stage]

  /// What a run of the pipeline file at `path` would do with what `cache` holds.
  init(_ plan: PipelinePlan, pipeline path: String, output: String) throws {
    guard case .respondents(let request) = plan.door else {
      stages = [Stage(name: "reading, scoring, publishing", runs: true, causes: ["always"])]
      return
    }
    let cache = StageCache.at(output)
    let keys = try StageKeys(plan, request)
    let before = FormerInputs(run: "\(output)/\(plan.name)/latest")
    let lines = before.map { $0.changedLines(in: path) } ?? []
    let isOtherProgram =
      try before.map { $0.executable != (try MachineUse.executable.get()) } ?? false
    func causes(_ own: (String) -> Bool, files: [(role: String, path: String)]) -> [String] {
      guard let before else { return ["there is no run to compare with"] }
      var found = isOtherProgram ? ["another build of canvass"] : []
      found += files.compactMap { before.change(of: $0.path) }
      found += lines.filter { own($0.key) }.map { "\($0.place) (\($0.key))" }
      return found.isEmpty ? ["no result is remembered"] : found
    }
    let drops =
      request.ingestion.drops.map { (role: "drop", path: $0) }
      + plan.inputs.filter { $0.role == "codebook" }
    let reads = !cache.holds(keys.reading)
    let estimates = !cache.holds(keys.estimation)
    let readingCauses = causes(Self.feedsReading, files: drops)
    var estimationCauses: [String] = []
    if estimates {
      let tables = plan.inputs.filter {
        [
          "places", "crosswalk", "margins", "totals",
          "joint probabilities", "structure", "decisions",
        ].contains($0.role)
      }
      estimationCauses = causes(
        { Self.feedsEstimation($0) || (reads && Self.feedsReading($0)) },
        files: tables + (reads ? drops : []))
    }
    stages = [
      // Where the estimates are remembered nobody asks for the table.
      Stage(name: "reading", runs: estimates && reads, causes: reads ? readingCauses : []),
      Stage(name: "cleaning, weighting, estimation", runs: estimates, causes: estimationCauses),
      Stage(name: "scoring, publishing", runs: true, causes: ["always"]),
    ]
  }

  /// Whether a key of the pipeline file says what is read.
  private static func feedsReading(_ key: String) -> Bool {
    key.hasPrefix("ingest.") && !key.hasPrefix("ingest.where")
  }

  /// Whether a key of the pipeline file says what is asked of the respondents.
  private static func feedsEstimation(_ key: String) -> Bool {
    [
      "clean", "design", "weight", "estimate.breakdowns", "estimate.confidence", "index.structure",
      "index.aggregate", "index.scale", "units.crosswalk", "fieldwork",
    ]
    .contains { key == $0 || key.hasPrefix($0 + ".") || key.hasPrefix($0 + "[") }
      || ["ingest.where", "units.variable", "units.places", "units.vintage"].contains(key)
  }

  /// The lines for a person.
  var lines: [String] {
    stages.map { stage in
      stage.runs
        ? "\(stage.name): runs, because of \(stage.causes.joined(separator: "; "))"
        : "\(stage.name): remembered"
    }
  }

  /// The stages as JSON.
  var json: JSONValue {
    .list(
      stages.map { stage in
        [
          "stage": .text(stage.name), "runs": .boolean(stage.runs),
          "because": .list((stage.runs ? stage.causes : []).map { .text($0) }),
        ]
      })
  }
}
