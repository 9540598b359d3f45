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
}
