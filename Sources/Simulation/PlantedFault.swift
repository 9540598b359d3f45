/// A kind of fault that a simulated drop can hold, for cleaning to find.
public enum FaultKind: String, Sendable, Hashable, CaseIterable {
  /// An answer above its scale.
  case aboveScale = "above_scale"
  /// An amount below zero.
  case negativeAmount = "negative_amount"
  /// A code that no answer has.
  case unknownCode = "unknown_code"
  /// A code for "don't know" that belongs to other questions.
  case foreignCode = "foreign_code"
  /// A letter among the digits of an age.
  case letterInNumber = "letter_in_number"
  /// An age of 150.
  case impossibleAge = "impossible_age"
  /// No age.
  case missingAge = "missing_age"
  /// No sex.
  case missingSex = "missing_sex"
  /// The sex in a small letter.
  case smallLetter = "small_letter"
  /// An ethnicity that the codebook does not know.
  case unknownGroup = "unknown_group"
  /// A sign of response that is neither 0 nor 1.
  case unknownResponse = "unknown_response"
  /// A sign of the seat that is neither 0 nor 1.
  case unknownSeat = "unknown_seat"
  /// A probability above 1.
  case impossibleProbability = "impossible_probability"
  /// A probability of 0.
  case zeroProbability = "zero_probability"
  /// A probability that does not agree with the table of villages.
  case wrongProbability = "wrong_probability"
  /// The province by its name without marks and in small letters.
  case provinceWithoutMarks = "province_without_marks"
  /// The province with the word for its kind, in capital letters.
  case provinceWithKind = "province_with_kind"
  /// The province by its name in decomposed letters.
  case provinceDecomposed = "province_decomposed"
  /// The province's code without its leading zero.
  case provinceWithoutZero = "province_without_zero"
  /// An answer to a question that was not asked.
  case answeredUnasked = "answered_unasked"
  /// A question that was asked and is coded as skipped.
  case skippedAsked = "skipped_asked"
  /// A question that was asked and is blank.
  case blankAsked = "blank_asked"
  /// An interview at half past two in the night.
  case oddHour = "odd_hour"
  /// A date that no calendar has.
  case impossibleDate = "impossible_date"
  /// An interview long after the field period.
  case lateDate = "late_date"
  /// An interview of three minutes.
  case shortInterview = "short_interview"
  /// An interview of ten hours.
  case longInterview = "long_interview"
  /// A respondent whose outcome is a refusal.
  case wrongOutcome = "wrong_outcome"
  /// An answer of somebody who did not respond.
  case silentAnswer = "silent_answer"
  /// Nobody knows who asked.
  case missingInterviewer = "missing_interviewer"
  /// A row more, of somebody who is 17.
  case underAge = "under_age"
  /// A row that is there twice.
  case repeatedRow = "repeated_row"
  /// An earlier version of an interview, with another answer.
  case earlierVersion = "earlier_version"
  /// An interview made up from another one of the village.
  case copiedInterview = "copied_interview"
}

/// A fault that was planted, and what should come of it.
public struct PlantedFault: Sendable, Hashable {
  /// What kind of fault it is.
  public var kind: FaultKind
  /// The key of the row.
  public var key: String
  /// The variable; empty for a whole row.
  public var variable: String
  /// The rule that should find it; empty where reading puts it right by itself.
  public var rule: String
  /// What the cell held before, as the drop writes it.
  public var clean: String
  /// What it holds now.
  public var dirty: String
}
