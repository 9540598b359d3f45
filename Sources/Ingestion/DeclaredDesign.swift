/// The sampling design that a data file declares: what Stata's `svyset` left in it.
public struct DeclaredDesign: Sendable, Hashable {
  /// A stage of the design.
  public struct Stage: Sendable, Hashable {
    /// The variable of the strata, or nil.
    public let stratum: String?
    /// The variable of the sampling units, or nil where rows were drawn.
    public let unit: String?
    /// The variable of the finite population correction: a fraction, or the number of units.
    public let correction: String?
  }

  /// The stages from the first.
  public let stages: [Stage]
  /// The variable of the sampling weights, or nil.
  public let weight: String?
  /// What happens to strata with one sampling unit: `missing`, `certainty`, `scaled`, `centered`.
  public let loneUnits: String?
  /// Settings that are there and not taken over, by their names in `svyset`.
  public let others: [String]

  /// The design in the characteristics `_dta[_svy_…]`, which `value` gives by what follows `_svy_`; nil where
  /// there is none.
  init?(_ value: (String) -> String?) {
    func filled(_ name: String) -> String? {
      value(name).flatMap { $0.isEmpty || $0 == "_n" ? nil : $0 }
    }
    var stages: [Stage] = []
    while stages.count < 20 {
      let number = stages.count + 1
      guard value("su\(number)") != nil || value("strata\(number)") != nil else { break }
      stages.append(
        Stage(
          stratum: filled("strata\(number)"), unit: filled("su\(number)"),
          correction: filled("fpc\(number)")))
    }
    self.stages = stages
    weight = value("wtype") == "pweight" ? filled("wvar") : nil
    loneUnits = filled("singleunit")
    others = [
      "poststrata", "postweight", "brrweight", "bsrweight", "jkrweight", "sdrweight", "fay", "dof",
    ].filter { filled($0) != nil }
    if stages.isEmpty, weight == nil { return nil }
  }
}
