package import CanvassCleaning
package import CanvassCompute
import CanvassIngestion
package import CanvassSurvey

/// The first half of a run, for studies that compare what cleaning makes of two drops.
package enum SimulatedPipeline {
  /// Reads and cleans as the pipeline file at `path` says, writes the units' codes, and hands over the table
  /// that was read, the cleaned one and the account.
  package static func clean<Result>(
    _ path: String, withDecisions: Bool, workers: Workers,
    _ body: (Table, Table, CleaningReport) throws -> Result
  ) throws -> Result {
    let plan = try PlanReader.read(path)
    guard case .respondents(var request) = plan.door else {
      throw Diagnostic(.badPipeline, "there are no respondents to clean", at: path)
    }
    if !withDecisions { request.cleaning.decisions = [] }
    let read = try Ingestion.ingest(request.ingestion, workers: workers)
    var (table, report) = try Cleaning.clean(
      read.table, codebook: read.codebook, request: request.cleaning, workers: workers)
    plan.units.writeCodes(&table)
    return try body(read.table, table, report)
  }
}
