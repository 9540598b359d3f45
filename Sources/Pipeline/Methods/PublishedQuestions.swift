import CanvassCleaning
import CanvassScoring
import CanvassSurvey

/// The questions that the release tells of: those behind the index and its breakdowns.
enum PublishedQuestions {
  /// Each once in the order of its first use, with the codes that the pipeline file gives reasons besides the
  /// codebook's.
  static func variables(
    _ request: SurveyRequest, tree: IndexTree, codebook: Codebook?
  ) -> [Variable] {
    let leaves = tree.nodes.compactMap { node in
      node.leaf.flatMap { $0.source == .respondents ? $0 : nil }
    }
    let names = leaves.flatMap { [$0.variable] + ($0.denominator.map { [$0] } ?? []) }
    var seen: Set<String> = []
    return (names + request.breakdowns).filter { seen.insert($0).inserted }.map { name in
      var variable =
        codebook?[name] ?? Variable(name: name, title: LocalizedText(en: name))
      for rule in request.cleaning.missing
      where rule.variables.contains(where: { NamePattern($0).matches(name) }) {
        for (reason, codes) in rule.codes {
          for code in codes { variable.missingCodes[code] = reason }
        }
      }
      return variable
    }
  }
}
