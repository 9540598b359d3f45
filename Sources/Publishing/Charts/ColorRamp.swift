/// Seven colours from pale to dark that eyes of every kind put in the same order (ColorBrewer's YlGnBu
/// without its two steps on which neither ink reaches a contrast of 4.5).
enum ColorRamp {
  /// The colours from the lowest to the highest.
  static let colors = [
    "#edf8b1", "#c7e9b4", "#7fcdbb", "#41b6c4", "#225ea8", "#253494", "#081d58",
  ]

  /// The place in ``colors`` of group `index` of `count`, 0 the lowest; neighbours share a colour
  /// beyond seven.
  static func step(_ index: Int, of count: Int) -> Int {
    count < 2 ? 3 : (index * (colors.count - 1) + (count - 1) / 2) / (count - 1)
  }

  /// Style rules: `qN` fills with a colour, `kN` is the ink that is read on it.
  static let css = colors.enumerated().map { step, color in
    ".q\(step){fill:\(color);background:\(color)}"
      + ".k\(step){fill:\(step < 4 ? "#101820" : "#fff")}"
  }.joined()
}
