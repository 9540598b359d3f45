/// The spelling of a place taken apart, so that spellings of one name agree and others do not.
///
/// Case, blanks, punctuation, the letters Ð and ð that stand for Đ and đ in real files, composed and
/// decomposed letters, and the place of the tone in its syllable (`Hoà` and `Hòa`) make no difference.
/// Words that say what kind of place it is (`TP.`, `Tỉnh`, `Thành phố`, `City`) can be left off.
struct PlaceName: Hashable {
  /// A letter without marks, and the mark that makes it another letter: `â` is `a` with 1.
  private struct Letter: Hashable {
    let plain: Character
    let mark: UInt8
  }

  /// A syllable: its letters, and its tones in rising order wherever they were written.
  private struct Word: Hashable {
    var letters: [Letter] = []
    var tones: [UInt8] = []

    var plain: String { String(letters.map(\.plain)) }

    /// Whether every mark of this word is also on `other`, which has the same plain letters.
    func hasNoMarkBeyond(_ other: Word) -> Bool {
      letters.count == other.letters.count
        && zip(letters, other.letters).allSatisfy {
          $0.plain == $1.plain && ($0.mark == 0 || $0.mark == $1.mark)
        }
        && tones.allSatisfy(other.tones.contains)
    }
  }

  private let words: [Word]

  /// Takes a spelling apart.
  init(_ text: String) {
    var words: [Word] = []
    var word = Word()
    for character in text.lowercased() {
      let parts = PlaceName.parts[character]
      guard parts != nil || character.isLetter || character.isNumber else {
        if !word.letters.isEmpty { words.append(word) }
        word = Word()
        continue
      }
      word.letters.append(parts?.letter ?? Letter(plain: character, mark: 0))
      if let tone = parts?.tone, tone > 0 { word.tones = (word.tones + [tone]).sorted() }
    }
    if !word.letters.isEmpty { words.append(word) }
    self.words = words
  }

  private init(words: [Word]) { self.words = words }

  /// Whether nothing is left of the spelling.
  var isEmpty: Bool { words.isEmpty }

  /// The name without the words for its kind; a name that consists of nothing else stays.
  var bare: PlaceName {
    var rest = words[...]
    while let kind = PlaceName.kindsBefore.first(where: { kind in
      rest.count > kind.count && rest.starts(with: kind) { $0.hasNoMarkBeyond($1) }
    }) {
      rest = rest.dropFirst(kind.count)
    }
    while let last = rest.last, rest.count > 1, PlaceName.kindsBehind.contains(last.plain) {
      rest = rest.dropLast()
    }
    return PlaceName(words: Array(rest))
  }

  /// The letters without marks, blanks and signs, for looking a spelling up.
  var plain: String { words.map(\.plain).joined() }

  /// The same with blanks, for telling how near two names are.
  var spaced: String { words.map(\.plain).joined(separator: " ") }

  /// Whether this is the other name with some or all of its marks left off, and none that it lacks.
  ///
  /// Where both have the same words tones are compared word by word, else in all.
  func isUnmarked(_ other: PlaceName) -> Bool {
    if words.count == other.words.count {
      return zip(words, other.words).allSatisfy { $0.hasNoMarkBeyond($1) }
    }
    return PlaceName.joined(words).hasNoMarkBeyond(PlaceName.joined(other.words))
  }

  private static func joined(_ words: [Word]) -> Word {
    Word(letters: words.flatMap(\.letters), tones: words.flatMap(\.tones))
  }

  /// Words before a name that say what kind of place it is, the longer ones first.
  private static let kindsBefore: [[Word]] = [
    "thành phố trực thuộc trung ương", "province of", "city of", "thành phố", "thủ đô", "tỉnh",
    "t p", "tp", "t",
  ].map { PlaceName($0).words }

  /// Words behind a name that do.
  private static let kindsBehind: Set<String> = ["city", "province", "municipality"]

  /// The Vietnamese letters with their parts; characters compare by canonical equivalence, so that a
  /// letter is found however it is composed.
  private static let parts: [Character: (letter: Letter, tone: UInt8)] = {
    let bases: [(Character, [Character])] = [
      ("a", ["a", "â", "ă"]), ("e", ["e", "ê"]), ("i", ["i"]), ("o", ["o", "ô", "", "ơ"]),
      ("u", ["u", "", "", "ư"]), ("y", ["y"]),
    ].map { plain, letters in (plain, letters.map { $0.first ?? " " }) }
    var parts: [Character: (letter: Letter, tone: UInt8)] = [:]
    for (plain, letters) in bases {
      for (mark, base) in letters.enumerated() where base != " " {
        let letter = Letter(plain: plain, mark: UInt8(mark))
        parts[base] = (letter, 0)
        for (tone, sign) in ["\u{300}", "\u{301}", "\u{303}", "\u{309}", "\u{323}"].enumerated() {
          for character in String(base) + sign { parts[character] = (letter, UInt8(tone + 1)) }
        }
      }
    }
    for stroke in ["đ", "\u{F0}", "\u{256}"] as [Character] {
      parts[stroke] = (Letter(plain: "d", mark: 1), 0)
    }
    return parts
  }()
}
