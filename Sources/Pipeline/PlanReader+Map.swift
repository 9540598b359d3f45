import CanvassPublishing
import CanvassSurvey

extension PlanReader {
  /// The tiles of `publish: map`; every unit must have one.
  func map() throws(Diagnostic) -> TileMap? {
    guard let value = root["publish"]?["map"] else { return nil }
    guard let file = value["file"] else { throw value.error("'map' lacks a file") }
    let checker = value["looked_at_by"]?.text
    if root["publish"]?["status"]?.text == "final", checker == nil {
      throw value.error(
        "a final release does not say who has looked at its map",
        why: "a unit in a wrong place, or one left out, is seen by people alone",
        remedy: "add 'looked_at_by:' under 'map'")
    }
    guard let places = units.places else {
      throw value.error(
        "a map needs a places file", remedy: "add 'places:' under 'units', or remove 'map'")
    }
    let table = try file.table(asText: true)
    let code = try file.column("code", of: table)
    let column = try file.column("column", of: table)
    let row = try file.column("row", of: table)
    let vintages = table["vintage"]
    let vintage = root["units"]?["vintage"]?.text
    var tiles: [TileMap.Tile] = []
    var taken: Set<[Int]> = []
    for line in 0..<table.rowCount {
      if let vintages, let vintage, vintages.text(at: line) != vintage { continue }
      let place = table.place(of: line)
      guard let unit = code.text(at: line), let x = column.text(at: line).flatMap({ Int($0) }),
        let y = row.text(at: line).flatMap({ Int($0) }), 1...100 ~= x, 1...100 ~= y
      else {
        throw Diagnostic(
          .badData, "a tile needs a code, and a column and a row from 1 to 100", at: place)
      }
      guard places.units.contains(where: { $0.code == unit }) else {
        throw Diagnostic(
          .badData, "'\(unit)' is no unit of the places file", at: place,
          remedy: Suggestion.phrase(for: unit, among: places.units.map(\.code)))
      }
      guard taken.insert([x, y]).inserted else {
        throw Diagnostic(.badData, "two tiles lie in column \(x) and row \(y)", at: place)
      }
      let (en, vi) = (table["label_en"]?.text(at: line), table["label_vi"]?.text(at: line))
      tiles.append(
        TileMap.Tile(
          code: unit, column: x, row: y,
          label: en == nil && vi == nil ? nil : LocalizedText(en: en, vi: vi)))
    }
    let drawn = Set(tiles.map(\.code))
    let missing = places.units.filter { !drawn.contains($0.code) }
    if let first = missing.first {
      throw file.error(
        "\(missing.count) units have no tile, the first one is '\(first.code)'",
        why: "a unit that is not on the map looks as if it did not exist",
        remedy: "add a line for each")
    }
    return TileMap(tiles: tiles, checkedBy: checker)
  }
}
