/// Which further cells must stay empty so that no protected one can be worked out from the others.
///
/// Cells are numbers from 0. A relation is a set of cells bound by one linear equation whose coefficients
/// an attacker may know: a parent and its parts, a total and its levels, a country and its units.
public struct ComplementarySuppression: Sendable {
  /// The relations, each of distinct cells of which the last is the total of the others.
  public let relations: [[Int]]
  /// What it costs to leave a cell empty; of several possible cells the cheapest is taken, then the first.
  public let costs: [Int]
  private let relationsOfCell: [[Int]]

  /// A table of `costs.count` cells bound by `relations`.
  public init(relations: [[Int]], costs: [Int]) {
    self.relations = relations
    self.costs = costs
    var ofCell = [[Int]](repeating: [], count: costs.count)
    for (index, relation) in relations.enumerated() {
      for cell in relation { ofCell[cell].append(index) }
    }
    relationsOfCell = ofCell
  }

  /// The cells to withhold beside `primary`, so that no cell of `primary` and none of them is recovered.
  ///
  /// - Parameters:
  ///   - primary: cells that must not be known.
  ///   - hidden: other cells that are empty anyway; they need no protection and may give some.
  ///   - known: cells that an earlier release has shown; leaving them empty protects nothing.
  /// - Returns: nil where every cell that could be withheld is, and one is still recovered.
  public func complement(
    protecting primary: Set<Int>, hidden: Set<Int> = [], known: Set<Int> = []
  ) -> Set<Int>? {
    var added: Set<Int> = []
    var protected = primary.subtracting(known)
    while true {
      let unknown = protected.union(hidden).subtracting(known)
      let recovered = recovered(of: unknown)
      let exposed = recovered.intersection(protected).sorted()
      if exposed.isEmpty { return added }
      // First every relation of an exposed cell gets a second unknown cell.
      var found = false
      for cell in exposed {
        for relation in relationsOfCell[cell] {
          let hasPartner = relations[relation].contains { other in
            other != cell
              && (protected.contains(other) || (hidden.contains(other) && !known.contains(other)))
          }
          if hasPartner { continue }
          let taken = unknown.union(protected).union(known)
          if let cheapest = cheapest(of: relations[relation], without: taken) {
            protected.insert(cheapest)
            added.insert(cheapest)
            found = true
          }
        }
      }
      if found { continue }
      // Several relations together still give a cell away, or its partners are given away: one more, near
      // the exposed cells if there is one.
      let taken = unknown.union(known)
      let near = exposed.flatMap { relationsOfCell[$0] }.flatMap { relations[$0] }
      guard
        let cheapest = cheapest(of: near, without: taken)
          ?? cheapest(of: Array(costs.indices), without: taken)
      else { return nil }
      protected.insert(cheapest)
      added.insert(cheapest)
    }
  }

  private func cheapest(of cells: [Int], without taken: Set<Int>) -> Int? {
    cells.filter { !taken.contains($0) }.min { (costs[$0], $0) < (costs[$1], $1) }
  }

  /// The cells of `unknown` that follow from the known ones, for someone who knows every coefficient.
  ///
  /// A cell follows where it alone stands in a row of the reduced equations, all coefficients 1. That is
  /// right for counts, and for means and scores too: a mean times the people (and the weights in the tree)
  /// it stands for is a number that adds up, and those factors are known or do not matter.
  public func recovered(of unknown: Set<Int>) -> Set<Int> {
    var rows: [[Int: UInt64]] = []
    for relation in relations {
      var row: [Int: UInt64] = [:]
      for cell in relation where unknown.contains(cell) { row[cell] = 1 }
      if let total = relation.last, row[total] != nil { row[total] = EquationSystem.prime - 1 }
      if !row.isEmpty { rows.append(row) }
    }
    rows.sort { $0.count < $1.count }
    return EquationSystem(rows).determined
  }
}

/// Linear equations over the integers modulo a prime, kept in reduced form.
struct EquationSystem {
  /// 2³¹ − 1, so that products fit 64 bits.
  static let prime: UInt64 = 2_147_483_647
  /// Rows with their coefficient by cell; the pivot's is 1 and stands in no other row.
  private var rows: [[Int: UInt64]] = []
  private var rowOfPivot: [Int: Int] = [:]
  private var rowsOfCell: [Int: Set<Int>] = [:]

  /// The equations of `rows`, each a list of its unknown cells.
  init(_ rows: [[Int: UInt64]]) {
    for row in rows { add(row) }
  }

  /// Cells that stand alone in a row.
  var determined: Set<Int> {
    Set(rows.compactMap { $0.count == 1 ? $0.keys.first : nil })
  }

  private mutating func add(_ new: [Int: UInt64]) {
    var row = new
    for cell in new.keys.sorted() {
      guard let pivotRow = rowOfPivot[cell], let factor = row[cell] else { continue }
      Self.subtract(rows[pivotRow], times: factor, from: &row)
    }
    guard let pivot = row.keys.min(), let leading = row[pivot] else { return }
    let inverse = Self.power(leading, Self.prime - 2)
    for (cell, value) in row { row[cell] = value * inverse % Self.prime }
    let index = rows.count
    for other in (rowsOfCell[pivot] ?? []).sorted() {
      guard let factor = rows[other][pivot] else { continue }
      let before = Set(rows[other].keys)
      Self.subtract(row, times: factor, from: &rows[other])
      let after = Set(rows[other].keys)
      for cell in before.subtracting(after) { rowsOfCell[cell]?.remove(other) }
      for cell in after.subtracting(before) { rowsOfCell[cell, default: []].insert(other) }
    }
    rows.append(row)
    rowOfPivot[pivot] = index
    for cell in row.keys { rowsOfCell[cell, default: []].insert(index) }
  }

  private static func subtract(
    _ row: [Int: UInt64], times factor: UInt64, from target: inout [Int: UInt64]
  ) {
    for (cell, value) in row {
      let difference = ((target[cell] ?? 0) + prime - value * factor % prime) % prime
      target[cell] = difference == 0 ? nil : difference
    }
  }

  private static func power(_ base: UInt64, _ exponent: UInt64) -> UInt64 {
    var result: UInt64 = 1
    var square = base
    var left = exponent
    while left > 0 {
      if left & 1 == 1 { result = result * square % prime }
      square = square * square % prime
      left >>= 1
    }
    return result
  }
}
