import CanvassSurvey
import Foundation
import Testing

/// The names of Viet Nam's provinces as real lists spell them.
@Suite("Spellings of Viet Nam's provinces") struct VietnamSpellingTests {
  struct Line {
    let vintage: String
    let place: Place
  }

  /// `Datasets/vietnam/places.csv`, which holds no quotes.
  static let lines: [Line] = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Datasets/vietnam/places.csv")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").dropFirst().map { line in
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      return Line(
        vintage: cells[0],
        place: Place(
          code: cells[1], vintage: cells[0], name: LocalizedText(en: cells[3], vi: cells[2]),
          aliases: cells[8].split(separator: "|").map(String.init)
            + (cells[7].isEmpty ? [] : [cells[7]])))
    }
  }()

  static func places(_ vintage: String?) throws -> Places {
    try Places(lines.filter { vintage == nil || $0.vintage == vintage }.map(\.place))
  }

  /// A spelling in every letter case, composed and decomposed, and without any mark.
  static func forms(_ spelling: String) -> [String] {
    let unmarked = String(
      String.UnicodeScalarView(
        spelling.decomposedStringWithCanonicalMapping.unicodeScalars.compactMap { scalar in
          (0x300...0x36F).contains(scalar.value)
            ? nil : scalar == "đ" ? "d" : scalar == "Đ" ? "D" : scalar
        }))
    return [spelling, unmarked, spelling.replacing("Đ", with: "\u{D0}")].flatMap { text in
      [text, text.lowercased(), text.uppercased(), text.capitalized]
    }.flatMap {
      [$0.precomposedStringWithCanonicalMapping, $0.decomposedStringWithCanonicalMapping]
    }
  }

  @Test(
    "every name, alias and code of a vintage finds its unit, however it is written",
    arguments: [("2004", 280 + 63), ("2025", 0)])
  func known(vintage: String, aliases: Int) throws {
    let places = try Self.places(vintage)
    var spellings = 0
    for line in Self.lines where line.vintage == vintage {
      let names = [line.place.name.en, line.place.name.vi] + line.place.aliases
      spellings += line.place.aliases.count
      for name in names {
        let kinds = ["Tỉnh ", "tinh ", "TP. ", "TP.", "Thành phố ", "T. "].map { $0 + name }
        for form in Self.forms(name) + kinds + [name + " City", name.uppercased() + " PROVINCE"] {
          let found = places.index(of: form).map { places.units[$0].code }
          #expect(found == line.place.code, "\(form)")
        }
      }
      let short = String(Int(line.place.code) ?? -1)
      for code in [line.place.code, short, "0" + line.place.code] {
        #expect(places.index(of: code).map { places.units[$0].code } == line.place.code)
      }
    }
    #expect(spellings == aliases)
  }

  @Test("the spellings of ISO 3166-2 find their units, by name and by code")
  func iso() throws {
    let places = try Self.places("2004")
    // ISO 3166-2:VN without the former Hà Tây, from pycountry 24.6.1, 24 November 2026:
    // [(s.code, s.name) for s in pycountry.subdivisions.get(country_code="VN")].
    let list = """
      VN-01|Lai Châu; VN-02|Lào Cai; VN-03|Hà Giang; VN-04|Cao Bằng; VN-05|Sơn La; VN-06|Yên Bái; \
      VN-07|Tuyên Quang; VN-09|Lạng Sơn; VN-13|Quảng Ninh; VN-14|Hòa Bình; VN-18|Ninh Bình; \
      VN-20|Thái Bình; VN-21|Thanh Hóa; VN-22|Nghệ An; VN-23|Hà Tĩnh; VN-24|Quảng Bình; \
      VN-25|Quảng Trị; VN-26|Thừa Thiên-Huế; VN-27|Quảng Nam; VN-28|Kon Tum; VN-29|Quảng Ngãi; \
      VN-30|Gia Lai; VN-31|Bình Định; VN-32|Phú Yên; VN-33|Đắk Lắk; VN-34|Khánh Hòa; \
      VN-35|Lâm Đồng; VN-36|Ninh Thuận; VN-37|Tây Ninh; VN-39|Đồng Nai; VN-40|Bình Thuận; \
      VN-41|Long An; VN-43|Bà Rịa - Vũng Tàu; VN-44|An Giang; VN-45|Đồng Tháp; VN-46|Tiền Giang; \
      VN-47|Kiến Giang; VN-49|Vĩnh Long; VN-50|Bến Tre; VN-51|Trà Vinh; VN-52|Sóc Trăng; \
      VN-53|Bắc Kạn; VN-54|Bắc Giang; VN-55|Bạc Liêu; VN-56|Bắc Ninh; VN-57|Bình Dương; \
      VN-58|Bình Phước; VN-59|Cà Mau; VN-61|Hải Dương; VN-63|Hà Nam; VN-66|Hưng Yên; \
      VN-67|Nam Định; VN-68|Phú Thọ; VN-69|Thái Nguyên; VN-70|Vĩnh Phúc; VN-71|Điện Biên; \
      VN-72|Đắk Nông; VN-73|Hậu Giang; VN-CT|Cần Thơ; VN-DN|Đà Nẵng; VN-HN|Hà Nội; \
      VN-HP|Hải Phòng; VN-SG|Hồ Chí Minh
      """.split(separator: "; ").map { $0.split(separator: "|").map(String.init) }
    #expect(list.count == 63)
    var found = Set<Int>()
    for pair in list {
      let unit = try #require(places.index(of: pair[0]))
      for form in Self.forms(pair[1]) { #expect(places.index(of: form) == unit, "\(form)") }
      found.insert(unit)
    }
    #expect(found.count == 63)
  }

  @Test(
    "the spellings of PAPI's tables and of other research files find their units",
    arguments: [
      ("BRVT", "77"), ("Ba Ria-Vung Tau", "77"), ("Bà Rịa Vũng Tàu", "77"),
      ("Bà Rịa–Vũng Tàu", "77"), ("TP HCM", "79"), ("Ho Chi Minh City", "79"),
      ("TP Hồ Chí Minh", "79"), ("Tp.HCM", "79"), ("HCMC", "79"), ("Thua Thien Hue", "46"),
      ("Thua Thien-Hue", "46"), ("TT-Hue", "46"), ("Thừa Thiên - Huế", "46"), ("Dac Lac", "66"),
      ("Dak Nong", "67"), ("Đắc Nông", "67"), ("Bac Can", "06"), ("Hanoi", "01"),
      ("Haiphong", "31"), ("Danang", "48"), ("Cantho", "92"), ("Hà Noi", "01"),
      ("Hải Phòng city", "31"), ("Tỉnh Thanh Hoá", "38"), ("Hoà Bình", "17"), ("1", "01"),
    ])
  func research(spelling: String, code: String) throws {
    let places = try Self.places("2004")
    #expect(places.index(of: spelling).map { places.units[$0].code } == code)
  }

  @Test("a name or code of two vintages asks which; a name of one finds it")
  func vintages() throws {
    let both = try Self.places(nil)
    func vintagesAndCodes(_ text: String) -> [String] {
      guard case .several(let units) = both.match(text) else { return [] }
      return units.map { "\(both.units[$0].vintage ?? "") \(both.units[$0].code)" }
    }
    #expect(vintagesAndCodes("An Giang") == ["2004 89", "2025 91"])
    #expect(vintagesAndCodes("AN GIANG").count == 2 && both.index(of: "An Giang") == nil)
    #expect(vintagesAndCodes("24") == ["2004 24", "2025 24"])
    let old = try #require(both.index(of: "Hà Giang"))
    #expect(both.units[old].code == "02" && both.units[old].vintage == "2004")
  }

  @Test(
    "a mark too many, a slip of the pen or another place is never guessed, and the nearest are named",
    arguments: [
      ("Hà Nám", ["35", "01"]), ("Quảng Nin", ["22"]), ("Bình Địng", ["52"]),
      ("Kuala Lumpur", []), ("", []), ("?", []), ("Tỉnh", []),
    ] as [(String, [String])])
  func unknown(text: String, nearest: [String]) throws {
    let places = try Self.places("2004")
    guard case .none(let units) = places.match(text) else {
      Issue.record("'\(text)' found something")
      return
    }
    let codes = units.map { places.units[$0].code }
    #expect(codes.count <= 3 && nearest.allSatisfy(codes.contains), "\(text): \(codes)")
    if nearest.isEmpty { #expect(codes.isEmpty, "\(codes)") }
  }
}
