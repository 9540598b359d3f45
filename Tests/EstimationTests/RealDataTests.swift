import CanvassCompute
import CanvassEstimation
import CanvassSurvey
import CanvassWeighting
import Foundation
import Testing

// Expected values: R survey 4.5, read from CANVASS_SHARED/real at run time (origin: its README).
@Suite(.enabled(if: Shared.isPresent)) struct RealDataTests {
  func unzipped(_ name: String) throws -> Sheet {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/unzip")
    process.arguments = ["-p", try #require(Shared.folder).appending(path: "real/\(name)").path]
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Sheet(String(decoding: data, as: UTF8.self))
  }

  func close(_ mine: Double, _ theirs: Double) -> Bool { abs(mine - theirs) <= 1e-9 * abs(theirs) }

  @Test("AmericasBarometer 2023: items, trust and index of all countries")
  func americasBarometer() throws {
    let all = try unzipped("americasbarometer-2018-2023.zip").table()
    let wave = try #require(all["wave"])
    let table = all.gathering((0..<all.rowCount).filter { wave.number(at: $0) == 2023 })
    let estimator = try Estimator(
      table, strata: ["pais", "year", "strata"], unit: "upm", weight: "weight1500")
    let countries = estimator.sample.table.partition("pais")
    let trust = ["b12", "b18"].map { ItemRule(variable: $0, intercept: -0.5, slope: 1.5) }
    let results = try estimator.estimate(
      [
        Measure(id: "item.support", kind: .mean(ItemRule(variable: "ing4"))),
        Measure(id: "item.satisfaction", kind: .mean(ItemRule(variable: "pn4"))),
        Measure(id: "item.armed_forces", kind: .mean(ItemRule(variable: "b12"))),
        Measure(id: "item.police", kind: .mean(ItemRule(variable: "b18"))),
        Measure(id: "trust.respondents", kind: .respondentMean(trust)),
      ], over: [countries.partition], workers: Workers(2))
    let expected = Sheet(
      try Shared.text("real/expected-americasbarometer-2023.csv"))
    var compared = 0
    for index in expected.rows.indices {
      let domain = try #require(countries.names.firstIndex(of: expected["unit"][index]))
      func found(_ id: String) throws -> DomainEstimate {
        try #require(results.first { $0.measure == id }).domains[domain]
      }
      func value(_ id: String) throws -> Estimate { try #require(try found(id).estimate) }
      func support() throws -> Estimate {
        try value("item.support").scaled(slope: 1.5, intercept: -0.5)
      }
      func satisfaction() throws -> Estimate {
        try value("item.satisfaction").scaled(slope: -3, intercept: 13)
      }
      func units() throws -> Estimate {
        try (value("item.armed_forces") + value("item.police")).scaled(slope: 0.75, intercept: -0.5)
      }
      let node = expected["node"][index]
      let mine: Estimate =
        switch node {
        case "support": try support()
        case "satisfaction": try satisfaction()
        case "trust.units": try units()
        case "index.units": try (support() + satisfaction() + units()).scaled(slope: 1 / 3)
        case "index.respondents":
          try (support() + satisfaction() + value("trust.respondents")).scaled(slope: 1 / 3)
        default: try value(node)
        }
      let name = "\(expected["unit"][index]) \(node)"
      let estimate = try #require(Double(expected["estimate"][index]))
      let se = try #require(Double(expected["se"][index]))
      #expect(close(mine.value, estimate), "\(name): \(mine.value), R \(estimate)")
      let error = try estimator.se(mine)
      #expect(close(error, se), "\(name) se: \(error), R \(se)")
      if let n = Int(expected["n"][index]), let df = Int(expected["df"][index]) {
        let support = try found(node).support
        #expect(support.respondents == n, "\(name)")
        #expect(support.degreesOfFreedom == df, "\(name)")
      }
      compared += 1
    }
    #expect(compared == 205)
  }

  @Test("Sakernas East Java 2022: regencies")
  func sakernas() throws {
    let table = try unzipped("sakernas-east-java-2022.zip").table()
    let estimator = try Estimator(
      table, strata: ["REGENCY", "STRATA"], unit: "PSU", weight: "WEIGHT", lonely: .adjust)
    let regencies = estimator.sample.table.partition("REGENCY")
    let results = try estimator.estimate(
      [
        Measure(id: "neet_share", kind: .mean(ItemRule(variable: "neet", good: ["1"]))),
        Measure(id: "mean_income", kind: .mean(ItemRule(variable: "income"))),
      ], over: [regencies.partition], workers: Workers(2))
    let expected = Sheet(try Shared.text("real/expected-sakernas-east-java-2022.csv"))
    for index in expected.rows.indices {
      let domain = try #require(regencies.names.firstIndex(of: expected["regency"][index]))
      let item = expected["item"][index]
      let mine = try #require(results.first { $0.measure == item }?.domains[domain].estimate)
      #expect(close(mine.value, try #require(Double(expected["estimate"][index]))))
      let error = try estimator.se(mine)
      #expect(close(error, try #require(Double(expected["se"][index]))))
    }
  }
}
