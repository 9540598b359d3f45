import CanvassEstimation
import CanvassSurvey

extension Normalization {
  /// A cell of a published unit with the unit's code.
  typealias Member = (code: String, cell: ScoreCell)

  /// Whether ends, moments, order or bounds are found over the units.
  var needsUnits: Bool {
    switch method {
    case .minMax, .none:
      low == .observed || high == .observed || transform == .winsorize || transform == .shiftedLog
    default: true
    }
  }

  /// What normalizing a node needs to know about the published units; nil where it needs them and none
  /// has a value.
  ///
  /// - Throws: `badData` whose place is `node ID`, where ends coincide, nothing varies, a single unit is
  ///   to be ranked, the reference unit has no value, or a logarithm is not defined; `badPipeline` where
  ///   a given end or target lies on the wrong side of the observed one.
  func fitted(
    over members: [Member], node: String, scale: ClosedRange<Double>
  ) throws(Diagnostic) -> FittedNormalization? {
    if members.isEmpty, needsUnits { return nil }
    func error(_ what: String, why: String? = nil, remedy: String? = nil) -> Diagnostic {
      Diagnostic(.badData, what, at: "node \(node)", why: why, remedy: remedy)
    }
    func fit(
      _ transform: FittedNormalization.Transform, _ map: FittedNormalization.Map
    ) -> FittedNormalization {
      FittedNormalization(
        floor: floor, ceiling: ceiling, transform: transform, map: map, scale: scale)
    }
    let bounded = fit(.none, .none)
    let capped = members.compactMap { member in
      bounded.treated(member.cell).map { (member.code, $0.cell) }
    }
    let transform = self.transform(of: capped.map(\.1))
    let treatment = fit(transform, .none)
    var treated: [Member] = []
    for (code, cell) in members {
      guard let outcome = treatment.treated(cell) else {
        throw error(
          "the logarithm of '\(node)' is not defined in unit '\(code)'",
          why: "its value is not above 0",
          remedy: "use 'transform: shifted-log', or a floor above 0")
      }
      treated.append((code, outcome.cell))
    }
    let cells = treated.map(\.cell)
    func treatedEnd(_ number: Double) throws(Diagnostic) -> ScoreCell {
      guard case .log = transform else { return ScoreCell(.constant(number)) }
      guard number > 0 else {
        throw error("an end of the scale of '\(node)' is not above 0 and has no logarithm")
      }
      return ScoreCell(Estimate.constant(number).log())
    }
    let nothing = ScoreCell(.constant(0))
    let lowest = cells.min { $0.value < $1.value } ?? nothing
    let highest = cells.max { $0.value < $1.value } ?? nothing
    func end(_ end: ScaleEnd?, observed: ScoreCell) throws(Diagnostic) -> ScoreCell {
      if case .fixed(let number) = end { try treatedEnd(number) } else { observed }
    }
    func between(_ worst: ScoreCell, _ best: ScoreCell) throws(Diagnostic) -> FittedNormalization {
      guard best.value != worst.value else {
        throw error(
          "the ends of the scale of '\(node)' coincide",
          why: "every published unit has the same value, or the end is the worst of them",
          remedy: "give the scale other ends, or leave the node out with 'scored: no'")
      }
      guard (best.value < worst.value) == isReversed else {
        throw Diagnostic(
          .badPipeline,
          target == nil
            ? "the ends of the scale of '\(node)' are the wrong way round"
            : "the target of '\(node)' is no better than the worst published unit",
          at: "node \(node)", why: "a better value would get a lower score",
          remedy: "give an end that the published units lie on the right side of, or another "
            + "'direction'")
      }
      return fit(transform, .between(worst: worst, best: best, isClamped: isClamped))
    }
    let worst = isReversed ? highest : lowest
    switch method {
    case .none: return treatment
    case .minMax:
      let areFixed = self.low != .observed && self.high != .observed
      let (low, high) = (try end(low, observed: lowest), try end(high, observed: highest))
      if areFixed {
        let line = Line(from: low.value, to: high.value, isReversed: isReversed, scale: scale)
        return fit(transform, .line(line, isClamped: isClamped))
      }
      return isReversed ? try between(high, low) : try between(low, high)
    case .distanceToMaximum:
      return try between(worst, isReversed ? lowest : highest)
    case .distanceToReference:
      guard let member = treated.first(where: { $0.code == reference }) else {
        throw error(
          "the reference unit '\(reference ?? "")' of '\(node)' has no published value",
          remedy: Suggestion.phrase(for: reference ?? "", among: members.map(\.code)))
      }
      return try between(worst, member.cell)
    case .distanceToTarget:
      return try between(worst, try treatedEnd(target ?? 0))
    case .fractionOfMaximum:
      return try between(nothing, highest)
    case .zScore, .populationZScore:
      guard let (mean, deviation) = Self.moments(cells, divisorIsCount: method == .populationZScore)
      else {
        throw error(
          "'\(node)' does not vary over the published units and has no z-score",
          remedy: "leave the node out with 'scored: no'")
      }
      return fit(
        transform, .standard(mean: mean, deviation: deviation, isReversed: isReversed))
    case .rank, .percentileRank, .borda:
      guard cells.count > (method == .percentileRank ? 1 : 0) else {
        throw error("too few published units have a value of '\(node)' to rank them")
      }
      return fit(
        transform,
        .place(sorted: cells.map(\.value).sorted(), method: method, isReversed: isReversed))
    }
  }

  private func transform(of cells: [ScoreCell]) -> FittedNormalization.Transform {
    switch transform {
    case nil: return .none
    case .log: return .log
    case .winsorize: return .winsorize(Winsorization(cells.map(\.value)))
    case .shiftedLog:
      guard let minimum = cells.min(by: { $0.value < $1.value }),
        let maximum = cells.max(by: { $0.value < $1.value })
      else { return .log }
      return .shiftedLog(minimum: minimum, maximum: maximum)
    }
  }

  /// Mean and standard deviation over units with their influences; nil where nothing varies.
  private static func moments(
    _ cells: [ScoreCell], divisorIsCount: Bool
  ) -> (mean: ScoreCell, deviation: ScoreCell)? {
    guard cells.count > 1 else { return nil }
    let n = Double(cells.count)
    var mean = Estimate.constant(0)
    for cell in cells { mean = mean + cell.estimate.scaled(slope: 1 / n) }
    // Σ w (x − mean)² / divisor, whose influence is 2 Σ (x − mean) u / divisor.
    var squares = Estimate.constant(0)
    for cell in cells {
      let distance = cell.value - mean.value
      squares =
        squares
        + Estimate(
          value: distance * distance,
          influence: .combination(2 * distance, cell.estimate.influence, 0, .none))
    }
    let variance = squares.scaled(slope: 1 / (divisorIsCount ? n : n - 1))
    let spread = cells.reduce(0.0) { max($0, abs($1.value)) }
    let root = variance.value.squareRoot()
    // Rounding of equal values is no variation.
    guard root > spread * 1e-14 else { return nil }
    let deviation = Estimate(
      value: root, influence: .combination(0.5 / root, variance.influence, 0, .none))
    return (.smooth(mean, of: cells), .smooth(deviation, of: cells))
  }
}
