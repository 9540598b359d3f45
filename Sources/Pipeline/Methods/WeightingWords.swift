import CanvassPublishing
import CanvassSurvey
import CanvassWeighting

/// Each step of weighting with its formula, and what the weights were like behind it.
struct WeightingWords {
  let steps: [WeightingRequest]
  let accounts: [WeightingAccount]

  var items: [MethodsSection.Item] {
    guard !steps.isEmpty else {
      return [
        .text(
          LocalizedText(
            en: "The pipeline file has no weighting: everybody weighs 1.",
            vi: "Tệp quy trình không có bước quyền số: mỗi người có quyền số 1."))
      ]
    }
    var items: [MethodsSection.Item] = [
      .text(
        LocalizedText(
          en:
            "A weight is the product of the factors of these steps; d is the weight that enters a step, w the "
            + "one that leaves it.",
          vi:
            "Quyền số là tích các hệ số của những bước sau; d là quyền số trước một bước, w là quyền số sau "
            + "bước đó."))
    ]
    for (place, step) in steps.enumerated() {
      let words = Self.words(step)
      items.append(
        .point(
          LocalizedText(
            en: "Step \(place + 1), \(words.text.en)", vi: "Bước \(place + 1), \(words.text.vi)"),
          depth: 0))
      if let formula = words.formula { items.append(.formula(formula)) }
    }
    items.append(
      .table(
        [
          LocalizedText(en: "Behind the step", vi: "Sau bước"),
          LocalizedText(en: "Kish design effect 1 + CV²", vi: "Hệ số thiết kế Kish 1 + CV²"),
          LocalizedText(en: "Least weight", vi: "Quyền số nhỏ nhất"),
          LocalizedText(en: "Greatest weight", vi: "Quyền số lớn nhất"),
        ],
        accounts.map { account in
          [
            account.name, FixedNumber.localized(account.kishDesignEffect, decimals: 3),
            FixedNumber.localized(account.range.lowerBound, decimals: 2),
            FixedNumber.localized(account.range.upperBound, decimals: 2),
          ]
        }))
    return items
  }

  private static func words(
    _ step: WeightingRequest
  ) -> (text: LocalizedText, formula: String?) {
    switch step {
    case .column(let name, _):
      (LocalizedText(en: "base: the variable \(name).", vi: "cơ bản: biến \(name)."), "d = \(name)")
    case .inverseOf(let names):
      (
        LocalizedText(
          en: "base: the inverse of the probability of selection.",
          vi: "cơ bản: nghịch đảo xác suất được chọn."),
        "d = 1 / (\(names.joined(separator: " · ")))"
      )
    case .design:
      (
        LocalizedText(
          en: "base: the inverse sampling fractions of the stages, multiplied.",
          vi: "cơ bản: tích nghịch đảo tỷ lệ chọn mẫu các cấp."), "d = Π M/m"
      )
    case .nonresponse(let cells, _): nonresponse(cells)
    case .postStratify(let within, let margin):
      (
        LocalizedText(
          en:
            "post-stratification to known counts by \(list([margin]))\(place(within).en).",
          vi: "hậu phân tầng theo số dân đã biết của \(list([margin]))\(place(within).vi)."),
        "w = d · N(cell) / Σ(cell) d"
      )
    case .rake(let within, let margins, let tolerance, _, _):
      (
        LocalizedText(
          en:
            "raking (iterative proportional fitting) to \(list(margins))\(place(within).en), until no margin "
            + "is off by more than \(Column.render(tolerance)) of itself.",
          vi:
            "hiệu chỉnh theo biên (raking) với \(list(margins))\(place(within).vi), đến khi không biên nào lệch "
            + "quá \(Column.render(tolerance))."),
        "repeat for each margin: w ← w · N(level) / Σ(level) w"
      )
    case .calibrate(let request): calibration(request)
    case .trim(let request): trimming(request)
    }
  }

  private static func nonresponse(_ cells: [String]) -> (LocalizedText, String) {
    let names = cells.joined(separator: " × ")
    return (
      LocalizedText(
        en:
          "nonresponse: within each cell of \(names) first the weight of cases of unknown eligibility goes to "
          + "the known ones, then that of nonrespondents to respondents. R, N, I, U are sums of d over "
          + "respondents, nonrespondents, ineligible and unknown cases.",
        vi:
          "không trả lời: trong mỗi ô \(names), quyền số của trường hợp không rõ tư cách được chuyển cho trường "
          + "hợp đã rõ, sau đó quyền số của người không trả lời chuyển cho người trả lời. R, N, I, U là tổng d "
          + "của người trả lời, không trả lời, không thuộc tổng thể và không rõ."),
      "w = d · (R + N + I + U) / (R + N + I) · (R + N) / R"
    )
  }

  private static func calibration(_ request: CalibrationRequest) -> (LocalizedText, String) {
    let targets =
      request.totals.map(\.variable) + request.margins.map { $0.variables.joined(separator: " × ") }
    let names = targets.joined(separator: ", ")
    let formula =
      switch request.distance {
      case .linear: "w = d · (1 + x′λ/v)"
      case .raking: "w = d · exp(x′λ/v)"
      case .logit:
        "w = d · (L(U − 1) + U(1 − L) exp(A x′λ/v)) / (U − 1 + (1 − L) exp(A x′λ/v))\n"
          + "A = (U − L) / ((1 − L)(U − 1))"
      }
    var bounds = LocalizedText(en: "")
    if let given = request.bounds {
      let ends = "\(Column.render(given.lower)) … \(Column.render(given.upper))"
      bounds = LocalizedText(en: ", factors within \(ends)", vi: ", hệ số trong khoảng \(ends)")
    }
    return (
      LocalizedText(
        en:
          "calibration to \(names)\(place(request.within).en) by the \(request.distance.rawValue) "
          + "distance\(bounds.en); x are the variables with known totals, λ solves Σ w x = T, v is "
          + "\(request.variance ?? "1").",
        vi:
          "hiệu chỉnh (calibration) theo \(names)\(place(request.within).vi) với khoảng cách "
          + "\(request.distance.rawValue)\(bounds.vi); x là các biến có tổng đã biết, λ thoả Σ w x = T, v là "
          + "\(request.variance ?? "1")."),
      formula + "\nΣ w x = T"
    )
  }

  private static func trimming(_ request: TrimmingRequest) -> (LocalizedText, String) {
    func limit(_ limit: WeightLimit) -> String {
      switch limit {
      case .absolute(let weight): Column.render(weight)
      case .timesMedian(let times): "\(Column.render(times)) · median(d)"
      case .timesMean(let times): "\(Column.render(times)) · mean(d)"
      case .quantile(let share): "quantile(d, \(Column.render(share)))"
      }
    }
    let rest =
      switch request.rest {
      case .once:
        LocalizedText(
          en: "what is cut off goes once, in equal parts, to the rows that were not trimmed",
          vi: "phần cắt được chia đều một lần cho các dòng không bị cắt")
      case .strict:
        LocalizedText(
          en:
            "what is cut off goes in equal parts to the other rows until no weight is beyond a limit",
          vi: "phần cắt được chia đều cho các dòng khác đến khi không quyền số nào vượt giới hạn")
      case .keepTotals:
        LocalizedText(
          en: "the weights are calibrated again to the totals before, within the limits",
          vi: "quyền số được hiệu chỉnh lại theo các tổng trước đó, trong giới hạn")
      }
    let ends =
      [request.lower.map { "w ≥ \(limit($0))" }, request.upper.map { "w ≤ \(limit($0))" }]
      .compactMap(\.self).joined(separator: ", ")
    return (
      LocalizedText(
        en: "trimming of extreme weights\(place(request.within).en): \(rest.en).",
        vi: "cắt quyền số cực trị\(place(request.within).vi): \(rest.vi)."), ends
    )
  }

  private static func list(_ margins: [Margin]) -> String {
    margins.map { $0.variables.joined(separator: " × ") }.joined(separator: ", ")
  }

  private static func place(_ within: String?) -> LocalizedText {
    within.map { LocalizedText(en: " within each \($0)", vi: " trong từng \($0)") }
      ?? LocalizedText(en: "")
  }
}
