import CanvassCleaning
import CanvassCompute
import CanvassIngestion
import CanvassSurvey

/// The cleaning stage of a pipeline by itself, to be timed.
package struct RulesBenchmark {
  private let table: Table
  private let codebook: Codebook?
  private let request: CleaningRequest

  /// Number of rows.
  package var rows: Int { table.rowCount }

  /// Reads the drops of the pipeline file at `path`, and lays the rows end to end `copies` times.
  package init(_ path: String, copies: Int) throws {
    let plan = try PlanReader.read(path)
    guard case .respondents(let survey) = plan.door else {
      throw Diagnostic(.badPipeline, "there are no respondents to clean", at: path)
    }
    let read = try Ingestion.ingest(survey.ingestion, workers: Workers(1))
    table = Table.concatenating([Table](repeating: read.table, count: copies))
    codebook = read.codebook
    var request = survey.cleaning
    // Copies share their keys: duplicates are another matter.
    request.key = nil
    request.nearDuplicates = nil
    request.decisions = []
    request.duplicates = .fail
    request.derivations = []
    self.request = request
  }

  /// Cleans once, with all rules or with missing codes alone.
  package func clean(withRules: Bool) throws {
    if withRules {
      _ = try Cleaning.clean(table, codebook: codebook, request: request)
    } else {
      let bare = try Codebook(
        (codebook?.variables ?? []).map { variable in
          Variable(
            name: variable.name, title: variable.title, missingCodes: variable.missingCodes)
        })
      _ = try Cleaning.clean(
        table, codebook: bare, request: CleaningRequest(missing: request.missing))
    }
  }
}
