public import CanvassSurvey

/// How a cell without a value enters a measure.
public enum MissingTreatment: Sendable, Hashable {
  /// The respondent is left out of numerator and denominator.
  case leftOut
  /// The cell counts as this number, on the variable's own scale; where `good` is given, as this share
  /// of a good answer, from 0 to 1.
  case counts(Double)
}

/// How the answers to one variable become numbers.
public struct ItemRule: Sendable, Hashable {
  /// The variable.
  public var variable: String
  /// The answers that count as 1 (all others 0), as `Column.text` gives them, compared as numbers where
  /// the variable is numeric; nil: the number itself.
  public var good: [String]?
  /// What a cell without a value counts as, by reason; reasons not listed are left out.
  public var missing: [MissingReason: MissingTreatment]
  /// The index scale: value becomes `intercept + slope · value`, after `good` and `missing`.
  public var intercept: Double
  /// See `intercept`.
  public var slope: Double

  /// A rule on the variable's own scale unless an intercept and slope are given.
  public init(
    variable: String, good: [String]? = nil, missing: [MissingReason: MissingTreatment] = [:],
    intercept: Double = 0, slope: Double = 1
  ) {
    self.variable = variable
    self.good = good
    self.missing = missing
    self.intercept = intercept
    self.slope = slope
  }
}

/// What is estimated: a ratio of weighted sums, Σ w y / Σ w x, or a weighted sum.
public enum MeasureKind: Sendable, Hashable {
  /// Σ w y of the item's number: a total, or the number of people with a good answer where `good` is given.
  case total(ItemRule)
  /// y = the item's number, x = 1 where it has one: a mean, or a share where `good` is given.
  case mean(ItemRule)
  /// n/(n − 1) Σ w (y − ȳ)² / Σ w, the variance of the item's number among people, n counting the domain's
  /// rows (R survey's `svyvar`); nobody's with fewer than two rows.
  case variance(ItemRule)
  /// A quantile of the item's number, with Woodruff's interval.
  case quantile(ItemRule, QuantileDefinition)
  /// y and x are two items, both of which must have a value.
  case ratio(ItemRule, ItemRule)
  /// y = each respondent's mean over the items that have a value, x = 1 where at least one has.
  case respondentMean([ItemRule])
}

/// One thing to estimate in every domain.
public struct Measure: Sendable, Hashable {
  /// The name under which results are found.
  public var id: String
  /// What it is.
  public var kind: MeasureKind

  /// A measure.
  public init(id: String, kind: MeasureKind) {
    self.id = id
    self.kind = kind
  }
}

/// Rows split into domains: units, unit × sex, regions, or all rows as one.
public struct Partition: Sendable {
  /// The name of the split; the units' is `unit`.
  public var id: String
  /// The domain of each row, −1 for a row in none.
  public var domainOfRow: [Int32]
  /// Number of domains; some may be empty.
  public var domainCount: Int

  /// A partition.
  public init(id: String, domainOfRow: [Int32], domainCount: Int) {
    self.id = id
    self.domainOfRow = domainOfRow
    self.domainCount = domainCount
  }

  /// The split by the values of a column, with the levels in the order of the domains; a row without a
  /// value is in none.
  public static func byLevels(of column: Column) -> (partition: Partition, levels: [String]) {
    let (levelOfRow, levels) = column.grouped()
    return (
      Partition(
        id: column.name, domainOfRow: levelOfRow.map { Int($0) == levels.count ? -1 : $0 },
        domainCount: levels.count),
      levels
    )
  }
}
