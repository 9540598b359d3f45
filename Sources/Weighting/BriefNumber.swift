import RealModule

/// Numbers in messages.
enum BriefNumber {
  /// A positive number with three digits, `1.23e-4`.
  static func text(_ value: Double) -> String {
    guard value > 0, value.isFinite else { return "\(value)" }
    var exponent = Int(Double.log10(value).rounded(.down))
    var digits = Int((value / Double.pow(10, exponent) * 100).rounded())
    if digits == 1000 {
      digits = 100
      exponent += 1
    }
    let fraction = digits % 100
    return "\(digits / 100).\(fraction < 10 ? "0" : "")\(fraction)e\(exponent)"
  }
}
