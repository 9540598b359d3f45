import Glibc
import Synchronization

/// Everything a run writes is its owner's alone, except what the user's own umask lets others see of it.
public enum Privacy {
  /// The user's umask; nil before ``begin()``.
  private static let mask = Mutex<mode_t?>(nil)

  /// New files and folders get no rights for group and others, and no core dump is written: both could
  /// hold respondents. To be called once, at the start of the program.
  public static func begin() {
    let users = umask(0o077)
    mask.withLock { $0 = users }
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
  }

  /// Gives a new file or folder the rights `mode`, less what the user's umask takes away.
  ///
  /// Rights of the owner are there from the start, so that nothing is ever wider than it comes to be.
  static func grant(_ file: Int32, _ mode: UInt32) -> Bool {
    guard mode & 0o077 != 0, let users = mask.withLock({ $0 }) else { return true }
    return fchmod(file, mode_t(mode) & ~users) == 0
  }
}
