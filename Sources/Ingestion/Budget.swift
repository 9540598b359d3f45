import CanvassSurvey

/// How much a drop may still unpack to.
final class Budget {
  private let path: String
  private let packed: Int
  private var used = 0

  init(path: String, packed: Int) {
    self.path = path
    self.packed = packed
  }

  func spend(_ count: Int) throws(Diagnostic) {
    used += count
    if used > DropMembers.mostBytes || (used > 100 << 20 && used > 1_000 * packed) {
      throw Diagnostic(
        .badData, "the archive unpacks to more than a survey can hold", at: path,
        why: "the limits are 16 GiB, and a thousand times the packed size beyond 100 MiB")
    }
  }
}
