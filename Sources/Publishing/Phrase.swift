import CanvassSurvey

/// Words of the release in both languages.
enum Phrase {
  /// A group's name; the four quartile names have a Vietnamese form, others are as the file gives them.
  static func group(_ name: String) -> LocalizedText {
    switch name {
    case "bottom": LocalizedText(en: name, vi: "thấp nhất")
    case "lower middle": LocalizedText(en: name, vi: "trung bình thấp")
    case "upper middle": LocalizedText(en: name, vi: "trung bình cao")
    case "top": LocalizedText(en: name, vi: "cao nhất")
    default: LocalizedText(en: name)
    }
  }

  /// Whether the numbers are meant to be used.
  static func status(_ status: PublicationStatus) -> LocalizedText {
    switch status {
    case .draft: LocalizedText(en: "Draft – do not quote", vi: "Bản thảo – không trích dẫn")
    case .embargoed:
      LocalizedText(
        en: "Embargoed until its release", vi: "Chưa được phép công bố trước ngày phát hành")
    case .final: LocalizedText(en: "Final", vi: "Bản chính thức")
    }
  }

  /// Why a change has no number.
  static func change(_ status: ChangeStatus) -> LocalizedText {
    switch status {
    case .ok: LocalizedText(en: "")
    case .notComparable: LocalizedText(en: "not comparable", vi: "không so sánh được")
    case .notBefore: LocalizedText(en: "not published before", vi: "kỳ trước không công bố")
    case .notNow: LocalizedText(en: "not published now", vi: "kỳ này không công bố")
    }
  }

  /// Over units that belong to no group.
  static let noGroup = LocalizedText(en: "in no group", vi: "không xếp nhóm")

  /// What varies in an analysis of ranks.
  static func source(_ source: AssumedRanks.Source) -> LocalizedText {
    switch source {
    case .assumptions: LocalizedText(en: "assumptions alone", vi: "chỉ các giả định")
    case .samplingAndAssumptions:
      LocalizedText(en: "sampling and assumptions", vi: "chọn mẫu và các giả định")
    }
  }

  /// A choice behind an index.
  static func choice(_ name: String) -> LocalizedText {
    switch name {
    case "normalization": LocalizedText(en: name, vi: "chuẩn hoá")
    case "weights": LocalizedText(en: name, vi: "trọng số")
    case "aggregation": LocalizedText(en: name, vi: "cách tổng hợp")
    case "part left out": LocalizedText(en: name, vi: "bỏ một thành phần")
    case "sampling": LocalizedText(en: name, vi: "chọn mẫu")
    default: LocalizedText(en: name)
    }
  }

  /// Why a cell is empty.
  static func status(_ status: CellStatus) -> LocalizedText {
    switch status {
    case .ok: LocalizedText(en: "")
    case .suppressed: LocalizedText(en: "too few respondents", vi: "quá ít người trả lời")
    case .notSurveyed: LocalizedText(en: "not surveyed", vi: "không khảo sát")
    case .noRespondents: LocalizedText(en: "no respondents", vi: "không có người trả lời")
    case .oneSamplingUnit:
      LocalizedText(
        en: "too few sampling units", vi: "quá ít đơn vị mẫu")
    case .partMissing: LocalizedText(en: "a part is missing", vi: "thiếu một thành phần")
    case .noVariation:
      LocalizedText(
        en: "no variation: no interval", vi: "không biến thiên: không có khoảng tin cậy")
    case .notPublished: LocalizedText(en: "not published", vi: "không công bố")
    case .undefined:
      LocalizedText(en: "does not exist for a value not above 0", vi: "không xác định")
    case .formerUnits:
      LocalizedText(en: "mean of former units", vi: "trung bình các đơn vị cũ")
    case .imputed: LocalizedText(en: "imputed", vi: "giá trị được gán")
    case .noPopulation: LocalizedText(en: "no population given", vi: "thiếu số dân")
    case .tooWide: LocalizedText(en: "interval too wide", vi: "khoảng tin cậy quá rộng")
    case .fewRespondents:
      LocalizedText(en: "fewer than 30 respondents", vi: "dưới 30 người trả lời")
    case .wideInterval: LocalizedText(en: "wide interval", vi: "khoảng tin cậy rộng")
    case .confidential: LocalizedText(en: "confidential", vi: "bảo mật")
    case .underFivePercent: LocalizedText(en: "under 5 %", vi: "dưới 5 %")
    case .overNinetyFivePercent: LocalizedText(en: "over 95 %", vi: "trên 95 %")
    case .withheld: LocalizedText(en: "withheld", vi: "không công bố theo quyết định")
    }
  }
}
