import CanvassEstimation
import CanvassSurvey
import CanvassWeighting

/// The keys of how the sample was drawn and is weighted: `design`, `weight`.
extension PipelineShape {
  static let design = Shape.object([
    .init(
      "stages",
      .list(
        .object([
          .init(
            "strata", .list(.text, orOne: true), "the strata, within the units of the stage above"),
          .init(
            "unit", .text, "the variable that identifies the unit; without it every row is a unit"),
          .init(
            "population", .text,
            "variable: number of units in the population of the row's stratum at this stage"),
          .init("fraction", .text, "variable: the sampling fraction of the row's stratum"),
          .init("unequal", unequal, "unequal probabilities without replacement, first stage"),
        ])), required: true, "the stages of sampling from the first"),
    .init("certainty", .map(.text), "unit variable: variable that is 1 if drawn with certainty"),
    .init(
      "lonely_psu", .choice(LonelyPolicy.allCases.map(\.rawValue)),
      "what to do with a stratum of one sampling unit"),
    .init(
      "lonely_psu_in_domains", .choice(["keep", "adjust"]),
      "a domain's only unit in a stratum: keep its deviation from the stratum's mean, or adjust as lone"
    ),
    .init(
      "stages_in_variance", .choice(["all", "first"]),
      "first: only the first stage and its correction, its units as ultimate clusters; all"),
    .init(
      "variance", .choice(VarianceRule.allCases.map(\.rawValue)),
      "of a unit's number: from its own sampling units, or with a design effect pooled over units"),
    .init(
      "df", .choice(DegreesOfFreedomRule.allCases.map(\.rawValue)),
      "degrees of freedom: Satterthwaite's, or sampling units less strata as R survey counts"),
  ])

  static let unequal = Shape.object([
    .init(
      "probability", .text, required: true, "the variable of the units' selection probabilities"),
    .init(
      "method", .choice(UnequalProbabilityMethod.allCases.map(\.rawValue)), required: true,
      "how the variance is found"),
    .init(
      "estimator", .choice(JointProbabilityEstimator.allCases.map(\.rawValue)),
      "the form for joint probabilities; yates_grundy"),
    .init("joint", .text, "a square table of joint probabilities, for the method joint"),
    .init(
      "population_squares", .text,
      "a number or variable: the sum of squared probabilities over all units of the stratum's "
        + "population, for hartley_rao; estimated"),
  ])

  static let weightStep = Shape.object([
    .init(
      "base",
      .either([
        .text,
        .object([
          .init("inverse_of", .list(.text, orOne: true), "selection probabilities of the stages"),
          .init(
            "from", .choice(["design"]), "the populations and fractions of the design's stages"),
          .init("column", .text, "a column of weights"),
          .init("missing_weight", .choice(["error", "zero"]), "a row without a weight; error"),
        ]),
      ]), "a column of weights, the inverse of probabilities, or what the design says"),
    .init(
      "nonresponse",
      .object([
        .init("cells", .list(.text, orOne: true), required: true, "variables that make the cells"),
        .init("respondent", .text, "variable that is 1 for a respondent, 0 for a nonrespondent"),
        .init(
          "outcome", .text,
          "variable of outcomes, instead of 'respondent'; its codes are under 'codes'"),
        .init(
          "codes",
          .object(
            ResponseOutcome.allCases.map {
              .init($0.rawValue, .list(.text, orOne: true), "values that mean \($0.rawValue)")
            }), "values of the outcome"),
      ]), "respondents carry the weight of the nonrespondents of their cell"),
    .init(
      "post_stratify", .object(within + margins(required: true)),
      "weights meet the counts of crossed cells"),
    .init(
      "rake",
      .object(
        within + margins(required: true) + [
          tolerance,
          .init("sweeps", .integer(1...1_000_000), "most sweeps; 1000"),
          .init(
            "residuals", .choice(ResidualRule.allCases.map(\.rawValue)),
            "rule of the residuals behind standard errors, by R survey's function; calibrate"),
        ]), "weights meet several margins in turn"),
    .init("calibrate", calibrate, "weights meet totals and margins by a distance"),
    .init("trim", trim, "extreme weights are cut"),
  ])

  private static let within = [
    Shape.Field("within", .text, "each value of this variable is a problem of its own")
  ]

  private static let tolerance = Shape.Field(
    "tolerance", .number, "largest relative error of any target; 1e-10")

  private static func margins(required: Bool) -> [Shape.Field] {
    [
      .init("margins", .text, required: required, "a table of populations by the variables"),
      .init("count", .text, "its column of people"),
      .init("share", .text, "its column of shares of the group's people, instead of 'count'"),
      .init(
        "over", .list(.either([.text, .list(.text)])), required: required,
        "the variables; a list in the list is a crossed margin"),
      .init("variable", .text, "its column of variable names, for a long table of one-way margins"),
      .init("level", .text, "its column of levels, for a long table of one-way margins"),
    ]
  }

  static let calibrate = Shape.object(
    within + [
      .init(
        "distance", .choice(CalibrationDistance.allCases.map(\.rawValue)),
        "the distance that is minimized; linear"),
      .init("bounds", .list(.number), "least and greatest factor, such as [0.5, 2]"),
      .init(
        "totals",
        .object([
          .init("file", .text, required: true, "a table with one row for each group"),
          .init("of", .list(.text, orOne: true), "its columns of totals, called as the variables"),
          .init("people", .text, "its column of people"),
        ]), "totals of numeric variables and the number of people"),
    ] + margins(required: false) + [
      .init("variance", .text, "a variable v above 0: weights of rows with a large v move less"),
      .init(
        "equal_within", .list(.text, orOne: true), "rows alike in these variables get one factor"),
      .init(
        "negative_weights", .choice(["refuse", "allow"]),
        "what the linear distance without bounds may do; refuse"),
      tolerance,
      .init("steps", .integer(1...100_000), "most Newton steps; 200"),
    ])

  static let trim = Shape.object(
    within + [
      .init("above", .text, "a weight, '5 * median', '3 * mean' or 'quantile 0.99': none above it"),
      .init("below", .text, "likewise: none below it"),
      .init(
        "rest", .choice(["strict", "once", "keep_totals"]),
        "the weight that is cut goes in equal parts to rows never trimmed until the limits hold, once, "
          + "or by calibration so that totals hold; strict"),
    ])
}
