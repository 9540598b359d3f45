import RealModule

extension RandomStream {
  /// The next number with the gamma distribution of scale 1 and `shape` above 1/3 (Marsaglia & Tsang 2000).
  ///
  /// Its normal numbers come from Marsaglia's polar method.
  public mutating func gamma(shape: Double) -> Double {
    precondition(shape > 1.0 / 3, "this method needs a shape above 1/3")
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = 2 * uniform() - 1
      let y = 2 * uniform() - 1
      let square = x * x + y * y
      guard square > 0, square < 1 else { continue }
      let normal = x * (-2 * Double.log(square) / square).squareRoot()
      let root = 1 + c * normal
      guard root > 0 else { continue }
      let v = root * root * root
      if Double.log(1 - uniform()) < 0.5 * normal * normal + d - d * v + d * Double.log(v) {
        return d * v
      }
    }
  }
}
