import CanvassPublishing
import CanvassSurvey

extension PlanReader {
  /// What the file says of the study under `about`.
  func study() throws(Diagnostic) -> StudyDescription {
    var study = StudyDescription()
    guard let about = root["about"] else { return study }
    for item in StudyDescription.Item.allCases {
      study.texts[item] = title(about[item.rawValue])
    }
    if let period = about["field_period"], let from = period["from"], let to = period["to"] {
      guard from.text <= to.text else {
        throw to.error("'field_period' ends before it begins")
      }
      study.fieldPeriod = StudyDescription.FieldPeriod(from: from.text, to: to.text)
    }
    return study
  }
}

extension PipelineShape {
  /// What people say of the study.
  static let about = Shape.object(
    StudyDescription.Item.allCases.map { .init($0.rawValue, .title, $0.about) } + [
      .init(
        "field_period",
        .object([
          .init("from", .date, required: true, "the first day of interviews"),
          .init("to", .date, required: true, "the last day of interviews"),
        ]), "when people were interviewed")
    ])
}
