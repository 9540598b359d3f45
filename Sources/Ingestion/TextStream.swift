public import CanvassSurvey

/// How the text of members is to be decoded.
public struct TextRequest: Sendable, Hashable {
  /// The encoding, or nil to find it out.
  public var encoding: TextEncoding?
  /// Whether bytes that do not decode become U+FFFD, which is counted, instead of an error.
  public var replacesUndecodable: Bool

  /// A request; without an encoding it is found out.
  public init(encoding: TextEncoding? = nil, replacesUndecodable: Bool = false) {
    self.encoding = encoding
    self.replacesUndecodable = replacesUndecodable
  }

  /// The request of a pipeline file: `utf-16` is told by its mark.
  ///
  /// - Throws: `badPipeline` for an encoding that nobody knows.
  public init(encodingName: String?, replacesUndecodable: Bool = false) throws(Diagnostic) {
    self.init(replacesUndecodable: replacesUndecodable)
    guard let encodingName, encodingName.lowercased() != "utf-16" else { return }
    guard let encoding = TextEncoding(named: encodingName) else {
      throw Diagnostic(
        .badPipeline, "the encoding '\(encodingName)' is not known",
        why: "known are \(TextEncoding.offered.joined(separator: ", ")) and those of iconv",
        remedy: Suggestion.phrase(for: encodingName, among: TextEncoding.offered))
    }
    self.encoding = encoding
  }
}

/// Text as UTF-8, whatever its encoding.
///
/// ASCII and UTF-8 pass as they are; the table's parser checks them. Other text is decoded line by line.
/// The encoding is decided where the first byte beyond ASCII stands, from a sample of what follows.
final class TextStream: ByteStream {
  private let source: any ByteStream
  private let place: String
  private let request: TextRequest
  private var held: [UInt8] = []
  private var buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 0, alignment: 16)
  private var isFirst = true
  private var ended = false
  /// Where the bytes that are held begin, for the place of a fault.
  private var line = 1
  private var column = 1
  /// The decision; nil as long as everything is ASCII.
  private(set) var decision: TextDecision?

  static let sampleSize = 1 << 18

  init(_ source: any ByteStream, place: String, request: TextRequest) {
    self.source = source
    self.place = place
    self.request = request
    decision = request.encoding.map { TextDecision(encoding: $0, confidence: 1) }
  }

  deinit { buffer.deallocate() }

  func next() throws(Diagnostic) -> UnsafeRawBufferPointer {
    if isFirst {
      isFirst = false
      try begin()
    }
    if held.isEmpty, !ended, decision == nil || passes {
      let piece = try source.next()
      if passes || !piece.contains(where: TextStream.isBeyondASCII) {
        if decision == nil { advance(piece) }
        return piece
      }
      held.append(contentsOf: piece)
    }
    if decision == nil, let odd = held.firstIndex(where: TextStream.isBeyondASCII) {
      try hold(odd + TextStream.sampleSize)
      // The word before belongs to the sample, and lines tell where words begin.
      let start = held[..<odd].lastIndex { $0 == 0x0A || $0 == 0x0D }.map { $0 + 1 } ?? 0
      let sample = Array(held[start...].prefix(TextStream.sampleSize))
      decision = TextDetection.decide(sample)
      if decision == nil, request.replacesUndecodable {
        decision = TextDecision(encoding: .utf8, confidence: 0)
      }
      guard decision != nil else { throw undecided(odd) }
    }
    if decision == nil || passes { return hand(held.count) }
    return try decoded()
  }

  /// Whether the bytes go on as they are.
  private var passes: Bool { decision?.encoding == .utf8 && !request.replacesUndecodable }

  /// Looks for UTF-16 before anything is handed out.
  private func begin() throws(Diagnostic) {
    try hold(4_096)
    guard let found = TextDetection.utf16(held) else { return }
    if let given = request.encoding, given != found.encoding, found.markLength == 0 { return }
    if request.encoding == nil || request.encoding == found.encoding {
      decision = TextDecision(encoding: found.encoding, confidence: 1)
      held.removeFirst(found.markLength)
    }
  }

  private static func isBeyondASCII(_ byte: UInt8) -> Bool {
    byte >= 0x80 || (byte < 0x20 && byte != 0x0A && byte != 0x0D && byte != 0x09 && byte != 0)
  }

  /// Reads until `count` bytes are held or the source ends.
  private func hold(_ count: Int) throws(Diagnostic) {
    while held.count < count, !ended {
      let piece = try source.next()
      if piece.isEmpty { ended = true }
      held.append(contentsOf: piece)
    }
  }

  /// Decodes the whole lines that are held; nothing at the end.
  private func decoded() throws(Diagnostic) -> UnsafeRawBufferPointer {
    guard let encoding = decision?.encoding else { return hand(held.count) }
    var wanted = 1 << 16
    while true {
      try hold(wanted)
      if held.isEmpty { return UnsafeRawBufferPointer(start: nil, count: 0) }
      let end = ended ? held.count : wholeLines(encoding)
      if end > 0 {
        let text = try decode(Array(held[..<end]), encoding)
        held.removeSubrange(..<end)
        return fill(text[...])
      }
      wanted = held.count * 2
    }
  }

  /// The end of the last whole line; of UTF-16, of the last whole character.
  private func wholeLines(_ encoding: TextEncoding) -> Int {
    guard encoding == .utf16LittleEndian || encoding == .utf16BigEndian else {
      return held.lastIndex { $0 == 0x0A || $0 == 0x0D }.map { $0 + 1 } ?? 0
    }
    let end = held.count & ~1
    let high = encoding == .utf16LittleEndian ? end - 1 : end - 2
    return end >= 2 && (0xD8...0xDB).contains(held[high]) ? end - 2 : end
  }

  private func decode(
    _ bytes: [UInt8], _ encoding: TextEncoding
  ) throws(Diagnostic) -> [UInt8] {
    var text: [UInt8] = []
    do throws(TextEncoding.Undecodable) {
      text = try bytes.withUnsafeBufferPointer { buffer throws(TextEncoding.Undecodable) in
        try encoding.decode(buffer, replacing: request.replacesUndecodable)
      }
    } catch {
      bytes.withUnsafeBytes { advance(UnsafeRawBufferPointer(rebasing: $0[..<error.offset])) }
      throw Diagnostic(
        .badData, "the text does not decode as \(encoding.name)", at: "\(place):\(line):\(column)",
        remedy: "give another 'encoding', or 'undecodable: replace' to mark such places")
    }
    if request.replacesUndecodable {
      let before = encoding == .utf8 ? TextStream.replacements(in: bytes) : 0
      decision?.replaced += TextStream.replacements(in: text) - before
    }
    bytes.withUnsafeBytes(advance)
    return text
  }

  private static func replacements(in text: [UInt8]) -> Int {
    var count = 0
    for index in text.indices where text[index] == 0xEF {
      if text[index...].starts(with: [0xEF, 0xBF, 0xBD]) { count += 1 }
    }
    return count
  }

  private func advance(_ bytes: UnsafeRawBufferPointer) {
    var feeds = 0
    for byte in bytes { feeds += byte == 0x0A ? 1 : 0 }
    line += feeds
    let last = bytes.lastIndex(of: 0x0A)
    column = last.map { bytes.count - $0 } ?? (column + bytes.count)
  }

  /// Hands out the first bytes that are held.
  private func hand(_ count: Int) -> UnsafeRawBufferPointer {
    let piece = fill(held[..<count])
    advance(piece)
    held.removeSubrange(..<count)
    return piece
  }

  private func fill(_ bytes: ArraySlice<UInt8>) -> UnsafeRawBufferPointer {
    if buffer.count < bytes.count {
      buffer.deallocate()
      buffer = .allocate(byteCount: bytes.count, alignment: 16)
    }
    buffer.copyBytes(from: bytes)
    return UnsafeRawBufferPointer(rebasing: buffer[..<bytes.count])
  }

  private func undecided(_ odd: Int) -> Diagnostic {
    let place = held.withUnsafeBufferPointer { TextCheck.firstInvalid(in: $0, from: odd) } ?? odd
    held.withUnsafeBytes { advance(UnsafeRawBufferPointer(rebasing: $0[..<place])) }
    return Diagnostic(
      .badData, "the text is not UTF-8, and its encoding cannot be told",
      at: "\(self.place):\(line):\(column)",
      why: "a byte here is no part of UTF-8, and too few words speak for an encoding of Vietnamese",
      remedy: "mend the byte, or give 'encoding': \(TextEncoding.offered.joined(separator: ", ")), "
        + "or another of iconv")
  }
}
