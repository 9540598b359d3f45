import CanvassSurvey
import Foundation

/// Decodes the texts of a statistical file, and makes its codebook.
final class StatisticsText {
  let encoding: TextEncoding
  let decision: TextDecision
  private let labels: [[UInt8]: [StatisticsLabel]]
  private let characteristics: StataCharacteristics
  private let replaces: Bool
  private let place: String
  /// Different texts that end inside of a character.
  private(set) var cutTexts = 0
  /// Variable and value labels that do not decode and fell back to the name or the code.
  private(set) var undecodedLabels = 0

  /// Finds the encoding: the one that is given, the one that the file states, else from its texts.
  init(
    _ collector: StatisticsCollector, format: StatisticsFormat, settings: ReadingSettings,
    characteristics: StataCharacteristics
  ) {
    self.characteristics = characteristics
    place = settings.place
    replaces = settings.text.replacesUndecodable
    labels = collector.labels
    let stated: TextEncoding? =
      switch format {
      case .por: .utf8
      // Stata has written UTF-8 since version 14; before, whatever the machine had.
      case .dta: collector.version >= 118 ? .utf8 : nil
      case .sav: collector.statedEncoding.flatMap { TextEncoding(named: $0) }
      }
    if let given = settings.text.encoding ?? stated {
      decision = TextDecision(encoding: given, confidence: 1)
    } else {
      decision = StatisticsText.detect(collector)
    }
    encoding = decision.encoding
  }

  private static func detect(_ collector: StatisticsCollector) -> TextDecision {
    var sample: [UInt8] = []
    for variable in collector.variables {
      sample += variable.label + [0x20] + variable.name + [0x20]
    }
    for set in collector.labels.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      for label in set.value { sample += label.label + [0x20] }
    }
    for cells in collector.cells where sample.count < 1 << 20 { sample += cells.sample }
    guard sample.contains(where: { $0 >= 0x80 }) else {
      return TextDecision(encoding: .utf8, confidence: 1)
    }
    // What does not look Vietnamese is what most machines had when files did not state it.
    return TextDetection.decide(sample)
      ?? TextDecision(
        encoding: .windows1252, confidence: 0.9 * TextDetection.westernShare(sample))
  }

  private func text(_ bytes: [UInt8], replacing: Bool) -> String? {
    let decoded = bytes.withUnsafeBufferPointer { try? encoding.decode($0, replacing: replacing) }
    return decoded.map {
      String(decoding: $0, as: UTF8.self).precomposedStringWithCanonicalMapping
    }
  }

  /// The text of a cell, or nil where it does not decode.
  ///
  /// A field of fixed width may cut the last character of UTF-8 in two; its rest goes, and is counted.
  func data(_ bytes: [UInt8]) -> String? {
    if let whole = text(bytes, replacing: replaces) { return whole }
    guard encoding == .utf8 else { return nil }
    let rest = bytes.suffix(3)
    guard let lead = rest.lastIndex(where: { $0 >= 0xC2 }),
      rest[(lead + 1)...].allSatisfy({ (0x80..<0xC0).contains($0) }),
      let kept = text(Array(bytes[..<lead]), replacing: false)
    else { return nil }
    cutTexts += 1
    return kept
  }

  /// A variable's name.
  func name(_ variable: StatisticsVariable) throws(Diagnostic) -> String {
    guard let name = data(variable.name), !name.isEmpty else {
      throw Diagnostic(
        .badData, "a variable's name does not decode as \(encoding.name)", at: place,
        remedy: "give the file's 'encoding'")
    }
    return name
  }

  /// A label, or nil where it is empty or does not decode, which is counted.
  private func label(_ bytes: [UInt8]) -> String? {
    if bytes.isEmpty { return nil }
    let text = text(bytes, replacing: replaces)
    if text == nil { undecodedLabels += 1 }
    return text
  }

  /// What the file says about a variable.
  ///
  /// Declared missing codes take the reason that their label speaks of, else `blank`; either is an
  /// assumption, which rules and codebooks may correct.
  func variable(
    _ raw: StatisticsVariable, name: String, cells: StatisticsCells
  ) throws(Diagnostic) -> Variable {
    var variable = Variable(name: name, title: LocalizedText(en: label(raw.label) ?? name))
    let isDate = !raw.isText && StatisticsDate(format: raw.format) != nil
    var numbers = raw.missingRanges.isEmpty || isDate ? [] : cells.distinctNumbers
    for item in labels[raw.labelSet] ?? [] {
      let code: String
      switch item.code {
      case .number(let number):
        code = Column.render(number)
        numbers.insert(number)
      case .tag(let tag): code = MissingTags.code(MissingTags.raw(tag))
      case .text(let bytes): code = data(bytes) ?? ""
      }
      if let text = label(item.label), !code.isEmpty {
        variable.valueLabels[code] = LocalizedText(en: text)
      }
    }
    var missing = cells.tags.map { MissingTags.code($0) }
    missing += variable.valueLabels.keys.filter {
      !raw.isText && $0.hasPrefix(".") && $0.count == 2
    }
    missing += numbers.filter { number in raw.missingRanges.contains { $0.contains(number) } }
      .map { Column.render($0) }
    missing += raw.missingRanges.filter { $0.lowerBound == $0.upperBound }
      .map { Column.render($0.lowerBound) }
    missing += raw.missingTexts.compactMap { data($0) }
    for code in missing {
      let label = variable.valueLabels[code]?.en
      variable.missingCodes[code] = label.flatMap { MissingReason(label: $0) } ?? .blank
      variable.assumedCodes.insert(code)
    }
    if let languages { translate(&variable, raw, languages) }
    return variable
  }

  /// The languages of labels that Stata's `label language` keeps: the one in which the labels stand, and the
  /// one that completes it.
  private lazy var languages: (current: String, other: String)? = {
    let list = characteristics["_dta", "_lang_list"].flatMap { text($0, replacing: true) } ?? ""
    let names = list.split(separator: " ").map(String.init)
    guard let current = characteristics["_dta", "_lang_c"].flatMap({ text($0, replacing: true) }),
      let other = names.first(where: {
        $0 != current && StatisticsText.isVietnamese($0) != StatisticsText.isVietnamese(current)
      }), names.contains(where: StatisticsText.isVietnamese)
    else { return nil }
    return (current, other)
  }()

  private static func isVietnamese(_ language: String) -> Bool {
    language.lowercased().hasPrefix("vi")
  }

  /// Adds the labels of the other language.
  private func translate(
    _ variable: inout Variable, _ raw: StatisticsVariable,
    _ languages: (current: String, other: String)
  ) {
    func both(_ current: String, _ other: String) -> LocalizedText {
      StatisticsText.isVietnamese(languages.current)
        ? LocalizedText(en: other, vi: current) : LocalizedText(en: current, vi: other)
    }
    if let title = characteristics[variable.name, "_lang_v_" + languages.other].flatMap(label) {
      variable.title = both(variable.title.en, title)
    }
    let set = characteristics[variable.name, "_lang_l_" + languages.other]
    for item in set.flatMap({ labels[$0] }) ?? [] {
      guard case .number(let number) = item.code, let other = label(item.label) else { continue }
      let code = Column.render(number)
      let current = variable.valueLabels[code]?.en ?? code
      variable.valueLabels[code] = both(current, other)
    }
  }

  /// The design that `svyset` declared in the file, or nil.
  func declaredDesign() -> DeclaredDesign? {
    DeclaredDesign { name in
      characteristics["_dta", "_svy_" + name].flatMap { text($0, replacing: true) }
    }
  }
}

extension MissingReason {
  /// The reason that the label of a missing code speaks of, in English or Vietnamese, or nil.
  init?(label: String) {
    let text = label.lowercased()
    func speaks(_ words: String...) -> Bool { words.contains { text.contains($0) } }
    let isShort = { (words: String...) in words.contains(text.trimmingCharacters(in: .whitespaces))
    }
    if speaks("don't know", "dont know", "do not know", "don’t know", "không biết")
      || isShort("dk", "d.k.", "kb")
    {
      self = .dontKnow
    } else if speaks("refus", "từ chối", "declined to") || isShort("rf", "ref", "tc") {
      self = .refused
    } else if speaks(
      "not applicable", "inapplicable", "inap", "skipped", "legitimate skip", "không áp dụng")
      || isShort("na", "n/a", "n.a.")
    {
      self = .skipped
    } else if speaks("not selected", "không được chọn") {
      self = .notSelected
    } else if speaks("struck out") {
      self = .struckOut
    } else {
      return nil
    }
  }
}
