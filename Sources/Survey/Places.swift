/// A unit that gets an index: a province, a country, an agency.
public struct Place: Sendable, Hashable, Codable {
  /// The code that identifies the unit within its vintage.
  public var code: String
  /// The vintage of the division that the unit belongs to, or nil where there is one only.
  public var vintage: String?
  /// The name in each language.
  public var name: LocalizedText
  /// Other spellings under which data may name it.
  public var aliases: [String]
  /// The region it belongs to, or nil.
  public var region: LocalizedText?

  /// A unit with its names.
  public init(
    code: String, vintage: String? = nil, name: LocalizedText, aliases: [String] = [],
    region: LocalizedText? = nil
  ) {
    self.code = code
    self.vintage = vintage
    self.name = name
    self.aliases = aliases
    self.region = region
  }
}

/// The units of an index in the order of their codes, found by code, name or alias.
public struct Places: Sendable {
  /// What a spelling names.
  public enum Match: Sendable, Hashable {
    /// The one unit at this index.
    case unit(Int)
    /// Several units, such as one name before and after a reform: somebody must say which.
    case several([Int])
    /// No unit; those with the nearest names, for a message.
    case none(nearest: [Int])
  }

  /// The units: whole-number codes first, by value, then others by their UTF-8 bytes, then by vintage.
  public let units: [Place]
  private let unitsOfCode: [String: [Int]]
  private let unitsOfName: [PlaceName: [Int]]
  private let namesOfPlain: [String: [(name: PlaceName, unit: Int)]]
  private let spellings: [(spaced: String, unit: Int)]

  /// Units; a code given twice in one vintage, or a name that means two of them, is an error of the data.
  public init(_ units: [Place]) throws(Diagnostic) {
    self.units = units.sorted(by: Places.precedes)
    var codes: [String: [Int]] = [:]
    var names: [PlaceName: [Int]] = [:]
    var plain: [String: [(name: PlaceName, unit: Int)]] = [:]
    var spellings: [(spaced: String, unit: Int)] = []
    for (position, unit) in self.units.enumerated() {
      for key in [unit.code] + Places.numericForm(unit.code) {
        if let other = Places.add(position, to: &codes[key, default: []], self.units) {
          throw Diagnostic(
            .badData, "the code '\(unit.code)' belongs to two units of the places file",
            why: other == unit.code ? nil : "'\(other)' is the same number",
            remedy: "give each unit of one vintage a code of its own")
        }
      }
    }
    for (position, unit) in self.units.enumerated() {
      for spelling in [unit.name.en, unit.name.vi] + unit.aliases {
        let name = PlaceName(spelling)
        if name.isEmpty { continue }
        if let other = Places.add(position, to: &names[name, default: []], self.units) {
          throw Diagnostic(
            .badData, "the name '\(spelling)' belongs to two units of the places file",
            remedy: "remove the alias from one of '\(other)' and '\(unit.code)'")
        }
        plain[name.bare.plain, default: []].append((name.bare, position))
        spellings.append((name.bare.spaced, position))
      }
    }
    unitsOfCode = codes
    unitsOfName = names
    namesOfPlain = plain
    self.spellings = spellings
  }

  /// The unit named by a code (with or without leading zeros), a name or an alias; nil if none is, or several.
  public func index(of text: String) -> Int? {
    if case .unit(let index) = match(text) { return index }
    return nil
  }

  /// What `text` names, by the first of these rules that finds something: a code; a code without its
  /// leading zeros; a whole name or alias; the same without the words for its kind (`TP.`, `Tỉnh`,
  /// `City`), without blanks and signs, and with marks left off.
  ///
  /// A mark that a name does not have is never overlooked: `Hà Nám` is not `Hà Nam`.
  public func match(_ text: String) -> Match {
    for form in [text] + Places.numericForm(text) {
      if let units = unitsOfCode[form] { return Places.match(units) }
    }
    let name = PlaceName(text)
    if let units = unitsOfName[name] { return Places.match(units) }
    let bare = name.bare
    let fitting = namesOfPlain[bare.plain, default: []].filter { bare.isUnmarked($0.name) }
    if !fitting.isEmpty { return Places.match(fitting.map(\.unit)) }
    return .none(nearest: nearest(to: bare.spaced))
  }

  private static func match(_ units: [Int]) -> Match {
    let distinct = Set(units).sorted()
    return distinct.count == 1 ? .unit(distinct[0]) : .several(distinct)
  }

  /// At most three units whose names differ from `spaced` in no more than a third of its letters.
  private func nearest(to spaced: String) -> [Int] {
    if spaced.isEmpty { return [] }
    var distanceOfUnit: [Int: Int] = [:]
    for (spelling, unit) in spellings {
      let distance = Suggestion.editDistance(spaced, spelling)
      if distance <= max(1, (max(spaced.count, spelling.count) + 1) / 3) {
        distanceOfUnit[unit] = min(distance, distanceOfUnit[unit, default: distance])
      }
    }
    let nearest = distanceOfUnit.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
    return nearest.prefix(3).map(\.key)
  }

  /// Adds a unit to those of a key; the code of another one of the same vintage, which is an error.
  private static func add(_ unit: Int, to known: inout [Int], _ units: [Place]) -> String? {
    if known.contains(unit) { return nil }
    let other = known.first { units[$0].vintage == units[unit].vintage }
    known.append(unit)
    return other.map { units[$0].code }
  }

  private static func precedes(_ first: Place, _ second: Place) -> Bool {
    switch (Int(first.code), Int(second.code)) {
    case (let a?, let b?) where a != b: return a < b
    case (.some, nil): return true
    case (nil, .some): return false
    default:
      if first.code != second.code { return Column.precedes(first.code, second.code) }
      return Column.precedes(first.vintage ?? "", second.vintage ?? "")
    }
  }

  private static func numericForm(_ code: String) -> [String] {
    guard let number = Int(code), String(number) != code else { return [] }
    return [String(number)]
  }
}
