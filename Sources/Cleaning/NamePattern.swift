import CanvassSurvey

/// A pattern of variable names: `*` stands for any characters, none included, `?` for one.
struct NamePattern {
  private let pattern: [Character]

  init(_ pattern: String) {
    self.pattern = Array(pattern)
  }

  /// Whether the whole of `name` fits; the time is bounded by the product of the lengths.
  func matches(_ name: String) -> Bool {
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

  /// The names that any of the patterns fits, in their order; a pattern that fits none is an error.
  static func names(_ patterns: [String], in schema: Schema) throws(Diagnostic) -> Set<String> {
    var found = Set<String>()
    for pattern in patterns {
      let fitting = schema.names.filter(NamePattern(pattern).matches)
      if fitting.isEmpty {
        throw Diagnostic(
          .badPipeline, "no variable of the data fits '\(pattern)' of a rule for missing codes",
          remedy: Suggestion.phrase(for: pattern, among: schema.names)
            ?? "run 'canvass inspect' on the drop to see its columns")
      }
      found.formUnion(fitting)
    }
    return found
  }
}
