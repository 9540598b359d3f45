import CanvassScoring
import CanvassSurvey

/// The columns of an index structure table, the same names as the keys of a node in the pipeline file.
enum StructureColumns {
  static let all: [(name: String, about: String)] = [
    ("node", "the node's identifier"),
    ("parent", "the node it is a part of; empty for an index"),
    ("level", "index, dimension, subdimension, indicator or any other word"),
    ("title_en", "the English title"),
    ("title_vi", "the Vietnamese title"),
    ("variable", "a leaf's variable"),
    ("statistic", "mean, share or ratio"),
    ("denominator", "the denominator's variable, for a ratio"),
    ("good", "answers that count as 1, separated by |"),
    ("low", "the lower end of the scale"),
    ("high", "the upper end of the scale"),
    ("direction", "up, or down where a low value is good"),
    ("dont_know", "what don't know counts as; empty: left out"),
    ("refused", "what a refusal counts as; empty: left out"),
    ("skipped", "what a skipped question counts as; empty: left out"),
    ("not_selected", "what a question not selected counts as; empty: left out"),
    ("blank", "what a blank counts as; empty: left out"),
    ("constant", "counts as this number on the index scale whatever the data say"),
    ("weight", "the weight in the parent"),
    ("multiplier", "multiplies the combined value"),
    ("average_first", "respondents or units"),
    ("combine", "mean, weighted or sum"),
    ("missing", "drop, keep or blank: what a part without a value does"),
    ("scored", "no: published only"),
  ]

  static let names = all.map(\.name)
}

/// One line of an index structure, as text with its place.
struct StructureRow {
  /// The texts by column; empty cells are absent.
  let cells: [String: String]
  /// `file:line` or `file:line:column`.
  let place: String
}

/// Rules of a level for nodes that have none of their own.
struct LevelRules {
  var averageFirst: AverageFirst?
  var combine: Combination?
  var missing: MissingPart?
}
