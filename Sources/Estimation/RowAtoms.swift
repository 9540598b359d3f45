import CanvassSurvey
import CanvassWeighting

/// Rows that differ in weight and value alone: of one sampling unit, one domain of each partition, one group and
/// the same auxiliary values of each calibration. Linearized estimates need rows only through sums over these.
struct RowAtoms: Sendable {
  /// The atom of each row, −1 for a row without weight or in no domain.
  let atomOfRow: [Int32]
  /// The first row of each atom, in the order of sampling units.
  let firstRow: [Int]
  let unitOfAtom: [Int32]
  let psuOfAtom: [Int32]
  let stratumOfAtom: [Int32]

  init(_ sample: WeightedSample, partitions: [Partition], unitOfRow: [Int32]) {
    let rowCount = sample.weights.count
    for partition in partitions {
      precondition(
        partition.domainOfRow.count == rowCount, "a partition covers the rows of the sample")
    }
    var numbers = RowNumbers(partitions, rowCount: rowCount)
    for step in sample.calibrations {
      numbers.divide(levels: step.groupCount + 1) { Int(step.groupOfRow[$0]) + 1 }
      if step.valuesOfRow != nil {
        numbers.divide(levels: rowCount + 1) { step.groupOfRow[$0] < 0 ? 0 : $0 + 1 }
        continue
      }
      for entry in 0..<step.entriesPerRow {
        numbers.divide(levels: step.auxiliaryCount + 1) { row in
          step.groupOfRow[row] < 0
            ? 0 : Int(step.columnsOfRow[row * step.entriesPerRow + entry]) + 1
        }
      }
    }
    let atoms = numbers.apart(in: sample.design.rowStarts) { row in
      sample.weights[row] != 0 && partitions.contains { $0.domainOfRow[row] >= 0 }
    }
    atomOfRow = atoms.numberOfRow
    firstRow = atoms.firstRow
    unitOfAtom = atoms.firstRow.map { unitOfRow[$0] }
    psuOfAtom = unitOfAtom.map { sample.design.psuOfSamplingUnit[Int($0)] }
    stratumOfAtom = psuOfAtom.map { sample.design.stratumOfPSU[Int($0)] }
  }
}
