/// The final outcomes of sampled cases and AAPOR's response rates (Standard Definitions, 10th edition, 2023).
public struct OutcomeRates: Sendable, Hashable {
  /// What became of a case.
  public enum Outcome: Int, Sendable, Hashable, CaseIterable {
    /// I, code 1.1.
    case complete
    /// P, code 1.2.
    case partial
    /// R, codes 2.1: refusals and break-offs.
    case refusal
    /// NC, codes 2.2: never reached.
    case nonContact
    /// O, codes 2.3 and above: other.
    case other
    /// UH, codes 3.1: nobody knows whether there is a household.
    case unknownHousehold
    /// UO, codes 3.2 and above: unknown for another reason.
    case unknownOther
    /// NE, codes 4: not eligible.
    case notEligible

    /// The outcome of a disposition code such as `1.1`, `2.112` or `211`; nil for what is none.
    public init?(code: String) {
      let digits = code.utf8.filter { $0 != UInt8(ascii: ".") }
      guard (2...5).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) })
      else { return nil }
      switch (digits[0] - 0x30, digits[1] - 0x30) {
      case (1, 1): self = .complete
      case (1, 2): self = .partial
      case (2, 1): self = .refusal
      case (2, 2): self = .nonContact
      case (2, 3...9): self = .other
      case (3, 1): self = .unknownHousehold
      case (3, 2...9): self = .unknownOther
      case (4, _): self = .notEligible
      default: return nil
      }
    }
  }

  private var counts = [Int](repeating: 0, count: Outcome.allCases.count)

  /// No case yet.
  public init() {}

  /// Number of cases with an outcome.
  public subscript(_ outcome: Outcome) -> Int {
    get { counts[outcome.rawValue] }
    set { counts[outcome.rawValue] = newValue }
  }

  /// All cases.
  public var cases: Int { counts.reduce(0, +) }

  private var interviews: Int { self[.complete] + self[.partial] }
  private var eligible: Int {
    interviews + self[.refusal] + self[.nonContact] + self[.other]
  }
  private var unknown: Int { self[.unknownHousehold] + self[.unknownOther] }

  /// e: the share of eligible ones among cases whose eligibility is known, taken for the unknown ones too
  /// (proportional allocation); nil where none is known.
  public var eligibleShare: Double? {
    let known = eligible + self[.notEligible]
    return known == 0 ? nil : Double(eligible) / Double(known)
  }

  /// Response rate 1 to 6; nil where it has no denominator.
  ///
  /// RR1 = I / ((I + P) + (R + NC + O) + (UH + UO)), RR3 with e (UH + UO) and RR5 without the unknown; RR2,
  /// RR4 and RR6 are the same with I + P above.
  public func responseRate(_ number: Int) -> Double? {
    precondition((1...6).contains(number), "AAPOR defines response rates 1 to 6")
    let above = number % 2 == 1 ? self[.complete] : interviews
    let below: Double
    switch number {
    case 1, 2: below = Double(eligible + unknown)
    case 3, 4:
      guard let share = eligibleShare else { return nil }
      below = Double(eligible) + share * Double(unknown)
    default: below = Double(eligible)
    }
    return below == 0 ? nil : Double(above) / below
  }

  /// Refusal rate 1: R / ((I + P) + (R + NC + O) + (UH + UO)).
  public var refusalRate: Double? { share(self[.refusal]) }
  /// Contact rate 1: ((I + P) + R + O) / ((I + P) + R + O + NC + (UH + UO)).
  public var contactRate: Double? { share(eligible - self[.nonContact]) }

  private func share(_ count: Int) -> Double? {
    let all = eligible + unknown
    return all == 0 ? nil : Double(count) / Double(all)
  }
}
