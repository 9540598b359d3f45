import CanvassSurvey
import Foundation

/// A line of `Runs/ledger.jsonl`: what a run left, and the digest of the line before it.
public struct LedgerLine: Sendable, Hashable, Codable {
  /// The line's number, from 1.
  public let sequence: Int
  /// The folder of the index.
  public let name: String
  /// The run's folder below it.
  public let run: String
  /// SHA-256 of `release/MANIFEST.sha256`.
  public let release: String
  /// SHA-256 of `internal/MANIFEST.sha256`.
  public let `internal`: String
  /// SHA-256 of each file of `record/` by its name, the checkpoint excepted.
  public let record: [String: String]
  /// SHA-256 of the line before; 64 zeros for the first.
  public let previous: String

  /// What stands as the line before the first.
  public static let beginning = String(repeating: "0", count: 64)

  /// The line as it is written, without its line feed: one JSON object, keys in the order of their bytes.
  public var bytes: [UInt8] {
    JSONValue.object([
      "sequence": .integer(sequence), "name": .text(name), "run": .text(run),
      "release": .text(release), "internal": .text(`internal`),
      "record": .object(record.mapValues { .text($0) }), "previous": .text(previous),
    ]).line
  }

  /// SHA-256 of the line: what the next line, the run's checkpoint and whoever notes it down remember.
  public var head: String { SHA256.hex(bytes) }

  /// The line that `bytes` are, or nil where they are not exactly what a run would have written.
  init?(_ bytes: some Collection<UInt8>) {
    guard let line = try? JSONDecoder().decode(LedgerLine.self, from: Data(bytes)),
      line.bytes.elementsEqual(bytes)
    else { return nil }
    self = line
  }

  init(
    sequence: Int, name: String, run: String, release: String, internal: String,
    record: [String: String], previous: String
  ) {
    self.sequence = sequence
    self.name = name
    self.run = run
    self.release = release
    self.internal = `internal`
    self.record = record
    self.previous = previous
  }
}

/// The lines of a ledger as far as they are a chain, and the first thing that is wrong with them.
struct Ledger: Sendable, Hashable {
  /// The file's name in the folder of all runs.
  static let name = "ledger.jsonl"
  /// What breaks a chain.
  struct Break: Sendable, Hashable {
    /// The line's number in the file.
    let line: Int
    /// What is wrong with it.
    let what: String
  }

  /// The lines before the break, each of which follows from the one before.
  private(set) var lines: [LedgerLine] = []
  /// The first break, or nil.
  private(set) var broken: Break?
  /// Bytes after the last line feed, where a line was cut off while it was written.
  private(set) var cutBytes = 0

  /// Reads the bytes of a ledger.
  init(_ bytes: [UInt8]) {
    var pieces = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    cutBytes = pieces.popLast()?.count ?? 0
    for (index, piece) in pieces.enumerated() {
      guard let line = LedgerLine(piece) else {
        broken = Break(line: index + 1, what: "the line is not what a run wrote")
        return
      }
      guard line.sequence == index + 1 else {
        broken = Break(
          line: index + 1,
          what: "the line calls itself number \(line.sequence): lines were removed, added or moved")
        return
      }
      guard line.previous == head else {
        broken = Break(
          line: index + 1,
          what: "the line does not follow from the one before it: one of the two was changed")
        return
      }
      lines.append(line)
    }
  }

  /// Adds a line that follows from the last one.
  mutating func add(_ line: LedgerLine) { lines.append(line) }

  /// The digest of the last line.
  var head: String { lines.last?.head ?? LedgerLine.beginning }
}

/// What someone notes down about a ledger: the number of its last line and that line's digest.
public struct LedgerHead: Sendable, Hashable, CustomStringConvertible {
  /// The line's number, or nil where only the digest was noted.
  public let sequence: Int?
  /// The line's digest.
  public let digest: String

  /// `number:digest`.
  public var description: String { (sequence.map { "\($0):" } ?? "") + digest }

  /// A head.
  public init(sequence: Int?, digest: String) {
    self.sequence = sequence
    self.digest = digest
  }

  /// Reads `number:digest` or a digest alone; nil where it is neither.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    switch parts.count {
    case 1: sequence = nil
    case 2:
      guard let number = Int(parts[0]), number > 0 else { return nil }
      sequence = number
    default: return nil
    }
    guard let last = parts.last, SHA256.isDigest(last) else { return nil }
    digest = String(last)
  }
}
