import CanvassCompute
import CanvassSurvey

/// Plants faults of many kinds into a sample: cells that the files will write otherwise, and rows more.
///
/// Every fault lies in a row of its own, so that what finds one finds nothing else.
struct FaultPlanter {
  let spec: SimulationSpec
  private var table: Table
  private var stream: RandomStream
  private var order: [Int]
  private var used: Set<Int>
  private(set) var planted: [PlantedFault] = []
  /// Other texts of cells, by row and column.
  private(set) var texts: [Int: [String: String]] = [:]
  /// Rows to repeat behind the others: the row, and its texts.
  private(set) var extra: [(row: Int, texts: [String: String])] = []

  /// A planter for the rows that no other fault has touched.
  init(_ table: Table, spec: SimulationSpec, seed: UInt64, untouched: [Int]) {
    self.table = table
    self.spec = spec
    stream = RandomStream(seed: seed, Purpose.faults.rawValue, 2)
    order = untouched
    stream.shuffle(&order)
    used = []
  }

  /// Plants all faults of the specification, kinds in their order.
  mutating func plantAll() throws(Diagnostic) {
    for kind in FaultKind.allCases {
      for number in 0..<spec.faults[kind, default: 0] { try plant(kind, number) }
    }
  }

  private func text(_ row: Int, _ name: String) -> String {
    guard let column = table[name] else { return "" }
    if let text = column.text(at: row) { return text }
    guard let reason = column.reason(at: row) else { return "" }
    return spec.items.first { $0.variable == name }?.code(of: reason) ?? ""
  }

  /// The next row that nothing was planted in and that fits.
  private mutating func row(
    _ kind: FaultKind, where fits: (Int) -> Bool
  ) throws(Diagnostic) -> Int {
    for row in order where !used.contains(row) && fits(row) {
      used.insert(row)
      return row
    }
    throw SimulationSpec.wrong("faults", "asks for more of '\(kind.rawValue)' than fit the sample")
  }

  private mutating func cell(
    _ kind: FaultKind, _ name: String, rule: String, where fits: (Int) -> Bool = { _ in true },
    _ change: (String) -> String
  ) throws(Diagnostic) {
    guard table.contains(name) else {
      throw SimulationSpec.wrong(
        "faults", "has '\(kind.rawValue)', which the sample has no variable for")
    }
    let responded = table["responded"]
    let row = try row(kind) { row in
      fits(row) && (kind == .silentAnswer) != (responded?.number(at: row) == 1)
    }
    let clean = text(row, name)
    let dirty = change(clean)
    texts[row, default: [:]][name] = dirty
    planted.append(
      PlantedFault(
        kind: kind, key: text(row, "respondent_id"), variable: name, rule: rule, clean: clean,
        dirty: dirty))
  }

  /// The first question that everybody is asked, of a kind.
  private func open(_ kind: SimulatedItem.Kind) -> SimulatedItem? {
    let gates = Set(spec.items.compactMap(\.gate))
    return spec.items.first {
      $0.kind == kind && $0.gate == nil && !gates.contains($0.variable)
    }
  }

  private mutating func plant(_ kind: FaultKind, _ number: Int) throws(Diagnostic) {
    let binary = open(.binary)?.variable ?? ""
    let gated = spec.items.filter { $0.gate != nil }
    // Questions that others hang on would take their followers with them.
    let gates = Set(spec.items.compactMap(\.gate))
    let ends = gated.filter { !gates.contains($0.variable) }
    let follower = ends.isEmpty ? "" : ends[number % ends.count].variable
    let column = table[follower]
    switch kind {
    case .aboveScale:
      let item = open(.scale)
      let name = item?.variable ?? ""
      let high = item?.high ?? 0
      try cell(kind, name, rule: "range \(name)") { _ in Column.render(high + 4) }
    case .negativeAmount:
      let name = open(.amount)?.variable ?? ""
      try cell(kind, name, rule: "range \(name)") { _ in "-5" }
    case .unknownCode: try cell(kind, binary, rule: "labels \(binary)") { _ in "3" }
    case .foreignCode: try cell(kind, binary, rule: "labels \(binary)") { _ in "888" }
    case .letterInNumber: try cell(kind, "age", rule: "type age") { $0.dropLast() + "o" }
    case .impossibleAge: try cell(kind, "age", rule: "range age") { _ in "150" }
    case .missingAge: try cell(kind, "age", rule: "age-given") { _ in "" }
    case .missingSex: try cell(kind, "sex", rule: "sex-given") { _ in "" }
    case .smallLetter: try cell(kind, "sex", rule: "labels sex") { $0.lowercased() }
    case .unknownGroup: try cell(kind, "ethnicity", rule: "labels ethnicity") { _ in "other" }
    case .unknownResponse: try cell(kind, "responded", rule: "labels responded") { _ in "2" }
    case .unknownSeat: try cell(kind, "seat", rule: "labels seat") { _ in "7" }
    case .impossibleProbability:
      try cell(kind, "p_village", rule: "range p_village") { _ in "1.5" }
    case .zeroProbability: try cell(kind, "p_person", rule: "probability-positive") { _ in "0" }
    case .wrongProbability:
      try cell(kind, "p_person", rule: "persons-drawn") { text in
        Double(text).map { Column.render($0 / 2) } ?? text
      }
    case .provinceWithoutMarks, .provinceWithKind, .provinceDecomposed:
      let names = spec.placeNames
      let provinces = table["province"]
      try cell(
        kind, "province", rule: "",
        where: { row in names[provinces?.text(at: row) ?? ""] != nil },
        { code in
          let name = names[code] ?? code
          return switch kind {
          case .provinceWithoutMarks: Self.unmarked(name).lowercased()
          case .provinceWithKind: "TỈNH " + name.uppercased()
          default: Self.decomposed(name)
          }
        })
    case .provinceWithoutZero:
      let provinces = table["province"]
      try cell(
        kind, "province", rule: "",
        where: { provinces?.text(at: $0)?.hasPrefix("0") == true }, { String($0.dropFirst()) })
    case .answeredUnasked:
      try cell(
        kind, follower, rule: "asked_if \(follower)",
        where: { column?.reason(at: $0) == .skipped },
        { _ in Column.render(ends.isEmpty ? 1 : ends[number % ends.count].high) })
    case .skippedAsked:
      let item = ends.isEmpty ? nil : ends[number % ends.count]
      try cell(
        kind, follower, rule: "asked_if \(follower)", where: { column?.reasons[$0] == 0 },
        { _ in item?.code(of: .skipped) ?? "77" })
    case .blankAsked: try cell(kind, binary, rule: "answered-\(binary)") { _ in "" }
    case .oddHour: try cell(kind, "started", rule: "usual-hour") { $0.prefix(10) + "T02:30" }
    case .impossibleDate: try cell(kind, "started", rule: "date-given") { _ in "2026-09-31T10:00" }
    case .lateDate: try cell(kind, "started", rule: "field-period") { "2062" + $0.dropFirst(4) }
    case .shortInterview: try cell(kind, "minutes", rule: "long-enough") { _ in "3" }
    case .longInterview: try cell(kind, "minutes", rule: "short-enough") { _ in "600" }
    case .wrongOutcome: try cell(kind, "outcome", rule: "outcome-agrees") { _ in "211" }
    case .silentAnswer: try cell(kind, binary, rule: "silent") { _ in "1" }
    case .missingInterviewer: try cell(kind, "interviewer", rule: "interviewer-given") { _ in "" }
    case .underAge: try repeated(kind, "age", "17", rule: "adult", number)
    case .repeatedRow: try repeated(kind, "", "", rule: "duplicates", number)
    case .earlierVersion: try earlier(binary)
    case .copiedInterview: try copied(number)
    }
  }

  /// A row more, with another key where a cell of it changes.
  private mutating func repeated(
    _ kind: FaultKind, _ name: String, _ value: String, rule: String, _ number: Int
  ) throws(Diagnostic) {
    let responded = table["responded"]
    let row = try row(kind) { responded?.number(at: $0) == 1 }
    var key = text(row, "respondent_id")
    var texts: [String: String] = [:]
    if !name.isEmpty {
      key = "X-\(kind.rawValue)-\(number + 1)"
      texts = ["respondent_id": key, name: value]
    }
    extra.append((row, texts))
    planted.append(
      PlantedFault(kind: kind, key: key, variable: name, rule: rule, clean: "", dirty: value))
  }

  private mutating func earlier(_ binary: String) throws(Diagnostic) {
    let responded = table["responded"]
    let answers = table[binary]
    let row = try row(.earlierVersion) {
      responded?.number(at: $0) == 1 && answers?.reasons[$0] == 0
    }
    let other = text(row, binary) == "1" ? "0" : "1"
    extra.append((row, [binary: other, "started": text(row, "started").prefix(10) + "T07:00"]))
    planted.append(
      PlantedFault(
        kind: .earlierVersion, key: text(row, "respondent_id"), variable: "", rule: "duplicates",
        clean: "", dirty: ""))
  }

  /// A made-up interview is a finding, and so is the one that it was made from.
  private mutating func copied(_ number: Int) throws(Diagnostic) {
    let responded = table["responded"]
    let row = try row(.copiedInterview) { responded?.number(at: $0) == 1 }
    let key = "X-copied-\(number + 1)"
    extra.append((row, ["respondent_id": key]))
    for (own, other) in [(key, text(row, "respondent_id")), (text(row, "respondent_id"), key)] {
      planted.append(
        PlantedFault(
          kind: .copiedInterview, key: own, variable: "", rule: "near_duplicates", clean: "",
          dirty: other))
    }
  }

  private static func unmarked(_ text: String) -> String {
    String(
      text.map { character in
        VietnameseLetters.plain[character] ?? character
      })
  }

  private static func decomposed(_ text: String) -> String {
    text.map { VietnameseLetters.decomposed[$0] ?? String($0) }.joined()
  }
}

/// The letters of Vietnamese with their parts; characters compare by canonical equivalence.
enum VietnameseLetters {
  private static let signs: [Character: String] = {
    var parts: [Character: String] = [:]
    for base in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY" {
      for tone in ["", "\u{300}", "\u{301}", "\u{303}", "\u{309}", "\u{323}"] {
        let letters = spelled[base].map { $0 + tone } ?? String(base) + tone
        if let character = letters.first { parts[character] = letters }
      }
    }
    return parts
  }()

  private static let spelled: [Character: String] = [
    "ă": "a\u{306}", "â": "a\u{302}", "ê": "e\u{302}", "ô": "o\u{302}", "ơ": "o\u{31B}",
    "ư": "u\u{31B}", "Ă": "A\u{306}", "Â": "A\u{302}", "Ê": "E\u{302}", "Ô": "O\u{302}",
    "Ơ": "O\u{31B}", "Ư": "U\u{31B}",
  ]

  /// The letter in several scalars.
  static let decomposed = signs

  /// The letter without marks.
  static let plain: [Character: Character] = {
    var plain: [Character: Character] = ["đ": "d", "Đ": "D"]
    for (character, letters) in signs {
      if let scalar = letters.unicodeScalars.first { plain[character] = Character(scalar) }
    }
    return plain
  }()
}
