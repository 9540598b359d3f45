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

/// Where the codebook lies: a CSV table of variables, or DDI-Codebook 2.5 in a file named `*.xml`.
public enum CodebookRequest: Sendable, Hashable {
  /// In the archive; where several archives have one, the last counts.
  case member(MemberRequest)
  /// In a file of its own.
  case file(String, delimiter: Character?)
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
  public var join: [(members: String, key: String)]

  /// A request.
  public init(
    drops: [String], respondents: MemberRequest, key: String? = nil, blankText: [String] = [],
    textVariables: [String] = [], codebook: CodebookRequest? = nil,
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
