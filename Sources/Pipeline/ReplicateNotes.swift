import CanvassEstimation
import CanvassSurvey

/// What a reader must know about replicates, in both languages.
enum ReplicateNotes {
  /// How standard errors from replicates came about.
  static func notes(_ errors: ReplicateErrors) -> [LocalizedText] {
    let replicates = errors.replicates
    let method = replicates.method.rawValue
    let distinct = replicates.distinctCount()
    let about = replicates.center == .mean
    var en =
      "Standard errors marked “replicates” come from \(replicates.count) replicates of the sample "
      + "(\(method), \(distinct) of them distinct), about "
      + (about ? "their mean." : "the estimate.")
    var vi =
      "Sai số chuẩn ghi “replicates” tính từ \(replicates.count) mẫu lặp (\(method), \(distinct) mẫu "
      + "khác nhau), quanh " + (about ? "trung bình của chúng." : "ước lượng.")
    if replicates.method != .given {
      en +=
        replicates.reweights
        ? " The weighting was carried out again in each."
        : " They keep the factors of the weighting."
      vi +=
        replicates.reweights
        ? " Quyền số được tính lại trong từng mẫu lặp."
        : " Các mẫu lặp giữ nguyên hệ số của quyền số."
      en += " Everything below the primary sampling units counts as one with them."
      vi += " Mọi cấp dưới đơn vị mẫu sơ cấp được tính gộp vào đơn vị đó."
    }
    if replicates.shrinkage != 1 {
      en +=
        " Their deviations are shrunk by \(Column.render(replicates.shrinkage)), and the variance is "
        + "multiplied back (Beaumont and Patak 2012)."
      vi +=
        " Độ lệch được thu nhỏ \(Column.render(replicates.shrinkage)) lần rồi phương sai được nhân trở "
        + "lại (Beaumont và Patak 2012)."
    }
    if replicates.isPartiallyBalanced {
      en += " They are only partially balanced: some strata share a row of signs."
      vi += " Chúng chỉ cân bằng một phần: vài tầng dùng chung một dãy dấu."
    }
    if replicates.method == .given {
      en +=
        " Degrees of freedom are the rank of the replicate weights of those who answered, "
        + "less 1."
      vi += " Bậc tự do là hạng của ma trận quyền số lặp của những người trả lời, trừ 1."
    }
    if errors.isDeleteOne, errors.hasQuantiles {
      en +=
        " A jackknife is inconsistent for medians of answers: they, and what is made of them, keep "
        + "Woodruff’s interval"
        + (errors.hasDesign ? "." : ", or none where the sampling design is not given.")
      vi +=
        " Jackknife không nhất quán với trung vị của câu trả lời: trung vị và mọi điểm số tính từ đó giữ "
        + "khoảng Woodruff" + (errors.hasDesign ? "." : ", hoặc không có nếu thiếu thiết kế mẫu.")
    }
    return [LocalizedText(en: en, vi: vi)]
  }

  /// Groups without solution and replicates that could not be scored.
  static func warnings(_ errors: ReplicateErrors) -> [LocalizedText] {
    var warnings = errors.failures.groups.map { group in
      LocalizedText(
        en: "The weighting of \(group.name) had no solution in \(group.count) of "
          + "\(errors.replicates.count) replicates; "
          + (group.isEmptied
            ? "that is more than 5 %, so its numbers have no standard error from replicates."
            : "there it kept its weights before that step, scaled to the total."),
        vi: "Quyền số của \(group.name) không có nghiệm trong \(group.count) trên "
          + "\(errors.replicates.count) mẫu lặp; "
          + (group.isEmptied
            ? "quá 5 %, nên các số liệu của nhóm này không có sai số chuẩn từ mẫu lặp."
            : "ở đó nhóm giữ quyền số trước bước ấy, nhân cho khớp tổng."))
    }
    if errors.unscored > 0 {
      warnings.append(
        LocalizedText(
          en: "The index does not exist in \(errors.unscored) of \(errors.replicates.count) "
            + "replicates, which were left out.",
          vi:
            "Chỉ số không tồn tại trong \(errors.unscored) trên \(errors.replicates.count) mẫu lặp; "
            + "các mẫu này bị bỏ qua."))
    }
    return warnings
  }
}
