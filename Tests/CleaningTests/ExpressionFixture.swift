import CanvassCleaning
import CanvassSurvey

/// Five rows with a missing value of every kind that matters to expressions.
let people = Table(columns: [
  Column(name: "age", numbers: [17, 18, 30, 64, nil]),
  Column(name: "sex", numbers: [1, 2, nil, 3, 2]),
  Column(
    name: "d5", values: .integers([0, 4, 0, 0, 7]),
    reasons: [MissingReason.skipped.rawValue, 0, MissingReason.dontKnow.rawValue, 1, 0]),
  Column(name: "weight", numbers: [0.5, 1.25, 2, 0, 1.5]),
  Column(name: "home", strings: ["Huế", "Hà Nội", nil, "An Giang", "Huế"]),
  Column(name: "born", strings: ["Huế", "An Giang", "Huế", nil, "Cà Mau"]),
  Column(name: "silent", numbers: [nil, nil, nil, nil, nil]),
])

/// The truth of `text` in the rows of `people`: 0, 1, or ? for unknown.
func truth(_ text: String, in table: Table = people) throws -> String {
  let bytes = try Expression.parse(text).truth(in: table)
  return bytes.map { ["0", "1", "?"][Int($0)] }.joined()
}

/// The error that parsing and checking `text` gives, or nil.
func fault(_ text: String, in table: Table = people) -> Diagnostic? {
  do throws(Diagnostic) {
    try Expression.parse(text).check(against: table)
    return nil
  } catch {
    return error
  }
}
