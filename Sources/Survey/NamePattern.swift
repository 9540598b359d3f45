/// A pattern of names, of variables or of members: `*` stands for any characters, none included, `?` for
/// one.
public struct NamePattern: Sendable {
  private let pattern: [Character]

  /// The pattern that a text writes.
  public init(_ pattern: String) {
    self.pattern = Array(pattern)
  }

  /// Whether the whole of `name` fits; the time is bounded by the product of the lengths.
  public func matches(_ name: String) -> Bool {
    let name = Array(name)
    var inPattern = 0
    var inName = 0
    var star: (pattern: Int, name: Int)?
    while inName < name.count {
      if inPattern < pattern.count, pattern[inPattern] == "*" {
        star = (inPattern, inName)
        inPattern += 1
      } else if inPattern < pattern.count,
        pattern[inPattern] == "?" || pattern[inPattern] == name[inName]
      {
        inPattern += 1
        inName += 1
      } else if let last = star {
        // The last star takes one character more.
        star = (last.pattern, last.name + 1)
        inPattern = last.pattern + 1
        inName = last.name + 1
      } else {
        return false
      }
    }
    return pattern[inPattern...].allSatisfy { $0 == "*" }
  }
}
