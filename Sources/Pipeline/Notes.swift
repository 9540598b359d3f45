import CanvassEstimation
import CanvassCleaning
import CanvassPublishing
import CanvassScoring
import CanvassSurvey
import CanvassWeighting

/// What a reader must know about the numbers, in both languages, for report, record and console.
enum Notes {
  /// What standard errors a published table's scores have.
  static func publishedValues(withErrors: Bool) -> LocalizedText {
    guard withErrors else {
      return LocalizedText(
        en:
          "The values come from a published table: they carry no sampling error here, so there are "
          + "no intervals.",
        vi:
          "Các giá trị lấy từ bảng đã công bố: ở đây không có sai số chọn mẫu nên không có khoảng tin "
          + "cậy.")
    }
    return LocalizedText(
      en:
        "Values and standard errors come from a published table. A score made of several such figures "
        + "has no standard error, because their covariances were not published.",
      vi:
        "Giá trị và sai số chuẩn lấy từ bảng đã công bố. Điểm ghép từ nhiều số liệu như vậy không có "
        + "sai số chuẩn vì hiệp phương sai không được công bố.")
  }

  /// How the units of the data became those of the index.
  static func crosswalk(
    _ units: UnitsRequest, merged: Set<Int>, hasRespondents: Bool
  ) -> [LocalizedText] {
    guard let crosswalk = units.crosswalk, let places = units.places else { return [] }
    let former = crosswalk.former.units
    let count = places.units.count
    let old = former.first?.vintage ?? ""
    let new = places.units.first?.vintage ?? ""
    var notes = [
      LocalizedText(
        en:
          "The \(former.count) units of \(old) that the data name are put together as the "
          + "\(count) of \(new)."
          + (hasRespondents
            ? " Respondents of a former unit are respondents of the new one; the sample stays "
              + "stratified as it was drawn." : ""),
        vi:
          "\(former.count) đơn vị năm \(old) trong dữ liệu được gộp thành \(count) đơn vị năm "
          + "\(new)."
          + (hasRespondents
            ? " Người trả lời của đơn vị cũ là người trả lời của đơn vị mới; tầng của mẫu giữ nguyên "
              + "như khi chọn." : ""))
    ]
    if !merged.isEmpty {
      notes.append(
        LocalizedText(
          en:
            "\(merged.count) units have no values of their own: theirs are means of the published "
            + "values of former units, weighted by population, or sums of counts (status “mean of "
            + "former units”).",
          vi:
            "\(merged.count) đơn vị không có giá trị riêng: đó là trung bình các giá trị đã công bố "
            + "của đơn vị cũ theo dân số, hoặc tổng của các số đếm (trạng thái “mean of former "
            + "units”)."))
    }
    return notes
  }

  /// Which residuals stand behind standard errors after the sample's calibrations.
  static func linearizationRule(_ sample: WeightedSample) -> LocalizedText {
    sample.calibrations.contains { $0.rule == .rake } ? rakeRule : calibrateRule
  }

  private static let rakeRule = LocalizedText(
    en:
      "residuals by ten sweeps of unweighted means over the margins in turn (the rule of R survey's "
      + "rake(), which differs from that of its calibrate())",
    vi:
      "phần dư qua mười vòng trừ trung bình không quyền số theo từng biên (quy tắc rake() của R survey, "
      + "khác với calibrate())")

  private static let calibrateRule = LocalizedText(
    en:
      "residuals on the margins, weighted by the weights that enter the step (the rule of R survey's "
      + "calibrate(), which differs from that of its rake())",
    vi:
      "phần dư theo các biên, với quyền số trước bước hiệu chỉnh (quy tắc calibrate() của R survey, "
      + "khác với rake())")

  /// Which degrees of freedom intervals use, as the end of a sentence.
  static func degreesOfFreedomRule(
    _ rules: UncertaintyRules, replicates: ReplicatePlan?
  ) -> LocalizedText {
    if let replicates, replicates.use == .all {
      return replicates.request.given == nil
        ? LocalizedText(
          en: "the design’s degrees of freedom, at most the number of replicates less 1",
          vi: "bậc tự do của thiết kế mẫu, không vượt số mẫu lặp trừ 1")
        : LocalizedText(
          en:
            "the degrees of freedom of the replicate weights (their rank among those who answered, "
            + "less 1)",
          vi: "bậc tự do của quyền số lặp (hạng của chúng trong số người trả lời, trừ 1)")
    }
    return switch (rules.variance, rules.degreesOfFreedom) {
    case (.direct, .design):
      LocalizedText(
        en: "the design’s degrees of freedom (sampling units less strata)",
        vi: "bậc tự do của thiết kế mẫu (số đơn vị mẫu trừ số tầng)")
    case (.direct, .satterthwaite):
      LocalizedText(
        en: "Satterthwaite’s degrees of freedom, at most the design’s",
        vi: "bậc tự do Satterthwaite, không vượt bậc tự do của thiết kế mẫu")
    case (.pooled, _):
      LocalizedText(
        en:
          "the degrees of freedom of all units together where the variance is pooled, elsewhere with "
          + "the domain’s own",
        vi:
          "bậc tự do gộp của mọi đơn vị khi phương sai được gộp, còn lại dùng bậc tự do của chính miền"
      )
    }
  }

  /// What the choice of variance and degrees of freedom means.
  private static func uncertainty(_ rules: UncertaintyRules) -> [LocalizedText] {
    var notes: [LocalizedText] = []
    if rules.variance == .pooled {
      notes.append(
        LocalizedText(
          en: "Variances of units are pooled (se_method “pooled”): the variance that the unit’s "
            + "respondents would give if drawn one by one, times a design effect averaged over all "
            + "units, number by number. Numbers over all respondents keep their direct variance.",
          vi:
            "Phương sai của các đơn vị được gộp (se_method “pooled”): phương sai như thể người trả lời "
            + "được chọn độc lập, nhân với hệ số thiết kế trung bình của mọi đơn vị, theo từng chỉ số. "
            + "Số liệu trên toàn mẫu giữ phương sai trực tiếp."))
    }
    if rules.degreesOfFreedom == .satterthwaite {
      notes.append(
        LocalizedText(
          en:
            "Degrees of freedom are Satterthwaite’s: (Σ V)² / Σ (V² / (m − 1)) over the strata, at "
            + "most the design’s; with few sampling units intervals become much wider.",
          vi:
            "Bậc tự do theo Satterthwaite: (Σ V)² / Σ (V² / (m − 1)) trên các tầng, không vượt bậc tự "
            + "do của thiết kế; khi ít đơn vị mẫu, khoảng tin cậy rộng hơn nhiều."))
    }
    return notes
  }

  /// How rank intervals were found, and what they do not say.
  static func ranks(_ released: ReleasedRows) -> [LocalizedText] {
    guard let ranks = released.ranks else { return [] }
    let english: String
    let vietnamese: String
    switch ranks.rules.method {
    case .mogstad:
      english =
        "the largest studentized difference, stepped down (Mogstad, Romano, Shaikh & Wilhelm 2024)"
      vietnamese =
        "hiệu chuẩn hoá lớn nhất, loại dần từng bước (Mogstad, Romano, Shaikh & Wilhelm 2024)"
    case .bonferroni:
      english = "pairwise tests with Bonferroni’s correction"
      vietnamese = "kiểm định từng cặp với hiệu chỉnh Bonferroni"
    }
    return [
      LocalizedText(
        en: "Rank intervals come from \(english); they are conservative by construction. Group "
          + "probabilities are shares of \(ranks.rules.draws) draws around the scores, with the cuts made "
          + "again in each draw. Both speak of sampling error alone.",
        vi:
          "Khoảng hạng dựa trên \(vietnamese); chúng thận trọng theo cách xây dựng. Xác suất thuộc nhóm là "
          + "tỷ lệ trong \(ranks.rules.draws) lần mô phỏng quanh điểm số, mỗi lần phân nhóm lại. Cả hai chỉ "
          + "nói về sai số chọn mẫu.")
    ]
  }

  /// The name of a weighting step in both languages.
  static func weightingName(_ name: String) -> LocalizedText {
    let vietnamese = [
      "base": "quyền số cơ bản", "nonresponse": "điều chỉnh không trả lời",
      "post-stratification": "hậu phân tầng", "raking": "hiệu chỉnh theo biên (raking)",
      "calibration": "hiệu chỉnh theo tổng (calibration)", "trimming": "cắt quyền số cực trị",
    ]
    return LocalizedText(en: name, vi: vietnamese[name])
  }

  /// A line of the cleaning account in both languages; names of checks are the file's own.
  static func ruleName(_ line: CleaningReport.Line) -> LocalizedText {
    let kind: String =
      switch line.kind {
      case .filter: "ngoài phạm vi yêu cầu"
      case .missingCode: "mã thiếu dữ liệu"
      case .drop: "loại dòng"
      case .blank: "xoá ô"
      case .set: "thay giá trị"
      case .decision: "quyết định"
      case .decisionToDrop: "quyết định loại dòng"
      case .stop: "dừng"
      case .flag: "đánh dấu"
      case .identical: "trùng hoàn toàn"
      case .superseded: "được thay thế"
      }
    return LocalizedText(
      en: "\(line.kind.rawValue): \(line.rule)", vi: "\(kind): \(line.rule)")
  }

  /// The notes of a survey's run.
  static func survey(_ request: SurveyRequest, sample: WeightedSample) -> [LocalizedText] {
    var notes: [LocalizedText] = []
    if let unit = request.design.certainty?.unit, request.design.stages.count > 1 {
      let below = request.design.stages[1].unit ?? "row"
      notes.append(
        LocalizedText(
          en:
            "Each \(unit) drawn with certainty is a stratum of its own; the next stage (\(below)) gives "
            + "its primary sampling units. Units drawn with certainty inside it are collapsed with the "
            + "others, which normally overstates the variance.",
          vi:
            "Mỗi đơn vị '\(unit)' chọn chắc chắn là một tầng riêng; cấp tiếp theo ('\(below)') là đơn vị "
            + "mẫu sơ cấp. Đơn vị chọn chắc chắn bên trong được gộp với các đơn vị khác, nên phương sai "
            + "thường bị ước lượng cao hơn thực tế."))
    }
    if request.weighting.contains(where: { if case .nonresponse = $0 { true } else { false } }) {
      notes.append(
        LocalizedText(
          en: "Nonresponse factors count as fixed in the standard errors.",
          vi: "Hệ số điều chỉnh không trả lời được coi là cố định khi tính sai số chuẩn."))
    }
    if let negative = sample.steps.last?.negativeCount, negative > 0 {
      notes.append(
        LocalizedText(
          en: "\(negative) respondents have a negative weight, as the pipeline file allows.",
          vi: "\(negative) người trả lời có quyền số âm, như tệp cấu hình cho phép."))
    }
    // With every standard error from replicates neither rule applies.
    return request.replicates?.use == .all ? notes : notes + uncertainty(request.uncertainty)
  }

  /// Strata with a single sampling unit, where they were centred on the grand mean.
  static func adjusted(_ design: SampleDesign) -> [LocalizedText] {
    let lone = (0..<design.stratumCount).count { design.psus(of: $0).count == 1 }
    guard design.lonely == .adjust, lone > 0 else { return [] }
    return [
      LocalizedText(
        en: "\(lone) strata have a single sampling unit and were centred on the grand mean.",
        vi: "\(lone) tầng chỉ có một đơn vị mẫu và được quy về trung bình chung.")
    ]
  }

  /// A nonresponse step behind the last step that meets totals.
  private static func lostTotals(_ steps: [WeightingRequest]) -> [LocalizedText] {
    guard let last = steps.lastIndex(where: { $0.targets != nil }),
      steps[last...].contains(where: { if case .nonresponse = $0 { true } else { false } })
    else { return [] }
    return [
      LocalizedText(
        en:
          "The nonresponse step follows the last step that meets population totals: the final weights meet "
          + "them no longer. Such steps normally come before.",
        vi:
          "Bước điều chỉnh không trả lời đứng sau bước hiệu chỉnh theo tổng dân số cuối cùng: quyền số cuối "
          + "không còn khớp các tổng đó. Thông thường bước này phải đứng trước.")
    ]
  }

  /// What to beware of.
  ///
  /// - Parameter index: the node whose table comes first.
  static func warnings(
    _ request: SurveyRequest, released: ReleasedRows, index: String
  ) -> [LocalizedText] {
    var warnings: [LocalizedText] = []
    let hasGivenReplicates =
      request.replicates?.use == .all && request.replicates?.request.given != nil
    if request.design.stages.isEmpty, !hasGivenReplicates {
      warnings.append(
        LocalizedText(
          en: "No sampling design is given: each respondent counts as drawn independently, which "
            + "understates the variance of a clustered sample.",
          vi:
            "Không có thiết kế mẫu: mỗi người trả lời được coi là chọn độc lập, nên phương sai của mẫu "
            + "cụm bị ước lượng thấp hơn thực tế."))
    }
    warnings += lostTotals(request.weighting)
    let unknown = request.cleaning.rulesWithoutName
    if !unknown.isEmpty {
      let names = unknown.prefix(5).joined(separator: ", ") + (unknown.count > 5 ? ", …" : "")
      warnings.append(
        LocalizedText(
          en: "Decisions answer rules that the pipeline file does not have: \(names).",
          vi: "Có quyết định trả lời những quy tắc không có trong tệp quy trình: \(names)."))
    }
    let few = Set(
      released.scores.filter {
        $0.isUnit && $0.node == index && $0.domain.isEmpty && ($0.degreesOfFreedom ?? .infinity) < 4
      }.map(\.unit)
    ).count
    if few > 0 {
      warnings.append(
        LocalizedText(
          en:
            "In \(few) units intervals rest on fewer than 4 degrees of freedom: they are wide, and "
            + "their coverage depends on the few sampling units behind them.",
          vi:
            "Ở \(few) đơn vị, khoảng tin cậy dựa trên dưới 4 bậc tự do: khoảng rộng và độ tin cậy phụ "
            + "thuộc vào số ít đơn vị mẫu."))
    }
    return warnings
  }
}
