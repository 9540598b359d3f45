import ArgumentParser
import CanvassCompute
import CanvassEstimation
import CanvassSurvey
import CanvassWeighting
import Glibc

/// Replicates of a sample of PAPI's shape, raked again each: 63 provinces, 2 strata of 2 to 3 PSUs in each,
/// 120 items with missing answers, one-way margins of sex and six age groups by province.
struct ReplicateRun: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replicates",
    abstract: "Make replicates, weight each again, and estimate 120 items in 63 provinces.")

  @Option(help: "Respondents.") var rows = 15_600
  @Option(help: "Items.") var items = 120
  @Option(help: "Replicates.") var count = 1000
  @Option(help: "Threads.") var threads = 1
  @Option(help: "Runs.") var repeats = 5
  @Option(help: "PSUs in each stratum.") var psus = 2
  @Option(help: "The method: generalized, rao_wu, …") var method = "generalized"
  @Flag(help: "Only multiply weights, do not rake again.") var plain = false

  func run() throws {
    guard let method = ReplicateMethod(rawValue: method) else {
      throw ValidationError("no method is called \(method)")
    }
    let sample = try sample()
    let estimator = Estimator(sample)
    let unit = sample.table["province"]
    let provinces = Partition(
      id: "unit",
      domainOfRow: (0..<rows).map { Int32(unit?.number(at: $0) ?? 0) }, domainCount: 63)
    let all = Partition(
      id: "all", domainOfRow: [Int32](repeating: 0, count: rows), domainCount: 1)
    let measures = (0..<items).map {
      Measure(id: "q\($0)", kind: .mean(ItemRule(variable: "q\($0)")))
    }
    let replicates = try Replicates(
      ReplicateRequest(
        method: method, count: method.rawValue.hasPrefix("jk") ? nil : count, seed: 2022,
        reweight: !plain), of: sample)
    print(
      "\(replicates.count) replicates (\(replicates.method.rawValue)"
        + (plain ? ")" : ", raked again)")
        + ", \(rows) rows, \(items) items, \(sample.design.psuCount) PSUs, \(threads) threads")
    let before = Machine.peakMebibytes()
    var failures = 0
    var check = 0.0
    let cpu = Machine.cpuSeconds()
    let timing = try Timing.measure(repeats) {
      check = 0
      failures = try estimator.mapReplicates(
        measures, over: [provinces, all], replicates, workers: Workers(threads)
      ) { block in
        block.value(block.replicates.lowerBound, measure: 0, partition: 0, domain: 5)
      } collect: { value in
        check += value
      }.groups.count
    }
    let used = (Machine.cpuSeconds() - cpu) / Double(repeats + 1)
    print("wall: \(timing.summary); CPU \((used * 1e4).rounded() / 10) ms a run")
    print("peak memory \(before) MiB before, \(Machine.peakMebibytes()) MiB after")
    print("groups without solution: \(failures); sum of one number: \(check)")
  }

  private func sample() throws -> WeightedSample {
    var random = RandomStream(seed: 1)
    let perProvince = 2 * psus
    var columns: [String: [Double]] = [:]
    var item = [[Double?]](repeating: [], count: items)
    for row in 0..<rows {
      let province = row % 63
      let psu = random.below(perProvince)
      let values: [(String, Double)] = [
        ("row", Double(row)), ("province", Double(province)),
        ("stratum", Double(2 * province + psu % 2)), ("psu", Double(perProvince * province + psu)),
        ("weight", 0.5 + 4 * random.uniform()), ("sex", Double(1 + random.below(2))),
        ("age", Double(random.below(6))),
      ]
      for (name, value) in values { columns[name, default: []].append(value) }
      for index in 0..<items {
        item[index].append(random.below(10) == 0 ? nil : Double(1 + random.below(5)))
      }
    }
    let table = Table(
      columns: columns.keys.sorted().map { Column(name: $0, numbers: columns[$0] ?? []) }
        + item.enumerated().map { Column(name: "q\($0.offset)", numbers: $0.element) })
    let (sorted, design) = try table.arranged(
      by: DesignRequest(stages: [.init(strata: ["stratum"], unit: "psu")]), key: "row")
    func margin(_ name: String, _ levels: [String]) -> Margin {
      var targets: [String: [[String]: Double]] = [:]
      for province in 0..<63 {
        for (index, level) in levels.enumerated() {
          targets["\(province)", default: [:]][[level]] =
            60_000 * (1 + 0.1 * Double(index)) / Double(levels.count)
            / (1 + 0.05 * Double(levels.count - 1))
        }
      }
      return Margin(variables: [name], targets: targets)
    }
    return try Weighting.weight(
      sorted, design: design,
      steps: [
        .column("weight"),
        .rake(
          within: "province",
          margins: [margin("sex", ["1", "2"]), margin("age", (0..<6).map(String.init))],
          tolerance: 1e-10, maximumSweeps: 1000),
      ], workers: Workers(threads))
  }
}

/// What the process has used so far.
enum Machine {
  static func cpuSeconds() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
      + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6
  }

  static func peakMebibytes() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss / 1024
  }
}
