/// A value of Kleene's three-valued logic, kept in buffers as its raw byte.
public enum Truth: UInt8, CaseIterable, Sendable, Hashable {
  /// The condition does not hold.
  case no = 0
  /// The condition holds.
  case yes = 1
  /// A value that the condition needs is missing.
  case unknown = 2

  static func negate(_ truth: inout [UInt8]) {
    // 0 ↔ 1, 2 stays.
    for row in truth.indices { truth[row] = truth[row] ^ (1 ^ (truth[row] >> 1)) }
  }

  static func and(_ truth: inout [UInt8], _ other: [UInt8]) {
    for row in truth.indices {
      let (a, b) = (truth[row], other[row])
      truth[row] = a == 0 || b == 0 ? 0 : max(a, b)
    }
  }

  static func or(_ truth: inout [UInt8], _ other: [UInt8]) {
    for row in truth.indices {
      let (a, b) = (truth[row], other[row])
      truth[row] = a == 1 || b == 1 ? 1 : max(a, b)
    }
  }
}
