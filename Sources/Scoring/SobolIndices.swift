public import CanvassCompute

/// How much of an output's variance each uncertain input causes.
///
/// With inputs A, B and A_B⁽ⁱ⁾ (A with input i from B), N rows each:
/// first order S_i = Σ f(B) (f(A_B⁽ⁱ⁾) − f(A)) / N V (Saltelli et al. 2010, Computer Physics Communications
/// 181, 259–270), total T_i = Σ (f(A) − f(A_B⁽ⁱ⁾))² / 2 N V (Jansen 1999), V the variance of f over A and B.
/// S_i is the share that would go if input i were known; T_i the share that stays if all others were.
public struct SobolIndices: Sendable {
  /// The indices of one input for one output.
  public struct Index: Sendable, Hashable {
    /// The share of the variance that is the input's own.
    public let firstOrder: Double
    /// Its Monte Carlo standard error.
    public let firstOrderError: Double
    /// The share including interactions with the others.
    public let total: Double
    /// Its Monte Carlo standard error.
    public let totalError: Double
  }

  /// Number of inputs.
  public let inputCount: Int
  /// Number of outputs.
  public let outputCount: Int
  /// The outputs of all rows of A, then of B: 2 N evaluations that are independent and alike.
  public let evaluations: [[Double]]
  private let indices: [Index?]

  /// The index of an input for an output; nil where the output does not vary.
  public func index(ofInput input: Int, output: Int) -> Index? {
    indices[input * outputCount + output]
  }

  /// Evaluates `model` N (k + 2) times at inputs that are uniform on [0, 1).
  ///
  /// Row n of A and B comes from the stream (seed, purpose, n): neither threads nor further rows change it.
  ///
  /// - Parameters:
  ///   - inputCount: k, the number of inputs.
  ///   - rows: N, at least 2.
  ///   - model: the outputs at k inputs, always as many.
  public init(
    inputCount: Int, rows: Int, seed: UInt64, workers: Workers,
    model: @Sendable (_ inputs: [Double]) -> [Double]
  ) throws {
    precondition(rows > 1, "an error needs two rows")
    /// f(A), f(B), f(A_B⁽¹⁾) … f(A_B⁽ᵏ⁾) of every row.
    let outputs = try workers.map(rows) { row in
      var stream = RandomStream(seed: seed, 4, UInt64(row))
      let a = (0..<inputCount).map { _ in stream.uniform() }
      let b = (0..<inputCount).map { _ in stream.uniform() }
      return [model(a), model(b)]
        + (0..<inputCount).map { input in
          var mixed = a
          mixed[input] = b[input]
          return model(mixed)
        }
    }
    let outputCount = outputs[0][0].count
    self.inputCount = inputCount
    self.outputCount = outputCount
    evaluations = outputs.map { $0[0] } + outputs.map { $0[1] }
    indices = (0..<inputCount).flatMap { input in
      (0..<outputCount).map { output in
        Self.index(outputs.map { ($0[0][output], $0[1][output], $0[input + 2][output]) })
      }
    }
  }

  /// The indices from f(A), f(B) and f(A_B) of every row; errors by the delta method for a ratio of means.
  private static func index(_ rows: [(a: Double, b: Double, mixed: Double)]) -> Index? {
    let count = Double(rows.count)
    let mean = rows.reduce(0) { $0 + $1.a + $1.b } / (2 * count)
    // Deviations from the mean leave S_i as it is and make its error smaller.
    let spread = rows.map { row in
      ((row.a - mean) * (row.a - mean) + (row.b - mean) * (row.b - mean)) / 2
    }
    let variance = spread.reduce(0, +) / count
    guard variance > 0 else { return nil }
    func share(_ terms: [Double]) -> (Double, Double) {
      let share = terms.reduce(0, +) / count / variance
      var squares = 0.0
      for (term, own) in zip(terms, spread) {
        let residual = (term - share * own) / variance
        squares += residual * residual
      }
      return (share, (squares / (count - 1) / count).squareRoot())
    }
    let first = share(rows.map { ($0.b - mean) * ($0.mixed - $0.a) })
    let total = share(rows.map { ($0.a - $0.mixed) * ($0.a - $0.mixed) / 2 })
    return Index(
      firstOrder: first.0, firstOrderError: first.1, total: total.0, totalError: total.1)
  }
}
