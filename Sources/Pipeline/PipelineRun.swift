import CanvassCompute
import CanvassPublishing
import CanvassSurvey

/// A pipeline file from beginning to end: the one entry of the command line.
public enum PipelineRun {
  /// Runs the pipeline file at `path` and leaves a run folder.
  ///
  /// - Throws: a `Diagnostic` whose kind gives the exit code; nothing is then left behind.
  public static func run(
    _ path: String, options: RunOptions, progress: @escaping @Sendable (RunProgress) -> Void
  ) throws -> RunOutcome {
    defer { progress(.done) }
    let plan = try PlanReader.read(path, drops: options.drops)
    let folder = try RunFolder.acquire(root: options.output, name: plan.name)
    let computation = try Computation.compute(
      plan, workers: options.workers, cache: .at(options.output, fresh: options.fresh),
      progress: progress, whenCleaned: plan.signOff.demand)
    progress(.stage("publishing"))
    let files = try ReleaseFiles.make(
      computation,
      command: RunCommand(
        pipeline: path, drops: options.drops, checkScripts: options.checkScripts),
      workers: options.workers.count)
    let published = try folder.publish(files)
    return RunOutcome(computation: computation, published: published)
  }

  /// Checks the pipeline file at `path` and the tables it names; with `data` everything a run does,
  /// except that nothing is written but, to `findings` if that is given, the list of findings; with `explains`
  /// also which stages a run would do and why.
  public static func check(
    _ path: String, data: Bool, findings: String? = nil, explains: Bool = false,
    options: RunOptions,
    progress: @escaping @Sendable (RunProgress) -> Void
  ) throws -> CheckSummary {
    defer { progress(.done) }
    let plan = try PlanReader.read(path, drops: options.drops)
    let explanation =
      explains ? try StageExplanation(plan, pipeline: path, output: options.output) : nil
    guard data else {
      return CheckSummary(plan: plan, computation: nil, explanation: explanation)
    }
    let computation = try Computation.compute(
      plan, workers: options.workers, progress: progress
    ) { report, rows in
      guard let findings else { return }
      let files = CleaningFiles(report: report, rows: rows)
      try CheckedFile.replace(
        findings.hasSuffix(".xlsx") ? try files.findingsWorkbook() : files.findings, at: findings,
        mode: 0o600)
    }
    return CheckSummary(plan: plan, computation: computation, explanation: explanation)
  }

  /// Removes what runs into the folder `output` remember; how many files and bytes went.
  public static func clean(_ output: String) throws -> (files: Int, bytes: Int) {
    try StageCache.clean(output)
  }
}
