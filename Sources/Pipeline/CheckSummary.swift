import CanvassWeighting
import CanvassSurvey
import CanvassIngestion
import CanvassCleaning
public import CanvassPublishing
import CanvassScoring

/// What `canvass check` found out, where nothing was wrong.
public struct CheckSummary: Sendable {
  /// Lines for a person.
  public let lines: [String]
  /// The same as one JSON object.
  public let json: JSONValue

  init(plan: PipelinePlan, computation: Computation?, explanation: StageExplanation?) {
    let leaves = plan.tree.nodes.count { $0.leaf != nil }
    let roots = plan.tree.nodes.indices.filter { plan.tree.isRoot($0) }.map {
      plan.tree.nodes[$0].id
    }
    var facts: [(name: String, value: JSONValue)] = [
      ("pipeline", .text(plan.name)),
      ("indices", .list(roots.map { .text($0) })),
      ("nodes", .integer(plan.tree.nodes.count)),
      ("indicators", .integer(leaves)),
    ]
    if let places = plan.units.places { facts.append(("units", .integer(places.units.count))) }
    switch plan.door {
    case .respondents(let request):
      facts.append(("drops", .list(request.ingestion.drops.map { .text($0) })))
      facts.append(("checks", .integer(request.cleaning.checks.count)))
      facts.append(("weighting steps", .integer(request.weighting.count)))
      facts.append(("breakdowns", .list(request.breakdowns.map { .text($0) })))
    case .published(let request):
      facts.append(("published table", .text(request.path)))
    }
    if let survey = computation?.survey {
      facts.append(("rows read", .integer(survey.cleaning.rowsIn)))
      facts.append(("rows after cleaning", .integer(survey.cleaning.rowsOut)))
      for (name, count) in CodebookFacts.counts(survey.cleaning) {
        facts.append((name, .integer(count)))
      }
      facts.append(("strata", .integer(survey.sample.design.stratumCount)))
      facts.append(("primary sampling units", .integer(survey.sample.design.psuCount)))
    }
    let inOrder =
      computation == nil
      ? "the pipeline file is in order; --data would read the rows too"
      : "the pipeline file and the data are in order"
    let codebook = computation?.survey.map { CodebookFacts.lines($0.cleaning) } ?? []
    lines =
      facts.map { "\($0.name): \(CheckSummary.text($0.value))" } + codebook
      + (explanation?.lines ?? []) + [inOrder]
    if let explanation { facts.append(("stages", explanation.json)) }
    json = .object(
      Dictionary(facts.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first }))
  }

  private static func text(_ value: JSONValue) -> String {
    switch value {
    case .text(let text): text
    case .integer(let number): String(number)
    case .list(let values): values.isEmpty ? "none" : values.map(text).joined(separator: ", ")
    default: ""
    }
  }
}
