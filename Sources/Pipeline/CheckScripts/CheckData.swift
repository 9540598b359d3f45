import CanvassEstimation
import CanvassPublishing
import CanvassScoring
import CanvassSurvey
import CanvassWeighting

/// The tables that the check scripts read: what went into the scores, and the scores.
struct CheckData {
  let plan: ScoringPlan
  let sample: WeightedSample
  /// The unit's code of each row.
  let unitOfRow: [String]
  /// For each breakdown the label of each row's domain, such as `sex=F`; nil where it has none.
  let labelsOfRow: [[String?]]

  /// Why a node cannot be recomputed by the scripts; nil where it can.
  func obstacle(_ index: Int) -> String? {
    let tree = plan.tree
    let node = tree.nodes[index]
    if let normalization = node.normalization {
      guard normalization.method == .none || normalization.fixedEnds != nil else {
        return "a scale that the units determine"
      }
      if normalization.isClamped || normalization.floor != nil || normalization.ceiling != nil
        || normalization.transform != nil
      {
        return "a transformed or bounded value"
      }
    }
    if let leaf = node.leaf {
      if leaf.constant != nil { return nil }
      if leaf.source != .respondents { return "a published value" }
      if leaf.imputation != nil { return "imputation" }
      return leaf.isQuantile ? "a \(leaf.statistic.rawValue)" : nil
    }
    guard [.mean, .weighted, .sum, .geometric, .harmonic].contains(node.combine) else {
      return "combine: \(node.combine.rawValue)"
    }
    guard node.weights == .given || node.weights == .equal else {
      return "weights: \(node.weights.rawValue)"
    }
    return tree.parts[index].contains { obstacle($0.node) != nil } ? "a part of it" : nil
  }

  /// `check-nodes.csv`: one line a node, parts before what is made of them.
  func nodes() -> [UInt8] {
    var file = CommaSeparated(
      header: "node,kind,column,combine,missing,multiplier,divisor,slope,intercept,constant,why_not"
    )
    let tree = plan.tree
    for index in tree.bottomUp {
      let node = tree.nodes[index]
      let obstacle = obstacle(index)
      let kind =
        obstacle != nil
        ? "not expressed"
        : node.leaf.map { $0.constant != nil ? "constant" : $0.isSum ? "total" : "leaf" }
          ?? (node.averageFirst == .respondents ? "respondents" : "units")
      let (slope, intercept) = tree.rescaling(of: node)
      file.add(node.id)
      file.add(kind)
      file.add(kind == "leaf" || kind == "total" ? index : nil)
      file.add(node.combine.rawValue)
      file.add(node.missing.rawValue)
      file.add(node.multiplier)
      file.add(node.divisor)
      file.add(slope)
      file.add(intercept)
      file.add(node.leaf?.constant)
      file.add(obstacle ?? "")
      file.endLine()
    }
    return file.bytes
  }

  /// `check-parts.csv`: the parts of each node with their weights.
  func parts() -> [UInt8] {
    var file = CommaSeparated(header: "node,part,weight")
    for (index, node) in plan.tree.nodes.enumerated() {
      for part in plan.tree.parts[index] {
        file.add(node.id)
        file.add(plan.tree.nodes[part.node].id)
        file.add(node.weights == .equal ? 1 : part.weight)
        file.endLine()
      }
    }
    return file.bytes
  }

  /// `check-expected.csv`: every released score that is a number.
  func expected(_ rows: ReleasedRows) -> [UInt8] {
    var file = CommaSeparated(header: "unit,domain,node,score,se,se_method")
    for row in rows.scores where row.score != nil {
      file.add(row.unit)
      file.add(row.domain)
      file.add(row.node)
      file.add(row.score)
      file.add(row.standardError)
      file.add(row.standardErrorMethod)
      file.endLine()
    }
    return file.bytes
  }

  /// `check-joint.csv`: the joint probabilities of all primary sampling units, between strata the products;
  /// nil where none were given.
  func joint() -> [UInt8]? {
    guard let unequal = sample.design.unequal else { return nil }
    let stage = sample.design.stages[0]
    let units = (0..<stage.stratumCount).flatMap { stratum in
      stage.units(of: stratum).map { (stratum, $0) }
    }
    let given = (0..<stage.stratumCount).map { unequal.givenJointProbabilities(of: $0) }
    guard given.allSatisfy({ $0 != nil }) else { return nil }
    var file = CommaSeparated(columns: units.map { "unit\($0.1 + 1)" })
    for (stratum, unit) in units {
      for (other, second) in units {
        let own = stage.units(of: stratum)
        let position = (unit - own.lowerBound) * own.count + second - own.lowerBound
        file.add(
          stratum == other
            ? given[stratum]?[position]
            : unequal.probabilities[unit] * unequal.probabilities[second])
      }
      file.endLine()
    }
    return file.bytes
  }

  /// `check-data.csv`: one line a row in canonical order: unit, domains, design, weights, calibrations, answers.
  func data() throws(Diagnostic) -> [UInt8] {
    var columns: [(name: String, values: [Double?])] = [("weight", sample.weights)]
    columns += design()
    for (position, step) in sample.calibrations.enumerated() {
      columns += calibration(step, number: position + 1)
    }
    for index in plan.tree.nodes.indices {
      guard plan.tree.nodes[index].leaf != nil, obstacle(index) == nil,
        let measure = plan.measureOfNode[index]
      else { continue }
      let numbers = try plan.measures[measure].numbers(in: sample)
      columns.append(("y\(index)", numbers.numerator))
      if let denominator = numbers.denominator { columns.append(("x\(index)", denominator)) }
    }
    var file = CommaSeparated(
      header: (["unit"] + labelsOfRow.indices.map { "domain\($0 + 1)" } + columns.map(\.name))
        .joined(separator: ","),
      expectedLines: unitOfRow.count)
    for row in unitOfRow.indices {
      file.add(unitOfRow[row])
      for labels in labelsOfRow { file.add(labels[row] ?? "") }
      for column in columns { file.add(column.values[row]) }
      file.endLine()
    }
    return file.bytes
  }

  /// Strata, units and populations of every stage; infinite populations are left to the scripts' default.
  private func design() -> [(name: String, values: [Double?])] {
    let design = sample.design
    var columns: [(name: String, values: [Double?])] = []
    let hasFractions = design.stages.contains { $0.fractions.contains { $0 > 0 } }
    for (depth, stage) in design.stages.enumerated() {
      var strata = [Double?](repeating: nil, count: unitOfRow.count)
      var units = strata
      var populations = strata
      for stratum in 0..<stage.stratumCount {
        for unit in stage.units(of: stratum) {
          let samplingUnits = stage.samplingUnits(of: unit)
          let rows =
            design.rowStarts[
              samplingUnits.lowerBound]..<design.rowStarts[samplingUnits.upperBound]
          let count = Double(stage.units(of: stratum).count)
          for row in rows {
            strata[row] = Double(stratum + 1)
            units[row] = Double(unit + 1)
            // R takes 1e15 units of a population for infinitely many: the correction is 1 in a double.
            populations[row] =
              stage.fractions[stratum] > 0 ? max(count, count / stage.fractions[stratum]) : 1e18
          }
        }
      }
      columns += [("stratum\(depth + 1)", strata), ("unit\(depth + 1)", units)]
      if hasFractions { columns.append(("population\(depth + 1)", populations)) }
      if depth == 0, let unequal = design.unequal {
        columns.append(
          ("probability1", units.map { $0.map { unequal.probabilities[Int($0) - 1] } }))
      }
    }
    return columns
  }

  private func calibration(
    _ step: CalibrationStep, number: Int
  ) -> [(name: String, values: [Double?])] {
    let name = "calibration\(number)_"
    let rows = step.groupOfRow.indices
    func taking(_ value: (Int) -> Double) -> [Double?] {
      rows.map { step.groupOfRow[$0] < 0 ? nil : value($0) }
    }
    var columns: [(name: String, values: [Double?])] = [
      (name + "group", taking { Double(step.groupOfRow[$0]) }),
      (name + "regression", taking { step.regressionWeights[$0] }),
      (name + "exit", taking { step.exitWeights[$0] }),
    ]
    for entry in 0..<step.entriesPerRow {
      columns.append(
        (
          name + "column\(entry + 1)",
          taking { Double(step.columnsOfRow[$0 * step.entriesPerRow + entry]) }
        ))
      if let values = step.valuesOfRow {
        columns.append(
          (name + "value\(entry + 1)", taking { values[$0 * step.entriesPerRow + entry] }))
      }
    }
    return columns
  }
}
