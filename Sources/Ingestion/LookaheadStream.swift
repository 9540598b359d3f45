import CanvassSurvey

/// A stream whose first bytes can be looked at before it is read.
final class LookaheadStream: ByteStream {
  private let source: any ByteStream
  private let held: UnsafeMutableRawBufferPointer
  private var isFirst = true
  /// The first bytes, at most 512.
  let head: [UInt8]

  init(_ source: any ByteStream) throws(Diagnostic) {
    self.source = source
    let piece = try source.next()
    held = UnsafeMutableRawBufferPointer.allocate(byteCount: piece.count, alignment: 16)
    held.copyMemory(from: piece)
    head = Array(piece.prefix(512))
  }

  deinit { held.deallocate() }

  func next() throws(Diagnostic) -> UnsafeRawBufferPointer {
    if isFirst {
      isFirst = false
      return UnsafeRawBufferPointer(held)
    }
    return try source.next()
  }
}
