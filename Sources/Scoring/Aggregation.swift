import CanvassEstimation

/// How the parts of a node become its value.
public enum Combination: String, Sendable, CaseIterable, Hashable {
  /// The plain mean of the parts.
  case mean
  /// Σ w x / Σ w.
  case weighted
  /// Σ w x, with weight 1 where none is given.
  case sum
  /// exp(Σ w ln x / Σ w); not defined where a part with a weight is not above 0.
  case geometric
  /// Σ w / Σ (w / x); not defined where a part with a weight is not above 0.
  case harmonic
  /// (Σ w xᵖ / Σ w)^(1/p), p the node's exponent; not defined where a part with a weight is not above 0.
  case power
  /// The median of the parts (type 7).
  case median
  /// How many published units the unit beats less how many beat it, comparing two units by the weights of
  /// the parts in which one is better, ties by half (Copeland's rule; COINr's `a_copeland`).
  case copeland

  /// Whether parts may have weights.
  package var takesWeights: Bool { self != .mean && self != .median }

  /// Whether a missing part may count 0, keeping its share of the divisor.
  var allowsZeroForMissing: Bool { self == .mean || self == .weighted || self == .sum }
}

/// A value of parts, none, or a combination that does not exist.
enum Combined: Sendable {
  case value(ScoreCell)
  /// Too many parts are missing.
  case missing
  /// The part at this position is not above 0.
  case undefined(part: Int)
}

extension IndexNode {
  /// The parts' combination under the node's rule for parts without a value, before the multiplier.
  ///
  /// Copeland's rule needs the units and is not found here.
  func combined(_ parts: [ScoreCell?], weights: [Double]) -> Combined {
    var present: [(position: Int, cell: ScoreCell, weight: Double)] = []
    var divisor = 0.0
    for (position, cell) in parts.enumerated() {
      if let cell {
        present.append((position, cell, weights[position]))
      } else if missing == .blank {
        return .missing
      } else if missing == .drop {
        continue
      }
      divisor += weights[position]
    }
    guard !present.isEmpty else { return .missing }
    if let fixed = self.divisor { divisor = fixed }
    let cells = present.map(\.cell)
    switch combine {
    case .sum, .mean, .weighted:
      var sum = Estimate.constant(0)
      for part in present { sum = sum + part.cell.estimate.scaled(slope: part.weight) }
      if combine == .sum { return .value(.smooth(sum, of: cells)) }
      guard divisor > 0 else { return .missing }
      return .value(.smooth(sum.scaled(slope: 1 / divisor), of: cells))
    case .geometric, .harmonic, .power:
      guard divisor > 0, let function = MeanFunction(combine, exponent: exponent) else {
        return .missing
      }
      let counting = present.filter { $0.weight > 0 }
      if let first = counting.first(where: { $0.cell.value <= 0 }) {
        return .undefined(part: first.position)
      }
      // f(Σ w g(x) / Σ w) with g = f⁻¹; the influence is f' · Σ w g'(x) u / Σ w.
      var inner = Estimate.constant(0)
      for part in counting {
        let x = part.cell.value
        inner =
          inner
          + Estimate(
            value: function.forward(x) * part.weight,
            influence: .combination(
              function.slope(x) * part.weight, part.cell.estimate.influence, 0, .none))
      }
      let mean = inner.scaled(slope: 1 / divisor)
      let value = function.backward(mean.value)
      return .value(
        .smooth(
          Estimate(
            value: value,
            influence: .combination(1 / function.slope(value), mean.influence, 0, .none)), of: cells
        ))
    case .median:
      let sorted = cells.map(\.value).sorted()
      return .value(.notSmooth(Quantile.type7(0.5, of: sorted), .median, of: cells))
    case .copeland: return .missing
    }
  }
}

/// Copeland's rule over published units.
struct CopelandField: Sendable {
  /// The parts of each published unit.
  let members: [[Double]]
  let weights: [Double]

  /// Σ over units of the sign of (weight of the parts in which `parts` is better − half of all), ties by
  /// half; a unit compared with itself adds 0.
  func score(of parts: [Double]) -> Double {
    let total = weights.reduce(0, +)
    return members.reduce(0.0) { score, other in
      var better = 0.0
      for (index, weight) in weights.enumerated() {
        if parts[index] > other[index] {
          better += weight
        } else if parts[index] == other[index] {
          better += weight / 2
        }
      }
      // Weights are compared against rounding, or equal halves would not tie.
      let lead = 2 * better - total
      return abs(lead) <= total * 1e-12 ? score : score + (lead > 0 ? 1 : -1)
    }
  }
}
