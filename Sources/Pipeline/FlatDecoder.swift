/// Reads what ``FlatWriter`` wrote.
final class FlatReader {
  private let bytes: [UInt8]
  private var position: Int

  init(_ bytes: [UInt8], from position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  /// The value that fills the bytes from `position` to their end.
  ///
  /// - Throws: where they are cut, longer, or another type's.
  static func value<Value: Decodable>(
    _ type: Value.Type, _ bytes: [UInt8], from position: Int
  ) throws -> Value {
    let reader = FlatReader(bytes, from: position)
    let value = try reader.read(type)
    guard reader.position == bytes.count else { throw FlatError() }
    return value
  }

  func number<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
    let size = MemoryLayout<Number>.size
    guard bytes.count - position >= size else { throw FlatError() }
    defer { position += size }
    return bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: position, as: Number.self) }
  }

  func array<Element: BitwiseCopyable>(of type: Element.Type) throws -> [Element] {
    let count = try number(Int.self)
    let stride = MemoryLayout<Element>.stride
    guard count >= 0, count <= (bytes.count - position) / stride else { throw FlatError() }
    let start = position
    position += count * stride
    return [Element](unsafeUninitializedCapacity: count) { buffer, filled in
      bytes.withUnsafeBytes { source in
        UnsafeMutableRawBufferPointer(buffer).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: source[start..<start + count * stride]))
      }
      filled = count
    }
  }

  func text() throws -> String {
    String(decoding: try array(of: UInt8.self), as: UTF8.self)
  }

  func read<Value: Decodable>(_ type: Value.Type) throws -> Value {
    if let found = try readSimple(type) {
      guard let value = found as? Value else { throw FlatError() }
      return value
    }
    return try Value(from: FlatDecoder(reader: self))
  }

  private func readSimple<Value>(_ type: Value.Type) throws -> Any? {
    if type == Double.self { return Double(bitPattern: try number(UInt64.self)) }
    if type == Int.self { return try number(Int.self) }
    if type == String.self { return try text() }
    if type == [Double].self { return try array(of: Double.self) }
    if type == [Int].self { return try array(of: Int.self) }
    if type == [UInt8].self { return try array(of: UInt8.self) }
    if type == [Int16].self { return try array(of: Int16.self) }
    if type == [UInt16].self { return try array(of: UInt16.self) }
    if type == [Int32].self { return try array(of: Int32.self) }
    if type == [UInt32].self { return try array(of: UInt32.self) }
    if type == [UInt64].self { return try array(of: UInt64.self) }
    guard let special = type as? any FlatSpecial.Type else { return nil }
    return try special.read(from: self)
  }
}

private struct FlatDecoder: Decoder {
  let reader: FlatReader
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(FlatKeyed<Key>(reader: reader))
  }
  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    FlatUnkeyed(reader: reader, count: try reader.number(Int.self))
  }
  func singleValueContainer() -> any SingleValueDecodingContainer { FlatSingle(reader: reader) }
}

private struct FlatKeyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let reader: FlatReader
  var codingPath: [any CodingKey] { [] }

  /// Only enumerations ask for this, once: the name of the case.
  var allKeys: [Key] { (try? reader.text()).flatMap(Key.init(stringValue:)).map { [$0] } ?? [] }
  func contains(_ key: Key) -> Bool { true }
  func decodeNil(forKey key: Key) throws -> Bool { try reader.number(UInt8.self) == 0 }
  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try reader.read(type)
  }
  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedDecodingContainer<Nested> {
    KeyedDecodingContainer(FlatKeyed<Nested>(reader: reader))
  }
  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    FlatUnkeyed(reader: reader, count: try reader.number(Int.self))
  }
  func superDecoder() -> any Decoder { FlatDecoder(reader: reader) }
  func superDecoder(forKey key: Key) -> any Decoder { FlatDecoder(reader: reader) }
}

private struct FlatUnkeyed: UnkeyedDecodingContainer {
  let reader: FlatReader
  let count: Int?
  private(set) var currentIndex = 0
  var codingPath: [any CodingKey] { [] }
  var isAtEnd: Bool { currentIndex >= count ?? 0 }

  init(reader: FlatReader, count: Int) {
    self.reader = reader
    self.count = count
  }

  private mutating func advance() throws {
    guard !isAtEnd else { throw FlatError() }
    currentIndex += 1
  }
  mutating func decodeNil() throws -> Bool {
    throw FlatError()
  }
  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try advance()
    return try reader.read(type)
  }
  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type
  ) throws -> KeyedDecodingContainer<Nested> {
    try advance()
    return KeyedDecodingContainer(FlatKeyed<Nested>(reader: reader))
  }
  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try advance()
    return FlatUnkeyed(reader: reader, count: try reader.number(Int.self))
  }
  mutating func superDecoder() throws -> any Decoder {
    try advance()
    return FlatDecoder(reader: reader)
  }
}

private struct FlatSingle: SingleValueDecodingContainer {
  let reader: FlatReader
  var codingPath: [any CodingKey] { [] }

  func decodeNil() -> Bool { false }
  func decode(_ type: Bool.Type) throws -> Bool { try reader.number(UInt8.self) == 1 }
  func decode(_ type: String.Type) throws -> String { try reader.text() }
  func decode(_ type: Double.Type) throws -> Double {
    Double(bitPattern: try reader.number(UInt64.self))
  }
  func decode(_ type: Float.Type) throws -> Float {
    Float(bitPattern: try reader.number(UInt32.self))
  }
  func decode(_ type: Int.Type) throws -> Int { try reader.number(type) }
  func decode(_ type: Int8.Type) throws -> Int8 { try reader.number(type) }
  func decode(_ type: Int16.Type) throws -> Int16 { try reader.number(type) }
  func decode(_ type: Int32.Type) throws -> Int32 { try reader.number(type) }
  func decode(_ type: Int64.Type) throws -> Int64 { try reader.number(type) }
  func decode(_ type: UInt.Type) throws -> UInt { try reader.number(type) }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try reader.number(type) }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try reader.number(type) }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try reader.number(type) }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try reader.number(type) }
  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try reader.read(type) }
}
