import CanvassScoring
import CanvassSurvey

/// The report's account of ranks under other assumptions.
enum ReportAssumptions {
  static func section(_ content: ReportContent, _ markup: Markup) -> String {
    guard !content.assumptions.isEmpty else { return "" }
    var html = "<section id=\"assumptions\"><h2>"
    html += markup.text("Ranks under other assumptions", "Thứ hạng theo các giả định khác")
    html += "</h2>\n<p class=\"soft\">"
    html += markup.text(
      "The index is made again in many ways that could have been chosen. A band holds the middle of the "
        + "ranks that come out; it is no confidence interval, since choices are not drawn by chance.",
      "Chỉ số được tính lại theo nhiều cách có thể chọn. Dải bất định chứa phần giữa của các thứ hạng thu "
        + "được; đây không phải khoảng tin cậy, vì các lựa chọn không phải là ngẫu nhiên.")
    html += "</p>\n"
    for analysis in content.assumptions { html += shares(analysis, markup) }
    if let last = content.assumptions.last { html += units(last, markup) }
    return html + "</section>\n"
  }

  /// What moves ranks, and how far.
  private static func shares(_ analysis: AssumedRanks, _ markup: Markup) -> String {
    let ranks = analysis.ranks
    var html = "<h3>" + markup.text(analysis.node.title) + ": "
    html += markup.text(Phrase.source(analysis.source)) + "</h3>\n<p>"
    html += markup.text("Mean absolute shift of ranks: ", "Mức dịch chuyển hạng trung bình: ")
    html += markup.number(ranks.meanAbsoluteShift, 2) + " ± "
    html += markup.number(ranks.meanAbsoluteShiftError, 2) + "</p>\n"
    html += "<div class=\"scroll\"><table class=\"narrow\"><thead><tr><th scope=\"col\">"
    html += markup.text("Choice", "Lựa chọn") + "</th><th scope=\"col\" class=\"num\">"
    html += markup.text("First-order share", "Phần riêng") + "</th><th scope=\"col\" class=\"num\">"
    html += markup.text("Total share", "Tổng phần") + "</th></tr></thead>\n<tbody>\n"
    for (input, choice) in ranks.choices.enumerated() {
      html += "<tr><th scope=\"row\">" + markup.text(Phrase.choice(choice.name)) + "</th>"
      let index = ranks.indices.index(ofInput: input, output: 0)
      for (share, error) in [
        (index?.firstOrder, index?.firstOrderError), (index?.total, index?.totalError),
      ] {
        html += "<td class=\"num\">"
        if let share, let error {
          html += markup.number(share, 2) + " ± " + markup.number(error, 2)
        } else {
          html += "–"
        }
        html += "</td>"
      }
      html += "</tr>\n"
    }
    return html + "</tbody></table></div>\n"
  }

  /// Each unit's ranks, by rank.
  private static func units(_ analysis: AssumedRanks, _ markup: Markup) -> String {
    let percent = FixedNumber.text(analysis.coverage * 100, decimals: 0) + "%"
    let isBoth = analysis.source == .samplingAndAssumptions
    let band =
      isBoth
      ? markup.text("Uncertainty band " + percent, "Dải bất định " + percent)
      : markup.text("Middle " + percent, "Phần giữa " + percent)
    var html = "<details><summary>" + markup.text("By unit", "Theo đơn vị") + ": "
    html += markup.text(Phrase.source(analysis.source)) + "</summary>\n"
    html += "<div class=\"scroll\"><table class=\"narrow\"><thead><tr><th scope=\"col\">"
    html += markup.text("Unit", "Đơn vị") + "</th><th scope=\"col\" class=\"num\">"
    html += markup.text("Rank", "Hạng") + "</th><th scope=\"col\" class=\"num\">" + band
    html += "</th><th scope=\"col\" class=\"num\">" + markup.text("At all", "Toàn bộ")
    html += "</th></tr></thead>\n<tbody>\n"
    let order = analysis.units.indices.sorted { first, second in
      let (a, b) = (
        analysis.ranks.units[first].reference, analysis.ranks.units[second].reference
      )
      return a == b ? first < second : a < b
    }
    for unit in order {
      let ranks = analysis.ranks.units[unit]
      html += "<tr><th scope=\"row\">" + markup.text(analysis.units[unit].name)
      html += "</th><td class=\"num\">\(ranks.reference)</td>"
      for span in [ranks.band, ranks.range] {
        html += "<td class=\"num\">\(span.lowerBound)\u{2009}–\u{2009}\(span.upperBound)</td>"
      }
      html += "</tr>\n"
    }
    return html + "</tbody></table></div></details>\n"
  }
}
