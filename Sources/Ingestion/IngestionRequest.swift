import CanvassSurvey

/// Which members of an archive make a table, and how their fields are delimited.
public struct MemberRequest: Sendable, Hashable {
  /// The member's name, with `*` for any characters and `?` for one.
  public var members: String
  /// The delimiter, or nil to find it out among `,` `;` and tab from the header.
  public var delimiter: Character?

  /// A request for members.
  public init(members: String, delimiter: Character? = nil) {
    self.members = members
    self.delimiter = delimiter
  }
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
  /// The member that describes the variables.
  public var codebook: MemberRequest?
  /// Second tables, many respondents to one row.
  public var join: [(members: String, key: String)]

  /// A request.
  public init(
    drops: [String], respondents: MemberRequest, key: String? = nil, blankText: [String] = [],
    textVariables: [String] = [], codebook: MemberRequest? = nil,
    join: [(members: String, key: String)] = []
  ) {
    self.drops = drops
    self.respondents = respondents
    self.key = key
    self.blankText = blankText
    self.textVariables = textVariables
    self.codebook = codebook
    self.join = join
  }
}
