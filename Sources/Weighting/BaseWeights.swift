import CanvassSurvey

/// The weight that the sampling itself gives to each row.
enum BaseWeights {
  /// The weights of a column: finite and not negative; 0 keeps the row in the design only.
  ///
  /// - Parameter missingIsZero: whether a row without a weight has the weight 0 instead of being an error.
  static func column(
    _ name: String, of table: Table, missingIsZero: Bool
  ) throws(Diagnostic) -> [Double] {
    let column = try numeric(name, of: table, role: "a base weight")
    var weights = [Double](repeating: 0, count: table.rowCount)
    for row in weights.indices {
      guard let weight = column.number(at: row) else {
        if missingIsZero { continue }
        throw missing(name, table.place(of: row), role: "base weight")
      }
      guard weight.isFinite, weight >= 0 else {
        throw Diagnostic(
          .badData, "the base weight '\(name)' is negative or not a finite number",
          at: table.place(of: row), remedy: "correct the weight, or drop such rows with a check")
      }
      weights[row] = weight
    }
    return weights
  }

  /// 1 / Π p over the stages' selection probabilities, each above 0 and at most 1.
  static func inverse(of names: [String], in table: Table) throws(Diagnostic) -> [Double] {
    guard !names.isEmpty else {
      throw Diagnostic(
        .badPipeline, "the base weight is the inverse of no probability at all",
        remedy: "name the columns of the selection probabilities, one a stage")
    }
    var product = [Double](repeating: 1, count: table.rowCount)
    for name in names {
      let column = try numeric(name, of: table, role: "a selection probability")
      for row in product.indices {
        guard let probability = column.number(at: row) else {
          throw missing(name, table.place(of: row), role: "selection probability")
        }
        guard probability > 0, probability <= 1 else {
          throw Diagnostic(
            .badData, "the selection probability '\(name)' is not above 0 and at most 1",
            at: table.place(of: row),
            remedy: "probabilities are fractions, not percentages; correct the row or drop it")
        }
        product[row] *= probability
      }
    }
    for row in product.indices {
      product[row] = 1 / product[row]
      guard product[row].isFinite else {
        throw Diagnostic(
          .badData, "the product of the selection probabilities is too small to invert",
          at: table.place(of: row), remedy: "check the probabilities of this row")
      }
    }
    return product
  }

  /// Π M/m over the stages of a design; 1/π of the primary sampling unit where probabilities are unequal.
  ///
  /// The rows are taken to be all that the last units contain.
  ///
  /// - Throws: `badPipeline` where a stage has neither population nor fraction.
  static func inverse(of design: SampleDesign, in table: Table) throws(Diagnostic) -> [Double] {
    var weights = [Double](repeating: 1, count: table.rowCount)
    for (depth, stage) in design.stages.enumerated() {
      for stratum in 0..<stage.stratumCount {
        for unit in stage.units(of: stratum) {
          let fraction: Double
          if depth == 0, let unequal = design.unequal {
            fraction = unequal.probabilities[unit]
          } else {
            fraction = stage.fractions[stratum]
          }
          guard fraction > 0 else { throw noFraction(stage.stratumNames[stratum]) }
          let units = stage.samplingUnits(of: unit)
          for row in design.rowStarts[units.lowerBound]..<design.rowStarts[units.upperBound] {
            weights[row] /= fraction
          }
        }
      }
    }
    guard design.stages.count >= design.stageCounts.count else { throw noFraction(nil) }
    return weights
  }

  private static func noFraction(_ stratum: String?) -> Diagnostic {
    Diagnostic(
      .badPipeline,
      "the base weight comes from the design, but a stage has no population and no fraction"
        + (stratum.map { " ('\($0)')" } ?? ""),
      why: "the weight is the product of population over sample of every stage",
      remedy: "give every stage of the design its 'population' or 'fraction', or name a column")
  }

  private static func numeric(
    _ name: String, of table: Table, role: String
  ) throws(Diagnostic) -> Column {
    let column = try table.column(name)
    guard column.isNumeric else {
      throw Diagnostic(
        .badPipeline, "'\(name)' holds text and cannot be \(role)",
        remedy: "name a numeric column; 'canvass inspect' shows the columns of a drop")
    }
    return column
  }

  private static func missing(_ name: String, _ place: String, role: String) -> Diagnostic {
    Diagnostic(
      .badData, "the \(role) '\(name)' has no value in a row", at: place,
      remedy: "complete the column, or drop such rows with a check")
  }
}
