public import CanvassSurvey

/// Why a change has no number.
public enum ChangeStatus: String, Sendable, CaseIterable, Hashable {
  /// A number stands.
  case ok = ""
  /// The node is defined otherwise in the two rounds.
  case notComparable = "not comparable"
  /// The former round has no published score.
  case notBefore = "not published before"
  /// This round has no published score.
  case notNow = "not published now"
}

/// The change of one published score since a former round.
public struct ChangeRow: Sendable, Hashable {
  /// The former round.
  public var round: String
  /// The unit's code, or a national name.
  public var unit: String
  /// The unit's name.
  public var unitName: LocalizedText
  /// The node.
  public var node: String
  /// Its level.
  public var level: String
  /// The score then and now; nil where they may not be compared or were not published.
  public var before: Double?
  /// The score now.
  public var after: Double?
  /// Now less then.
  public var change: Double?
  /// Its standard error.
  public var standardError: Double?
  /// Degrees of freedom.
  public var degreesOfFreedom: Double?
  /// The interval.
  public var interval: ClosedRange<Double>?
  /// Confidence of the interval.
  public var confidence: Double
  /// Primary sampling units that both rounds share; nil where the former round's are not known.
  public var sharedSamplingUnits: Int?
  /// Why there is no number.
  public var status: ChangeStatus
  /// Why the node cannot be compared.
  public var reason: LocalizedText?

  /// A row without numbers.
  public init(
    round: String, unit: String, unitName: LocalizedText, node: String, level: String,
    confidence: Double, status: ChangeStatus, reason: LocalizedText? = nil
  ) {
    self.round = round
    self.unit = unit
    self.unitName = unitName
    self.node = node
    self.level = level
    self.confidence = confidence
    self.status = status
    self.reason = reason
  }
}

/// `changes.csv`: what has changed since former rounds.
public enum ChangesFile {
  /// The file's name.
  public static let name = "changes.csv"
  /// Its columns.
  public static let header =
    "round,unit,unit_name,node,level,before,after,change,se,df,ci_low,ci_high,confidence,"
    + "psus_shared,status,reason"

  /// The file's bytes; units are named in `language`.
  public static func bytes(_ rows: [ChangeRow], language: ReleaseLanguage) -> [UInt8] {
    var file = CommaSeparated(header: header, expectedLines: rows.count)
    for row in rows {
      file.add(row.round)
      file.add(row.unit)
      file.add(row.unitName[language])
      file.add(row.node)
      file.add(row.level)
      file.add(row.before)
      file.add(row.after)
      file.add(row.change)
      file.add(row.standardError)
      file.add(row.degreesOfFreedom)
      file.add(row.interval?.lowerBound)
      file.add(row.interval?.upperBound)
      file.add(row.interval.map { _ in row.confidence })
      file.add(row.sharedSamplingUnits)
      file.add(row.status.rawValue)
      file.add(row.reason?[language] ?? "")
      file.endLine()
    }
    return file.bytes
  }
}
