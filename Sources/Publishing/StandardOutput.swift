public import CanvassSurvey
import Glibc

/// Results for the standard output, written with every call checked.
public enum StandardOutput {
  /// Writes all bytes.
  ///
  /// - Throws: `inputOutput` where they cannot all be written: a full disk, a closed output, or a reader
  ///   that has gone (SIGPIPE is turned into this error, so that a run under way can still tidy up).
  public static func write(_ bytes: [UInt8]) throws(Diagnostic) {
    try write(bytes, to: STDOUT_FILENO)
  }

  /// Writes a text.
  public static func write(_ text: String) throws(Diagnostic) {
    try write(Array(text.utf8))
  }

  /// Writes to any open file as if it were the standard output.
  package static func write(_ bytes: [UInt8], to file: Int32) throws(Diagnostic) {
    signal(SIGPIPE, SIG_IGN)
    do {
      try CheckedFile.write(bytes, to: file, named: "standard output")
    } catch {
      throw Diagnostic(
        error.kind, error.what, at: error.place, why: error.why,
        remedy:
          "send the output elsewhere; a run that was published before this lies complete in its folder"
      )
    }
  }

  /// Whether the standard output is a terminal.
  public static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Columns of the terminal, or nil where there is none.
  public static var width: Int? {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}
