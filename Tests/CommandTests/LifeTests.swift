import Foundation
import Glibc
import Testing

/// Folders that cannot be written, full disks, other runs, signals and sudden death.
@Suite("A run under stress", .serialized)
struct LifeTests {
  @Test("an output that cannot be created is exit 73 and names the place")
  func cannotCreate() throws {
    let desk = try Desk()
    let before = try desk.listing()
    try desk.write("file", "not a folder\n")
    let result = try desk.run(["run", "pipeline.yaml", "--output", "file/Runs"])
    #expect(result.code == 73, "\(result.errors)")
    #expect(result.headline.hasPrefix("file/Runs") || result.headline.hasPrefix("./file"))
    #expect(result.errors.contains("do:"))
    #expect(try desk.listing() == before)
  }

  @Test(
    "a full standard output is exit 74",
    arguments: [
      ["--help"], ["schema"], ["doctor"], ["run", "pipeline.yaml", "--json"],
      ["run", "pipeline.yaml"], ["check", "pipeline.yaml"], ["inspect", "drop.tar.gz"],
    ])
  func fullOutput(arguments: [String]) throws {
    let desk = try Desk(hasRun: false)
    let result = try desk.run(arguments, output: "/dev/full")
    #expect(result.code == 74, "\(result.errors)")
    #expect(result.errors.contains("standard output"))
  }

  @Test("a full disk is exit 74 or 73, and leaves earlier results untouched and no staging folder")
  func fullDisk() throws {
    let desk = try Desk()
    let before = try desk.listing()
    // A limit on the size of files fails writes as a full disk does.
    for blocks in [0, 1, 2, 4, 8, 16] {
      let result = try Command.runLimited(
        ["run", "pipeline.yaml"], in: desk.folder, blocksOfFile: blocks)
      if result.code == 0 { continue }
      #expect(result.code == 74, "\(blocks): \(result.errors)")
      // A workbook is made under the system's folder for temporary files, and says so.
      #expect(
        result.headline.contains("Runs/small/")
          || result.errors.contains("see that memory and /tmp have room"))
      #expect(try desk.listing() == before)
    }
  }

  @Test("a folder that another run holds is exit 75, and nothing in it changes")
  func held() throws {
    let desk = try Desk()
    let before = try desk.listing()
    let lock = open(desk.path("Runs/small/.lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    try #require(lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0)
    let result = try desk.run(["run", "pipeline.yaml"])
    #expect(result.code == 75, "\(result.errors)")
    #expect(result.headline.contains("Runs/small: error: another run"))
    #expect(result.errors.contains("--output DIR"))
    #expect(try desk.listing() == before)
    flock(lock, LOCK_UN)
    close(lock)
    #expect(try desk.run(["run", "pipeline.yaml"]).code == 0)
  }

  /// The demonstration takes long enough to be interrupted.
  private static let demonstration = SchemaTests.pipelines.appending(path: "papi-demo.yaml").path

  @Test(
    "an interrupted run has its exit code and leaves earlier results untouched",
    arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)],
    ["reading", "estimation", "publishing"])
  func interrupted(signal: (number: Int32, code: Int32), stage: String) throws {
    let desk = try Desk()
    let before = try desk.listing()
    let running = try Command.start(["run", LifeTests.demonstration], in: desk.folder)
    while !running.errorsSoFar.contains("canvass: \(stage)"), kill(running.id, 0) == 0 {
      usleep(1_000)
      try #require(running.errorsSoFar.contains("error:") == false)
    }
    kill(running.id, signal.number)
    let result = try running.wait()
    #expect(result.code == signal.code, "\(result.errors)")
    #expect(result.output.isEmpty)
    #expect(result.errors.contains("interrupted; earlier results are untouched"))
    let after = try desk.listing()
    let earlier = before.filter { $0.key.hasPrefix("small") }
    #expect(!earlier.isEmpty && after.filter { $0.key.hasPrefix("small") } == earlier)
    #expect(after.keys.filter { $0.contains("staging") }.isEmpty)
  }

  @Test("killed at any moment, 'latest' is whole, and the next run works and tidies up")
  func killed() throws {
    let desk = try Desk(hasRun: false)
    let started = ContinuousClock.now
    try #require(desk.run(["run", LifeTests.demonstration]).code == 0)
    let whole = ContinuousClock.now - started
    let manifest = try LifeTests.verified(desk)
    var leftovers = 0
    for moment in 1...20 {
      let running = try Command.start(["run", LifeTests.demonstration], in: desk.folder)
      // Most moments lie in the last third, where files are written.
      let share = moment <= 6 ? Double(moment) * 0.1 : 0.6 + Double(moment - 6) * 0.03
      usleep(
        UInt32(
          Double(whole.components.attoseconds) / 1e12 * share
            + Double(whole.components.seconds) * 1e6 * share))
      kill(running.id, SIGKILL)
      _ = try running.wait()
      #expect(try LifeTests.verified(desk) == manifest, "killed at \(share) of a run")
      leftovers += try LifeTests.hidden(desk).count { $0.hasPrefix(".staging") }
    }
    print("20 kills left \(leftovers) staging folders behind, seen after each kill")
    try #require(desk.run(["run", LifeTests.demonstration]).code == 0)
    #expect(try LifeTests.verified(desk) == manifest)
    #expect(try LifeTests.hidden(desk).isEmpty)
  }

  /// The manifest of the latest run, after each of its files has been compared with it.
  private static func verified(_ desk: Desk) throws -> String {
    let release = desk.path("Runs/papi-demo/latest/release")
    let manifest = try String(contentsOfFile: release + "/MANIFEST.sha256", encoding: .utf8)
    try #require(manifest.count { $0 == "\n" } >= 3)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/sha256sum")
    process.arguments = ["--check", "--strict", "--quiet", "MANIFEST.sha256"]
    process.currentDirectoryURL = URL(filePath: release)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "a file differs from the manifest")
    return manifest
  }

  private static func hidden(_ desk: Desk) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: desk.path("Runs/papi-demo"))
      .filter { $0.hasPrefix(".") && $0 != ".lock" }
  }
}

extension Command {
  /// Runs `canvass` under a limit on the size of each file it writes, in blocks of 512 bytes.
  static func runLimited(
    _ arguments: [String], in folder: URL, blocksOfFile: Int
  ) throws -> Result {
    // Messages go through a pipe, which the limit does not touch; SIGXFSZ is ignored as on a full disk.
    let script = "trap '' XFSZ; ulimit -f \(blocksOfFile); exec \"$0\" \"$@\""
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", script, program] + arguments
    process.currentDirectoryURL = folder
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return Result(
      code: process.terminationReason == .exit ? process.terminationStatus : nil, output: "",
      errors: text)
  }
}
