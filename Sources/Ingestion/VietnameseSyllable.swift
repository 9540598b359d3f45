import Foundation

/// Whether a word is spelled like a Vietnamese syllable, which tells Vietnamese encodings apart.
enum VietnameseSyllable {
  private static let onsets: [String] = [
    "", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh",
    "p", "ph", "q", "qu", "r", "s", "t", "th", "tr", "v", "x",
  ]

  private static let rhymes = Set(
    """
    a ac ach ai am an ang anh ao ap at au ay ăc ăk ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây \
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu \
    i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu \
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oen oeo oet oi om \
    on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt \
    u ua uc ui um un ung up ut uân uâng uât uây uê uêch uênh uy uya uych uyên uyêt uynh uyt uyu uơ \
    uôc uôi uôm uôn uông uôt ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu \
    y yêm yên yêng yêt yêu yt ynh ych
    """.split(separator: " ").map(String.init))

  private static let tones: Set<Unicode.Scalar> = [
    "\u{300}", "\u{301}", "\u{303}", "\u{309}", "\u{323}",
  ]

  /// Whether `word`, letters in NFC, has an onset and a rhyme of Vietnamese and at most one tone mark.
  static func fits(_ word: String) -> Bool {
    let parts = word.lowercased().decomposedStringWithCanonicalMapping.unicodeScalars
    let marks = parts.count { tones.contains($0) }
    if marks > 1 { return false }
    let plain = String(String.UnicodeScalarView(parts.filter { !tones.contains($0) }))
      .precomposedStringWithCanonicalMapping
    return onsets.contains {
      plain.hasPrefix($0) && rhymes.contains(String(plain.dropFirst($0.count)))
    }
      && isSanelyCased(word)
  }

  /// All capitals, all small letters, or small letters behind a capital.
  static func isSanelyCased(_ word: String) -> Bool {
    let rest = word.dropFirst()
    return rest.allSatisfy { !$0.isUppercase } || word.allSatisfy { !$0.isLowercase }
  }
}
