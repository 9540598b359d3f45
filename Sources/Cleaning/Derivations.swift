import CanvassCompute
import CanvassSurvey

/// The derived variables of a table, kept fresh while checks blank what they are made from.
struct Derivations {
  private let runs: [DerivationRun]
  private var unruled: [[Int]]

  init(_ derivations: [Derivation]) {
    runs = derivations.map(DerivationRun.init(derivation:))
    unruled = Array(repeating: [], count: derivations.count)
  }

  /// Makes all variables in their order.
  mutating func makeAll(_ sheet: inout Worksheet, _ workers: Workers) throws(Diagnostic) {
    for index in runs.indices { try make(index, &sheet, workers) }
  }

  /// Makes those anew that depend, directly or through others, on variables that changed.
  mutating func makeAgain(
    after changed: Set<String>, _ sheet: inout Worksheet, _ workers: Workers
  ) throws(Diagnostic) {
    var changed = changed
    for (index, run) in runs.enumerated()
    where run.derivation.sources.contains(where: changed.contains) {
      try make(index, &sheet, workers)
      changed.insert(run.derivation.name)
    }
  }

  private mutating func make(
    _ index: Int, _ sheet: inout Worksheet, _ workers: Workers
  ) throws(Diagnostic) {
    let outcome = try runs[index].run(on: sheet.table, workers)
    sheet.table.set(outcome.column)
    unruled[index] = outcome.unruled
  }

  /// Throws for the first derivation that has no value for a row which passed all checks.
  func verify(_ sheet: Worksheet) throws(Diagnostic) {
    for (run, rows) in zip(runs, unruled) {
      let left = rows.filter { sheet.isAlive[$0] == 1 }
      if !left.isEmpty { throw run.unruledError(left, in: sheet) }
    }
  }
}
