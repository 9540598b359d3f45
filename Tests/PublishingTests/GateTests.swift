import CanvassPublishing
import CanvassScoring
import Testing

@Suite struct GateTests {
  @Test("too few respondents blank every number but n", arguments: [0, 1, 9, 10, 11])
  func suppression(respondents: Int) throws {
    let released = gate(
      [scoreRow("1", 50, respondents: respondents)],
      [indicatorRow("1", 0.4, respondents: respondents)])
    let score = released.scores[0]
    let indicator = released.indicators[0]
    #expect(score.respondents == respondents)
    #expect(indicator.respondents == respondents)
    if respondents < 10 {
      #expect(score.status == .suppressed)
      #expect(score.score == nil && score.standardError == nil && score.interval == nil)
      #expect(score.degreesOfFreedom == nil && score.rank == nil && score.group == nil)
      #expect(score.standardErrorMethod == "")
      #expect(indicator.status == .suppressed)
      #expect(indicator.estimate == nil && indicator.standardError == nil)
      #expect(indicator.designEffect == nil && indicator.interval == nil)
      #expect(released.tally.scores == [.suppressed: 1])
    } else {
      #expect(score.score == 50 && score.rank == 1 && score.status == .fewRespondents)
      #expect(indicator.designEffect == 1.7)
    }
  }

  @Test("one sampling unit blanks the cell as unreliable, n stays")
  func oneSamplingUnit() {
    let released = gate(
      [scoreRow("1", 50, degrees: 0), scoreRow("2", 40, degrees: 1)],
      [
        indicatorRow("1", 0.4, degrees: 3, samplingUnits: 1),
        indicatorRow("2", 0.4, degrees: 0.5, samplingUnits: 2),
      ])
    #expect(released.scores[0].score == nil && released.scores[0].respondents == 100)
    #expect(released.scores[0].status == .oneSamplingUnit)
    #expect(released.scores[0].standardError == nil && released.scores[0].interval == nil)
    #expect(released.scores[0].rank == nil && released.scores[1].rank == 1)
    #expect(released.scores[1].status == .ok && released.scores[1].standardError == 0.5)
    for row in released.indicators {
      #expect(row.estimate == nil && row.standardError == nil && row.status == .oneSamplingUnit)
      #expect(row.respondents == 100)
    }
  }

  @Test("no variation gives no interval of width zero", arguments: [0, 1e-17])
  func noVariation(error: Double) {
    let released = gate([], [indicatorRow("1", 1, error: error)])
    #expect(released.indicators[0].estimate == 1)
    #expect(released.indicators[0].interval == nil)
    #expect(released.indicators[0].standardError == nil)
    #expect(released.indicators[0].status == .noVariation)
  }

  @Test("published figures without respondents or standard errors pass")
  func secondDoor() {
    let row = scoreRow("1", 44, error: nil, degrees: nil, respondents: nil)
    let released = gate([row])
    #expect(released.scores[0].score == 44 && released.scores[0].status == .ok)
  }

  @Test("a status that forbids a number takes it, and a number that is none gets a status")
  func statuses() {
    let released = gate([
      scoreRow("1", 44, status: .notSurveyed), scoreRow("2", .nan), scoreRow("3", nil),
      scoreRow("4", nil, respondents: 0), scoreRow("5", .infinity, respondents: 3),
    ])
    #expect(released.scores.allSatisfy { $0.score == nil && $0.interval == nil && $0.rank == nil })
    #expect(
      released.scores.map(\.status) == [
        .notSurveyed, .partMissing, .partMissing, .noRespondents, .partMissing,
      ])
  }

  @Test("ranks and groups compare published units of one node and domain only")
  func ranks() {
    let released = gate([
      scoreRow("1", 90, respondents: 3), scoreRow("2", 50), scoreRow("3", 60), scoreRow("4", 60),
      scoreRow("5", 10), scoreRow("national:mean-of-units", 99, isUnit: false),
      scoreRow("2", 7, domain: "sex=F"), scoreRow("3", 8, domain: "sex=F"),
      scoreRow("2", 1, node: "other"),
    ])
    func rank(_ unit: String, _ domain: String = "", _ node: String = "index") -> Int? {
      released.scores.first { $0.unit == unit && $0.domain == domain && $0.node == node }?.rank
    }
    #expect(rank("1") == nil)
    #expect(rank("3") == 1 && rank("4") == 1 && rank("2") == 3 && rank("5") == 4)
    #expect(rank("2", "sex=F") == 2 && rank("3", "sex=F") == 1)
    #expect(rank("2", "", "other") == 1)
    #expect(rank("national:mean-of-units") == nil)
    #expect(released.scores.last?.unit == "national:mean-of-units")
    #expect(released.scores.last?.group == nil)
  }

  @Test("rows come as whole units, units by domain, national numbers")
  func order() {
    let released = gate([
      scoreRow("national:survey", 5, isUnit: false), scoreRow("02", 1, domain: "sex=F"),
      scoreRow("01", 1, node: "a"), scoreRow("02", 1, node: "a"), scoreRow("01", 1, node: "b"),
      scoreRow("01", 1, domain: "sex=F"),
    ])
    #expect(
      released.scores.map { "\($0.unit) \($0.domain) \($0.node)" } == [
        "02  a", "01  a", "01  b", "02 sex=F index", "01 sex=F index", "national:survey  index",
      ])
  }
}
