public import CanvassSurvey

/// A codebook held against the data, both ways: what one has and the other lacks.
public struct CodebookComparison: Sendable, Hashable, Codable {
  /// Codes of one variable.
  public struct Codes: Sendable, Hashable, Codable {
    /// The variable.
    public var variable: String
    /// Number of codes.
    public var codes: Int
    /// Number of cells that hold them.
    public var cells: Int
    /// Where the first of the cells was read; nil where no cell has such a code.
    public var place: String?
  }

  /// Variables that the codebook describes and the data lack.
  public var withoutData: [String] = []
  /// Variables of the data that the codebook does not describe.
  public var undescribed: [String] = []
  /// Codes in the data that have no label, of variables whose answers have some.
  public var unlabelled: [Codes] = []
  /// Labels whose code nobody gave.
  public var unused: [Codes] = []
  /// Variables of numbers, whole numbers or texts that hold something else.
  public var otherKind: [String] = []

  /// Conditions of a form that could not be taken over: where, and why.
  public var untranslated: [String] = []

  /// Compares a codebook with the table that came in, its missing codes being missing already.
  public init(_ codebook: Codebook, _ table: Table) {
    for variable in codebook.variables {
      guard let column = table[variable.name] else {
        withoutData.append(variable.name)
        continue
      }
      compare(variable, column, table)
    }
    untranslated = codebook.untranslated
    undescribed = table.names.filter { codebook[$0] == nil }
  }

  private mutating func compare(_ variable: Variable, _ column: Column, _ table: Table) {
    let (levelOfRow, levels) = column.grouped()
    switch variable.kind {
    case .number: if !column.isNumeric, !levels.isEmpty { otherKind.append(variable.name) }
    case .integer:
      let isWhole = column.isNumeric && levels.allSatisfy { $0.allSatisfy { !".eE".contains($0) } }
      if !isWhole, !levels.isEmpty { otherKind.append(variable.name) }
    case .text: if column.isNumeric, !levels.isEmpty { otherKind.append(variable.name) }
    case .code, .codes, .date, nil: break
    }
    if variable.valueLabels.isEmpty || variable.kind == .codes { return }
    // A scale may name its ends alone: its range says which codes there are.
    let namesEnds = variable.kind == .integer || variable.kind == .number
    func canonical(_ code: String) -> String {
      column.isNumeric ? CodeNumber.parse(code).map(Column.render) ?? code : code
    }
    let labels = Set(variable.valueLabels.keys.map(canonical))
    let missing = Set(variable.missingCodes.keys.map(canonical))
    let isUnlabelled = levels.map { !labels.contains($0) } + [false]
    if !namesEnds, isUnlabelled.contains(true) {
      let rows = levelOfRow.indices.filter { isUnlabelled[Int(levelOfRow[$0])] }
      unlabelled.append(
        Codes(
          variable: variable.name, codes: isUnlabelled.count { $0 }, cells: rows.count,
          place: rows.first.map(table.place(of:))))
    }
    let idle = labels.subtracting(levels).subtracting(missing)
    if !idle.isEmpty {
      unused.append(Codes(variable: variable.name, codes: idle.count, cells: 0, place: nil))
    }
  }
}
