/// A member of a drop that was read.
public struct MemberReport: Sendable, Hashable, Codable {
  /// Its name in the archive.
  public var name: String
  /// Records after the header.
  public var rows: Int
  /// Bytes as they were unpacked.
  public var byteCount: Int
  /// `text`, or the name of another format.
  public var format: String
  /// The delimiter of a table of text.
  public var delimiter: String?
  /// The decimal sign of a table of text.
  public var decimal: DialectRequest.Decimal?
  /// The encoding of its text; nil where everything is ASCII.
  public var decision: TextDecision?
  /// Labels that did not decode; the codes stand in their places.
  public var undecodedLabels: Int
  /// Different texts whose last character was cut by the width of their field.
  public var cutTexts: Int
}

/// A drop that was read.
public struct DropReport: Sendable, Hashable, Codable {
  /// Its path as it was given.
  public var path: String
  /// SHA-256 of its bytes, hexadecimal.
  public var sha256: String
  /// Its size.
  public var byteCount: Int
  /// The members that hold respondents, in the order of the archive.
  public var members: [MemberReport]
}

/// What ingestion did: every row that came in is there or superseded.
public struct IngestionReport: Sendable, Hashable, Codable {
  /// The drops in the order of reading.
  public var drops: [DropReport]
  /// Rows in all drops.
  public var rowsRead: Int
  /// Rows that a later drop replaced by key.
  public var rowsSuperseded: Int
  /// Rows that went out.
  public var rowsOut: Int
  /// Lines with nothing in them, which were skipped.
  public var blankLines: Int
  /// Variables that the codebook describes and the data lack.
  public var undescribedInData: Int
}

/// How far reading has come.
public struct ProgressEvent: Sendable {
  /// Bytes of the drops read.
  public let bytesRead: Int
  /// Bytes of all drops.
  public let bytesTotal: Int
  /// Records cut so far.
  public let rows: Int
}
