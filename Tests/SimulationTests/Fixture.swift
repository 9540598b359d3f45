import CanvassSimulation
import CanvassSurvey

/// Three provinces of unequal size, one of them large, and a question of each kind.
func fixture() -> SimulationSpec {
  func province(_ code: String, _ persons: [Int]) -> SimulationSpec.Province {
    let bands = ["18-24", "25-64", "65+"]
    return SimulationSpec.Province(
      code: code,
      cells: persons.enumerated().map { place, count in
        .init(sex: place < 3 ? "F" : "M", ageBand: bands[place % 3], persons: count)
      })
  }
  func item(
    _ name: String, _ kind: SimulatedItem.Kind, _ mean: Double, low: Double = 0, high: Double = 1,
    step: Double = 1, gate: String? = nil, answer: Int = 1
  ) -> SimulatedItem {
    SimulatedItem(
      variable: name, kind: kind, low: low, high: high, step: step, gate: gate, gateAnswer: answer,
      dontKnow: 0.1, refused: 0.02,
      title: LocalizedText(en: "Question, \(name)", vi: "Câu \(name)"),
      targets: ["01": mean, "02": low + (mean - low) * 0.8, "79": low + (mean - low) * 0.9])
  }
  var spec = SimulationSpec(
    provinces: [
      province("01", [31_000, 90_500, 21_000, 33_000, 88_000, 16_250]),
      province("02", [21_000, 80_500, 11_000, 23_000, 78_000, 9_250]),
      province("79", [91_000, 301_000, 41_000, 99_000, 280_000, 30_000]),
    ],
    items: [
      item("d1", .binary, 0.6), item("d2", .binary, 0.4, gate: "d1"),
      item("d3", .scale, 3.8, low: 1, high: 5, gate: "d2", answer: 0),
      item("d4", .scale, 6.3, low: 1, high: 10),
      item("d5", .amount, 1.1, low: 0.1, high: 20, step: 0.1),
      item("d6", .amount, 25_000, low: 0, high: 150_000, step: 500, gate: "d1", answer: 0),
      item("d7", .binary, 0.03),
    ])
  spec.largeProvinces = 1
  spec.populationSeed = 11
  spec.underAgeRows = 3
  spec.inconsistentAnswers = 5
  spec.duplicateRows = 4
  spec.members = 2
  return spec
}
