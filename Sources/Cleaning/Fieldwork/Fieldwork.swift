public import CanvassSurvey

/// A table of the evening page.
public struct FieldworkTable: Sendable, Hashable, Codable {
  /// What stands in a cell.
  public enum Cell: Sendable, Hashable, Codable {
    /// A text.
    case text(String)
    /// A count.
    case count(Int)
    /// A number, shown with so many digits behind the point; nil where there is none.
    case number(Double?, digits: Int)
    /// A share, shown in percent; nil where there is none.
    case share(Double?)
  }

  /// A column.
  public struct Heading: Sendable, Hashable, Codable {
    /// A word for machines.
    public var name: String
    /// A heading.
    public var title: LocalizedText

    /// A column.
    public init(_ name: String, en: String, vi: String) {
      self.name = name
      title = LocalizedText(en: en, vi: vi)
    }
  }

  /// What the table shows.
  public var title: LocalizedText
  /// A word for machines.
  public var name: String
  /// The columns.
  public var columns: [Heading]
  /// The lines.
  public var rows: [[Cell]]

  /// A table.
  public init(
    title: LocalizedText, name: String, columns: [Heading], rows: [[Cell]]
  ) {
    self.title = title
    self.name = name
    self.columns = columns
    self.rows = rows
  }
}

/// What a survey director looks at every evening of the field period.
public enum Fieldwork {
  /// The tables of the evening page over the cases of `table`, its missing codes being missing already.
  ///
  /// Without outcomes every row is an interview; with them those with the codes 1.1 and 1.2 are. Lines
  /// stand in the order of the levels, so that the order of rows makes no difference.
  ///
  /// - Throws: `badPipeline` for a variable that is not there or holds another kind, `badData` for a case
  ///   without a known outcome.
  public static func tables(
    _ table: Table, request: FieldworkRequest
  ) throws(Diagnostic) -> [FieldworkTable] {
    for name in request.variables { _ = try table.column(name) }
    var tables: [FieldworkTable] = []
    var interviews = Array(0..<table.rowCount)
    if let name = request.outcome {
      let outcomes = try outcomes(table, name)
      interviews = interviews.filter { outcomes[$0] == .complete || outcomes[$0] == .partial }
      tables.append(rates(outcomes, by: nil, title: "all"))
      for quota in request.quotas {
        tables.append(rates(outcomes, by: try table.column(quota.by), title: quota.by))
      }
    }
    for quota in request.quotas { tables.append(try counts(table, quota, interviews)) }
    tables.append(
      try InterviewerPage(table: table, request: request, interviews: interviews).lines())
    if let name = request.age { tables.append(try ages(table, name, request, interviews)) }
    return tables
  }

  private static func outcomes(
    _ table: Table, _ name: String
  ) throws(Diagnostic) -> [OutcomeRates.Outcome] {
    let column = try table.column(name)
    var outcomes: [OutcomeRates.Outcome] = []
    for row in 0..<table.rowCount {
      guard let outcome = column.text(at: row).flatMap(OutcomeRates.Outcome.init(code:)) else {
        throw Diagnostic(
          .badData, "a case has no outcome that AAPOR knows in '\(name)'", at: table.place(of: row),
          why: "codes begin with 1.1, 1.2, 2.1 to 2.9, 3.1 to 3.9 or 4",
          remedy: "correct the code, or recode the variable under 'clean: derive'")
      }
      outcomes.append(outcome)
    }
    return outcomes
  }

  private static func rates(
    _ outcomes: [OutcomeRates.Outcome], by column: Column?, title: String
  ) -> FieldworkTable {
    let (levelOfRow, levels) =
      column?.grouped() ?? ([Int32](repeating: 0, count: outcomes.count), ["all"])
    var rates = [OutcomeRates](repeating: OutcomeRates(), count: levels.count + 1)
    for (row, outcome) in outcomes.enumerated() { rates[Int(levelOfRow[row])][outcome] += 1 }
    let cells = zip(levels + ["-"], rates).filter { $0.1.cases > 0 }.map { level, rates in
      [FieldworkTable.Cell.text(level), .count(rates.cases)]
        + OutcomeRates.Outcome.allCases.map { .count(rates[$0]) }
        + (1...6).map { .share(rates.responseRate($0)) }
        + [.share(rates.refusalRate), .share(rates.contactRate)]
    }
    let words: [(String, String, String)] = [
      ("level", "", ""), ("cases", "cases", "số ca"), ("complete", "complete", "hoàn thành"),
      ("partial", "partial", "một phần"), ("refusal", "refusal", "từ chối"),
      ("non_contact", "no contact", "không gặp"), ("other", "other", "khác"),
      ("unknown_household", "unknown household", "không rõ hộ"),
      ("unknown_other", "unknown other", "không rõ khác"),
      ("not_eligible", "not eligible", "không thuộc mẫu"), ("rr1", "RR1", "RR1"),
      ("rr2", "RR2", "RR2"), ("rr3", "RR3", "RR3"), ("rr4", "RR4", "RR4"), ("rr5", "RR5", "RR5"),
      ("rr6", "RR6", "RR6"), ("ref1", "REF1", "REF1"), ("con1", "CON1", "CON1"),
    ]
    return FieldworkTable(
      title: LocalizedText(
        en: "Outcomes and AAPOR rates: \(title)", vi: "Kết quả và tỷ lệ AAPOR: \(title)"),
      name: "outcomes_\(title)",
      columns: words.map { .init($0.0, en: $0.1, vi: $0.2) }, rows: cells)
  }

  private static func counts(
    _ table: Table, _ quota: FieldworkRequest.Quota, _ interviews: [Int]
  ) throws(Diagnostic) -> FieldworkTable {
    let column = try table.column(quota.by)
    var done: [String: Int] = [:]
    for row in interviews { done[column.text(at: row) ?? "-", default: 0] += 1 }
    let levels = Set(done.keys).union(quota.wanted.map { Set($0.keys) } ?? [])
      .sorted(by: Column.precedes)
    return FieldworkTable(
      title: LocalizedText(
        en: "Interviews by \(quota.by)", vi: "Số phỏng vấn theo \(quota.by)"),
      name: "interviews_\(quota.by)",
      columns: [
        .init("level", en: quota.by, vi: quota.by),
        .init("interviews", en: "interviews", vi: "đã phỏng vấn"),
        .init("wanted", en: "wanted", vi: "chỉ tiêu"),
        .init("share", en: "done", vi: "đạt"),
      ],
      rows: levels.map { level in
        let count = done[level] ?? 0
        let wanted = quota.wanted.map { $0[level] ?? 0 }
        return [
          .text(level), .count(count), .number(wanted, digits: 0),
          .share(wanted.flatMap { $0 > 0 ? Double(count) / $0 : nil }),
        ]
      })
  }

  private static func ages(
    _ table: Table, _ name: String, _ request: FieldworkRequest, _ interviews: [Int]
  ) throws(Diagnostic) -> FieldworkTable {
    let column = try table.column(name)
    let who = try table.column(request.interviewer)
    var ages: [String: [Double]] = [:]
    var all: [Double] = []
    for row in interviews {
      guard let age = column.number(at: row) else { continue }
      ages[who.text(at: row) ?? "-", default: []].append(age)
      all.append(age)
    }
    func line(_ label: String, _ ages: [Double]) -> [FieldworkTable.Cell] {
      let index = WhippleIndex.value(ages)
      return [.text(label), .count(index?.count ?? 0), .number(index?.index, digits: 0)]
    }
    return FieldworkTable(
      title: LocalizedText(
        en: "Digit preference in ages (Whipple's index; 100 is none)",
        vi: "Ưa chữ số trong tuổi (chỉ số Whipple; 100 là không có)"),
      name: "ages",
      columns: [
        .init("interviewer", en: "interviewer", vi: "điều tra viên"),
        .init("ages", en: "ages 23–62", vi: "tuổi 23–62"),
        .init("whipple", en: "index", vi: "chỉ số"),
      ],
      rows: [line("all", all)]
        + ages.keys.sorted(by: Column.precedes).map { line($0, ages[$0] ?? []) })
  }
}
