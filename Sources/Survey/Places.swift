/// A unit that gets an index: a province, a country, an agency.
public struct Place: Sendable, Hashable {
  /// The code that identifies the unit within its vintage.
  public var code: String
  /// The name in each language.
  public var name: LocalizedText
  /// Other spellings under which data may name it.
  public var aliases: [String]
  /// The region it belongs to, or nil.
  public var region: LocalizedText?

  /// A unit with its names.
  public init(
    code: String, name: LocalizedText, aliases: [String] = [], region: LocalizedText? = nil
  ) {
    self.code = code
    self.name = name
    self.aliases = aliases
    self.region = region
  }
}

/// The units of an index in the order of their codes, found by code, name or alias.
public struct Places: Sendable {
  /// The units: whole-number codes first, by value, then others by their UTF-8 bytes.
  public let units: [Place]
  private let indexOfKey: [String: Int]

  /// Units; a code given twice, or a name that means two of them, is an error of the data.
  public init(_ units: [Place]) throws(Diagnostic) {
    self.units = units.sorted { first, second in
      switch (Int(first.code), Int(second.code)) {
      case (let a?, let b?) where a != b: a < b
      case (.some, nil): true
      case (nil, .some): false
      default: Column.precedes(first.code, second.code)
      }
    }
    var index: [String: Int] = [:]
    for (position, unit) in self.units.enumerated() {
      for key in [unit.code] + Places.numericForm(unit.code) {
        if let other = index.updateValue(position, forKey: key), other != position {
          throw Diagnostic(
            .badData, "the code '\(unit.code)' belongs to two units of the places file",
            remedy: "give each unit of one vintage a code of its own")
        }
      }
    }
    for (position, unit) in self.units.enumerated() {
      for name in [unit.name.en, unit.name.vi] + unit.aliases {
        let key = Places.folded(name)
        if key.isEmpty { continue }
        if let other = index.updateValue(position, forKey: key), other != position {
          throw Diagnostic(
            .badData, "the name '\(name)' belongs to two units of the places file",
            remedy: "remove the alias from one of '\(self.units[other].code)' and '\(unit.code)'")
        }
      }
    }
    indexOfKey = index
  }

  /// The unit named by a code (with or without leading zeros), a name or an alias; nil if none is.
  public func index(of text: String) -> Int? {
    if let index = indexOfKey[text] { return index }
    for form in Places.numericForm(text) {
      if let index = indexOfKey[form] { return index }
    }
    return indexOfKey[Places.folded(text)]
  }

  /// Names compare without case, surrounding blanks, and the letter Ð that stands for Đ in real files.
  ///
  /// Swift compares strings by canonical equivalence, so that composed and decomposed letters agree.
  static func folded(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.lowercased().unicodeScalars {
      switch scalar.value {
      case 0xF0: scalars.append("đ")
      case 0x09, 0x0A, 0x0D, 0xA0: scalars.append(" ")
      default: scalars.append(scalar)
      }
    }
    return String(scalars).split(separator: " ").joined(separator: " ")
  }

  private static func numericForm(_ code: String) -> [String] {
    guard let number = Int(code), String(number) != code else { return [] }
    return [String(number)]
  }
}
