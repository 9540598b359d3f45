import CanvassCompute

/// Principal components of columns over the same units, by their correlations.
public struct PrincipalComponents: Sendable {
  /// The share of the variance that each component has, falling.
  public let shares: [Double]
  /// The loadings of the columns on each component, of length 1; the largest is positive.
  public let loadings: [[Double]]

  /// The components of `columns`; nil where a column does not vary or there are fewer than two units.
  public init?(_ columns: [[Double]]) {
    var matrix = [Double](repeating: 1, count: columns.count * columns.count)
    for i in columns.indices {
      for j in columns.indices where j != i {
        guard let r = Correlation.pearson.of(columns[i], columns[j]) else { return nil }
        matrix[i * columns.count + j] = r
      }
    }
    if columns.count == 1, Correlation.pearson.of(columns[0], columns[0]) == nil { return nil }
    let found = SymmetricEigenvectors(matrix, order: columns.count)
    shares = found.values.map { $0 / Double(columns.count) }
    loadings = found.vectors
  }
}
