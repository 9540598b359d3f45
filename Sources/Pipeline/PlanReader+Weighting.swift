import CanvassSurvey
import CanvassWeighting

extension PlanReader {
  /// The weighting steps in the order of the file.
  func weighting(_ value: Located?) throws(Diagnostic) -> [WeightingRequest] {
    var steps: [WeightingRequest] = []
    for step in value?.items ?? [] {
      guard step.entries.count == 1, let (kind, request) = step.entries.first else {
        throw step.error("a weighting step has one key", remedy: "begin each step with '- '")
      }
      if (kind.text == "base") != steps.isEmpty {
        throw kind.error(
          steps.isEmpty ? "the first weighting step must be 'base'" : "there is one base weight")
      }
      switch kind.text {
      case "base":
        if let probabilities = request["inverse_of"] {
          steps.append(.inverseOf(probabilities.texts))
        } else {
          steps.append(.column(request.text))
        }
      case "nonresponse":
        steps.append(
          .nonresponse(
            cells: request["cells"]?.texts ?? [], respondent: request["respondent"]?.text ?? ""))
      case "post_stratify":
        for key in ["tolerance", "sweeps"] {
          if let value = request[key] {
            throw value.error("'\(key)' belongs to raking; post-stratification needs no sweeps")
          }
        }
        let over = request["over"]?.texts ?? []
        let margins = try margins(request, over: [over])
        if let margin = margins.first {
          steps.append(.postStratify(within: request["within"]?.text, margin: margin))
        }
      default:
        let over = request["over"]?.texts ?? []
        let tolerance = request["tolerance"]
        if let tolerance, tolerance.number <= 0 {
          throw tolerance.error("'tolerance' must be positive")
        }
        steps.append(
          .rake(
            within: request["within"]?.text,
            margins: try margins(request, over: over.map { [$0] }),
            tolerance: tolerance?.number ?? 1e-10,
            maximumSweeps: request["sweeps"].map { Int($0.number) } ?? 1000))
      }
    }
    return steps
  }

  /// Margins summed from a table of counts by the variables of `over`, within the groups.
  private func margins(_ request: Located, over: [[String]]) throws(Diagnostic) -> [Margin] {
    guard let file = request["margins"], let count = request["count"] else {
      throw request.error("'margins' and 'count' are missing")
    }
    let table = try table(file)
    let counts = try tableColumn(count.text, of: table, file: count)
    let within = try request["within"].map { value throws(Diagnostic) in
      try tableColumn(value.text, of: table, file: value)
    }
    let isUnit = request["within"]?.text == root["units"]?["variable"]?.text
    let places =
      isUnit
      ? try root["units"].map { value throws(Diagnostic) in
        try units(value).places
      } ?? nil : nil
    var margins: [Margin] = []
    for variables in over {
      var columns: [Column] = []
      for name in variables {
        columns.append(try tableColumn(name, of: table, file: request["over"] ?? request))
      }
      var targets: [String: [[String]: Double]] = [:]
      for row in 0..<table.rowCount {
        guard let number = counts.number(at: row), number >= 0 else {
          throw Diagnostic(
            .badData, "a margin needs a count that is not negative", at: table.place(of: row))
        }
        var group = ""
        if let within {
          guard let name = within.text(at: row) else {
            throw Diagnostic(.badData, "a margin has no group", at: table.place(of: row))
          }
          group = name
          if let places {
            guard let index = places.index(of: name) else {
              throw Diagnostic(
                .badData, "'\(name)' is no unit of the places file", at: table.place(of: row))
            }
            group = places.units[index].code
          }
        }
        var levels: [String] = []
        for column in columns {
          guard let level = column.text(at: row) else {
            throw Diagnostic(
              .badData, "a margin has no level of '\(column.name)'", at: table.place(of: row))
          }
          levels.append(level)
        }
        targets[group, default: [:]][levels, default: 0] += number
      }
      margins.append(Margin(variables: variables, targets: targets))
    }
    return margins
  }
}
