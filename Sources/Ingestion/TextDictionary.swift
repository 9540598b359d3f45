/// Distinct byte strings of one column of one block, numbered in the order of appearance.
struct TextDictionary {
  private var arena: [UInt8] = []
  private var ends: [Int] = [0]
  private var slots: [Int32] = []

  /// The number of `text`, a new one where it has not been seen.
  mutating func code(of text: UnsafeBufferPointer<UInt8>) -> UInt32 {
    if ends.count * 2 > slots.count { grow() }
    let mask = slots.count - 1
    var slot = TextDictionary.hash(text) & mask
    while slots[slot] >= 0 {
      let code = Int(slots[slot])
      let range = ends[code]..<ends[code + 1]
      if range.count == text.count, arena[range].elementsEqual(text) { return UInt32(code) }
      slot = (slot + 1) & mask
    }
    slots[slot] = Int32(ends.count - 1)
    arena.append(contentsOf: text)
    ends.append(arena.count)
    return UInt32(ends.count - 2)
  }

  /// The strings by number; the bytes are valid UTF-8.
  var strings: [String] {
    (0..<ends.count - 1).map {
      String(decoding: arena[ends[$0]..<ends[$0 + 1]], as: UTF8.self)
    }
  }

  /// The byte strings by number.
  var entries: [ArraySlice<UInt8>] {
    (0..<ends.count - 1).map { arena[ends[$0]..<ends[$0 + 1]] }
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: max(64, slots.count * 2))
    let mask = slots.count - 1
    for code in 0..<ends.count - 1 {
      var slot = arena.withUnsafeBufferPointer {
        TextDictionary.hash(UnsafeBufferPointer(rebasing: $0[ends[code]..<ends[code + 1]]))
      }
      slot &= mask
      while slots[slot] >= 0 { slot = (slot + 1) & mask }
      slots[slot] = Int32(code)
    }
  }

  /// FNV-1a (Fowler, Noll and Vo), its high bits folded into the low ones.
  private static func hash(_ text: UnsafeBufferPointer<UInt8>) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Int(truncatingIfNeeded: (hash ^ (hash >> 32)) & 0x7FFF_FFFF)
  }
}
