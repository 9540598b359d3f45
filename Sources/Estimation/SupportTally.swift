/// Counts respondents, sampling units and strata while rows pass in the order of their primary sampling units.
struct SupportTally {
  private(set) var support = Support(respondents: 0, psus: 0, strata: 0)
  private var lastPSU: Int32 = -1
  private var lastStratum: Int32 = -1

  /// Adds respondents of one primary sampling unit.
  mutating func add(_ respondents: Int, psu: Int32, stratum: Int32) {
    support.respondents += respondents
    if lastPSU == psu { return }
    lastPSU = psu
    support.psus += 1
    if lastStratum == stratum { return }
    lastStratum = stratum
    support.strata += 1
  }
}
