/// Names as a message lists them: the first eight, and how many there are.
enum BriefList {
  static func text(_ names: [String]) -> String {
    let shown = names.prefix(8).joined(separator: ", ")
    return names.count > 8 ? "\(shown) … (\(names.count))" : shown
  }
}
