import CanvassCompute
import CanvassSurvey
import CanvassWeighting

/// The weighted sums of all measures over the atoms, and how replicate estimates come from them.
///
/// A replicate's sum is Σ f S over the atoms with their factors f: dense algebra, four columns of sums and
/// four replicates at a time, always over atoms in their order.
struct ReplicateSums: Sendable {
  /// Replicates that are computed together, a multiple of 4.
  static let blockSize = 16

  /// Which columns hold a measure's sums, and the number that was taken from its values beforehand, so
  /// that values far from zero keep their small deviations.
  struct Recipe: Sendable {
    /// What the sums make.
    enum Form: Sendable {
      case ratio
      case total
      /// With the column of Σ w y², and rows by domain.
      case variance(squares: Int, respondents: [Double])
      case quantile(ReplicateQuantile)
    }

    let form: Form
    let numerator: Int
    let denominator: Int
    let center: Double

    /// The value of a quantile in a domain and a replicate of the block, nil for what sums make.
    func quantile(_ factors: [Double], replicate: Int, domain: Int) -> Double? {
      guard case .quantile(let quantile) = form else { return nil }
      return quantile.value(factors, replicate: replicate, domain: domain)
    }

    /// The value of a domain whose sums lie `stride` apart from `sums[first]` on; NaN where it has none.
    func value(
      _ sums: [Double], from first: Int, stride: Int, domain: Int
    ) -> Double {
      let numerator = sums[first + numerator * stride]
      let denominator = sums[first + denominator * stride]
      switch form {
      case .quantile:
        return .nan
      case .total:
        return numerator
      case .ratio:
        return denominator == 0 ? .nan : center + numerator / denominator
      case .variance(let squares, let respondents):
        let count = respondents[domain]
        guard denominator != 0, count > 1 else { return .nan }
        let mean = numerator / denominator
        return (sums[first + squares * stride] / denominator - mean * mean) * (count / (count - 1))
      }
    }
  }

  let atoms: ReplicateAtoms
  let recipes: [Recipe]
  let domainCounts: [Int]
  private let columnCount: Int
  /// Four columns at a time: `(tile · atoms + atom) · 4 + column`.
  private let tiles: [Double]

  /// - Parameters:
  ///   - cellOfRow: see ``ReplicateAtoms``.
  ///   - isByRow: whether replicates give weights of rows, not multipliers of the sample's weights.
  init(
    _ measures: [Measure], of sample: WeightedSample, partitions: [Partition],
    cellOfRow: [Int32]?, isByRow: Bool, workers: Workers
  ) throws(Diagnostic) {
    let atoms = ReplicateAtoms(
      sample, partitions: partitions, cellOfRow: isByRow ? nil : cellOfRow)
    let sums = try workers.diagnosing(measures.count) { index throws(Diagnostic) in
      MeasureSums(
        try MeasureEvaluation(measures[index], in: sample.table, weights: sample.weights),
        sample, atoms, partitions, isByRow: isByRow)
    }
    var columns: [[Double]] = []
    // Measures answered by the same respondents share the sums of weights.
    var weightsOf: [RowSet: Int] = [:]
    var recipes: [Recipe] = []
    for sum in sums {
      let numerator = columns.count
      columns.append(sum.numerator)
      let known = sum.answered.flatMap { weightsOf[$0] }
      let denominator = known ?? columns.count
      if known == nil { columns.append(sum.denominator) }
      if let answered = sum.answered { weightsOf[answered] = denominator }
      var form = sum.isTotal ? Recipe.Form.total : .ratio
      if let quantile = sum.quantile { form = .quantile(quantile) }
      if let squares = sum.squares {
        form = .variance(squares: columns.count, respondents: sum.respondents)
        columns.append(squares)
      }
      recipes.append(
        Recipe(form: form, numerator: numerator, denominator: denominator, center: sum.center))
    }
    let count = atoms.firstRow.count
    let tileCount = (columns.count + 3) / 4
    var tiles = [Double](repeating: 0, count: tileCount * count * 4)
    for (index, column) in columns.enumerated() {
      let base = index / 4 * count * 4 + index % 4
      for atom in 0..<count { tiles[base + atom * 4] = column[atom] }
    }
    self.atoms = atoms
    self.recipes = recipes
    domainCounts = partitions.map(\.domainCount)
    columnCount = tileCount * 4
    self.tiles = tiles
  }

  /// Number of values of a replicate: every measure in every domain.
  var valueCount: Int { recipes.count * domainCounts.reduce(0, +) }

  /// The values of a block of replicates, one after another, partition by partition, domain within measure.
  ///
  /// - Parameter factors: of each atom and replicate of the block, `atom · blockSize + replicate`.
  func values(_ factors: [Double], replicates: Int) -> [Double] {
    let domains = domainCounts.reduce(0, +)
    let block = ReplicateSums.blockSize
    // Sums of every domain: `(domain · columns + column) · block + replicate`.
    var sums = [Double](repeating: 0, count: domains * columnCount * block)
    accumulate(factors, into: &sums)
    var values = [Double](repeating: .nan, count: replicates * valueCount)
    var place = 0
    var first = 0
    for count in domainCounts {
      for recipe in recipes {
        for domain in first..<(first + count) {
          for replicate in 0..<replicates {
            values[replicate * valueCount + place] =
              recipe.quantile(factors, replicate: replicate, domain: domain)
              ?? recipe.value(
                sums, from: domain * columnCount * block + replicate, stride: block,
                domain: domain)
          }
          place += 1
        }
      }
      first += count
    }
    return values
  }

  private func accumulate(_ factors: [Double], into sums: inout [Double]) {
    let block = ReplicateSums.blockSize
    let partitions = domainCounts.count
    var firstDomain: [Int] = []
    var next = 0
    for count in domainCounts {
      firstDomain.append(next)
      next += count
    }
    let atomCount = atoms.firstRow.count
    var tile = [Double](repeating: 0, count: 4 * block)
    sums.withUnsafeMutableBufferPointer { sums in
      factors.withUnsafeBufferPointer { factors in
        tiles.withUnsafeBufferPointer { tiles in
          atoms.atoms.withUnsafeBufferPointer { order in
            tile.withUnsafeMutableBufferPointer { tile in
              for combination in 0..<(atoms.combinationStarts.count - 1) {
                let own =
                  atoms.combinationStarts[combination]..<atoms.combinationStarts[combination + 1]
                for column in stride(from: 0, to: columnCount, by: 4) {
                  let base = column * atomCount
                  for group in stride(from: 0, to: block, by: 4) {
                    ReplicateSums.multiply(
                      tiles, base, factors, group, order, own, into: tile)
                  }
                  for partition in 0..<partitions {
                    let domain = Int(atoms.domains[combination * partitions + partition])
                    if domain < 0 { continue }
                    let target =
                      ((firstDomain[partition] + domain) * columnCount + column) * block
                    for index in 0..<(4 * block) { sums[target + index] += tile[index] }
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  /// Σ f S over the atoms of one combination of domains, for four columns and four replicates.
  @inline(__always)
  private static func multiply(
    _ tiles: UnsafeBufferPointer<Double>, _ base: Int, _ factors: UnsafeBufferPointer<Double>,
    _ group: Int, _ order: UnsafeBufferPointer<Int32>, _ own: Range<Int>,
    into tile: UnsafeMutableBufferPointer<Double>
  ) {
    let block = blockSize
    var first = SIMD4<Double>.zero
    var second = SIMD4<Double>.zero
    var third = SIMD4<Double>.zero
    var fourth = SIMD4<Double>.zero
    for position in own {
      let atom = Int(order[position])
      let from = base + atom * 4
      let by = atom * block + group
      let factor = SIMD4(factors[by], factors[by + 1], factors[by + 2], factors[by + 3])
      first += factor * tiles[from]
      second += factor * tiles[from + 1]
      third += factor * tiles[from + 2]
      fourth += factor * tiles[from + 3]
    }
    for lane in 0..<4 {
      tile[group + lane] = first[lane]
      tile[block + group + lane] = second[lane]
      tile[2 * block + group + lane] = third[lane]
      tile[3 * block + group + lane] = fourth[lane]
    }
  }
}

/// One measure's sums over the atoms.
private struct MeasureSums: Sendable {
  /// Σ w (y − center x), and for a variance Σ w (y − center)².
  var numerator: [Double]
  var squares: [Double]?
  /// Σ w x.
  var denominator: [Double]
  /// The measure's ratio over all rows; 0 for a total.
  var center = 0.0
  var isTotal: Bool
  /// The rows that take part, where x is 1 and others may share its sums.
  var answered: RowSet?
  /// The sorted values by domain; only for a quantile.
  var quantile: ReplicateQuantile?
  /// Rows that take part by domain, one partition after another; only for a variance.
  var respondents: [Double] = []

  init(
    _ evaluation: MeasureEvaluation, _ sample: WeightedSample, _ atoms: ReplicateAtoms,
    _ partitions: [Partition], isByRow: Bool
  ) {
    isTotal = evaluation.isTotal
    if !isTotal {
      var totals = (0.0, 0.0)
      for row in evaluation.y.indices where !evaluation.y[row].isNaN {
        totals.0 += sample.weights[row] * evaluation.y[row]
        totals.1 += sample.weights[row] * (evaluation.x?[row] ?? 1)
      }
      if totals.1 != 0 { center = totals.0 / totals.1 }
    }
    let zeros = [Double](repeating: 0, count: atoms.firstRow.count)
    numerator = zeros
    denominator = zeros
    var squares = zeros
    for row in evaluation.y.indices where !evaluation.y[row].isNaN {
      let atom = Int(atoms.atomOfRow[row])
      let weight = isByRow ? 1 : sample.weights[row]
      let x = evaluation.x?[row] ?? 1
      let deviation = evaluation.y[row] - center * x
      numerator[atom] += weight * deviation
      denominator[atom] += weight * x
      squares[atom] += weight * deviation * deviation
    }
    answered = evaluation.x == nil ? evaluation.answered : nil
    if case .quantile(_, let definition) = evaluation.measure.kind {
      quantile = ReplicateQuantile(
        evaluation.y, definition, sample, atoms, partitions, isByRow: isByRow)
    }
    guard evaluation.isVariance else { return }
    self.squares = squares
    for partition in partitions {
      let first = respondents.count
      respondents += [Double](repeating: 0, count: partition.domainCount)
      for row in evaluation.y.indices
      where !evaluation.y[row].isNaN && partition.domainOfRow[row] >= 0 {
        respondents[first + Int(partition.domainOfRow[row])] += 1
      }
    }
  }
}
