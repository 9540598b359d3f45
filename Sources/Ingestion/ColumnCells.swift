import CanvassSurvey

/// How the cells of a column are to be kept.
enum ColumnKind: Sendable {
  /// As numbers, until a cell is none.
  case found
  /// As text.
  case text
  /// Not at all.
  case ignored
}

/// The cells of one column in one block.
struct ColumnChunk: Sendable {
  enum Values: Sendable {
    /// Whole numbers of 16 bits; 0 where there is none.
    case integers([Int16])
    case numbers([Double])
    /// Codes into the texts in the order of appearance.
    case text([UInt32], [String])
  }
  var values: Values
  var reasons: [UInt8]
  /// Whether any cell has a value; a column without one fits every kind.
  var hasValue: Bool
}

/// Collects the cells of one column of one block, other than small whole numbers.
///
/// Those are written to the block's flat buffer directly; see `BlockParser`.
struct ColumnCells {
  enum State {
    case whole, numbers, text
    /// A cell is no number: the column waits to be read again as text.
    case refused
    case ignored
  }
  private(set) var state: State
  private var numbers: [Double] = []
  private var codes: [UInt32] = []
  private var dictionary = TextDictionary()
  private let capacity: Int

  init(_ kind: ColumnKind, capacity: Int) {
    self.capacity = capacity
    switch kind {
    case .found: state = .whole
    case .text:
      state = .text
      codes = [UInt32](repeating: 0, count: capacity)
    case .ignored: state = .ignored
    }
  }

  /// Whether cells are read as numbers.
  var seeksNumbers: Bool { state == .whole || state == .numbers }

  /// Adds the cell of `row`, which is not blank; `whole` are the column's small whole numbers.
  mutating func add(
    _ bytes: UnsafeBufferPointer<UInt8>, row: Int, whole: UnsafeMutablePointer<Int16>
  ) {
    switch state {
    case .ignored, .refused: return
    case .text: codes[row] = dictionary.code(of: bytes)
    case .whole, .numbers:
      guard let value = NumberText.parse(bytes) else {
        state = .refused
        return
      }
      if state == .whole {
        if value == value.rounded(), abs(value) <= 32_767 {
          whole[row] = Int16(value)
          return
        }
        state = .numbers
        numbers = [Double](repeating: 0, count: capacity)
        for index in 0..<row { numbers[index] = Double(whole[index]) }
      }
      numbers[row] = value
    }
  }

  /// The column of the first `rows` rows.
  func finish(
    rows: Int, whole: UnsafeMutablePointer<Int16>, reasons: UnsafeMutablePointer<UInt8>
  ) -> ColumnChunk {
    let reasons = Array(UnsafeBufferPointer(start: reasons, count: rows))
    let values: ColumnChunk.Values =
      switch state {
      case .numbers: .numbers(Array(numbers[..<rows]))
      case .text: .text(Array(codes[..<rows]), dictionary.strings)
      case .whole, .refused, .ignored:
        .integers(Array(UnsafeBufferPointer(start: whole, count: rows)))
      }
    return ColumnChunk(values: values, reasons: reasons, hasValue: reasons.contains(0))
  }
}
