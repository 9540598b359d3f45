public import CanvassSurvey

/// A map on which every unit has the same area: a tile in a column and a row for each.
///
/// A unit may have several tiles, such as its islands far out; the first one bears its name, the others
/// a label of their own.
public struct TileMap: Sendable, Hashable {
  /// A tile.
  public struct Tile: Sendable, Hashable {
    /// The unit's code.
    public var code: String
    /// Its column, from 1 at the left.
    public var column: Int
    /// Its row, from 1 at the top.
    public var row: Int
    /// What stands on it; nil for the unit's name.
    public var label: LocalizedText?

    /// A tile.
    public init(code: String, column: Int, row: Int, label: LocalizedText? = nil) {
      self.code = code
      self.column = column
      self.row = row
      self.label = label
    }
  }

  /// The tiles, in the order of the file.
  public var tiles: [Tile]
  /// Who has looked at the map; nil while nobody has.
  public var checkedBy: String?

  /// A map.
  public init(tiles: [Tile], checkedBy: String? = nil) {
    self.tiles = tiles
    self.checkedBy = checkedBy
  }

  /// The map of one node's scores: a tile's colour is its group, hatching says that there is no score.
  func figure(_ rows: ReleasedRows, node: ReportNode, groups: UnitGroups) -> Figure {
    let (width, height) = (48.0, 42.0)
    var figure = Figure(
      title: node.title, width: Double(tiles.map(\.column).max() ?? 0) * width,
      height: Double(tiles.map(\.row).max() ?? 0) * height)
    let units = Dictionary(
      rows.units(node: node.id).map { ($0.unit, $0) }, uniquingKeysWith: { first, _ in first })
    var drawn: Set<String> = []
    for tile in tiles {
      let (x, y) = (Double(tile.column - 1) * width, Double(tile.row - 1) * height)
      let unit = units[tile.code]
      let isIsland = !drawn.insert(tile.code).inserted
      let step = unit.flatMap { groups.step(of: $0) }
      let box = "tile" + (isIsland ? " island" : "")
      var marks: [Figure.Mark] = [
        .box(
          x: x + 1, y: y + 1, width: width - 2, height: height - 2,
          style: "\(box) \(step.map { "q\($0)" } ?? "empty")")
      ]
      if unit?.score == nil {
        for offset in stride(from: 6.0, through: 78, by: 9) {
          let (left, right) = (max(0, offset - (height - 2)), min(offset, width - 2))
          marks.append(
            .line(
              x1: x + 1 + left, y1: y + 1 + offset - left, x2: x + 1 + right,
              y2: y + 1 + offset - right, style: "hatch"))
        }
      }
      let ink = step.map { "k\($0)" } ?? ""
      let middle = x + width / 2
      let name = tile.label ?? unit?.unitName ?? LocalizedText(en: tile.code)
      if let score = unit?.score, !isIsland {
        marks.append(.text(name, x: middle, y: y + 14.5, width: 7, lines: 2, style: ink))
        marks.append(
          .text(
            FixedNumber.localized(score, decimals: 1), x: middle, y: y + 33.5, width: 9,
            style: "small " + ink))
      } else {
        marks.append(.text(name, x: middle, y: y + height / 2, width: 7, lines: 3, style: ink))
      }
      figure.marks.append(.link(to: ReportProfiles.anchor(tile.code), marks))
    }
    return figure
  }
}
