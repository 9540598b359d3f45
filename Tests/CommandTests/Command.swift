import Foundation
import Glibc
import Testing

/// The built program as a process of its own.
struct Command {
  /// What a process left.
  struct Result {
    /// Its exit code, or nil where a signal ended it.
    let code: Int32?
    let output: String
    let errors: String
    /// The diagnostic's first line.
    var headline: String {
      errors.split(separator: "\n").map(String.init).first { $0.contains("error:") } ?? ""
    }
  }

  /// A process that runs.
  final class Running {
    let id: pid_t
    private let output: URL
    private let errors: URL

    fileprivate init(id: pid_t, output: URL, errors: URL) {
      self.id = id
      self.output = output
      self.errors = errors
    }

    deinit {
      try? FileManager.default.removeItem(at: output)
      try? FileManager.default.removeItem(at: errors)
    }

    /// What it has written to standard error so far.
    var errorsSoFar: String { (try? String(contentsOf: errors, encoding: .utf8)) ?? "" }

    /// Waits for its end.
    func wait() throws -> Result {
      var status: Int32 = 0
      while waitpid(id, &status, 0) < 0 {
        try #require(errno == EINTR, "the process cannot be waited for")
      }
      let signalled = status & 0x7F != 0
      return Result(
        code: signalled ? nil : (status >> 8) & 0xFF,
        output: (try? String(contentsOf: output, encoding: .utf8)) ?? "",
        errors: (try? String(contentsOf: errors, encoding: .utf8)) ?? "")
    }
  }

  /// The program, which is built beside the tests in debug and release.
  static let program: String = {
    let tests =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    var folder = URL(filePath: tests).deletingLastPathComponent()
    // The tests are a file beside the program, or lie in a bundle beside it.
    for _ in 0..<4 {
      let candidate = folder.appending(path: "canvass").path
      if FileManager.default.isExecutableFile(atPath: candidate), !isFolder(candidate) {
        return candidate
      }
      folder = folder.deletingLastPathComponent()
    }
    return CommandLine.arguments[0] + "/../canvass"
  }()

  private static func isFolder(_ path: String) -> Bool {
    var folder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &folder) && folder.boolValue
  }

  /// Starts `canvass` with `arguments` in `folder`; `output` names a file to write results to.
  static func start(
    _ arguments: [String], in folder: URL, environment: [String: String] = [:],
    output: String? = nil
  ) throws -> Running {
    let temporary = FileManager.default.temporaryDirectory
    let name = UUID().uuidString
    let results = temporary.appending(path: "canvass-\(name).out")
    let errors = temporary.appending(path: "canvass-\(name).err")
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    let flags = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, 1, output ?? results.path, flags, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, errors.path, flags, 0o600)
    var variables = ProcessInfo.processInfo.environment
    for (name, value) in environment { variables[name] = value }
    let texts = variables.map { "\($0.key)=\($0.value)" }
    var words: [UnsafeMutablePointer<CChar>?] =
      (["/usr/bin/env", "-C", folder.path, program] + arguments).map { strdup($0) }
    var settings: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) }
    words.append(nil)
    settings.append(nil)
    defer { for text in words + settings { free(text) } }
    var id: pid_t = 0
    // env changes the folder and becomes the program, under the same number.
    let code = posix_spawn(&id, "/usr/bin/env", &actions, nil, words, settings)
    try #require(code == 0, "\(program) cannot be started: \(String(cString: strerror(code)))")
    return Running(id: id, output: results, errors: errors)
  }

  /// Runs `canvass` to its end.
  static func run(
    _ arguments: [String], in folder: URL, environment: [String: String] = [:],
    output: String? = nil
  ) throws -> Result {
    try start(arguments, in: folder, environment: environment, output: output).wait()
  }
}
