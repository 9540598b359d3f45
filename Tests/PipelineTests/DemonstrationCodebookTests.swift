import CanvassCleaning
import CanvassCompute
import CanvassIngestion
import CanvassSurvey
import Foundation
import Testing

@Suite("The demonstration's codebook") struct DemonstrationCodebookTests {
  @Test("its conditions give exactly the cells that the data call skipped")
  func skipped() throws {
    let read = try Ingestion.ingest(
      IngestionRequest(
        drops: [SimulatedDropTests.folder.appending(path: "drop.zip").path],
        respondents: MemberRequest(members: "responses/*.csv"), key: "respondent_id",
        textVariables: ["province"], codebook: .member(MemberRequest(members: "codebook.csv")),
        join: [JoinRequest(source: MemberRequest(members: "frame.csv"), key: "village")]),
      workers: Workers(2))
    let codebook = try #require(read.codebook)
    // The same codebook without the codes of skipped cells: those are blank, as if nobody had coded them.
    var blank = codebook.variables
    var gated = 0
    for index in blank.indices {
      if blank[index].askedIf != nil { gated += 1 }
      for (code, reason) in blank[index].missingCodes where reason == .skipped {
        blank[index].missingCodes[code] = .blank
      }
    }
    #expect(gated == 47)
    var request = CleaningRequest(key: "respondent_id")
    request.codebook.askedIf = .blank
    let workers = Workers(2)
    let coded = try Cleaning.clean(
      read.table, codebook: codebook, request: request, workers: workers)
    let found = try Cleaning.clean(
      read.table, codebook: Codebook(blank), request: request, workers: workers)
    var skipped = 0
    for (expected, made) in zip(coded.table.columns, found.table.columns) {
      let same = expected.reasons == made.reasons
      #expect(same, "\(expected.name)")
      skipped += expected.reasons.count { $0 == MissingReason.skipped.rawValue }
    }
    #expect(skipped > 100_000)
    // The twelve planted answers to questions that were not asked, each found by the rule of its variable.
    #expect(coded.report.findings.count == 12 && coded.report.findings == found.report.findings)
    #expect(coded.report.findings.allSatisfy { $0.rule == "asked_if \($0.variable)" })
    // Without the condition of one of them the check fails, with the count and the place.
    var without = codebook.variables
    let index = try #require(without.firstIndex { $0.name == "d5_2_2" })
    let cells = read.table["d5_2_2"]?.reasons.indices.count {
      read.table["d5_2_2"]?.number(at: $0) == 77
    }
    without[index].askedIf = nil
    do {
      _ = try Cleaning.clean(
        read.table, codebook: Codebook(without), request: request, workers: workers)
      Issue.record("nothing was found")
    } catch {
      #expect(error.kind == .checkFailed && error.place?.contains("drop.zip:responses/") == true)
      #expect(error.what.hasPrefix("\(cells ?? 0) cells of 'd5_2_2' are skipped"), "\(error)")
    }
  }
}
