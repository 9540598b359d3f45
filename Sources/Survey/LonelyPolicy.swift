/// What to do with a stratum that has a single sampling unit, at any stage.
///
/// A unit that is the whole of its stratum (its sampling fraction is 1) contributes nothing and is not
/// lone. The names and rules are those of R survey's `survey.lonely.psu`.
public enum LonelyPolicy: String, Sendable, CaseIterable, Hashable, Codable {
  /// Stop, naming the strata.
  case fail
  /// The stratum contributes nothing.
  case remove
  /// The unit's contribution is taken about the mean of the units in all strata that the domain reaches.
  case adjust
  /// The stratum contributes the average of the strata that have two units or more.
  case average
  /// The unit is taken to be drawn with certainty: the stratum contributes nothing at this stage.
  case certainty
}
