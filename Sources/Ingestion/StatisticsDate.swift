import CanvassSurvey

/// Dates and times that SPSS and Stata keep as numbers, written as ISO 8601 text.
///
/// SPSS counts seconds since 14 October 1582, Stata days, milliseconds, weeks, months, quarters, half
/// years or years since 1960. Sources: SPSS Statistics Command Syntax Reference, "Date and Time"; Stata
/// User's Guide, section 25.
enum StatisticsDate {
  case spssDate, spssDateTime, spssTime
  case stataDay, stataMillisecond, stataWeek, stataMonth, stataQuarter, stataHalfYear, stataYear

  /// The kind of date that a display format shows, or nil for a plain number.
  init?(format: String) {
    if format.hasPrefix("%") {
      let letters = format.dropFirst().drop { "-0".contains($0) }
      guard letters.first == "t" || letters.first == "d" else { return nil }
      let kind = letters.first == "d" ? "d" : letters.dropFirst().first ?? "d"
      switch kind {
      case "d": self = .stataDay
      case "c", "C": self = .stataMillisecond
      case "w": self = .stataWeek
      case "m": self = .stataMonth
      case "q": self = .stataQuarter
      case "h": self = .stataHalfYear
      case "y": self = .stataYear
      default: return nil
      }
      return
    }
    switch String(format.prefix { $0.isLetter }).uppercased() {
    case "DATE", "ADATE", "EDATE", "JDATE", "SDATE": self = .spssDate
    case "DATETIME", "YMDHMS": self = .spssDateTime
    case "TIME", "DTIME", "MTIME": self = .spssTime
    default: return nil
    }
  }

  /// The date or time that `number` stands for, to the millisecond; a number that is no date stays one.
  func text(_ number: Double) -> String {
    guard abs(number) < 1e15 else { return Column.render(number) }
    switch self {
    case .spssDate: return day(-141_428 + Int((number / 86_400).rounded(.down)))
    case .spssDateTime: return moment(number, epoch: -141_428)
    case .spssTime: return time(number)
    case .stataDay: return day(-3_653 + Int(number.rounded(.down)))
    case .stataMillisecond: return moment(number / 1_000, epoch: -3_653)
    case .stataWeek:
      let (year, week) = parts(number, 52)
      return "\(padded(year, 4))-W\(padded(week + 1, 2))"
    case .stataMonth:
      let (year, month) = parts(number, 12)
      return "\(padded(year, 4))-\(padded(month + 1, 2))"
    case .stataQuarter:
      let (year, quarter) = parts(number, 4)
      return "\(padded(year, 4))-Q\(quarter + 1)"
    case .stataHalfYear:
      let (year, half) = parts(number, 2)
      return "\(padded(year, 4))-H\(half + 1)"
    case .stataYear: return padded(Int(number.rounded(.down)), 4)
    }
  }

  private func parts(_ number: Double, _ count: Int) -> (year: Int, part: Int) {
    let whole = Int(number.rounded(.down))
    let year = Int((Double(whole) / Double(count)).rounded(.down))
    return (1_960 + year, whole - year * count)
  }

  private func moment(_ seconds: Double, epoch: Int) -> String {
    let days = (seconds / 86_400).rounded(.down)
    return day(epoch + Int(days)) + "T" + time(seconds - days * 86_400)
  }

  private func time(_ seconds: Double) -> String {
    let milliseconds = Int((abs(seconds) * 1_000).rounded())
    let whole = milliseconds / 1_000
    let rest = milliseconds % 1_000
    return (seconds < 0 ? "-" : "") + padded(whole / 3_600, 2) + ":"
      + padded(whole / 60 % 60, 2) + ":" + padded(whole % 60, 2)
      + (rest == 0 ? "" : "." + padded(rest, 3))
  }

  /// The Gregorian day by its number since 1 January 1970.
  private func day(_ number: Int) -> String {
    // Days since 1 March of year 0, in eras of 400 years (Hinnant, "chrono-compatible algorithms").
    let shifted = number + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let ofEra = shifted - era * 146_097
    let yearOfEra = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * ofYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return
      "\(padded(year, 4))-\(padded(month, 2))-\(padded(ofYear - (153 * shiftedMonth + 2) / 5 + 1, 2))"
  }

  private func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(abs(number))
    return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count))
      + digits
  }
}
