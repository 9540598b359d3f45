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
      case "base": steps.append(try base(request))
      case "nonresponse": steps.append(try nonresponse(request))
      case "post_stratify":
        let margins = try margins(request, over: [(request["over"]?.items ?? []).flatMap(\.texts)])
        if let margin = margins.first {
          steps.append(.postStratify(within: request["within"]?.text, margin: margin))
        }
      case "calibrate": steps.append(.calibrate(try calibration(request)))
      case "trim": steps.append(.trim(try trimming(request)))
      default: steps.append(try raking(request))
      }
    }
    return steps
  }

  private func base(_ value: Located) throws(Diagnostic) -> WeightingRequest {
    if value.isSingle { return .column(value.text) }
    let ways = ["inverse_of", "from", "column"].filter { value[$0] != nil }
    guard ways.count == 1 else {
      throw value.error(
        "the base weight needs one of 'column', 'inverse_of' and 'from'",
        why: ways.isEmpty ? "it has none" : "it has \(ways.joined(separator: " and "))")
    }
    if let missing = value["missing_weight"], value["column"] == nil {
      throw missing.error("'missing_weight' goes with 'column' alone")
    }
    if let probabilities = value["inverse_of"] { return .inverseOf(probabilities.texts) }
    if value["from"] != nil { return .design }
    return .column(
      value["column"]?.text ?? "", missingIsZero: value["missing_weight"]?.text == "zero")
  }

  private func nonresponse(_ value: Located) throws(Diagnostic) -> WeightingRequest {
    let cells = value["cells"]?.texts ?? []
    switch (value["respondent"], value["outcome"], value["codes"]) {
    case (let respondent?, nil, nil):
      return .nonresponse(cells: cells, by: .indicator(respondent.text))
    case (nil, let outcome?, let codes?):
      var values: [ResponseOutcome: [String]] = [:]
      for outcome in ResponseOutcome.allCases {
        values[outcome] = codes[outcome.rawValue]?.texts ?? []
      }
      return .nonresponse(
        cells: cells, by: OutcomeCodes(variable: outcome.text, values: values))
    default:
      throw value.error(
        "the nonresponse step needs 'respondent', or 'outcome' and 'codes'",
        why:
          "'respondent' is a variable of 1 and 0; 'outcome' one whose codes keep four outcomes apart",
        remedy: "keep one of the two")
    }
  }

  private func raking(_ value: Located) throws(Diagnostic) -> WeightingRequest {
    let residuals = value["residuals"].flatMap { ResidualRule(rawValue: $0.text) } ?? .calibrate
    if residuals == .rake, let share = value["share"] {
      throw share.error(
        "R's rule of residuals for 'rake' knows margins of counts alone",
        remedy: "use 'count', or 'residuals: calibrate'")
    }
    return .rake(
      within: value["within"]?.text,
      margins: try margins(value, over: (value["over"]?.items ?? []).map(\.texts)),
      tolerance: try tolerance(value),
      maximumSweeps: value["sweeps"].map { Int($0.number) } ?? 1000, residuals: residuals)
  }

  private func tolerance(_ value: Located) throws(Diagnostic) -> Double {
    guard let tolerance = value["tolerance"] else { return 1e-10 }
    guard tolerance.number >= 1e-13, tolerance.number < 1 else {
      throw tolerance.error(
        "'tolerance' must lie between 1e-13 and 1",
        why: "sums of weights are not exact beyond thirteen digits")
    }
    return tolerance.number
  }

  private func calibration(_ value: Located) throws(Diagnostic) -> CalibrationRequest {
    var request = CalibrationRequest(
      within: value["within"]?.text,
      distance: value["distance"].flatMap { CalibrationDistance(rawValue: $0.text) } ?? .linear,
      variance: value["variance"]?.text, equalWithin: value["equal_within"]?.texts ?? [],
      allowsNegative: value["negative_weights"]?.text == "allow",
      tolerance: try tolerance(value),
      maximumSteps: value["steps"].map { Int($0.number) } ?? 200)
    if let bounds = value["bounds"] {
      let numbers = bounds.items.map(\.number)
      guard numbers.count == 2, numbers[0] >= 0, numbers[0] < 1, numbers[1] > 1 else {
        throw bounds.error(
          "'bounds' are a least factor from 0 to below 1 and a greatest above 1",
          remedy: "write them as [0.5, 2]")
      }
      request.bounds = CalibrationBounds(lower: numbers[0], upper: numbers[1])
    } else if request.distance == .logit {
      throw (value["distance"] ?? value).error(
        "the logit distance has no 'bounds'", why: "its curve runs between them")
    }
    if request.allowsNegative, request.distance != .linear || request.bounds != nil,
      let allowed = value["negative_weights"]
    {
      throw allowed.error("only the linear distance without bounds can make negative weights")
    }
    if let over = value["over"] {
      request.margins = try margins(value, over: over.items.map(\.texts))
    } else if let file = value["margins"] {
      throw file.error("'margins' go with 'over', the variables")
    }
    if let totals = value["totals"] { try self.totals(totals, of: value, into: &request) }
    guard request.population != nil || !request.totals.isEmpty || !request.margins.isEmpty else {
      throw value.error(
        "the calibration has no target", remedy: "give 'margins' and 'over', or 'totals'")
    }
    return request
  }

  /// Totals from a table with one row for each group.
  private func totals(
    _ value: Located, of step: Located, into request: inout CalibrationRequest
  ) throws(Diagnostic) {
    guard let file = value["file"] else { throw value.error("'file' is missing") }
    if value["people"] == nil, value["of"] == nil {
      throw value.error("'totals' name no column", remedy: "give 'of' or 'people'")
    }
    let table = try file.table()
    let groups = try groups(step, table)
    var first: [String: Int] = [:]
    for (row, group) in groups.enumerated() {
      if let other = first.updateValue(row, forKey: group) {
        throw Diagnostic(
          .badData, "a group has two rows of totals", at: table.place(of: row),
          why: "the other is \(table.place(of: other))",
          remedy: group.isEmpty ? "keep one row, or name the groups under 'within'" : "keep one row"
        )
      }
    }
    func column(_ name: Located) throws(Diagnostic) -> [String: Double] {
      let column = try name.column(name.text, of: table)
      var targets: [String: Double] = [:]
      for (row, group) in groups.enumerated() {
        guard let number = column.number(at: row), number.isFinite else {
          throw Diagnostic(
            .badData, "the total '\(name.text)' is not a number", at: table.place(of: row))
        }
        targets[group] = number
      }
      return targets
    }
    if let people = value["people"] { request.population = try column(people) }
    for name in value["of"]?.items ?? [] {
      request.totals.append(
        PopulationTotal(variable: name.text, targets: try column(name)))
    }
  }

  private func trimming(_ value: Located) throws(Diagnostic) -> TrimmingRequest {
    let rest: TrimmingRequest.Rest =
      switch value["rest"]?.text {
      case "once": .once
      case "keep_totals": .keepTotals
      default: .strict
      }
    let request = TrimmingRequest(
      within: value["within"]?.text,
      upper: try value["above"].map { value throws(Diagnostic) in try limit(value) },
      lower: try value["below"].map { value throws(Diagnostic) in try limit(value) }, rest: rest)
    guard request.upper != nil || request.lower != nil else {
      throw value.error("the trimming has no limit", remedy: "give 'above', 'below' or both")
    }
    do { try request.check() } catch { throw error.located(at: (value["below"] ?? value).place) }
    return request
  }

  /// `250`, `5 * median`, `3 * mean`, `quantile 0.99`.
  private func limit(_ value: Located) throws(Diagnostic) -> WeightLimit {
    let words = value.text.split(separator: " ").map(String.init)
    var limit: WeightLimit?
    if words.count == 1, let number = StrictNumber.parse(words[0]) {
      limit = .absolute(number)
    } else if words.count == 3, words[1] == "*", let number = StrictNumber.parse(words[0]) {
      limit =
        words[2] == "median" ? .timesMedian(number) : words[2] == "mean" ? .timesMean(number) : nil
    } else if words.count == 2, words[0] == "quantile", let number = StrictNumber.parse(words[1]),
      number < 1
    {
      limit = .quantile(number)
    }
    let factor = words.compactMap { StrictNumber.parse($0) }.first ?? 0
    guard let limit, factor > 0 else {
      throw value.error(
        "'\(value.text)' is no limit of weights",
        remedy: "write a weight, '5 * median', '3 * mean' or 'quantile 0.99'")
    }
    return limit
  }
}
