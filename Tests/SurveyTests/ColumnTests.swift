import CanvassSurvey
import Testing

@Suite("Columns") struct ColumnTests {
  @Test("whole numbers of 16 bits are stored small, all others as doubles")
  func storage() {
    func isSmall(_ numbers: [Double?]) -> Bool {
      if case .integers = Column(name: "x", numbers: numbers).values { return true }
      return false
    }
    #expect(isSmall([1, nil, -32_767, 32_767]))
    #expect(isSmall([]) && isSmall([nil]))
    #expect(!isSmall([1, 32_768]) && !isSmall([0.5]) && !isSmall([.nan]))
  }

  @Test("cells read back as number and text, missing ones as their reason")
  func cells() {
    let numbers = Column(name: "x", numbers: [1.5, nil, -2])
    #expect((0..<3).map { numbers.text(at: $0) } == ["1.5", nil, "-2"])
    #expect((0..<3).map { numbers.number(at: $0) } == [1.5, nil, -2])
    #expect(numbers.reason(at: 1) == .blank && numbers.reason(at: 0) == nil)
    let texts = Column(name: "t", strings: ["b", nil, "a"])
    #expect((0..<3).map { texts.text(at: $0) } == ["b", nil, "a"])
    #expect(texts.number(at: 0) == nil && !texts.isNumeric)
    let coded = Column(
      name: "c", values: .integers([7, 7]), reasons: [0, MissingReason.refused.rawValue])
    #expect(coded.reason(at: 1) == .refused && coded.number(at: 1) == nil)
  }

  @Test(
    "numbers are written in the shortest form that reads back",
    arguments: [
      (0.0, "0"), (-0.0, "0"), (88, "88"), (-3, "-3"), (0.1, "0.1"), (2.5e-7, "2.5e-07"),
      (9_007_199_254_740_991, "9007199254740991"), (1e20, "1e+20"), (1.0 / 3, "0.3333333333333333"),
    ] as [(Double, String)])
  func rendering(number: Double, text: String) {
    #expect(Column.render(number) == text)
    #expect(Double(text) == number)
  }

  @Test("levels lie in order, numbers by value, texts by bytes, missing last")
  func grouping() {
    let small = Column(name: "x", numbers: [10, 2, nil, -1, 2]).grouped()
    #expect(small.levels == ["-1", "2", "10"] && small.levelOfRow == [2, 1, 3, 0, 1])
    let large = Column(name: "x", numbers: [10.5, 2, nil, -1, 2]).grouped()
    #expect(large.levels == ["-1", "2", "10.5"] && large.levelOfRow == [2, 1, 3, 0, 1])
    let texts = Column(name: "x", strings: ["b", "Đ", nil, "a", "Đ", "B"]).grouped()
    #expect(texts.levels == ["B", "a", "b", "Đ"] && texts.levelOfRow == [2, 3, 4, 1, 3, 0])
    let none = Column(name: "x", strings: [nil, nil]).grouped()
    #expect(none.levels.isEmpty && none.levelOfRow == [0, 0])
  }

  @Test("a value that only missing cells hold is no level")
  func unseen() {
    let column = Column(
      name: "x", values: .text([0, 1], dictionary: ["a", "b"]), reasons: [0, 3])
    #expect(column.grouped().levels == ["a"])
  }

  @Test("rows are gathered in the order that is asked for, also twice")
  func gathering() {
    let column = Column(name: "x", strings: ["a", nil, "c"]).gathering([2, 1, 2])
    #expect((0..<3).map { column.text(at: $0) } == ["c", nil, "c"])
    #expect(column.renamed("y").name == "y")
  }
}

@Suite("Tables") struct TableTests {
  @Test("columns are found by name, and a wrong name suggests a near one")
  func names() throws {
    var table = Table(columns: [Column(name: "age", numbers: [1, 2])])
    table.set(Column(name: "sex", numbers: [3, 4]))
    table.set(Column(name: "age", numbers: [5, 6]))
    #expect(table.names == ["age", "sex"] && table.rowCount == 2)
    #expect(table["age"]?.number(at: 0) == 5 && table["gone"] == nil)
    #expect(try table.column("sex").number(at: 1) == 4)
    do {
      _ = try table.column("agee")
      Issue.record("a wrong name was found")
    } catch {
      #expect(error.kind == .badPipeline && error.remedy == "did you mean 'age'?")
    }
  }

  @Test("places go with their rows, and a table in memory counts them")
  func places() {
    let table = Table(
      columns: [Column(name: "x", numbers: [1, 2, 3])],
      origins: RowOrigins(sources: ["a:b", "c:d"], sourceOfRow: [0, 1, 1], lineOfRow: [2, 5, 9]))
    #expect(table.gathering([2, 0]).place(of: 0) == "c:d:9")
    #expect(table.gathering([2, 0]).place(of: 1) == "a:b:2")
    #expect(Table(columns: [Column(name: "x", numbers: [1])]).place(of: 0) == "row 1")
    #expect(Table(columns: []).rowCount == 0)
  }
}
