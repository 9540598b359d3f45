import CanvassSurvey

/// Which members of an archive make a table, and how they are written.
public struct MemberRequest: Sendable, Hashable {
  /// The member's name, with `*` for any characters and `?` for one.
  public var members: String
  /// How a table of text is written.
  public var dialect: DialectRequest
  /// How its text is decoded.
  public var text: TextRequest
  /// The sheet of a workbook; nil is the only one.
  public var sheet: String?

  /// A request for members.
  public init(
    members: String, dialect: DialectRequest = DialectRequest(), text: TextRequest = TextRequest()
  ) {
    self.members = members
    self.dialect = dialect
    self.text = text
    sheet = nil
  }
}

/// A second table, many respondents to one row.
public struct JoinRequest: Sendable {
  /// The members that hold it.
  public var source: MemberRequest
  /// The variable that both tables share.
  public var key: String

  /// A request to join a second table.
  public init(source: MemberRequest, key: String) {
    self.source = source
    self.key = key
  }
}

/// Where the codebook lies: a CSV table of variables, or DDI-Codebook 2.5 in a file named `*.xml`.
public enum CodebookRequest: Sendable, Hashable {
  /// In the archive; where several archives have one, the last counts.
  case member(MemberRequest)
  /// In a file of its own, written as the request says.
  case file(String, MemberRequest)
}

/// What ingestion is to read.
public struct IngestionRequest: Sendable {
  /// Paths of the archives; a respondent of a later one replaces the same key of an earlier one.
  public var drops: [String]
  /// The members that hold respondents.
  public var respondents: MemberRequest
  /// The variable that identifies a respondent; needed for several drops.
  public var key: String?
  /// Cell texts that mean blank besides the empty one, such as `NA`.
  public var blankText: [String]
  /// Variables that stay text even where every cell looks like a number.
  public var textVariables: [String]
  /// What describes the variables.
  public var codebook: CodebookRequest?
  /// Second tables, many respondents to one row.
  public var join: [JoinRequest]
  /// Repeated groups, several rows to one respondent.
  public var repeats: [RepeatRequest] = []
  /// How much an archive may hold.
  public var limits = ArchiveLimits()
  /// Whether archives within an archive are opened, one level deep.
  public var opensNested = false
  /// Most bytes that the tables may take in memory.
  package var memoryLimit = MemoryLimit.bytes
  /// What Stata's `.a` to `.z` mean, where the pipeline file says it.
  public var missingTags: [MissingTagRule]

  /// A request.
  public init(
    drops: [String], respondents: MemberRequest, key: String? = nil, blankText: [String] = [],
    textVariables: [String] = [], codebook: CodebookRequest? = nil,
    join: [JoinRequest] = [], missingTags: [MissingTagRule] = []
  ) {
    self.drops = drops
    self.respondents = respondents
    self.key = key
    self.blankText = blankText
    self.textVariables = textVariables
    self.codebook = codebook
    self.join = join
    self.missingTags = missingTags
  }
}
