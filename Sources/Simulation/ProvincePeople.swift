import CanvassCompute
import CanvassSurvey
import RealModule

/// The places and adults of one simulated province: fixed traits, without their answers.
struct ProvincePeople: Sendable {
  /// Leanings are told apart in this many classes, half a logit from each other.
  static let leaningClasses = 5

  let index: Int
  let code: String
  /// First commune of each district, and their number at the end; likewise below.
  let communeStarts: [Int]
  let villageStarts: [Int]
  let adultStarts: [Int]
  let districtIDs: [String]
  let communeIDs: [String]
  let villageIDs: [String]
  let urban: [Bool]
  /// One entry an adult, villages one after the other.
  let villageOfAdult: [Int32]
  let cellOfAdult: [UInt8]
  let age: [Int16]
  let minority: [Bool]
  let leaning: [UInt8]
  /// A random word of each adult, from which the answers follow.
  let word: [UInt64]
  /// Probability to respond: rural, urban.
  let responseRates: (rural: Double, urban: Double)

  var districtCount: Int { districtIDs.count }
  var adultCount: Int { villageOfAdult.count }
  func communes(of district: Int) -> Range<Int> {
    communeStarts[district]..<communeStarts[district + 1]
  }
  func villages(of commune: Int) -> Range<Int> {
    villageStarts[commune]..<villageStarts[commune + 1]
  }
  func adults(of village: Int) -> Range<Int> { adultStarts[village]..<adultStarts[village + 1] }
  func adultCount(ofCommune commune: Int) -> Int {
    adultStarts[villageStarts[commune + 1]] - adultStarts[villageStarts[commune]]
  }
  func adultCount(ofDistrict district: Int) -> Int {
    adultStarts[villageStarts[communeStarts[district + 1]]]
      - adultStarts[villageStarts[communeStarts[district]]]
  }

  init(_ index: Int, spec: SimulationSpec) throws(Diagnostic) {
    let province = spec.provinces[index]
    let seed = spec.populationSeed
    let key = UInt64(index)
    self.index = index
    code = province.code

    // Adults by sex and age: persons divided by the scale, rounded to the right sum.
    let counts = Self.shared(
      (province.persons + spec.personsPerAdult / 2) / spec.personsPerAdult,
      by: province.cells.map { Double($0.persons) })
    let total = counts.reduce(0, +)

    let districtCount = spec.isLarge(index) ? spec.districtsLarge : spec.districts
    let perDistrict = max(
      spec.communesDrawn + 1,
      total / (spec.villageAdults * districtCount * spec.villagesPerCommune))
    let villageCount = districtCount * perDistrict * spec.villagesPerCommune
    guard total >= villageCount * spec.smallestVillage else {
      throw SimulationSpec.wrong(
        "persons_per_adult",
        "leaves province \(code) too few adults for villages of \(spec.smallestVillage)")
    }
    communeStarts = (0...districtCount).map { $0 * perDistrict }
    villageStarts = (0...(districtCount * perDistrict)).map { $0 * spec.villagesPerCommune }
    districtIDs = (0..<districtCount).map { "\(province.code)-\(Self.padded($0 + 1))" }
    let districts = districtIDs
    communeIDs = (0..<(districtCount * perDistrict)).map {
      "\(districts[$0 / perDistrict])-\(Self.padded($0 % perDistrict + 1))"
    }
    let communes = communeIDs
    villageIDs = (0..<villageCount).map {
      "\(communes[$0 / spec.villagesPerCommune])-\(Self.padded($0 % spec.villagesPerCommune + 1))"
    }

    var sizes = RandomStream(seed: seed, Purpose.villageSize.rawValue, key)
    var towns = RandomStream(seed: seed, Purpose.urban.rawValue, key)
    var attraction: [Double] = []
    var isUrban: [Bool] = []
    for district in 0..<districtCount {
      let inDistrict = (0.5 + sizes.uniform()) * (district == 0 ? 1.5 : 1)
      for commune in 0..<perDistrict {
        let inCommune = inDistrict * (0.5 + sizes.uniform())
        let town = towns.uniform() < spec.urbanSeatDistrict
        for _ in 0..<spec.villagesPerCommune {
          attraction.append(inCommune * (0.5 + sizes.uniform()))
          isUrban.append(commune == 0 || (district == 0 && town))
        }
      }
    }
    urban = isUrban
    let extra = Self.shared(total - villageCount * spec.smallestVillage, by: attraction)
    var starts = [0]
    var village: [Int32] = []
    for place in 0..<villageCount {
      let size = spec.smallestVillage + extra[place]
      starts.append(starts[place] + size)
      village.append(contentsOf: repeatElement(Int32(place), count: size))
    }
    adultStarts = starts
    villageOfAdult = village

    var cells: [UInt8] = []
    for (cell, count) in counts.enumerated() {
      cells.append(contentsOf: repeatElement(UInt8(cell), count: count))
    }
    var demography = RandomStream(seed: seed, Purpose.demography.rawValue, key)
    demography.shuffle(&cells)
    cellOfAdult = cells

    let bands = try province.cells.map { cell throws(Diagnostic) in try Self.ages(cell.ageBand) }
    let women = province.cells.map { $0.sex == "F" }
    var between = RandomStream(seed: seed, Purpose.ethnicity.rawValue, key)
    let inProvince =
      Double.log(spec.minorityShare / (1 - spec.minorityShare))
      + spec.minoritySpread * between.nearlyNormal()
    let inVillage = (0..<villageCount).map { _ in
      1 / (1 + Double.exp(-inProvince - spec.minoritySpread * between.nearlyNormal()))
    }
    var ages: [Int16] = []
    var minorities: [Bool] = []
    var leanings: [UInt8] = []
    var words: [UInt64] = []
    for adult in 0..<total {
      var own = RandomStream(seed: seed, Purpose.leaning.rawValue, key, UInt64(adult))
      let band = bands[Int(cells[adult])]
      let span = band.upperBound - band.lowerBound + 1
      // The open band thins out: the smaller of two draws.
      let years = band.upperBound > 89 ? min(own.below(span), own.below(span)) : own.below(span)
      ages.append(Int16(band.lowerBound + years))
      let place = Int(village[adult])
      let isMinority = own.uniform() < inVillage[place]
      minorities.append(isMinority)
      var logit = spec.personEffect * own.nearlyNormal()
      if women[Int(cells[adult])] { logit += spec.femaleEffect }
      if isMinority { logit += spec.minorityEffect }
      if isUrban[place] { logit += spec.urbanEffect }
      leanings.append(UInt8(min(max((logit * 2).rounded() + 2, 0), 4)))
      words.append(own.next())
    }
    age = ages
    minority = minorities
    leaning = leanings
    word = words

    var response = RandomStream(seed: seed, Purpose.response.rawValue, key)
    responseRates = (
      min(max(spec.responseRural + spec.responseSpread * response.nearlyNormal(), 0.3), 1),
      min(max(spec.responseUrban + spec.responseSpread * response.nearlyNormal(), 0.3), 1)
    )
  }

  /// Shares `total` out in proportion to `parts` by the largest remainders; ties go to the first.
  static func shared(_ total: Int, by parts: [Double]) -> [Int] {
    let sum = parts.reduce(0, +)
    let exact = parts.map { sum > 0 ? Double(total) * $0 / sum : 0 }
    var whole = exact.map { Int($0) }
    let left = total - whole.reduce(0, +)
    let order = parts.indices.sorted { first, second in
      let a = exact[first] - Double(whole[first])
      let b = exact[second] - Double(whole[second])
      return a == b ? first < second : a > b
    }
    for part in order.prefix(max(0, left)) { whole[part] += 1 }
    return whole
  }

  private static func padded(_ number: Int) -> String {
    number < 10 ? "0\(number)" : String(number)
  }

  private static func ages(_ band: String) throws(Diagnostic) -> ClosedRange<Int> {
    if band.hasSuffix("+"), let low = Int(band.dropLast()), low < 90 { return low...90 }
    let ends = band.split(separator: "-").compactMap { Int($0) }
    guard ends.count == 2, ends[0] <= ends[1], ends[1] < 90 else {
      throw SimulationSpec.wrong("population", "has an age band '\(band)' that is not like 18-24")
    }
    return ends[0]...ends[1]
  }
}
