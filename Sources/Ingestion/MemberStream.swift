import CArchive
import CanvassSurvey

/// The bytes of one member, its checksum verified by the reader at the end.
final class MemberStream: ByteStream {
  private let archive: OpaquePointer
  private let place: String
  private let budget: Budget?
  private let stated: Int
  private var expected: Int64 = 0

  init(_ archive: OpaquePointer, place: String, stated: Int, budget: Budget?) {
    self.archive = archive
    self.place = place
    self.stated = stated
    self.budget = budget
  }

  func next() throws(Diagnostic) -> UnsafeRawBufferPointer {
    while true {
      var piece: UnsafeRawPointer?
      var count = 0
      var offset: Int64 = 0
      let code = archive_read_data_block(archive, &piece, &count, &offset)
      if code == ARCHIVE_EOF {
        guard expected == stated else { throw damaged("its size is not as stated") }
        return UnsafeRawBufferPointer(start: nil, count: 0)
      }
      // A wrong checksum is a warning to libarchive; here it is a failure.
      guard code == ARCHIVE_OK else {
        throw damaged(archive_error_string(archive).map { String(cString: $0) })
      }
      guard offset == expected else { throw damaged("there are holes in it") }
      if count == 0 { continue }
      expected += Int64(count)
      guard expected <= stated else { throw damaged("its size is not as stated") }
      try budget?.spend(count)
      return UnsafeRawBufferPointer(start: piece, count: count)
    }
  }

  private func damaged(_ why: String?) -> Diagnostic {
    Diagnostic(
      .badData, "the member is damaged", at: place, why: why, remedy: "fetch the archive again")
  }
}
