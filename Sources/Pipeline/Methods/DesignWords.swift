import CanvassPublishing
import CanvassSurvey

/// How the sample was drawn, stage by stage.
struct DesignWords {
  let request: DesignRequest

  var items: [MethodsSection.Item] { sentences.map { .point($0, depth: 0) } }

  /// A sentence a stage, and the rules for units that stand alone.
  var sentences: [LocalizedText] {
    guard !request.stages.isEmpty else {
      return [
        LocalizedText(
          en:
            "The pipeline file gives no design: every respondent counts as drawn independently of the "
            + "others.",
          vi: "Tệp quy trình không nêu thiết kế mẫu: mỗi người trả lời được coi là chọn độc lập.")
      ]
    }
    var sentences = request.stages.enumerated().map { words($1, $0) }
    if let certainty = request.certainty {
      sentences.append(
        LocalizedText(
          en: "Where \(certainty.flag) is 1 the \(certainty.unit) was drawn with certainty.",
          vi: "Khi \(certainty.flag) bằng 1, \(certainty.unit) được chọn chắc chắn."))
    }
    sentences.append(lonely)
    if request.ultimateCluster {
      sentences.append(
        LocalizedText(
          en: "The variance takes account of the first stage alone (ultimate clusters).",
          vi: "Phương sai chỉ tính đến cấp thứ nhất (cụm cuối cùng)."))
    }
    return sentences
  }

  private func words(_ stage: DesignRequest.Stage, _ place: Int) -> LocalizedText {
    let unit = LocalizedText(
      en: stage.unit ?? "the respondent", vi: stage.unit ?? "người trả lời")
    var en = "Stage \(place + 1): unit \(unit.en)"
    var vi = "Cấp \(place + 1): đơn vị \(unit.vi)"
    if !stage.strata.isEmpty {
      let strata = stage.strata.joined(separator: ", ")
      en += ", stratified by \(strata)"
      vi += ", phân tầng theo \(strata)"
    }
    switch stage.size {
    case .withReplacement:
      en += "; taken as drawn with replacement"
      vi += "; coi như chọn có hoàn lại"
    case .population(let variable):
      en += "; units in the population: \(variable)"
      vi += "; số đơn vị của tổng thể: \(variable)"
    case .fraction(let variable):
      en += "; sampling fraction: \(variable)"
      vi += "; tỷ lệ chọn mẫu: \(variable)"
    }
    if let unequal = stage.unequal {
      en += "; unequal probabilities (\(unequal.probability))"
      vi += "; xác suất chọn không đều (\(unequal.probability))"
    }
    return LocalizedText(en: en + ".", vi: vi + ".")
  }

  /// What happens to a stratum with one sampling unit.
  private var lonely: LocalizedText {
    switch request.lonely {
    case .fail:
      LocalizedText(
        en: "A stratum with a single sampling unit would have stopped the run.",
        vi: "Tầng chỉ có một đơn vị mẫu sẽ làm dừng quá trình tính.")
    case .remove:
      LocalizedText(
        en: "A stratum with a single sampling unit contributes no variance.",
        vi: "Tầng chỉ có một đơn vị mẫu không đóng góp vào phương sai.")
    case .adjust:
      LocalizedText(
        en: "A stratum with a single sampling unit is centred on the mean over all strata.",
        vi: "Tầng chỉ có một đơn vị mẫu được quy về trung bình chung của các tầng.")
    case .average:
      LocalizedText(
        en: "A stratum with a single sampling unit contributes the average of the others.",
        vi: "Tầng chỉ có một đơn vị mẫu đóng góp bằng trung bình của các tầng khác.")
    case .certainty:
      LocalizedText(
        en: "A single sampling unit of a stratum counts as drawn with certainty.",
        vi: "Đơn vị mẫu duy nhất của tầng được coi là chọn chắc chắn.")
    }
  }
}
