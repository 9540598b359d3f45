import CanvassEstimation
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
    ("source", "respondents or table: where the variable is; the only one there is if absent"),
    ("statistic", IndexLeaf.Statistic.allCases.map(\.rawValue).joined(separator: ", ")),
    ("denominator", "the denominator's variable, for a ratio"),
    ("probability", "of a quantile, between 0 and 1"),
    (
      "quantile_rule",
      "of a quantile or median: " + QuantileRule.allCases.map(\.rawValue).joined(separator: ", ")
    ),
    (
      "quantile_interval",
      "of a quantile or median: "
        + QuantileInterval.allCases.map(\.rawValue).joined(separator: ", ")
    ),
    ("definition", "what exactly is counted; a ratio of published counts needs it"),
    ("definition_vi", "the same in Vietnamese"),
    ("good", "answers that count as 1, separated by |"),
    ("normalize", Normalization.Method.allCases.map(\.rawValue).joined(separator: ", ")),
    ("low", "the lower end of the scale, a number or 'observed' over the units"),
    ("high", "the upper end of the scale, a number or 'observed' over the units"),
    ("direction", "up, or down where a low value is good"),
    ("clamp", "yes: values beyond the ends of the scale count as the ends"),
    ("floor", "a lower value counts as this, before anything else"),
    ("ceiling", "a higher value counts as this, before anything else"),
    ("transform", "log, shifted-log or winsorize, before the value is normalized"),
    ("reference", "the code of the reference unit, for distance-to-reference"),
    ("target", "the target, for distance-to-target"),
    ("impute", "mean, median, group or last-round: what stands in for a unit's missing value"),
    ("dont_know", "what don't know counts as; empty: left out"),
    ("refused", "what a refusal counts as; empty: left out"),
    ("skipped", "what a skipped question counts as; empty: left out"),
    ("not_selected", "what a question not selected counts as; empty: left out"),
    ("blank", "what a blank counts as; empty: left out"),
    ("constant", "counts as this number on the index scale whatever the data say"),
    ("weight", "the weight in the parent"),
    ("multiplier", "multiplies the combined value, before it is normalized"),
    ("divisor", "what a mean divides by instead of the sum of the weights"),
    ("average_first", "respondents or units"),
    ("combine", Combination.allCases.map(\.rawValue).joined(separator: ", ")),
    ("exponent", "of a power mean"),
    (
      "weights",
      "given, equal, principal-component or regression: where the parts' weights come from"
    ),
    ("outcome", "the node that a regression explains"),
    ("missing", "drop, keep or blank: what a part without a value does"),
    ("scored", "no: published only"),
    ("same_as", "the node of former rounds that it is, whatever the definitions say"),
    ("break_since", "the first year since which it cannot be compared with former rounds"),
    ("break_reason", "why: the wording, the mode of interview …"),
    ("years", "2019, 2021-2024 or 2023-, separated by |: the line holds in these years alone"),
  ]

  static let names = all.map(\.name)
}

/// One line of an index structure, as text with its place.
struct StructureRow {
  /// The texts by column; empty cells are absent.
  var cells: [String: String]
  /// `file:line` or `file:line:column`.
  let place: String
  /// The places of the cells, `file:line:column`; in a table the column is its number.
  var cellPlaces: [String: String]

  /// An error of the line, or of one of its cells.
  func error(_ what: String, in column: String? = nil, remedy: String? = nil) -> Diagnostic {
    Diagnostic(
      .badPipeline, what, at: column.flatMap { cellPlaces[$0] } ?? place, remedy: remedy)
  }

  /// The number in a cell.
  func number(_ column: String) throws(Diagnostic) -> Double? {
    guard let text = cells[column] else { return nil }
    guard let number = StrictNumber.parse(text) else {
      throw error("'\(column)' must be a number", in: column)
    }
    return number
  }

  /// The text of a cell, which must be one of `words`.
  func choice(_ column: String, among words: [String]) throws(Diagnostic) -> String? {
    guard let text = cells[column] else { return nil }
    guard words.contains(text) else {
      throw error(
        "'\(column)' must be one of: \(words.joined(separator: ", "))", in: column,
        remedy: Suggestion.phrase(for: text, among: words))
    }
    return text
  }

  /// The word of an enumeration in a cell.
  func word<Word: RawRepresentable & CaseIterable>(
    _ column: String
  ) throws(Diagnostic) -> Word? where Word.RawValue == String {
    try choice(column, among: Word.allCases.map(\.rawValue)).flatMap(Word.init(rawValue:))
  }
}

/// Rules of a level for nodes that have none of their own.
struct LevelRules {
  /// The rules as cells of a line: their keys are columns of the structure.
  let cells: [String: String]
}
