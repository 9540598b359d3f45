/// Which rows take part in a measure, as bits in canonical order.
public struct RowSet: Sendable, Hashable, Codable {
  /// 64 rows a word, the lowest bit first.
  public private(set) var words: [UInt64]

  /// An empty set over `rowCount` rows.
  public init(rowCount: Int) {
    words = [UInt64](repeating: 0, count: (rowCount + 63) / 64)
  }

  /// Adds a row.
  public mutating func insert(_ row: Int) {
    words[row >> 6] |= 1 << UInt64(row & 63)
  }

  /// Whether the row is in the set.
  public func contains(_ row: Int) -> Bool {
    words[row >> 6] >> UInt64(row & 63) & 1 == 1
  }

  /// Adds all rows of `other`.
  public mutating func formUnion(_ other: RowSet) {
    for index in words.indices { words[index] |= other.words[index] }
  }
}

/// What a set of rows offers in one domain: respondents, sampling units, strata.
public struct Support: Sendable, Hashable, Codable {
  /// Rows with a positive weight.
  public var respondents: Int
  /// PSUs among them.
  public var psus: Int
  /// Strata among them.
  public var strata: Int

  /// A domain's support.
  public init(respondents: Int, psus: Int, strata: Int) {
    self.respondents = respondents
    self.psus = psus
    self.strata = strata
  }

  /// Design degrees of freedom: PSUs − strata.
  public var degreesOfFreedom: Int { psus - strata }
}

/// An estimate in one domain; nil estimate where nobody in the domain has a value.
public struct DomainEstimate: Sendable, Codable {
  /// The estimate with its influence, nil where Σ w x is 0 or nobody answered.
  public var estimate: Estimate?
  /// Rows, PSUs and strata of the domain that answered.
  public var support: Support
  /// The weighted variance of the ratio's linearized value under simple random sampling with
  /// replacement of as many respondents: what the design effect divides by; nil where undefined.
  public var simpleRandomVariance: Double?
  /// Σ w of the rows that answered, the estimated number of people they stand for.
  public var weightTotal: Double
  /// The interval of a quantile; nil for other measures, and where there is none.
  public var interval: WoodruffInterval?

  /// A domain's estimate.
  public init(
    estimate: Estimate?, support: Support, simpleRandomVariance: Double?, weightTotal: Double = 0
  ) {
    self.estimate = estimate
    self.support = support
    self.simpleRandomVariance = simpleRandomVariance
    self.weightTotal = weightTotal
  }
}

/// One measure in all domains of one partition.
public struct MeasureResult: Sendable, Codable {
  /// The measure's name.
  public var measure: String
  /// The partition's name.
  public var partition: String
  /// One entry a domain.
  public var domains: [DomainEstimate]
  /// The rows that take part (with a positive weight and a value), over all domains.
  public var answered: RowSet

  /// A result.
  public init(measure: String, partition: String, domains: [DomainEstimate], answered: RowSet) {
    self.measure = measure
    self.partition = partition
    self.domains = domains
    self.answered = answered
  }
}
