import CanvassEstimation
import CanvassPublishing
import CanvassScoring
import CanvassSurvey

/// What is estimated, and how sure it is.
struct VarianceWords {
  let request: SurveyRequest
  let content: ReportContent
  let confidence: Double

  var items: [MethodsSection.Item] {
    var items: [MethodsSection.Item] = [
      .text(
        LocalizedText(
          en:
            "Means, shares and ratios are ratios of weighted sums over the people of a unit or group (D is 1 for "
            + "them, else 0); a share has y = 1 for the answers that count as good.",
          vi:
            "Trung bình, tỷ lệ và tỷ số là thương của các tổng có quyền số trên người trả lời của một đơn vị "
            + "hoặc nhóm (D bằng 1 cho họ, ngược lại 0); tỷ lệ có y = 1 với câu trả lời được coi là tốt."
        )),
      .formula("R = Σ w D y / Σ w D x"),
    ]
    if let replicates = request.replicates { items += Self.replicates(replicates) }
    if request.replicates?.use != .all { items += linearization }
    items += intervals
    if let ranks = content.rows.ranks {
      items += Notes.ranks(content.rows).map { .text($0) }
      let percent = FixedNumber.text(ranks.rules.confidence * 100, decimals: 0)
      items.append(
        .text(
          LocalizedText(
            en: "Confidence of rank intervals: \(percent)%.",
            vi: "Độ tin cậy của khoảng hạng: \(percent)%.")))
    }
    return items
  }

  private var linearization: [MethodsSection.Item] {
    var items: [MethodsSection.Item] = [
      .text(
        LocalizedText(
          en:
            "Standard errors come from Taylor linearization: z is a respondent's linearized value, u its sum "
            + "over a sampling unit, h a stratum with m sampling units and the sampling fraction f. Later stages "
            + "with a known population add the same sum over their units times the fractions above. Scores made "
            + "of several numbers combine u by the chain rule, so that covariances are in it.",
          vi:
            "Sai số chuẩn dựa trên tuyến tính hoá Taylor: z là giá trị tuyến tính hoá của một người trả lời, u "
            + "là tổng trên một đơn vị mẫu, h là tầng có m đơn vị mẫu và tỷ lệ chọn f. Các cấp sau có tổng thể đã "
            + "biết cộng thêm tổng tương tự nhân với tỷ lệ chọn ở trên. Điểm ghép từ nhiều số liệu kết hợp u theo "
            + "quy tắc đạo hàm hàm hợp, nên có tính hiệp phương sai.")),
      .formula(
        "z = D (y − R x) / Σ w D x\nu = Σ(sampling unit) w z\n"
          + "V = Σ(h) (1 − f) m/(m − 1) Σ (u − ū)²"),
    ]
    if let rule = content.linearizationRule {
      items.append(
        .text(
          LocalizedText(
            en: "Calibrated weights: z is replaced by \(rule.en).",
            vi: "Với quyền số đã hiệu chỉnh, z được thay bằng \(rule.vi).")))
    }
    if request.uncertainty.variance == .pooled {
      items.append(
        .text(
          LocalizedText(
            en:
              "Variances of units are pooled: that of respondents drawn one by one, times a design effect "
              + "averaged over the units with their degrees of freedom as weights.",
            vi:
              "Phương sai của các đơn vị được gộp: phương sai như thể người trả lời được chọn độc lập, nhân hệ "
              + "số thiết kế trung bình của các đơn vị với trọng số là bậc tự do.")))
      items.append(
        .formula("V(unit) = d · n/(n − 1) · s²/n_eff,  n_eff = (Σ w)² / Σ w²\nd = Σ df V/V₀ / Σ df")
      )
    }
    return items
  }

  private static func replicates(_ plan: ReplicatePlan) -> [MethodsSection.Item] {
    let method = plan.request.method.rawValue
    let which =
      plan.use == .all
      ? LocalizedText(en: "All standard errors", vi: "Mọi sai số chuẩn")
      : LocalizedText(
        en: "Standard errors that linearization cannot give",
        vi: "Sai số chuẩn mà tuyến tính hoá không cho được")
    let again = plan.request.reweight && plan.request.given == nil
    return [
      .text(
        LocalizedText(
          en: "\(which.en) come from replicates of the sample (\(method))"
            + (again ? ", weighted again in each." : "."),
          vi: "\(which.vi) dựa trên các mẫu lặp (\(method))"
            + (again ? ", tính lại quyền số trong mỗi mẫu." : "."))),
      .formula("V = c Σ(r) c(r) (θ(r) − θ̄)²"),
    ]
  }

  private var intervals: [MethodsSection.Item] {
    let percent = FixedNumber.text(confidence * 100, decimals: 0)
    let df =
      content.degreesOfFreedomRule
      ?? Notes.degreesOfFreedomRule(request.uncertainty, replicates: request.replicates)
    return [
      .text(
        LocalizedText(
          en: "Intervals hold with \(percent)% confidence and use Student's t with \(df.en).",
          vi: "Khoảng tin cậy \(percent)% dùng phân phối t của Student với \(df.vi).")),
      .formula("score ± t · √V"),
      .text(
        LocalizedText(
          en: "Intervals of shares (\(request.uncertainty.shareInterval.rawValue)):",
          vi: "Khoảng tin cậy của tỷ lệ (\(request.uncertainty.shareInterval.rawValue)):")),
      .formula(Self.formula(request.uncertainty.shareInterval)),
    ]
  }

  private static func formula(_ method: ShareIntervalMethod) -> String {
    switch method {
    case .mean: "p ± t √v"
    case .logit, .xlogit: "log(p/(1 − p)) ± t √v / (p(1 − p)), then back"
    case .asin: "arcsin √p ± t √(v / (4p(1 − p))), then back"
    case .beta: "beta quantiles with n* (t(n − 1)/t)² respondents, n* = p(1 − p)/v"
    case .wilson: "|p − q| ≤ t √(q(1 − q)/n*), n* = p(1 − p)/v"
    case .likelihood: "2(n − 1) KL(p‖q) ≤ t² · v n/(p(1 − p))"
    }
  }
}
