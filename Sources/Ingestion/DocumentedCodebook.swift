import CanvassSurvey
import Foundation
import FoundationXML

/// Reads a codebook from DDI-Codebook 2.5, the XML of data archives.
///
/// Read are `var` with its `name` and `sensitive` note, `labl`, `qstnLit`, `valrng/range`, `invalrng/item`,
/// `catgry` with `catValu`, `labl`, `missing` and `missType`, `varFormat`, and `notes` of the types
/// `asked_if` and `sensitive`; `xml:lang` tells Vietnamese labels from others. A missing category says by
/// `missType` which reason it is (`dont_know`, `refused`, `skipped`, `not_selected`, `blank` and the usual
/// English words for them); without one it is `blank`. All else in the file is passed over. A document type
/// declaration is refused, so that nothing can be fetched or blown up.
final class DocumentedCodebook: NSObject, XMLParserDelegate {
  /// Largest file in bytes.
  private static let sizeLimit = 64 << 20

  private let place: String
  private var variables: [Variable] = []
  private var variable: Variable?
  /// The files that the variables lie in: a key lies in each of them.
  private var filesOf: [String: Set<String>] = [:]
  private var files = ""
  private var path: [String] = []
  private var text = ""
  private var language = ""
  private var noteType = ""
  private var category: (code: String, labels: [String: String], reason: MissingReason?)?
  private var titles: [String: String] = [:]
  private var fault: Diagnostic?
  private var hasRoot = false

  private init(place: String) { self.place = place }

  /// The codebook in the bytes of a stream.
  ///
  /// - Throws: `badData` for what is no DDI-Codebook, at its line.
  static func read(_ stream: any ByteStream, place: String) throws -> Codebook {
    var bytes: [UInt8] = []
    while true {
      let piece = try stream.next()
      if piece.isEmpty { break }
      bytes += piece
      if bytes.count > sizeLimit {
        throw Diagnostic(.badData, "the codebook is larger than \(sizeLimit) bytes", at: place)
      }
    }
    if let fault = bytes.withUnsafeBufferPointer(TextCheck.firstFault) {
      throw Diagnostic(.badData, fault.what, at: place, remedy: fault.remedy)
    }
    let data = Data(bytes)
    if data.range(of: Data("<!DOCTYPE".utf8)) != nil {
      throw Diagnostic(
        .badData, "the codebook has a document type declaration", at: place,
        why: "it could make a reader fetch or multiply text", remedy: "remove the line")
    }
    let reader = DocumentedCodebook(place: place)
    let parser = XMLParser(data: data)
    parser.shouldProcessNamespaces = true
    parser.shouldResolveExternalEntities = false
    parser.delegate = reader
    let isWellFormed = parser.parse()
    if let fault = reader.fault { throw fault }
    guard isWellFormed, parser.parserError == nil, reader.path.isEmpty, reader.hasRoot else {
      throw Diagnostic(
        .badData, "the codebook is not well-formed XML", at: "\(place):\(parser.lineNumber)",
        remedy: "open it in an editor that checks XML")
    }
    guard !reader.variables.isEmpty else {
      throw Diagnostic(
        .badData, "the codebook describes no variable", at: place,
        why: "DDI-Codebook 2.5 describes them in codeBook/dataDscr/var")
    }
    do {
      return try Codebook(reader.variables)
    } catch {
      throw error.located(at: place)
    }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String] = [:]
  ) {
    path.append(name)
    hasRoot = true
    text = ""
    language = attributes["xml:lang"] ?? attributes["lang"] ?? ""
    if path.count > 64 { return fail("the codebook nests deeper than 64 levels", parser) }
    switch name {
    case "codeBook": break
    case "var":
      guard path.first == "codeBook" else { return fail("the file is no DDI-Codebook", parser) }
      guard let own = attributes["name"], !own.isEmpty else {
        return fail("a variable has no name", parser)
      }
      variable = Variable(
        name: own.precomposedStringWithCanonicalMapping, title: LocalizedText(en: own))
      variable?.place = "\(place):\(parser.lineNumber)"
      titles = [:]
      files = attributes["files"] ?? ""
    case "catgry":
      let isMissing = attributes["missing"]?.lowercased() == "y"
      category = ("", [:], isMissing ? reason(attributes["missType"]) : nil)
    case "range" where path.suffix(2).first == "valrng":
      for (key, end) in [("min", \Variable.low), ("max", \Variable.high)] {
        guard let given = attributes[key], !given.isEmpty else { continue }
        guard let number = number(given) else {
          return fail("the end of a range is no number", parser)
        }
        variable?[keyPath: end] = number
      }
    case "item" where path.suffix(2).first == "invalrng":
      if let code = attributes["VALUE"] { miss(code, .blank, parser) }
    case "varFormat":
      if variable?.kind == nil {
        variable?.kind =
          switch attributes["type"] {
          case "numeric": .number
          case "character": .text
          default: nil
          }
      }
    case "notes": noteType = attributes["type"] ?? ""
    default: break
    }
  }

  func parser(_ parser: XMLParser, foundCharacters characters: String) { text += characters }

  func parser(_ parser: XMLParser, foundCDATA block: Data) {
    text += String(decoding: block, as: UTF8.self)
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      .precomposedStringWithCanonicalMapping
    let parent = path.dropLast().last
    path.removeLast()
    text = ""
    switch (name, parent) {
    case ("labl", "var"): titles[language.hasPrefix("vi") ? "vi" : "en", default: words] = words
    case ("qstnLit", "qstn"):
      let key = language.hasPrefix("vi") ? "vi" : "en"
      if titles[key] == nil { titles[key] = words }
    case ("catValu", "catgry"): category?.code = words
    case ("labl", "catgry"): category?.labels[language.hasPrefix("vi") ? "vi" : "en"] = words
    case ("catgry", _): endCategory(parser)
    case ("notes", "var") where noteType == "asked_if": variable?.askedIf = words
    case ("notes", "var") where noteType == "sensitive": variable?.isSensitive = words == "yes"
    case ("var", _):
      guard var done = variable else { return }
      if !titles.isEmpty { done.title = LocalizedText(en: titles["en"], vi: titles["vi"]) }
      if !done.valueLabels.isEmpty, done.low == nil, done.high == nil { done.kind = .code }
      add(done)
      variable = nil
    default: break
    }
  }

  /// Adds a variable; one that another file has too, such as a key, is described once.
  private func add(_ variable: Variable) {
    let isElsewhere = filesOf[variable.name].map { !files.isEmpty && !$0.contains(files) } ?? false
    filesOf[variable.name, default: []].insert(files)
    if isElsewhere, let index = variables.firstIndex(where: { $0.name == variable.name }) {
      variables[index].complete(by: variable)
    } else {
      variables.append(variable)
    }
  }

  private func endCategory(_ parser: XMLParser) {
    guard let done = category, !done.code.isEmpty else { return }
    category = nil
    if let reason = done.reason {
      miss(done.code, reason, parser)
    } else if !done.labels.isEmpty {
      variable?.valueLabels[done.code] = LocalizedText(en: done.labels["en"], vi: done.labels["vi"])
    }
  }

  private func miss(_ code: String, _ reason: MissingReason, _ parser: XMLParser) {
    let known = variable?.missingCodes[code]
    // A category says more than the list of invalid values that repeats it.
    if known == nil || known == .blank { variable?.missingCodes[code] = reason }
    if let known, known != reason, known != .blank, reason != .blank {
      fail("a code has two reasons", parser)
    }
  }

  private func reason(_ type: String?) -> MissingReason {
    let word = (type ?? "").lowercased().replacing("'", with: "").replacing("_", with: " ")
    switch word {
    case "dont know", "do not know", "dk": return .dontKnow
    case "refused", "refusal": return .refused
    case "skipped", "inapplicable", "not applicable", "not asked": return .skipped
    case "not selected": return .notSelected
    default: return .blank
    }
  }

  private func number(_ text: String) -> Double? {
    Array(text.utf8).withUnsafeBufferPointer(NumberText.parse)
  }

  private func fail(_ what: String, _ parser: XMLParser) {
    if fault == nil { fault = Diagnostic(.badData, what, at: "\(place):\(parser.lineNumber)") }
    parser.abortParsing()
  }
}
