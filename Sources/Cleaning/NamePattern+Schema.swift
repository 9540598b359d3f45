import CanvassSurvey

extension NamePattern {
  /// The names that any of the patterns fits, in their order; a pattern that fits none is an error.
  static func names(_ patterns: [String], in schema: Schema) throws(Diagnostic) -> Set<String> {
    var found = Set<String>()
    for pattern in patterns {
      let fitting = schema.names.filter(NamePattern(pattern).matches)
      if fitting.isEmpty {
        throw Diagnostic(
          .badPipeline, "no variable of the data fits '\(pattern)'",
          remedy: Suggestion.phrase(for: pattern, among: schema.names)
            ?? "run 'canvass inspect' on the drop to see its columns")
      }
      found.formUnion(fitting)
    }
    return found
  }
}
