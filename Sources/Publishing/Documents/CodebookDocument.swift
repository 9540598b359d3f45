public import CanvassSurvey

/// `codebook.xml` (DDI-Codebook 2.5): the study and the questions behind the index, for archives.
///
/// It holds what was asked and what codes mean, never how many gave an answer. `ingest: codebook:` reads it back.
public enum CodebookDocument {
  /// The file's name.
  public static let name = "codebook.xml"

  /// The file's bytes.
  ///
  /// - Parameters:
  ///   - variables: the questions that the index and its breakdowns use.
  ///   - design: how the sample was drawn, a sentence a stage.
  public static func bytes(
    _ content: ReportContent, variables: [Variable], design: [LocalizedText], version: String?
  ) -> [UInt8] {
    let study = StudyElements(content: content, design: design, version: version)
    let root = MarkupElement(
      "codeBook",
      [
        ("xmlns", "ddi:codebook:2_5"),
        ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
        (
          "xsi:schemaLocation",
          "ddi:codebook:2_5 https://ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd"
        ),
        ("version", "2.5"), ("xml:lang", study.first.rawValue),
      ],
      holding: [
        study.document, study.description,
        MarkupElement(
          "dataDscr",
          holding: variables.enumerated().map { place, variable in
            VariableElements(variable: variable, languages: content.languages).element(place)
          }),
      ])
    return (root.filled ?? root).document
  }
}

/// The study as DDI-Codebook orders it; elements that nothing is known of are left out.
private struct StudyElements {
  let content: ReportContent
  let design: [LocalizedText]
  let version: String?

  var first: ReleaseLanguage { content.languages.first ?? .en }
  private var study: StudyDescription { content.study }
  private var software: MarkupElement {
    MarkupElement("software", [("version", Version.number)], text: "Canvass")
  }

  var document: MarkupElement {
    MarkupElement(
      "docDscr",
      holding: [
        MarkupElement(
          "citation",
          holding: [
            MarkupElement(
              "titlStmt", holding: [MarkupElement("titl", text: content.title[first])]),
            MarkupElement("prodStmt", holding: [software]),
          ])
      ])
  }

  var description: MarkupElement {
    MarkupElement("stdyDscr", holding: [citation, information, method, access])
  }

  private var citation: MarkupElement {
    let others = content.languages.dropFirst().filter { content.title[$0] != content.title[first] }
    var producer = MarkupElement("prodStmt", holding: [software])
    producer.children += each("fundAg", study[.sponsor])
    if let license = study[.license] {
      producer.children.insert(MarkupElement("copyright", text: license[first]), at: 0)
    }
    let titles =
      [MarkupElement("titl", text: content.title[first])]
      + others.map { language in
        MarkupElement("parTitl", [("xml:lang", language.rawValue)], text: content.title[language])
      }
    var distribution = each("contact", study[.contact])
    if let date = content.released {
      distribution.append(MarkupElement("distDate", [("date", date)], text: date))
    }
    return MarkupElement(
      "citation",
      holding: [
        MarkupElement("titlStmt", holding: titles),
        MarkupElement("rspStmt", holding: each("AuthEnty", study[.conductedBy])), producer,
        MarkupElement("distStmt", holding: distribution),
        MarkupElement("verStmt", holding: [MarkupElement("version", text: version ?? "")]),
        MarkupElement("biblCit", text: study[.citeAs]?[first] ?? ""),
      ])
  }

  private var information: MarkupElement {
    var dates: [MarkupElement] = []
    if let period = study.fieldPeriod {
      dates = [("start", period.from), ("end", period.to)].map { event, date in
        MarkupElement("collDate", [("date", date), ("event", event)], text: date)
      }
    }
    let summary =
      dates + each("universe", study[.population])
      + [MarkupElement("dataKind", text: "survey data")]
    return MarkupElement(
      "stdyInfo",
      holding: each("abstract", Phrase.status(content.status))
        + [MarkupElement("sumDscr", holding: summary)]
        + each("notes", study[.limitations], [("type", "limitations")]))
  }

  private var method: MarkupElement {
    let weights = content.weighting.map(\.name)
    let weighting =
      weights.isEmpty
      ? nil
      : LocalizedText(
        en: weights.map(\.en).joined(separator: ", ") + " (formulas: methods.md)",
        vi: weights.map(\.vi).joined(separator: ", ") + " (công thức: methods.vi.md)")
    var collection = each("dataCollector", study[.conductedBy])
    collection += each("sampProc", study[.recruitment])
    collection += design.flatMap { each("sampProc", $0) }
    collection.append(MarkupElement("sampleFrame", holding: each("txt", study[.frame])))
    collection += each("collMode", study[.mode]) + each("resInstru", study[.instrument])
    collection += each("collSitu", study[.incentives]) + each("ConOps", study[.quality])
    collection += each("weight", weighting)
    let errors = MarkupElement("EstSmpErr", text: "scores.csv, indicators.csv, methods.md")
    return MarkupElement(
      "method",
      holding: [
        MarkupElement("dataColl", holding: collection),
        MarkupElement("anlyInfo", holding: each("respRate", study[.response]) + [errors]),
      ])
  }

  private var access: MarkupElement {
    let restriction = LocalizedText(
      en: "Answers of respondents are no part of the release.",
      vi: "Câu trả lời của từng người không thuộc bản công bố.")
    let use = MarkupElement(
      "useStmt",
      holding: [
        MarkupElement("restrctn", text: restriction[first]),
        MarkupElement("citReq", text: study[.citeAs]?[first] ?? ""),
        MarkupElement("conditions", text: study[.license]?[first] ?? ""),
      ])
    return MarkupElement("dataAccs", holding: [use])
  }

  private func each(
    _ name: String, _ text: LocalizedText?, _ attributes: [(String, String)] = []
  ) -> [MarkupElement] {
    MarkupElement.each(name, text, content.languages, attributes)
  }
}

/// A question as DDI-Codebook orders it.
private struct VariableElements {
  let variable: Variable
  let languages: [ReleaseLanguage]

  func element(_ place: Int) -> MarkupElement {
    var elements = each("labl", variable.title)
    var range: [(String, String)] = []
    if let low = variable.low { range.append(("min", Column.render(low))) }
    if let high = variable.high { range.append(("max", Column.render(high))) }
    elements.append(
      MarkupElement("valrng", holding: range.isEmpty ? [] : [MarkupElement("range", range)]))
    let missing = variable.missingCodes.keys.sorted(by: Column.codePrecedes)
    elements.append(
      MarkupElement("invalrng", holding: missing.map { MarkupElement("item", [("VALUE", $0)]) }))
    let answers = variable.valueLabels.keys.sorted(by: Column.codePrecedes).filter {
      variable.missingCodes[$0] == nil
    }
    elements += answers.map { category($0) }
    elements += missing.map { code in
      category(code, [("missing", "Y"), ("missType", variable.missingCodes[code]?.name ?? "")])
    }
    switch variable.kind {
    case .integer, .number, .code:
      elements.append(MarkupElement("varFormat", [("type", "numeric")]))
    case .text, .codes, .date:
      elements.append(MarkupElement("varFormat", [("type", "character")]))
    case nil: break
    }
    if let condition = variable.askedIf {
      elements.append(MarkupElement("notes", [("type", "asked_if")], text: condition))
    }
    if variable.isSensitive {
      elements.append(MarkupElement("notes", [("type", "sensitive")], text: "yes"))
    }
    return MarkupElement(
      "var", [("ID", "V\(place + 1)"), ("name", variable.name)], holding: elements)
  }

  /// A code with its label.
  private func category(_ code: String, _ attributes: [(String, String)] = []) -> MarkupElement {
    let value = MarkupElement("catValu", text: code)
    return MarkupElement(
      "catgry", attributes, holding: [value] + each("labl", variable.valueLabels[code]))
  }

  private func each(_ name: String, _ text: LocalizedText?) -> [MarkupElement] {
    MarkupElement.each(name, text, languages)
  }
}

extension MarkupElement {
  /// The element in each language; once, without a language, where they agree; none without a text.
  fileprivate static func each(
    _ name: String, _ text: LocalizedText?, _ languages: [ReleaseLanguage],
    _ attributes: [(String, String)] = []
  ) -> [MarkupElement] {
    guard let text, let first = languages.first else { return [] }
    if languages.allSatisfy({ text[$0] == text[first] }) {
      return [MarkupElement(name, attributes, text: text[first])]
    }
    return languages.map { language in
      MarkupElement(name, attributes + [("xml:lang", language.rawValue)], text: text[language])
    }
  }
}
