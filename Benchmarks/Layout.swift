import ArgumentParser
import CanvassCompute

/// How rows should lie in memory: the accumulation loop over 120 items on columns of 16-bit numbers with
/// a byte for the reason, against row-major bytes. See docs/decisions/0002-columns.md.
struct Layout: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Accumulate 120 items per sampling unit from columns and from row-major bytes.")

  @Option(help: "Rows.") var rows = 156_000
  @Option(help: "Runs.") var repeats = 9

  func run() {
    let items = 120
    let perUnit = 60
    let units = (rows + perUnit - 1) / perUnit
    var random = RandomStream(seed: 1)
    var weights = [Double](repeating: 0, count: rows)
    var bytes = [UInt8](repeating: 0, count: rows * items)
    for row in 0..<rows { weights[row] = 0.5 + random.uniform() }
    for index in bytes.indices {
      bytes[index] = random.below(10) == 0 ? 88 : UInt8(random.below(5))
    }
    var columns = [[Int16]](repeating: [Int16](repeating: 0, count: rows), count: items)
    var reasons = [[UInt8]](repeating: [UInt8](repeating: 0, count: rows), count: items)
    for row in 0..<rows {
      for item in 0..<items {
        let code = bytes[row * items + item]
        columns[item][row] = Int16(code)
        reasons[item][row] = code == 88 ? 3 : 0
      }
    }
    var sums = [Double](repeating: 0, count: units * items * 2)
    let byColumn = Timing.measure(repeats) {
      for item in 0..<items {
        columns[item].withUnsafeBufferPointer { values in
          reasons[item].withUnsafeBufferPointer { missing in
            weights.withUnsafeBufferPointer { weights in
              for unit in 0..<units {
                var total = 0.0
                var count = 0.0
                for row in unit * perUnit..<min(rows, (unit + 1) * perUnit) where missing[row] == 0
                {
                  total += weights[row] * Double(values[row])
                  count += weights[row]
                }
                sums[(item * units + unit) * 2] = total
                sums[(item * units + unit) * 2 + 1] = count
              }
            }
          }
        }
      }
    }
    let check = sums.reduce(0, +)
    let byRow = Timing.measure(repeats) {
      bytes.withUnsafeBufferPointer { bytes in
        weights.withUnsafeBufferPointer { weights in
          sums.withUnsafeMutableBufferPointer { sums in
            for unit in 0..<units {
              let base = unit * items * 2
              for slot in base..<base + items * 2 { sums[slot] = 0 }
              for row in unit * perUnit..<min(rows, (unit + 1) * perUnit) {
                let weight = weights[row]
                for item in 0..<items {
                  let code = bytes[row * items + item]
                  let counts = code == 88 ? 0 : weight
                  sums[base + item] += counts * Double(code)
                  sums[base + items + item] += counts
                }
              }
            }
          }
        }
      }
    }
    let difference = abs(sums.reduce(0, +) - check) / check
    let cells = Double(rows * items)
    print("columns:         \(byColumn.summary), \(nanoseconds(byColumn, cells)) ns a cell")
    print("row-major bytes: \(byRow.summary), \(nanoseconds(byRow, cells)) ns a cell")
    print("same sums within \(difference)")
  }

  private func nanoseconds(_ timing: Timing, _ cells: Double) -> Double {
    (timing.median / cells * 1e11).rounded() / 100
  }
}
