import CanvassSurvey

/// `ro-crate-metadata.json`: the release as a research object (RO-Crate 1.1, Process Run Crate 0.5).
///
/// It names the files of the release with size and digest, what they were made from in words, and by what.
/// No clock gets into it: its one date is that of the release.
public enum ResearchObjectFile {
  /// The file's name, which the specification fixes.
  public static let name = "ro-crate-metadata.json"

  private static let profile = "https://w3id.org/ro/wfrun/process/0.5"

  /// The file's bytes for the files of the release that it lies beside; nil for a release without a date, which the
  /// specification demands.
  public static func bytes(
    _ files: [RunFile], of content: ReportContent, version: String?
  ) -> [UInt8]? {
    guard let date = content.released else { return nil }
    let language = content.languages.first ?? .en
    let names = files.map(\.name) + [Manifest.name]
    var root: [String: JSONValue] = [
      "@id": "./", "@type": "Dataset", "name": .text(content.title[language]),
      "description": .text(description(content)), "datePublished": .text(date),
      "license": link(license(content)["@id"]), "conformsTo": link(.text(profile)),
      "hasPart": .list(names.map { link(.text($0)) }), "mentions": link("#run"),
      "inLanguage": .list(content.languages.map { .text($0.rawValue) }),
    ]
    if let version { root["version"] = .text(version) }
    if let citation = content.study[.citeAs] { root["creditText"] = .text(citation.en) }
    var run: [String: JSONValue] = [
      "@id": "#run", "@type": "CreateAction", "name": .text(content.title.en),
      "description": "Clean, weight, estimate, score and publish by the pipeline file.",
      "instrument": link("#canvass"), "object": link("#source"),
      "result": .list(files.map { link(.text($0.name)) }),
      "actionStatus": ["@id": "http://schema.org/CompletedActionStatus"],
    ]
    var graph: [JSONValue] = [
      [
        "@id": .text(name), "@type": "CreativeWork", "about": link("./"),
        "conformsTo": link("https://w3id.org/ro/crate/1.1"),
      ]
    ]
    if let maker = content.study[.conductedBy] {
      for property in ["author", "publisher"] { root[property] = link("#conducted-by") }
      run["agent"] = link("#conducted-by")
      graph.append(
        ["@id": "#conducted-by", "@type": "Organization", "name": .text(maker.en)])
    }
    graph += [
      .object(root), .object(run), .object(license(content)),
      [
        "@id": .text(profile), "@type": "CreativeWork", "name": "Process Run Crate",
        "version": "0.5",
      ],
      [
        "@id": "#canvass", "@type": "SoftwareApplication", "name": "Canvass",
        "softwareVersion": .text(Version.number),
      ],
      [
        "@id": "#source", "@type": "CreativeWork",
        "name": .text(
          content.sample.isEmpty ? "published figures by unit" : "answers of respondents"),
        "description": .text(
          content.sample.isEmpty
            ? "A table of figures that somebody else published."
            : "Microdata of the survey; they are no part of the release."),
      ],
    ]
    graph += files.map { file(name: $0.name, $0.bytes) } + [file(name: Manifest.name, nil)]
    return JSONValue.object([
      "@context": [
        "https://w3id.org/ro/crate/1.1/context",
        // Words of schema.org that came after that context.
        [
          "creditText": "http://schema.org/creditText", "sha256": "http://schema.org/sha256",
        ],
      ],
      "@graph": .list(graph),
    ]).document
  }

  private static func link(_ identifier: JSONValue?) -> JSONValue {
    ["@id": identifier ?? .null]
  }

  private static func description(_ content: ReportContent) -> String {
    "Scores by unit with intervals (\(Phrase.status(content.status).en))."
  }

  /// A web address is the licence itself; words are those of the pipeline file.
  private static func license(_ content: ReportContent) -> [String: JSONValue] {
    let words = content.study[.license]?.en
    let isAddress = words.map { $0.hasPrefix("https://") && !$0.contains(" ") } ?? false
    return [
      "@id": .text(isAddress ? words ?? "" : "#license"), "@type": "CreativeWork",
      "name": .text(words ?? "not stated in the pipeline file"),
    ]
  }

  private static func file(name: String, _ bytes: [UInt8]?) -> JSONValue {
    var file: [String: JSONValue] = [
      "@id": .text(name), "@type": "File", "name": .text(name),
      "description": .text(ReadmeFile.meaning(of: name)?.en ?? name),
      "encodingFormat": .text(MediaType.of(name)),
    ]
    if let bytes {
      file["contentSize"] = .text(String(bytes.count))
      file["sha256"] = .text(SHA256.hex(bytes))
    }
    return .object(file)
  }
}

/// What a file is, by the end of its name.
enum MediaType {
  /// The media type as IANA has it.
  static func of(_ name: String) -> String {
    switch name.split(separator: ".").last ?? "" {
    case "csv": "text/csv"
    case "html": "text/html"
    case "json": "application/json"
    case "md": "text/markdown"
    case "svg": "image/svg+xml"
    case "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    case "xml": "application/xml"
    default: "text/plain"
    }
  }
}
