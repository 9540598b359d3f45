import CanvassEstimation
import CanvassSurvey

/// Which standard errors come from replicates.
enum ReplicateUse: String, Sendable, CaseIterable {
  /// All of them.
  case all
  /// Those that linearization cannot give: medians, ranks, clamped and winsorized values, and what is made
  /// of them.
  case whereNeeded = "where_needed"
}

/// What the pipeline file asks of replicates; columns of the file's weights are patterns of names yet.
struct ReplicatePlan: Sendable {
  var request: ReplicateRequest
  var use: ReplicateUse
  /// Whether the pipeline file tells how the sample was drawn.
  var isDesigned = true

  /// The request with the columns that the patterns name, in the order of the table.
  ///
  /// - Throws: `badPipeline` for a pattern that names no column.
  func request(for names: [String]) throws(Diagnostic) -> ReplicateRequest {
    var request = request
    guard var given = request.given else { return request }
    var found = Set<String>()
    for pattern in given.columns {
      let fitting = names.filter(NamePattern(pattern).matches)
      guard !fitting.isEmpty else {
        throw Diagnostic(
          .badPipeline, "no column fits '\(pattern)' among the replicate weights",
          remedy: Suggestion.phrase(for: pattern, among: names)
            ?? "run 'canvass inspect' on the drop to see its columns")
      }
      found.formUnion(fitting)
    }
    given.columns = names.filter(found.contains)
    request.given = given
    return request
  }
}

extension PipelineShape {
  static let replicates = Shape.object([
    .init(
      "method", .choice(ReplicateMethod.allCases.map(\.rawValue)), required: true,
      "how replicates are made; given: weights that came with the file"),
    .init("count", .integer(2...100_000), "how many; 1000 for a bootstrap"),
    .init("seed", .integer(0...Int(Int32.max)), "names the random numbers; 1"),
    .init(
      "center", .choice(ReplicateCenter.allCases.map(\.rawValue)),
      "what deviations are taken about: the mean of the replicates, or the estimate"),
    .init("rho", .number, "Fay's part of its weight that the other half keeps"),
    .init(
      "reweight", .choice(["true", "false"]),
      "whether the weighting is carried out again in every replicate; true"),
    .init(
      "standard_errors", .choice(ReplicateUse.allCases.map(\.rawValue)),
      "which come from replicates; where_needed, all for given weights"),
    .init("columns", .list(.text, orOne: true), "replicate weights of the file, such as rw*"),
    .init(
      "origin", .choice(GivenReplicateWeights.Origin.allCases.map(\.rawValue)),
      "how weights of the file were made, which decides their scale"),
    .init("hold", .choice(["weights", "factors"]), "what the columns hold; weights"),
    .init("scale", .number, "multiplies the squared deviations of weights of the file"),
    .init(
      "coefficients", .list(.number),
      "multiply each replicate's squared deviation (R survey's rscales)"),
  ])
}

extension PlanReader {
  /// What `estimate.replicates` asks for.
  func replicates(
    _ value: Located?, design: Located?, variance: VarianceRule
  ) throws(Diagnostic) -> ReplicatePlan? {
    guard let value, let name = value["method"], let method = ReplicateMethod(rawValue: name.text)
    else { return nil }
    let isGiven = method == .given
    for key in ["columns", "origin", "hold", "scale", "coefficients"] {
      guard let found = value[key], !isGiven else { continue }
      throw found.error(
        "'\(key)' goes with 'method: given' alone", remedy: "remove '\(key)', or the method")
    }
    for key in ["seed", "reweight", "count"] {
      guard let found = value[key], isGiven else { continue }
      throw found.error(
        "'\(key)' has no meaning for weights that came with the file", remedy: "remove '\(key)'")
    }
    let isRandom = [.bootstrap, .raoWu, .cantyDavison, .generalized].contains(method)
    if let seed = value["seed"], !isRandom {
      throw seed.error("the method '\(method.rawValue)' draws nothing, and a seed is given")
    }
    var given: GivenReplicateWeights?
    if isGiven {
      guard let columns = value["columns"], let origin = value["origin"] else {
        throw value.error(
          "replicate weights of the file need 'columns' and 'origin'",
          remedy: "add 'columns: rw*' and how they were made, such as 'origin: bootstrap'")
      }
      given = GivenReplicateWeights(
        columns: columns.texts,
        origin: GivenReplicateWeights.Origin(rawValue: origin.text) ?? .other,
        areFactors: value["hold"]?.text == "factors", scale: value["scale"]?.number,
        coefficients: value["coefficients"].map { $0.items.map(\.number) })
    }
    let use =
      value["standard_errors"].flatMap { ReplicateUse(rawValue: $0.text) }
      ?? (isGiven ? .all : .whereNeeded)
    if use == .all, variance == .pooled {
      throw (value["standard_errors"] ?? name).error(
        "standard errors cannot come from replicates and be pooled",
        why: "'design' says 'variance: pooled'",
        remedy: "remove 'variance: pooled', or use 'standard_errors: where_needed'")
    }
    return ReplicatePlan(
      request: ReplicateRequest(
        method: method, count: value["count"].map { Int($0.number) },
        seed: value["seed"].map { UInt64($0.number) } ?? 1,
        center: value["center"].flatMap { ReplicateCenter(rawValue: $0.text) },
        rho: value["rho"]?.number, reweight: value["reweight"]?.text != "false", given: given),
      use: use, isDesigned: design?["stages"] != nil)
  }
}
