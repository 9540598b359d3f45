/// Names of members: `*` stands for any characters, `?` for one.
enum NameGlob {
  /// Whether the whole of `name` matches `pattern`.
  static func matches(_ pattern: String, _ name: String) -> Bool {
    let (p, n) = (Array(pattern), Array(name))
    var (i, j) = (0, 0)
    var star: (pattern: Int, name: Int)?
    while j < n.count {
      if i < p.count, p[i] == "*" {
        star = (i, j)
        i += 1
      } else if i < p.count, p[i] == "?" || p[i] == n[j] {
        i += 1
        j += 1
      } else if let last = star {
        i = last.pattern + 1
        j = last.name + 1
        star = (last.pattern, j)
      } else {
        return false
      }
    }
    return p[i...].allSatisfy { $0 == "*" }
  }
}
