import Foundation

/// How a text's encoding was found.
public struct TextDecision: Sendable, Hashable, Codable {
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
  /// A legacy encoding must make syllables of so many different words beyond ASCII,
  static let leastSyllables = 3
  /// of such a share of them,
  static let leastShare = 0.8
  /// and of so much more than the next one.
  static let leastLead = 0.15

  /// The encoding of a sample of a text, whose last character may be cut, or nil without strong evidence.
  ///
  /// Well-formed UTF-8 is UTF-8, and so is what mostly is: its reader names the byte that is not. Else
  /// one of the legacy encodings of Vietnamese must make syllables of nearly all different words beyond
  /// ASCII. Nothing speaks for windows-1252: it makes a letter of any stray byte, so it must be given.
  static func decide(_ sample: [UInt8]) -> TextDecision? {
    let (sequences, faults) = sample.withUnsafeBufferPointer(utf8Evidence)
    if sequences > faults {
      return TextDecision(
        encoding: .utf8, confidence: Double(sequences) / Double(sequences + faults))
    }
    let evidence = vietnameseEvidence(sample)
    guard let best = evidence.first, best.syllables >= leastSyllables, best.share >= leastShare
    else { return nil }
    let lead = best.share - (evidence.count > 1 ? evidence[1].share : 0)
    guard lead >= leastLead else { return nil }
    return TextDecision(encoding: best.encoding, confidence: best.share * min(1, 0.5 + lead))
  }

  /// What speaks for an encoding of Vietnamese.
  struct Evidence {
    let encoding: TextEncoding
    /// Different words beyond ASCII that are spelled like syllables.
    let syllables: Int
    /// Their share of all different words beyond ASCII.
    let share: Double
  }

  /// The encodings of Vietnamese that decode the sample, the best first.
  static func vietnameseEvidence(_ sample: [UInt8]) -> [Evidence] {
    let evidence = TextEncoding.vietnamese.compactMap { encoding -> Evidence? in
      guard let text = sample.withUnsafeBufferPointer({ try? encoding.decode($0) }) else {
        return nil
      }
      // A letter alone is a syllable in too many encodings to speak for one.
      let words = Set(words(of: String(decoding: text, as: UTF8.self)).filter { $0.count > 1 })
      if words.isEmpty { return nil }
      let syllables = words.count { VietnameseSyllable.fits($0) }
      return Evidence(
        encoding: encoding, syllables: syllables, share: Double(syllables) / Double(words.count))
    }
    return evidence.sorted { $0.share > $1.share }
  }

  /// The share of words beyond ASCII that windows-1252 makes of Western letters.
  static func westernShare(_ sample: [UInt8]) -> Double {
    guard
      let text = sample.withUnsafeBufferPointer({ try? TextEncoding.windows1252.decode($0) })
    else { return 0 }
    let words = words(of: String(decoding: text, as: UTF8.self))
    return words.isEmpty ? 0 : Double(words.count(where: hasWesternLetters)) / Double(words.count)
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
