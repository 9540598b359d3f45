import Foundation

/// The tables of docs/coverage.md.
struct CoverageTables {
  let papi: Tally
  let control: Tally
  let changes: [ChangeOutcome]
  let samples: Int
  let draws: Int

  /// All tables in Markdown.
  var text: String {
    let rule =
      "\(samples) samples of each design. Coverage in per cent ± its Monte Carlo error; width is the mean"
      + " half-width over 1.96 true standard deviations; SE/SD the root of mean estimated over true"
      + " variance. Numbers that fewer than half of the samples publish are left out. Half-widths stand in percentage points for shares, in index points for composites."
    return
      ([rule, summary]
      + [
        section("PAPI’s design: country and regions", papi, [.direct, .satterthwaite]) {
          $0.area != .province
        },
        section(
          "Control design: \(draws) villages a province with replacement", control,
          [.direct, .satterthwaite]
        ) { _ in true },
        section("PAPI’s design: provinces", papi, Method.allCases) { $0.area == .province },
        ChangeTable(outcomes: changes).text,
        RankTable(papi: papi.outcomes, control: control.outcomes).text,
      ]).joined(separator: "\n\n") + "\n"
  }

  /// The cells that the project set itself beforehand.
  private var summary: String {
    func middle(_ number: Tally.Number) -> Bool {
      number.kind == .share && number.share != .end
    }
    var lines = [
      "## Against what was asked", "",
      "| Intervals | Asked | Coverage | Width | SE/SD | Intervals counted |",
      "|---|---|---|---|---|---|",
    ]
    func line(
      _ name: String, _ asked: String, _ tally: Tally, _ method: Method,
      _ belongs: (Tally.Number) -> Bool
    ) {
      guard let result = tally.result(method, where: belongs) else { return }
      lines.append(
        "| \(name) | \(asked) | \(coverage(result)) | \(two(result.relativeWidth)) "
          + "| \(two(result.errorRatio)) | \(result.intervals) |")
    }
    for (method, asked) in [(Method.satterthwaite, "94–96.5"), (.direct, "as found")] {
      line("PAPI, country, shares 0.1–0.9, \(method)", asked, papi, method) {
        $0.area == .country && middle($0)
      }
      line("PAPI, regions, shares 0.1–0.9, \(method)", asked, papi, method) {
        $0.area == .region && middle($0)
      }
    }
    for (method, asked) in [(Method.satterthwaite, "94–96.5"), (.direct, "as found")] {
      line("Control, provinces, shares 0.1–0.9, \(method)", asked, control, method) {
        $0.area == .province && middle($0)
      }
      line("Control, country and regions, shares 0.1–0.9, \(method)", asked, control, method) {
        $0.area != .province && middle($0)
      }
    }
    for (method, asked) in [
      (Method.pooled, "92–97"), (.direct, "as found"), (.satterthwaite, "as found"),
    ] {
      line("PAPI, provinces, shares 0.1–0.9, \(method)", asked, papi, method) {
        $0.area == .province && middle($0)
      }
      line("PAPI, provinces, all but shares at the ends, \(method)", asked, papi, method) {
        $0.area == .province && $0.share != .end
      }
    }
    return lines.joined(separator: "\n")
  }

  private func section(
    _ title: String, _ tally: Tally, _ methods: [Method], _ belongs: (Tally.Number) -> Bool
  ) -> String {
    let head =
      ["Area", "Statistic", "Share", "df", "Numbers"]
      + methods.flatMap { ["\($0)", "half-width", "width", "SE/SD"] }
    var lines = [
      "## \(title)", "", "| " + head.joined(separator: " | ") + " |",
      "|" + String(repeating: "---|", count: head.count),
    ]
    let inside = tally.numbers.filter(belongs)
    for area in Tally.Area.allCases {
      for kind in Statistic.Kind.allCases {
        for share in Tally.ShareBand.allCases {
          for degrees in Tally.DegreesBand.allCases {
            func isHere(_ number: Tally.Number) -> Bool {
              number.area == area && number.kind == kind && number.share == share
                && number.degrees == degrees && belongs(number)
            }
            let count = inside.count(where: isHere)
            guard count > 0 else { continue }
            let cells = methods.flatMap { method -> [String] in
              guard let result = tally.result(method, where: isHere) else {
                return ["", "", "", ""]
              }
              let half: String =
                switch kind {
                case .share: two(result.halfWidth * 100)
                case .mean: ""
                default: two(result.halfWidth)
                }
              return [coverage(result), half, two(result.relativeWidth), two(result.errorRatio)]
            }
            lines.append(
              "| "
                + ([area.rawValue, kind.rawValue, share.rawValue, degrees.rawValue, String(count)]
                + cells).joined(separator: " | ") + " |")
          }
        }
      }
    }
    return lines.joined(separator: "\n")
  }

  private func coverage(_ result: Tally.Result) -> String {
    "\(Self.fixed(result.coverage * 100, 1)) ± \(two(result.error * 100))"
  }

  private func two(_ value: Double) -> String { Self.fixed(value, 2) }

  static func fixed(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }
}
