/// Near names for a name that does not exist.
public enum Suggestion {
  /// `did you mean 'x'?` for the candidate nearest to `name`, or nil where none is near.
  ///
  /// Near means an edit distance of about a third of the longer name at most; ties go to the first in order.
  public static func phrase(for name: String, among candidates: [String]) -> String? {
    var best: (distance: Int, candidate: String)?
    for candidate in candidates {
      let distance = editDistance(name.lowercased(), candidate.lowercased())
      if distance <= max(1, (max(name.count, candidate.count) + 1) / 3),
        best.map({ distance < $0.distance }) ?? true
      {
        best = (distance, candidate)
      }
    }
    return best.map { "did you mean '\($0.candidate)'?" }
  }

  /// Levenshtein's distance: insertions, deletions and replacements of characters.
  static func editDistance(_ first: String, _ second: String) -> Int {
    let a = Array(first)
    let b = Array(second)
    var row = Array(0...b.count)
    for i in 0..<a.count {
      var diagonal = row[0]
      row[0] = i + 1
      for j in 0..<b.count {
        let above = row[j + 1]
        row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0 : 1))
        diagonal = above
      }
    }
    return row[b.count]
  }
}
