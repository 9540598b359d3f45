import CanvassCleaning
import CanvassEstimation
import CanvassIngestion
import CanvassPublishing
import CanvassScoring
import CanvassSurvey
import CanvassWeighting

/// The facts of a run as JSON: for `record/run.json`, and for `--json`.
enum RunSummary {
  /// What went in and what every stage did; paths stand in the record alone, never in release/, and what
  /// another repetition would not have in common stands under `machine`.
  static func record(
    _ computation: Computation, command: RunCommand, workers: Int
  ) throws -> JSONValue {
    var members: [String: JSONValue] = [
      "canvass": .text(Version.number),
      "pipeline": .text(computation.plan.name),
      "version": computation.plan.version.map { .text($0) } ?? .null,
      "supersedes_manifest_sha256":
        computation.plan.supersedes.map { .text($0.manifestDigest) } ?? .null,
      "command": command.json,
      "machine": try MachineUse.json(threads: workers, stages: computation.seconds),
      "notes": .list((computation.warnings + computation.notes).map { .text($0.en) }),
      "inputs": .list(
        try computation.plan.inputs.map { input in
          [
            "role": .text(input.role), "path": .text(input.path),
            "sha256": .text(try InputFile.digest(input.path)),
          ]
        }),
      "gate": gate(computation.released),
    ]
    if let ranks = computation.released.ranks { members["ranks"] = Self.ranks(ranks) }
    if !computation.assumptions.isEmpty {
      members["assumptions"] = .list(computation.assumptions.map(assumptions))
    }
    if let survey = computation.survey {
      members["drops"] = .list(survey.ingestion.drops.map(drop))
      members["ingestion"] = [
        "rows_read": .integer(survey.ingestion.rowsRead),
        "rows_superseded": .integer(survey.ingestion.rowsSuperseded),
        "rows_out": .integer(survey.ingestion.rowsOut),
        "blank_lines": .integer(survey.ingestion.blankLines),
        "codebook_variables_not_in_data": .integer(survey.ingestion.undescribedInData),
      ]
      members["cleaning"] = cleaning(survey)
      members["design"] = design(survey.sample.design)
      if case .respondents(let request) = computation.plan.door {
        members["uncertainty"] = [
          "variance": .text(request.uncertainty.variance.rawValue),
          "df": .text(request.uncertainty.degreesOfFreedom.rawValue),
        ]
      }
      members["weighting"] = .list(survey.sample.steps.map(step))
    }
    return .object(members)
  }

  private static func drop(_ drop: DropReport) -> JSONValue {
    [
      "path": .text(drop.path), "sha256": .text(drop.sha256), "bytes": .integer(drop.byteCount),
      "members": .list(
        drop.members.map { member in
          var fields: [String: JSONValue] = [
            "name": .text(member.name), "rows": .integer(member.rows),
            "bytes": .integer(member.byteCount), "format": .text(member.format),
          ]
          if let delimiter = member.delimiter { fields["delimiter"] = .text(delimiter) }
          if let decimal = member.decimal { fields["decimal"] = .text(decimal.rawValue) }
          if let decision = member.decision {
            fields["encoding"] = .text(decision.encoding.name)
            fields["encoding_confidence"] = .number(decision.confidence)
            if decision.replaced > 0 { fields["replaced"] = .integer(decision.replaced) }
          }
          if member.undecodedLabels > 0 {
            fields["undecoded_labels"] = .integer(member.undecodedLabels)
          }
          if member.cutTexts > 0 { fields["cut_texts"] = .integer(member.cutTexts) }
          return .object(fields)
        }),
    ]
  }

  private static func cleaning(_ survey: Computation.SurveyFacts) -> JSONValue {
    let report = survey.cleaning
    var findings: [String: JSONValue] = [:]
    for state in Finding.State.allCases {
      findings[state.rawValue] = .integer(report.findings.count { $0.state == state })
    }
    return [
      "findings": .object(findings), "decisions_applied": .integer(report.decisionsApplied),
      "decisions_outdated": .integer(report.decisionsOutdated),
      "codebook": report.codebook.map(CodebookFacts.json) ?? .null,
      "rows_in": .integer(report.rowsIn), "rows_out": .integer(report.rowsOut),
      "cells_in": .integer(report.cellsIn), "cells_out": .integer(report.cellsOut),
      "rules": .list(
        report.lines.map { line in
          [
            "rule": .text(line.rule), "kind": .text(line.kind.rawValue),
            "applied": .integer(line.applied), "rows": .integer(line.rows),
            "unknown": .integer(line.unknown), "cells": .integer(line.cells),
          ]
        }),
    ]
  }

  private static func design(_ design: SampleDesign) -> JSONValue {
    [
      "strata": .integer(design.stratumCount), "psus": .integer(design.psuCount),
      "lonely_psu": .text(design.lonely.rawValue),
      "stages": .list(
        design.stageCounts.map { ["unit": .text($0.unit), "count": .integer($0.count)] }),
    ]
  }

  private static func step(_ step: WeightStep) -> JSONValue {
    var members: [String: JSONValue] = [
      "name": .text(step.name), "kish_design_effect": .number(step.kishDesignEffect),
      "effective_count": .number(step.effectiveCount), "lowest": .number(step.range.lowerBound),
      "highest": .number(step.range.upperBound),
    ]
    if let distance = step.distance {
      members["distance_before"] = .number(distance.before)
      members["distance_after"] = .number(distance.after)
    }
    if let iterations = step.iterations { members["iterations"] = .integer(iterations) }
    members["weight_quantiles"] = quantiles(step.weightQuantiles)
    members["factor_quantiles"] = quantiles(step.factorQuantiles)
    if step.negativeCount > 0 { members["negative_weights"] = .integer(step.negativeCount) }
    let overall = step.balance.filter { $0.group == nil }
    if !overall.isEmpty { members["balance"] = .list(overall.map(balance)) }
    return .object(members)
  }

  private static func quantiles(_ quantiles: WeightQuantiles) -> JSONValue {
    .list(
      zip(WeightQuantiles.probabilities, quantiles.values).map {
        ["probability": .number($0), "value": .number($1)]
      })
  }

  private static func balance(_ line: CovariateBalance) -> JSONValue {
    var members: [String: JSONValue] = [
      "level": .text(line.name), "target": .number(line.target), "before": .number(line.before),
      "after": .number(line.after),
    ]
    if let before = line.differenceBefore { members["difference_before"] = .number(before) }
    if let after = line.differenceAfter { members["difference_after"] = .number(after) }
    return .object(members)
  }

  /// How ranks were assessed, and the mean width of their intervals by node.
  private static func ranks(_ ranks: ReleasedRanks) -> JSONValue {
    [
      "method": .text(ranks.rules.method.rawValue), "confidence": .number(ranks.rules.confidence),
      "draws": .integer(ranks.rules.draws), "seed": .text(String(ranks.rules.seed)),
      "nodes": .list(
        ranks.assessments.map { assessment in
          let intervals = assessment.intervals
          return [
            "node": .text(assessment.field.node),
            "units": .integer(assessment.field.units.count),
            "mean_width": .number(RankIntervals.meanWidth(intervals.marginal)),
            "mean_width_simultaneous": .number(RankIntervals.meanWidth(intervals.simultaneous)),
            "pairs_not_told_apart": .integer(intervals.indistinguishable.count),
          ]
        }),
    ]
  }

  /// How far ranks move under other assumptions.
  private static func assumptions(_ analysis: AssumedRanks) -> JSONValue {
    [
      "node": .text(analysis.node.id), "source": .text(analysis.source.rawValue),
      "units": .integer(analysis.units.count), "coverage": .number(analysis.coverage),
      "mean_absolute_shift": .number(analysis.ranks.meanAbsoluteShift),
      "mean_absolute_shift_se": .number(analysis.ranks.meanAbsoluteShiftError),
    ]
  }

  private static func gate(_ released: ReleasedRows) -> JSONValue {
    func counts(_ tally: [CellStatus: Int]) -> JSONValue {
      .object(
        Dictionary(
          tally.map { ($0.key == .ok ? "ok" : $0.key.rawValue, .integer($0.value)) },
          uniquingKeysWith: { first, _ in first }))
    }
    return [
      "minimum_respondents": .integer(released.rules.minimumRespondents),
      "confidential_cells": .integer(released.tally.primaryCells),
      "complementary_cells": .integer(released.tally.complementaryCells),
      "relations": .integer(released.tally.relations),
      "scores": counts(released.tally.scores), "indicators": counts(released.tally.indicators),
    ]
  }
}
