import CanvassCleaning
import CanvassSurvey

/// What is asked about the field period, and the variables that it names.
struct FieldworkPlan {
  let request: FieldworkRequest
  let uses: [VariableUse]
}

extension PlanReader {
  /// What is asked about the field period: the key `fieldwork`; nil where it is absent.
  func fieldwork() throws(Diagnostic) -> FieldworkPlan? {
    guard let value = root["fieldwork"], let interviewer = value["interviewer"] else { return nil }
    guard root["ingest"] != nil else {
      throw value.error("'fieldwork' needs respondents, and 'published' has none")
    }
    var request = FieldworkRequest(interviewer: interviewer.text)
    request.outcome = value["outcome"]?.text
    request.started = value["started"]?.text
    request.minutes = value["minutes"]?.text
    request.age = value["age"]?.text
    request.items = value["items"]?.texts ?? []
    request.scales = value["scales"]?.texts ?? []
    if let hours = value["hours"] {
      let ends = hours.items.map(\.number)
      guard ends.count == 2, ends[0] < ends[1], ends[0] >= 0, ends[1] <= 24 else {
        throw hours.error("'hours' must be two hours of the day, the earlier one first")
      }
      request.hours = ends[0]...ends[1]
    }
    if let likeness = value["likeness"] {
      guard likeness.number > 0, likeness.number <= 1 else {
        throw likeness.error("'likeness' must lie above 0 and not above 1")
      }
      request.likeness = likeness.number
    }
    if let positions = value["positions"] {
      request.positions = FieldworkRequest.Positions(
        latitude: positions["latitude"]?.text ?? "", longitude: positions["longitude"]?.text ?? "",
        cluster: positions["cluster"]?.text ?? "",
        kilometres: positions["kilometres"]?.number ?? 5)
    }
    for quota in value["quota"]?.items ?? [] { request.quotas.append(try self.quota(quota)) }
    return FieldworkPlan(request: request, uses: fieldUses())
  }

  private func quota(_ value: Located) throws(Diagnostic) -> FieldworkRequest.Quota {
    var quota = FieldworkRequest.Quota(by: value["by"]?.text ?? "")
    guard let file = value["file"] else { return quota }
    guard let count = value["count"] else { throw value.error("a quota with a file needs 'count'") }
    let table = try file.table()
    let levels = try file.column(quota.by, of: table)
    let counts = try count.column(count.text, of: table)
    let places = quota.by == units.variable ? units.places : nil
    var wanted: [String: Double] = [:]
    for row in 0..<table.rowCount {
      guard let level = levels.text(at: row), let number = counts.number(at: row), number >= 0
      else {
        throw Diagnostic(
          .badData, "a quota needs a level and a count that is not negative",
          at: table.place(of: row))
      }
      let code = places.flatMap { places in places.index(of: level).map { places.units[$0].code } }
      wanted[code ?? level, default: 0] += number
    }
    quota.wanted = wanted
    return quota
  }
}
