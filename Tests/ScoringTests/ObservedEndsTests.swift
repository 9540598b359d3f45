import CanvassCompute
import CanvassScoring
import Testing

@Suite("Observed ends")
struct ObservedEndsTests {
  @Test("two units: the share is the normal tail of their difference")
  func two() {
    // Φ(−0.5 / √(0.09 + 0.16)) = Φ(−1) = 0.1587; 1000 draws.
    let covariance = CovarianceMatrix(variances: [0.09, 0.16])
    for highest in [true, false] {
      let share = ObservedEnds.shareSetByAnother(
        [1, 1.5], covariance: covariance, highest: highest, draws: 20_000)
      #expect(abs(share - 0.1587) < 0.01)
    }
  }

  @Test("no error, one unit and none leave no doubt")
  func sure() {
    func share(_ values: [Double]) -> Double {
      ObservedEnds.shareSetByAnother(
        values, covariance: CovarianceMatrix(order: values.count), highest: true)
    }
    #expect(share([1, 2, 3]) == 0 && share([1]) == 0 && share([]) == 0)
  }
}
