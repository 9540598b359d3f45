/// Where the data say what happened in the field; whatever is nil is not looked at.
public struct FieldworkRequest: Sendable, Hashable {
  /// Interviews wanted by the values of a variable.
  public struct Quota: Sendable, Hashable {
    /// The variable.
    public var by: String
    /// Interviews wanted by value, or nil where they are only counted.
    public var wanted: [String: Double]?

    /// A quota.
    public init(by: String, wanted: [String: Double]? = nil) {
      self.by = by
      self.wanted = wanted
    }
  }

  /// Where interviews took place.
  public struct Positions: Sendable, Hashable {
    /// Degrees north.
    public var latitude: String
    /// Degrees east.
    public var longitude: String
    /// The sampling unit in which the interview should have been.
    public var cluster: String
    /// The greatest distance from the middle of the unit's interviews.
    public var kilometres: Double

    /// Positions.
    public init(latitude: String, longitude: String, cluster: String, kilometres: Double) {
      self.latitude = latitude
      self.longitude = longitude
      self.cluster = cluster
      self.kilometres = kilometres
    }
  }

  /// Who asked.
  public var interviewer: String
  /// AAPOR's disposition code of each case.
  public var outcome: String?
  /// When the interview began, ISO 8601.
  public var started: String?
  /// How many minutes it took.
  public var minutes: String?
  /// The respondent's age.
  public var age: String?
  /// The questions, for "don't know", item nonresponse and likeness; `*` stands for any characters.
  public var items: [String] = []
  /// Questions on one scale, for answers that are all the same.
  public var scales: [String] = []
  /// The first hour of an interview that is usual, and the hour before which it should have begun.
  public var hours: ClosedRange<Double> = 7...21
  /// The least share of answers alike that is told.
  public var likeness = 0.9
  /// Where interviews took place.
  public var positions: Positions?
  /// What is counted, and how many were wanted.
  public var quotas: [Quota] = []

  /// A request that knows who asked.
  public init(interviewer: String) { self.interviewer = interviewer }

  /// The single variables that it names.
  public var variables: [String] {
    [
      interviewer, outcome, started, minutes, age, positions?.latitude, positions?.longitude,
      positions?.cluster,
    ].compactMap { $0 } + quotas.map(\.by)
  }
}
