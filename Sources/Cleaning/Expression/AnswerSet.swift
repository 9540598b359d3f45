import CanvassSurvey

/// A set of what a cell may hold: numbers, texts, and reasons for holding nothing.
struct AnswerSet: Hashable {
  /// An interval of numbers; an end that is open does not belong to it.
  struct Interval: Hashable {
    var low: Double
    var isLowOpen: Bool
    var high: Double
    var isHighOpen: Bool

    var isEmpty: Bool { low > high || (low == high && (isLowOpen || isHighOpen)) }

    func intersection(_ other: Interval) -> Interval {
      var both = self
      if other.low > low || (other.low == low && other.isLowOpen) {
        both.low = other.low
        both.isLowOpen = other.isLowOpen
      }
      if other.high < high || (other.high == high && other.isHighOpen) {
        both.high = other.high
        both.isHighOpen = other.isHighOpen
      }
      return both
    }
  }

  /// Some texts, or all texts but some.
  struct Texts: Hashable {
    var listed: Set<String>
    var isAllBut: Bool

    var isEmpty: Bool { !isAllBut && listed.isEmpty }

    func intersection(_ other: Texts) -> Texts {
      switch (isAllBut, other.isAllBut) {
      case (false, false): Texts(listed: listed.intersection(other.listed), isAllBut: false)
      case (false, true): Texts(listed: listed.subtracting(other.listed), isAllBut: false)
      case (true, false): Texts(listed: other.listed.subtracting(listed), isAllBut: false)
      case (true, true): Texts(listed: listed.union(other.listed), isAllBut: true)
      }
    }
  }

  var numbers: [Interval]
  var texts: Texts
  /// Raw values of reasons.
  var reasons: Set<UInt8>

  static let allReasons = Set(MissingReason.allCases.map(\.rawValue))
  static let allNumbers = [
    Interval(low: -.infinity, isLowOpen: true, high: .infinity, isHighOpen: true)
  ]
  /// Every value, and no reason.
  static let answered = AnswerSet(
    numbers: allNumbers, texts: Texts(listed: [], isAllBut: true), reasons: [])
  /// Every reason, and no value.
  static let missing = AnswerSet(
    numbers: [], texts: Texts(listed: [], isAllBut: false), reasons: allReasons)

  var isEmpty: Bool { numbers.isEmpty && texts.isEmpty && reasons.isEmpty }

  func intersection(_ other: AnswerSet) -> AnswerSet {
    AnswerSet(
      numbers: numbers.flatMap { first in
        other.numbers.map { first.intersection($0) }.filter { !$0.isEmpty }
      },
      texts: texts.intersection(other.texts), reasons: reasons.intersection(other.reasons))
  }

  /// The values that are not in the set, and no reason.
  var otherValues: AnswerSet {
    var rest = AnswerSet.allNumbers
    for interval in numbers {
      let below = Interval(
        low: -.infinity, isLowOpen: true, high: interval.low, isHighOpen: !interval.isLowOpen)
      let above = Interval(
        low: interval.high, isLowOpen: !interval.isHighOpen, high: .infinity, isHighOpen: true)
      rest = rest.flatMap { part in
        [below, above].map { part.intersection($0) }.filter { !$0.isEmpty }
      }
    }
    return AnswerSet(
      numbers: rest, texts: Texts(listed: texts.listed, isAllBut: !texts.isAllBut), reasons: [])
  }
}
