import CanvassCompute
import CanvassEstimation
import CanvassPublishing
import CanvassScoring
import CanvassSurvey

/// Makes the rows that the gate takes of estimates and scores.
struct RowAssembly: Sendable {
  let tree: IndexTree
  let units: [Place]
  let confidence: Double
  let populations: [String: Double]?
  /// The estimator, or nil behind the door of published tables.
  let estimator: Estimator?
  /// Degrees of freedom of a published table's standard errors.
  let publishedDegrees: Double?
  /// Units whose published values are made of those of several former units.
  let merged: Set<Int>
  /// How standard errors and their degrees of freedom are found.
  let uncertainty: UncertaintyRules
  /// Standard errors from replicates, nil where none are asked for.
  var replicateErrors: ReplicateErrors?
  /// Critical values of Student's t by degrees of freedom, each found once.
  private var criticalValues: [Double: Double] = [:]
  /// The sample without its clusters, where variances of units are pooled.
  let unclustered: Unclustered?
  /// The linearizations of the numbers of whole units, and of national ones, that were made so far.
  private(set) var linearizations: [Linearization] = []

  /// The linearization of a score.
  struct Linearization: Sendable {
    let unit: String
    let node: String
    let influence: Influence
  }

  private mutating func keep(
    _ estimate: Estimate?, obstacle: ErrorObstacle?, unit: String, node: IndexNode
  ) {
    guard estimator != nil, obstacle == nil, let influence = estimate?.influence,
      !influence.values.isEmpty
    else { return }
    linearizations.append(Linearization(unit: unit, node: node.id, influence: influence))
  }

  init(
    tree: IndexTree, units: [Place], confidence: Double, populations: [String: Double]?,
    estimator: Estimator?,
    uncertainty: UncertaintyRules = UncertaintyRules(), publishedDegrees: Double? = nil,
    merged: Set<Int> = []
  ) {
    self.tree = tree
    self.units = units
    self.confidence = confidence
    self.populations = populations
    self.estimator = estimator
    self.uncertainty = uncertainty
    self.publishedDegrees = publishedDegrees
    self.merged = merged
    unclustered = uncertainty.variance == .pooled ? estimator?.unclustered() : nil
  }

  /// A number with its uncertainty, ready for a row.
  struct Cell {
    var value: Double?
    var standardError: Double?
    var method = ""
    var obstacle: ErrorObstacle?
    var degreesOfFreedom: Double?
    var interval: ClosedRange<Double>?
  }

  /// - Parameter replicated: the variance from replicates where there are any.
  private mutating func cell(
    _ estimate: Estimate?, obstacle: ErrorObstacle? = nil, degreesOfFreedom: Int?,
    pooled: Uncertainty? = nil, replicated: ReplicateErrors.Variance? = nil
  ) throws(Diagnostic) -> Cell {
    guard let estimate else { return Cell() }
    if let replicated,
      replicated.replaces(obstacle: obstacle, isConstant: estimate.influence.values.isEmpty)
    {
      return cell(estimate.value, replicated, degreesOfFreedom: degreesOfFreedom)
    }
    if let obstacle {
      return Cell(
        value: estimate.value, method: "none (\(obstacle.rawValue))", obstacle: obstacle)
    }
    // A constant has no sampling error to speak of.
    if estimate.influence.values.isEmpty { return Cell(value: estimate.value) }
    let found: (variance: Double, degreesOfFreedom: Double)
    var method = "linearization"
    if let pooled {
      found = (pooled.variance, pooled.degreesOfFreedom)
      method = "pooled"
    } else if let estimator, let degreesOfFreedom {
      let direct = try estimator.uncertainty(
        of: estimate.influence, designDegrees: degreesOfFreedom, rule: uncertainty.degreesOfFreedom)
      found = (direct.variance, direct.degreesOfFreedom)
    } else if let publishedDegrees {
      // Each published figure is a sampling unit of its own, its standard error its contribution.
      found = (
        estimate.influence.values.reduce(0.0) { $0 + $1 * $1 }, publishedDegrees
      )
      method = "published"
    } else {
      return Cell(value: estimate.value)
    }
    // The error of a quantile whose interval has no width is not known.
    guard found.variance.isFinite else { return Cell(value: estimate.value) }
    let error = found.variance.squareRoot()
    var cell = Cell(
      value: estimate.value, standardError: error, method: method,
      degreesOfFreedom: found.degreesOfFreedom)
    if let critical = criticalValue(found.degreesOfFreedom) {
      cell.interval = (estimate.value - critical * error)...(estimate.value + critical * error)
    }
    return cell
  }

  /// A number whose standard error comes from replicates.
  private mutating func cell(
    _ value: Double, _ replicated: ReplicateErrors.Variance, degreesOfFreedom: Int?
  ) -> Cell {
    guard let variance = replicated.value else {
      return Cell(value: value, method: "none (replicates)")
    }
    let error = variance.squareRoot()
    let degrees = Double(
      min(degreesOfFreedom ?? replicated.degreesOfFreedom, replicated.degreesOfFreedom))
    var cell = Cell(
      value: value, standardError: error, method: "replicates", degreesOfFreedom: degrees)
    if let critical = criticalValue(degrees) {
      cell.interval = (value - critical * error)...(value + critical * error)
    }
    return cell
  }

  mutating func criticalValue(_ degreesOfFreedom: Double) -> Double? {
    if let known = criticalValues[degreesOfFreedom] { return known }
    let value = StudentT(degreesOfFreedom: degreesOfFreedom)?
      .criticalValue(confidence: confidence)
    criticalValues[degreesOfFreedom] = value
    return value
  }

  /// The rows of one partition's scores.
  ///
  /// `unclustered` are the same scores by an unclustered estimator; with them units' variances are pooled.
  mutating func scoreRows(
    _ scores: Scores, domains: [LabelledPartition.Domain], at position: Int = 0,
    unclustered: Scores? = nil
  ) throws(Diagnostic) -> [ScoreRow] {
    let pooled = try unclustered.map { other throws(Diagnostic) in
      try pooledUncertainties(domains, rows: tree.nodes.count) { node, domain in
        // The variance without clusters is that of one unit's respondents alone.
        guard !tree.restsOnUnits[node], scores.obstacle(node, domain) == nil,
          let support = scores.support(node, domain)
        else { return nil }
        return (scores.estimate(node, domain), other.estimate(node, domain), support)
      }
    }
    var rows: [ScoreRow] = []
    rows.reserveCapacity(tree.nodes.count * domains.count)
    for (domain, labelled) in domains.enumerated() {
      for (index, node) in tree.nodes.enumerated() {
        let support = scores.support(index, domain)
        let estimate = scores.estimate(index, domain)
        let cell = try cell(
          estimate, obstacle: scores.obstacle(index, domain),
          degreesOfFreedom: support?.degreesOfFreedom,
          pooled: pooled?[index * domains.count + domain],
          replicated: replicateErrors?.variance(partition: position, node: index, domain: domain))
        let unit = labelled.unit.map { units[$0] }
        let code = unit?.code ?? NationalNumber.survey.rawValue
        if labelled.label.isEmpty {
          keep(estimate, obstacle: scores.obstacle(index, domain), unit: code, node: node)
        }
        rows.append(
          row(
            node, unit: code,
            name: unit?.name ?? NationalNumber.survey.title, domain: labelled.label, cell: cell,
            respondents: support?.respondents, samplingUnits: support?.psus,
            status: status(scores, node: index, domain: domain, unit: labelled.unit),
            isUnit: unit != nil))
      }
    }
    return rows
  }

  /// The three national numbers that are made of published units' scores.
  ///
  /// - Parameter published: the codes of the units whose number at a node is published.
  mutating func nationalRows(
    _ scores: Scores, published codes: (_ node: String) -> Set<String>
  ) throws(Diagnostic) -> [ScoreRow] {
    var rows: [ScoreRow] = []
    let known = units.map { populations?[$0.code] }
    for (index, node) in tree.nodes.enumerated() {
      let codes = codes(node.id)
      let published = units.indices.map { unit in
        codes.contains(units[unit].code) ? scores.estimate(index, unit) : nil
      }
      // A published unit without a population would silently count for nobody.
      let isKnown = units.indices.allSatisfy { published[$0] == nil || known[$0] != nil }
      let numbers = NationalNumbers(
        scores: published, populations: isKnown ? known.map { $0 ?? 0 } : nil)
      let obstacle = units.indices.lazy.compactMap { unit in
        published[unit] == nil ? nil : scores.obstacle(index, unit)
      }.first
      let support = units.indices.reduce(into: (respondents: 0, degrees: 0)) { sum, unit in
        guard published[unit] != nil, let support = scores.support(index, unit) else { return }
        sum.respondents += support.respondents
        sum.degrees += support.degreesOfFreedom
      }
      let degrees = estimator == nil ? nil : support.degrees
      let respondents =
        units.indices.contains { scores.support(index, $0) != nil } ? support.respondents : nil
      keep(
        numbers.populationWeightedMean, obstacle: obstacle,
        unit: NationalNumber.populationWeightedMean.rawValue, node: node)
      keep(
        numbers.meanOfUnits, obstacle: obstacle, unit: NationalNumber.meanOfUnits.rawValue,
        node: node)
      let entries: [(NationalNumber, Cell, CellStatus)] = [
        (
          .populationWeightedMean,
          try cell(
            numbers.populationWeightedMean, obstacle: obstacle, degreesOfFreedom: degrees,
            replicated: replicateErrors?.variance(national: .populationWeightedMean, node: index)),
          isKnown ? .ok : .noPopulation
        ),
        (
          .meanOfUnits,
          try cell(
            numbers.meanOfUnits, obstacle: obstacle, degreesOfFreedom: degrees,
            replicated: replicateErrors?.variance(national: .meanOfUnits, node: index)), .ok
        ),
        (.medianOfUnits, medianCell(numbers.medianOfUnits, node: index, degrees: degrees), .ok),
      ]
      for (number, cell, status) in entries {
        rows.append(
          row(
            node, unit: number.rawValue, name: number.title, domain: "", cell: cell,
            respondents: respondents,
            status: cell.value == nil && status == .ok ? .partMissing : status, isUnit: false))
      }
    }
    return rows
  }

  /// A median of units is not smooth: only replicates give its standard error.
  private mutating func medianCell(_ median: Double?, node: Int, degrees: Int?) -> Cell {
    guard let median,
      let replicated = replicateErrors?.variance(national: .medianOfUnits, node: node),
      (replicated.value ?? 1) > 0
    else { return Cell(value: median) }
    return cell(median, replicated, degreesOfFreedom: degrees)
  }

  /// The rows of every leaf on its own scale in one partition.
  mutating func indicatorRows(
    _ results: [MeasureResult], plan: ScoringPlan, domains: [LabelledPartition.Domain],
    at position: Int, unclustered: [MeasureResult]? = nil
  ) throws(Diagnostic) -> [IndicatorRow] {
    let pooled = try unclustered.map { other throws(Diagnostic) in
      try pooledUncertainties(domains, rows: results.count) { measure, domain in
        let result = results[measure].domains[domain]
        return (result.estimate, other[measure].domains[domain].estimate, result.support)
      }
    }
    var rows: [IndicatorRow] = []
    for (domain, labelled) in domains.enumerated() {
      for (index, node) in tree.nodes.enumerated() {
        guard let leaf = node.leaf, let measure = plan.measureOfNode[index] else { continue }
        let result = results[measure].domains[domain]
        var cell = try cell(
          result.estimate, degreesOfFreedom: result.support.degreesOfFreedom,
          pooled: pooled?[measure * domains.count + domain],
          replicated: replicateErrors?.variance(
            partition: position, measure: measure, domain: domain))
        var status = result.estimate == nil ? CellStatus.noRespondents : .ok
        if leaf.statistic == .share, cell.standardError != nil {
          try bound(&cell, &status, shareOf: results[measure], domain, among: domains)
        }
        if let woodruff = result.interval, cell.standardError != nil, cell.method == "linearization"
        {
          cell.interval = woodruff.low...woodruff.high
          cell.method = "woodruff"
        }
        var designEffect: Double?
        if let error = cell.standardError, let simple = result.simpleRandomVariance, simple > 0 {
          designEffect = error * error / simple
        }
        rows.append(
          IndicatorRow(
            unit: labelled.unit.map { units[$0].code } ?? NationalNumber.survey.rawValue,
            domain: labelled.label, indicator: node.id, statistic: leaf.statistic.rawValue,
            estimate: cell.value, standardError: cell.standardError,
            standardErrorMethod: cell.method,
            degreesOfFreedom: cell.degreesOfFreedom, interval: cell.interval,
            confidence: confidence, designEffect: designEffect,
            respondents: result.support.respondents, samplingUnits: result.support.psus,
            status: status))
      }
    }
    return rows
  }

  /// The values of a published table, leaf by leaf.
  mutating func indicatorRows(
    published table: PublishedTable.Content
  ) throws(Diagnostic) -> [IndicatorRow] {
    var rows: [IndicatorRow] = []
    for unit in units.indices {
      for node in tree.nodes {
        guard let leaf = node.leaf, leaf.source == .table,
          table.values[leaf.variable] != nil
        else { continue }
        let estimate = leaf.tableValue(in: table.values, unit: unit).map { value in
          Estimate(
            value: value,
            influence: table.standardErrors[leaf.variable]?[unit].map {
              Influence(firstUnit: 0, values: [$0])
            } ?? .none)
        }
        let cell = try cell(estimate, degreesOfFreedom: nil)
        rows.append(
          IndicatorRow(
            unit: units[unit].code, domain: "", indicator: node.id,
            statistic: leaf.statistic.rawValue, estimate: cell.value,
            standardError: cell.standardError, standardErrorMethod: cell.method,
            degreesOfFreedom: cell.degreesOfFreedom, interval: cell.interval,
            confidence: confidence, designEffect: nil, respondents: nil, samplingUnits: nil,
            status: cell.value == nil
              ? .notPublished : merged.contains(unit) ? .formerUnits : .ok))
      }
    }
    return rows
  }

  private func row(
    _ node: IndexNode, unit: String, name: LocalizedText, domain: String, cell: Cell,
    respondents: Int?, samplingUnits: Int? = nil, status: CellStatus, isUnit: Bool
  ) -> ScoreRow {
    ScoreRow(
      unit: unit, unitName: name, domain: domain, node: node.id, level: node.level,
      score: cell.value, standardError: cell.standardError,
      standardErrorMethod: cell.method, standardErrorObstacle: cell.obstacle,
      degreesOfFreedom: cell.degreesOfFreedom, interval: cell.interval, confidence: confidence,
      respondents: respondents, samplingUnits: samplingUnits, status: status, isUnit: isUnit)
  }

  private func status(_ scores: Scores, node: Int, domain: Int, unit: Int?) -> CellStatus {
    if scores.isImputed(node, domain) { return .imputed }
    if scores.estimate(node, domain) != nil {
      guard let unit, merged.contains(unit),
        tree.leaves(of: node).contains(where: { tree.nodes[$0].leaf?.source == .table })
      else { return .ok }
      return .formerUnits
    }
    if scores.isUndefined(node, domain) { return .undefined }
    guard let support = scores.support(node, domain) else {
      return tree.nodes[node].leaf == nil ? .partMissing : .notPublished
    }
    return support.respondents == 0 ? .noRespondents : .partMissing
  }
}
