public import CanvassSurvey

/// The four different "national" numbers, by the names that stand in the column `unit`.
public enum NationalNumber: String, Sendable, CaseIterable, Hashable {
  /// The survey estimate over all respondents.
  case survey = "national:survey"
  /// The mean of the units weighted by their population.
  case populationWeightedMean = "national:population-weighted-mean-of-units"
  /// The plain mean of the units.
  case meanOfUnits = "national:mean-of-units"
  /// The median of the units.
  case medianOfUnits = "national:median-of-units"

  /// What every national name begins with.
  public static let prefix = "national:"

  /// What the number is called.
  public var title: LocalizedText {
    switch self {
    case .survey: LocalizedText(en: "All respondents", vi: "Toàn bộ người trả lời")
    case .populationWeightedMean:
      LocalizedText(
        en: "Mean of units, by population", vi: "Trung bình các đơn vị, theo dân số")
    case .meanOfUnits: LocalizedText(en: "Mean of units", vi: "Trung bình các đơn vị")
    case .medianOfUnits: LocalizedText(en: "Median of units", vi: "Trung vị các đơn vị")
    }
  }

  /// What it says, in one sentence.
  public var meaning: LocalizedText {
    switch self {
    case .survey:
      LocalizedText(
        en: "The survey estimate over everybody who answered: every adult counts once.",
        vi: "Ước lượng từ tất cả người trả lời: mỗi người dân tính một lần.")
    case .populationWeightedMean:
      LocalizedText(
        en: "The published units, each counted by the people who live there.",
        vi: "Các đơn vị được công bố, tính theo số dân của từng đơn vị.")
    case .meanOfUnits:
      LocalizedText(
        en: "Every published unit counts once, large or small.",
        vi: "Mỗi đơn vị được công bố tính một lần, dù lớn hay nhỏ.")
    case .medianOfUnits:
      LocalizedText(
        en: "Half of the published units lie above, half below.",
        vi: "Một nửa số đơn vị được công bố cao hơn, một nửa thấp hơn.")
    }
  }
}
