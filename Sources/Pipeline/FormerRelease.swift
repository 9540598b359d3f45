import CanvassIngestion
import CanvassPublishing
import CanvassSurvey

/// What this release replaces, as the pipeline file says it.
struct Supersession {
  /// The folder of the release that is replaced.
  let folder: String
  /// Why.
  let reason: LocalizedText
  /// SHA-256 of its manifest.
  let manifestDigest: String
  /// The scores that it has.
  let cells: FormerCells

  /// `scores.csv` of the release.
  var scoresPath: String { folder + "/scores.csv" }

  /// Reads the release in `folder`, whose scores must be those of its manifest.
  init(folder: Located, reason: LocalizedText) throws(Diagnostic) {
    let path = folder.path
    self.folder = path
    self.reason = reason
    let manifest: [UInt8]
    do {
      manifest = try CheckedFile.bytes(of: path + "/" + Manifest.name)
    } catch {
      throw Diagnostic(
        .missingInput, "the release that is replaced has no manifest", at: folder.place,
        why: error.why, remedy: "name the folder release/ of a run, or a copy of it")
    }
    manifestDigest = SHA256.hex(manifest)
    let digest = try SHA256.hex(ofFile: path + "/scores.csv")
    guard String(decoding: manifest, as: UTF8.self).contains("\(digest)  scores.csv\n") else {
      throw Diagnostic(
        .badData, "the scores of the release that is replaced are not those of its manifest",
        at: path + "/scores.csv", remedy: "name an unchanged copy of the release")
    }
    let table: Table
    do {
      table = try Ingestion.readTable(path: path + "/scores.csv", asText: true)
    } catch let error as Diagnostic {
      throw error
    } catch {
      throw Diagnostic(
        .inputOutput, "the scores cannot be read", at: folder.place, why: "\(error)")
    }
    let unit = try folder.column("unit", of: table)
    let domain = try folder.column("domain", of: table)
    let node = try folder.column("node", of: table)
    let score = try folder.column("score", of: table)
    let count = try folder.column("n", of: table)
    var cells = FormerCells()
    for row in 0..<table.rowCount {
      guard let value = score.text(at: row).flatMap(StrictNumber.parse) else { continue }
      cells.add(
        unit: unit.text(at: row) ?? "", domain: domain.text(at: row) ?? "",
        node: node.text(at: row) ?? "",
        FormerCells.Shown(value: value, respondents: count.text(at: row).flatMap { Int($0) }))
    }
    self.cells = cells
  }

  /// What the release says of what it replaces.
  func note(version: String?, moved: Int) -> LocalizedText {
    let short = manifestDigest.prefix(12)
    return LocalizedText(
      en: (version.map { "Version \($0)" } ?? "This release")
        + " replaces the release whose manifest begins with \(short): \(reason.en). "
        + "\(moved) scores differ; errata.csv lists them.",
      vi: (version.map { "Phiên bản \($0)" } ?? "Bản này")
        + " thay thế bản có mã kiểm bắt đầu bằng \(short): \(reason.vi). "
        + "\(moved) điểm số thay đổi; xem errata.csv.")
  }
}

extension PlanReader {
  /// What the release replaces, or nil.
  func supersession() throws(Diagnostic) -> Supersession? {
    guard let value = root["supersedes"] else { return nil }
    guard root["version"] != nil else {
      throw value.error("a revision needs a 'version'", remedy: "add 'version: 2' beside it")
    }
    guard let folder = value["release"], let reason = title(value["reason"]) else {
      throw value.error("'supersedes' lacks release or reason")
    }
    return try Supersession(folder: folder, reason: reason)
  }
}
