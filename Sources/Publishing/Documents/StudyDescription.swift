public import CanvassSurvey

/// What people say of a study and no data can show: what the Transparency Initiative of the American
/// Association for Public Opinion Research asks to be disclosed, and how a release may be used.
public struct StudyDescription: Sendable, Hashable {
  /// Something that is told in words; the raw value is its key in the pipeline file.
  public enum Item: String, Sendable, CaseIterable, Hashable {
    case sponsor
    case conductedBy = "conducted_by"
    case population
    case frame
    case recruitment
    case mode
    case instrument
    case incentives
    case response
    case quality
    case limitations
    case contact
    case license
    case citeAs = "cite_as"
  }

  /// Days between which people were interviewed, as ISO 8601 writes them.
  public struct FieldPeriod: Sendable, Hashable {
    /// The first day.
    public var from: String
    /// The last day.
    public var to: String

    /// A period.
    public init(from: String, to: String) {
      self.from = from
      self.to = to
    }
  }

  /// What is told; an item that is not among them is not stated.
  public var texts: [Item: LocalizedText] = [:]
  /// When people were interviewed, or nil.
  public var fieldPeriod: FieldPeriod?

  /// Nothing is told.
  public init() {}

  /// What is told of an item, or nil.
  public subscript(_ item: Item) -> LocalizedText? { texts[item] }
}

extension StudyDescription.Item {
  /// What the item is called.
  public var title: LocalizedText {
    switch self {
    case .sponsor: LocalizedText(en: "Sponsor", vi: "Đơn vị tài trợ")
    case .conductedBy: LocalizedText(en: "Conducted by", vi: "Đơn vị thực hiện")
    case .population: LocalizedText(en: "Population", vi: "Tổng thể nghiên cứu")
    case .frame: LocalizedText(en: "Sampling frame", vi: "Dàn mẫu")
    case .recruitment:
      LocalizedText(en: "How people were found", vi: "Cách chọn và tiếp cận người trả lời")
    case .mode: LocalizedText(en: "Mode of interview", vi: "Phương thức phỏng vấn")
    case .instrument: LocalizedText(en: "Questionnaire", vi: "Bảng hỏi")
    case .incentives: LocalizedText(en: "Incentives", vi: "Thù lao cho người trả lời")
    case .response: LocalizedText(en: "Response rates", vi: "Tỷ lệ trả lời")
    case .quality: LocalizedText(en: "Quality control", vi: "Kiểm soát chất lượng")
    case .limitations: LocalizedText(en: "Limitations", vi: "Hạn chế")
    case .contact: LocalizedText(en: "Contact", vi: "Liên hệ")
    case .license: LocalizedText(en: "Licence", vi: "Giấy phép sử dụng")
    case .citeAs: LocalizedText(en: "To be cited as", vi: "Trích dẫn")
    }
  }

  /// What the key of the pipeline file says.
  public var about: String {
    switch self {
    case .sponsor: "who paid"
    case .conductedBy: "who carried out the survey"
    case .population: "of whom it speaks, such as citizens aged 18 and over"
    case .frame: "the list that the sample was drawn from"
    case .recruitment: "how people were chosen and asked to take part"
    case .mode: "face to face, telephone, web, with what languages"
    case .instrument: "where the questionnaire is"
    case .incentives: "what respondents were given"
    case .response: "response rates, where 'fieldwork' does not know them"
    case .quality: "training, supervision, checks in the field"
    case .limitations: "what the data cannot tell"
    case .contact: "whom to ask"
    case .license: "how the release may be used; a web address, or words"
    case .citeAs: "how to cite the release"
    }
  }
}
