/// Cuts rows in canonical order into the strata and units of every level.
struct DesignAssembly {
  private let levels: DesignLevels
  private let order: [Int]
  private let table: Table

  init(_ levels: DesignLevels, order: [Int], table: Table) {
    self.levels = levels
    self.order = order
    self.table = table
  }

  /// The strata and units of one level, as positions in the order.
  private struct Cut {
    var unitStarts: [Int] = []
    var rowStarts: [Int] = []
    var parents: [Int] = []
    var stratumNames: [String] = []
    var unitNames: [String] = []
  }

  /// The design that owns the rows.
  ///
  /// - Throws: `badData` for populations, fractions and probabilities that cannot be.
  func design() throws(Diagnostic) -> SampleDesign {
    var cuts: [Cut] = []
    for depth in levels.levels.indices { cuts.append(cut(depth, above: cuts.last)) }
    let rowStarts = (cuts.last?.rowStarts ?? []) + [order.count]
    var samplingUnitOfPosition: [Int: Int] = [:]
    for (unit, position) in rowStarts.enumerated() { samplingUnitOfPosition[position] = unit }
    var stages: [SamplingStage] = []
    for (depth, cut) in cuts.enumerated() {
      let unitStarts = cut.unitStarts + [cut.unitNames.count]
      stages.append(
        SamplingStage(
          unitStarts: unitStarts,
          samplingUnitStarts: (cut.rowStarts + [order.count]).map {
            samplingUnitOfPosition[$0] ?? 0
          },
          parentOfStratum: cut.parents,
          fractions: try SamplingFractions(
            levels: levels, depth: depth, order: order, table: table
          ).fractions(unitStarts: unitStarts, rowStarts: cut.rowStarts, names: cut.stratumNames),
          stratumNames: cut.stratumNames, unitNames: cut.unitNames))
    }
    let request = levels.request
    return SampleDesign(
      rowStarts: rowStarts, stages: stages, stageCounts: stageCounts(), lonely: request.lonely,
      lonelyInDomains: request.lonelyInDomains,
      unequal: try request.stages.first?.unequal.map { unequal throws(Diagnostic) in
        try unequal.sampling(stages[0], rowStarts: cuts[0].rowStarts, order: order, table: table)
      })
  }

  /// A level's strata and units; strata begin anew in each unit of the level above.
  private func cut(_ depth: Int, above: Cut?) -> Cut {
    let level = levels.levels[depth]
    var cut = Cut()
    var parent = -1
    for (position, row) in order.enumerated() {
      let previous = position > 0 ? order[position - 1] : nil
      var newParent = position == 0
      if let above, parent + 1 < above.rowStarts.count, above.rowStarts[parent + 1] == position {
        parent += 1
        newParent = true
      }
      let newStratum =
        newParent || previous.map { last in level.strata.contains { $0[last] != $0[row] } } ?? true
      let newUnit =
        level.unit.map { unit in previous.map { unit[$0] != unit[row] } ?? true } ?? true
      if newStratum {
        cut.unitStarts.append(cut.unitNames.count)
        cut.parents.append(max(0, parent))
        cut.stratumNames.append(
          stratumName(row, depth, parent: above.map { $0.unitNames[parent] }))
      }
      if newStratum || newUnit {
        cut.rowStarts.append(position)
        cut.unitNames.append(unitName(row, position, depth))
      }
    }
    return cut
  }

  private func stratumName(_ row: Int, _ depth: Int, parent: String?) -> String {
    var parts = parent.map { [$0] } ?? []
    let stage = Int(levels.levels[depth].stageOfRow[row])
    if depth == 0, levels.isCertain[row] {
      parts += levels.strata[0].map { $0.names[Int($0.levelOfRow[row])] }
      if let unit = levels.units[0] {
        parts.append(
          "\(levels.request.stages[0].unit ?? "") \(unit.names[Int(unit.levelOfRow[row])])")
      }
    }
    if stage >= 0 { parts += levels.strata[stage].map { $0.names[Int($0.levelOfRow[row])] } }
    return parts.isEmpty ? "the whole sample" : parts.joined(separator: "/")
  }

  private func unitName(_ row: Int, _ position: Int, _ depth: Int) -> String {
    let stage = Int(levels.levels[depth].stageOfRow[row])
    guard stage >= 0, let unit = levels.units[stage] else { return String(position + 1) }
    return unit.names[Int(unit.levelOfRow[row])]
  }

  /// The number of distinct units of each stage that names one.
  private func stageCounts() -> [(unit: String, count: Int)] {
    var counts: [(unit: String, count: Int)] = []
    var path = [[Int32]]()
    for (stage, unit) in zip(levels.request.stages, levels.units) {
      guard let name = stage.unit, let unit else { continue }
      path += levels.strata[counts.count].map(\.levelOfRow) + [unit.levelOfRow]
      var distinct = 0
      for (position, row) in order.enumerated() {
        // Rows of one path are adjacent: certainty moves whole units, never parts of one.
        let isNew = position == 0 || path.contains { $0[order[position - 1]] != $0[row] }
        if isNew { distinct += 1 }
      }
      counts.append((name, distinct))
    }
    return counts
  }
}
