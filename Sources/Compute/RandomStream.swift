/// A stream of random numbers that depends on its keys alone, never on threads or call order elsewhere.
///
/// SplitMix64 (Steele, Lea & Flood 2014) started from a hash of the keys: `(seed, replicate, stratum)`
/// names one stream on every machine.
public struct RandomStream: Sendable, RandomNumberGenerator {
  @usableFromInline var state: UInt64

  /// The stream named by `seed` and any number of further keys; their order matters.
  @inlinable
  public init(seed: UInt64, _ keys: UInt64...) {
    var hash = RandomStream.mix(seed &+ 0x9E37_79B9_7F4A_7C15)
    for key in keys {
      hash = RandomStream.mix(hash ^ RandomStream.mix(key &+ 0xD1B5_4A32_D192_ED03))
    }
    state = hash
  }

  /// The next 64 random bits.
  @inlinable
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return RandomStream.mix(state)
  }

  /// The next number in [0, 1), with 53 random bits.
  @inlinable
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// The next whole number in 0 ..< `bound` without bias (Lemire 2019); `bound` must be positive.
  @inlinable
  public mutating func below(_ bound: Int) -> Int {
    precondition(bound > 0, "a random number needs a positive bound")
    let range = UInt64(bound)
    var product = next().multipliedFullWidth(by: range)
    if product.low < range {
      let threshold = (0 &- range) % range
      while product.low < threshold { product = next().multipliedFullWidth(by: range) }
    }
    return Int(product.high)
  }

  /// The finalizer of SplitMix64: a bijection of 64-bit words in which every bit depends on every bit.
  @inlinable
  public static func mix(_ word: UInt64) -> UInt64 {
    var z = word
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
