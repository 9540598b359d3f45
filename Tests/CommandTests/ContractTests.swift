import Foundation
import Testing

/// The command line's contract: exit codes, standard output and standard error apart.
@Suite("The command line", .serialized)
struct ContractTests {
  private let here = FileManager.default.temporaryDirectory

  @Test("help begins with examples and is a result", arguments: [[], ["--help"], ["help"]])
  func help(arguments: [String]) throws {
    let result = try Command.run(arguments, in: here)
    #expect(result.code == 0)
    #expect(result.errors.isEmpty)
    let examples = try #require(result.output.range(of: "EXAMPLES"))
    let options = try #require(result.output.range(of: "SUBCOMMANDS"))
    #expect(examples.lowerBound < options.lowerBound)
    #expect(result.output.contains("canvass run Pipelines/papi-demo.yaml"))
  }

  @Test("every command has help with an example of its own")
  func helpOfCommands() throws {
    for command in ["run", "check", "inspect", "schema", "simulate", "doctor"] {
      let result = try Command.run([command, "--help"], in: here)
      #expect(result.code == 0 && result.errors.isEmpty)
      #expect(result.output.contains("canvass \(command)"))
    }
  }

  @Test("the version is one line")
  func version() throws {
    let result = try Command.run(["--version"], in: here)
    #expect(result.code == 0)
    #expect(result.output.split(separator: ".").count == 3)
    #expect(result.output.hasSuffix("\n") && result.output.count { $0 == "\n" } == 1)
  }

  @Test(
    "a wrong usage is exit 64 with its message on standard error",
    arguments: [
      ["rum"], ["run"], ["run", "a.yaml", "b.yaml"], ["run", "--thread", "2", "a.yaml"],
      ["run", "a.yaml", "--threads", "0"], ["run", "a.yaml", "--threads", "-1"],
      ["run", "a.yaml", "--threads", "many"], ["check", "a.yaml", "--threads", "0"],
      ["inspect", "a.zip", "--threads", "0"], ["simulate", "a.yaml"],
    ])
  func usage(arguments: [String]) throws {
    let result = try Command.run(arguments, in: here)
    #expect(result.code == 64)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains("Error:") && result.errors.contains("Usage:"))
  }

  @Test(
    "an input that is not there is exit 66",
    arguments: [
      ["run", "absent.yaml"], ["check", "absent.yaml"], ["inspect", "absent.zip"],
      ["simulate", "absent.yaml", "--output", "out"],
    ])
  func absent(arguments: [String]) throws {
    let result = try Command.run(arguments, in: here)
    #expect(result.code == 66, "\(result.errors)")
    #expect(result.output.isEmpty)
    #expect(result.errors.contains(arguments[1]) && result.errors.contains("do:"))
    #expect(!FileManager.default.fileExists(atPath: here.appending(path: "out").path))
  }

  @Test("completions are made for each shell", arguments: ["bash", "zsh", "fish"])
  func completions(shell: String) throws {
    let result = try Command.run(["--generate-completion-script", shell], in: here)
    #expect(result.code == 0 && result.errors.isEmpty)
    #expect(result.output.contains("canvass") && result.output.contains("simulate"))
    #expect(result.output.contains("threads"))
  }

  @Test("a run says where its report lies, in plain lines where nothing is a terminal")
  func plain() throws {
    let desk = try Desk(hasRun: false)
    let result = try desk.run(["run", "pipeline.yaml"], environment: ["NO_COLOR": "1"])
    #expect(result.code == 0, "\(result.errors)")
    #expect(!(result.output + result.errors).contains("\u{1B}"))
    #expect(!result.errors.contains("\r"))
    #expect(result.output.contains("Ha Noi"))
    #expect(!result.output.contains("report:"))
    let report = try #require(
      result.errors.split(separator: "\n").first { $0.hasPrefix("report: ") })
    #expect(FileManager.default.fileExists(atPath: desk.path(String(report.dropFirst(8)))))
  }

  @Test("--json prints one object and nothing else, for every command that has results")
  func json() throws {
    let desk = try Desk()
    for arguments in [
      ["run", "pipeline.yaml"], ["check", "pipeline.yaml"], ["check", "pipeline.yaml", "--data"],
      ["inspect", "drop.tar.gz"], ["doctor"],
    ] {
      let result = try desk.run(arguments + ["--json"])
      #expect(result.code == 0, "\(result.errors)")
      let parsed = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
      #expect(parsed is [String: Any], "\(arguments)")
    }
    let run = try desk.run(["run", "pipeline.yaml", "--json"])
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let units = (object["scores"] as? [[String: Any]])?.compactMap { $0["unit"] as? String } ?? []
    #expect(units.filter { !$0.hasPrefix("national:") } == ["01", "48", "79"])
    let report = try #require(object["report"] as? String)
    #expect(FileManager.default.fileExists(atPath: desk.path(report)))
  }

  @Test("check reads no rows, check --data does; neither writes a thing")
  func check() throws {
    let desk = try Desk()
    let before = try desk.listing()
    #expect(try desk.run(["check", "pipeline.yaml"]).code == 0)
    #expect(try desk.run(["check", "pipeline.yaml", "--data"]).code == 0)
    try desk.respond { $0[4] += ",surplus" }
    #expect(try desk.run(["check", "pipeline.yaml"]).code == 0)
    #expect(try desk.run(["check", "pipeline.yaml", "--data"]).code == 65)
    try desk.remove("Runs")
    #expect(try desk.run(["check", "pipeline.yaml", "--data"]).code == 65)
    #expect(!FileManager.default.fileExists(atPath: desk.path("Runs")))
    #expect(!before.isEmpty)
  }

  @Test("--drop replaces the file's drops, --output the folder of the runs")
  func drop() throws {
    let desk = try Desk()
    let before = try desk.listing()
    try FileManager.default.moveItem(
      atPath: desk.path("drop.tar.gz"), toPath: desk.path("wave two.tar.gz"))
    #expect(try desk.run(["run", "pipeline.yaml"]).code == 66)
    let result = try desk.run(
      ["run", "pipeline.yaml", "--drop", "wave two.tar.gz", "--output", "elsewhere"])
    #expect(result.code == 0, "\(result.errors)")
    let release = "small/latest/release/scores.csv"
    #expect(
      FileManager.default.contents(atPath: desk.path("elsewhere/" + release))
        == FileManager.default.contents(atPath: desk.path("Runs/" + release)))
    #expect(try desk.listing() == before)
  }

  @Test("doctor finds this machine fit")
  func doctor() throws {
    let result = try Command.run(["doctor"], in: here)
    #expect(result.code == 0 && result.errors.isEmpty)
    #expect(!result.output.contains("BAD"))
  }

  @Test("inspect shows members, columns and counts, and no text of a respondent")
  func inspect() throws {
    let desk = try Desk()
    try desk.respond { lines in
      lines[3] = lines[3].replacingOccurrences(of: "Hanoi", with: "CANARY-TEXT")
    }
    let result = try desk.run(["inspect", "drop.tar.gz"])
    #expect(result.code == 0, "\(result.errors)")
    for name in ["responses.csv", "village", "trust"] { #expect(result.output.contains(name)) }
    let all =
      try result.output + result.errors + desk.run(["inspect", "drop.tar.gz", "--json"]).output
    #expect(!all.contains("CANARY") && !all.contains("r0-0"))
  }
}
