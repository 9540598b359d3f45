import CMemoryFile
import CXlsxWriter
public import CanvassSurvey
import Glibc

/// An Excel workbook for people who keep their lists in one.
public struct Spreadsheet: Sendable {
  /// A sheet: a line of headings that stays in sight, then lines of texts.
  public struct Sheet: Sendable {
    /// The name on its tab.
    public var name: String
    /// The headings, each with the width of its column in characters.
    public var columns: [(heading: String, width: Int)]
    /// The lines; whole numbers become numbers, everything else stays the text that it is.
    public var lines: [[String]]

    /// A sheet.
    public init(name: String, columns: [(heading: String, width: Int)], lines: [[String]]) {
      self.name = name
      self.columns = columns
      self.lines = lines
    }
  }

  /// The lines that a sheet of Excel holds, without its headings.
  public static let mostLines = 1_048_575

  /// The sheets in their order.
  public var sheets: [Sheet]

  /// A workbook.
  public init(_ sheets: [Sheet]) { self.sheets = sheets }

  /// The bytes of the file; the same sheets give the same bytes. They are put together in memory and in
  /// files without a name, so that nothing confidential is left on a disk.
  ///
  /// - Throws: `inputOutput` where the system has no room for it.
  public func bytes() throws(Diagnostic) -> [UInt8] {
    let file = memfd_create("canvass", CLOSE_ON_EXEC)
    guard file >= 0 else { throw Self.fault("no file can be made in memory") }
    defer { close(file) }
    guard let book = workbook_new("/proc/self/fd/\(file)") else {
      throw Self.fault("no workbook can be begun")
    }
    // Excel's oldest date, so that no clock gets into the bytes.
    var properties = lxw_doc_properties()
    properties.created = 315_532_800
    workbook_set_properties(book, &properties)
    let bold = workbook_add_format(book)
    format_set_bold(bold)
    var outcome = LXW_NO_ERROR
    for sheet in sheets {
      let page = workbook_add_worksheet(book, sheet.name)
      func write(
        _ text: String, _ row: Int, _ column: Int, _ format: UnsafeMutablePointer<lxw_format>?
      ) {
        let (row, column) = (lxw_row_t(row), lxw_col_t(column))
        let code =
          if let number = Self.wholeNumber(text) {
            worksheet_write_number(page, row, column, number, format)
          } else {
            worksheet_write_string(page, row, column, text, format)
          }
        if code != LXW_NO_ERROR { outcome = code }
      }
      for (column, (heading, width)) in sheet.columns.enumerated() {
        worksheet_set_column(page, lxw_col_t(column), lxw_col_t(column), Double(width), nil)
        write(heading, 0, column, bold)
      }
      for (row, line) in sheet.lines.enumerated() {
        for (column, text) in line.enumerated() where !text.isEmpty {
          write(text, row + 1, column, nil)
        }
      }
      worksheet_freeze_panes(page, 1, 0)
      if !sheet.lines.isEmpty {
        worksheet_autofilter(
          page, 0, 0, lxw_row_t(sheet.lines.count), lxw_col_t(max(1, sheet.columns.count) - 1))
      }
    }
    let closed = workbook_close(book)
    if closed != LXW_NO_ERROR { outcome = closed }
    guard outcome == LXW_NO_ERROR else {
      throw Self.fault(String(cString: lxw_strerror(outcome)))
    }
    return try Self.content(of: file)
  }

  /// A whole number that Excel keeps to its last digit, written as a column writes it.
  private static func wholeNumber(_ text: String) -> Double? {
    guard text.utf8.count <= 15, let number = Int(text), String(number) == text else { return nil }
    return Double(number)
  }

  private static func content(of file: Int32) throws(Diagnostic) -> [UInt8] {
    var facts = stat()
    guard fstat(file, &facts) == 0 else { throw fault("its size is unknown") }
    var bytes = [UInt8](repeating: 0, count: Int(facts.st_size))
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeMutableBytes { buffer in
        pread(file, buffer.baseAddress?.advanced(by: done), buffer.count - done, off_t(done))
      }
      guard count > 0 else { throw fault("it cannot be read back") }
      done += count
    }
    return bytes
  }

  private static func fault(_ why: String) -> Diagnostic {
    Diagnostic(
      .inputOutput, "the workbook cannot be written", why: why,
      remedy: "the CSV file beside it holds the same; see that memory and /tmp have room")
  }
}
