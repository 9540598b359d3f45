package import CanvassSurvey

/// Numbers for people: a fixed number of decimals, the point or the comma by language, no locale.
package enum FixedNumber {
  /// `value` with `decimals` decimals (0 to 6); halves go to the even digit of the binary value.
  package static func text(
    _ value: Double, decimals: Int, language: ReleaseLanguage = .en
  ) -> String {
    var factor = 1.0
    for _ in 0..<decimals { factor *= 10 }
    let scaled = (value * factor).rounded(.toNearestOrEven)
    guard scaled.isFinite, abs(scaled) < 9e15 else { return "\(value)" }
    var digits = String(Int64(abs(scaled)))
    if digits.utf8.count <= decimals {
      digits = String(repeating: "0", count: decimals + 1 - digits.utf8.count) + digits
    }
    let sign = scaled < 0 ? "\u{2212}" : ""
    guard decimals > 0 else { return sign + digits }
    return sign + digits.dropLast(decimals) + (language == .en ? "." : ",")
      + digits.suffix(decimals)
  }

  /// The number as each language writes it.
  package static func localized(_ value: Double, decimals: Int) -> LocalizedText {
    LocalizedText(
      en: text(value, decimals: decimals, language: .en),
      vi: text(value, decimals: decimals, language: .vi))
  }
}
