import CanvassCompute

/// What the reader of one member needs to know.
struct ReadingSettings {
  /// `archive:member`.
  var place: String
  /// The member's name.
  var name: String
  /// The sheet of a workbook; nil is the only or first one.
  var sheet: String?
  /// How a table of text is written, where it is said.
  var dialect = DialectRequest()
  /// How its text is decoded.
  var text = TextRequest()
  /// Variables whose kind is settled.
  var kinds: [String: ColumnKind] = [:]
  /// Whether every column is text.
  var isAllText = false
  /// Cell texts that mean blank.
  var blanks: [String] = []
  /// Bytes that a worker parses at a time.
  var blockSize = Ingestion.blockSize
  var workers = Workers(1)
  /// What the tables of one request take together.
  var memory = TableMemory()
}
