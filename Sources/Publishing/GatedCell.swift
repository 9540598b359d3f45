import Foundation

/// The numbers of a row that the gate may take away.
private struct GatedCell {
  var estimate: Double?
  var standardError: Double?
  var degrees: Double?
  var interval: ClosedRange<Double>?
  var status: CellStatus

  mutating func pass(
    _ rules: GateRules, respondents: Int?, samplingUnits: Int?, isSensitive: Bool,
    scaleLength: Double?, share: Double?
  ) {
    if estimate?.isFinite == false { estimate = nil }
    if estimate == nil, status.allowsNumber {
      status = (respondents ?? 0) == 0 ? .noRespondents : .partMissing
    }
    if standardError?.isFinite == false { standardError = nil }
    if let bounds = interval, !bounds.lowerBound.isFinite || !bounds.upperBound.isFinite {
      interval = nil
    }
    // A share of exactly 0 or 1 comes with its status and an exact interval, without a standard error.
    let isExact = status == .noVariation
    if status.allowsNumber {
      status = judged(
        rules, respondents: respondents, samplingUnits: samplingUnits, isSensitive: isSensitive,
        scaleLength: scaleLength, share: share)
    }
    if !status.allowsNumber { estimate = nil }
    if estimate == nil || status == .noVariation || status == .takenWhole {
      standardError = nil
      if estimate == nil { degrees = nil }
    }
    if estimate == nil || (standardError == nil && !(isExact && status == .noVariation)) {
      interval = nil
    }
  }

  /// The status of a cell that has a number: the first rule that it fails.
  private func judged(
    _ rules: GateRules, respondents: Int?, samplingUnits: Int?, isSensitive: Bool,
    scaleLength: Double?, share: Double?
  ) -> CellStatus {
    let fewRespondents = !rules.publishes(respondents: respondents)
    let fewUnits =
      (samplingUnits ?? rules.minimumSamplingUnits) < rules.minimumSamplingUnits
      || (degrees ?? 1) < 1 || status == .oneSamplingUnit
    if isSensitive, fewRespondents || fewUnits { return .confidential }
    if isSensitive, let share {
      // Worked back from a score, a share carries rounding noise.
      if share < 0.05 - 1e-12 { return .underFivePercent }
      if share > 0.95 + 1e-12 { return .overNinetyFivePercent }
    }
    if fewRespondents { return .suppressed }
    if fewUnits { return .oneSamplingUnit }
    if status == .noVariation || status == .takenWhole { return status }
    if let value = estimate, let error = standardError, error <= abs(value) * 1e-12 {
      return .noVariation
    }
    if status == .imputed || status == .formerUnits { return status }
    let width = interval.map { $0.upperBound - $0.lowerBound }
    let relative = width.flatMap { width in scaleLength.map { width / $0 } }
    if let relative, let widest = rules.widestInterval, relative > widest { return .tooWide }
    if let respondents, respondents < 30 { return .fewRespondents }
    if let share, let width = relative {
      // Parker et al. 2017, National Center for Health Statistics: absolute and relative width.
      let smaller = min(share, 1 - share)
      if width >= 0.3 || (width > 0.05 && width > 1.3 * smaller) { return .wideInterval }
    } else if let relative, relative > 0.2 {
      return .wideInterval
    }
    return .ok
  }
}

extension ScoreRow {
  /// Takes away what a single row must not show; `indicator` is the status of its row of indicators.
  mutating func pass(_ rules: GateRules, indicator: CellStatus?) {
    rank = nil
    rankInterval = nil
    simultaneousRankInterval = nil
    group = nil
    if let indicator, status.allowsNumber { status = indicator }
    let node = rules.nodes[node]
    var cell = GatedCell(
      estimate: score, standardError: standardError, degrees: degreesOfFreedom,
      interval: interval, status: status)
    let share = node?.shareEnds.flatMap { ends in
      score.map { ($0 - ends.zero) / (ends.one - ends.zero) }
    }
    cell.pass(
      rules, respondents: respondents, samplingUnits: samplingUnits,
      isSensitive: node?.isSensitive == true, scaleLength: node?.scaleLength, share: share)
    score = cell.estimate
    standardError = cell.standardError
    degreesOfFreedom = cell.degrees
    interval = cell.interval
    status = cell.status
    // Why a number has no standard error stays beside it.
    if standardError == nil, score == nil || standardErrorObstacle == nil {
      standardErrorMethod = ""
    }
  }

  /// Empties the row where the plan or the other file's row withholds it.
  mutating func close(_ plan: DisclosurePlan, _ decided: CellStatus?) {
    status = status.closed(by: decided, isComplementary: plan.complementary.contains(cell))
    guard !status.allowsNumber else { return }
    score = nil
    standardError = nil
    standardErrorMethod = ""
    interval = nil
    degreesOfFreedom = nil
    if status.hidesCounts { respondents = nil }
  }

  /// The row with counts in multiples of `base` and numbers of 4 digits.
  mutating func round(to base: Int) {
    respondents = respondents.map { $0.rounded(to: base) }
    score = score?.inFourDigits
    standardError = standardError?.inFourDigits
    degreesOfFreedom = degreesOfFreedom?.inFourDigits
    interval = interval.map { $0.lowerBound.inFourDigits...$0.upperBound.inFourDigits }
  }
}

extension IndicatorRow {
  /// Takes away what a single row must not show.
  mutating func pass(_ rules: GateRules, isSensitive: Bool) {
    var cell = GatedCell(
      estimate: estimate, standardError: standardError, degrees: degreesOfFreedom,
      interval: interval, status: status)
    let isShare = statistic == "share"
    cell.pass(
      rules, respondents: respondents, samplingUnits: samplingUnits, isSensitive: isSensitive,
      scaleLength: isShare ? 1 : nil, share: isShare ? estimate : nil)
    estimate = cell.estimate
    standardError = cell.standardError
    degreesOfFreedom = cell.degrees
    interval = cell.interval
    status = cell.status
    if standardError == nil {
      // Why a number has no standard error stays beside it.
      if estimate == nil || standardErrorObstacle == nil { standardErrorMethod = "" }
      designEffect = nil
    }
    if designEffect?.isFinite == false { designEffect = nil }
  }

  /// Empties the row where the plan or the other file's row withholds it.
  mutating func close(_ plan: DisclosurePlan, _ decided: CellStatus?) {
    status = status.closed(by: decided, isComplementary: plan.complementary.contains(cell))
    guard !status.allowsNumber else { return }
    estimate = nil
    standardError = nil
    standardErrorMethod = ""
    interval = nil
    degreesOfFreedom = nil
    designEffect = nil
    if status.hidesCounts {
      respondents = nil
      samplingUnits = nil
    }
  }

  /// The row with counts in multiples of `base`, numbers of 4 digits and no design effect.
  mutating func round(to base: Int) {
    respondents = respondents.map { $0.rounded(to: base) }
    estimate = estimate?.inFourDigits
    standardError = standardError?.inFourDigits
    degreesOfFreedom = degreesOfFreedom?.inFourDigits
    interval = interval.map { $0.lowerBound.inFourDigits...$0.upperBound.inFourDigits }
    designEffect = nil
  }
}

extension Int {
  /// The nearest multiple of `base`, the even one of two.
  func rounded(to base: Int) -> Int {
    Int((Double(self) / Double(base)).rounded(.toNearestOrEven)) * base
  }
}

extension Double {
  /// The number with 4 significant decimal digits.
  var inFourDigits: Double {
    // Without a locale, String(format:) writes as C's printf does in the locale "C".
    Double(String(format: "%.3e", self)) ?? self
  }
}

extension CellStatus {
  /// The status after the other file's row, `decided`, and the plan have withheld what they withhold.
  fileprivate func closed(by decided: CellStatus?, isComplementary: Bool) -> CellStatus {
    if isComplementary { return .confidential }
    if let decided, !decided.allowsNumber, allowsNumber { return decided }
    return self
  }
}
