import CanvassCompute
import CanvassPublishing
import Testing

/// Tables whose margins everybody knows, and someone who solves for what is missing.
@Suite struct ComplementarySuppressionTests {
  /// A random table of rows × columns × parts with all its margins: cells, relations with coefficients.
  private struct RandomTable {
    var costs: [Int] = []
    var relations: [[Int]] = []
    var coefficients: [[Double]] = []
    var interior: [Int] = []

    init(seed: UInt64) {
      var random = RandomStream(seed: seed)
      let sizes = [2 + random.below(5), 1 + random.below(4), 1 + random.below(3)]
      let strides = [1, sizes[0] + 1, (sizes[0] + 1) * (sizes[1] + 1)]
      let count = strides[2] * (sizes[2] + 1)
      costs = (0..<count).map { _ in random.below(60) }
      // Position `size` along an axis is its margin.
      for cell in 0..<count {
        let position = (0..<3).map { cell / strides[$0] % (sizes[$0] + 1) }
        if (0..<3).allSatisfy({ position[$0] < sizes[$0] }) { interior.append(cell) }
        for axis in 0..<3 where position[axis] == sizes[axis] {
          let below = (0..<sizes[axis]).map { cell - (sizes[axis] - $0) * strides[axis] }
          relations.append(below + [cell])
        }
      }
      // People behind each cell: random inside, sums on the margins, whose weighted means are the cells.
      var people = (0..<count).map { _ in 0.2 + random.uniform() }
      for axis in 0..<3 {
        for cell in 0..<count {
          let position = (0..<3).map { cell / strides[$0] % (sizes[$0] + 1) }
          guard position[axis] == sizes[axis],
            (axis + 1..<3).allSatisfy({ position[$0] < sizes[$0] })
          else { continue }
          people[cell] = (0..<sizes[axis]).reduce(0) {
            $0 + people[cell - (sizes[axis] - $1) * strides[axis]]
          }
        }
      }
      coefficients = relations.map { relation in
        relation.map { $0 == relation.last ? -people[$0] : people[$0] }
      }
    }

    /// Cells of `unknown` that follow from the others when the equations have `coefficients`: found by
    /// elimination in floating point, apart from the program's own.
    func solved(_ unknown: Set<Int>, counts: Bool) -> Set<Int> {
      let columns = unknown.sorted()
      var rows = relations.indices.map { index in
        columns.map { column -> Double in
          guard let place = relations[index].firstIndex(of: column) else { return 0 }
          return counts
            ? (place == relations[index].count - 1 ? -1 : 1) : coefficients[index][place]
        }
      }
      var top = 0
      for column in columns.indices {
        guard
          let pivot = rows.indices.dropFirst(top).max(by: {
            abs(rows[$0][column]) < abs(rows[$1][column])
          }), abs(rows[pivot][column]) > 1e-9
        else { continue }
        rows.swapAt(top, pivot)
        let leading = rows[top][column]
        rows[top] = rows[top].map { $0 / leading }
        for other in rows.indices where other != top && rows[other][column] != 0 {
          let factor = rows[other][column]
          rows[other] = zip(rows[other], rows[top]).map { $0 - factor * $1 }
        }
        top += 1
        if top == rows.count { break }
      }
      var found: Set<Int> = []
      for row in rows.prefix(top) {
        let present = row.indices.filter { abs(row[$0]) > 1e-7 }
        if present.count == 1 { found.insert(columns[present[0]]) }
      }
      return found
    }
  }

  @Test("1,000 random tables with known margins: the attack recovers no protected cell")
  func randomTables() throws {
    var protectedCells = 0
    var complements = 0
    var recoveredBefore = 0
    for seed in 1...1_000 {
      let table = RandomTable(seed: UInt64(seed))
      var random = RandomStream(seed: UInt64(seed) + 77_777)
      let primary = Set(table.interior.filter { _ in random.below(5) == 0 })
      let hidden = Set(table.interior.filter { _ in random.below(9) == 0 }).subtracting(primary)
      let control = ComplementarySuppression(relations: table.relations, costs: table.costs)
      let added = try #require(
        control.complement(protecting: primary, hidden: hidden), "table \(seed)")
      #expect(added.isDisjoint(with: primary.union(hidden)))
      let unknown = primary.union(hidden).union(added)
      for counts in [true, false] {
        let solved = table.solved(unknown, counts: counts)
        #expect(
          solved.isDisjoint(with: primary.union(added)),
          "table \(seed): \(solved.intersection(primary.union(added)).sorted())")
      }
      // The attack finds what the control must prevent: without complements cells are given back.
      recoveredBefore +=
        table.solved(primary.union(hidden), counts: true)
        .intersection(primary).count
      protectedCells += primary.count
      complements += added.count
    }
    print(
      "1,000 tables: \(protectedCells) protected cells, \(recoveredBefore) recovered without and 0 "
        + "with \(complements) complements")
    #expect(recoveredBefore > protectedCells / 3)
  }

  @Test("the two ways of solving agree on any set of unknown cells")
  func attacksAgree() {
    for seed in 1...300 {
      let table = RandomTable(seed: UInt64(seed))
      var random = RandomStream(seed: UInt64(seed) + 5)
      let unknown = Set(table.costs.indices.filter { _ in random.below(3) == 0 })
      let found = ComplementarySuppression(relations: table.relations, costs: table.costs)
        .recovered(of: unknown)
      #expect(found == table.solved(unknown, counts: true), "table \(seed)")
      #expect(found == table.solved(unknown, counts: false), "table \(seed)")
    }
  }

  @Test("of possible partners the cheapest is withheld, and nothing where nothing need be")
  func cheapest() {
    let control = ComplementarySuppression(relations: [[0, 1, 2, 3]], costs: [5, 9, 2, 4])
    #expect(control.complement(protecting: []) == [])
    #expect(control.complement(protecting: [0]) == [2])
    #expect(control.complement(protecting: [0, 1]) == [])
    #expect(control.complement(protecting: [0], hidden: [3]) == [])
    // What an earlier release has shown protects nothing.
    #expect(control.complement(protecting: [0], known: [2]) == [3])
    #expect(control.complement(protecting: [0], known: [1, 2, 3]) == nil)
    let lone = ComplementarySuppression(relations: [[0]], costs: [1])
    #expect(lone.complement(protecting: [0]) == nil)
  }

  @Test("a single hidden unit of a table with two margins takes a rectangle with it")
  func rectangle() throws {
    // Rows a, b and their total; columns x, y and their total: 3 × 3.
    let relations = [[0, 1, 2], [3, 4, 5], [6, 7, 8], [0, 3, 6], [1, 4, 7], [2, 5, 8]]
    let control = ComplementarySuppression(
      relations: relations, costs: [0, 1, 10, 2, 3, 11, 12, 13, 14])
    #expect(control.complement(protecting: [0]) == [1, 3, 4])
  }
}
