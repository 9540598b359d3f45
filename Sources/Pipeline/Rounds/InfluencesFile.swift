import CanvassIngestion
import CanvassPublishing
import CanvassSurvey

/// `internal/influences.csv`: what each primary sampling unit contributed to each score, so that a later
/// round can tell how much of a change is the sample.
enum InfluencesFile {
  static let name = "influences.csv"
  static let header = "node,unit,stratum,psu,u"

  /// The file's bytes, in the order of units and nodes, then of the design.
  static func bytes(_ contributions: RoundContributions, scores: [Round.Score]) -> [UInt8] {
    var file = CommaSeparated(header: header, expectedLines: scores.count * 6)
    for score in scores {
      let key = RoundContributions.Key(unit: score.unit, node: score.node)
      for entry in contributions.values[key] ?? [] {
        file.add(score.node)
        file.add(score.unit)
        file.add(contributions.samplingUnits[entry.unit].stratum)
        file.add(contributions.samplingUnits[entry.unit].name)
        file.add(entry.value)
        file.endLine()
      }
    }
    return file.bytes
  }

  /// The contributions that a run left.
  ///
  /// - Throws: `badData` with the line that is not one of these.
  static func read(_ path: String) throws -> RoundContributions {
    let table = try Ingestion.readTable(path: path, asText: true)
    let columns = try header.split(separator: ",").map { try table.column(String($0)) }
    func cell(_ column: Int, _ row: Int) -> String? {
      columns[column].text(at: row).map(CommaSeparated.restored)
    }
    let strata = columns[2].grouped()
    let units = columns[3].grouped()
    var positions: [Int64: Int] = [:]
    var samplingUnits: [RoundContributions.SamplingUnit] = []
    var entries: [(key: RoundContributions.Key, unit: Int, value: Double)] = []
    entries.reserveCapacity(table.rowCount)
    for row in 0..<table.rowCount {
      guard let node = cell(0, row), let unit = cell(1, row),
        let text = columns[4].text(at: row), let value = StrictNumber.parse(text)
      else {
        throw Diagnostic(
          .badData, "a line of influences lacks a node, a unit or a number",
          at: table.place(of: row), remedy: "see what 'canvass verify' says of the run")
      }
      let (stratum, name) = (strata.levelOfRow[row], units.levelOfRow[row])
      let place = Int64(stratum) << 32 | Int64(name)
      let position = positions[place] ?? samplingUnits.count
      if position == samplingUnits.count {
        positions[place] = position
        samplingUnits.append(
          RoundContributions.SamplingUnit(
            stratum: cell(2, row) ?? "", name: cell(3, row) ?? ""))
      }
      entries.append((RoundContributions.Key(unit: unit, node: node), position, value))
    }
    var result = RoundContributions(samplingUnits: samplingUnits)
    for entry in entries { result.add(entry.value, of: entry.unit, to: entry.key) }
    return result
  }
}
