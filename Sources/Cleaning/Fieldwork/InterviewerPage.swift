import CanvassSurvey

/// What the interviews of each interviewer look like.
struct InterviewerPage {
  let table: Table
  let request: FieldworkRequest
  let interviews: [Int]

  /// What is counted for one interviewer.
  private struct Tally {
    var interviews = 0
    var minutes: [Double] = []
    var far = 0
    var lines = 0
    var straight = 0
    var asked = 0
    var dontKnow = 0
    var unanswered = 0
    var alike = 0
    var odd = 0
    var timed = 0
    var displaced = 0
    var placed = 0
  }

  /// One line an interviewer.
  func lines() throws(Diagnostic) -> FieldworkTable {
    let schema = Schema(table)
    func columns(_ patterns: [String], of key: String) throws(Diagnostic) -> [Column] {
      do {
        let names = patterns.isEmpty ? [] : try NamePattern.names(patterns, in: schema)
        return table.columns.filter { names.contains($0.name) }
      } catch var error {
        error.place = "fieldwork \(key)"
        throw error
      }
    }
    let items = try columns(request.items, of: "items")
    let scales = try columns(request.scales, of: "scales")
    let who = try table.column(request.interviewer)
    let minutes = try numbers(request.minutes)
    let started = try hours(request.started)
    let spread = Spread(ofPositive: interviews.compactMap { minutes?[$0] })
    let likeness = likeness(items, who)
    let distance = try distances()
    var tallies: [String: Tally] = [:]
    for row in interviews {
      let name = who.text(at: row) ?? "-"
      var tally = tallies[name] ?? Tally()
      tally.interviews += 1
      if let minutes = minutes?[row] {
        tally.minutes.append(minutes)
        if let spread, !spread.inside.contains(minutes) { tally.far += 1 }
      }
      for item in items {
        switch item.reason(at: row) {
        case nil: tally.asked += 1
        case .dontKnow:
          tally.asked += 1
          tally.dontKnow += 1
        case .refused, .blank:
          tally.asked += 1
          tally.unanswered += 1
        case .skipped, .notSelected, .struckOut: break
        }
      }
      let answers = scales.compactMap { $0.text(at: row) }
      if answers.count >= 3 {
        tally.lines += 1
        if Set(answers).count == 1 { tally.straight += 1 }
      }
      if let best = likeness[row], best >= request.likeness { tally.alike += 1 }
      if let hour = started?[row] {
        tally.timed += 1
        if !request.hours.contains(hour) { tally.odd += 1 }
      }
      if let distance = distance?[row] {
        tally.placed += 1
        if distance > request.positions?.kilometres ?? .infinity { tally.displaced += 1 }
      }
      tallies[name] = tally
    }
    return FieldworkTable(
      title: LocalizedText(
        en: "Interviewers (shares with 95 % intervals, as if interviews were independent)",
        vi: "Điều tra viên (tỷ lệ kèm khoảng 95 %, coi các phỏng vấn là độc lập)"),
      name: "interviewers", columns: InterviewerPage.columns,
      rows: tallies.keys.sorted(by: Column.precedes).map { line($0, tallies[$0] ?? Tally()) })
  }

  private static let columns: [FieldworkTable.Heading] = {
    let words: [(String, String, String)] = [
      ("interviewer", "interviewer", "điều tra viên"), ("interviews", "interviews", "phỏng vấn"),
      ("median_minutes", "median minutes", "phút (trung vị)"),
      ("far_out_durations", "far-out durations", "thời lượng bất thường"),
      ("straight_lining", "straight-lining", "trả lời một mạch"),
    ]
    let shares: [(String, String, String)] = [
      ("dont_know", "don't know", "không biết"), ("nonresponse", "no answer", "không trả lời"),
    ]
    let last: [(String, String, String)] = [
      ("near_identical", "nearly alike", "gần giống nhau"), ("odd_hours", "odd hours", "giờ lạ"),
      ("displaced", "out of place", "sai địa điểm"),
    ]
    func column(_ word: (String, String, String)) -> FieldworkTable.Heading {
      .init(word.0, en: word.1, vi: word.2)
    }
    return words.map(column)
      + shares.flatMap { word in
        [
          column(word), column((word.0 + "_low", "from", "từ")),
          column((word.0 + "_high", "to", "đến")),
        ]
      } + last.map(column)
  }()

  private func line(_ name: String, _ tally: Tally) -> [FieldworkTable.Cell] {
    func share(_ count: Int, _ total: Int) -> FieldworkTable.Cell {
      .share(total == 0 ? nil : Double(count) / Double(total))
    }
    func interval(_ count: Int, _ total: Int) -> [FieldworkTable.Cell] {
      let interval = ShareInterval(count, of: total)
      return [.share(interval?.share), .share(interval?.low), .share(interval?.high)]
    }
    let sorted = tally.minutes.sorted()
    return [
      .text(name), .count(tally.interviews),
      .number(sorted.isEmpty ? nil : Spread.quantile(0.5, of: sorted), digits: 1),
      .count(tally.far), share(tally.straight, tally.lines),
    ] + interval(tally.dontKnow, tally.asked) + interval(tally.unanswered, tally.asked) + [
      .count(tally.alike), share(tally.odd, tally.timed), share(tally.displaced, tally.placed),
    ]
  }

  private func numbers(_ name: String?) throws(Diagnostic) -> [Double?]? {
    guard let name else { return nil }
    let column = try table.column(name)
    guard column.isNumeric else {
      throw Diagnostic(
        .badPipeline, "'\(name)' holds texts, and field work needs its numbers",
        remedy: "name a variable of numbers")
    }
    return (0..<table.rowCount).map { column.number(at: $0) }
  }

  private func hours(_ name: String?) throws(Diagnostic) -> [Double?]? {
    guard let name else { return nil }
    let column = try table.column(name)
    return (0..<table.rowCount).map { row in
      column.text(at: row).flatMap { DateText($0) }?.value(.hour)
    }
  }

  /// The greatest share of answers that an interview has in common with another of the same interviewer.
  private func likeness(_ items: [Column], _ who: Column) -> [Int: Double] {
    if items.isEmpty { return [:] }
    let match = PercentMatch(items)
    let (levelOfRow, levels) = who.grouped()
    var groups = [[Int]](repeating: [], count: levels.count + 1)
    for row in interviews { groups[Int(levelOfRow[row])].append(row) }
    var shares: [Int: Double] = [:]
    for group in groups {
      for (row, best) in zip(group, match.greatest(among: group)) { shares[row] = best?.share }
    }
    return shares
  }

  /// Kilometres between each interview and the middle (the median in each direction) of its cluster.
  private func distances() throws(Diagnostic) -> [Double?]? {
    guard let positions = request.positions, let latitude = try numbers(positions.latitude),
      let longitude = try numbers(positions.longitude)
    else { return nil }
    let (levelOfRow, levels) = try table.column(positions.cluster).grouped()
    var rows = [[Int]](repeating: [], count: levels.count + 1)
    for row in interviews where latitude[row] != nil && longitude[row] != nil {
      rows[Int(levelOfRow[row])].append(row)
    }
    var distances = [Double?](repeating: nil, count: table.rowCount)
    for group in rows where !group.isEmpty {
      let middle = GlobePoint(
        latitude: Spread.quantile(0.5, of: group.compactMap { latitude[$0] }.sorted()),
        longitude: Spread.quantile(0.5, of: group.compactMap { longitude[$0] }.sorted()))
      for row in group {
        guard let up = latitude[row], let across = longitude[row] else { continue }
        distances[row] = middle.kilometres(to: GlobePoint(latitude: up, longitude: across))
      }
    }
    return distances
  }
}
