public import CanvassCompute
import CanvassEstimation
import CanvassPublishing
import CanvassScoring
import CanvassSimulation
import CanvassSurvey

/// `canvass simulate`: a drop with a known truth.
public enum SimulationRun {
  /// Writes `drop.zip`, `population.csv` and `truth.csv` into `output` and returns their paths; with faults
  /// of several kinds also `faults.csv`, what was planted, and `decisions.csv`, which puts it right.
  ///
  /// `population.csv` counts every simulated adult by province, sex and age band; `truth.csv` holds every
  /// node of the index over all simulated adults, each with weight 1, by the index's own rules.
  public static func run(
    _ path: String, output: String, sampleSeed: UInt64?, workers: Workers,
    progress: @escaping @Sendable (RunProgress) -> Void
  ) throws -> [String] {
    defer { progress(.done) }
    let root = try DocumentLoader.load(path)
    try SimulationShape.root.check(root, key: "")
    let spec = try SimulationReader(root: root).spec()
    let tree = try tree(root)
    progress(.stage("drawing the sample"))
    let members = try Simulation.files(
      spec, sampleSeed: sampleSeed ?? spec.sampleSeed, workers: workers)
    let drop = try DropArchive.zip(members.map { ($0.name, $0.bytes) })
    progress(.stage("counting the population"))
    let margins = try Simulation.margins(spec, workers: workers)
    var population = "province,sex,age_band,population\n"
    for margin in margins {
      population += "\(margin.province),\(margin.sex),\(margin.ageBand),\(margin.population)\n"
    }
    progress(.stage("counting the truth"))
    let truth = try truth(spec, tree: tree, workers: workers)
    try CheckedFile.createFolder(output)
    var written: [String] = []
    var files = [
      ("drop.zip", drop), ("population.csv", Array(population.utf8)), ("truth.csv", truth),
    ]
    if !spec.faults.isEmpty {
      let planted = try Simulation.plantedFaults(
        spec, sampleSeed: sampleSeed ?? spec.sampleSeed, workers: workers)
      files += [
        ("faults.csv", PlantedFaultFiles.faults(planted)),
        ("decisions.csv", PlantedFaultFiles.decisions(planted)),
      ]
    }
    for (name, bytes) in files {
      let file = output + "/" + name
      try CheckedFile.replace(bytes, at: file)
      written.append(file)
    }
    return written
  }

  private static func tree(_ root: Located) throws(Diagnostic) -> IndexTree {
    guard let pipeline = root["pipeline"] else { throw root.error("'pipeline' is missing") }
    let file = try DocumentLoader.load(pipeline.path)
    try PipelineShape.root.check(file, key: "")
    guard let index = file["index"] else { throw file.error("'index' is missing") }
    let nobody = UnitsRequest(variable: "province", places: nil, populations: nil)
    return try PlanReader(root: file, drops: [], units: nobody).tree(index).tree
  }

  /// Every node over all simulated adults: by province, and over the country.
  private static func truth(
    _ spec: SimulationSpec, tree: IndexTree, workers: Workers
  ) throws -> [UInt8] {
    let codes = spec.provinces.map(\.code)
    let plan = ScoringPlan(tree)
    let truths = try PopulationTruth.count(
      spec, plan: plan,
      domainsOfProvinces: [Array(codes.indices), [Int](repeating: 0, count: codes.count)],
      workers: workers)
    var text = "unit,node,score,estimate,adults\n"
    for (position, truth) in truths.enumerated() {
      for domain in 0..<truth.scores.domainCount {
        let unit = position == 0 ? codes[domain] : NationalNumber.survey.rawValue
        for (index, node) in tree.nodes.enumerated() {
          let measured = node.leaf.flatMap { _ in plan.measureOfNode[index] }
            .flatMap { truth.results[$0].domains[domain].estimate?.value }
          let score = truth.scores.estimate(index, domain)?.value
          text += "\(unit),\(node.id),\(score.map(Column.render) ?? ""),"
          text += "\(measured.map(Column.render) ?? ""),"
          text += "\(truth.scores.support(index, domain)?.respondents ?? 0)\n"
        }
      }
    }
    return Array(text.utf8)
  }
}
