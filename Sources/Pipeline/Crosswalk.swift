import CanvassSurvey

/// How the units of the data become those of the index, where the land was divided otherwise since.
///
/// Each former unit goes to exactly one unit. Its respondents are respondents of that unit, in the strata
/// and sampling units that they were drawn from.
struct Crosswalk {
  /// The units that the data name.
  let former: Places
  /// The unit of each former one.
  let unitOfFormer: [Int]
  /// People by former unit, where the pipeline file names populations.
  var populations: [Double?]?

  /// The former units of a unit.
  func formerUnits(of unit: Int) -> [Int] {
    unitOfFormer.indices.filter { unitOfFormer[$0] == unit }
  }

  /// Values of the former units as values of the units: sums for counts, else the mean weighted by
  /// population; a unit of which a former one has no value has none.
  func values(_ values: [Double?], units: Int, areCounts: Bool) -> [Double?] {
    (0..<units).map { unit in
      combined(unit, areCounts: areCounts) { former in values[former] }.map { parts in
        parts.reduce(0) { $0 + $1.share * $1.value }
      }
    }
  }

  /// Their standard errors, the former units' samples being drawn independently: √Σ (share · se)².
  func standardErrors(_ errors: [Double?], units: Int, areCounts: Bool) -> [Double?] {
    (0..<units).map { unit in
      combined(unit, areCounts: areCounts) { former in errors[former] }.map { parts in
        parts.reduce(0) { $0 + ($1.share * $1.value) * ($1.share * $1.value) }.squareRoot()
      }
    }
  }

  private func combined(
    _ unit: Int, areCounts: Bool, _ value: (Int) -> Double?
  ) -> [(share: Double, value: Double)]? {
    let former = formerUnits(of: unit)
    let people = former.map { populations?[$0] ?? nil }
    let total = people.reduce(0) { $0 + ($1 ?? 0) }
    var parts: [(share: Double, value: Double)] = []
    for (position, index) in former.enumerated() {
      guard let number = value(index) else { return nil }
      if areCounts || former.count == 1 {
        parts.append((1, number))
      } else {
        guard let count = people[position], total > 0 else { return nil }
        parts.append((count / total, number))
      }
    }
    return parts.isEmpty ? nil : parts
  }
}

extension UnitsReader {
  /// The crosswalk to `places` that the pipeline file names.
  ///
  /// - Throws: an error of its line where a former unit goes to none or to several units, or a code is
  ///   none of its vintage.
  func crosswalk(_ value: Located, to places: Places) throws(Diagnostic) -> Crosswalk {
    guard let file = value["file"], let from = value["from"], let list = self.value["places"],
      let to = self.value["vintage"]
    else {
      throw value.error(
        "a crosswalk leads from one vintage of the places file to another",
        remedy: "give 'file' and 'from' here, 'places' and 'vintage' under 'units'")
    }
    let former = try self.places(list, vintage: from)
    let table = try file.table(asText: true)
    var columns: [Column] = []
    for name in ["from_vintage", "from_code", "to_vintage", "to_code"] {
      columns.append(try file.column(name, of: table))
    }
    var unitOfFormer = [Int](repeating: -1, count: former.units.count)
    for row in 0..<table.rowCount
    where columns[0].text(at: row) == from.text && columns[2].text(at: row) == to.text {
      guard let old = columns[1].text(at: row).flatMap(former.index),
        let new = columns[3].text(at: row).flatMap(places.index)
      else {
        throw Diagnostic(
          .badData, "a code of the crosswalk is none of its vintage in the places file",
          at: table.place(of: row))
      }
      guard unitOfFormer[old] < 0 || unitOfFormer[old] == new else {
        throw Diagnostic(
          .badData, "'\(former.units[old].name.vi)' goes to two units", at: table.place(of: row),
          why: "its respondents cannot be told apart",
          remedy: "a crosswalk leads from many to one; use a variable that names the new unit")
      }
      unitOfFormer[old] = new
    }
    if let absent = unitOfFormer.firstIndex(of: -1) {
      throw file.error(
        "the crosswalk leads '\(former.units[absent].name.vi)' of \(from.text) to no unit of \(to.text)"
      )
    }
    return Crosswalk(former: former, unitOfFormer: unitOfFormer)
  }
}
