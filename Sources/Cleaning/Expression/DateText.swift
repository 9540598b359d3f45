/// A day or a point in time as ISO 8601 writes it: `2026-12-01`, `2026-12-01T08:30`, `2026-12-01 08:30:15+07:00`.
struct DateText {
  /// Days from 1 January 1970 in the proleptic Gregorian calendar.
  private let day: Int
  /// Minutes of the day as written; 0 for a day alone.
  private let minute: Double
  /// Minutes by which the time zone of the text is ahead of UTC; 0 where it names none.
  private let offset: Double

  /// The date that the whole of `text` is, or nil.
  init?(_ text: String) {
    var rest = Array(text.utf8)[...]
    func digits(_ count: Int) -> Int? {
      let piece = rest.prefix(count)
      guard piece.count == count, piece.allSatisfy({ (0x30...0x39).contains($0) }) else {
        return nil
      }
      rest = rest.dropFirst(count)
      return piece.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
    func accept(_ signs: String) -> UInt8? {
      guard let first = rest.first, signs.utf8.contains(first) else { return nil }
      rest = rest.dropFirst()
      return first
    }
    guard let year = digits(4), accept("-") != nil, let month = digits(2), accept("-") != nil,
      let dayOfMonth = digits(2), (1...12).contains(month)
    else { return nil }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard (1...lengths[month - 1]).contains(dayOfMonth) else { return nil }
    // Days before the year, its months and the day, counted from 1 January of year 0.
    let before = year * 365 + (year + 3) / 4 - (year + 99) / 100 + (year + 399) / 400
    day = before + lengths[..<(month - 1)].reduce(0, +) + dayOfMonth - 1 - 719_528
    var minute = 0.0
    var offset = 0.0
    if accept("T ") != nil {
      guard let hour = digits(2), accept(":") != nil, let minutes = digits(2), hour < 24,
        minutes < 60
      else { return nil }
      minute = Double(hour * 60 + minutes)
      if accept(":") != nil {
        guard let seconds = digits(2), seconds < 61 else { return nil }
        minute += Double(seconds) / 60
        if accept(".") != nil {
          var places = 0
          while digits(1) != nil { places += 1 }
          guard places > 0 else { return nil }
        }
      }
      if accept("Z") == nil, let sign = accept("+-") {
        guard let hours = digits(2), hours < 24 else { return nil }
        _ = accept(":")
        guard let minutes = digits(2), minutes < 60 else { return nil }
        offset = Double(hours * 60 + minutes) * (sign == UInt8(ascii: "+") ? 1 : -1)
      }
    }
    guard rest.isEmpty else { return nil }
    self.minute = minute
    self.offset = offset
  }

  /// What a function of dates yields.
  func value(_ function: NumberFunction) -> Double? {
    switch function {
    case .days: Double(day)
    case .minutes: Double(day) * 1_440 + minute - offset
    case .hour: minute / 60
    default: nil
    }
  }
}
