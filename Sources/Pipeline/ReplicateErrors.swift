import CanvassCompute
import CanvassEstimation
import CanvassPublishing
import CanvassScoring
import CanvassSurvey
import CanvassWeighting

/// Standard errors from replicates, for the numbers that ask for them.
struct ReplicateErrors: Sendable {
  let use: ReplicateUse
  let replicates: Replicates
  /// Groups whose weighting had no solution in some replicates.
  let failures: ReplicateFailures
  /// Replicates in which the index could not be scored.
  let unscored: Int
  /// Whether delete-one replicates leave a quantile of answers without a variance: whoever asks for it.
  let isDeleteOne: Bool
  /// Whether the sample has a design besides replicate weights of the file.
  let hasDesign: Bool
  /// The partitions that were replicated, by their positions among all.
  private let indexOfPartition: [Int: Int]
  private let layout: Layout
  /// The units that national numbers are made of, by node.
  private let published: [String: Set<String>]
  private let variances: [Double?]
  /// Degrees of freedom of each number's replicate weights, where they came with the file.
  private let degrees: [Int]?
  /// Whether each node, and each measure, is or is made of a quantile of answers.
  private let quantiles: (nodes: [Bool], measures: [Bool])

  /// Where the numbers of a replicate stand: scores by partition, national numbers, indicators by partition.
  struct Layout: Sendable {
    let nodes: Int
    let measures: Int
    let domainCounts: [Int]
    private let domains: Int
    /// Number of places.
    var count: Int {
      (domains + ReplicateErrors.nationals.count) * nodes + domains * measures
    }

    init(nodes: Int, measures: Int, domainCounts: [Int]) {
      self.nodes = nodes
      self.measures = measures
      self.domainCounts = domainCounts
      domains = domainCounts.reduce(0, +)
    }

    func score(_ partition: Int, _ node: Int, _ domain: Int) -> Int {
      domainCounts[..<partition].reduce(0, +) * nodes + node * domainCounts[partition] + domain
    }

    func national(_ node: Int, _ number: NationalNumber) -> Int? {
      ReplicateErrors.nationals.firstIndex(of: number).map {
        domains * nodes + node * ReplicateErrors.nationals.count + $0
      }
    }

    func indicator(_ partition: Int, _ measure: Int, _ domain: Int) -> Int {
      (domains + ReplicateErrors.nationals.count) * nodes
        + domainCounts[..<partition].reduce(0, +) * measures + measure * domainCounts[partition]
        + domain
    }
  }

  static let nationals: [NationalNumber] = [
    .populationWeightedMean, .meanOfUnits, .medianOfUnits,
  ]

  /// A variance from replicates.
  struct Variance {
    /// The variance; nil where there is an obstacle.
    let value: Double?
    /// Why there is no variance, where there is none.
    let obstacle: ErrorObstacle
    fileprivate let use: ReplicateUse
    /// Degrees of freedom of the replicates, and whether they stand in place of the design's.
    fileprivate let degrees: (own: Int, areOfFile: Bool)

    /// Degrees of freedom of an interval: the design's, at most those of the replicates; for weights of the
    /// file theirs alone.
    func degreesOfFreedom(ofDesign design: Int?) -> Int {
      degrees.areOfFile ? degrees.own : min(design ?? degrees.own, degrees.own)
    }

    /// Whether a number takes its standard error from here rather than from its influence.
    func replaces(obstacle: ErrorObstacle?, isConstant: Bool) -> Bool {
      switch obstacle {
      case .covariances: false
      case .some: true
      case nil: use == .all && !isConstant
      }
    }
  }

  /// Whether any number is a quantile of answers.
  var hasQuantiles: Bool { quantiles.measures.contains(true) }

  /// The variance of a node's score; nil where the partition was not replicated.
  func variance(partition: Int, node: Int, domain: Int) -> Variance? {
    indexOfPartition[partition].flatMap {
      variance(layout.score($0, node, domain), isQuantile: quantiles.nodes[node])
    }
  }

  /// The variance of a leaf on its own scale, likewise.
  func variance(partition: Int, measure: Int, domain: Int) -> Variance? {
    indexOfPartition[partition].flatMap {
      variance(layout.indicator($0, measure, domain), isQuantile: quantiles.measures[measure])
    }
  }

  /// Whether national numbers are made of exactly the units that `units` names by node.
  func areOf(_ units: (_ node: String) -> Set<String>) -> Bool {
    published.allSatisfy { $0.value == units($0.key) }
  }

  /// The variance of a national number made of units' scores.
  func variance(national number: NationalNumber, node: Int) -> Variance? {
    layout.national(node, number).flatMap {
      variance($0, isQuantile: quantiles.nodes[node])
    }
  }

  /// The variance of the number at a place of the layout; nil where linearization serves better.
  ///
  /// A delete-one jackknife is inconsistent for a quantile of answers (Shao & Wu 1989, Annals of Statistics 17,
  /// 1176–1197): Woodruff's interval serves, unless weights of the file are all that is known of the design. The
  /// same quantile in all replicates says that they move too little, not that there is no error.
  private func variance(_ place: Int, isQuantile: Bool) -> Variance? {
    if isQuantile, isDeleteOne, hasDesign { return nil }
    var value = variances[place]
    var obstacle = ErrorObstacle.replicates
    if isQuantile, let found = value, isDeleteOne || found == 0 {
      value = nil
      obstacle = .quantile
    }
    return Variance(
      value: value, obstacle: obstacle, use: use,
      degrees: degrees.map { ($0[place], true) } ?? (replicates.count - 1, false))
  }
}

extension ReplicateErrors {
  /// What replicates are scored with.
  struct Study: Sendable {
    let plan: ScoringPlan
    let estimator: Estimator
    /// The partitions that are replicated, the units first.
    let partitions: [Partition]
    /// The estimates of the whole sample there, by measure, then partition.
    let estimates: [MeasureResult]
    let units: IndexUnits
    /// The scores of the units in the whole sample.
    let scores: Scores
    /// Codes of the units.
    let codes: [String]
    /// The units that national numbers are made of, by node.
    let published: [Set<String>]
    /// People by unit, nil where a published unit has none.
    let populations: [Double?]
  }

  /// The standard errors that are asked for: of all numbers, or of partitions where some node has none by
  /// linearization, and of the national numbers.
  ///
  /// - Parameters:
  ///   - estimates: of the plan's measures, by measure, then partition.
  ///   - published: the codes of the units whose number at a node is published; nil before the gate has said
  ///     so: then those that rest on enough.
  /// - Throws: as `Replicates.init` and `Estimator.mapReplicates`.
  static func find(
    _ asked: ReplicatePlan, _ plan: ScoringPlan, by estimator: Estimator,
    over partitions: [Partition], estimates: [MeasureResult], units: IndexUnits,
    assembly: RowAssembly, rules: GateRules, published: ((_ node: String) -> Set<String>)?,
    workers: Workers
  ) throws(Diagnostic) -> ReplicateErrors {
    func results(_ position: Int) -> [MeasureResult] {
      plan.measures.indices.map { estimates[$0 * partitions.count + position] }
    }
    let scores = try plan.score(results(0), in: partitions[0], by: estimator, units: units)
    var chosen = [0]
    for position in partitions.indices.dropFirst() {
      if asked.use == .whereNeeded {
        let others = try plan.score(
          results(position), in: partitions[position], by: estimator, units: units,
          frame: scores.frame)
        guard others.isObstructed else { continue }
      }
      chosen.append(position)
    }
    let study = Study(
      plan: plan, estimator: estimator, partitions: chosen.map { partitions[$0] },
      estimates: plan.measures.indices.flatMap { measure in
        chosen.map { estimates[measure * partitions.count + $0] }
      }, units: units, scores: scores, codes: assembly.units.map(\.code),
      published: plan.tree.nodes.indices.map { node in
        published?(plan.tree.nodes[node].id)
          ?? Set(
            assembly.units.indices.filter { unit in
              let support = scores.support(node, unit)
              return scores.estimate(node, unit) != nil
                && rules.publishes(respondents: support?.respondents)
                && (support?.psus ?? rules.minimumSamplingUnits) >= rules.minimumSamplingUnits
            }.map { assembly.units[$0].code })
      },
      populations: assembly.units.map { assembly.populations?[$0.code] })
    return try ReplicateErrors(
      asked, study,
      indexOfPartition: Dictionary(
        uniqueKeysWithValues: chosen.enumerated().map { ($1, $0) }), workers: workers)
  }

  private init(
    _ asked: ReplicatePlan, _ study: Study, indexOfPartition: [Int: Int], workers: Workers
  ) throws(Diagnostic) {
    let sample = study.estimator.sample
    let replicates = try Replicates(asked.request(for: sample.table.names), of: sample)
    let layout = Layout(
      nodes: study.plan.tree.nodes.count, measures: study.plan.measures.count,
      domainCounts: study.partitions.map(\.domainCount))
    let partitionCount = study.partitions.count
    let whole = try study.numbers { measure, partition, domain in
      study.estimates[measure * partitionCount + partition].domains[domain].estimate?.value ?? .nan
    }
    var moments = ReplicateMoments(whole)
    var unscored = 0
    failures = try study.estimator.mapReplicates(
      study.plan.measures, over: study.partitions, replicates, workers: workers
    ) { block in
      var part = ReplicateMoments(whole)
      var unscored = 0
      for replicate in block.replicates {
        do throws(Diagnostic) {
          part.add(
            try study.numbers { measure, partition, domain in
              block.value(replicate, measure: measure, partition: partition, domain: domain)
            }, coefficient: replicates.coefficients[replicate])
        } catch {
          // The index does not exist in this replicate, such as a geometric mean of 0: it has no value.
          unscored += 1
        }
      }
      return (part, unscored)
    } collect: { part in
      moments.formUnion(part.0)
      unscored += part.1
    }
    var variances = whole.indices.map { moments.variance($0, replicates) }
    for (partition, one) in study.partitions.enumerated() {
      for (domain, isEmptied) in failures.emptied(one, of: sample).enumerated() where isEmptied {
        for node in 0..<layout.nodes { variances[layout.score(partition, node, domain)] = nil }
        for measure in 0..<layout.measures {
          variances[layout.indicator(partition, measure, domain)] = nil
        }
      }
    }
    if failures.groups.contains(where: \.isEmptied) {
      for node in 0..<layout.nodes {
        for number in ReplicateErrors.nationals {
          if let place = layout.national(node, number) { variances[place] = nil }
        }
      }
    }
    use = asked.use
    self.replicates = replicates
    self.unscored = unscored
    self.indexOfPartition = indexOfPartition
    self.layout = layout
    published = Dictionary(
      uniqueKeysWithValues: study.plan.tree.nodes.indices.map {
        (study.plan.tree.nodes[$0].id, study.published[$0])
      })
    self.variances = variances
    degrees = replicates.method == .given ? study.degrees(replicates, layout) : nil
    hasDesign = asked.isDesigned
    isDeleteOne =
      [.jackknife, .stratifiedJackknife].contains(replicates.method)
      || asked.request.given.map {
        [.jackknife, .pairedJackknife, .stratifiedJackknife].contains($0.origin)
      } ?? false
    let measures = study.plan.measures.map(\.kind.isQuantile)
    quantiles = (
      study.plan.tree.nodes.indices.map { study.plan.restsOn(measures, node: $0) }, measures
    )
  }
}

extension Scores {
  /// Whether any number lacks a standard error that replicates can give.
  fileprivate var isObstructed: Bool {
    tree.nodes.indices.contains { node in
      (0..<domainCount).contains { domain in
        obstacle(node, domain).map { $0 != .covariances } ?? false
      }
    }
  }
}

extension ReplicateErrors.Study {
  /// Everything that has a variance, in the order of the layout; NaN where there is no number.
  fileprivate func numbers(
    value: @escaping (_ measure: Int, _ partition: Int, _ domain: Int) -> Double
  ) throws(Diagnostic) -> [Double] {
    let domainCounts = partitions.map(\.domainCount)
    let ofPartitions = try plan.numbers(
      over: domainCounts, units: units,
      counts: { node, unit in
        self.scores.support(node, unit).map { $0.respondents >= self.units.minimumRespondents }
          ?? true
      }, value: value)
    var result = ofPartitions.flatMap { $0 }
    for node in plan.tree.nodes.indices {
      let scores = (0..<domainCounts[0]).map { unit -> Estimate? in
        let number = ofPartitions[0][node * domainCounts[0] + unit]
        return published[node].contains(codes[unit]) && number.isFinite ? .constant(number) : nil
      }
      let isKnown = scores.indices.allSatisfy {
        scores[$0] == nil || populations[$0] != nil
      }
      let numbers = NationalNumbers(
        scores: scores, populations: isKnown ? populations.map { $0 ?? 0 } : nil)
      result += [
        numbers.populationWeightedMean?.value ?? .nan, numbers.meanOfUnits?.value ?? .nan,
        numbers.medianOfUnits ?? .nan,
      ]
    }
    for (partition, count) in domainCounts.enumerated() {
      for measure in plan.measures.indices {
        for domain in 0..<count { result.append(value(measure, partition, domain)) }
      }
    }
    return result
  }
}
