import CanvassSurvey
import CanvassWeighting

/// Groups of margins that nobody in the sample belongs to.
enum MarginGroups {
  /// A note for each calibration whose margins have groups without a row; they weight nobody.
  static func notes(_ steps: [WeightingRequest], table: Table) -> [LocalizedText] {
    var notes: [LocalizedText] = []
    for step in steps {
      let within: String?
      let margins: [Margin]
      switch step {
      case .rake(let name, let list, _, _, _): (within, margins) = (name, list)
      case .postStratify(let name, let margin): (within, margins) = (name, [margin])
      case .calibrate(let request): (within, margins) = (request.within, request.margins)
      default: continue
      }
      guard let within, let column = table[within] else { continue }
      let present = Set(column.grouped().levels)
      let absent = Set(margins.flatMap(\.targets.keys)).subtracting(present)
      if absent.isEmpty { continue }
      let list = absent.sorted(by: Column.precedes).joined(separator: ", ")
      notes.append(
        LocalizedText(
          en: "The margins hold populations of '\(within)' that the sample does not: \(list).",
          vi: "Bảng biên có dân số của '\(within)' không có trong mẫu: \(list)."))
    }
    return notes
  }
}
