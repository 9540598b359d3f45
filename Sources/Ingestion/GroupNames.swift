import CanvassSurvey

/// The names of questions without the groups around them, as field tools export them: `household/age`.
enum GroupNames {
  /// The names behind their last separator; where what stands before it is a column itself, as `q7` is for
  /// the choice `household/q7/1`, it belongs to the name.
  ///
  /// - Throws: `badData` where two names become one.
  static func shortened(
    _ names: [String], separator: Character, place: String
  ) throws(Diagnostic) -> [String] {
    let known = Set(names)
    var originOf: [String: String] = [:]
    var short: [String] = []
    for name in names {
      let end = name.lastIndex(of: separator)
      var own = end.map { String(name[name.index(after: $0)...]) } ?? name
      if let end, known.contains(String(name[..<end])) {
        let question = name[..<end]
        own =
          (question.split(separator: separator).last.map(String.init) ?? "")
          + String(separator) + own
      }
      if own.isEmpty { own = name }
      if let other = originOf.updateValue(name, forKey: own) {
        throw Diagnostic(
          .badData, "two columns are called '\(own)' without their groups", at: "\(place):1:1",
          why: "they are '\(other)' and '\(name)'",
          remedy: "leave 'group_separator' out, or rename one of the questions")
      }
      short.append(own)
    }
    return short
  }
}
