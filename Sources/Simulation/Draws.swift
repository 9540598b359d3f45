package import CanvassCompute

/// What a stream of random numbers decides; part of its name, so that no two purposes share numbers.
enum Purpose: UInt64 {
  case villageSize = 1
  case urban
  case demography
  case age
  case ethnicity
  case response
  case leaning
  case answers
  case effect
  case districts
  case communes
  case villages
  case persons
  case agreement
  case faults
  case field
}

extension RandomStream {
  /// A number with mean 0 and variance 1, nearly normal: twelve uniform numbers less six.
  ///
  /// Sums only, so that the bits do not depend on a C library.
  mutating func nearlyNormal() -> Double {
    var sum = -6.0
    for _ in 0..<12 { sum += uniform() }
    return sum
  }

  /// Puts `values` in random order (Fisher & Yates).
  mutating func shuffle<Element>(_ values: inout [Element]) {
    var last = values.count - 1
    while last > 0 {
      values.swapAt(last, below(last + 1))
      last -= 1
    }
  }
}

/// Drawing without replacement with probability proportional to size.
package enum ProportionalDraw {
  /// The probability with which each unit is drawn: `count · size / Σ size`, 1 where that exceeds 1.
  ///
  /// Units too large for the interval are taken with certainty and the rest shared out again, so that
  /// the probabilities always sum to `count` (at most the number of units).
  package static func probabilities(sizes: [Int], count: Int) -> [Double] {
    if count >= sizes.count { return sizes.map { _ in 1 } }
    var certain = [Bool](repeating: false, count: sizes.count)
    while true {
      let left = count - certain.count { $0 }
      let total = zip(sizes, certain).reduce(0) { $1.1 ? $0 : $0 + $1.0 }
      var grew = false
      for unit in sizes.indices where !certain[unit] && left * sizes[unit] >= total && left > 0 {
        certain[unit] = true
        grew = true
      }
      if !grew {
        return sizes.indices.map {
          certain[$0] ? 1 : Double(left) * Double(sizes[$0]) / Double(total)
        }
      }
    }
  }

  /// Draws `count` units systematically from a random order and a random start (Madow 1949).
  ///
  /// Whole numbers only, so that exactly `count` units are drawn with exactly the probabilities above.
  package static func draw(
    sizes: [Int], count: Int, stream: inout RandomStream
  ) -> [(unit: Int, probability: Double)] {
    let chances = probabilities(sizes: sizes, count: count)
    var chosen = sizes.indices.filter { chances[$0] >= 1 }
    let left = count - chosen.count
    var open = sizes.indices.filter { chances[$0] < 1 }
    if left > 0, !open.isEmpty {
      stream.shuffle(&open)
      let total = open.reduce(0) { $0 + sizes[$1] }
      // Scaled by `left`, the interval is `total` and a unit has length left · size.
      var next = stream.below(total)
      var passed = 0
      for unit in open {
        passed += left * sizes[unit]
        if next < passed {
          chosen.append(unit)
          next += total
        }
      }
    }
    return chosen.sorted().map { ($0, chances[$0]) }
  }
}
