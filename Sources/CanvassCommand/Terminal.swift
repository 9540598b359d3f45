import CanvassPublishing
import Glibc

/// Standard error and what it is connected to.
enum Terminal {
  /// Writes a line to standard error; a standard error that is closed must not stop a run.
  static func say(_ line: String) {
    write(line + "\n")
  }

  /// Writes text to standard error as it is.
  static func write(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if written < 0 && errno == EINTR { continue }
      if written <= 0 { return }
      bytes = bytes.dropFirst(written)
    }
  }

  /// Whether standard error is a terminal that can redraw a line.
  static let redraws = isatty(STDERR_FILENO) == 1 && variable("TERM") != "dumb"

  /// Whether standard output may be coloured: a terminal, and NO_COLOR is not set (no-color.org).
  static let colours =
    StandardOutput.isTerminal && variable("TERM") != "dumb" && (variable("NO_COLOR") ?? "").isEmpty

  private static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}
