import CanvassPipeline
import CanvassSurvey
import Foundation
import Testing

@Suite struct ReplicatePipelineTests {
  struct Line {
    let unit: String
    let domain: String
    let node: String
    let score: Double?
    let error: Double?
    let method: String
    let degrees: Double?
  }

  func lines(_ workshop: Workshop, _ file: String = "scores.csv") throws -> [Line] {
    let rows = try workshop.released(file).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let names = rows[0]
    func cell(_ row: [String], _ name: String) -> String {
      names.firstIndex(of: name).map { row[$0] } ?? ""
    }
    return rows.dropFirst().map { row in
      Line(
        unit: cell(row, "unit"), domain: cell(row, "domain"),
        node: cell(row, "node") + cell(row, "indicator"),
        score: Double(cell(row, "score") + cell(row, "estimate")), error: Double(cell(row, "se")),
        method: cell(row, "se_method"), degrees: Double(cell(row, "df")))
    }
  }

  static let estimate = "  breakdowns: [sex]\n"
  static func replicates(_ text: String) -> String {
    estimate + "  replicates: {\(text)}\n"
  }
  static let rake =
    "  - rake: {within: province, margins: margins.csv, count: population, over: [sex]}\n"

  @Test(
    "all standard errors come from replicates where that is asked",
    arguments: [
      "method: jkn", "method: generalized, count: 400, seed: 4", "method: bootstrap, count: 400",
    ])
  func all(request: String) throws {
    let linear = try Workshop()
    try linear.run()
    let expected = try lines(linear)
    let workshop = try Workshop()
    try workshop.run(
      replacing: ReplicatePipelineTests.estimate,
      with: ReplicatePipelineTests.replicates(request + ", standard_errors: all"))
    let found = try lines(workshop)
    #expect(found.count == expected.count)
    for (mine, theirs) in zip(found, expected) where mine.error != nil {
      #expect(mine.method == "replicates")
      #expect(mine.score == theirs.score)
      guard let error = mine.error, let linear = theirs.error else { continue }
      #expect(error > 0.6 * linear && error < 1.7 * linear, "\(mine.unit) \(mine.node)")
    }
    #expect(found.count { $0.error != nil } >= expected.count { $0.error != nil })
    #expect(
      try lines(workshop, "indicators.csv").allSatisfy {
        $0.error == nil || $0.method == "replicates"
      })
  }

  @Test("by default replicates serve what linearization cannot")
  func whereNeeded() throws {
    let workshop = try Workshop()
    try workshop.run(
      replacing: ReplicatePipelineTests.estimate,
      with: ReplicatePipelineTests.replicates("method: bootstrap, count: 200"))
    let found = try lines(workshop)
    #expect(found.contains { $0.method == "linearization" && $0.unit == "01" })
    for line in found where line.method == "replicates" {
      #expect(line.unit.contains("median"))
      #expect((line.error ?? 0) > 0)
    }
    #expect(found.contains { $0.method == "replicates" })
  }

  @Test("weights of a file that are a jackknife's give the jackknife's standard errors")
  func given() throws {
    let jackknife = try Workshop()
    let plain = Workshop.pipeline.replacing(ReplicatePipelineTests.rake, with: "")
    try jackknife.write(
      "pipeline.yaml",
      plain.replacing(
        ReplicatePipelineTests.estimate,
        with: ReplicatePipelineTests.replicates("method: jkn, standard_errors: all")))
    try jackknife.run()

    let given = try Workshop()
    let text = ReplicatePipelineTests.villageWeights()
    let villages = Set(
      Workshop.drop.split(separator: "\n").dropFirst().map {
        $0.split(separator: ",")[3]
      })
    try given.write("drop.csv", text)
    let coefficients = villages.map { _ in "0.6666666666666666" }.joined(separator: ", ")
    try given.write(
      "pipeline.yaml",
      plain.replacing(
        ReplicatePipelineTests.estimate,
        with: ReplicatePipelineTests.replicates(
          "method: given, columns: rw*, origin: jkn, coefficients: [\(coefficients)]")))
    try given.run()
    let mine = try lines(given)
    let theirs = try lines(jackknife)
    #expect(mine.count == theirs.count)
    #expect(mine.count { $0.error != nil } > 10)
    for (mine, theirs) in zip(mine, theirs) {
      guard let error = theirs.error, error > 0 else { continue }
      #expect(abs((mine.error ?? .nan) - error) <= 1e-9 * error, "\(mine.unit) \(mine.node)")
    }
  }

  /// The drop with a column of replicate weights for each village, whose own rows count 0 there and the others
  /// of its stratum half as much again; `changed` may change a weight.
  static func villageWeights(
    _ changed: (_ village: String, _ row: [String], _ weight: Double) -> Double = { $2 }
  ) -> String {
    let rows = Workshop.drop.split(separator: "\n").map {
      $0.split(separator: ",").map(String.init)
    }
    let villages = Set(rows.dropFirst().map { $0[3] }).sorted()
    var text = (rows[0] + villages.map { "rw" + $0 }).joined(separator: ",") + "\n"
    for row in rows.dropFirst() {
      let weight = Double(row[4]) ?? .nan
      let weights = villages.map { village in
        changed(
          village, row,
          village == row[3]
            ? 0 : village.dropLast() == row[3].dropLast() ? weight * 1.5 : weight)
      }
      text += (row + weights.map { Column.render($0) }).joined(separator: ",") + "\n"
    }
    return text
  }

  @Test("weights of a file alone give each unit the degrees of freedom of its own weights")
  func withoutDesign() throws {
    let workshop = try Workshop()
    try workshop.write("drop.csv", ReplicatePipelineTests.villageWeights())
    let design = """
      design:
        stages:
          - {strata: [province, stratum], unit: village}

      """
    try workshop.write(
      "pipeline.yaml",
      Workshop.pipeline.replacing(ReplicatePipelineTests.rake, with: "")
        .replacing(design, with: "").replacing(
          ReplicatePipelineTests.estimate,
          with: ReplicatePipelineTests.replicates(
            "method: given, columns: rw*, origin: bootstrap")))
    try workshop.run()
    let found = try lines(workshop)
    // Three villages in each of two strata: 6 − 2, as R's degf of such a subset (ReplicateDegreesTests).
    for line in found where ["01", "48", "79"].contains(line.unit) && line.domain.isEmpty {
      #expect(line.degrees == 4 && line.method == "replicates")
    }
    for line in found where line.unit == "national:survey" && line.domain.isEmpty {
      #expect(line.degrees == 12)
    }
    let report = try workshop.released("report.html")
    #expect(!report.contains("counts as drawn independently"))
    #expect(!report.contains("Satterthwaite"))
    #expect(report.contains("the rank of the replicate weights of those who answered, less 1"))
  }

  @Test("a number with too many replicates without value says why it has no standard error")
  func withoutValue() throws {
    let workshop = try Workshop()
    // Nobody of the third province is left in two of the eighteen replicates.
    try workshop.write(
      "drop.csv",
      ReplicatePipelineTests.villageWeights { village, row, weight in
        ["011", "012"].contains(village) && row[1] == "79" ? 0 : weight
      })
    try workshop.write(
      "pipeline.yaml",
      Workshop.pipeline.replacing(ReplicatePipelineTests.rake, with: "").replacing(
        ReplicatePipelineTests.estimate,
        with: ReplicatePipelineTests.replicates(
          "method: given, columns: rw*, origin: bootstrap")))
    try workshop.run()
    for file in ["scores.csv", "indicators.csv"] {
      let found = try lines(workshop, file).filter { $0.unit == "79" && $0.domain.isEmpty }
      #expect(found.count >= 2)
      for line in found {
        #expect(line.score != nil && line.error == nil)
        #expect(line.method == "none (replicates)")
      }
    }
  }

  @Test("any number of threads gives the same release")
  func threads() throws {
    let releases = try [1, 3].map { threads in
      let workshop = try Workshop()
      try workshop.run(
        replacing: ReplicatePipelineTests.estimate,
        with: ReplicatePipelineTests.replicates(
          "method: generalized, count: 90, standard_errors: all"), threads: threads)
      return try workshop.released("scores.csv") + workshop.released("indicators.csv")
    }
    #expect(releases[0] == releases[1])
  }

  @Test(
    "requests that cannot be are errors at their line",
    arguments: [
      ("method: jkn, count: 20", "the method 'jkn' takes no count", true),
      ("method: jkn, seed: 3", "the method 'jkn' draws nothing, and a seed is given", false),
      ("method: bootstrap, count: 1", "'count' must be a whole number from 2 to 100000", false),
      ("method: bootstrap, columns: rw*", "'columns' goes with 'method: given' alone", false),
      ("method: given, columns: rw*, origin: brr", "no column fits 'rw*'", true),
      ("method: given, columns: weight", "need 'columns' and 'origin'", false),
      ("method: brr", "have not two sampling units", true),
      ("method: bootstrp", "'method' must be one of", false),
    ])
  func faults(request: String, what: String, needsData: Bool) throws {
    let workshop = try Workshop()
    let error = #expect(throws: Diagnostic.self) {
      try workshop.run(
        replacing: ReplicatePipelineTests.estimate,
        with: ReplicatePipelineTests.replicates(request))
    }
    #expect(error?.what.contains(what) == true, "\(String(describing: error))")
    #expect(error?.place?.contains("pipeline.yaml:") == true)
    if !needsData {
      #expect(throws: Diagnostic.self) { try workshop.check() }
    }
  }

  @Test("replicates for all and a pooled variance contradict each other")
  func pooled() throws {
    let workshop = try Workshop()
    try workshop.write(
      "pipeline.yaml",
      Workshop.pipeline.replacing(
        ReplicatePipelineTests.estimate,
        with: ReplicatePipelineTests.replicates("method: jkn, standard_errors: all")
      ).replacing("design:\n", with: "design:\n  variance: pooled\n"))
    let error = #expect(throws: Diagnostic.self) { try workshop.check() }
    #expect(error?.what == "standard errors cannot come from replicates and be pooled")
  }
}
