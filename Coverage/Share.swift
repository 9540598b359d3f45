/// Σh/Σn over samples, with the error √(S/(S − 1) Σ(h − p n)²) / Σn, since those of one sample are not
/// independent.
struct Share: Sendable {
  let value: Double
  let error: Double

  init?(_ samples: [(hits: Int, count: Int)]) {
    let total = Double(samples.reduce(0) { $0 + $1.count })
    guard total > 0, samples.count > 1 else { return nil }
    let share = Double(samples.reduce(0) { $0 + $1.hits }) / total
    let squares = samples.reduce(0.0) { sum, sample in
      let residual = Double(sample.hits) - share * Double(sample.count)
      return sum + residual * residual
    }
    let size = Double(samples.count)
    value = share
    error = (size / (size - 1) * squares).squareRoot() / total
  }

  var percent: String {
    CoverageTables.fixed(value * 100, 1) + " ± " + CoverageTables.fixed(error * 100, 2)
  }
}
