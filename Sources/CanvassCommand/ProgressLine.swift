import CanvassPipeline
import Glibc
import Synchronization

/// Shows progress: one redrawn line on a terminal, one plain line per stage elsewhere.
final class ProgressLine: Sendable {
  private struct State {
    var stage = ""
    var lastDrawn: Double = 0
    var drawn = false
  }

  private let state = Mutex(State())
  private let quiet: Bool

  /// A progress line; `quiet` shows nothing.
  init(quiet: Bool) {
    self.quiet = quiet
  }

  /// Takes an event of a run; may be called from any thread.
  func show(_ event: RunProgress) {
    if quiet { return }
    state.withLock { state in
      switch event {
      case .stage(let name):
        if Terminal.redraws {
          draw("\(name) …", &state)
        } else {
          Terminal.say("canvass: \(name)")
        }
        state.stage = name
      case .reading(let bytes, let total, let rows):
        guard Terminal.redraws else { return }
        let now = ProgressLine.seconds()
        if now - state.lastDrawn < 0.1 { return }
        state.lastDrawn = now
        let share = total > 0 ? min(1, Double(bytes) / Double(total)) : 0
        let filled = Int(share * 30)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
        draw("\(state.stage) \(bar) \(Int(share * 100)) %  \(rows) rows", &state)
      case .note(let text): Terminal.say((state.drawn ? "\n" : "") + "note: \(text)")
      case .done:
        if state.drawn { Terminal.write("\r\u{1B}[2K") }
        state.drawn = false
      }
    }
  }

  private func draw(_ text: String, _ state: inout State) {
    Terminal.write("\r\u{1B}[2K\(text)")
    state.drawn = true
  }

  private static func seconds() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9
  }
}
