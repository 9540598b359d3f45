import CanvassEstimation
import CanvassScoring
import CanvassSurvey

/// Warns of observed ends of scales that sampling error could have let another unit set.
enum ObservedEndsWatch {
  /// More draws than this share are worth a warning.
  static let limit = 0.05

  /// The ends of the plan's leaves, from the estimates of the units.
  static func warnings(
    _ plan: ScoringPlan, _ results: [MeasureResult], by estimator: Estimator,
    minimumRespondents: Int
  ) throws(Diagnostic) -> [LocalizedText] {
    var found: [String] = []
    for (index, node) in plan.tree.nodes.enumerated() {
      guard let normalization = node.normalization, let measure = plan.measureOfNode[index] else {
        continue
      }
      let ends = [(normalization.low, false), (normalization.high, true)].filter {
        $0.0 == .observed
      }
      if ends.isEmpty { continue }
      let units = results[measure].domains.compactMap { result in
        result.support.respondents >= minimumRespondents ? result.estimate : nil
      }
      let covariance = try estimator.covariances(of: units.map(\.influence))
      for (_, highest) in ends {
        let share = ObservedEnds.shareSetByAnother(
          units.map(\.value), covariance: covariance, highest: highest)
        if share > limit {
          found.append("\(node.id) \(highest ? "high" : "low") (\(Int((share * 100).rounded())) %)")
        }
      }
    }
    if found.isEmpty { return [] }
    let list = found.joined(separator: ", ")
    return [
      LocalizedText(
        en: "Observed ends of scales that another unit sets in over 5 % of draws around the "
          + "estimates, so that standard errors there say too little: \(list).",
        vi:
          "Đầu thang quan sát mà trên 5 % lần mô phỏng quanh ước lượng do đơn vị khác quyết định, "
          + "nên sai số chuẩn ở đó bị đánh giá thấp: \(list).")
    ]
  }
}
