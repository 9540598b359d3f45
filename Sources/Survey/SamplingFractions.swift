/// Finds how large a part of each stratum of a level was drawn, and refuses what cannot be.
struct SamplingFractions {
  let levels: DesignLevels
  let depth: Int
  let order: [Int]
  let table: Table

  /// m/M of each stratum, 0 with replacement; rows without a stage at this level count as taken whole.
  ///
  /// - Throws: `badData` for a population below the units drawn, a fraction outside (0, 1], a value that
  ///   is missing or differs within a stratum.
  func fractions(
    unitStarts: [Int], rowStarts: [Int], names: [String]
  ) throws(Diagnostic) -> [Double] {
    var result: [Double] = []
    for stratum in 0..<max(0, unitStarts.count - 1) {
      let units = unitStarts[stratum]..<unitStarts[stratum + 1]
      let end =
        units.upperBound < rowStarts.count ? rowStarts[units.upperBound] : order.count
      let positions = rowStarts[units.lowerBound]..<end
      let stage = Int(levels.levels[depth].stageOfRow[order[positions.lowerBound]])
      guard stage >= 0 else {
        result.append(levels.request.stages.isEmpty ? 0 : 1)
        continue
      }
      switch levels.request.stages[stage].size {
      case .withReplacement:
        result.append(0)
      case .population(let name):
        let size = try constant(name, positions, names[stratum])
        guard size >= Double(units.count) else {
          throw Diagnostic(
            .badData,
            "the stratum '\(names[stratum])' has \(units.count) sampled units, but a smaller "
              + "population in '\(name)'",
            at: table.place(of: order[positions.lowerBound]),
            why: "a sample without replacement cannot exceed its population",
            remedy: "correct '\(name)'; it counts units of this stage in the row's stratum")
        }
        result.append(Double(units.count) / size)
      case .fraction(let name):
        let fraction = try constant(name, positions, names[stratum])
        guard fraction <= 1 else {
          throw Diagnostic(
            .badData,
            "the sampling fraction '\(name)' of the stratum '\(names[stratum])' is above 1",
            at: table.place(of: order[positions.lowerBound]),
            remedy: "fractions lie above 0 and at most at 1; for counts use 'population'")
        }
        result.append(fraction)
      }
    }
    return result
  }

  private func constant(
    _ name: String, _ positions: Range<Int>, _ stratum: String
  ) throws(Diagnostic) -> Double {
    try table.constant(
      name, in: order[positions], of: stratum,
      meaning: "it says how large a part of the row's stratum was drawn")
  }
}

extension Table {
  /// The one positive number that a column holds in all `rows` of a stratum.
  ///
  /// - Throws: `badData` for a value that is missing, not above 0, or differs from the others.
  fileprivate func constant(
    _ name: String, in rows: ArraySlice<Int>, of stratum: String, meaning: String
  ) throws(Diagnostic) -> Double {
    let column = try column(name)
    var value: Double?
    for row in rows {
      guard let number = column.number(at: row), number > 0, number.isFinite else {
        throw Diagnostic(
          .badData, "'\(name)' is not a number above 0 in a row", at: place(of: row),
          why: meaning, remedy: "complete the column, or drop such rows with a check")
      }
      if let value, abs(value - number) > 1e-9 * value {
        throw Diagnostic(
          .badData, "'\(name)' differs within the stratum '\(stratum)'", at: place(of: row),
          why: "a stratum has one population",
          remedy: "correct the column, or list the variables that make the strata")
      }
      value = value ?? number
    }
    return value ?? 0
  }
}

extension UnequalProbabilityRequest {
  /// The probabilities of a stage's units, checked.
  ///
  /// - Throws: `badData` for a probability that is missing, not in (0, 1], or differs within a unit, and
  ///   for units without a joint probability; `badPipeline` where the method `joint` has no matrix.
  func sampling(
    _ stage: SamplingStage, rowStarts: [Int], order: [Int], table: Table
  ) throws(Diagnostic) -> UnequalProbabilitySampling {
    let column = try table.column(probability)
    var probabilities: [Double] = []
    for unit in 0..<stage.unitCount {
      let end = unit + 1 < rowStarts.count ? rowStarts[unit + 1] : order.count
      for position in rowStarts[unit]..<end {
        let row = order[position]
        guard let value = column.number(at: row), value > 0, value <= 1 else {
          throw Diagnostic(
            .badData, "the selection probability '\(probability)' is not above 0 and at most 1",
            at: table.place(of: row),
            remedy: "probabilities are fractions, not percentages; correct the row or drop it")
        }
        if position == rowStarts[unit] {
          probabilities.append(value)
        } else if abs(value - probabilities[unit]) > 1e-9 * value {
          throw Diagnostic(
            .badData, "the selection probability '\(probability)' differs within a sampling unit",
            at: table.place(of: row), remedy: "correct the column: a unit has one probability")
        }
      }
    }
    return UnequalProbabilitySampling(
      probabilities: probabilities, method: method, estimator: estimator,
      joint: method == .joint ? try joint(of: stage, table) : [],
      populationSquares: try populationSquares.map { squares throws(Diagnostic) in
        try self.squares(
          squares, probabilities, stage, rowStarts: rowStarts, order: order, table: table)
      })
  }

  /// Σ π² of each stratum's population, which the sampled units are a part of.
  private func squares(
    _ squares: PopulationSquares, _ probabilities: [Double], _ stage: SamplingStage,
    rowStarts: [Int], order: [Int], table: Table
  ) throws(Diagnostic) -> [Double] {
    var result: [Double] = []
    for stratum in 0..<stage.stratumCount {
      let units = stage.units(of: stratum)
      let end = units.upperBound < rowStarts.count ? rowStarts[units.upperBound] : order.count
      let name = stage.stratumNames[stratum]
      let sum: Double
      switch squares {
      case .number(let number): sum = number
      case .variable(let variable):
        sum = try table.constant(
          variable, in: order[rowStarts[units.lowerBound]..<end], of: name,
          meaning: "it is the sum of the squared selection probabilities in the row's stratum")
      }
      let sampled = units.reduce(0) { $0 + probabilities[$1] * probabilities[$1] }
      guard sum >= sampled * (1 - 1e-9), sum.isFinite else {
        throw Diagnostic(
          .badData,
          "the sum of squared probabilities of the population is below that of the sampled units "
            + "of '\(name)'", at: table.place(of: order[rowStarts[units.lowerBound]]),
          why: "the sum goes over all units of the population, and the sampled ones are among them",
          remedy: "correct 'population_squares': the sum itself, not divided by the sample size; "
            + "without it the sum is estimated")
      }
      result.append(sum)
    }
    return result
  }

  /// The joint probabilities of each stratum's units, row-major.
  private func joint(of stage: SamplingStage, _ table: Table) throws(Diagnostic) -> [[Double]] {
    guard let joint else {
      throw Diagnostic(
        .badPipeline, "the method 'joint' has no joint probabilities",
        remedy: "name the table of joint probabilities, or use another method")
    }
    var index: [String: Int] = [:]
    for (position, unit) in joint.units.enumerated() { index[unit] = position }
    var result: [[Double]] = []
    for stratum in 0..<stage.stratumCount {
      var places: [Int] = []
      for unit in stage.units(of: stratum) {
        guard let place = index[stage.unitNames[unit]] else {
          throw Diagnostic(
            .badData,
            "a sampled unit of '\(stage.stratumNames[stratum])' has no joint probabilities",
            remedy: "the table of joint probabilities needs a row and a column for every unit")
        }
        places.append(place)
      }
      var block: [Double] = []
      for first in places {
        for second in places {
          let value = joint.matrix[first * joint.units.count + second]
          guard value > 0, value <= 1 else {
            throw Diagnostic(
              .badData, "a joint selection probability is not above 0 and at most 1",
              why: "pairs that could not be drawn together have no unbiased variance",
              remedy: "correct the table, or use an approximation such as hartley_rao")
          }
          block.append(value)
        }
      }
      result.append(block)
    }
    return result
  }
}
