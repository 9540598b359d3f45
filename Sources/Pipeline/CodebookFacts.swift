import CanvassCleaning
import CanvassPublishing

/// What the codebook and the data say of each other, and what the rules found, for people and records.
enum CodebookFacts {
  /// Findings by what has become of them, and what codebook and data lack.
  static func counts(_ report: CleaningReport) -> [(name: String, count: Int)] {
    var counts = [("open findings", report.findings.count { $0.state.isOpen })]
    guard let codebook = report.codebook else { return counts }
    counts += [
      ("variables without data", codebook.withoutData.count),
      ("variables without a codebook entry", codebook.undescribed.count),
      ("codes without a label", codebook.unlabelled.reduce(0) { $0 + $1.codes }),
      ("labels without a code in the data", codebook.unused.reduce(0) { $0 + $1.codes }),
      ("variables of another type", codebook.otherKind.count),
    ]
    if !codebook.untranslated.isEmpty {
      counts.append(("conditions not taken over", codebook.untranslated.count))
    }
    return counts
  }

  /// A line for every variable where codebook and data differ, at most twenty of a kind.
  static func lines(_ report: CleaningReport) -> [String] {
    guard let codebook = report.codebook else { return [] }
    var lines: [String] = []
    func list(_ what: String, _ names: [String]) {
      if names.isEmpty { return }
      let more = names.count - 20
      lines.append(
        "codebook: \(what): \(names.prefix(20).joined(separator: ", "))"
          + (more > 0 ? " and \(more) more" : ""))
    }
    list("conditions of the form that are not taken over", codebook.untranslated)
    list("described, and not in the data", codebook.withoutData)
    list("in the data, and not described", codebook.undescribed)
    list(
      "codes without a label",
      codebook.unlabelled.map { codes in
        "\(codes.variable) (\(codes.codes) in \(codes.cells) cells, first at \(codes.place ?? ""))"
      })
    list("labels whose code nobody gave", codebook.unused.map { "\($0.variable) (\($0.codes))" })
    list("of another type than described", codebook.otherKind)
    return lines
  }

  /// The same for the record of a run.
  static func json(_ codebook: CodebookComparison) -> JSONValue {
    func codes(_ list: [CodebookComparison.Codes]) -> JSONValue {
      .list(
        list.map {
          [
            "variable": .text($0.variable), "codes": .integer($0.codes),
            "cells": .integer($0.cells),
          ]
        })
    }
    return [
      "untranslated": .list(codebook.untranslated.map { .text($0) }),
      "without_data": .list(codebook.withoutData.map { .text($0) }),
      "undescribed": .list(codebook.undescribed.map { .text($0) }),
      "codes_without_label": codes(codebook.unlabelled),
      "labels_without_code": codes(codebook.unused),
      "other_type": .list(codebook.otherKind.map { .text($0) }),
    ]
  }
}
