import Glibc

/// Announces stages and measures how long each took, for the record alone.
struct StageClock {
  let progress: @Sendable (RunProgress) -> Void
  private(set) var seconds: [(stage: String, seconds: Double)] = []
  private var current: (stage: String, start: Double)?

  init(progress: @escaping @Sendable (RunProgress) -> Void) {
    self.progress = progress
  }

  /// Ends the stage that runs, and begins another.
  mutating func begin(_ stage: String) {
    end()
    progress(.stage(stage))
    current = (stage, StageClock.now())
  }

  /// Ends the stage that runs.
  mutating func end() {
    guard let (stage, start) = current else { return }
    seconds.append((stage, StageClock.now() - start))
    current = nil
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
