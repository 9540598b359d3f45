import CanvassSurvey

/// `datapackage.json` (Data Package 2.0): every table of the release with the types of its columns.
public enum DataPackageFile {
  /// The file's name.
  public static let name = "datapackage.json"

  /// The file's bytes for the tables among `files`, whose columns are those of their first lines.
  public static func bytes(
    _ files: [RunFile], of content: ReportContent, name: String, version: String?
  ) -> [UInt8] {
    let tables = files.filter { $0.name.hasSuffix(".csv") }
    var package: [String: JSONValue] = [
      "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
      "name": .text(name.lowercased()),
      "title": .text(content.title[content.languages.first ?? .en]),
      "resources": .list(tables.map(resource)),
    ]
    if let version { package["version"] = .text(version) }
    return JSONValue.object(package).document
  }

  private static func resource(_ file: RunFile) -> JSONValue {
    let stem = String(file.name.dropLast(4))
    let header = String(decoding: file.bytes.prefix { $0 != 0x0A }, as: UTF8.self)
    return [
      "name": .text(stem), "type": "table", "path": .text(file.name), "format": "csv",
      "mediatype": "text/csv", "encoding": "utf-8", "bytes": .integer(file.bytes.count),
      "hash": .text("sha256:" + SHA256.hex(file.bytes)),
      "description": .text(ReadmeFile.meaning(of: file.name)?.en ?? stem),
      "dialect": ["delimiter": ",", "lineTerminator": "\n", "header": true],
      "schema": [
        "fields": .list(
          header.split(separator: ",", omittingEmptySubsequences: false).map {
            field(String($0), of: stem)
          }),
        "missingValues": [""],
      ],
    ]
  }

  private static func field(_ column: String, of table: String) -> JSONValue {
    var field: [String: JSONValue] = ["name": .text(column), "type": .text(type(column, table))]
    if column == "status", table == "scores" || table == "indicators" {
      field["categories"] = .list(
        CellStatus.allCases.filter { $0 != .ok }.map {
          ["value": .text($0.rawValue), "label": .text(Phrase.status($0).en)]
        })
    }
    return .object(field)
  }

  /// The type of a column; codes of units and nodes are text even where they look like numbers.
  private static func type(_ column: String, _ table: String) -> String {
    switch (table, column) {
    case ("definitions", _): "string"
    case (_, "n"), (_, "n_psu"), (_, "psus_shared"), (_, "rank"), (_, "rank_low"),
      (_, "rank_high"), (_, "rank_sim_low"), (_, "rank_sim_high"), (_, "rank_best"),
      (_, "rank_worst"), (_, "band_low"), (_, "band_high"), (_, "units"),
      ("cleaning", "applied"), ("cleaning", "rows"), ("cleaning", "unknown"),
      ("cleaning", "cells"):
      "integer"
    case (_, "score"), (_, "estimate"), (_, "se"), (_, "df"), (_, "ci_low"), (_, "ci_high"),
      (_, "confidence"), (_, "deff"), (_, "value"), (_, "weight"), (_, "effective_weight"),
      (_, "before"), (_, "after"), (_, "change"), (_, "old"), (_, "new"), (_, "probability"),
      (_, "difference"), (_, "sim_low"), (_, "sim_high"), (_, "rank_median"), (_, "coverage"),
      (_, "first_order"), (_, "first_order_se"), (_, "total"), (_, "total_se"):
      "number"
    default: "string"
    }
  }
}
