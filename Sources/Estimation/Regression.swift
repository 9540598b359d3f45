import CanvassCompute
public import CanvassSurvey
import CanvassWeighting
import RealModule

/// What a regression assumes of its response.
public enum RegressionFamily: String, Sendable, CaseIterable, Hashable {
  /// E(y) = x'β.
  case linear
  /// log(E(y) / (1 − E(y))) = x'β for y in 0…1.
  case logistic
}

/// Coefficients of a survey regression, each with its influence.
public struct RegressionFit: Sendable {
  /// The coefficients in the order of the columns.
  public let coefficients: [Estimate]
  /// Design degrees of freedom + 1 − number of coefficients, for t tests of a coefficient (R survey's rule).
  public let residualDegreesOfFreedom: Int
  /// Rows with a weight and without a missing value.
  public let respondents: Int
}

extension Estimator {
  /// Solves Σ w x (y − μ(x'β)) = 0 over the rows that have all values; everything else keeps its place in
  /// the design.
  ///
  /// The influence of coefficient k has z_i = (A⁻¹ x_i)_k (y_i − μ_i), A = Σ w μ'(x'β) x x' (Binder 1983,
  /// International Statistical Review 51, 279–292; R survey's `svyglm`), residualized on calibrations.
  /// A logistic fit iterates until no coefficient moves by more than 1e-12 of its size.
  ///
  /// - Parameters:
  ///   - response: y in row order, NaN where missing.
  ///   - columns: the explanatory variables in row order, the constant 1 included where it is wanted.
  /// - Throws: `badData` where columns depend on each other, no row is complete, a logistic response lies
  ///   outside 0…1, or a logistic fit has no finite solution.
  public func regression(
    of response: [Double], on columns: [[Double]], family: RegressionFamily
  ) throws(Diagnostic) -> RegressionFit {
    let rows = response.indices.filter { row in
      sample.weights[row] != 0 && !response[row].isNaN
        && columns.allSatisfy { !$0[row].isNaN }
    }
    guard !rows.isEmpty, !columns.isEmpty else {
      throw Diagnostic(
        .badData, "a regression has no complete row or no column",
        remedy: "check the values of its variables")
    }
    if family == .logistic, rows.contains(where: { !(0...1).contains(response[$0]) }) {
      throw Diagnostic(
        .badData, "the response of a logistic regression lies outside 0 to 1",
        remedy: "derive a variable that is 1 for one answer and 0 for the others")
    }
    var problem = RegressionProblem(
      rows: rows, response: response, columns: columns, weights: sample.weights, family: family)
    let coefficients = try problem.solve()
    return RegressionFit(
      coefficients: influences(of: problem, coefficients),
      residualDegreesOfFreedom:
        degreesOfFreedom(of: rows) + 1 - columns.count, respondents: rows.count)
  }

  private func influences(
    of problem: RegressionProblem, _ coefficients: [Double]
  ) -> [Estimate] {
    let order = coefficients.count
    var taking = RowSet(rowCount: sample.weights.count)
    var linearized = [[Double]](
      repeating: [Double](repeating: 0, count: sample.weights.count), count: order)
    let system = problem.system(at: coefficients)
    for row in problem.rows {
      taking.insert(row)
      let direction = system.solve(problem.columns.map { $0[row] })
      let residual = problem.response[row] - problem.mean(row, coefficients)
      for k in 0..<order { linearized[k][row] = direction[k] * residual }
    }
    return coefficients.indices.map {
      Estimate(
        value: coefficients[$0], influence: influence(ofLinearized: linearized[$0], over: taking))
    }
  }

  /// PSUs − strata that some of `rows` lie in.
  func degreesOfFreedom(of rows: [Int]) -> Int {
    var set = RowSet(rowCount: sample.weights.count)
    for row in rows { set.insert(row) }
    let all = Partition(
      id: "all", domainOfRow: [Int32](repeating: 0, count: sample.weights.count), domainCount: 1)
    return support(of: set, in: all, domain: 0).degreesOfFreedom
  }
}

/// The score equations of a regression.
private struct RegressionProblem {
  let rows: [Int]
  let response: [Double]
  let columns: [[Double]]
  let weights: [Double]
  let family: RegressionFamily

  /// x'β, clamped for the logistic curve so that its slope never vanishes in rounding.
  private func predictor(_ row: Int, _ coefficients: [Double]) -> Double {
    var sum = 0.0
    for (column, coefficient) in zip(columns, coefficients) { sum += column[row] * coefficient }
    return sum
  }

  func mean(_ row: Int, _ coefficients: [Double]) -> Double {
    let predictor = predictor(row, coefficients)
    return family == .linear ? predictor : 1 / (1 + Double.exp(-predictor))
  }

  /// A = Σ w μ' x x'.
  func system(at coefficients: [Double]) -> SymmetricSystem {
    let order = columns.count
    var matrix = [Double](repeating: 0, count: order * order)
    for row in rows {
      let mean = mean(row, coefficients)
      let slope = family == .linear ? 1 : mean * (1 - mean)
      for first in 0..<order {
        let product = weights[row] * slope * columns[first][row]
        for second in 0...first {
          matrix[first * order + second] += product * columns[second][row]
        }
      }
    }
    return SymmetricSystem(matrix, order: order)
  }

  private func score(at coefficients: [Double]) -> [Double] {
    var score = [Double](repeating: 0, count: columns.count)
    for row in rows {
      let residual = weights[row] * (response[row] - mean(row, coefficients))
      for k in columns.indices { score[k] += residual * columns[k][row] }
    }
    return score
  }

  mutating func solve() throws(Diagnostic) -> [Double] {
    var coefficients = [Double](repeating: 0, count: columns.count)
    for _ in 0..<100 {
      let system = system(at: coefficients)
      guard system.rank == columns.count else {
        throw Diagnostic(
          .badData, "a regression has columns that depend on each other, or fits perfectly",
          why: "\(columns.count) columns hold \(system.rank) independent ones",
          remedy: "leave out one level of each factor, and variables that others determine")
      }
      let step = system.solve(score(at: coefficients))
      for k in coefficients.indices { coefficients[k] += step[k] }
      let isSettled = zip(step, coefficients).allSatisfy {
        abs($0) <= 1e-12 * max(abs($1), 1e-6)
      }
      if isSettled { return coefficients }
    }
    throw Diagnostic(
      .badData, "a logistic regression has no finite solution",
      why: "some combination of its columns separates the answers completely",
      remedy: "merge the levels that nobody or everybody answered in one way")
  }
}
