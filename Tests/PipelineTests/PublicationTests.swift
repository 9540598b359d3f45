import CanvassPipeline
import CanvassPublishing
import CanvassSurvey
import Foundation
import Testing

@Suite("publish: map, ranks and the files beside the report")
struct PublicationTests {
  static let publish = "publish:\n  minimum_respondents: 10\n"
  static let tiles = """
    vintage,code,column,row,label_vi
    2004,01,2,1,
    2004,48,3,2,
    2004,79,2,3,
    2004,48,5,2,Hoàng Sa
    2025,01,2,1,

    """

  func run(_ keys: String, tiles: String = PublicationTests.tiles) throws -> Workshop {
    let workshop = try Workshop()
    try workshop.write("tiles.csv", tiles)
    try workshop.run(replacing: Self.publish, with: Self.publish + keys)
    return workshop
  }

  func refusal(_ keys: String, tiles: String = PublicationTests.tiles) -> Diagnostic? {
    #expect(throws: Diagnostic.self) { try run(keys, tiles: tiles) }
  }

  @Test("the map has a tile for every unit, and islands by their name")
  func map() throws {
    let workshop = try run("  map: {file: tiles.csv}\n")
    let svg = try workshop.released("map-vi.svg")
    for word in ["Hoàng", "Đà Nẵng", "Hà Nội", "island"] { #expect(svg.contains(word)) }
    #expect(try workshop.released("report.html").contains("Hoàng Sa (Đà Nẵng)"))
    #expect(try !run("").released("report.html").contains("id=\"map\""))
  }

  @Test(
    "a map that leaves a unit out, knows a strange one or puts two in one place is refused",
    arguments: [
      ("2004,79,2,3,\n", "", "no tile"), ("2004,79", "2004,99", "no unit of the places file"),
      ("79,2,3", "79,3,2", "two tiles lie"), ("79,2,3", "79,2,x", "from 1 to 100"),
    ])
  func badMaps(old: String, new: String, what: String) throws {
    let error = refusal(
      "  map: {file: tiles.csv}\n", tiles: Self.tiles.replacing(old, with: new))
    #expect(error?.what.contains(what) == true)
  }

  @Test("a final release says who has looked at its map")
  func final() throws {
    let keys = "  status: final\n  map: {file: tiles.csv}\n"
    #expect(refusal(keys)?.what.contains("looked at its map") == true)
    let workshop = try run(keys.replacing("tiles.csv}", with: "tiles.csv, looked_at_by: An <b>}"))
    #expect(try workshop.released("report.html").contains("Looked at by An &lt;b&gt;."))
  }

  @Test("ranks: none takes ranks out of every file and leaves groups")
  func ranks() throws {
    func rows(_ workshop: Workshop) throws -> [[String: String]] {
      CSVTable(try workshop.released("scores.csv")).rows
    }
    let without = try rows(try run("  ranks: none\n"))
    let with = try rows(try run("  ranks: intervals\n"))
    #expect(without.count == with.count && with.contains { $0["rank"] == "1" })
    for (a, b) in zip(without, with) {
      for (column, value) in b {
        #expect(column.hasPrefix("rank") ? a[column] == "" : a[column] == value)
      }
    }
    #expect(try rows(try run("")) == with)
  }

  @Test("every file of a release is explained in both languages, every column has a type")
  func metadata() throws {
    let workshop = try run("  map: {file: tiles.csv}\n")
    let folder = workshop.path("Runs/small/latest/release")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0 != "README.txt" }
    let readme = try workshop.released("README.txt")
    let parts = readme.components(separatedBy: "\n----\n")
    #expect(parts.count == 2 && parts[0].hasPrefix("Nhỏ\n") && parts[1].hasPrefix("\nSmall\n"))
    for file in files {
      for part in parts {
        let line = part.components(separatedBy: "\n").first { $0.hasPrefix(file + ": ") }
        #expect((line?.count ?? 0) > file.count + 4, "\(file) is not explained")
      }
    }
    let bytes = Data(try workshop.released("datapackage.json").utf8)
    let package = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
    let resources = try #require(package["resources"] as? [[String: Any]])
    #expect(
      Set(resources.compactMap { $0["path"] as? String })
        == Set(files.filter { $0.hasSuffix(".csv") }))
    for resource in resources {
      let path = try #require(resource["path"] as? String)
      let text = try workshop.released(path)
      let schema = try #require(resource["schema"] as? [String: Any])
      let fields = try #require(schema["fields"] as? [[String: Any]])
      #expect(
        fields.compactMap { $0["name"] as? String }.joined(separator: ",")
          == text.prefix { $0 != "\n" })
      #expect(resource["bytes"] as? Int == text.utf8.count)
      let table = CSVTable(text)
      for field in fields {
        let name = try #require(field["name"] as? String)
        for row in table.rows where row[name] != "" {
          switch field["type"] as? String {
          case "number": #expect(Double(row[name] ?? "") != nil, "\(path): \(name)")
          case "integer": #expect(Int(row[name] ?? "") != nil, "\(path): \(name)")
          case "string": break
          default: Issue.record("\(path): \(name) has no type")
          }
        }
      }
    }
  }

  @Test(
    "the research object names every file with its size and digest; without a date there is none")
  func researchObject() throws {
    let workshop = try run("  map: {file: tiles.csv}\n")
    let folder = workshop.folder.appending(path: "Runs/small/latest/release")
    let files = Set(try FileManager.default.contentsOfDirectory(atPath: folder.path))
    let bytes = Data(try workshop.released("ro-crate-metadata.json").utf8)
    let crate = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
    let graph = try #require(crate["@graph"] as? [[String: Any]])
    let root = try #require(graph.first { $0["@id"] as? String == "./" })
    #expect(root["datePublished"] as? String == "2026-12-01")
    let parts = try #require(root["hasPart"] as? [[String: String]]).compactMap { $0["@id"] }
    #expect(Set(parts) == files.subtracting(["ro-crate-metadata.json"]))
    for entity in graph where entity["@type"] as? String == "File" {
      let name = try #require(entity["@id"] as? String)
      #expect(parts.contains(name))
      guard name != "MANIFEST.sha256" else { continue }
      let content = [UInt8](try Data(contentsOf: folder.appending(path: name)))
      #expect(entity["contentSize"] as? String == String(content.count))
      #expect(entity["sha256"] as? String == SHA256.hex(content), "\(name)")
    }
    let undated = try Workshop()
    try undated.run(replacing: "released: 2026-12-01\n", with: "")
    #expect(throws: (any Error).self) { try undated.released("ro-crate-metadata.json") }
    #expect(try !undated.released("README.txt").contains("ro-crate"))
  }
}
