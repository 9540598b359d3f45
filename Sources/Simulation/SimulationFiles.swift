public import CanvassCompute
import CanvassSurvey

extension Simulation {
  /// A member of a simulated drop.
  public struct File: Sendable, Hashable {
    /// Its path in the archive.
    public var name: String
    /// UTF-8, LF, comma.
    public var bytes: [UInt8]
  }

  /// The members of the drop in order of their names: codebook, frame of villages, responses.
  ///
  /// `urban` and the adults of a village are in `frame.csv` alone and join the responses by `village`.
  /// The files differ by seed, never by the number of workers.
  public static func files(
    _ spec: SimulationSpec, sampleSeed: UInt64, workers: Workers
  ) throws -> [File] {
    let (planter, sampled) = try planter(spec, sampleSeed: sampleSeed, workers: workers)
    // Repeated rows lie behind the others; a row's own texts are those planted in it.
    let table = sampled.gathering(Array(0..<sampled.rowCount) + planter.extra.map(\.row))
    var texts = planter.texts
    for (place, extra) in planter.extra.enumerated() {
      texts[sampled.rowCount + place] = extra.texts
    }
    let planted = texts
    let province = try table.column("province")
    var groupOfCode: [String: Int] = [:]
    for (index, province) in spec.provinces.enumerated() {
      groupOfCode[province.code] = index * spec.members / spec.provinces.count
    }
    var rows = [[Int]](repeating: [], count: spec.members)
    for row in 0..<table.rowCount {
      if let code = province.text(at: row), let group = groupOfCode[code] {
        rows[group].append(row)
      }
    }
    let columns = table.columns.filter { $0.name != "urban" }
    var codes: [String: SimulatedItem] = [:]
    for item in spec.items { codes[item.variable] = item }
    let groups = rows
    let items = codes
    let parts = try workers.map(spec.members) { group in
      responses(columns, rows: groups[group], items: items, planted: planted)
    }
    let width = String(spec.members).count
    let names = (1...spec.members).map { part in
      let number = String(part)
      return "responses/part-" + String(repeating: "0", count: width - number.count) + number
        + ".csv"
    }
    return [
      File(name: "codebook.csv", bytes: codebookFile(spec)),
      File(name: "frame.csv", bytes: try frame(spec, workers: workers)),
    ] + zip(names, parts).map { File(name: $0, bytes: $1) }
  }

  private static func responses(
    _ columns: [Column], rows: [Int], items: [String: SimulatedItem],
    planted: [Int: [String: String]]
  ) -> [UInt8] {
    var bytes = Array(columns.map(\.name).joined(separator: ",").utf8) + [10]
    let codes = columns.map { column in
      (0...UInt8(MissingReason.allCases.count)).map { raw in
        MissingReason(rawValue: raw).flatMap { items[column.name]?.code(of: $0) } ?? ""
      }
    }
    for row in rows {
      for (place, column) in columns.enumerated() {
        if place > 0 { bytes.append(44) }
        if let text = planted[row]?[column.name] {
          bytes += text.utf8
          continue
        }
        bytes += (column.text(at: row) ?? codes[place][Int(column.reasons[row])]).utf8
      }
      bytes.append(10)
    }
    return bytes
  }

  private static func frame(_ spec: SimulationSpec, workers: Workers) throws -> [UInt8] {
    let parts = try workers.map(spec.provinces.count) { index in
      let people = try ProvincePeople(index, spec: spec)
      return people.villageIDs.indices.reduce(into: "") { text, village in
        text += "\(people.villageIDs[village]),\(people.urban[village] ? 1 : 0),"
        text += "\(people.adults(of: village).count)\n"
      }
    }
    return Array(("village,urban,village_adults\n" + parts.joined()).utf8)
  }

  private static func codebookFile(_ spec: SimulationSpec) -> [UInt8] {
    var text =
      "variable,title_en,title_vi,dont_know,refused,skipped,not_selected,blank,values,values_vi,"
      + "type,low,high,asked_if\n"
    var frame = Variable(
      name: "village_adults",
      title: LocalizedText(en: "Adults of the village", vi: "Số người lớn của thôn"))
    frame.kind = .integer
    frame.low = 1
    for variable in codebook(spec) + [frame] {
      func codes(_ reason: MissingReason) -> String {
        variable.missingCodes.filter { $0.value == reason }.keys.sorted(by: Column.precedes)
          .joined(separator: "|")
      }
      let labels = variable.valueLabels.sorted { Column.precedes($0.key, $1.key) }
      let fields = [
        variable.name, variable.title.en, variable.title.vi, codes(.dontKnow), codes(.refused),
        codes(.skipped), codes(.notSelected), codes(.blank),
        labels.map { "\($0.key)=\($0.value.en)" }.joined(separator: "|"),
        labels.map { "\($0.key)=\($0.value.vi)" }.joined(separator: "|"),
        variable.kind?.rawValue ?? "", variable.low.map(Column.render) ?? "",
        variable.high.map(Column.render) ?? "", variable.askedIf ?? "",
      ]
      text += fields.map(quoted).joined(separator: ",") + "\n"
    }
    return Array(text.utf8)
  }

  private static func quoted(_ field: String) -> String {
    guard field.utf8.contains(where: { [34, 44, 10, 13].contains($0) }) else { return field }
    return "\""
      + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}
