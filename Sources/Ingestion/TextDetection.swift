import Foundation

/// How a text's encoding was found.
public struct TextDecision: Sendable, Hashable {
  /// The encoding.
  public let encoding: TextEncoding
  /// How sure that is, from 0 to 1; 1 where it was given, is marked, or is well-formed UTF-8.
  public let confidence: Double
  /// Places that did not decode and were replaced by U+FFFD, where that was asked for.
  public var replaced = 0

  /// A decision.
  public init(encoding: TextEncoding, confidence: Double) {
    self.encoding = encoding
    self.confidence = confidence
  }
}

/// Finds the encoding of bytes that are not all ASCII.
enum TextDetection {
  /// Less than this is no answer.
  static let leastConfidence = 0.5

  /// The encoding of a sample of a text, whose last character may be cut.
  ///
  /// Bytes that form UTF-8, mostly, are UTF-8. Others are read in each encoding of `CodeTable`, and the
  /// one in which most words beyond ASCII are spelled like Vietnamese syllables wins; words of Western
  /// letters speak for windows-1252.
  static func decide(_ sample: [UInt8]) -> TextDecision {
    let (sequences, faults) = sample.withUnsafeBufferPointer(utf8Evidence)
    if sequences >= 4 * faults {
      return TextDecision(
        encoding: .utf8, confidence: Double(sequences) / Double(max(1, sequences + faults)))
    }
    var scores: [(encoding: TextEncoding, score: Double)] = []
    for encoding in TextEncoding.tabled {
      let text = sample.withUnsafeBufferPointer { try? encoding.decode($0) }
      guard let text else { continue }
      let words = words(of: String(decoding: text, as: UTF8.self)).filter {
        encoding == .windows1252 || $0.count > 1
      }
      // A letter alone is a syllable in too many encodings to speak for one.
      let isWestern = encoding == .windows1252
      let good = words.count { isWestern ? hasWesternLetters($0) : VietnameseSyllable.fits($0) }
      scores.append((encoding, words.isEmpty ? 0 : Double(good) / Double(words.count)))
    }
    let vietnamese = scores.filter { $0.encoding != .windows1252 }.sorted { $0.score > $1.score }
    let western = scores.first { $0.encoding == .windows1252 }?.score ?? 0
    let best = vietnamese.first ?? (.windows1258, 0)
    let second = vietnamese.count > 1 ? vietnamese[1].score : 0
    if best.score >= leastConfidence, best.score >= western / 2 {
      return TextDecision(encoding: best.encoding, confidence: best.score - second / 2)
    }
    return TextDecision(encoding: .windows1252, confidence: max(0, western - best.score / 2) * 0.9)
  }

  /// UTF-16 by its byte order mark, or by zeros in every other byte; nil for anything else.
  static func utf16(_ head: [UInt8]) -> (encoding: TextEncoding, markLength: Int)? {
    if head.starts(with: [0xFF, 0xFE]) { return (.utf16LittleEndian, 2) }
    if head.starts(with: [0xFE, 0xFF]) { return (.utf16BigEndian, 2) }
    let pairs = head.count / 2
    if pairs < 2 { return nil }
    var zeros = [0, 0]
    for index in 0..<pairs * 2 where head[index] == 0 { zeros[index & 1] += 1 }
    if zeros[1] * 2 > pairs, zeros[0] * 8 < zeros[1] { return (.utf16LittleEndian, 0) }
    if zeros[0] * 2 > pairs, zeros[1] * 8 < zeros[0] { return (.utf16BigEndian, 0) }
    return nil
  }

  /// Sequences of several bytes that are UTF-8, and bytes beyond ASCII that are not.
  private static func utf8Evidence(
    _ bytes: UnsafeBufferPointer<UInt8>
  ) -> (sequences: Int, faults: Int) {
    var (sequences, faults) = (0, 0)
    var start = 0
    while start < bytes.count {
      let invalid = TextCheck.firstInvalid(in: bytes, from: start)
      for index in start..<(invalid ?? bytes.count) where bytes[index] >= 0xC0 { sequences += 1 }
      guard let invalid else { break }
      // A character that the sample's end cuts is no fault.
      if invalid + 4 <= bytes.count || bytes[invalid] < 0xC0 { faults += 1 }
      start = invalid + 1
    }
    return (sequences, faults)
  }

  /// The words with a character beyond ASCII, in NFC.
  private static func words(of text: String) -> [String] {
    var words: [String] = []
    var word = String.UnicodeScalarView()
    func finish() {
      if word.contains(where: { !$0.isASCII && !isPunctuation($0) }) {
        words.append(String(word).precomposedStringWithCanonicalMapping)
      }
      word = String.UnicodeScalarView()
    }
    for scalar in text.unicodeScalars {
      let isPart =
        scalar.isASCII
        ? ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
        : !isPunctuation(scalar)
      if isPart { word.append(scalar) } else { finish() }
      // Enough to tell; a sample of names repeats itself.
      if words.count >= 20_000 { break }
    }
    finish()
    return words
  }

  /// Marks that stand beside words in any encoding of Windows.
  private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    (0x2010...0x2044).contains(scalar.value)
      || [0xA0, 0xAB, 0xB7, 0xBB, 0xB0, 0x20AC].contains(scalar.value)
  }

  private static func hasWesternLetters(_ word: String) -> Bool {
    VietnameseSyllable.isSanelyCased(word)
      && word.unicodeScalars.allSatisfy {
        $0.isASCII || (0xC0...0xFF).contains($0.value) && $0.value != 0xD7 && $0.value != 0xF7
          || (0x152...0x17E).contains($0.value)
      }
  }
}
