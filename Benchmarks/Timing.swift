import Glibc

/// Seconds of repeated work.
struct Timing {
  private(set) var seconds: [Double] = []

  /// Runs `work` `count` times after one run that is not counted.
  static func measure(_ count: Int, _ work: () throws -> Void) rethrows -> Timing {
    var timing = Timing()
    try work()
    for _ in 0..<count {
      let start = now()
      try work()
      timing.seconds.append(now() - start)
    }
    return timing
  }

  /// Minimum, median and maximum in milliseconds.
  var summary: String {
    let sorted = seconds.sorted()
    func text(_ value: Double) -> String {
      let tenths = Int((value * 10_000).rounded())
      return "\(tenths / 10).\(tenths % 10)"
    }
    return "median \(text(sorted[sorted.count / 2])) ms "
      + "(\(text(sorted[0])) to \(text(sorted[sorted.count - 1])), \(sorted.count) runs)"
  }

  /// The median in seconds.
  var median: Double { seconds.sorted()[seconds.count / 2] }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
