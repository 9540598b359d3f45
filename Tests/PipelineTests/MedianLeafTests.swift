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
    for row in nodes { #expect((Double(row["se"] ?? "") ?? 0) > 0) }
  }
}
