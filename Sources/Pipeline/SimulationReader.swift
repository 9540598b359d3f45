import CanvassSimulation
import CanvassSurvey

/// Reads a simulation file and the tables that it names.
struct SimulationReader {
  /// The root of the file, its shape checked.
  let root: Located

  /// The specification, checked.
  func spec() throws(Diagnostic) -> SimulationSpec {
    guard let name = root["name"] else { throw root.error("'name' is missing") }
    var spec = SimulationSpec(provinces: try provinces(), items: try items())
    spec.name = name.text
    if let seed = root["population_seed"] { spec.populationSeed = UInt64(seed.text) ?? 1 }
    if let seed = root["sample_seed"] { spec.sampleSeed = UInt64(seed.text) ?? 1 }
    for (key, path) in SimulationReader.counts {
      if let value = root[key] { spec[keyPath: path] = Int(value.number) }
    }
    for (key, path) in SimulationReader.rates {
      if let value = root[key] { spec[keyPath: path] = value.number }
    }
    for (name, count) in root["faults"]?.entries ?? [] {
      guard let kind = FaultKind(rawValue: name.text) else {
        throw name.error(
          "there is no kind of fault '\(name.text)'",
          remedy: Suggestion.phrase(
            for: name.text, among: FaultKind.allCases.map(\.rawValue)))
      }
      spec.faults[kind] = Int(count.number)
    }
    if let file = root["places"] {
      let table = try file.table(asText: true)
      let code = try file.column("code", of: table)
      let name = try file.column("name_vi", of: table)
      for row in 0..<table.rowCount
      where root["vintage"] == nil || table["vintage"]?.text(at: row) == root["vintage"]?.text {
        if let code = code.text(at: row) { spec.placeNames[code] = name.text(at: row) }
      }
    }
    do {
      try spec.check()
    } catch {
      throw Diagnostic(error.kind, error.what, at: root.file, why: error.why, remedy: error.remedy)
    }
    return spec
  }

  private static var counts: [(String, WritableKeyPath<SimulationSpec, Int>)] {
    [
      ("persons_per_adult", \.personsPerAdult), ("districts", \.districts),
      ("districts_large", \.districtsLarge), ("large_provinces", \.largeProvinces),
      ("villages_per_commune", \.villagesPerCommune), ("village_adults", \.villageAdults),
      ("smallest_village", \.smallestVillage), ("districts_drawn", \.districtsDrawn),
      ("districts_drawn_large", \.districtsDrawnLarge), ("communes_drawn", \.communesDrawn),
      ("villages_drawn", \.villagesDrawn), ("persons_drawn", \.personsDrawn),
      ("under_age_rows", \.underAgeRows), ("inconsistent_answers", \.inconsistentAnswers),
      ("duplicate_rows", \.duplicateRows), ("members", \.members),
    ]
  }

  private static var rates: [(String, WritableKeyPath<SimulationSpec, Double>)] {
    [
      ("urban_seat_district", \.urbanSeatDistrict), ("district_effect", \.districtEffect),
      ("commune_effect", \.communeEffect), ("village_effect", \.villageEffect),
      ("shared_effect", \.sharedEffect), ("person_effect", \.personEffect),
      ("female_effect", \.femaleEffect), ("minority_effect", \.minorityEffect),
      ("urban_effect", \.urbanEffect), ("minority_share", \.minorityShare),
      ("minority_spread", \.minoritySpread), ("response_rural", \.responseRural),
      ("response_urban", \.responseUrban), ("response_spread", \.responseSpread),
    ]
  }

  private func provinces() throws(Diagnostic) -> [SimulationSpec.Province] {
    guard let file = root["population"], let year = root["population_year"] else {
      throw root.error("'population' is missing")
    }
    let table = try file.table()
    let code = try file.column("province", of: table)
    let sex = try file.column("sex", of: table)
    let band = try file.column("age_band", of: table)
    let count = try year.column(year.text, of: table)
    var provinces: [SimulationSpec.Province] = []
    for row in 0..<table.rowCount {
      guard let code = code.text(at: row), let sex = sex.text(at: row),
        let band = band.text(at: row), let persons = count.number(at: row)
      else {
        throw Diagnostic(.badData, "a population lacks a value", at: table.place(of: row))
      }
      if provinces.last?.code != code {
        provinces.append(SimulationSpec.Province(code: code, cells: []))
      }
      provinces[provinces.count - 1].cells.append(
        .init(sex: sex, ageBand: band, persons: Int(persons)))
    }
    return provinces
  }

  private func items() throws(Diagnostic) -> [SimulatedItem] {
    guard let file = root["items"], let targetsFile = root["targets"] else {
      throw root.error("'items' or 'targets' is missing")
    }
    let targetTable = try targetsFile.table()
    let variables = try targetsFile.column("variable", of: targetTable)
    let provinces = try targetsFile.column("province", of: targetTable)
    let values = try targetsFile.column("value", of: targetTable)
    var targets: [String: [String: Double]] = [:]
    for row in 0..<targetTable.rowCount {
      guard let variable = variables.text(at: row), let province = provinces.text(at: row),
        let value = values.number(at: row)
      else {
        throw Diagnostic(.badData, "a target lacks a value", at: targetTable.place(of: row))
      }
      targets[variable, default: [:]][province] = value
    }
    let table = try file.table()
    for name in ["variable", "kind", "low", "high"] { _ = try file.column(name, of: table) }
    var items: [SimulatedItem] = []
    for row in 0..<table.rowCount {
      func text(_ name: String) -> String? { table[name]?.text(at: row) }
      func number(_ name: String) -> Double? { table[name]?.number(at: row) }
      guard let variable = text("variable"),
        let kind = text("kind").flatMap(SimulatedItem.Kind.init(rawValue:)),
        let low = number("low"), let high = number("high")
      else {
        throw Diagnostic(
          .badData, "an item lacks its variable, kind or ends", at: table.place(of: row),
          remedy: "kinds are binary, scale and amount")
      }
      items.append(
        SimulatedItem(
          variable: variable, kind: kind, low: low, high: high, step: number("step") ?? 1,
          gate: text("gate"), gateAnswer: Int(number("gate_answer") ?? 1),
          dontKnow: number("dont_know") ?? 0, refused: number("refused") ?? 0,
          title: LocalizedText(en: text("title_en"), vi: text("title_vi")),
          targets: targets[variable] ?? [:]))
    }
    return items
  }
}
