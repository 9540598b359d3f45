import CanvassSurvey
import CanvassWeighting

/// Replicate weights that came with the file: a weight for each row and replicate.
struct GivenScheme: ReplicateScheme {
  let count: Int
  /// Row-major by replicate.
  private let weights: [Double]
  private let rowCount: Int

  var isByRow: Bool { true }

  /// - Throws: `badPipeline` for fewer than two columns or one twice, text, and weights that a calibration
  ///   follows; `badData` for weights that are missing, negative or not finite, and for a row without base
  ///   weight that has a replicate weight.
  init(_ given: GivenReplicateWeights, of sample: WeightedSample) throws(Diagnostic) {
    guard given.columns.count >= 2, Set(given.columns).count == given.columns.count else {
      throw Diagnostic(
        .badPipeline,
        given.columns.count < 2
          ? "\(given.columns.count) replicate weights give no variance"
          : "a column of replicate weights is named twice",
        remedy: "name every column once under 'columns', such as rw*")
    }
    guard sample.calibrations.isEmpty else {
      throw Diagnostic(
        .badPipeline, "replicate weights of the file are final, and the weighting calibrates",
        why: "the file's replicates do not know this calibration",
        remedy: "remove the calibration, or make replicates of the sample itself")
    }
    let table = sample.table
    var weights = [Double](repeating: 0, count: given.columns.count * table.rowCount)
    for (replicate, name) in given.columns.enumerated() {
      let column = try table.column(name)
      guard column.isNumeric else {
        throw Diagnostic(.badPipeline, "'\(name)' holds text and cannot be a replicate weight")
      }
      for row in 0..<table.rowCount {
        guard let number = column.number(at: row) else {
          throw Diagnostic(
            .badData, "the replicate weight '\(name)' has no value in a row",
            at: table.place(of: row), remedy: "complete the column, or drop such rows with a check")
        }
        guard number.isFinite, number >= 0 else {
          throw Diagnostic(
            .badData, "the replicate weight '\(name)' is negative or not a finite number",
            at: table.place(of: row), remedy: "correct the weight, or drop such rows with a check")
        }
        let weight = given.areFactors ? number * sample.weights[row] : number
        if sample.weights[row] == 0, weight > 0 {
          throw Diagnostic(
            .badData, "the replicate weight '\(name)' is positive in a row without weight",
            at: table.place(of: row),
            why: "the row would count in the replicate and not in the estimate",
            remedy: "check that base and replicate weights belong together")
        }
        weights[replicate * table.rowCount + row] = weight
      }
    }
    count = given.columns.count
    rowCount = table.rowCount
    self.weights = weights
  }

  func multipliers(of replicate: Int) -> [Double] {
    Array(weights[replicate * rowCount..<(replicate + 1) * rowCount])
  }
}

extension GivenReplicateWeights {
  /// The scale and the coefficients: as given, else as the origin says (R survey's `svrepdesign`).
  ///
  /// - Throws: `badPipeline` where the origin says none, and for numbers that cannot be.
  func scales(rho: Double?) throws(Diagnostic) -> (scale: Double, coefficients: [Double]) {
    let count = Double(columns.count)
    let kept = rho ?? 0
    let usual: Double? =
      switch origin {
      case .jackknife: (count - 1) / count
      case .pairedJackknife, .stratifiedJackknife: 1
      case .balancedHalfSamples: 1 / count
      case .fay: 1 / (count * (1 - kept) * (1 - kept))
      case .bootstrap: 1 / (count - 1)
      case .successiveDifference: 4 / count
      case .other: nil
      }
    guard let scale = scale ?? usual else {
      throw Diagnostic(
        .badPipeline, "replicate weights of the file have no scale",
        why: "only their makers know by what squared deviations are multiplied",
        remedy: "add 'scale', or say how they were made with 'origin'")
    }
    if origin == .stratifiedJackknife, coefficients == nil {
      throw Diagnostic(
        .badPipeline, "replicate weights of the origin 'jkn' have no coefficients",
        why: "each replicate's squared deviation counts (m − 1)/m of its own stratum",
        remedy: "add 'coefficients', one number a replicate (R survey's rscales)")
    }
    let own = coefficients ?? [Double](repeating: 1, count: columns.count)
    guard own.count == columns.count else {
      throw Diagnostic(
        .badPipeline, "\(columns.count) replicate weights have \(own.count) coefficients",
        remedy: "give one a replicate, in the order of the columns")
    }
    guard scale > 0, scale.isFinite, own.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      throw Diagnostic(
        .badPipeline, "a scale of replicate weights is negative, 0 or not a finite number",
        remedy: "take the numbers from the documentation of the file")
    }
    return (scale, own)
  }
}
