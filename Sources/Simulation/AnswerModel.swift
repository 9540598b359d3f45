import CanvassCompute
import CanvassSurvey
import RealModule

/// How the adults of a province answer: for each item a chance by village and leaning.
///
/// logit chance = α + district + commune + village effect + leaning / 2. α is solved such that the mean
/// over the adults of the province who can be expected to answer is the target; a scale's chance is that
/// of each of its steps.
struct AnswerModel: Sendable {
  private let items: [SimulatedItem]
  private let gates: [Int?]
  /// `(item · villages + village) · classes + leaning`: a chance, or an amount's mean.
  private let chances: [Double]
  private let villageCount: Int

  init(_ people: ProvincePeople, spec: SimulationSpec) throws(Diagnostic) {
    items = spec.items
    var position: [String: Int] = [:]
    var found: [Int?] = []
    for (index, item) in spec.items.enumerated() {
      found.append(item.gate.flatMap { position[$0] })
      position[item.variable] = index
    }
    gates = found
    let classes = ProvincePeople.leaningClasses
    villageCount = people.villageIDs.count
    var weight = [Double](repeating: 0, count: villageCount * classes)
    for adult in 0..<people.adultCount {
      weight[Int(people.villageOfAdult[adult]) * classes + Int(people.leaning[adult])] += 1
    }
    let steps = (0..<classes).map { Double.exp(Double($0 - classes / 2) / 2) }
    var all: [Double] = []
    all.reserveCapacity(spec.items.count * villageCount * classes)
    let common = Self.effects(people, spec: spec, item: nil)
    let shared = spec.sharedEffect.squareRoot()
    let own = (1 - spec.sharedEffect).squareRoot()
    var askedOfItem: [[Double]] = []
    for (index, item) in spec.items.enumerated() {
      // Adults who are asked, in expectation: those of the gate who give the answer that opens it.
      var asked = weight
      if let gate = found[index] {
        let opens = spec.items[gate]
        let start = gate * weight.count
        let answering = 1 - opens.dontKnow - opens.refused
        for cell in asked.indices {
          let yes = all[start + cell]
          asked[cell] = askedOfItem[gate][cell] * answering * (item.gateAnswer == 1 ? yes : 1 - yes)
        }
      }
      askedOfItem.append(asked)
      guard let target = item.targets[people.code] else {
        throw SimulationSpec.wrong(item.variable, "has no target in province \(people.code)")
      }
      let special = Self.effects(people, spec: spec, item: index)
      var odds: [Double] = []
      odds.reserveCapacity(weight.count)
      for village in 0..<villageCount {
        let factor = Double.exp(shared * common[village] + own * special[village])
        for step in steps { odds.append(factor * step) }
      }
      if item.kind == .amount {
        // Amounts differ between places and people by the root of the odds ratio.
        let factors = odds.map { $0.squareRoot() }
        let mean = zip(factors, asked).reduce(0) { $0 + $1.0 * $1.1 } / asked.reduce(0, +)
        all += factors.map { target * $0 / mean }
      } else {
        let share = (target - item.low) / (item.high - item.low)
        let factor = Self.calibrated(odds: odds, weight: asked, to: share)
        all += odds.map { factor * $0 / (1 + factor * $0) }
      }
    }
    chances = all
  }

  /// The factor that brings the weighted mean of `f·odds / (1 + f·odds)` to `share`.
  ///
  /// Newton's method on log f inside a bracket; the mean rises with f, so the answer is unique.
  static func calibrated(odds: [Double], weight: [Double], to share: Double) -> Double {
    let total = weight.reduce(0, +)
    var low = -20.0
    var high = 20.0
    var logFactor = Double.log(share / (1 - share))
    for _ in 0..<60 {
      let factor = Double.exp(logFactor)
      var mean = 0.0
      var slope = 0.0
      for cell in odds.indices {
        let x = factor * odds[cell]
        let p = x / (1 + x)
        mean += weight[cell] * p
        slope += weight[cell] * p * (1 - p)
      }
      let error = mean / total - share
      if abs(error) < 1e-9 { break }
      if error > 0 { high = logFactor } else { low = logFactor }
      let next = logFactor - error * total / slope
      logFactor = next > low && next < high ? next : (low + high) / 2
    }
    return Double.exp(logFactor)
  }

  /// District + commune + village effect of each village, for one item or in common.
  private static func effects(
    _ people: ProvincePeople, spec: SimulationSpec, item: Int?
  ) -> [Double] {
    var stream = RandomStream(
      seed: spec.populationSeed, Purpose.effect.rawValue, UInt64(people.index),
      item.map { UInt64($0) + 1 } ?? 0)
    var result: [Double] = []
    for district in 0..<people.districtCount {
      let inDistrict = spec.districtEffect * stream.nearlyNormal()
      for commune in people.communes(of: district) {
        let inCommune = inDistrict + spec.communeEffect * stream.nearlyNormal()
        for _ in people.villages(of: commune) {
          result.append(inCommune + spec.villageEffect * stream.nearlyNormal())
        }
      }
    }
    return result
  }

  /// The answers of `adults`, one column an item, with the reason where there is none.
  func answers(of adults: [Int], people: ProvincePeople) -> [Column] {
    var columns: [Column] = []
    columns.reserveCapacity(items.count)
    for (index, item) in items.enumerated() {
      var reasons = [UInt8](repeating: 0, count: adults.count)
      if let gate = gates[index] { Self.skip(&reasons, columns[gate], unless: item.gateAnswer) }
      var words = [UInt64](repeating: 0, count: adults.count)
      let salt = UInt64(index + 1) &* 0x9E37_79B9_7F4A_7C15
      for row in adults.indices {
        words[row] = RandomStream.mix(people.word[adults[row]] &+ salt)
      }
      // The lower half of a word decides whether there is an answer, the upper half which.
      let unknown = UInt64(item.dontKnow * 0x1p32)
      let silent = unknown + UInt64(item.refused * 0x1p32)
      for row in adults.indices where reasons[row] == 0 {
        let draw = words[row] & 0xFFFF_FFFF
        if draw < unknown {
          reasons[row] = MissingReason.dontKnow.rawValue
        } else if draw < silent {
          reasons[row] = MissingReason.refused.rawValue
        }
      }
      columns.append(
        Column(
          name: item.variable, values: values(index, adults, people, words), reasons: reasons))
    }
    return columns
  }

  private static func skip(_ reasons: inout [UInt8], _ gate: Column, unless answer: Int) {
    guard case .integers(let buffer) = gate.values else {
      for row in reasons.indices where gate.number(at: row) != Double(answer) {
        reasons[row] = MissingReason.skipped.rawValue
      }
      return
    }
    for row in reasons.indices where gate.reasons[row] != 0 || Int(buffer[row]) != answer {
      reasons[row] = MissingReason.skipped.rawValue
    }
  }

  private func values(
    _ index: Int, _ adults: [Int], _ people: ProvincePeople, _ words: [UInt64]
  ) -> Column.Values {
    let item = items[index]
    let classes = ProvincePeople.leaningClasses
    let base = index * villageCount * classes
    func chance(_ adult: Int) -> Double {
      chances[base + Int(people.villageOfAdult[adult]) * classes + Int(people.leaning[adult])]
    }
    switch item.kind {
    case .binary:
      return .integers(
        adults.indices.map { row in
          Double(words[row] >> 32) * 0x1p-32 < chance(adults[row]) ? 1 : 0
        })
    case .scale:
      let steps = Int(item.high - item.low)
      return .integers(
        adults.indices.map { row in
          let u = Double(words[row] >> 32) * 0x1p-32
          return Int16(item.low) + Self.binomial(u, steps: steps, chance: chance(adults[row]))
        })
    case .amount:
      // Γ(1.5), the mean of a Weibull variable of shape 2.
      let mean = 0.886_226_925_452_758
      let perUnit = item.step < 1 ? (1 / item.step).rounded() : 1
      return .numbers(
        adults.indices.map { row in
          let u = (Double(words[row] >> 32) + 0.5) * 0x1p-32
          let amount = chance(adults[row]) * (-Double.log(u)).squareRoot() / mean
          let kept = min(max(amount, item.low), item.high)
          // Fractions of a unit divide by a whole number, so that 0.3 is the double nearest to 0.3.
          return item.step < 1
            ? (kept * perUnit).rounded() / perUnit : (kept / item.step).rounded() * item.step
        })
    }
  }

  /// The binomial count at which the distribution function passes `u`.
  private static func binomial(_ u: Double, steps: Int, chance: Double) -> Int16 {
    var term = 1.0
    for _ in 0..<steps { term *= 1 - chance }
    let odds = chance / (1 - chance)
    var sum = term
    var count = 0
    while u >= sum && count < steps {
      term *= odds * Double(steps - count) / Double(count + 1)
      count += 1
      sum += term
    }
    return Int16(count)
  }
}
