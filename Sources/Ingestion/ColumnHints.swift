import Synchronization

/// Columns of a member that some block found to be text: saves scanning twice, never changes a table.
final class ColumnHints: Sendable {
  private let found: Mutex<[Bool]>

  init(count: Int) {
    found = Mutex([Bool](repeating: false, count: count))
  }

  var isText: [Bool] { found.withLock { $0 } }

  func add(_ columns: [Int]) {
    found.withLock { found in
      for column in columns { found[column] = true }
    }
  }
}
