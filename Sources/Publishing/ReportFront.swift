import CanvassSurvey

/// The head of the report: of whom, how many, and the map.
enum ReportFront {
  /// Who was asked and what the index is made of, in one sentence.
  static func lead(_ content: ReportContent, _ markup: Markup) -> String {
    let units = content.rows.units(node: content.headline.id).count
    let items = content.outline.count { $0.isLeaf }
    guard units > 0, items > 0 else { return "" }
    let people = content.sample.first.map { $0.count }
    let (en, vi) =
      people.map { people in
        (
          "\(Markup.count(people)) people answered in \(units) units; ",
          "\(Markup.count(people)) người trả lời tại \(units) đơn vị; "
        )
      } ?? ("\(units) units; ", "\(units) đơn vị; ")
    return "\n<p class=\"lead\">"
      + markup.text(
        en + "\(items) indicators make up the index.", vi + "chỉ số gồm \(items) chỉ tiêu.")
      + "</p>"
  }

  /// How many of how many units are published, where some are not.
  static func published(_ content: ReportContent, _ markup: Markup) -> String {
    let units = content.rows.units(node: content.headline.id)
    let published = units.count { $0.score != nil }
    guard published < units.count else { return "" }
    return " <small>"
      + markup.text(
        "\(published) of \(units.count) units published",
        "công bố \(published) trên \(units.count) đơn vị") + "</small>"
  }

  /// The map with its key; nothing where there is none.
  static func map(_ content: ReportContent, _ markup: Markup) -> String {
    guard let map = content.map else { return "" }
    let groups = UnitGroups(
      content.rows, node: content.headline.id, titles: content.groupTitles)
    let units = content.rows.units(node: content.headline.id)
    var html = "<section id=\"map\"><h2>" + markup.text("Map", "Bản đồ")
    html += "</h2>\n<div class=\"map\">"
    html += map.figure(content.rows, node: content.headline, groups: groups)
      .inline(markup, label: "map-about")
    html += "<div class=\"key\"><p id=\"map-about\">" + markup.text(content.headline.title) + ". "
    html += markup.text(
      "Every unit has a tile of the same size, near where it lies; the darker, the higher its group. It "
        + "shows no borders. All numbers are in the table below.",
      "Mỗi đơn vị là một ô cùng kích thước, đặt gần đúng vị trí; màu càng đậm, nhóm càng cao. Đây không "
        + "phải bản đồ ranh giới. Mọi số liệu có trong bảng bên dưới.")
    html += "</p><ul>"
    for (place, name) in groups.names.enumerated() {
      let count = units.count { $0.group == name }
      html += "<li><i class=\"swatch q\(groups.step(place))\"></i>"
      html += markup.text(groups.title(name)) + " <small>(\(count))</small></li>"
    }
    let without = units.count { $0.score == nil }
    if without > 0 {
      html += "<li><i class=\"swatch none\"></i>" + markup.text("no score", "không có điểm")
      html += " <small>(\(without))</small></li>"
    }
    html += "</ul>" + islands(map, units, markup)
    if let checker = map.checkedBy {
      html += "<p class=\"soft\">"
      html += markup.text("Looked at by \(checker).", "Người kiểm tra: \(checker).") + "</p>"
    }
    return html + "</div></div></section>\n"
  }

  /// To which units the tiles belong that stand by themselves.
  private static func islands(_ map: TileMap, _ units: [ScoreRow], _ markup: Markup) -> String {
    var first: Set<String> = []
    let others = map.tiles.filter { !first.insert($0.code).inserted }
    guard !others.isEmpty else { return "" }
    let names = others.map { tile in
      let unit = units.first { $0.unit == tile.code }?.unitName ?? LocalizedText(en: tile.code)
      let label = tile.label ?? unit
      return LocalizedText(en: "\(label.en) (\(unit.en))", vi: "\(label.vi) (\(unit.vi))")
    }
    return "<p class=\"soft\">"
      + markup.text(
        "Dashed tiles are parts of their unit: \(names.map(\.en).joined(separator: ", ")).",
        "Ô viền đứt là một phần của đơn vị: \(names.map(\.vi).joined(separator: ", ")).") + "</p>"
  }
}
