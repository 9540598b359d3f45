import CZlib
import CanvassSurvey
import Glibc

/// Bytes in pieces; a piece is valid until the next call, and an empty one is the end.
protocol ByteStream: AnyObject {
  /// The next piece.
  func next() throws(Diagnostic) -> UnsafeRawBufferPointer
}

/// The bytes of a drop as they are on disk.
final class FileStream: ByteStream {
  private let drop: DropBytes
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
  private(set) var bytesRead = 0

  init(_ drop: DropBytes) { self.drop = drop }

  deinit { buffer.deallocate() }

  func next() throws(Diagnostic) -> UnsafeRawBufferPointer {
    let count = try drop.read(into: buffer, at: bytesRead)
    bytesRead += count
    return UnsafeRawBufferPointer(rebasing: buffer[..<count])
  }
}

/// The bytes that one gzip member holds, its checksum and length verified at the end.
final class GzipStream: ByteStream {
  private let source: FileStream
  private let path: String
  private var state = z_stream()
  private var ended = false
  private let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: 1 << 18)
  private(set) var bytesOut = 0

  init(_ source: FileStream, path: String) throws(Diagnostic) {
    self.source = source
    self.path = path
    // 15 bits of window, and 16 for gzip with its trailer.
    let code = inflateInit2_(&state, 31, zlibVersion(), Int32(MemoryLayout<z_stream>.size))
    if code != Z_OK { throw Diagnostic(.inputOutput, "zlib cannot start", at: path) }
  }

  deinit {
    inflateEnd(&state)
    buffer.deallocate()
  }

  func next() throws(Diagnostic) -> UnsafeRawBufferPointer {
    if ended { return UnsafeRawBufferPointer(start: buffer, count: 0) }
    state.next_out = buffer
    state.avail_out = 1 << 18
    while state.avail_out > 0 {
      if state.avail_in == 0 {
        let piece = try source.next()
        if piece.isEmpty {
          throw Diagnostic(
            .badData, "the gzip data end too early", at: path,
            remedy: "the file is truncated: fetch it again")
        }
        state.next_in = UnsafeMutablePointer(
          mutating: piece.baseAddress?.assumingMemoryBound(to: UInt8.self))
        state.avail_in = UInt32(piece.count)
      }
      let code = inflate(&state, Z_NO_FLUSH)
      if code == Z_STREAM_END {
        ended = true
        if state.avail_in > 0 {
          throw trailing()
        }
        if try !source.next().isEmpty { throw trailing() }
        break
      }
      if code != Z_OK && code != Z_BUF_ERROR {
        throw Diagnostic(
          .badData, "the gzip data are damaged", at: path,
          why: state.msg.map { String(cString: $0) }, remedy: "fetch the file again")
      }
    }
    let count = (1 << 18) - Int(state.avail_out)
    bytesOut += count
    return UnsafeRawBufferPointer(start: buffer, count: count)
  }

  private func trailing() -> Diagnostic {
    Diagnostic(
      .badData, "something follows the gzip data", at: path,
      why: "a second gzip member or other bytes would be lost", remedy: "pack the data again")
  }
}
