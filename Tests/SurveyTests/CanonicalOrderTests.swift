import CanvassCompute
import CanvassSurvey
import Testing

@Suite("Canonical order") struct CanonicalOrderTests {
  /// Two provinces whose districts count from 1 in each; district 10 comes after 2.
  static let table = Table(columns: [
    Column(name: "province", strings: ["B", "A", "A", "B", "A", "A", "B"]),
    Column(name: "district", numbers: [10, 1, 10, 10, 2, 1, 1]),
    Column(name: "id", numbers: [7, 6, 5, 4, 3, 2, 1]),
    Column(name: "w", numbers: [1.5, 2, 0.5, 3, 1, 2.5, 4]),
  ])
  static let request = DesignRequest(stages: [.init(strata: ["province"], unit: "district")])

  static func error(_ body: () throws -> Void) -> Diagnostic? {
    do {
      try body()
      return nil
    } catch {
      return error as? Diagnostic
    }
  }

  static func rows(_ table: Table) -> [String] {
    (0..<table.rowCount).map { row in
      table.columns.map { $0.text(at: row) ?? $0.reason(at: row)?.name ?? "" }
        .joined(separator: "|")
    }
  }

  @Test("rows lie by stratum, unit and key; units of one number in two strata stay two")
  func order() throws {
    let (table, design) = try Self.table.arranged(by: Self.request, key: "id")
    #expect((0..<7).map { table["id"]?.number(at: $0) } == [2, 6, 3, 5, 1, 4, 7])
    #expect(design.stratumNames == ["A", "B"])
    #expect(design.psuNames == ["1", "2", "10", "1", "10"])
    #expect(design.rowStarts == [0, 2, 3, 4, 5, 7])
    #expect(design.psuStarts == [0, 3, 5])
    #expect(design.stratumOfPSU == [0, 0, 0, 1, 1])
    #expect(design.stageCounts.map(\.count) == [5])
    #expect(design.psuCount == 5 && design.stratumCount == 2)
    #expect(design.rows(of: 4) == 5..<7 && design.psus(of: 1) == 3..<5)
  }

  @Test("a unit that ends one stratum and one of its number that begins the next are two")
  func adjacentUnits() throws {
    let table = Table(columns: [
      Column(name: "s", numbers: [1, 2]), Column(name: "u", numbers: [5, 5]),
    ])
    let request = DesignRequest(stages: [.init(strata: ["s"], unit: "u")])
    let (_, design) = try table.arranged(by: request, key: nil)
    #expect(design.psuNames == ["5", "5"] && design.stratumCount == 2)
    #expect(design.rowStarts == [0, 1, 2] && design.psuStarts == [0, 1, 2])
  }

  @Test("a unit drawn with certainty is a stratum of its own, its sub-units are the PSUs")
  func certainty() throws {
    let table = Table(columns: [
      Column(name: "p", strings: ["A", "A", "A", "A", "A", "A", "B", "B"]),
      Column(name: "d", numbers: [3, 3, 3, 4, 4, 9, 3, 4]),
      Column(name: "c", numbers: [1, 2, 2, 1, 2, 1, 1, 1]),
      Column(name: "seat", numbers: [1, 1, 1, 0, 0, 0, 0, 0]),
      Column(name: "id", numbers: [8, 7, 6, 5, 4, 3, 2, 1]),
    ])
    let request = DesignRequest(
      stages: [.init(strata: ["p"], unit: "d"), .init(unit: "c")],
      certainty: .init(unit: "d", flag: "seat"))
    let (sorted, design) = try table.arranged(by: request, key: "id")
    #expect(design.stratumNames == ["A", "A/d 3", "B"])
    #expect(design.psuNames == ["4", "9", "1", "2", "3", "4"])
    #expect(design.rowStarts == [0, 2, 3, 4, 6, 7, 8])
    #expect(design.psuStarts == [0, 2, 4, 6])
    #expect((0..<8).map { sorted["id"]?.number(at: $0) } == [5, 4, 3, 8, 6, 7, 2, 1])
    #expect(design.stageCounts.map(\.unit) == ["d", "c"])
    #expect(design.stageCounts.map(\.count) == [5, 7])
  }

  @Test("a unit that is certain in some rows only is an error that names both places")
  func halfCertain() throws {
    let table = Table(columns: [
      Column(name: "d", numbers: [3, 4, 3]), Column(name: "c", numbers: [1, 1, 2]),
      Column(name: "seat", numbers: [1, 0, 0]),
    ])
    let request = DesignRequest(
      stages: [.init(unit: "d"), .init(unit: "c")], certainty: .init(unit: "d", flag: "seat"))
    let found = Self.error { _ = try table.arranged(by: request, key: nil) }
    #expect(found?.kind == .badData)
    #expect(found?.what == "'seat' differs between rows of one d")
    #expect(found?.place != nil && found?.why?.contains("row ") == true)
  }

  @Test("certainty needs a flag of 0 or 1 and a stage below")
  func badCertainty() throws {
    let table = Table(columns: [
      Column(name: "d", numbers: [3, 4]), Column(name: "c", numbers: [1, 1]),
      Column(name: "open", numbers: [1, nil]), Column(name: "two", numbers: [1, 2]),
    ])
    let stages = [DesignRequest.Stage(unit: "d"), DesignRequest.Stage(unit: "c")]
    for flag in ["open", "two"] {
      let found = Self.error {
        _ = try table.arranged(
          by: DesignRequest(stages: stages, certainty: .init(unit: "d", flag: flag)), key: nil)
      }
      #expect(found?.kind == .badData && found?.place == "row 2")
    }
    for wrong in [
      DesignRequest(stages: [stages[0]], certainty: .init(unit: "d", flag: "two")),
      DesignRequest(stages: stages, certainty: .init(unit: "c", flag: "two")),
      DesignRequest(stages: [], certainty: .init(unit: "d", flag: "two")),
    ] {
      #expect(Self.error { _ = try table.arranged(by: wrong, key: nil) }?.kind == .badPipeline)
    }
  }

  @Test(
    "a row without a design variable is an error with its place; so is a name that is not there")
  func missing() throws {
    let table = Table(
      columns: [Column(name: "s", numbers: [1, 1]), Column(name: "u", numbers: [1, nil])],
      origins: RowOrigins(sources: ["a.zip:b.csv"], sourceOfRow: [0, 0], lineOfRow: [2, 7]))
    let request = DesignRequest(stages: [.init(strata: ["s"], unit: "u")])
    let found = Self.error { _ = try table.arranged(by: request, key: nil) }
    #expect(found?.kind == .badData && found?.place == "a.zip:b.csv:7")
    #expect(found?.what.contains("'u'") == true)
    let unknown = DesignRequest(stages: [.init(strata: ["t"], unit: "u")])
    #expect(Self.error { _ = try table.arranged(by: unknown, key: nil) }?.kind == .badPipeline)
    #expect(
      Self.error { _ = try table.arranged(by: DesignRequest(), key: "idd") }?.kind == .badPipeline)
  }

  @Test("a second stage has strata within the units of the first, and a fraction of each")
  func secondStage() throws {
    let table = Table(columns: [
      Column(name: "h", numbers: [1, 1, 1, 1, 1, 1]),
      Column(name: "a", numbers: [2, 1, 1, 2, 1, 2]),
      Column(name: "k", strings: ["x", "y", "x", "x", "x", "x"]),
      Column(name: "M", numbers: [8, 8, 8, 8, 8, 8]),
      Column(name: "N", numbers: [4, 2, 5, 4, 5, 4]),
      Column(name: "id", numbers: [1, 2, 3, 4, 5, 6]),
    ])
    let stages = [
      DesignRequest.Stage(strata: ["h"], unit: "a", size: .population("M")),
      DesignRequest.Stage(strata: ["k"], unit: nil, size: .population("N")),
    ]
    let (rows, design) = try table.arranged(by: DesignRequest(stages: stages), key: "id")
    #expect((0..<6).map { rows["id"]?.number(at: $0) } == [3, 5, 2, 1, 4, 6])
    #expect(design.stages[0].fractions == [0.25])
    #expect(design.stages[1].unitStarts == [0, 2, 3, 6])
    #expect(design.stages[1].parentOfStratum == [0, 0, 1])
    #expect(design.stages[1].fractions == [0.4, 0.5, 0.75])
    #expect(design.stages[1].stratumNames == ["1/x", "1/y", "2/x"])
    #expect(design.psuCount == 2 && design.samplingUnitCount == 6 && design.rows(of: 1) == 3..<6)
  }

  @Test("a correction below a stage without one is refused; a population too small is named")
  func corrections() throws {
    let table = Table(columns: [
      Column(name: "a", numbers: [1, 1, 2]), Column(name: "b", numbers: [1, 2, 1]),
      Column(name: "N", numbers: [3, 3, 3]), Column(name: "small", numbers: [1, 1, 1]),
      Column(name: "f", numbers: [0.5, 0.5, 1.5]), Column(name: "none", numbers: [2, nil, 2]),
      Column(name: "differs", numbers: [4, 5, 4]),
    ])
    func fault(_ stages: [DesignRequest.Stage]) -> Diagnostic? {
      Self.error { _ = try table.arranged(by: DesignRequest(stages: stages), key: nil) }
    }
    let below = fault([.init(unit: "a"), .init(unit: "b", size: .population("N"))])
    #expect(below?.kind == .badPipeline && below?.what.contains("'b'") == true)
    let nameless = fault([.init(unit: nil), .init(unit: "b")])
    #expect(nameless?.kind == .badPipeline)
    for size in [
      StageSize.population("small"), .fraction("f"), .population("none"), .population("differs"),
    ] {
      let found = fault([.init(unit: "a", size: size)])
      #expect(found?.kind == .badData && found?.place != nil && found?.remedy != nil, "\(size)")
    }
  }

  @Test("without stages every row is a unit of one stratum")
  func simple() throws {
    let (table, design) = try Self.table.arranged(by: DesignRequest(), key: "id")
    #expect((0..<7).map { table["id"]?.number(at: $0) } == [1, 2, 3, 4, 5, 6, 7])
    #expect(design.rowStarts == Array(0...7) && design.psuStarts == [0, 7])
    #expect(design.stratumNames == ["the whole sample"] && design.stageCounts.isEmpty)
  }

  @Test("lone rows, lone units and no rows at all have a design", arguments: [0, 1])
  func small(count: Int) throws {
    let table = Self.table.gathering(Array(0..<count))
    for request in [Self.request, DesignRequest()] {
      let (sorted, design) = try table.arranged(by: request, key: "id")
      #expect(sorted.rowCount == count)
      #expect(design.rowStarts == Array(0...count) && design.psuStarts == Array(0...count))
    }
  }

  @Test("order and design do not depend on the order of rows", arguments: [nil, "id", "shared"])
  func shuffled(key: String?) throws {
    var random = RandomStream(seed: 17)
    let count = 300
    func numbers(_ bound: Int) -> [Double?] { (0..<count).map { _ in Double(random.below(bound)) } }
    let district = numbers(9)
    let table = Table(columns: [
      Column(
        name: "p", strings: (0..<count).map { _ in ["Huế", "Cà Mau", "An Giang"][random.below(3)] }),
      Column(name: "d", numbers: district), Column(name: "v", numbers: numbers(4)),
      Column(name: "seat", numbers: district.map { $0 == 4 ? 1 : 0 }),
      Column(name: "id", numbers: (0..<count).map(Double.init)),
      // A key that several rows share, some without it: content must decide, reasons included.
      Column(name: "shared", numbers: (0..<count).map { $0 % 5 == 0 ? nil : Double($0 % 3) }),
      Column(
        name: "why", values: .integers([Int16](repeating: 0, count: count)),
        reasons: (0..<count).map { _ in UInt8(random.below(4)) }),
      Column(name: "x", numbers: (0..<count).map { _ in random.uniform() }),
    ])
    let request = DesignRequest(
      stages: [.init(strata: ["p"], unit: "d"), .init(unit: "v")],
      certainty: .init(unit: "d", flag: "seat"))
    let (first, design) = try table.arranged(by: request, key: key)
    #expect(Self.rows(first).sorted() == Self.rows(table).sorted())
    for _ in 0..<5 {
      let mixed = table.gathering(Array(0..<count).shuffled(using: &random))
      let (other, otherDesign) = try mixed.arranged(by: request, key: key)
      #expect(Self.rows(other) == Self.rows(first))
      #expect(otherDesign.rowStarts == design.rowStarts)
      #expect(otherDesign.psuStarts == design.psuStarts)
      #expect(otherDesign.psuNames == design.psuNames)
      #expect(otherDesign.stratumNames == design.stratumNames)
      #expect(otherDesign.stageCounts.map(\.count) == design.stageCounts.map(\.count))
    }
    // The same units counted from the cells alone.
    let columns = first.columns
    func distinct(_ names: [String]) -> Int {
      let picked = columns.filter { names.contains($0.name) }
      return Set((0..<count).map { row in picked.map { $0.text(at: row) ?? "" } }).count
    }
    #expect(design.stageCounts.map(\.count) == [distinct(["p", "d"]), distinct(["p", "d", "v"])])
    for psu in 0..<design.psuCount {
      let rows = design.rows(of: psu)
      #expect(!rows.isEmpty)
      #expect(Set(rows.map { first["p"]?.text(at: $0) }).count == 1)
      #expect(Set(rows.map { first["d"]?.text(at: $0) }).count == 1)
    }
  }
}
