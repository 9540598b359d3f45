import CanvassPipeline
import Foundation
import Testing

@Suite("statistic: median")
struct MedianLeafTests {
  @Test("a median of answers has Woodruff's interval, and the nodes above it a standard error")
  func median() throws {
    let workshop = try Workshop()
    try workshop.run(
      replacing: "weight: 2, variable: trust, low: 0, high: 4}",
      with: "weight: 2, variable: age, statistic: median, low: 18, high: 70}")
    let leaves = CSVTable(try workshop.released("indicators.csv")).rows.filter {
      $0["indicator"] == "trust" && $0["se"] != ""
    }
    #expect(leaves.count >= 4)
    for row in leaves {
      let low = try #require(Double(row["ci_low"] ?? ""))
      let high = try #require(Double(row["ci_high"] ?? ""))
      let estimate = try #require(Double(row["estimate"] ?? ""))
      #expect(row["se_method"] == "woodruff")
      #expect(low <= estimate && estimate <= high && low < high)
      // Ages are whole, and so are their medians and the interval's ends, or halves of two.
      #expect((2 * low).rounded() == 2 * low && (2 * estimate).rounded() == 2 * estimate)
    }
    let nodes = CSVTable(try workshop.released("scores.csv")).rows.filter {
      $0["node"] == "index" && $0["domain"] == "" && $0["unit"]?.hasPrefix("national") == false
    }
    #expect(nodes.count == 3)
    // A unit whose interval is open to one side has none, and says so up to the top.
    for row in nodes {
      let leaf = CSVTable(try workshop.released("indicators.csv")).rows.first {
        $0["indicator"] == "trust" && $0["domain"] == "" && $0["unit"] == row["unit"]
      }
      if leaf?["se_method"] == "woodruff" {
        #expect((Double(row["se"] ?? "") ?? 0) > 0)
      } else {
        #expect(leaf?["se_method"] == "none (quantile)" && leaf?["ci_high"] == "")
        #expect(row["se_method"] == "none (quantile)" && row["se"] == "")
      }
    }
    #expect(Set(nodes.map { $0["se_method"] }) == ["linearization", "none (quantile)"])
  }

  @Test(
    "a jackknife leaves medians and what is made of them to linearization",
    arguments: ["jkn", "generalized, count: 60"])
  func replicates(method: String) throws {
    let workshop = try Workshop()
    try workshop.write(
      "pipeline.yaml",
      Workshop.pipeline.replacing(
        "weight: 2, variable: trust, low: 0, high: 4}",
        with: "weight: 2, variable: age, statistic: median, low: 18, high: 70}"
      ).replacing(
        "  breakdowns: [sex]\n",
        with: "  replicates: {method: \(method), standard_errors: all}\n"))
    try workshop.run()
    func methods(_ node: String) throws -> Set<String> {
      Set(
        CSVTable(try workshop.released("scores.csv")).rows.filter {
          $0["node"] == node && $0["unit"]?.hasPrefix("national") == false
        }.compactMap { $0["se_method"] })
    }
    #expect(try methods("honest") == ["replicates"])
    let ofMedian: Set =
      method == "jkn" ? ["linearization", "none (quantile)"] : ["replicates"]
    #expect(try methods("trust") == ofMedian)
    #expect(try methods("index") == ofMedian)
  }
}
