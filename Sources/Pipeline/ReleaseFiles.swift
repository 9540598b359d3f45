import CanvassCleaning
import CanvassIngestion
import CanvassPublishing
import CanvassScoring
import CanvassSurvey
import CanvassWeighting

/// Makes the files of a run from what it found out.
enum ReleaseFiles {
  /// release/ depends on the cleaned table and the pipeline file alone; the rest goes to the record.
  static func make(
    _ computation: Computation, command: RunCommand, workers: Int
  ) throws -> RunFiles {
    let plan = computation.plan
    let languages = plan.languages.compactMap(ReleaseLanguage.init(rawValue:))
    let scores = ScoresFile.bytes(computation.released, language: languages.first ?? .en)
    let indicators = IndicatorsFile.bytes(computation.released)
    let findings = CoherenceFile.findings(plan.tree, computation.released)
    var content = report(computation, languages: languages)
    content.coherence = CoherenceFile.account(findings, plan.tree)
    content.digests = [
      ("scores.csv", SHA256.hex(scores)), ("indicators.csv", SHA256.hex(indicators)),
    ]
    var inside: [RunFile] = []
    var open: [RunFile] = []
    if case .respondents(let request) = plan.door, let survey = computation.survey {
      inside.append(
        RunFile(
          "weights.csv",
          try WeightsFile.bytes(
            survey.sample, key: request.ingestion.key, unit: plan.units.variable)))
      inside.append(RunFile("balance.csv", BalanceFile.bytes(survey.sample.steps)))
      let cleaning = CleaningFiles(report: survey.cleaning, rows: survey.rows)
      inside += [
        RunFile("findings.csv", cleaning.findings),
        RunFile("findings.xlsx", try cleaning.findingsWorkbook()),
        RunFile("cleaning-log.csv", cleaning.log),
        RunFile("cleaning-account.csv", cleaning.account),
      ]
      open.append(RunFile("cleaning.csv", cleaning.summary(plan.gate)))
      if !survey.fieldwork.isEmpty {
        inside.append(
          RunFile(
            "fieldwork.html",
            TablePage.bytes(
              LocalizedText(
                en: "Field work: \(plan.title.en)", vi: "Thực địa: \(plan.title.vi)"),
              survey.fieldwork.map(FieldworkText.plain), languages: languages)))
      }
      inside += try CleanedFiles.make(
        request.cleanedFormats, sample: survey.sample, codebook: survey.codebook)
    }
    if let contributions = computation.round.contributions {
      inside.append(
        RunFile(
          InfluencesFile.name,
          InfluencesFile.bytes(contributions, scores: computation.round.scores)))
    }
    inside += plan.sheets.map { RunFile($0.name, $0.bytes) }
    if command.checkScripts { inside += try CheckScripts.files(computation) }
    var release = [
      RunFile("scores.csv", scores), RunFile("indicators.csv", indicators),
      RunFile("coherence.csv", CoherenceFile.bytes(findings, plan.tree)),
      RunFile("effective-weights.csv", EffectiveWeightsFile.bytes(plan.tree, computation.frame)),
      RunFile(
        DefinitionsFile.name,
        DefinitionsFile.bytes(
          plan.tree, computation.round.definitions, grouping: plan.grouping)),
      RunFile("report.html", Report.bytes(content)),
      RunFile("disclosure.json", DisclosureFile.bytes(computation.released)),
    ]
    if !computation.changes.isEmpty {
      release.append(
        RunFile(
          ChangesFile.name,
          ChangesFile.bytes(computation.changes.flatMap(\.rows), language: languages.first ?? .en)))
    }
    if let ranks = computation.released.ranks {
      release.append(RunFile("indistinguishable.csv", IndistinguishableFile.bytes(ranks)))
      if plan.grouping != .none {
        release.append(
          RunFile("group-probabilities.csv", GroupProbabilitiesFile.bytes(ranks)))
      }
    }
    if !computation.assumptions.isEmpty {
      let files = [
        RunFile("rank-uncertainty.csv", RankUncertaintyFile.bytes(computation.assumptions)),
        RunFile("sensitivity.csv", SensitivityFile.bytes(computation.assumptions)),
      ]
      if plan.gate.publishesRanks { release += files } else { inside += files }
    }
    for language in content.languages {
      for (name, figure) in Report.figures(content) {
        release.append(RunFile("\(name)-\(language.rawValue).svg", figure(language)))
      }
    }
    release += open + errata(computation, language: languages.first ?? .en)
    let methods = Methods(computation: computation, content: content).sections
    for language in ReleaseLanguage.allCases where language == .en || languages.contains(language) {
      release.append(
        RunFile(MethodsFile.name(language), MethodsFile.bytes(content, methods, language)))
    }
    if case .respondents(let request) = plan.door, let survey = computation.survey {
      release.append(
        RunFile(
          CodebookDocument.name,
          CodebookDocument.bytes(
            content,
            variables: PublishedQuestions.variables(
              request, tree: plan.tree, codebook: survey.codebook),
            design: DesignWords(request: request.design).sentences, version: plan.version)))
    }
    release.append(RunFile(ReadmeFile.name, ReadmeFile.bytes(content, release)))
    release.append(
      RunFile(
        DataPackageFile.name,
        DataPackageFile.bytes(release, of: content, name: plan.name, version: plan.version)))
    if let crate = ResearchObjectFile.bytes(release, of: content, version: plan.version) {
      release.append(RunFile(ResearchObjectFile.name, crate))
    }
    return RunFiles(
      release: release,
      internal: inside,
      record: [
        RunFile(
          FormerInputs.pipelineName, try CheckedFile.bytes(of: computation.plan.file)),
        RunFile(
          "run.json",
          try RunSummary.record(computation, command: command, workers: workers).document),
      ])
  }

  private static func report(
    _ computation: Computation, languages: [ReleaseLanguage]
  ) -> ReportContent {
    let tree = computation.plan.tree
    let roots = tree.nodes.indices.filter { tree.isRoot($0) }
    let headline = roots.first ?? 0
    func node(_ index: Int) -> ReportNode {
      ReportNode(id: tree.nodes[index].id, title: tree.nodes[index].title)
    }
    var content = ReportContent(
      title: computation.plan.title, languages: languages, released: computation.plan.released,
      status: computation.plan.status, rows: computation.released, headline: node(headline))
    // The other indices, then the parts of the first one that are not leaves.
    content.sections =
      (roots.dropFirst() + tree.parts[headline].map(\.node).filter { tree.nodes[$0].leaf == nil })
      .map(node)
    content.outline = tree.outline(below: headline)
    content.map = computation.plan.map
    content.changes = computation.changes.map { ChangesSince(name: $0.former, rows: $0.rows) }
    if computation.plan.gate.publishesRanks { content.assumptions = computation.assumptions }
    content.study = computation.plan.study
    content.warnings = computation.warnings
    content.notes = computation.notes
    for title in computation.plan.groupTitles { content.groupTitles[title.en] = title }
    guard let survey = computation.survey else { return content }
    if case .respondents(let request) = computation.plan.door {
      content.degreesOfFreedomRule = Notes.degreesOfFreedomRule(
        request.uncertainty, replicates: request.replicates)
    }
    let design = survey.sample.design
    content.sample =
      [
        (
          LocalizedText(en: "respondents", vi: "người trả lời"),
          computation.plan.gate.shown(survey.sample.weights.count { $0 > 0 })
        ),
        (LocalizedText(en: "strata", vi: "tầng"), design.stratumCount),
        (LocalizedText(en: "primary sampling units", vi: "đơn vị mẫu sơ cấp"), design.psuCount),
      ]
      + design.stageCounts.map { stage in
        (survey.codebook?[stage.unit]?.title ?? LocalizedText(en: stage.unit), stage.count)
      }
    content.domainTitles = domainTitles(computation.released, codebook: survey.codebook)
    content.cleaning = cleaning(survey.cleaning, computation.plan.gate)
    content.weighting = survey.sample.steps.map { weighting($0, computation.plan.gate) }
    if !survey.sample.calibrations.isEmpty {
      content.linearizationRule = Notes.linearizationRule(survey.sample)
    }
    return content
  }

  /// What moved since the release that this one replaces; no file where it replaces none.
  private static func errata(_ computation: Computation, language: ReleaseLanguage) -> [RunFile] {
    guard let former = computation.plan.supersedes else { return [] }
    return [
      RunFile(
        "errata.csv",
        ErrataFile.bytes(
          computation.released, former: former.cells, reason: former.reason, language: language))
    ]
  }

  /// What the codebook calls the domains of breakdowns: `sex=F` becomes "Sex: Female".
  private static func domainTitles(
    _ rows: ReleasedRows, codebook: Codebook?
  ) -> [String: LocalizedText] {
    guard let codebook else { return [:] }
    var titles: [String: LocalizedText] = [:]
    for domain in Set(rows.scores.map(\.domain)) {
      let parts = domain.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, let variable = codebook[String(parts[0])] else { continue }
      let level = variable.valueLabels[String(parts[1])] ?? LocalizedText(en: String(parts[1]))
      titles[domain] = LocalizedText(
        en: "\(variable.title.en): \(level.en)", vi: "\(variable.title.vi): \(level.vi)")
    }
    return titles
  }

  private static func cleaning(
    _ report: CleaningReport, _ gate: GateRules
  ) -> CleaningAccount {
    CleaningAccount(
      rowsIn: gate.shown(report.rowsIn), rowsOut: gate.shown(report.rowsOut),
      cellsIn: gate.shown(report.cellsIn), cellsOut: gate.shown(report.cellsOut),
      rules: report.lines.map { line in
        CleaningAccount.Rule(
          name: Notes.ruleName(line), rows: gate.shown(line.kind.removesRows ? line.rows : 0),
          cells: gate.shown(line.cells))
      })
  }

  /// The effective count times Kish's design effect is n, so it is rounded as n is.
  private static func weighting(_ step: WeightStep, _ gate: GateRules) -> WeightingAccount {
    WeightingAccount(
      name: Notes.weightingName(step.name), kishDesignEffect: step.kishDesignEffect,
      effectiveRespondents:
        Int(exactly: step.effectiveCount.rounded()).map { Double(gate.shown($0)) }
        ?? step.effectiveCount,
      range: step.range,
      distanceBefore: step.distance?.before, distanceAfter: step.distance?.after,
      factors: WeightQuantiles.picked(step.factorQuantiles),
      balance: step.balance.filter { $0.group == nil }.map {
        WeightingAccount.Balance(
          name: $0.name, before: $0.differenceBefore, after: $0.differenceAfter)
      })
  }
}

extension IndexTree {
  /// A node and what lies below it, each once, parts after what they are parts of.
  fileprivate func outline(below root: Int) -> [OutlineNode] {
    var seen: Set<Int> = []
    var outline: [OutlineNode] = []
    func visit(_ node: Int, depth: Int) {
      guard seen.insert(node).inserted else { return }
      outline.append(
        OutlineNode(
          id: nodes[node].id, title: nodes[node].title, depth: depth,
          isLeaf: nodes[node].leaf != nil))
      for part in parts[node] { visit(part.node, depth: depth + 1) }
    }
    visit(root, depth: 0)
    return outline
  }
}
