import CanvassSurvey
import Testing

@Suite("Places") struct PlacesTests {
  static func places(_ units: [Place]) throws -> Places { try Places(units) }

  static let vietnam = [
    Place(
      code: "79", name: LocalizedText(en: "Ho Chi Minh City", vi: "TP. Hồ Chí Minh"),
      aliases: ["HCMC"]),
    Place(code: "01", name: LocalizedText(en: "Ha Noi", vi: "Hà Nội")),
    Place(code: "66", name: LocalizedText(en: "Dak Lak", vi: "Đắk Lắk")),
    Place(code: "2", name: LocalizedText(en: "Ha Giang", vi: "Hà Giang")),
  ]

  @Test("whole-number codes lie by value, others behind them by bytes, whatever the input order")
  func order() throws {
    #expect(try Places(Self.vietnam).units.map(\.code) == ["01", "2", "66", "79"])
    let codes = ["10", "9", "1a", "a", "B", "09b"]
    for start in codes.indices {
      let turned = codes[start...] + codes[..<start]
      let places = try Places(turned.map { Place(code: $0, name: LocalizedText(en: "name \($0)")) })
      #expect(places.units.map(\.code) == ["9", "10", "09b", "1a", "B", "a"])
    }
  }

  @Test(
    "a unit is found by code with or without leading zeros, by name in any case, and by alias",
    arguments: [
      ("01", "01"), ("1", "01"), ("2", "2"), ("02", "2"), ("002", "2"), ("79", "79"),
      ("Hà Nội", "01"), ("hà nội", "01"), ("  HÀ   NỘI ", "01"), ("ha noi", "01"), ("hcmc", "79"),
      ("Ðắk Lắk", "66"), ("đắk lắk", "66"), ("Ha\u{300} No\u{323}\u{302}i", "01"),
      ("H\u{E0}\u{A0}N\u{1ED9}i", "01"),
    ])
  func lookup(text: String, code: String) throws {
    let places = try Places(Self.vietnam)
    #expect(places.index(of: text).map { places.units[$0].code } == code)
  }

  @Test("what names no unit is not found", arguments: ["", "3", "Hue", "0", "-1"])
  func unknown(text: String) throws {
    #expect(try Places(Self.vietnam).index(of: text) == nil)
  }

  @Test("a code or name of two units is an error that names it")
  func conflicts() {
    let name = LocalizedText(en: "One")
    for second in [
      Place(code: "1", name: LocalizedText(en: "Two")), Place(code: "02", name: name),
      Place(code: "3", name: LocalizedText(en: "Three"), aliases: ["ONE"]),
    ] {
      #expect(throws: Diagnostic.self) { try Places([Place(code: "01", name: name), second]) }
    }
  }

  @Test("units without names are told apart by their codes")
  func nameless() throws {
    let none = LocalizedText(en: nil)
    #expect(
      try Places([Place(code: "1", name: none), Place(code: "2", name: none)]).units.count == 2)
  }
}

@Suite("Suggestions") struct SuggestionTests {
  @Test(
    "the nearest name within a third of its length is suggested, the first of equals",
    arguments: [
      ("wieght", ["weight", "height"], "weight"), ("AGE", ["age"], "age"), ("ag", ["age"], "age"),
      ("provnice", ["province", "provinces"], "province"), ("ab", ["ax", "ay"], "ax"),
      ("xyz", ["province", "age"], nil), ("x", [], nil), ("tuôi", ["tuổi"], "tuổi"),
    ] as [(String, [String], String?)])
  func nearest(name: String, candidates: [String], expected: String?) {
    #expect(
      Suggestion.phrase(for: name, among: candidates) == expected.map { "did you mean '\($0)'?" })
  }
}
