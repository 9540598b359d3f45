public import CanvassCompute
public import CanvassSurvey

/// A simulated round: the whole population, a sample of it, its codebook and its margins.
public enum Simulation {
  /// Simulated adults of a province by sex and age, as a margin to weight to.
  public struct Margin: Sendable, Hashable {
    /// The code of the province.
    public var province: String
    /// `F` or `M`.
    public var sex: String
    /// The age band, such as `18-24`.
    public var ageBand: String
    /// Number of simulated adults.
    public var population: Int
  }

  /// All simulated adults of the province at `index`, with fixed traits and answers.
  ///
  /// The truth of a simulation is counted over these tables; nothing that is random in sampling, and no
  /// fault of the drop, is in them.
  public static func population(
    of index: Int, spec: SimulationSpec
  ) throws(Diagnostic) -> Table {
    try SimulatedProvince(index, spec: spec).population()
  }

  /// The sample of all provinces under `sampleSeed`, with the faults that the specification asks for.
  ///
  /// Rows come by province, village and person, then the added rows. `respondent_id` tells rows apart
  /// except where a row is there twice.
  public static func sample(
    _ spec: SimulationSpec, sampleSeed: UInt64, workers: Workers
  ) throws -> Table {
    try spec.check()
    let tables = try workers.map(spec.provinces.count) { index in
      try SimulatedProvince(index, spec: spec).sample(seed: sampleSeed)
    }
    return try Faults.added(to: Table.concatenating(tables), spec: spec, seed: sampleSeed).table
  }

  /// The faults of other kinds that the drop of `sampleSeed` holds, in the order of their kinds.
  public static func plantedFaults(
    _ spec: SimulationSpec, sampleSeed: UInt64, workers: Workers
  ) throws -> [PlantedFault] {
    try planter(spec, sampleSeed: sampleSeed, workers: workers).planter.planted
  }

  static func planter(
    _ spec: SimulationSpec, sampleSeed: UInt64, workers: Workers
  ) throws -> (planter: FaultPlanter, table: Table) {
    try spec.check()
    let tables = try workers.map(spec.provinces.count) { index in
      try SimulatedProvince(index, spec: spec).sample(seed: sampleSeed)
    }
    let (table, untouched) = try Faults.added(
      to: Table.concatenating(tables), spec: spec, seed: sampleSeed)
    var planter = FaultPlanter(table, spec: spec, seed: sampleSeed, untouched: untouched)
    try planter.plantAll()
    return (planter, table)
  }

  /// Simulated adults by province, sex and age band in the order of the specification.
  public static func margins(_ spec: SimulationSpec, workers: Workers) throws -> [Margin] {
    try spec.check()
    return try workers.map(spec.provinces.count) { index in
      let people = try ProvincePeople(index, spec: spec)
      var counts = [Int](repeating: 0, count: spec.provinces[index].cells.count)
      for cell in people.cellOfAdult { counts[Int(cell)] += 1 }
      return zip(spec.provinces[index].cells, counts).map { cell, count in
        Margin(province: people.code, sex: cell.sex, ageBand: cell.ageBand, population: count)
      }
    }.flatMap { $0 }
  }

  /// What the columns of the responses mean, in their order; missing codes as written in the files.
  public static func codebook(_ spec: SimulationSpec) -> [Variable] {
    let yesNo = [
      "1": LocalizedText(en: "Yes", vi: "Có"), "0": LocalizedText(en: "No", vi: "Không"),
    ]
    func plain(
      _ name: String, _ en: String, _ vi: String, _ labels: [String: LocalizedText] = [:],
      range: ClosedRange<Double>? = nil
    ) -> Variable {
      var variable = Variable(
        name: name, title: LocalizedText(en: en, vi: vi), valueLabels: labels)
      variable.kind = !labels.isEmpty ? .code : range == nil ? .text : .number
      variable.low = range?.lowerBound
      variable.high = range?.upperBound
      return variable
    }
    var variables = [
      plain("respondent_id", "Respondent", "Người trả lời"),
      plain("province", "Province", "Tỉnh, thành phố"),
      plain("district", "District", "Quận, huyện"),
      plain("commune", "Commune", "Xã, phường"),
      plain("village", "Village", "Thôn, tổ dân phố"),
      plain("seat", "Seat of the province", "Quận, huyện trung tâm", yesNo),
      plain("urban", "Urban", "Thành thị", yesNo),
      plain(
        "sex", "Sex", "Giới tính",
        ["F": LocalizedText(en: "Female", vi: "Nữ"), "M": LocalizedText(en: "Male", vi: "Nam")]),
      plain("age", "Age in years", "Tuổi", range: 0...120),
      plain(
        "ethnicity", "Ethnicity", "Dân tộc",
        [
          "kinh": LocalizedText(en: "Kinh", vi: "Kinh"),
          "minority": LocalizedText(en: "Ethnic minority", vi: "Dân tộc thiểu số"),
        ]),
      plain("responded", "Responded", "Có trả lời", yesNo),
      plain("p_district", "Probability of the district", "Xác suất chọn quận, huyện", range: 0...1),
      plain("p_commune", "Probability of the commune", "Xác suất chọn xã, phường", range: 0...1),
      plain(
        "p_village", "Probability of the village", "Xác suất chọn thôn, tổ dân phố", range: 0...1),
      plain("p_person", "Probability of the person", "Xác suất chọn người trả lời", range: 0...1),
    ]
    func typed(_ name: String, _ en: String, _ vi: String, _ kind: Variable.Kind) {
      var variable = plain(name, en, vi)
      variable.kind = kind
      variables.append(variable)
    }
    typed("interviewer", "Interviewer", "Điều tra viên", .text)
    typed("started", "Beginning of the interview", "Bắt đầu phỏng vấn", .date)
    typed("minutes", "Minutes of the interview", "Số phút phỏng vấn", .integer)
    variables.append(
      plain(
        "outcome", "Outcome (AAPOR)", "Kết quả (AAPOR)",
        [
          "110": LocalizedText(en: "Complete", vi: "Hoàn thành"),
          "211": LocalizedText(en: "Refusal", vi: "Từ chối"),
          "220": LocalizedText(en: "No contact", vi: "Không gặp"),
        ]))
    for item in spec.items {
      var missing: [String: MissingReason] = [:]
      for reason in [MissingReason.skipped, .dontKnow, .refused] {
        if let code = item.code(of: reason) { missing[code] = reason }
      }
      var variable = Variable(
        name: item.variable, title: item.title, missingCodes: missing,
        valueLabels: item.kind == .binary ? yesNo : [:])
      variable.kind =
        switch item.kind {
        case .binary: .code
        case .scale: .integer
        case .amount: .number
        }
      if item.kind != .binary {
        variable.low = item.low
        variable.high = item.high
      }
      variable.askedIf = item.gate.map { "\($0) is \(item.gateAnswer)" }
      variables.append(variable)
    }
    return variables
  }
}
