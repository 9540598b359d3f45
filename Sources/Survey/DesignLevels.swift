/// The columns of a design request, read from a table: what tells strata and units of each level apart.
///
/// A level is a stage as it counts in the variance. A unit drawn with certainty becomes a stratum, so
/// that for its rows the first level is the second stage, and so on.
struct DesignLevels {
  /// One level: keys by row, −1 where a column does not apply to the row.
  struct Level {
    /// The columns that tell strata apart within the unit of the level above.
    var strata: [[Int32]] = []
    /// The unit within its stratum; nil: every row is one.
    var unit: [Int32]?
    /// The request's stage that each row has at this level; −1: none, the level above was its last.
    var stageOfRow: [Int32]
  }

  /// A variable of the design as levels in order.
  struct Variable {
    let levelOfRow: [Int32]
    let names: [String]
  }

  let request: DesignRequest
  let rowCount: Int
  /// The levels from the first; later ones only as far as a finite population correction needs them, and none
  /// where the first stage's units are ultimate clusters.
  private(set) var levels: [Level] = []
  /// The strata variables of each stage.
  let strata: [[Variable]]
  /// The unit variable of each stage; nil: every row is a unit.
  let units: [Variable?]
  /// Whether each row lies in a unit drawn with certainty.
  let isCertain: [Bool]

  /// Reads and checks the design's columns.
  ///
  /// - Throws: as `Table.arranged`.
  init(_ request: DesignRequest, of table: Table) throws(Diagnostic) {
    try DesignLevels.check(request)
    self.request = request
    rowCount = table.rowCount
    var strata: [[Variable]] = []
    var units: [Variable?] = []
    for stage in request.stages {
      var ofStage: [Variable] = []
      for name in stage.strata { ofStage.append(try DesignLevels.variable(name, of: table)) }
      strata.append(ofStage)
      units.append(
        try stage.unit.map { name throws(Diagnostic) in
          try DesignLevels.variable(name, of: table)
        })
    }
    self.strata = strata
    self.units = units
    isCertain = try DesignLevels.certainty(request, of: table)
    // The first level always counts; a later one only below a known fraction.
    let stages = request.stages
    levels.append(level(0))
    var depth = 1
    while depth < stages.count, !request.ultimateCluster, isFractionKnown(above: depth) {
      levels.append(level(depth))
      depth += 1
    }
  }

  /// Whether a row has a known sampling fraction at the level above `depth`.
  private func isFractionKnown(above depth: Int) -> Bool {
    let stages = request.stages
    if stages[depth - 1].size != .withReplacement { return true }
    return request.certainty != nil && stages[depth].size != .withReplacement
      && depth + 1 < stages.count
  }

  private func level(_ depth: Int) -> Level {
    guard !request.stages.isEmpty else {
      return Level(stageOfRow: [Int32](repeating: -1, count: rowCount))
    }
    var level = Level(
      stageOfRow: isCertain.map {
        Int32($0 ? (depth + 1 < request.stages.count ? depth + 1 : -1) : depth)
      })
    func masked(_ column: [Int32], where certain: Bool) -> [Int32] {
      request.certainty == nil
        ? column : zip(column, isCertain).map { $1 == certain ? $0 : -1 }
    }
    level.strata = strata[depth].map {
      depth == 0 ? $0.levelOfRow : masked($0.levelOfRow, where: false)
    }
    let own = units[depth]?.levelOfRow
    if request.certainty == nil {
      level.unit = own
      return level
    }
    if depth == 0, let own { level.strata.append(masked(own, where: true)) }
    let isDeeper = depth + 1 < request.stages.count
    if isDeeper {
      level.strata += strata[depth + 1].map { masked($0.levelOfRow, where: true) }
    }
    let below = isDeeper ? units[depth + 1]?.levelOfRow : [Int32](repeating: 0, count: rowCount)
    // Where one of both has rows as its units, rows are told apart by their order.
    if let own, let below {
      level.unit = (0..<rowCount).map { isCertain[$0] ? below[$0] : own[$0] }
    }
    return level
  }

  private static func check(_ request: DesignRequest) throws(Diagnostic) {
    for (depth, stage) in request.stages.enumerated() {
      let name = stage.unit.map { "'\($0)'" } ?? "the rows"
      if stage.unit == nil, depth + 1 < request.stages.count {
        throw Diagnostic(
          .badPipeline, "stage \(depth + 1) of the design names no unit, and a stage follows",
          why: "rows are the last units that can be drawn",
          remedy: "name the variable that identifies the units of stage \(depth + 1)")
      }
      if depth > 0, stage.size != .withReplacement,
        request.stages[depth - 1].size == .withReplacement,
        !(depth == 1 && request.certainty != nil)
      {
        throw Diagnostic(
          .badPipeline,
          "the stage of \(name) has a population or fraction, but the stage above it has none",
          why: "units above count as drawn with replacement, so that later stages add no variance",
          remedy: "give the stage above its 'population' or 'fraction' too, or remove this one")
      }
      if depth > 0, stage.unequal != nil {
        throw Diagnostic(
          .badPipeline,
          "the stage of \(name) has unequal probabilities, and it is not the first",
          why: "joint probabilities enter the variance at the first stage alone",
          remedy: "remove them: the stage counts as drawn with replacement")
      }
    }
    guard let certainty = request.certainty else {
      return
    }
    guard let first = request.stages.first, first.unit == certainty.unit,
      request.stages.count > 1
    else {
      throw Diagnostic(
        .badPipeline,
        "certainty names '\(certainty.unit)', which is not a first stage with a second below it",
        remedy: "list the stage whose units were drawn with certainty first, then its sub-units")
    }
    if first.unequal != nil {
      throw Diagnostic(
        .badPipeline, "the design has both certainty units and unequal probabilities",
        remedy: "give certainty units the probability 1, or leave the method for probabilities out")
    }
  }

  private static func certainty(
    _ request: DesignRequest, of table: Table
  ) throws(Diagnostic) -> [Bool] {
    var certain = [Bool](repeating: false, count: table.rowCount)
    guard let certainty = request.certainty else { return certain }
    let column = try table.column(certainty.flag)
    for row in 0..<table.rowCount {
      guard let value = column.number(at: row), value == 0 || value == 1 else {
        throw Diagnostic(
          .badData, "'\(certainty.flag)' must be 0 or 1 in every row", at: table.place(of: row),
          why: "it says whether the row's \(certainty.unit) was drawn with certainty")
      }
      certain[row] = value == 1
    }
    return certain
  }

  private static func variable(_ name: String, of table: Table) throws(Diagnostic) -> Variable {
    let column = try table.column(name)
    if let row = column.reasons.firstIndex(where: { $0 != 0 }) {
      throw Diagnostic(
        .badData, "'\(name)' has no value in a row, and the sampling design needs it",
        at: table.place(of: row),
        remedy: "complete the design variable, or drop such rows with a check")
    }
    let (levelOfRow, levels) = column.grouped()
    return Variable(levelOfRow: levelOfRow, names: levels)
  }
}
