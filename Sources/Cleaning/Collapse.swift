public import CanvassCompute
public import CanvassSurvey

/// What becomes of a repeated group (children, visits): variables with one value for each respondent.
public struct CollapseRequest: Sendable, Hashable {
  /// One new variable.
  public struct Measure: Sendable, Hashable {
    /// How the rows of a respondent become one value.
    public enum Summary: String, Sendable, Hashable, CaseIterable {
      /// The rows, or those where a condition holds; 0 where there is no row.
      case count
      /// 1 where a condition holds in some row, 0 where in none; blank where that cannot be told.
      case any
      /// 1 where a condition holds in every row, 0 where it fails in one; blank without rows.
      case all
      /// The sum of a number over the rows that have it; 0 without rows, blank where none has it.
      case sum
      /// The mean, least or greatest of a number over the rows that have it; blank where none has it.
      case mean, least, greatest
    }

    /// The new variable's name.
    public var name: String
    /// How the rows become one value.
    public var summary: Summary
    /// The condition or number of each row; nil counts rows.
    public var expression: Expression?

    /// Reads `count()`, `any(c5 == 1)`, `mean(age)`; `place` is where the text begins.
    public init(name: String, text: String, at place: String? = nil) throws(Diagnostic) {
      self.name = name
      guard let open = text.firstIndex(of: "("), let close = text.lastIndex(where: { $0 != " " }),
        text[close] == ")", open < close,
        let summary = Summary(rawValue: String(text[..<open]).filter { $0 != " " })
      else {
        throw Diagnostic(
          .badPipeline, "'\(name)' does not say how rows become one value",
          why: "known are \(Summary.allCases.map { $0.rawValue + "(…)" }.joined(separator: ", "))",
          remedy: "write count(), or any(c5 is 1)")
      }
      let inner = text[text.index(after: open)..<close]
      self.summary = summary
      let isEmpty = inner.allSatisfy { $0 == " " }
      if isEmpty, summary != .count {
        throw Diagnostic(.badPipeline, "'\(summary.rawValue)' needs something between its brackets")
      }
      // Blanks in front keep the columns of errors right.
      let before = String(repeating: " ", count: text.distance(from: text.startIndex, to: open) + 1)
      expression = isEmpty ? nil : try Expression.parse(before + inner, at: place)
    }
  }

  /// What the group is called.
  public var name: String
  /// Its variable that holds the respondent's key.
  public var key: String
  /// The respondents' variable that it refers to.
  public var parentKey: String
  /// The new variables.
  public var measures: [Measure]
  /// Missing codes of the group's variables, besides those that are given for all.
  public var missing: [MissingRule] = []

  /// A request to collapse a repeated group.
  public init(name: String, key: String, parentKey: String, measures: [Measure]) {
    self.name = name
    self.key = key
    self.parentKey = parentKey
    self.measures = measures
  }
}

extension CollapseRequest {
  /// The respondents with the new variables; missing codes of the group's variables are missing.
  ///
  /// Values are added in their order of size, so that the order of the rows leaves no trace.
  ///
  /// - Throws: `badPipeline` for expressions that do not fit the group, or a name that is taken.
  public func collapse(
    _ group: Table, into respondents: Table, codebook: Codebook?, missing: [MissingRule],
    workers: Workers = Workers(1)
  ) throws(Diagnostic) -> Table {
    for measure in measures where respondents.contains(measure.name) {
      throw Diagnostic(
        .badPipeline, "the respondents have a variable '\(measure.name)' already",
        at: "collapse \(name) \(measure.name)", remedy: "name it anew")
    }
    let values = try self.values(group, codebook, missing, workers)
    let (levelOfRow, levels) = try group.column(key).grouped()
    let levelOf = Dictionary(uniqueKeysWithValues: zip(levels, levels.indices))
    let keys = try respondents.column(parentKey)
    let own = (0..<respondents.rowCount).map { row in
      keys.text(at: row).flatMap { levelOf[$0] }
    }
    var rowsOf = [[Int]](repeating: [], count: levels.count)
    for (row, level) in levelOfRow.enumerated() where Int(level) < levels.count {
      rowsOf[Int(level)].append(row)
    }
    var table = respondents
    for (measure, column) in zip(measures, values) {
      let ofLevel = rowsOf.map { rows in
        measure.summary.value(of: rows.map { column?.number(at: $0) }, isCounted: column == nil)
      }
      let ofNobody = measure.summary.value(of: [], isCounted: column == nil)
      table.set(
        Column(name: measure.name, numbers: own.map { $0.map { ofLevel[$0] } ?? ofNobody }))
    }
    return table
  }

  /// What each measure's expression gives for each row of the group; nil where rows are counted.
  private func values(
    _ group: Table, _ codebook: Codebook?, _ missing: [MissingRule], _ workers: Workers
  ) throws(Diagnostic) -> [Column?] {
    var request = CleaningRequest(
      missing: missing.compactMap { rule in
        let fitting = rule.variables.filter { pattern in
          group.names.contains { NamePattern(pattern).matches($0) }
        }
        return fitting.isEmpty ? nil : MissingRule(variables: fitting, codes: rule.codes)
      } + self.missing)
    // Of the codebook, missing codes alone: its other rules are for the respondents' rows.
    let codes = (codebook?.variables ?? []).map { variable in
      var plain = Variable(
        name: variable.name, title: variable.title, missingCodes: variable.missingCodes)
      plain.assumedCodes = variable.assumedCodes
      return plain
    }
    for measure in measures where measure.number(in: group) == nil {
      guard let expression = measure.expression else { continue }
      request.derivations.append(
        Derivation(name: derived(measure), rule: .expression(expression)))
    }
    do {
      let cleaned = try Cleaning.clean(
        group, codebook: try Codebook(codes, givesConditions: false), request: request,
        workers: workers
      ).table
      return measures.map { measure in
        measure.expression == nil ? nil : cleaned[measure.number(in: group) ?? derived(measure)]
      }
    } catch {
      throw error.located(at: "collapse \(name)")
    }
  }

  /// A name that no variable of the group bears.
  private func derived(_ measure: Measure) -> String { "\(name): \(measure.name)" }
}

extension CollapseRequest.Measure {
  /// The variable of numbers that is all of the expression, which may have no value in any row; or nil.
  fileprivate func number(in group: Table) -> String? {
    guard let expression, [.sum, .mean, .least, .greatest].contains(summary),
      let name = expression.variables.first, expression.variables.count == 1,
      expression.text.filter({ $0 != " " }) == name, group[name]?.isNumeric == true
    else { return nil }
    return name
  }
}

extension CollapseRequest.Measure.Summary {
  /// The value of rows with these values; nil is missing.
  func value(of values: [Double?], isCounted: Bool) -> Double? {
    if isCounted { return Double(values.count) }
    let known = values.compactMap { $0 }.sorted()
    switch self {
    case .count: return Double(known.count { $0 != 0 })
    case .any:
      if known.contains(where: { $0 != 0 }) { return 1 }
      return known.count == values.count ? 0 : nil
    case .all:
      if known.contains(0) { return 0 }
      return known.count == values.count && !values.isEmpty ? 1 : nil
    case .sum:
      if known.isEmpty { return values.isEmpty ? 0 : nil }
      return known.reduce(0, +)
    case .mean: return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
    case .least: return known.first
    case .greatest: return known.last
    }
  }
}
