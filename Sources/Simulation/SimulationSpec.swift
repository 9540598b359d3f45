public import CanvassSurvey

/// Everything that decides a simulated round: people, answers, sample, and faults for cleaning to find.
///
/// The same value gives the same population and, with a sample seed, the same sample on any number of
/// threads. Effects are standard deviations (or differences) on the logit scale.
public struct SimulationSpec: Sendable, Hashable {
  /// Adults of a province by sex and age band, in persons.
  public struct Province: Sendable, Hashable {
    /// A sex and age band with its number of persons.
    public struct Cell: Sendable, Hashable {
      /// `F` or `M`.
      public var sex: String
      /// `18-24` … or, open, `65+`.
      public var ageBand: String
      /// Number of persons.
      public var persons: Int

      /// A sex and age band.
      public init(sex: String, ageBand: String, persons: Int) {
        self.sex = sex
        self.ageBand = ageBand
        self.persons = persons
      }
    }

    /// The code of the province, such as `01`.
    public var code: String
    /// Its adults.
    public var cells: [Cell]

    /// A province with its adults.
    public init(code: String, cells: [Cell]) {
      self.code = code
      self.cells = cells
    }

    /// Number of adults, in persons.
    public var persons: Int { cells.reduce(0) { $0 + $1.persons } }
  }

  /// Name of the round.
  public var name = "simulation"
  /// Decides the people and their answers.
  public var populationSeed: UInt64 = 1
  /// Decides who is drawn and who responds, unless another seed is given.
  public var sampleSeed: UInt64 = 1
  /// How many persons one simulated adult stands for.
  public var personsPerAdult = 70

  /// Districts of a province; the first is its seat.
  public var districts = 6
  /// Districts of a large province.
  public var districtsLarge = 12
  /// How many provinces, the most populous ones, count as large.
  public var largeProvinces = 6
  /// Villages of a commune; the first is its seat. Communes follow from the number of adults.
  public var villagesPerCommune = 3
  /// Adults that a village has on average, about.
  public var villageAdults = 90
  /// Adults that a village has at least.
  public var smallestVillage = 60
  /// Probability that a commune of the seat district is urban; the seat commune of any district is.
  public var urbanSeatDistrict = 0.6

  /// Standard deviation between districts of a province.
  public var districtEffect = 0.15
  /// Standard deviation between communes of a district.
  public var communeEffect = 0.15
  /// Standard deviation between villages of a commune.
  public var villageEffect = 0.35
  /// Share of those variances that all items have in common.
  public var sharedEffect = 0.3
  /// Standard deviation between persons of a village, common to all items.
  public var personEffect = 0.6
  /// How women differ from men.
  public var femaleEffect = -0.1
  /// How ethnic minorities differ from the majority.
  public var minorityEffect = -0.3
  /// How urban residents differ from rural ones.
  public var urbanEffect = 0.1
  /// Share of ethnic minorities in a middling village.
  public var minorityShare = 0.08
  /// Standard deviation of that share's logit between provinces, and again between villages.
  public var minoritySpread = 1.2

  /// Probability that a rural adult who is drawn responds, in a middling province.
  public var responseRural = 0.9
  /// The same of an urban adult.
  public var responseUrban = 0.82
  /// Standard deviation of the response probability between provinces (not a logit).
  public var responseSpread = 0.03

  /// Districts drawn beside the seat.
  public var districtsDrawn = 2
  /// Districts drawn beside the seat in a large province.
  public var districtsDrawnLarge = 4
  /// Communes drawn beside the seat of a district.
  public var communesDrawn = 1
  /// Villages drawn beside the seat of a commune.
  public var villagesDrawn = 1
  /// Adults drawn in a village.
  public var personsDrawn = 20

  /// Rows added whose respondent is 17.
  public var underAgeRows = 0
  /// Skipped cells that get an answer all the same.
  public var inconsistentAnswers = 0
  /// Rows that appear twice, all cells alike.
  public var duplicateRows = 0
  /// Faults of other kinds, and how many of each; `under_age` and `repeated_row` here besides the above.
  public var faults: [FaultKind: Int] = [:]
  /// Names of provinces by code, for faults in how a province is named.
  public var placeNames: [String: String] = [:]
  /// Files that the responses are spread over.
  public var members = 6

  /// The provinces.
  public var provinces: [Province]
  /// The questions, gates before what they gate.
  public var items: [SimulatedItem]

  /// A round of `provinces` and `items`; everything else has a default that can be changed.
  public init(provinces: [Province], items: [SimulatedItem]) {
    self.provinces = provinces
    self.items = items
  }

  /// Whether the province at `index` is one of the most populous; ties go to the first listed.
  public func isLarge(_ index: Int) -> Bool {
    let mine = provinces[index].persons
    let ahead = provinces.indices.count { other in
      provinces[other].persons > mine || (provinces[other].persons == mine && other < index)
    }
    return ahead < largeProvinces
  }

  /// Checks that the numbers make a population that can be drawn from.
  ///
  /// - Throws: `badPipeline` for a number out of its range, an item without a target in a province, a
  ///   gate that does not come before what it gates.
  public func check() throws(Diagnostic) {
    let counts = [
      ("persons_per_adult", personsPerAdult), ("districts", districts),
      ("districts_large", districtsLarge), ("villages_per_commune", villagesPerCommune),
      ("village_adults", villageAdults), ("smallest_village", smallestVillage),
      ("districts_drawn", districtsDrawn), ("districts_drawn_large", districtsDrawnLarge),
      ("communes_drawn", communesDrawn), ("villages_drawn", villagesDrawn),
      ("persons_drawn", personsDrawn), ("members", members),
    ]
    for (name, value) in counts where value < 1 { throw Self.wrong(name, "must be at least 1") }
    for (name, value) in [
      ("large_provinces", largeProvinces), ("under_age_rows", underAgeRows),
      ("inconsistent_answers", inconsistentAnswers), ("duplicate_rows", duplicateRows),
    ] where value < 0 { throw Self.wrong(name, "must not be negative") }
    for (name, value) in [
      ("urban_seat_district", urbanSeatDistrict), ("shared_effect", sharedEffect),
      ("minority_share", minorityShare), ("response_rural", responseRural),
      ("response_urban", responseUrban),
    ] where !(value >= 0 && value <= 1) { throw Self.wrong(name, "must lie between 0 and 1") }
    guard minorityShare > 0, minorityShare < 1 else {
      throw Self.wrong("minority_share", "must lie between 0 and 1, without the ends")
    }
    guard districtsDrawn < districts, districtsDrawnLarge < districtsLarge else {
      throw Self.wrong("districts_drawn", "must leave a district of each province undrawn")
    }
    guard villagesDrawn < villagesPerCommune else {
      throw Self.wrong("villages_drawn", "must be less than villages_per_commune")
    }
    guard personsDrawn <= smallestVillage, smallestVillage <= villageAdults else {
      throw Self.wrong(
        "smallest_village", "must lie between persons_drawn and village_adults")
    }
    var seen: [String: SimulatedItem.Kind] = [:]
    for item in items {
      try item.check(provinces: provinces, earlier: seen)
      if seen.updateValue(item.kind, forKey: item.variable) != nil {
        throw Self.wrong(item.variable, "is described twice")
      }
    }
    let codes = provinces.map(\.code)
    guard Set(codes).count == codes.count else {
      throw Self.wrong("population", "lists a province twice")
    }
  }

  static func wrong(_ name: String, _ what: String) -> Diagnostic {
    Diagnostic(
      .badPipeline, "'\(name)' \(what)", at: "simulation",
      remedy: "correct it in the simulation file")
  }
}
