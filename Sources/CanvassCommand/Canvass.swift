import ArgumentParser
import CanvassPublishing
import CanvassSurvey
import Glibc

/// The command `canvass`.
struct Canvass: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "canvass",
    abstract: "From compressed survey archives to a published governance index.",
    discussion: """
      EXAMPLES
        canvass run Pipelines/papi-demo.yaml       score every province
        canvass run my.yaml --drop new-wave.zip    the same on other data
        canvass check my.yaml                      before any row is read
        canvass inspect archive.zip                what is in this archive?
        canvass init archive.zip                   a first pipeline file for it
        canvass fieldwork my.yaml                  the evening page of a survey director
        canvass explain Runs/my/latest "Hà Nội"    where does this score come from?
        canvass compare Runs/old/latest Runs/my/latest
        canvass schema > canvass.schema.json       completion in an editor
        canvass doctor                             is this machine fit?

      Results go to standard output, all else to standard error.
      """,
    version: Version.number,
    subcommands: [
      Run.self, Init.self, Check.self, Inspect.self, Fieldwork.self, Explain.self, Compare.self,
      Verify.self, Reproduce.self, Clean.self, Schema.self, Simulate.self, Doctor.self,
    ])
}

@main
enum Entry {
  /// Runs the command and turns whatever is thrown into a message and an exit code of the contract.
  static func main() {
    Privacy.begin()
    signal(SIGPIPE, SIG_IGN)
    Interruption.install()
    do {
      var command = try Canvass.parseAsRoot()
      try command.run()
    } catch let diagnostic as Diagnostic {
      Terminal.say(diagnostic.description)
      exit(diagnostic.kind.exitCode)
    } catch {
      finish(error)
    }
  }

  /// Help, versions and completions are results; usage errors are not.
  private static func finish(_ error: any Error) -> Never {
    let code = Canvass.exitCode(for: error)
    let message = Canvass.fullMessage(for: error)
    if code == .success {
      do {
        try StandardOutput.write(message + "\n")
      } catch {
        Terminal.say(error.description)
        exit(error.kind.exitCode)
      }
    } else {
      Terminal.say(message)
    }
    exit(code.rawValue)
  }
}
