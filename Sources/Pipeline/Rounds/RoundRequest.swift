import CanvassScoring
import CanvassSurvey

/// A former round that a pipeline file names.
struct RoundRequest {
  /// Where a round's numbers are.
  enum Source {
    /// The folder of a run of Canvass.
    case run(String)
    /// A table of published scores.
    case release(String)
  }

  /// What it is called.
  let name: String
  /// Its year, where the pipeline file says it or the name is one.
  let year: Int?
  let source: Source
  /// Whether a stratum and a primary sampling unit of one name are the same in both rounds.
  let sharesSamplingUnits: Bool
  /// Where the pipeline file names it.
  let place: String

  /// The files that are read.
  var files: [String] {
    switch source {
    case .run(let folder): FormerRound.files(run: folder)
    case .release(let path): [path]
    }
  }
}

extension PlanReader {
  /// The former rounds; a name given twice and a round without files are errors of their lines.
  func rounds(_ value: Located?) throws(Diagnostic) -> [RoundRequest] {
    var requests: [RoundRequest] = []
    for entry in value?.items ?? [] {
      guard let name = entry["name"] else { throw entry.error("a round lacks a name") }
      if requests.contains(where: { $0.name == name.text }) {
        throw name.error("two rounds are called '\(name.text)'")
      }
      let source: RoundRequest.Source
      let file: Located
      switch (entry["run"], entry["release"]) {
      case (let run?, nil):
        source = .run(run.path)
        file = run
      case (nil, let release?):
        source = .release(release.path)
        file = release
      default:
        throw entry.error(
          "a round has either a 'run' or a 'release'", remedy: "name the one that there is")
      }
      if case .release = source, let key = entry["sampling_units"] {
        throw key.error(
          "'sampling_units' needs a run", why: "published scores do not say how they were sampled")
      }
      let request = RoundRequest(
        name: name.text, year: Int((entry["year"] ?? name).text), source: source,
        sharesSamplingUnits: entry["sampling_units"]?.text != "independent", place: entry.place)
      if let absent = request.files.first(where: { !InputFile.isFile($0) }) {
        throw Diagnostic(
          .missingInput, "the round '\(name.text)' is not there: \(absent)", at: file.place,
          why: InputFile.reason(absent), remedy: "paths are relative to the pipeline file")
      }
      requests.append(request)
    }
    return requests
  }

  /// Checks that former rounds have what the structure and they say of each other.
  ///
  /// - Throws: `badPipeline` for a node that is declared the same as one that no round has, and for a table of
  ///   published scores of other nodes; the errors of reading them.
  func checkHistory(
    _ tree: IndexTree, _ rounds: [RoundRequest], places: [String: String]
  ) throws(Diagnostic) {
    if rounds.isEmpty { return }
    let ids = Set(tree.nodes.map(\.id))
    let claimed = Set(tree.nodes.compactMap(\.history.sameAs))
    var known = Set<String>()
    for round in rounds {
      let nodes: Set<String>
      do {
        nodes = try FormerRound.nodes(round, places: units.places)
      } catch let error as Diagnostic {
        throw error.located(at: round.place)
      } catch {
        throw Diagnostic(
          .inputOutput, "the round '\(round.name)' cannot be read", at: round.place, why: "\(error)"
        )
      }
      known.formUnion(nodes)
      if case .release = round.source, nodes.isDisjoint(with: ids.union(claimed)) {
        throw Diagnostic(
          .badPipeline, "the round '\(round.name)' has scores of none of the nodes of this index",
          at: round.place, why: "it has: \(BriefList.text(nodes.sorted(by: Column.precedes)))",
          remedy: "call nodes alike, or say 'same_as' in the structure")
      }
    }
    for node in tree.nodes {
      guard let same = node.history.sameAs, !known.contains(same) else { continue }
      throw Diagnostic(
        .badPipeline,
        "'\(node.id)' is declared the same as '\(same)', which no former round has",
        at: places[node.id],
        remedy: Suggestion.phrase(for: same, among: known.sorted(by: Column.precedes))
          ?? "correct 'same_as', or remove it")
    }
  }
}
