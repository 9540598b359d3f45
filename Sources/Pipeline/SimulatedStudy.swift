import CanvassCleaning
import CanvassIngestion
package import CanvassCompute
package import CanvassEstimation
import CanvassPublishing
package import CanvassScoring
package import CanvassSimulation
package import CanvassSurvey
import CanvassWeighting

/// A simulation with the pipeline that its samples go through, for studies that draw many of them.
package struct SimulatedStudy: Sendable {
  /// The population.
  package let spec: SimulationSpec
  /// What is estimated.
  package let plan: ScoringPlan
  /// The provinces of the specification, as scoring knows them.
  package let units: IndexUnits
  /// The names of the regions, and the region of each province of the specification.
  package let regions: [String]
  /// See `regions`.
  package let regionOfProvince: [Int]
  /// Confidence of the pipeline's intervals.
  package let confidence: Double
  /// Fewer respondents blank a number.
  package let minimumRespondents: Int
  private let request: SurveyRequest
  private let unitVariable: String

  /// Reads a simulation file and the pipeline that it names.
  package init(_ path: String) throws {
    let root = try DocumentLoader.load(path)
    try SimulationShape.root.check(root, key: "")
    spec = try SimulationReader(root: root).spec()
    guard let pipeline = root["pipeline"] else { throw root.error("'pipeline' is missing") }
    let plan = try PlanReader.read(pipeline.path)
    guard case .respondents(let request) = plan.door, let places = plan.units.places else {
      throw pipeline.error("a study needs a pipeline with respondents and a table of places")
    }
    self.plan = ScoringPlan(plan.tree)
    self.request = request
    unitVariable = plan.units.variable
    confidence = plan.confidence
    minimumRespondents = plan.gate.minimumRespondents
    let names = spec.provinces.map { province in
      places.index(of: province.code).flatMap { places.units[$0].region?.en } ?? ""
    }
    units = IndexUnits(
      codes: spec.provinces.map(\.code), groups: names, minimumRespondents: minimumRespondents)
    let regions = Set(names).sorted(by: Column.precedes)
    self.regions = regions
    regionOfProvince = names.map { regions.firstIndex(of: $0) ?? 0 }
  }

  /// The sample's rows cleaned, arranged and weighted as the pipeline says, and the province of each row
  /// by its place in the specification; `design` replaces the pipeline's design.
  package func estimator(
    _ table: Table, design: DesignRequest? = nil, workers: Workers
  ) throws -> (estimator: Estimator, provinceOfRow: [Int32]) {
    let cleaned = try Cleaning.clean(
      table, codebook: try Codebook(Simulation.codebook(spec)), request: request.cleaning,
      workers: workers
    ).table
    let (rows, arranged) = try cleaned.arranged(
      by: design ?? request.design, key: request.ingestion.key)
    let sample = try Weighting.weight(
      rows, design: arranged, steps: request.weighting, workers: workers)
    let (levelOfRow, levels) = try rows.column(unitVariable).grouped()
    let codes = spec.provinces.map(\.code)
    let provinceOfLevel = levels.map { Int32(codes.firstIndex(of: $0) ?? -1) }
    return (Estimator(sample), levelOfRow.map { provinceOfLevel[Int($0)] })
  }
}
