import Foundation
import Testing

@Suite struct ShippedCasesTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "Cases")

  static func cases() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { !$0.hasSuffix(".md") }.sorted()
  }

  @Test("at least thirty-five known answers ship, each with input and expected numbers")
  func complete() throws {
    let cases = try ShippedCasesTests.cases()
    #expect(cases.count >= 35)
    for name in cases {
      for file in ["input.csv", "expected.csv"] {
        let path = ShippedCasesTests.folder.appending(path: "\(name)/\(file)").path
        #expect(FileManager.default.fileExists(atPath: path), "\(name)/\(file)")
      }
    }
  }

  @Test("what ships is what the oracle has", .enabled(if: Shared.isPresent))
  func unchanged() throws {
    let oracle = try #require(Shared.folder).appending(path: "oracle")
    for name in try ShippedCasesTests.cases() {
      let own = ShippedCasesTests.folder.appending(path: name)
      for file in try FileManager.default.contentsOfDirectory(atPath: own.path) {
        #expect(
          FileManager.default.contentsEqual(
            atPath: own.appending(path: file).path,
            andPath: oracle.appending(path: "\(name)/\(file)").path), "\(name)/\(file)")
      }
    }
  }
}
