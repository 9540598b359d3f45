import CanvassPipeline
import CanvassSurvey
import Foundation
import Testing

@Suite("Weighting steps of a pipeline file")
struct WeightingStepsTests {
  private static let rake =
    "rake: {within: province, margins: margins.csv, count: population, over: [sex]}"
  private static let totals = "province,people,age\n01,2400,100000\n48,820,33000\n79,4100,170000\n"

  private func internalFile(_ workshop: Workshop, _ name: String) throws -> [String] {
    try String(
      contentsOf: workshop.folder.appending(path: "Runs/small/latest/internal/\(name)"),
      encoding: .utf8
    ).split(separator: "\n").map(String.init)
  }

  /// Sums of the last column (the weight) of weights.csv by province.
  private func sums(_ workshop: Workshop) throws -> [String: Double] {
    var sums: [String: Double] = [:]
    for line in try internalFile(workshop, "weights.csv").dropFirst() {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      sums[cells[1], default: 0] += Double(cells[cells.count - 1]) ?? .nan
    }
    return sums
  }

  @Test(
    "calibration and trimming: totals hold, every factor stands in weights.csv, balance beside it")
  func calibrateAndTrim() throws {
    let workshop = try Workshop()
    try workshop.write("totals.csv", WeightingStepsTests.totals)
    try workshop.run(
      replacing: WeightingStepsTests.rake,
      with: """
        calibrate:
              within: province
              distance: raking
              totals: {file: totals.csv, of: age, people: people}
              margins: margins.csv
              count: population
              over: [sex]
          - trim: {within: province, above: 4 * median, below: 0.2 * median, rest: keep_totals}
        """)
    let header = try #require(try internalFile(workshop, "weights.csv").first)
    #expect(
      header.hasSuffix("factor_1_base,factor_2_calibration,factor_3_trimming,weight"), "\(header)")
    let sums = try sums(workshop)
    #expect(sums.count == 3)
    #expect(abs((sums["01"] ?? sums["Hanoi"] ?? 0) - 2400) < 1e-6, "\(sums)")
    let balance = try internalFile(workshop, "balance.csv")
    #expect(
      balance[0]
        == "step,group,level,target,before,after,difference_before,difference_after")
    // Two steps with targets; three lines (age, two sexes) over all and in each of three provinces.
    #expect(balance.count == 1 + 2 * 3 * 4, "\(balance.prefix(5))")
    #expect(balance[1].hasPrefix("2,,age,"))
    let report = try workshop.released("report.html")
    #expect(report.contains("absolute standardized differences"))
    #expect(report.contains("Cân bằng: chênh lệch chuẩn hoá"))
    #expect(report.contains("cắt quyền số cực trị"))
    let record = try String(
      contentsOf: workshop.folder.appending(path: "Runs/small/latest/record/run.json"),
      encoding: .utf8)
    #expect(record.contains("\"factor_quantiles\"") && record.contains("\"difference_after\""))
  }

  @Test("R's rule of residuals is named in the report and moves standard errors, not scores")
  func residualRules() throws {
    func scores(_ rule: String) throws -> (scores: [String], report: String) {
      let workshop = try Workshop()
      try workshop.write(
        "margins.csv",
        "province,sex,band,population\n"
          + ["01": 1000, "48": 400, "79": 2000].sorted { $0.key < $1.key }.map {
            "\($0.key),F,17-40,\($0.value)\n\($0.key),F,41+,\($0.value + 90)\n"
              + "\($0.key),M,17-40,\($0.value + 40)\n\($0.key),M,41+,\($0.value - 70)\n"
          }.joined())
      try workshop.write(
        "pipeline.yaml",
        Workshop.pipeline.replacing("over: [sex]", with: "over: [sex, band], residuals: \(rule)")
          .replacing("young: {condition: age < 35}", with: "band: {cut: age, at: [17, 41]}"))
      try workshop.run()
      return (
        try workshop.released("scores.csv").split(separator: "\n").map(String.init),
        try workshop.released("report.html")
      )
    }
    let calibrate = try scores("calibrate")
    let rake = try scores("rake")
    func column(_ name: String, _ lines: [String]) throws -> [String] {
      let index = try #require(lines[0].split(separator: ",").firstIndex { $0 == name })
      return lines.dropFirst().map {
        String($0.split(separator: ",", omittingEmptySubsequences: false)[index])
      }
    }
    #expect(try column("score", calibrate.scores) == column("score", rake.scores))
    #expect(try column("se", calibrate.scores) != column("se", rake.scores))
    #expect(rake.report.contains("ten sweeps") && !calibrate.report.contains("ten sweeps"))
  }

  @Test("shares, crossed margins, four outcomes and a missing weight of 0")
  func otherWays() throws {
    let workshop = try Workshop()
    try workshop.write(
      "margins.csv",
      "province,sex,young,share\n"
        + ["01", "48", "79"].map {
          "\($0),F,0,0.3\n\($0),F,1,0.2\n\($0),M,0,0.3\n\($0),M,1,0.2\n"
        }.joined())
    try workshop.write(
      "pipeline.yaml",
      Workshop.pipeline.replacing(
        "- base: weight", with: "- base: {column: weight, missing_weight: zero}"
      ).replacing(
        "- rake: {within: province, margins: margins.csv, count: population, over: [sex]}",
        with: """
          - nonresponse: {cells: province, outcome: trust, codes: {respondent: [0, 1, 2, 3], nonrespondent: 4}}
            - rake: {within: province, margins: margins.csv, share: share, over: [[sex, young], sex]}
          """
      ).replacing("dont_know: 88", with: "dont_know: 77").replacing(
        "require: age >= 18", with: "require: age >= 18 and trust < 5"))
    try workshop.run()
    let balance = try internalFile(workshop, "balance.csv")
    #expect(balance.contains { $0.hasPrefix("3,,\"sex=F, young=0\",0.3,") }, "\(balance.prefix(4))")
  }

  @Test(
    "weighting keys that make no sense are errors of their place",
    arguments: [
      ("- base: weight", "- base: {column: weight, from: design}", "one of 'column'"),
      ("- base: weight", "- base: {from: design, missing_weight: zero}", "goes with 'column'"),
      ("count: population", "tolerance: 1e-9", "one of 'count' and 'share'"),
      ("count: population", "count: population, share: population", "one of 'count' and 'share'"),
      ("count: population", "share: population, residuals: rake", "counts alone"),
      ("count: population", "count: population, residuals: raking", "must be one of"),
      (rake, "calibrate: {distance: linear}", "no target"),
      (
        rake, "calibrate: {distance: logit, margins: margins.csv, count: population, over: [sex]}",
        "bounds"
      ),
      (
        rake, "calibrate: {bounds: [1.2, 2], margins: margins.csv, count: population, over: [sex]}",
        "least factor"
      ),
      (rake, "calibrate: {margins: margins.csv, count: population}", "'over'"),
      (rake, "calibrate: {totals: {file: margins.csv}}", "no column"),
      (
        rake,
        "calibrate: {distance: raking, negative_weights: allow, within: province, margins: margins.csv, count: population, over: [sex]}",
        "only the linear"
      ),
      (rake, "trim: {within: province}", "no limit"),
      (rake, "trim: {above: 10, below: 50}", "'below' is greater than its 'above'"),
      (rake, "trim: {above: 1 * mean, below: 2 * mean}", "'below' is greater than its 'above'"),
      (rake, "trim: {above: 5 medians}", "no limit of weights"),
      (rake, "trim: {above: -3 * mean}", "no limit of weights"),
      (rake, "trim: {above: quantile 1.5}", "no limit of weights"),
      (rake, "nonresponse: {cells: [sex]}", "'respondent', or 'outcome'"),
      (rake, "nonresponse: {cells: [sex], respondent: bribe, outcome: trust}", "'respondent', or"),
      (
        rake, "post_stratify: {margins: margins.csv, count: population, over: [sex], sweeps: 3}",
        "unknown key 'sweeps'"
      ),
    ])
  func badKeys(old: String, new: String, what: String) throws {
    let workshop = try Workshop()
    let error = #expect(throws: Diagnostic.self) {
      try workshop.check(replacing: old, with: new)
    }
    #expect(error?.kind == .badPipeline, "\(String(describing: error))")
    #expect(error?.what.contains(what) == true, "\(error?.what ?? "")")
    #expect(error?.place?.contains("pipeline.yaml:") == true)
  }

  @Test(
    "a count of a margin that is negative, missing, infinite or text is an error of its row that says so",
    arguments: [
      ("-5", "the margin is negative: -5 under 'population'"),
      ("", "the margin has no number under 'population'"),
      ("inf", "the margin has 'inf' under 'population', which is no finite number"),
      ("many", "the margin has 'many' under 'population', which is no finite number"),
    ])
  func badCount(count: String, what: String) throws {
    let workshop = try Workshop()
    try workshop.write(
      "margins.csv", Workshop.margins.replacing("48,F,420", with: "48,F,\(count)"))
    let error = #expect(throws: Diagnostic.self) { try workshop.run() }
    #expect(error?.kind == .badData && error?.what == what, "\(String(describing: error))")
    #expect(error?.remedy?.contains("0 where nobody lives") == true)
    #expect(error?.place?.hasSuffix("margins.csv:4") == true)
  }

  @Test("the row of the largest term is named where a weighted sum overflows")
  func overflow() throws {
    let workshop = try Workshop()
    let lines = Workshop.drop.split(separator: "\n").map(String.init)
    var cells = lines[8].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    cells[4] = "1e308"
    cells[7] = "4"
    cells[6] = "30"
    try workshop.write(
      "drop.csv",
      (lines[..<8] + [cells.joined(separator: ",")] + lines[9...]).joined(separator: "\n") + "\n")
    let error = #expect(throws: Diagnostic.self) {
      try workshop.run(replacing: "  - \(WeightingStepsTests.rake)\n", with: "")
    }
    #expect(error?.kind == .badData, "\(String(describing: error))")
    #expect(error?.what.contains("too large for a number") == true)
    #expect(error?.place?.contains("drop.csv") == true && error?.place?.hasSuffix(":9") == true)
  }

  @Test("a nonresponse step behind the last calibration is warned of, one before it is not")
  func nonresponseAfterCalibration() throws {
    let step = "nonresponse: {cells: [province], respondent: bribe}"
    func warnings(_ steps: [String]) throws -> [String] {
      try Workshop().run(
        replacing: WeightingStepsTests.rake, with: steps.joined(separator: "\n  - ")
      ).notes
    }
    let words = "the final weights meet them no longer"
    #expect(try warnings([WeightingStepsTests.rake, step]).contains { $0.contains(words) })
    #expect(try !warnings([step, WeightingStepsTests.rake]).contains { $0.contains(words) })
    #expect(
      try !warnings([WeightingStepsTests.rake, step, WeightingStepsTests.rake])
        .contains { $0.contains(words) })
  }

  @Test("negative weights that were allowed are counted in a note")
  func negative() throws {
    let workshop = try Workshop()
    try workshop.write(
      "totals.csv", "province,people,age\n01,2400,190000\n48,820,65000\n79,4100,320000\n")
    let step = "calibrate: {within: province, totals: {file: totals.csv, of: age, people: people}"
    let refused = #expect(throws: Diagnostic.self) {
      try workshop.run(replacing: WeightingStepsTests.rake, with: step + "}")
    }
    #expect(refused?.kind == .notConverged && refused?.what.contains("negative weight") == true)
    let outcome = try workshop.run(
      replacing: WeightingStepsTests.rake, with: step + ", negative_weights: allow}")
    #expect(outcome.notes.contains { $0.contains("have a negative weight") })
  }

  @Test("a group with two rows of totals is an error of the second; a missing one names the group")
  func totalsTable() throws {
    let step = """
      calibrate: {within: province, totals: {file: totals.csv, of: age, people: people}}
      """
    let workshop = try Workshop()
    try workshop.write("totals.csv", WeightingStepsTests.totals + "48,820,33000\n")
    let twice = #expect(throws: Diagnostic.self) {
      try workshop.run(replacing: WeightingStepsTests.rake, with: step)
    }
    #expect(twice?.what.contains("two rows") == true)
    #expect(twice?.place?.hasSuffix("totals.csv:5") == true)
    try workshop.write(
      "totals.csv", WeightingStepsTests.totals.replacing("48,820,33000\n", with: ""))
    let missing = #expect(throws: Diagnostic.self) {
      try workshop.run(replacing: WeightingStepsTests.rake, with: step)
    }
    #expect(missing?.kind == .notConverged)
    #expect(
      missing?.what.contains("province=") == true && missing?.what.contains("not given") == true)
  }
}
