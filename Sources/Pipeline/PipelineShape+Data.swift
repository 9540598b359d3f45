import CanvassCleaning
import CanvassIngestion
import CanvassSurvey

/// The keys of what is read and cleaned: `ingest`, `clean`, `fieldwork`.
extension PipelineShape {
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
}
