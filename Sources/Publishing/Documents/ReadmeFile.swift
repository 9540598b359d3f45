public import CanvassSurvey

/// `README.txt`: what the files of a release are, Vietnamese first where the release speaks it.
public enum ReadmeFile {
  /// The file's name.
  public static let name = "README.txt"

  /// What a file of the release holds; nil for a name that no release has.
  public static func meaning(of file: String) -> LocalizedText? {
    switch file {
    case "scores.csv":
      LocalizedText(
        en: "scores of every unit, group of people and node, with intervals, groups and ranks",
        vi: "điểm số theo đơn vị, nhóm người và thành phần, kèm khoảng tin cậy và thứ hạng")
    case "indicators.csv":
      LocalizedText(
        en: "indicators on their own scale (a share is 0 to 1)",
        vi: "các chỉ tiêu theo thang đo gốc (tỷ lệ từ 0 đến 1)")
    case "report.html":
      LocalizedText(
        en: "the report: map, scores, a profile of each unit, method",
        vi: "báo cáo: bản đồ, điểm số, hồ sơ từng đơn vị, phương pháp")
    case MethodsFile.name(.en):
      LocalizedText(
        en: "methods: what must be disclosed of a survey, formulas, the index in words",
        vi: "phương pháp (tiếng Anh)")
    case MethodsFile.name(.vi):
      LocalizedText(
        en: "the methods in Vietnamese",
        vi: "phương pháp: thông tin công khai về khảo sát, công thức, cách tính chỉ số")
    case CodebookDocument.name:
      LocalizedText(
        en: "the study and its questions (DDI-Codebook 2.5), for archives",
        vi: "mô tả cuộc khảo sát và câu hỏi (DDI-Codebook 2.5), dành cho kho lưu trữ")
    case "definitions.csv":
      LocalizedText(en: "what every node means", vi: "định nghĩa của từng thành phần")
    case "effective-weights.csv":
      LocalizedText(
        en: "the weight of every node in its index", vi: "trọng số của từng thành phần trong chỉ số"
      )
    case "coherence.csv":
      LocalizedText(
        en: "correlations between the parts of the index",
        vi: "tương quan giữa các thành phần của chỉ số")
    case "disclosure.json":
      LocalizedText(
        en: "what is not shown and why", vi: "số liệu không công bố và lý do")
    case "changes.csv":
      LocalizedText(en: "changes since former rounds", vi: "thay đổi so với các kỳ trước")
    case "indistinguishable.csv":
      LocalizedText(
        en: "pairs of units that cannot be told apart", vi: "các cặp đơn vị không thể phân biệt")
    case "group-probabilities.csv":
      LocalizedText(
        en: "how sure it is in which group a unit lies", vi: "xác suất đơn vị thuộc từng nhóm")
    case "rank-uncertainty.csv":
      LocalizedText(en: "ranks under other assumptions", vi: "thứ hạng theo các giả định khác")
    case "sensitivity.csv":
      LocalizedText(en: "which assumption moves ranks", vi: "giả định nào làm thay đổi thứ hạng")
    case "cleaning.csv":
      LocalizedText(en: "what cleaning took away", vi: "kết quả làm sạch số liệu")
    case "errata.csv":
      LocalizedText(
        en: "what moved since the release that this one replaces",
        vi: "thay đổi so với bản công bố trước")
    case "map-en.svg", "map-vi.svg": LocalizedText(en: "the map", vi: "bản đồ")
    case "scores-en.svg", "scores-vi.svg":
      LocalizedText(en: "the chart of scores", vi: "biểu đồ điểm số")
    case name: LocalizedText(en: "what the files are", vi: "danh mục các tệp")
    case DataPackageFile.name:
      LocalizedText(
        en: "names and types of all columns, for programs",
        vi: "tên và kiểu của mọi cột, dành cho chương trình")
    case ResearchObjectFile.name:
      LocalizedText(
        en: "the release as a research object (RO-Crate), for archives",
        vi: "mô tả bản công bố theo chuẩn RO-Crate, dành cho kho lưu trữ")
    case Manifest.name:
      LocalizedText(
        en: "SHA-256 of every file (sha256sum -c MANIFEST.sha256)",
        vi: "mã SHA-256 của từng tệp (sha256sum -c MANIFEST.sha256)")
    default: nil
    }
  }

  /// The file's bytes: title, status, files and how numbers are written, in each language.
  public static func bytes(_ content: ReportContent, _ files: [RunFile]) -> [UInt8] {
    let described = content.released == nil ? [] : [ResearchObjectFile.name]
    let own = [name, DataPackageFile.name, Manifest.name] + described
    let names = (files.map(\.name) + own).sorted {
      Column.precedes($0, $1)
    }
    let languages = ReleaseLanguage.allCases.reversed().filter { content.languages.contains($0) }
    return Array(
      languages.map { text(content, names, $0) }.joined(separator: "\n----\n\n").utf8)
  }

  private static func text(
    _ content: ReportContent, _ names: [String], _ language: ReleaseLanguage
  ) -> String {
    func line(_ en: String, _ vi: String) -> String {
      LocalizedText(en: en, vi: vi)[language] + "\n"
    }
    var text = content.title[language] + "\n"
    text += Phrase.status(content.status)[language] + "\n"
    if let date = content.released { text += line("Released \(date)", "Công bố \(date)") }
    text += "\n" + line("Begin with report.html.", "Hãy bắt đầu với report.html.")
    text += line(
      "The .csv files are for programs: UTF-8, comma between cells, a point before decimals. A "
        + "spreadsheet set to Vietnamese may read 43.616 as 43616: import them as text with a point, "
        + "and unit codes such as 01 as text.",
      "Các tệp .csv dành cho chương trình: UTF-8, dấu phẩy ngăn cách các ô, dấu chấm trước phần thập "
        + "phân. Bảng tính dùng tiếng Việt có thể đọc 43.616 thành 43616: hãy nhập với dấu chấm thập "
        + "phân, và nhập mã đơn vị như 01 ở dạng văn bản.")
    text += line(
      "An empty cell is never 0; the column status says why it is empty.",
      "Ô trống không bao giờ là 0; cột status cho biết lý do.")
    text += "\n"
    for name in names {
      text += name + ": " + (meaning(of: name)?[language] ?? "") + "\n"
    }
    return text
  }
}
