import CanvassCompute

/// Draws of the studentized differences between units that have equal true scores, and their maxima.
///
/// T_jk = (Z_j − Z_k)² / V̂_jk with Z from N(0, V). Where variances are known V̂_jk is the variance of the
/// difference; where they were estimated together, that times one χ²_ν/ν a draw, so that the T are
/// multivariate t; where each was estimated by itself, V_jj and V_kk are drawn again with their own
/// degrees of freedom. Numbers are kept in single precision, in units of the largest variance: they only
/// order draws.
struct StudentizedMaxima {
  /// Two units, the one with the higher score first.
  struct Pair {
    let higher: Int
    let lower: Int
    /// Whether it is settled that the higher one is higher; the opposite may still be asked.
    var isTold = false
  }

  private let covariance: CovarianceMatrix
  private let draws: Int
  /// Z by unit; the common factor of `together` is already taken out.
  private let errors: [Float]
  /// √(χ²/ν) by unit, for variances estimated separately.
  private let spreads: [Float]?
  /// The largest T of each unit's pairs in each draw, and of all pairs.
  private var ofUnit: [Float]
  private var ofAll: [Float]

  /// Draws are taken through all pairs in blocks that fit a processor's nearest memory.
  private static let block = 512

  init(_ scores: UncertainScores, draws: Int, seed: UInt64) {
    let count = scores.values.count
    let largest = (0..<count).map { scores.covariance[$0, $0] }.max() ?? 0
    let covariance = largest > 0 ? scores.covariance.scaled(by: 1 / largest) : scores.covariance
    self.covariance = covariance
    self.draws = draws
    let normal = NormalDraws(covariance, count: draws, seed: seed, purpose: 1)
    var spreads: [Float]?
    var common = [Float](repeating: 1, count: draws)
    switch scores.knowledge {
    case .known: break
    case .together(let degrees):
      var stream = RandomStream(seed: seed, 2)
      for draw in 0..<draws {
        common[draw] = Float(1 / stream.chiSquareOverDegrees(degrees).squareRoot())
      }
    case .separately(let degrees):
      var drawn: [Float] = []
      drawn.reserveCapacity(count * draws)
      for unit in 0..<count {
        var stream = RandomStream(seed: seed, 2, UInt64(unit))
        for _ in 0..<draws {
          drawn.append(Float(stream.chiSquareOverDegrees(degrees[unit]).squareRoot()))
        }
      }
      spreads = drawn
    }
    var errors = [Float](repeating: 0, count: count * draws)
    for unit in 0..<count {
      for draw in 0..<draws {
        errors[unit * draws + draw] = Float(normal[unit, draw]) * common[draw]
      }
    }
    self.errors = errors
    self.spreads = spreads
    ofUnit = [Float](repeating: 0, count: count * draws)
    ofAll = [Float](repeating: 0, count: draws)
    var units = ofUnit
    var all = ofAll
    units.withUnsafeMutableBufferPointer { units in
      all.withUnsafeMutableBufferPointer { all in
        for start in stride(from: 0, to: draws, by: Self.block) {
          let range = start..<min(draws, start + Self.block)
          for j in 0..<count {
            for k in 0..<j {
              forEachStatistic(j, k, range) { draw, difference, inverse in
                let value = difference * difference * inverse
                let (first, second) = (j * draws + draw, k * draws + draw)
                units[first] = max(units[first], value)
                units[second] = max(units[second], value)
                all[draw] = max(all[draw], value)
              }
            }
          }
        }
      }
    }
    ofUnit = units
    ofAll = all
  }

  /// The index, in rising order of draws, of the smallest value that a share `confidence` of draws
  /// does not exceed.
  static func place(ofQuantile confidence: Double, draws: Int) -> Int {
    min(draws - 1, max(0, Int((confidence * Double(draws)).rounded(.up)) - 1))
  }

  /// The draw at `place` of the largest T over all pairs.
  func quantile(at place: Int) -> Double { Self.element(place, of: ofAll) }

  /// The same over the pairs of one unit.
  func quantile(at place: Int, ofUnit unit: Int) -> Double {
    Self.element(place, of: Array(ofUnit[unit * draws..<(unit + 1) * draws]))
  }

  /// The same over some pairs; those that are told apart count with draws of the opposite sign alone.
  func quantile(at place: Int, among pairs: [Pair]) -> Double {
    var largest = [Float](repeating: 0, count: draws)
    largest.withUnsafeMutableBufferPointer { largest in
      for start in stride(from: 0, to: draws, by: Self.block) {
        let range = start..<min(draws, start + Self.block)
        for pair in pairs {
          if pair.isTold {
            forEachStatistic(pair.lower, pair.higher, range) { draw, difference, inverse in
              let opposite = max(0, difference)
              largest[draw] = max(largest[draw], opposite * opposite * inverse)
            }
          } else {
            forEachStatistic(pair.lower, pair.higher, range) { draw, difference, inverse in
              largest[draw] = max(largest[draw], difference * difference * inverse)
            }
          }
        }
      }
    }
    return Self.element(place, of: largest)
  }

  /// Gives Z_j − Z_k and 1 / V̂_jk of every draw in `range`; nothing where the difference does not vary.
  @inline(__always)
  private func forEachStatistic(
    _ j: Int, _ k: Int, _ range: Range<Int>,
    _ body: (_ draw: Int, _ difference: Float, _ inverse: Float) -> Void
  ) {
    let (first, second) = (j * draws, k * draws)
    let variance = covariance.varianceOfDifference(j, k)
    guard variance > 0 else { return }
    errors.withUnsafeBufferPointer { errors in
      guard let spreads else {
        let inverse = Float(1 / variance)
        for draw in range { body(draw, errors[first + draw] - errors[second + draw], inverse) }
        return
      }
      let (a, b) = (Float(covariance[j, j]), Float(covariance[k, k]))
      let both = Float(2 * covariance[j, k])
      spreads.withUnsafeBufferPointer { spreads in
        for draw in range {
          let (s, t) = (spreads[first + draw], spreads[second + draw])
          let drawn = a * s * s + b * t * t - both * s * t
          let inverse = drawn > 0 ? 1 / drawn : 0
          body(draw, errors[first + draw] - errors[second + draw], inverse)
        }
      }
    }
  }

  /// The element at `place` in rising order (Hoare's selection).
  private static func element(_ place: Int, of values: [Float]) -> Double {
    var values = values
    var low = 0
    var high = values.count - 1
    while low < high {
      let pivot = values[(low + high) / 2]
      var (left, right) = (low, high)
      while left <= right {
        while values[left] < pivot { left += 1 }
        while values[right] > pivot { right -= 1 }
        if left <= right {
          values.swapAt(left, right)
          left += 1
          right -= 1
        }
      }
      if place <= right {
        high = right
      } else if place >= left {
        low = left
      } else {
        break
      }
    }
    return Double(values[place])
  }
}
