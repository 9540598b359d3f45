import CanvassSurvey

/// Rows numbered by what they have in common, in the order of the first row of each number.
struct RowNumbers {
  /// Above this many combinations a table of all of them costs more than looking each up.
  private static let largestTable = 1 << 22

  /// The number of each row, below `count`.
  private(set) var ofRow: [Int32]
  private(set) var count: Int

  /// All rows alike.
  init(rowCount: Int) {
    ofRow = [Int32](repeating: 0, count: rowCount)
    count = 1
  }

  /// The combinations of domains, one of each partition.
  init(_ partitions: [Partition], rowCount: Int) {
    self.init(rowCount: rowCount)
    for partition in partitions {
      divide(levels: partition.domainCount + 1) { Int(partition.domainOfRow[$0]) + 1 }
    }
  }

  /// Tells rows of different levels apart; a level is below `levels`.
  mutating func divide(levels: Int, by level: (Int) -> Int) {
    var next: Int32 = 0
    if count.multipliedReportingOverflow(by: levels).overflow || count * levels > Self.largestTable
    {
      var numbers: [Int: Int32] = [:]
      for row in ofRow.indices {
        let code = Int(ofRow[row]) * levels + level(row)
        if let known = numbers[code] {
          ofRow[row] = known
        } else {
          numbers[code] = next
          ofRow[row] = next
          next += 1
        }
      }
    } else {
      var numbers = [Int32](repeating: -1, count: count * levels)
      for row in ofRow.indices {
        let code = Int(ofRow[row]) * levels + level(row)
        if numbers[code] < 0 {
          numbers[code] = next
          next += 1
        }
        ofRow[row] = numbers[code]
      }
    }
    count = max(1, Int(next))
  }

  /// Numbers rows again, apart in each stretch `starts[i] ..< starts[i + 1]`: by stretch, then by first row;
  /// −1 for a row that does not count.
  func apart(
    in starts: [Int], where counts: (Int) -> Bool
  ) -> (numberOfRow: [Int32], firstRow: [Int]) {
    var numberOfRow = [Int32](repeating: -1, count: ofRow.count)
    var firstRow: [Int] = []
    var latest = [Int32](repeating: -1, count: count)
    for stretch in 0..<max(0, starts.count - 1) {
      for row in starts[stretch]..<starts[stretch + 1] where counts(row) {
        let own = Int(ofRow[row])
        if latest[own] < 0 || firstRow[Int(latest[own])] < starts[stretch] {
          latest[own] = Int32(firstRow.count)
          firstRow.append(row)
        }
        numberOfRow[row] = latest[own]
      }
    }
    return (numberOfRow, firstRow)
  }
}
