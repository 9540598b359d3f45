public import CanvassWeighting

/// Everything that is asked of the respondents, estimated item by item for all domains at once.
public struct Estimator: Sendable {
  /// The sample.
  public let sample: WeightedSample

  /// An estimator over a weighted sample.
  public init(_ sample: WeightedSample) {
    self.sample = sample
  }
}
