import CanvassSurvey

extension WeightStep {
  /// A step with the diagnostics of the weights `after` it.
  ///
  /// - Throws: `badData` where no row has a positive weight.
  init(
    named name: String, _ outcome: StepOutcome, after weights: [Double]
  ) throws(Diagnostic) {
    let positive = weights.filter { $0 > 0 }
    guard let smallest = positive.min(), let largest = positive.max() else {
      throw Diagnostic(
        .badData, "no row has a positive weight after the step '\(name)'",
        why: weights.isEmpty ? "the data has no rows" : nil,
        remedy: "check the weight column, the filter ('where') and the respondents' status")
    }
    self.name = name
    factor = outcome.factor
    kishDesignEffect = KishDesignEffect.value(of: weights)
    effectiveCount = Double(positive.count) / kishDesignEffect
    range = smallest...largest
    distance = outcome.distance
    iterations = outcome.iterations
    weightQuantiles = WeightQuantiles(of: positive)
    factorQuantiles = WeightQuantiles(
      of: weights.indices.filter { weights[$0] > 0 }.map { outcome.factor[$0] })
    negativeCount = weights.count { $0 < 0 }
    balance = outcome.balance
  }
}

/// What unequal weights alone cost in precision.
public enum KishDesignEffect {
  /// 1 + CV² = n Σ w² / (Σ w)² over the n positive weights; NaN where there is none.
  ///
  /// Weights are taken relative to the largest, so that huge and tiny ones neither overflow nor vanish.
  /// Source: Kish, Survey Sampling (1965), 11.7.
  public static func value(of weights: [Double]) -> Double {
    var largest = 0.0
    for weight in weights where weight > largest { largest = weight }
    guard largest > 0 else { return .nan }
    var count = 0.0
    var sum = 0.0
    var squares = 0.0
    for weight in weights where weight > 0 {
      let relative = weight / largest
      count += 1
      sum += relative
      squares += relative * relative
    }
    return count * squares / (sum * sum)
  }
}
