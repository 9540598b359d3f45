import CanvassEstimation
import CanvassPublishing
import CanvassScoring
import CanvassSurvey
import CanvassWeighting

/// Scripts for R and Stata that recompute a run's scores from its cleaned data, with the data.
enum CheckScripts {
  /// `check.R`, `check.do` and the tables that they read; none for a table of published values.
  static func files(_ computation: Computation) throws(Diagnostic) -> [RunFile] {
    guard let survey = computation.survey else { return [] }
    var table = survey.sample.table
    let units = try computation.plan.units.assign(&table)
    guard case .respondents(let request) = computation.plan.door else { return [] }
    let partitions = try Domains.partitions(
      of: table, units: units, breakdowns: request.breakdowns)
    let data = CheckData(
      plan: ScoringPlan(computation.plan.tree), sample: survey.sample,
      unitOfRow: units.unitOfRow.map { units.units[Int($0)].code },
      labelsOfRow: partitions.filter { $0.domains.allSatisfy { $0.unit == nil && $0.label != "" } }
        .map { split in
          split.partition.domainOfRow.map { $0 < 0 ? nil : split.domains[Int($0)].label }
        })
    let joint = data.joint().map { [RunFile("check-joint.csv", $0)] } ?? []
    return joint + [
      RunFile("check.R", Array(r(survey.sample).utf8)),
      RunFile("check.do", Array(stata(survey.sample).utf8)),
      RunFile("check-data.csv", try data.data()),
      RunFile("check-nodes.csv", data.nodes()),
      RunFile("check-parts.csv", data.parts()),
      RunFile("check-expected.csv", data.expected(computation.released)),
    ]
  }

  private static func r(_ sample: WeightedSample) -> String {
    CheckScriptR.template
      .replacing("@LONELY@", with: sample.design.lonely.rawValue)
      .replacing("@PPS@", with: sample.design.unequal?.method.rawValue ?? "")
      .replacing(
        "@ESTIMATOR@",
        with: sample.design.unequal?.estimator == .horvitzThompson ? "HT" : "YG"
      )
      .replacing("@LONELY_IN_DOMAINS@", with: sample.design.lonelyInDomains ? "TRUE" : "FALSE")
      .replacing("@ASKS@", with: Estimator(sample).asksForReach ? "TRUE" : "FALSE")
      .replacing(
        "@RULES@",
        with: sample.calibrations.map { "\"\($0.rule.rawValue)\"" }.joined(separator: ", "))
  }

  private static func stata(_ sample: WeightedSample) -> String {
    let stages = sample.design.stages
    let hasFractions = stages.contains { $0.fractions.contains { $0 > 0 } }
    let declaration = stages.indices.map { depth in
      (depth == 0 ? "unit1 [pw = weight]" : "unit\(depth + 1)")
        + ", strata(stratum\(depth + 1))" + (hasFractions ? " fpc(population\(depth + 1))" : "")
    }.joined(separator: " || ")
    let single =
      switch sample.design.lonely {
      case .fail: "missing"
      case .remove, .certainty: "certainty"
      case .adjust: "centered"
      case .average: "scaled"
      }
    return CheckScriptStata.template
      .replacing("@SVYSET@", with: declaration)
      .replacing("@ERRORS@", with: sample.design.unequal == nil ? "1" : "0")
      .replacing("@SINGLEUNIT@", with: single)
      .replacing("@ESTIMATE@", with: estimate(sample.calibrations))
  }

  private static func estimate(_ calibrations: [CalibrationStep]) -> String {
    if calibrations.isEmpty { return CheckScriptStata.direct }
    var lines: [String] = []
    for (position, step) in calibrations.enumerated().reversed() {
      let name = "calibration\(position + 1)_"
      let entries = (1...max(1, step.entriesPerRow)).map { entry in
        let column = "\(name)column\(entry)"
        return step.valuesOfRow == nil ? "i.\(column)" : "i.\(column)#c.\(name)value\(entry)"
      }
      lines += [
        "quietly replace z = z / \(name)exit if \(name)exit > 0 & !missing(\(name)exit)",
        "quietly levelsof \(name)group, local(groups)",
        "foreach g of local groups {",
        "    capture drop e",
        "    quietly regress z \(entries.joined(separator: " ")) [aw = \(name)regression] ///",
        "        if \(name)group == `g' & \(name)exit > 0, noconstant",
        "    quietly predict double e if e(sample), residuals",
        "    quietly replace z = e if e(sample)",
        "}",
        "quietly replace z = z * \(name)exit if \(name)exit > 0 & !missing(\(name)exit)",
      ]
    }
    let block = lines.map { "            " + $0 }.joined(separator: "\n")
    return CheckScriptStata.calibrated.replacing("@RESIDUALS@", with: block)
  }
}
