import CanvassPublishing
import CanvassScoring
import CanvassSurvey
import Glibc

/// A row of a unit with an interval of two standard errors around its score.
func scoreRow(
  _ unit: String, _ score: Double?, node: String = "index", domain: String = "",
  error: Double? = 0.5, degrees: Double? = 12, respondents: Int? = 100, status: CellStatus = .ok,
  isUnit: Bool = true, name: String? = nil
) -> ScoreRow {
  ScoreRow(
    unit: unit, unitName: LocalizedText(en: name ?? "Unit " + unit, vi: name ?? "Đơn vị " + unit),
    domain: domain, node: node, level: "index", score: score, standardError: error,
    standardErrorMethod: error == nil ? "" : "linearization", degreesOfFreedom: degrees,
    interval: score.flatMap { score in
      score.isNaN ? nil : error.map { score - 2 * $0...score + 2 * $0 }
    },
    confidence: 0.95, respondents: respondents, status: status, isUnit: isUnit)
}

func indicatorRow(
  _ unit: String, _ estimate: Double?, error: Double? = 0.03, degrees: Double? = 12,
  respondents: Int? = 100, samplingUnits: Int? = 14, domain: String = ""
) -> IndicatorRow {
  IndicatorRow(
    unit: unit, domain: domain, indicator: "leaf", statistic: "share", estimate: estimate,
    standardError: error, standardErrorMethod: "linearization", degreesOfFreedom: degrees,
    interval: estimate.flatMap { value in error.map { value - 2 * $0...value + 2 * $0 } },
    confidence: 0.95, designEffect: 1.7, respondents: respondents, samplingUnits: samplingUnits,
    status: .ok)
}

func gate(
  _ scores: [ScoreRow] = [], _ indicators: [IndicatorRow] = [], minimum: Int = 10,
  grouping: Grouping = .quartiles(names: Grouping.quartileNames)
) -> ReleasedRows {
  do {
    return try Gate.pass(
      scores: scores, indicators: indicators, rules: GateRules(minimumRespondents: minimum),
      grouping: grouping)
  } catch {
    preconditionFailure("what these rows ask for is never refused: \(error)")
  }
}

/// A folder that is removed with its contents when the value goes.
final class TemporaryFolder {
  let path: String

  init() {
    var template = Array("/tmp/canvass-test-XXXXXX".utf8CString)
    path = String(cString: mkdtemp(&template))
  }

  deinit { Self.remove(path) }

  static func entries(_ path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  static func read(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while true {
      let byte = fgetc(file)
      if byte == EOF { return bytes }
      bytes.append(UInt8(byte))
    }
  }

  static func mode(_ path: String) -> UInt32 {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & 0o777 : 0
  }

  private static func remove(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    if status.st_mode & S_IFMT == S_IFDIR {
      for entry in entries(path) { remove(path + "/" + entry) }
      rmdir(path)
    } else {
      unlink(path)
    }
  }
}

/// Cells of RFC 4180 lines: a reader written apart from the writer.
func parseCSV(_ bytes: [UInt8]) -> [[String]] {
  var lines: [[String]] = []
  var line: [String] = []
  var cell: [UInt8] = []
  var quoted = false
  var index = 0
  while index < bytes.count {
    let byte = bytes[index]
    if quoted {
      if byte == 0x22, index + 1 < bytes.count, bytes[index + 1] == 0x22 {
        cell.append(byte)
        index += 1
      } else if byte == 0x22 {
        quoted = false
      } else {
        cell.append(byte)
      }
    } else if byte == 0x22 {
      quoted = true
    } else if byte == 0x2C || byte == 0x0A {
      line.append(String(decoding: cell, as: UTF8.self))
      cell = []
      if byte == 0x0A {
        lines.append(line)
        line = []
      }
    } else {
      cell.append(byte)
    }
    index += 1
  }
  return lines
}
