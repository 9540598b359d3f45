import CanvassPublishing
import Dispatch
import Glibc

/// SIGINT and SIGTERM end a run with 130 and 143 and leave nothing half-written behind.
enum Interruption {
  private static let queue = DispatchQueue(label: "canvass.signals")
  // Sources live as long as the process; the array is written once, before any task starts.
  nonisolated(unsafe) private static var sources: [any DispatchSourceSignal] = []

  /// Starts to listen.
  static func install() {
    sources = [(SIGINT, Int32(130)), (SIGTERM, 143), (SIGHUP, 129)].map { number, code in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        RunFolder.removeStaging()
        Terminal.say("interrupted; earlier results are untouched")
        _exit(code)
      }
      source.resume()
      return source
    }
  }
}
