/// The keys of a simulation file.
enum SimulationShape {
  static let counts = [
    "persons_per_adult", "districts", "districts_large", "large_provinces", "villages_per_commune",
    "village_adults", "smallest_village", "districts_drawn", "districts_drawn_large",
    "communes_drawn", "villages_drawn", "persons_drawn", "under_age_rows", "inconsistent_answers",
    "duplicate_rows", "members",
  ]
  static let rates = [
    "urban_seat_district", "district_effect", "commune_effect", "village_effect", "shared_effect",
    "person_effect", "female_effect", "minority_effect", "urban_effect", "minority_share",
    "minority_spread", "response_rural", "response_urban", "response_spread",
  ]

  static let root = Shape.object(
    [
      .init("name", .text, required: true, "the name of the round"),
      .init("population_seed", .integer(0...Int.max), "decides the people and their answers"),
      .init("sample_seed", .integer(0...Int.max), "decides who is drawn and who responds"),
      .init(
        "population", .text, required: true, "a table: province, sex, age_band, one column a year"),
      .init("population_year", .text, required: true, "which of its columns"),
      .init("items", .text, required: true, "the table of questions"),
      .init("targets", .text, required: true, "a table of means: variable, province, value"),
      .init("faults", .map(.integer(0...1_000_000)), "faults for cleaning to find, by kind"),
      .init("places", .text, "a table of units: code, name_vi, vintage"),
      .init("vintage", .text, "which vintage of it"),
      .init("pipeline", .text, required: true, "the pipeline file whose index defines the truth"),
    ] + counts.map { .init($0, .integer(0...1_000_000_000), "a number") }
      + rates.map { .init($0, .number, "a rate or effect") })
}
