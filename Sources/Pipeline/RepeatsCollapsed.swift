import CanvassCleaning
import CanvassCompute
import CanvassIngestion
import CanvassSurvey

extension SurveyRequest {
  /// What was read, with the variables that repeated groups become.
  func collapsed(_ ingested: Ingested, workers: Workers) throws(Diagnostic) -> Ingested {
    var ingested = ingested
    for (request, group) in zip(collapse, ingested.repeats) {
      ingested.table = try request.collapse(
        group, into: ingested.table, codebook: ingested.codebook, missing: cleaning.missing,
        workers: workers)
    }
    return ingested
  }
}

extension PlanReader {
  /// `ingest.collapse`: what is read of every repeated group, and what becomes of it.
  func repeats(
    _ ingest: Located
  ) throws(Diagnostic) -> (read: [RepeatRequest], collapse: [CollapseRequest]) {
    var read: [RepeatRequest] = []
    var collapse: [CollapseRequest] = []
    var names = Set<String>()
    for (name, value) in ingest["collapse"]?.entries ?? [] {
      guard let key = value["by"]?.text,
        let parentKey = (value["key"] ?? ingest["respondents"]?["key"])?.text
      else {
        throw value.error(
          "a repeated group needs the key of the respondents",
          remedy: "add 'key:' under 'respondents'")
      }
      read.append(
        RepeatRequest(
          source: try source(value, members: value["members"]?.text ?? ""), key: key,
          parentKey: parentKey))
      var measures: [CollapseRequest.Measure] = []
      for (made, text) in value["make"]?.entries ?? [] {
        guard names.insert(made.text).inserted else {
          throw made.error("'\(made.text)' is made twice")
        }
        do {
          measures.append(
            try CollapseRequest.Measure(name: made.text, text: text.text, at: text.textPlace))
        } catch {
          throw error.located(at: text.place)
        }
      }
      var request = CollapseRequest(
        name: name.text, key: key, parentKey: parentKey, measures: measures)
      request.missing = (value["missing"]?.items ?? []).map(missingRule)
      collapse.append(request)
    }
    return (read, collapse)
  }
}
