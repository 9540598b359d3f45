import CanvassIngestion
import CanvassSurvey

/// Reads who gets an index: the places file in one vintage, and the populations.
struct UnitsReader {
  /// The key `units`.
  let value: Located

  /// The units as the pipeline file says them.
  func request() throws(Diagnostic) -> UnitsRequest {
    guard let variable = value["variable"] else { throw value.error("'units' lacks a variable") }
    var places: Places?
    if let file = value["places"] {
      places = try self.places(file, vintage: value["vintage"])
    } else if let vintage = value["vintage"] {
      throw vintage.error("'vintage' needs a places file")
    }
    var crosswalk: Crosswalk?
    if let key = value["crosswalk"] {
      guard let places else {
        throw key.error("a crosswalk needs a places file", remedy: "add 'places' and 'vintage'")
      }
      crosswalk = try self.crosswalk(key, to: places)
    }
    var populations: [String: Double]?
    if let population = value["population"] {
      let known = try self.populations(population, places: crosswalk?.former ?? places)
      if let former = crosswalk, let places {
        if let absent = former.former.units.first(where: { known[$0.code] == nil }) {
          throw population.error(
            "the populations lack '\(absent.name.vi)', a unit that the crosswalk leads from",
            remedy: "give every former unit its people")
        }
        crosswalk?.populations = former.former.units.map { known[$0.code] }
        populations = [:]
        for (index, unit) in former.former.units.enumerated() {
          guard let people = known[unit.code] else { continue }
          populations?[places.units[former.unitOfFormer[index]].code, default: 0] += people
        }
      } else {
        populations = known
      }
    }
    return UnitsRequest(
      variable: variable.text, places: places, crosswalk: crosswalk, populations: populations)
  }

  func places(_ file: Located, vintage: Located?) throws(Diagnostic) -> Places {
    let table = try file.table()
    let code = try file.column("code", of: table)
    var units: [Place] = []
    let vintages = table["vintage"]
    if let vintage, vintages == nil {
      throw vintage.error("the places file has no column 'vintage'")
    }
    if let vintages, vintage == nil {
      let known = Set((0..<table.rowCount).compactMap { vintages.text(at: $0) })
      if known.count > 1 {
        throw file.error(
          "the places file has several vintages",
          why: "a code or a name may mean different land in each of them",
          remedy: "say which one with 'vintage:', one of "
            + known.sorted(by: Column.precedes).joined(separator: ", "))
      }
    }
    for row in 0..<table.rowCount {
      if let vintage, vintages?.text(at: row) != vintage.text { continue }
      guard let code = code.text(at: row) else {
        throw Diagnostic(.badData, "a unit has no code", at: table.place(of: row))
      }
      let english = table["name_en"]?.text(at: row)
      let vietnamese = table["name_vi"]?.text(at: row)
      let region = table["region"]?.text(at: row)
      units.append(
        Place(
          code: code, vintage: vintages?.text(at: row),
          name: LocalizedText(en: english ?? vietnamese ?? code, vi: vietnamese),
          aliases: (table["aliases"]?.text(at: row)?.split(separator: "|").map(String.init) ?? [])
            + [table["iso_3166_2"]?.text(at: row)].compactMap(\.self),
          region: region.map { LocalizedText(en: $0, vi: table["region_vi"]?.text(at: row)) }))
    }
    if units.isEmpty {
      throw (vintage ?? file).error("the places file has no unit of this vintage")
    }
    return try Places(units)
  }

  private func populations(
    _ value: Located, places: Places?
  ) throws(Diagnostic) -> [String: Double] {
    guard let file = value["file"], let unit = value["unit"], let count = value["count"] else {
      throw value.error("'population' lacks file, unit or count")
    }
    let table = try file.table()
    let unitColumn = try unit.column(unit.text, of: table)
    let countColumn = try count.column(count.text, of: table)
    var populations: [String: Double] = [:]
    for row in 0..<table.rowCount {
      guard let name = unitColumn.text(at: row), let number = countColumn.number(at: row),
        number >= 0
      else {
        throw Diagnostic(
          .badData, "a population needs a unit and a count that is not negative",
          at: table.place(of: row))
      }
      var code = name
      if let places {
        guard let index = places.index(of: name) else {
          throw Diagnostic(
            .badData, "'\(name)' is no unit of the places file", at: table.place(of: row),
            remedy: "correct the name, or add it as an alias")
        }
        code = places.units[index].code
      }
      populations[code, default: 0] += number
    }
    return populations
  }
}
