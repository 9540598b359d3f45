import CanvassSurvey

/// The groups of one node's units from the highest scores down, and their colours.
struct UnitGroups {
  /// The names in the rows, the highest scores first.
  let names: [String]
  /// What groups are called, by the name in the rows.
  let titles: [String: LocalizedText]

  init(_ rows: ReleasedRows, node: String, titles: [String: LocalizedText]) {
    names = rows.groupsByScore(node: node)
    self.titles = titles
  }

  /// The unit's place on the ramp of colours; nil where it has no score.
  func step(of row: ScoreRow) -> Int? {
    guard row.score != nil else { return nil }
    guard let group = row.group, let place = names.firstIndex(of: group) else {
      return ColorRamp.step(0, of: 1)
    }
    return step(place)
  }

  /// The place on the ramp of group `place`, 0 the highest.
  func step(_ place: Int) -> Int {
    ColorRamp.step(names.count - 1 - place, of: names.count)
  }

  /// What a group is called.
  func title(_ name: String) -> LocalizedText {
    titles[name] ?? Phrase.group(name)
  }
}

extension ReleasedRows {
  /// The whole units at a node, in the order of the rows.
  func units(node: String) -> [ScoreRow] {
    scores.filter { $0.isUnit && $0.node == node && $0.domain.isEmpty }
  }

  /// The whole units at a node as people read them: the highest group first, within it by rank or, where
  /// ranks are not published, in the order of the rows; those without a score last.
  func inReadingOrder(node: String) -> [ScoreRow] {
    let units = units(node: node)
    let groups = groupsByScore(node: node)
    let places = units.map { row in
      let group = row.group.flatMap { groups.firstIndex(of: $0) } ?? groups.count
      return (row.score == nil ? 1 : 0, group, row.rank ?? Int.max)
    }
    return units.indices.sorted { first, second in
      places[first] == places[second] ? first < second : places[first] < places[second]
    }.map { units[$0] }
  }

  /// The names of groups at a node, the highest scores first.
  func groupsByScore(node: String) -> [String] {
    var best: [String: Double] = [:]
    var names: [String] = []
    for row in units(node: node) {
      guard let group = row.group, let score = row.score else { continue }
      if best[group] == nil { names.append(group) }
      best[group] = max(best[group] ?? score, score)
    }
    return names.sorted { (best[$0] ?? 0) > (best[$1] ?? 0) }
  }
}
