import CanvassCompute
public import CanvassSurvey

/// One simulated province, ready to be counted in full or sampled again and again.
///
/// Its traits depend on the specification's population seed and the province's index alone, so that any
/// province can be made by itself and all of them at once.
public struct SimulatedProvince: Sendable {
  let spec: SimulationSpec
  private let model: AnswerModel
  let people: ProvincePeople

  /// The province at `index` of the specification.
  ///
  /// - Throws: `badPipeline` where the specification is impossible.
  public init(_ index: Int, spec: SimulationSpec) throws(Diagnostic) {
    precondition(spec.provinces.indices.contains(index), "a province of the specification")
    try spec.check()
    self.spec = spec
    people = try ProvincePeople(index, spec: spec)
    model = try AnswerModel(people, spec: spec)
  }

  /// Number of simulated adults.
  public var adultCount: Int { people.adultCount }

  /// Every simulated adult with traits and answers; nobody is missing, skips and refusals are theirs.
  public func population() -> Table {
    let adults = Array(0..<people.adultCount)
    return Table(columns: traits(of: adults) + model.answers(of: adults, people: people))
  }

  /// The adults drawn under `seed` by PAPI's stages, with the probability of each stage.
  ///
  /// The seat district, the seat commune of each district and the seat village of each commune are taken
  /// with certainty, the others with probability proportional to their adults, the persons of a village
  /// with equal probability. Who is drawn but does not agree stays, with `responded` 0 and blank answers;
  /// agreement is random with a rate that depends on province and `urban` alone.
  public func sample(seed: UInt64) -> Table {
    sample(
      seed: seed,
      villages: villagesDrawn(seed: seed).map { village in
        VillageDraw(
          village: village.unit,
          chances: village.chances
            + [Double(spec.personsDrawn) / Double(people.adults(of: village.unit).count)],
          persons: RandomStream(
            seed: seed, Purpose.persons.rawValue, UInt64(people.index), UInt64(village.unit)))
      })
  }

  /// A village that was drawn, the probabilities of the stages down to its persons, and the random
  /// numbers that choose those.
  struct VillageDraw {
    let village: Int
    let chances: [Double]
    var persons: RandomStream
  }

  /// The adults drawn in villages that may occur more than once; each draw chooses its persons anew.
  func sample(seed: UInt64, villages: [VillageDraw]) -> Table {
    var drawn: [Int] = []
    var chances: [[Double?]] = [[], [], [], []]
    for var draw in villages {
      let adults = people.adults(of: draw.village)
      var order = Array(adults)
      for place in 0..<spec.personsDrawn {
        order.swapAt(place, place + draw.persons.below(order.count - place))
      }
      for adult in order.prefix(spec.personsDrawn).sorted() {
        drawn.append(adult)
        for (stage, chance) in draw.chances.enumerated() {
          chances[stage].append(chance)
        }
      }
    }
    let agrees = drawn.map { adult in
      var own = RandomStream(
        seed: seed, Purpose.agreement.rawValue, UInt64(people.index), UInt64(adult))
      let urban = people.urban[Int(people.villageOfAdult[adult])]
      return own.uniform() < (urban ? people.responseRates.urban : people.responseRates.rural)
    }
    var columns = [
      Column(
        name: "respondent_id",
        strings: drawn.indices.map { "R\(people.code)-\(Self.padded($0 + 1))" })
    ]
    columns += traits(of: drawn)
    columns.append(Column(name: "responded", values: .integers(agrees.map { $0 ? 1 : 0 })))
    for (stage, name) in ["p_district", "p_commune", "p_village", "p_person"].enumerated() {
      columns.append(Column(name: name, values: .numbers(chances[stage].map { $0 ?? 0 })))
    }
    columns += field(seed: seed, drawn: drawn, agrees: agrees)
    columns += model.answers(of: drawn, people: people).map { column in
      var answers = column
      for row in drawn.indices where !agrees[row] {
        answers.reasons[row] = MissingReason.blank.rawValue
      }
      return answers
    }
    return Table(columns: columns)
  }

  /// Who asked, when, for how long and with which outcome (AAPOR 1.1, 2.11, 2.2); three interviewers work in
  /// a province.
  private func field(seed: UInt64, drawn: [Int], agrees: [Bool]) -> [Column] {
    var started: [String?] = []
    var minutes: [Double?] = []
    var outcome: [Double?] = []
    for (row, adult) in drawn.enumerated() {
      var own = RandomStream(
        seed: seed, Purpose.field.rawValue, UInt64(people.index), UInt64(adult))
      let (day, hour, minute) = (1 + own.below(28), 8 + own.below(11), own.below(60))
      func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
      started.append("2026-09-\(two(day))T\(two(hour)):\(two(minute))")
      let length = Double(25 + own.below(46))
      minutes.append(agrees[row] ? length : nil)
      outcome.append(agrees[row] ? 110 : own.below(3) == 0 ? 220 : 211)
    }
    return [
      Column(
        name: "interviewer",
        strings: drawn.map { "\(people.code)-\(1 + Int(people.villageOfAdult[$0]) % 3)" }),
      Column(name: "started", strings: started), Column(name: "minutes", numbers: minutes),
      Column(name: "outcome", numbers: outcome),
    ]
  }

  private func villagesDrawn(seed: UInt64) -> [(unit: Int, chances: [Double])] {
    let key = UInt64(people.index)
    let drawn = spec.isLarge(people.index) ? spec.districtsDrawnLarge : spec.districtsDrawn
    var result: [(unit: Int, chances: [Double])] = []
    var first = RandomStream(seed: seed, Purpose.districts.rawValue, key)
    let districts = Self.seatAndOthers(
      0..<people.districtCount, count: drawn, size: people.adultCount(ofDistrict:), &first)
    for district in districts {
      var second = RandomStream(seed: seed, Purpose.communes.rawValue, key, UInt64(district.unit))
      let communes = Self.seatAndOthers(
        people.communes(of: district.unit), count: spec.communesDrawn,
        size: people.adultCount(ofCommune:), &second)
      for commune in communes {
        var third = RandomStream(seed: seed, Purpose.villages.rawValue, key, UInt64(commune.unit))
        let villages = Self.seatAndOthers(
          people.villages(of: commune.unit), count: spec.villagesDrawn,
          size: { people.adults(of: $0).count }, &third)
        for village in villages {
          result.append(
            (village.unit, [district.probability, commune.probability, village.probability]))
        }
      }
    }
    return result
  }

  /// The first unit with certainty and `count` of the others in proportion to their size.
  private static func seatAndOthers(
    _ units: Range<Int>, count: Int, size: (Int) -> Int, _ stream: inout RandomStream
  ) -> [(unit: Int, probability: Double)] {
    let others = units.dropFirst()
    let drawn = ProportionalDraw.draw(sizes: others.map(size), count: count, stream: &stream)
    return [(units.lowerBound, 1)]
      + drawn.map { (others.startIndex + $0.unit, $0.probability) }
  }

  private func traits(of adults: [Int]) -> [Column] {
    let province = spec.provinces[people.index]
    let village = adults.map { Int(people.villageOfAdult[$0]) }
    let perCommune = spec.villagesPerCommune
    let perDistrict = people.communes(of: 0).count
    func named(_ name: String, _ codes: [Int], _ dictionary: [String]) -> Column {
      Column(name: name, values: .text(codes.map { UInt32($0) }, dictionary: dictionary))
    }
    let women = province.cells.map { $0.sex == "F" }
    return [
      named("province", adults.map { _ in 0 }, [people.code]),
      named("district", village.map { $0 / perCommune / perDistrict }, people.districtIDs),
      named("commune", village.map { $0 / perCommune }, people.communeIDs),
      named("village", village, people.villageIDs),
      Column(
        name: "seat",
        values: .integers(village.map { $0 / perCommune / perDistrict == 0 ? 1 : 0 })),
      Column(name: "urban", values: .integers(village.map { people.urban[$0] ? 1 : 0 })),
      named("sex", adults.map { women[Int(people.cellOfAdult[$0])] ? 0 : 1 }, ["F", "M"]),
      Column(name: "age", values: .integers(adults.map { people.age[$0] })),
      named("ethnicity", adults.map { people.minority[$0] ? 1 : 0 }, ["kinh", "minority"]),
    ]
  }

  static func padded(_ number: Int) -> String {
    String(repeating: "0", count: max(0, 4 - String(number).count)) + String(number)
  }
}
