import ArgumentParser
import CanvassCompute
import CanvassPublishing
import Foundation

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
    return Workers(ProcessInfo.processInfo.activeProcessorCount)
  }
}
