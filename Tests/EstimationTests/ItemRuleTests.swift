import CanvassCompute
import CanvassEstimation
import CanvassSurvey
import CanvassWeighting
import Testing

@Suite struct ItemRuleTests {
  /// Answers 1–4 with a don't know, a refusal and a skip, as a number, a decimal and a text.
  static var table: Table {
    let reasons: [UInt8] = [
      0, 0, 0, 0, MissingReason.dontKnow.rawValue, MissingReason.refused.rawValue, 0,
      MissingReason.skipped.rawValue,
    ]
    return Table(columns: [
      Column(name: "id", numbers: (1...8).map(Double.init)),
      Column(name: "weight", numbers: [1, 2, 4, 3, 5, 2.5, 1.5, 7]),
      Column(name: "q", values: .integers([1, 2, 3, 4, 9, 9, 1, 9]), reasons: reasons),
      Column(
        name: "decimal", values: .numbers([1, 2.5, 3, 4, 9, 9, 1, 9]), reasons: reasons),
      Column(
        name: "word",
        values: .text([1, 0, 2, 0, 0, 0, 1, 0], dictionary: ["no", "yes", "yes, often"]),
        reasons: reasons),
      Column(name: "other", numbers: [3, nil, nil, 1, 4, 2, nil, nil]),
    ])
  }

  static func estimator() throws -> Estimator {
    let (rows, design) = try table.arranged(by: DesignRequest(), key: "id")
    return Estimator(
      try Weighting.weight(rows, design: design, steps: [.column("weight")], workers: Workers(1)))
  }

  func value(_ kind: MeasureKind) throws -> Double {
    let estimator = try ItemRuleTests.estimator()
    let domain = try estimator.estimate(kind, over: estimator.sample.table.everyone)[0]
    return try #require(domain.estimate).value
  }

  @Test("a mean leaves cells without value out, or counts them by their reason")
  func missing() throws {
    #expect(near(try value(.mean(ItemRule(variable: "q"))), 30.5 / 11.5))
    let rule = ItemRule(variable: "q", missing: [.dontKnow: .counts(0), .refused: .leftOut])
    #expect(near(try value(.mean(rule)), 30.5 / 16.5))
    let scaled = ItemRule(
      variable: "q", missing: [.dontKnow: .counts(0)], intercept: -2, slope: 3)
    #expect(near(try value(.mean(scaled)), -2 + 3 * 30.5 / 16.5))
  }

  @Test("good answers compare as numbers in numeric variables and as text in text ones")
  func good() throws {
    for answers in [["1", "4"], ["1.0", "4"]] {
      #expect(near(try value(.mean(ItemRule(variable: "q", good: answers))), 5.5 / 11.5))
      #expect(near(try value(.mean(ItemRule(variable: "decimal", good: answers))), 5.5 / 11.5))
    }
    #expect(near(try value(.mean(ItemRule(variable: "decimal", good: ["2.5"]))), 2 / 11.5))
    let words = ["yes", "yes, often"]
    #expect(near(try value(.mean(ItemRule(variable: "word", good: words))), 6.5 / 11.5))
    let counted = ItemRule(
      variable: "word", good: words, missing: [.dontKnow: .counts(1), .skipped: .counts(0.5)])
    #expect(near(try value(.mean(counted)), 15 / 23.5))
  }

  @Test("a respondent's mean is over the items that have a value")
  func respondentMean() throws {
    let rules = [ItemRule(variable: "q"), ItemRule(variable: "other", intercept: 1, slope: 2)]
    // Rows: (1+7)/2, 2, 3, (4+3)/2, 9, 5, 1, none.
    let sum = zip([1, 2, 4, 3, 5, 2.5, 1.5], [4, 2, 3, 3.5, 9, 5, 1]).map { $0 * $1 }.reduce(0, +)
    #expect(near(try value(.respondentMean(rules)), sum / 19))
  }

  @Test("a ratio needs both numbers")
  func ratio() throws {
    let kind = MeasureKind.ratio(ItemRule(variable: "q"), ItemRule(variable: "other"))
    #expect(near(try value(kind), (1 * 1 + 3 * 4) / (1 * 3 + 3 * 1)))
  }

  @Test(
    "rules that the data cannot answer are errors of the pipeline file",
    arguments: [
      (ItemRule(variable: "qq"), "qq", "did you mean 'q'?"),
      (ItemRule(variable: "word"), "holds text", "good"),
      (ItemRule(variable: "q", good: []), "empty list", "at least one"),
      (ItemRule(variable: "q", good: ["yes"]), "'yes'", "code"),
      (
        ItemRule(variable: "q", good: ["1"], missing: [.dontKnow: .counts(2)]), "counts as 2.0",
        "between 0 and 1"
      ),
    ])
  func refused(rule: ItemRule, what: String, remedy: String) throws {
    let error = #expect(throws: Diagnostic.self) { try value(.mean(rule)) }
    #expect(error?.kind == .badPipeline)
    #expect(error?.what.contains(what) == true)
    #expect(error?.remedy?.contains(remedy) == true)
  }

  @Test("the error of the first measure in order is reported, whatever the workers")
  func firstError() throws {
    let estimator = try ItemRuleTests.estimator()
    let measures = ["q", "none1", "none2"].map {
      Measure(id: $0, kind: .mean(ItemRule(variable: $0)))
    }
    for count in [1, 2, 8] {
      let error = #expect(throws: Diagnostic.self) {
        try estimator.estimate(
          measures, over: [estimator.sample.table.everyone], workers: Workers(count))
      }
      #expect(error?.what.contains("'none1'") == true)
    }
  }

  @Test("design effects")
  func designEffects() {
    #expect(DesignEffect.withReplacement(variance: 3, simpleRandomVariance: 2) == 1.5)
    #expect(DesignEffect.withReplacement(variance: 3, simpleRandomVariance: 0) == nil)
    #expect(DesignEffect.withReplacement(variance: 3, simpleRandomVariance: nil) == nil)
    #expect(
      DesignEffect.withoutReplacement(
        variance: 3, simpleRandomVariance: 2, respondents: 10, weightTotal: 40) == 2)
    #expect(
      DesignEffect.withoutReplacement(
        variance: 3, simpleRandomVariance: 2, respondents: 10, weightTotal: 10) == nil)
    // numpy 2.4.6, 2026-11-23: n * (w**2).sum() / w.sum()**2
    #expect(near(DesignEffect.kish(Fixture.weight), 1.3236053719008265))
  }
}
