package import CanvassSimulation
import CanvassPublishing
import CanvassSurvey

/// The files that say what was planted into a simulated drop, and how people would put it right.
package enum PlantedFaultFiles {
  /// `faults.csv`: kind, key, variable, the rule that should find it, what was there and what is there now.
  package static func faults(_ planted: [PlantedFault]) -> [UInt8] {
    var file = CommaSeparated(header: "kind,key,variable,rule,clean,dirty")
    for fault in planted {
      for text in [fault.kind.rawValue, fault.key, fault.variable, fault.rule] { file.add(text) }
      file.add(cell: fault.clean)
      file.add(cell: fault.dirty)
      file.endLine()
    }
    return file.bytes
  }

  /// `decisions.csv`: every planted cell gets its old value back, every made-up interview goes.
  package static func decisions(_ planted: [PlantedFault]) -> [UInt8] {
    var file = CommaSeparated(
      header: "key,variable,rule,action,old,new,reason,who,date,approved_by")
    var copies = Set<String>()
    for fault in planted where !fault.rule.isEmpty && fault.rule != "duplicates" {
      if fault.kind == .underAge { continue }
      let isCopy = fault.kind == .copiedInterview
      // Of two interviews that are alike the first one listed is the copy.
      if isCopy, !copies.insert(fault.key).inserted || copies.contains(fault.dirty) { continue }
      for text in [fault.key, fault.variable, fault.rule, isCopy ? "drop" : "replace"] {
        file.add(text)
      }
      file.add(cell: isCopy ? "" : fault.dirty.isEmpty ? MissingReason.blank.name : fault.dirty)
      file.add(cell: isCopy ? "" : fault.clean.isEmpty ? MissingReason.blank.name : fault.clean)
      for text in ["planted", "simulation", "2026-10-01", "specification"] { file.add(text) }
      file.endLine()
    }
    return file.bytes
  }
}
