import CanvassCompute
import CanvassSimulation
import CanvassSurvey
import Testing

@Suite struct PopulationTests {
  @Test("the mean of each item is near its target, gated items among those who are asked")
  func targets() throws {
    let spec = fixture()
    let tables = try spec.provinces.indices.map { try Simulation.population(of: $0, spec: spec) }
    for item in spec.items {
      var gap = 0.0
      for (province, table) in zip(spec.provinces, tables) {
        let column = try table.column(item.variable)
        let answers = (0..<column.count).compactMap { column.number(at: $0) }
        let mean = answers.reduce(0, +) / Double(answers.count)
        let target = try #require(item.targets[province.code])
        let range = item.kind == .amount ? target : item.high - item.low
        #expect(abs(mean - target) < 0.05 * range, "\(item.variable) in \(province.code)")
        gap += (mean - target) / range / Double(tables.count)
        #expect(answers.allSatisfy { $0 >= item.low && $0 <= item.high })
      }
      #expect(abs(gap) < 0.02, "\(item.variable)")
    }
  }

  @Test("an item is skipped exactly where its gate has another answer or none")
  func skips() throws {
    let spec = fixture()
    let table = try Simulation.population(of: 1, spec: spec)
    for item in spec.items {
      let column = try table.column(item.variable)
      let gate = try item.gate.map { try table.column($0) }
      var skipped = 0
      for row in 0..<table.rowCount {
        let asked = gate.map { $0.number(at: row) == Double(item.gateAnswer) } ?? true
        #expect((column.reason(at: row) == .skipped) == !asked)
        skipped += asked ? 0 : 1
      }
      #expect((skipped > 0) == (item.gate != nil))
    }
  }

  @Test("don't know and refusals come at their rates among those who are asked")
  func missing() throws {
    let table = try Simulation.population(of: 2, spec: fixture())
    let column = try table.column("d1")
    let unknown = (0..<column.count).count { column.reason(at: $0) == .dontKnow }
    let refused = (0..<column.count).count { column.reason(at: $0) == .refused }
    let n = Double(column.count)
    #expect(abs(Double(unknown) / n - 0.1) < 4 * (0.1 * 0.9 / n).squareRoot())
    #expect(abs(Double(refused) / n - 0.02) < 4 * (0.02 * 0.98 / n).squareRoot())
  }

  @Test("margins count the simulated adults")
  func margins() throws {
    let spec = fixture()
    let margins = try Simulation.margins(spec, workers: Workers(2))
    #expect(margins.count == 18)
    for (index, province) in spec.provinces.enumerated() {
      let table = try Simulation.population(of: index, spec: spec)
      let sex = try table.column("sex")
      let age = try table.column("age")
      for margin in margins where margin.province == province.code {
        let ends: ClosedRange<Double> =
          switch margin.ageBand {
          case "18-24": 18...24
          case "25-64": 25...64
          default: 65...120
          }
        let counted = (0..<table.rowCount).count { row in
          sex.text(at: row) == margin.sex && age.number(at: row).map(ends.contains) == true
        }
        #expect(counted == margin.population)
        let cell = try #require(
          province.cells.first { $0.sex == margin.sex && $0.ageBand == margin.ageBand })
        #expect(abs(Double(cell.persons) / 70 - Double(margin.population)) <= 1)
      }
    }
  }

  @Test("answers of one village are more alike than those of the province")
  func clustering() throws {
    let table = try Simulation.population(of: 2, spec: fixture())
    let column = try table.column("d1")
    let (village, levels) = try table.column("village").grouped()
    var sum = [Double](repeating: 0, count: levels.count)
    var n = sum
    for row in 0..<table.rowCount {
      guard let answer = column.number(at: row) else { continue }
      sum[Int(village[row])] += answer
      n[Int(village[row])] += 1
    }
    let mean = sum.reduce(0, +) / n.reduce(0, +)
    // χ² / df of village means against one common mean: 1 without village effects.
    let ratio =
      zip(sum, n).reduce(0) { total, cell in
        let gap = cell.0 / cell.1 - mean
        return total + gap * gap * cell.1 / (mean * (1 - mean))
      } / Double(levels.count - 1)
    #expect(ratio > 2)
  }

  @Test("a specification that cannot be drawn from is refused by name", arguments: 0..<5)
  func impossible(_ fault: Int) {
    var spec = fixture()
    let named: String
    switch fault {
    case 0:
      spec.personsDrawn = 0
      named = "persons_drawn"
    case 1:
      spec.personsPerAdult = 700
      named = "persons_per_adult"
    case 2:
      spec.items.swapAt(0, 1)
      named = "d1"
    case 3:
      spec.items[3].targets["79"] = nil
      named = "79"
    default:
      spec.minorityShare = 1
      named = "minority_share"
    }
    let invalid = spec
    let error = #expect(throws: Diagnostic.self) {
      _ = try Simulation.sample(invalid, sampleSeed: 1, workers: Workers(1))
    }
    #expect(error?.kind == .badPipeline)
    #expect(error?.what.contains(named) == true)
  }
}
