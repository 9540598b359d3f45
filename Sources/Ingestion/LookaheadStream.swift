import CanvassSurvey

/// A stream whose first bytes can be looked at before it is read.
final class LookaheadStream: ByteStream {
  private let source: any ByteStream
  private let held: UnsafeMutableRawBufferPointer
  private var isFirst = true
  /// The first bytes, 512 where the stream has as many.
  let head: [UInt8]

  /// Bytes that are looked at.
  private static let length = 512

  init(_ source: any ByteStream) throws(Diagnostic) {
    self.source = source
    var first: [UInt8] = []
    while first.count < LookaheadStream.length {
      let piece = try source.next()
      if piece.isEmpty { break }
      first.append(contentsOf: piece)
    }
    held = UnsafeMutableRawBufferPointer.allocate(byteCount: first.count, alignment: 16)
    held.copyBytes(from: first)
    head = Array(first.prefix(LookaheadStream.length))
  }

  deinit { held.deallocate() }

  func next() throws(Diagnostic) -> UnsafeRawBufferPointer {
    if isFirst, !held.isEmpty {
      isFirst = false
      return UnsafeRawBufferPointer(held)
    }
    return try source.next()
  }
}
