import ArgumentParser

/// Benchmarks, run by hand: `make bench`. They print medians and ranges and assert nothing.
@main
struct Benchmarks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "canvass-benchmarks",
    abstract: "Time Canvass on data of PAPI's shape, and the choices that its speed rests on.",
    subcommands: [WholeRun.self, ReplicateRun.self, Rules.self, Layout.self],
    defaultSubcommand: Layout.self)

  func validate() throws {
    #if DEBUG
      throw ValidationError("benchmarks need a release build: swift build -c release")
    #endif
  }
}
