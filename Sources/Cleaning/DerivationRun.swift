import CanvassCompute
import CanvassSurvey

/// Makes one derived variable, and remembers the rows that its rule has no value for.
struct DerivationRun {
  let derivation: Derivation

  /// The column, and the rows that are an error of the data if they pass all checks.
  typealias Outcome = (column: Column, unruled: [Int])

  private func fault(_ what: String, remedy: String) -> Diagnostic {
    Diagnostic(.badPipeline, "'\(derivation.name)' \(what)", remedy: remedy)
  }

  /// Checks names, kinds and the rule itself, and gives the kind of the new variable.
  func validate(against schema: Schema) throws(Diagnostic) -> Schema.Kind {
    if schema[derivation.name] != nil {
      throw fault("is to be derived, but there is a variable of that name", remedy: "name it anew")
    }
    switch derivation.rule {
    case .cut(let source, let points, let labels):
      guard let kind = schema[source] else { throw schema.unknown(source) }
      if kind == .text {
        throw fault("cuts '\(source)', which holds texts", remedy: "cut a variable of numbers")
      }
      try validate(points, labels)
      return .text
    case .recode(let source, let map, let otherwise):
      guard let kind = schema[source] else { throw schema.unknown(source) }
      try validate(map, source, kind)
      return DerivationRun.yieldsNumbers(map, otherwise, kind) ? .number : .text
    case .first(let sources):
      var kinds: [Schema.Kind] = []
      for source in sources {
        guard let kind = schema[source] else { throw schema.unknown(source) }
        if kind != .unanswered { kinds.append(kind) }
      }
      guard Set(kinds).count <= 1 else {
        throw fault(
          "takes the first of numbers and texts", remedy: "list variables of one kind")
      }
      return kinds.first ?? .unanswered
    case .expression(let expression):
      _ = try expression.kind(in: schema, allowsNumber: true)
      return .number
    }
  }

  private func validate(_ points: [Double], _ labels: [String]?) throws(Diagnostic) {
    guard !points.isEmpty, points.allSatisfy(\.isFinite),
      zip(points, points.dropFirst()).allSatisfy({ $0 < $1 })
    else {
      throw fault(
        "needs cut points that rise", remedy: "give one or more, each greater than the one before")
    }
    if let labels, labels.count != points.count, labels.count != points.count + 1 {
      throw fault(
        "has \(labels.count) labels for \(points.count) cut points",
        remedy:
          "give \(points.count + 1) labels, the first for values below \(Column.render(points[0])), "
          + "or \(points.count) where no value lies there")
    }
  }

  private func validate(
    _ map: [String: String], _ source: String, _ kind: Schema.Kind
  ) throws(Diagnostic) {
    if kind != .number { return }
    var codes: [Double: String] = [:]
    for code in map.keys.sorted(by: Column.precedes) {
      guard let number = CodeNumber.parse(code) else {
        throw fault(
          "recodes '\(source)', which holds numbers, and '\(code)' is none",
          remedy: "list codes as the data has them")
      }
      if let other = codes.updateValue(code, forKey: number) {
        throw fault(
          "lists one number twice, as '\(other)' and '\(code)'", remedy: "keep one of the two")
      }
    }
  }

  private static func yieldsNumbers(
    _ map: [String: String], _ otherwise: Derivation.Unlisted, _ source: Schema.Kind
  ) -> Bool {
    map.values.allSatisfy(CodeNumber.isCanonical) && (otherwise != .keep || source != .text)
  }

  /// Makes the variable from the table's columns.
  func run(on table: Table, _ workers: Workers) throws(Diagnostic) -> Outcome {
    switch derivation.rule {
    case .cut(let source, let points, let labels):
      return cut(try table.column(source), points, labels)
    case .recode(let source, let map, let otherwise):
      return recode(try table.column(source), map, otherwise)
    case .first(let sources):
      var columns: [Column] = []
      for source in sources { columns.append(try table.column(source)) }
      return (first(of: columns), [])
    case .expression(let expression):
      let column = try expression.column(named: derivation.name, in: table, workers: workers)
      return (column, [])
    }
  }

  // MARK: first

  /// The first value of each row; where there is none, the reason of the first column.
  private func first(of columns: [Column]) -> Column {
    guard let leading = columns.first else { return Column(name: derivation.name, numbers: []) }
    let place = leading.reasons.indices.map { row in
      columns.firstIndex { $0.reasons[row] == 0 }
    }
    var made: Column
    if columns.contains(where: { !$0.isNumeric && $0.reasons.contains(0) }) {
      made = Column(
        name: derivation.name,
        strings: place.indices.map { row in place[row].flatMap { columns[$0].text(at: row) } })
    } else {
      made = Column(
        name: derivation.name,
        numbers: place.indices.map { row in place[row].flatMap { columns[$0].number(at: row) } })
    }
    for row in place.indices where place[row] == nil { made.reasons[row] = leading.reasons[row] }
    return made
  }

  // MARK: cut

  private func cut(_ column: Column, _ points: [Double], _ labels: [String]?) -> Outcome {
    var names = labels ?? DerivationRun.labels(for: points)
    let hasLowest = names.count > points.count
    if !hasLowest { names.insert("", at: 0) }
    let dictionary = Set(names.dropFirst(hasLowest ? 0 : 1)).sorted(by: Column.precedes)
    let codes = names.map { name in UInt32(dictionary.firstIndex(of: name) ?? 0) }
    var cells = [UInt32](repeating: 0, count: column.count)
    var reasons = column.reasons
    var unruled: [Int] = []
    for row in 0..<column.count {
      guard let value = column.number(at: row) else { continue }
      var interval = 0
      while interval < points.count, points[interval] <= value { interval += 1 }
      if interval == 0, !hasLowest {
        unruled.append(row)
        reasons[row] = MissingReason.blank.rawValue
      } else {
        cells[row] = codes[interval]
      }
    }
    let values = Column.Values.text(cells, dictionary: dictionary)
    return (Column(name: derivation.name, values: values, reasons: reasons), unruled)
  }

  /// `<18`, `18-24`, `25+` for whole non-negative points; `<0.5`, `0.5 to <1.5`, `1.5+` for others.
  static func labels(for points: [Double]) -> [String] {
    let text = points.map(Column.render)
    let isWhole = points.allSatisfy { $0 >= 0 && $0 == $0.rounded() && $0 < 9_007_199_254_740_992 }
    var labels = ["<\(text[0])"]
    for next in points.indices.dropFirst() {
      if !isWhole {
        labels.append("\(text[next - 1]) to <\(text[next])")
      } else if points[next] - 1 == points[next - 1] {
        labels.append(text[next - 1])
      } else {
        labels.append("\(text[next - 1])-\(Column.render(points[next] - 1))")
      }
    }
    labels.append("\(text[text.count - 1])+")
    return labels
  }

  // MARK: recode

  private func recode(
    _ column: Column, _ map: [String: String], _ otherwise: Derivation.Unlisted
  ) -> Outcome {
    // One lookup a distinct value, not one a row.
    let (levelOfRow, levels) = column.grouped()
    let newCodes: [String?]
    if column.isNumeric {
      var codes: [Double: String] = [:]
      for (code, new) in map {
        if let number = CodeNumber.parse(code) { codes[number] = new }
      }
      newCodes = levels.map { level in CodeNumber.parse(level).flatMap { codes[$0] } }
    } else {
      newCodes = levels.map { map[$0] }
    }
    let results = zip(levels, newCodes).map { level, new in
      new ?? (otherwise == .keep ? level : nil)
    }
    let kind: Schema.Kind = column.isNumeric ? .number : .text
    // The values of the levels first, then one index a row; the last level is no value.
    var made: Column
    if DerivationRun.yieldsNumbers(map, otherwise, kind) {
      let numbers = results.map { $0.flatMap(CodeNumber.parse) } + [nil]
      made = Column(name: derivation.name, numbers: levelOfRow.map { numbers[Int($0)] })
    } else {
      let level = Column(name: derivation.name, strings: results + [nil])
      made = level.gathering(levelOfRow.map { Int($0) })
    }
    for row in 0..<column.count where column.reasons[row] != 0 {
      made.reasons[row] = column.reasons[row]
    }
    var unruled: [Int] = []
    if otherwise == .error {
      let isListed = newCodes.map { $0 != nil } + [true]
      unruled = levelOfRow.indices.filter { !isListed[Int(levelOfRow[$0])] }
    }
    return (made, unruled)
  }

  /// The error for a row that passed all checks and for which the rule has no value.
  func unruledError(_ rows: [Int], in sheet: Worksheet) -> Diagnostic {
    let places = sheet.places(of: rows)
    let (what, remedy) =
      switch derivation.rule {
      case .cut(let source, let points, _):
        (
          "\(rows.count) rows have a '\(source)' below \(Column.render(points[0])), the first cut "
            + "point of '\(derivation.name)', and there is no label for them",
          "give \(points.count + 1) labels instead of \(points.count), or drop such rows with a check"
        )
      case .recode(let source, _, _):
        (
          "\(rows.count) rows have a '\(source)' that '\(derivation.name)' does not list",
          "list the code, say 'otherwise: keep' or 'blank', or drop such rows with a check"
        )
      case .expression, .first:
        ("\(rows.count) rows have no '\(derivation.name)'", "correct the expression")
      }
    return Diagnostic(.badData, what, at: places.first, why: places.others, remedy: remedy)
  }
}
