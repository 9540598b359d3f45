import CanvassPublishing
import CanvassSurvey
import CanvassWeighting

/// `internal/balance.csv`: how far each target was from the weighted sample before and after its step.
enum BalanceFile {
  /// The file's bytes: step, group (empty: all), level, target, sample before and after, and both
  /// differences over the standard deviation.
  static func bytes(_ steps: [WeightStep]) -> [UInt8] {
    var file = CommaSeparated(
      columns: [
        "step", "group", "level", "target", "before", "after", "difference_before",
        "difference_after",
      ], expectedLines: 100)
    for (index, step) in steps.enumerated() {
      for line in step.balance {
        file.add(String(index + 1))
        file.add(line.group ?? "")
        file.add(line.name)
        for number in [
          line.target, line.before, line.after, line.differenceBefore, line.differenceAfter,
        ] {
          file.add(number)
        }
        file.endLine()
      }
    }
    return file.bytes
  }
}

extension WeightQuantiles {
  /// The least, the middle and the greatest, for the report.
  static func picked(_ quantiles: WeightQuantiles) -> WeightingAccount.Factors {
    let values = quantiles.values
    return WeightingAccount.Factors(
      lowest: values[0], median: values[values.count / 2], highest: values[values.count - 1])
  }
}
