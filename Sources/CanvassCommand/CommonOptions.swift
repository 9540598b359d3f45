import ArgumentParser
import CanvassCompute
import CanvassPublishing
import Glibc

/// Options that several commands share.
struct CommonOptions: ParsableArguments {
  @Option(help: "Threads to use; never changes a result.")
  var threads: Int?

  @Flag(help: "Print one JSON object instead of a table.")
  var json = false

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads must be a whole number from 1 to 1024")
    }
  }

  /// The workers asked for, or one for each processor that this process may use.
  var workers: Workers {
    if let threads { return Workers(threads) }
    var set = cpu_set_t()
    guard sched_getaffinity(0, MemoryLayout<cpu_set_t>.size, &set) == 0 else { return Workers(1) }
    let count = withUnsafeBytes(of: set) { $0.reduce(0) { $0 + $1.nonzeroBitCount } }
    return Workers(count)
  }
}
