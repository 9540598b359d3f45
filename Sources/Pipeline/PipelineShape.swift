import CanvassEstimation
import CanvassScoring
import CanvassSurvey

/// The keys of a pipeline file: what `canvass check` demands and `canvass schema` prints.
enum PipelineShape {
  static let root = Shape.object([
    .init("canvass", .choice(["1"]), required: true, "the version of this file format"),
    .init("name", .text, required: true, "the name of the run's folder: letters, digits, - and _"),
    .init("title", .title, "what the index is called"),
    .init("released", .date, "the only date in the release"),
    .init("about", about, "who asked whom, when and how: what a reader must be told"),
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
    .init(
      "last_round", .object(tableOfUnits), "the values by node that 'impute: last-round' takes"),
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
