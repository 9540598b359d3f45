public import CanvassCompute

/// Something about an index that could have been decided, or drawn, otherwise.
///
/// Its input u in [0, 1) picks one of `count` equally likely levels, ⌊u · count⌋.
public struct UncertainChoice: Sendable, Hashable {
  /// What it is called.
  public let name: String
  /// Number of its levels, at least 1.
  public let count: Int

  /// A choice.
  public init(name: String, count: Int) {
    self.name = name
    self.count = max(1, count)
  }

  func level(_ input: Double) -> Int { min(count - 1, Int(input * Double(count))) }
}

/// How ranks move when the choices behind an index move (Saisana, Saltelli & Tarantola 2005, Journal of the
/// Royal Statistical Society A 168, 307–323).
public struct RankUncertainty: Sendable {
  /// The ranks of one unit over all combinations that were drawn.
  public struct UnitRanks: Sendable, Hashable {
    /// The rank of the index as it is defined.
    public let reference: Int
    /// The lowest and highest rank at all.
    public let range: ClosedRange<Int>
    /// The middle ranks that hold the asked share of the combinations.
    public let band: ClosedRange<Int>
    /// The median rank (type 7).
    public let median: Double
  }

  /// The choices, in the order of the indices.
  public let choices: [UncertainChoice]
  /// One a unit.
  public let units: [UnitRanks]
  /// R̄, the mean over combinations and units of |rank − reference rank|.
  public let meanAbsoluteShift: Double
  /// Its Monte Carlo standard error.
  public let meanAbsoluteShiftError: Double
  /// Output 0 is a combination's mean absolute shift, output 1 + u the rank of unit u.
  public let indices: SobolIndices

  /// Draws combinations of levels and ranks the units in each.
  ///
  /// - Parameters:
  ///   - reference: the scores of the index as it is defined.
  ///   - coverage: the share of combinations that a band holds.
  ///   - rows: N; the scores are made N (k + 2) times.
  ///   - scores: the units' scores under one level of each choice.
  public init(
    _ choices: [UncertainChoice], reference: [Double], coverage: Double, rows: Int, seed: UInt64,
    workers: Workers, scores: @Sendable (_ levels: [Int]) -> [Double]
  ) throws {
    let ranks = Ranking.ranks(of: reference)
    let size = Double(max(1, ranks.count))
    let indices = try SobolIndices(
      inputCount: choices.count, rows: rows, seed: seed, workers: workers
    ) { inputs in
      let drawn = Ranking.ranks(of: scores(zip(choices, inputs).map { $0.level($1) }))
      var shift = 0
      for (own, other) in zip(ranks, drawn) { shift += abs(own - other) }
      return [Double(shift) / size] + drawn.map(Double.init)
    }
    self.choices = choices
    self.indices = indices
    let count = indices.evaluations.count
    let shifts = indices.evaluations.map { $0[0] }
    let mean = shifts.reduce(0, +) / Double(count)
    meanAbsoluteShift = mean
    meanAbsoluteShiftError =
      (shifts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1) / Double(count))
      .squareRoot()
    // The fewest combinations may lie outside on each side.
    let cut = Int((1 - coverage) / 2 * Double(count))
    units = ranks.indices.map { unit in
      let sorted = indices.evaluations.map { $0[unit + 1] }.sorted()
      return UnitRanks(
        reference: ranks[unit], range: Int(sorted[0])...Int(sorted[count - 1]),
        band: Int(sorted[cut])...Int(sorted[count - 1 - cut]),
        median: Quantile.type7(0.5, of: sorted))
    }
  }
}
