import CanvassSurvey

/// What the columns of one group's auxiliary variables must add up to, and what they are called.
struct CalibrationTargets: Sendable {
  /// One a column: intercept, totals, levels of the margins.
  var targets: [Double] = []
  /// The share of the group's people, for columns of share margins; nil: the target is a total.
  var shares: [Double?] = []
  /// What each column is called in messages.
  var names: [String] = []
  /// The columns of each target that a message speaks of: `total`, a margin.
  var blocks: [Range<Int>] = []
  /// The number of people that the targets imply; nil where none does.
  let people: Double?

  /// The targets of one group.
  ///
  /// - Throws: `notConverged` where a group has no target, or the numbers of people contradict each other.
  init(
    _ request: CalibrationRequest, group: String, name: String, margins: [MarginTable]
  ) throws(Diagnostic) {
    try margins.checkTotals(step: "calibration", group: name)
    var people: Double?
    if let population = request.population {
      guard let number = population[group] else {
        throw CalibrationTargets.missing("the number of people", name)
      }
      people = number
      targets.append(number)
      shares.append(nil)
      names.append("the number of people")
      blocks.append(0..<1)
    }
    for total in request.totals {
      guard let target = total.targets[group] else {
        throw CalibrationTargets.missing("the total of '\(total.variable)'", name)
      }
      blocks.append(targets.count..<targets.count + 1)
      targets.append(target)
      shares.append(nil)
      names.append("the total of '\(total.variable)'")
    }
    for margin in margins {
      let title = margin.variables.joined(separator: " × ")
      if !margin.isShare {
        if let people, abs(people - margin.total) > 1e-6 * people {
          throw Diagnostic(
            .notConverged,
            "the margin '\(title)' of \(name) has the total \(margin.total), "
              + "but the number of people is \(people)",
            why: "the calibration cannot meet both; they may differ by one part in a million",
            remedy: "take both from one source and date, or scale one to the other")
        }
        people = people ?? margin.total
      }
      blocks.append(targets.count..<targets.count + margin.levels.count)
      for (level, target) in zip(margin.levels, margin.targets) {
        targets.append(margin.isShare ? 0 : target)
        shares.append(margin.isShare ? target : nil)
        names.append(Crossing.describe(margin.variables, level))
      }
    }
    self.people = people
  }

  private static func missing(_ what: String, _ group: String) -> Diagnostic {
    Diagnostic(
      .notConverged, "\(what) of \(group) is not given",
      why: "the data has rows of this group, the table of totals does not",
      remedy: "add the group to the table, or leave its rows out")
  }
}
