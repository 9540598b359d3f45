import CanvassCompute
import CanvassIngestion
import CanvassSurvey
import Testing

@Suite("Codebooks in DDI-Codebook 2.5") struct DocumentedCodebookTests {
  static let document = """
    <?xml version="1.0" encoding="UTF-8"?>
    <codeBook xmlns="ddi:codebook:2_5" version="2.5">
      <stdyDscr><citation><titlStmt><titl>Survey</titl></titlStmt></citation></stdyDscr>
      <dataDscr>
        <var ID="V1" name="id"><labl>Respondent</labl><varFormat type="character"/></var>
        <var ID="V2" name="sex">
          <labl xml:lang="en">Sex</labl><labl xml:lang="vi">Giới tính</labl>
          <catgry><catValu>1</catValu><labl xml:lang="en">Female</labl><labl xml:lang="vi">Nữ</labl></catgry>
          <catgry><catValu>2</catValu><labl>Male</labl></catgry>
          <catgry missing="Y" missType="refusal"><catValu>9</catValu><labl>Refused</labl></catgry>
          <varFormat type="numeric"/>
        </var>
        <var ID="V3" name="age">
          <qstn><qstnLit>How old
             are you?</qstnLit></qstn>
          <valrng><range min="18" max="99"/></valrng>
          <invalrng><item VALUE="999"/></invalrng>
          <varFormat type="numeric"/>
          <notes type="sensitive">yes</notes>
        </var>
        <var ID="V4" name="d5">
          <labl>Steps &amp; papers</labl>
          <catgry missing="Y" missType="inapplicable"><catValu>77</catValu></catgry>
          <catgry missing="Y" missType="don't know"><catValu>88</catValu></catgry>
          <catgry missing="Y"><catValu>-1</catValu></catgry>
          <notes type="asked_if">sex is 1 and age &gt;= 18</notes>
        </var>
      </dataDscr>
    </codeBook>
    """

  static func read(_ text: String) throws -> Codebook {
    let drop = zip([Packed("answers.csv", "id,sex\n1,2\n"), Packed("book.xml", text)])
    return try withFile(drop) { path in
      let read = try Ingestion.ingest(
        IngestionRequest(
          drops: [path], respondents: MemberRequest(members: "answers.csv"),
          codebook: .member(MemberRequest(members: "*.xml"))), workers: Workers(1))
      return try #require(read.codebook)
    }
  }

  @Test("titles, labels, missing codes, ranges, types and conditions are read")
  func everything() throws {
    let book = try Self.read(Self.document)
    #expect(book.variables.map(\.name) == ["id", "sex", "age", "d5"])
    #expect(book["id"]?.kind == .text)
    let sex = try #require(book["sex"])
    #expect(sex.title == LocalizedText(en: "Sex", vi: "Giới tính") && sex.kind == .code)
    #expect(sex.valueLabels["1"] == LocalizedText(en: "Female", vi: "Nữ"))
    #expect(sex.valueLabels["2"] == LocalizedText(en: "Male") && sex.valueLabels["9"] == nil)
    #expect(sex.missingCodes == ["9": .refused])
    let age = try #require(book["age"])
    #expect(age.title.en == "How old are you?" && age.low == 18 && age.high == 99)
    #expect(age.kind == .number && age.missingCodes == ["999": .blank] && age.isSensitive)
    let steps = try #require(book["d5"])
    #expect(steps.title.en == "Steps & papers" && steps.askedIf == "sex is 1 and age >= 18")
    #expect(steps.missingCodes == ["77": .skipped, "88": .dontKnow, "-1": .blank])
    let line = Self.document.split(separator: "\n").firstIndex { $0.contains("name=\"d5\"") }
    #expect(steps.place?.hasSuffix("book.xml:\((line ?? 0) + 1)") == true, "\(steps.place ?? "")")
  }

  @Test(
    "what is no DDI-Codebook is refused with its place",
    arguments: [
      ("<codeBook><dataDscr><var name='x'>", "not well-formed"),
      ("<!DOCTYPE codeBook [<!ENTITY a 'aaaa'>]><codeBook/>", "document type"),
      ("<other><var name='x'/></other>", "no DDI-Codebook"), ("<codeBook/>", "describes no"),
      ("<codeBook><dataDscr><var/></dataDscr></codeBook>", "no name"), ("", "not well-formed"),
      ("<codeBook><var name='x'/><var name='x'/></codeBook>", "twice"),
      ("<codeBook><var name='x'><valrng><range min='a'/></valrng></var></codeBook>", "no number"),
    ])
  func faults(text: String, word: String) throws {
    do {
      _ = try Self.read(text)
      Issue.record("it was read: \(word)")
    } catch let error as Diagnostic {
      #expect(error.kind == .badData && error.description.contains(word), "\(error)")
      #expect(error.place?.contains("book.xml") == true)
    }
  }
}
