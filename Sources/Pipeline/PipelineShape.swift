import CanvassCleaning
import CanvassEstimation
import CanvassIngestion
import CanvassScoring
import CanvassSurvey
import CanvassWeighting

/// The keys of a pipeline file: what `canvass check` demands and `canvass schema` prints.
enum PipelineShape {
  static let root = Shape.object([
    .init("canvass", .choice(["1"]), required: true, "the version of this file format"),
    .init("name", .text, required: true, "the name of the run's folder: letters, digits, - and _"),
    .init("title", .title, "what the index is called"),
    .init("released", .date, "the only date in the release"),
    .init("version", .text, "the version of the release, for a revision"),
    .init(
      "supersedes",
      .object([
        .init("release", .text, required: true, "the folder of the release that is replaced"),
        .init("reason", .title, required: true, "why; it is published"),
      ]), "the release that this one replaces"),
    .init("units", units, required: true, "who gets an index"),
    .init("ingest", ingest, "the drops of a survey"),
    .init("published", published, "a table of values that somebody else published"),
    .init("clean", clean, "missing codes, checks and derived variables"),
    .init("design", design, "how the sample was drawn"),
    .init("weight", .list(weightStep), "the weighting steps in order"),
    .init("estimate", estimate, "breakdowns and confidence"),
    .init("index", index, required: true, "the tree and how it is scored"),
    .init("rounds", rounds, "former rounds that this one is compared with"),
    .init("fieldwork", fieldwork, "which variables tell of the field period"),
    .init("publish", publish, "what may be published, and in which languages"),
  ])

  static let rounds = Shape.list(
    .object([
      .init("name", .text, required: true, "what the round is called, such as its year"),
      .init("year", .integer(1900...2200), "its year; the run's own, or its name"),
      .init("run", .text, "the folder of its run, such as Runs/papi-2024/latest"),
      .init("release", .text, "published scores: a table of unit, node, score, maybe se and df"),
      .init(
        "sampling_units", .choice(["shared", "independent"]),
        "whether one name of a stratum and primary sampling unit means one place in both; shared"),
    ]))

  static let units = Shape.object([
    .init("variable", .text, required: true, "the variable that names the unit"),
    .init("places", .text, "a table of units: code, name_en, name_vi, aliases, region"),
    .init("vintage", .text, "which vintage of the places file"),
    .init(
      "crosswalk",
      .object([
        .init("file", .text, required: true, "from_vintage, from_code, to_vintage, to_code"),
        .init("from", .text, required: true, "the vintage whose units the data name"),
      ]), "how the units of the data become those of the index"),
    .init(
      "population",
      .object([
        .init("file", .text, required: true, "a table of populations"),
        .init("unit", .text, required: true, "its column that names the unit"),
        .init("count", .text, required: true, "its column of people; rows of a unit are summed"),
      ]), "populations for the population-weighted national mean"),
  ])

  /// How members are written.
  static let writing: [Shape.Field] = [
    .init(
      "delimiter", .choice([",", ";", "tab", "|"]), "the field delimiter; found out if absent"),
    .init(
      "decimal", .choice(DialectRequest.Decimal.allCases.map(\.rawValue)),
      "the decimal sign of numbers; found out if absent"),
    .init(
      "header", .choice(["first", "none"]),
      "where the names are: in the first line, or nowhere, and columns are v1, v2 …; first"),
    .init(
      "encoding", .text,
      "the text's encoding, such as utf-8, utf-16, windows-1258, tcvn3, vni, viscii; found out if absent"
    ),
    .init(
      "undecodable", .choice(["stop", "replace"]),
      "what bytes that do not decode do: stop, or become U+FFFD, counted; stop"),
    .init(
      "group_separator", .choice(["/", "-", ":", "."]),
      "what stands between groups and names in the header: household/age becomes age"),
    .init(
      "empty", .choice([MissingReason.blank.name, MissingReason.skipped.name]),
      "what a cell with nothing in it means: blank, or skipped where the tool marks unanswered ones; blank"
    ),
    .init("sheet", .text, "the sheet of an Excel workbook; the only one if absent"),
  ]

  static let limits = Shape.object([
    .init("members", .integer(1...65_535), "most members of an archive; 65535"),
    .init("bytes", .integer(1...(1 << 50)), "most bytes that it may unpack to; 16 GiB"),
    .init(
      "ratio", .integer(1...1_000_000),
      "most bytes for each packed byte, once it has unpacked to 64 MiB; 200"),
    .init("name_length", .integer(1...65_535), "longest name of a member in bytes; 1024"),
    .init("seconds", .integer(1...1_000_000), "longest time for reading an archive; 600"),
  ])

  /// A sheet of an Excel workbook.
  static let sheet = Shape.object([
    .init("file", .text, required: true, "the workbook"),
    .init("sheet", .text, "its sheet; the only one if absent"),
  ])

  /// A table in a file of its own, or in a sheet of a workbook.
  static let table = Shape.either([.text, sheet])

  static let ingest = Shape.object([
    .init(
      "drops", .list(.text, orOne: true), required: true, "the archives; later ones win by key"),
    .init(
      "respondents",
      .object(
        [
          .init("members", .text, required: true, "the members that hold respondents"),
          .init("key", .text, "the variable that identifies a respondent"),
        ] + writing), required: true, "where the respondents are"),
    .init("nested", .choice(["true", "false"]), "whether archives in archives are opened; false"),
    .init("limits", limits, "how much an archive may hold before it is refused"),
    .init("blank", .list(.text, orOne: true), "cell texts that mean blank, such as NA"),
    .init(
      "text", .list(.text, orOne: true), "variables that are text even if they look like numbers"),
    .init("where", .text, "which rows are asked for; the others are no cleaning loss"),
    .init(
      "codebook",
      .object(
        [
          .init("member", .text, "the member of the archive: CSV, or DDI-Codebook 2.5 (.xml)"),
          .init("members", .text, "the same, with * for any characters"),
          .init("file", .text, "a file beside the pipeline file instead of a member"),
        ] + writing), "what describes the variables; a data file's own labels complete it"),
    .init(
      "collapse",
      .map(
        .object(
          [
            .init("members", .text, required: true, "the members of the repeated group"),
            .init("by", .text, required: true, "its variable that holds the respondent's key"),
            .init("key", .text, "the respondents' variable that it refers to; their key"),
            .init(
              "make", .map(.text), required: true,
              "new variables: count(), count(c), any(c), all(c), sum(x), mean(x), least(x), greatest(x)"
            ),
            .init("missing", missing, "missing codes of its variables, as under 'clean'"),
          ] + writing)), "repeated groups, several rows to one respondent"),
    .init(
      "join",
      .list(
        .object(
          [
            .init("members", .text, required: true, "the members of the second table"),
            .init("key", .text, required: true, "the variable both tables share"),
          ] + writing)), "second tables, many respondents to one row"),
  ])

  static let published = Shape.object(
    tableOfUnits + [
      .init("se", .text, "its column of standard errors, for a long table"),
      .init("df", .number, "degrees of freedom of these standard errors"),
    ])

  static let tableOfUnits: [Shape.Field] = [
    .init("file", .text, required: true, "a table of values by unit"),
    .init("unit", .text, required: true, "its column that names the unit"),
    .init("variable", .text, "its column that names the variable, for a long table"),
    .init("value", .text, "its column of values, for a long table"),
  ]

  static let missing = Shape.list(
    .object(
      [
        .init(
          "variables", .list(.text, orOne: true), required: true, "names, with * for any letters")
      ]
        + codedReasons.map {
          .init($0.name, .list(.text, orOne: true), "codes that mean \($0.name)")
        }))

  static let clean = Shape.object([
    .init("missing", missing, "missing codes for many variables at once"),
    .init(
      "codebook",
      .object([
        .init(
          "asked_if", .choice(consequences), "answers to questions that were not asked; flag"),
        .init("range", .choice(consequences), "values outside of their range; flag"),
        .init("labels", .choice(consequences), "codes without a label; flag"),
        .init("type", .choice(["blank"]), "texts in variables of numbers"),
      ]), "what happens to cells that the codebook does not allow"),
    .init(
      "multi_select",
      .list(
        .object([
          .init(
            "variables", .list(.text, orOne: true), required: true,
            "the variables of one question, with * for any letters")
        ])), "questions with several answers: what is left blank was not selected"),
    .init("decisions", table, "a table of what people decided about findings"),
    .init(
      "stop_above", .number,
      "the greatest share of rows, and of cells, that rules may strike out; more is exit 10"),
    .init(
      "checks",
      .list(
        .object([
          .init("id", .text, required: true, "the name of the check"),
          .init("when", .text, "which rows it applies to"),
          .init("require", .text, required: true, "what must hold there"),
          .init(
            "otherwise", .choice(["drop", "blank", "set", "stop", "flag"]), required: true,
            "what happens to a row that fails"),
          .init("set", .map(.text), "the values that variables take with 'otherwise: set'"),
          .init("good", .list(.map(.text)), "rows that pass, as variable: value"),
          .init("bad", .list(.map(.text)), "rows that fail, as variable: value"),
          .init(
            "blank", .list(.text, orOne: true),
            "which variables are struck out; those of 'require' if absent"),
        ])), "checks in order"),
    .init(
      "derive",
      .map(
        .object([
          .init("cut", .text, "the variable to cut into bands"),
          .init("at", .list(.number), "where it is cut"),
          .init("labels", .list(.text), "the names of the bands"),
          .init("recode", .text, "the variable to recode"),
          .init("map", .map(.text), "old value to new value"),
          .init(
            "otherwise", .choice(["keep", "blank", "error"]), "values that are not in the map"),
          .init("condition", .text, "1 where it holds, else 0"),
          .init("compute", .text, "the number that an expression yields"),
          .init("first", .list(.text), "variables of which the first that has a value counts"),
        ])), "new variables by name"),
    .init(
      "near_duplicates",
      .object([
        .init(
          "variables", .list(.text, orOne: true), required: true,
          "the questions to compare, with * for any letters"),
        .init("within", .text, required: true, "interviews are compared within its values"),
        .init("share", .number, "the least share answered alike that is a finding; 0.9"),
      ]), "interviews that are nearly alike"),
    .init(
      "duplicates",
      .object([
        .init("latest_by", .text, required: true, "of rows with one key, the greatest value wins")
      ]), "what happens to rows that share a key; without this they are an error"),
  ])

  private static let consequences = CodebookRules.Consequence.allCases.map(\.rawValue)

  static let fieldwork = Shape.object([
    .init("interviewer", .text, required: true, "the variable that says who asked"),
    .init("outcome", .text, "the variable of AAPOR's disposition codes"),
    .init("started", .text, "the variable that says when the interview began, ISO 8601"),
    .init("minutes", .text, "the variable that says how many minutes it took"),
    .init("age", .text, "the variable of ages, for Whipple's index"),
    .init("items", .list(.text, orOne: true), "the questions, with * for any letters"),
    .init("scales", .list(.text, orOne: true), "questions on one scale, for straight-lining"),
    .init("hours", .list(.number), "the usual hours of an interview's beginning; [7, 21]"),
    .init("likeness", .number, "the least share of answers alike that is told; 0.9"),
    .init(
      "positions",
      .object([
        .init("latitude", .text, required: true, "the variable of degrees north"),
        .init("longitude", .text, required: true, "the variable of degrees east"),
        .init("cluster", .text, required: true, "the variable of the sampling unit"),
        .init("kilometres", .number, "the greatest distance from the middle of the unit; 5"),
      ]), "where interviews took place"),
    .init(
      "quota",
      .list(
        .object([
          .init("by", .text, required: true, "the variable by whose values interviews are counted"),
          .init("file", .text, "a table of interviews wanted, with a column of that name"),
          .init("count", .text, "its column of interviews"),
        ])), "interviews done and wanted"),
  ])

  /// Reasons that a code in the data can stand for.
  static let codedReasons = MissingReason.allCases.filter { $0 != .struckOut }

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

  static let estimate = Shape.object([
    .init(
      "breakdowns", .list(.text), "variables whose levels are estimated over all and within units"),
    .init("confidence", .number, "confidence of the intervals; 0.95"),
    .init(
      "share_interval", .choice(ShareIntervalMethod.allCases.map(\.rawValue)),
      "how intervals of shares are made; logit"),
    .init("replicates", replicates, "replicates of the sample, for standard errors"),
    .init(
      "ranks",
      .either([
        .choice(["none"]),
        .object([
          .init(
            "method", .choice(RankMethod.allCases.map(\.rawValue)),
            "step-down (mogstad) or pairwise (bonferroni) tests; mogstad"),
          .init("confidence", .number, "confidence of rank intervals; that of the other intervals"),
          .init("draws", .integer(100...100_000), "Monte Carlo draws; 2000"),
          .init("seed", .integer(0...Int.max), "names the random numbers; 1"),
        ]),
      ]), "rank intervals, group probabilities and pairs that cannot be told apart, or none"),
  ])

  static let nodeFields: [Shape.Field] = StructureColumns.all.map {
    .init($0.name, .text, required: $0.name == "node", $0.about)
  }

  static let index = Shape.object([
    .init(
      "structure", .either([.text, .list(.object(nodeFields)), sheet]), required: true,
      "the nodes: a table, or a list here"),
    .init("scale", .list(.number), "the ends of the index scale; [1, 10]"),
    .init(
      "aggregate",
      .map(
        .object([
          .init("average_first", words(AverageFirst.self), "who is averaged first"),
          .init("combine", words(Combination.self), "how parts become the value"),
          .init("missing", words(MissingPart.self), "what a part without a value does"),
          .init("weights", words(WeightRule.self), "where the parts' weights come from"),
          .init("normalize", words(Normalization.Method.self), "how a value gets its scale"),
          .init("transform", words(ValueTransform.self), "what happens before it is normalized"),
          .init("clamp", .choice(["yes", "no"]), "values beyond the ends count as the ends"),
          .init("impute", words(Imputation.self), "what stands in for a unit's missing value"),
        ])), "rules by level, for nodes that have none of their own"),
    .init("year", .integer(1900...2200), "which year's lines of the structure hold"),
    .init("last_round", .object(tableOfUnits), "the values that 'impute: last-round' takes"),
    .init(
      "rank_decimals", .integer(0...15),
      "ranks and groups compare scores rounded to so many decimals; unrounded if absent"),
    .init(
      "groups",
      .either([
        .choice(["quartiles", "none"]),
        .object([
          .init("cuts", .list(.number), "fixed cuts in rising order; without them quartiles"),
          .init("names", .list(.title), required: true, "names of the groups from the lowest up"),
        ]),
      ]), "how units are grouped by score"),
    .init("uncertainty", uncertainty, "ranks under other assumptions about one node"),
  ])

  static let uncertainty = Shape.object([
    .init("node", .text, "the node whose parts are combined otherwise; the first index"),
    .init(
      "normalization",
      .list(.choice(IndexAssumptions.PartScale.allCases.map(\.rawValue)), orOne: true),
      "alternative scales of its parts; given"),
    .init(
      "aggregation",
      .list(.choice(IndexAssumptions.PartMean.allCases.map(\.rawValue)), orOne: true),
      "alternative combinations; arithmetic"),
    .init("weights", .number, "weights move by up to this share of themselves"),
    .init("leave_out", .choice(["yes", "no"]), "whether one part may be left out; no"),
    .init("sampling", .choice(["yes", "no"]), "whether sampling error joins in; no"),
    .init("coverage", .number, "the share of combinations that a band holds; 0.95"),
    .init("rows", .integer(100...100_000), "rows of the Monte Carlo matrices; 1000"),
    .init("seed", .integer(0...Int.max), "names the random numbers; 1"),
  ])

  private static func words<Word: RawRepresentable & CaseIterable>(_: Word.Type) -> Shape
  where Word.RawValue == String {
    .choice(Word.allCases.map(\.rawValue))
  }

  static let map = Shape.object([
    .init(
      "file", .text, required: true,
      "tiles: code, column, row; maybe vintage, label_en, label_vi"),
    .init("looked_at_by", .text, "who has looked at the map; a final release must say it"),
  ])

  static let publish = Shape.object([
    .init(
      "status", .choice(["draft", "embargoed", "final"]),
      "stands on the report; moves no number; draft"),
    .init(
      "require",
      .object([
        .init("open_findings", .integer(0...1_000_000_000), "the most findings that may be open"),
        .init(
          "approved_by_other", .choice(["true", "false"]),
          "whether somebody else than 'who' must have approved each decision"),
      ]), "what must be done before anything is published; else exit 10"),
    .init("minimum_respondents", .integer(1...1_000_000), "fewer respondents blank a cell; 10"),
    .init(
      "minimum_sampling_units", .integer(1...1_000_000), "fewer sampling units blank a cell; 2"),
    .init(
      "widest_interval", .number, "a longer interval blanks the cell; a share of the scale"),
    .init(
      "round_counts", .choice(["none", "3", "5", "10"]),
      "counts in multiples of this, numbers of 4 digits, no design effects; none"),
    .init(
      "sensitive", .list(.text),
      "nodes whose answers nobody may work out, with everything below them"),
    .init(
      "withhold",
      .list(
        .object([
          .init("unit", .text, required: true, "the unit's code"),
          .init("nodes", .list(.text), "which nodes; all if absent"),
          .init("reason", .text, required: true, "why; it is published"),
          .init("approved_by", .text, required: true, "who decided; it is published"),
        ])), "numbers that people decided not to publish"),
    .init(
      "languages", .list(.choice(["en", "vi"])), "languages of the report, the first one leads"),
    .init(
      "ranks", .choice(["none", "intervals"]),
      "none: groups and intervals alone, in every file; intervals: ranks with those that sampling error "
        + "leaves possible; intervals"),
    .init("map", map, "a map on which every unit has the same area"),
    .init(
      "cleaned", .list(.choice(CleanedFiles.formats), orOne: true),
      "formats of internal/cleaned.*: the cleaned rows with labels, reasons and the final weight"),
  ])
}
