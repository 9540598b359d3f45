import CanvassSurvey

extension PlanReader {
  /// How the sample was drawn.
  func design(_ value: Located?) throws(Diagnostic) -> DesignRequest {
    guard let value else { return DesignRequest() }
    var stages: [DesignRequest.Stage] = []
    for stage in value["stages"]?.items ?? [] { stages.append(try self.stage(stage)) }
    var certainty: DesignRequest.Certainty?
    if let entries = value["certainty"]?.entries, let first = entries.first {
      if entries.count > 1 {
        throw entries[1].key.error(
          "certainty below the first stage is not supported", remedy: "keep the first stage's")
      }
      certainty = DesignRequest.Certainty(unit: first.key.text, flag: first.value.text)
    }
    return DesignRequest(
      stages: stages, certainty: certainty,
      lonely: value["lonely_psu"].flatMap { LonelyPolicy(rawValue: $0.text) } ?? .fail,
      lonelyInDomains: value["lonely_psu_in_domains"]?.text == "adjust",
      ultimateCluster: value["stages_in_variance"]?.text == "first")
  }

  private func stage(_ value: Located) throws(Diagnostic) -> DesignRequest.Stage {
    let size: StageSize
    switch (value["population"], value["fraction"]) {
    case (nil, nil): size = .withReplacement
    case (let population?, nil): size = .population(population.text)
    case (nil, let fraction?): size = .fraction(fraction.text)
    case (_, let fraction?):
      throw fraction.error(
        "a stage has both a population and a fraction", remedy: "keep one of the two")
    }
    var stage = DesignRequest.Stage(
      strata: value["strata"]?.texts ?? [], unit: value["unit"]?.text, size: size)
    stage.unequal = try value["unequal"].map { value throws(Diagnostic) in try unequal(value) }
    if stage.unequal != nil, size != .withReplacement {
      throw value.error(
        "a stage has unequal probabilities and a population or fraction",
        why: "with unequal probabilities the probabilities themselves are the correction",
        remedy: "keep one of the two")
    }
    return stage
  }

  private func unequal(_ value: Located) throws(Diagnostic) -> UnequalProbabilityRequest {
    guard let probability = value["probability"], let name = value["method"],
      let method = UnequalProbabilityMethod(rawValue: name.text)
    else { throw value.error("'unequal' needs a probability and a method") }
    if let estimator = value["estimator"], method == .brewer {
      throw estimator.error("Brewer's method has no joint probabilities to choose a form for")
    }
    guard (value["joint"] != nil) == (method == .joint) else {
      throw (value["joint"] ?? name).error(
        method == .joint
          ? "the method 'joint' needs a table of joint probabilities"
          : "a table of joint probabilities goes with 'method: joint' alone",
        remedy: method == .joint
          ? "add 'joint: FILE', a square table whose first column and header name the units"
          : "remove 'joint', or use 'method: joint'")
    }
    if let squares = value["population_squares"], method != .hartleyRao {
      throw squares.error(
        "'population_squares' goes with 'method: hartley_rao' alone",
        remedy: "remove 'population_squares', or use 'method: hartley_rao'")
    }
    return UnequalProbabilityRequest(
      probability: probability.text, method: method,
      estimator: value["estimator"].flatMap { JointProbabilityEstimator(rawValue: $0.text) }
        ?? .yatesGrundy,
      joint: try value["joint"].map { joint throws(Diagnostic) in try matrix(joint) },
      populationSquares: value["population_squares"].map { squares in
        StrictNumber.parse(squares.text).map { .number($0) } ?? .variable(squares.text)
      })
  }

  /// A square table: the first column names the units of the rows, the header those of the columns.
  private func matrix(_ value: Located) throws(Diagnostic) -> JointProbabilities {
    let table = try value.table()
    guard let first = table.columns.first, table.columns.count == table.rowCount + 1 else {
      throw value.error(
        "the table of joint probabilities is not square",
        why:
          "it has \(table.rowCount) rows and \(max(0, table.columns.count - 1)) columns of numbers",
        remedy: "one row and one column for each sampled unit, units named in the first column")
    }
    var units: [String] = []
    for row in 0..<table.rowCount {
      guard let unit = first.text(at: row) else {
        throw Diagnostic(.badData, "a row names no unit", at: table.place(of: row))
      }
      units.append(unit)
    }
    var matrix: [Double] = []
    for row in 0..<table.rowCount {
      for unit in units {
        guard let number = try value.column(unit, of: table).number(at: row) else {
          throw Diagnostic(
            .badData, "a joint probability is missing", at: table.place(of: row),
            remedy: "complete the table")
        }
        matrix.append(number)
      }
    }
    return JointProbabilities(units: units, matrix: matrix)
  }
}
