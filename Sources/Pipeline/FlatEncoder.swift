/// Bytes of Codable values for the stage cache: fields in their order without names, arrays of numbers as
/// they lie in memory.
///
/// Only the program that wrote such bytes can read them: every cache key holds the program's digest.
final class FlatWriter {
  private(set) var bytes: [UInt8] = []

  /// The bytes of a value behind `room` zeros, for what is known when they are all there.
  static func bytes(_ value: some Encodable, behind room: Int = 0) throws -> [UInt8] {
    let writer = FlatWriter()
    writer.bytes = [UInt8](repeating: 0, count: room)
    try writer.write(value)
    return writer.bytes
  }

  func write<Number: FixedWidthInteger>(number: Number) {
    withUnsafeBytes(of: number) { bytes += $0 }
  }

  func write<Element>(array: [Element]) {
    write(number: array.count)
    array.withUnsafeBytes { bytes += $0 }
  }

  func write(text: String) {
    write(array: Array(text.utf8))
  }

  func write<Value: Encodable>(_ value: Value) throws {
    if try writeSimple(value) { return }
    if let type = Value.self as? any FlatSpecial.Type {
      try type.write(value, to: self)
    } else {
      try value.encode(to: FlatEncoder(writer: self))
    }
  }

  /// Writes what needs no coding of its own; whether it did. Types are compared, not cast: an empty array
  /// of anything casts to one of numbers.
  private func writeSimple<Value>(_ value: Value) throws -> Bool {
    func isArray<Element>(of type: Element.Type) -> Bool {
      guard Value.self == [Element].self, let array = value as? [Element] else { return false }
      write(array: array)
      return true
    }
    if Value.self == Double.self, let number = value as? Double {
      write(number: number.bitPattern)
    } else if Value.self == Int.self, let number = value as? Int {
      write(number: number)
    } else if Value.self == String.self, let text = value as? String {
      write(text: text)
    } else {
      return isArray(of: Double.self) || isArray(of: Int.self) || isArray(of: UInt8.self)
        || isArray(of: Int16.self) || isArray(of: UInt16.self) || isArray(of: Int32.self)
        || isArray(of: UInt32.self) || isArray(of: UInt64.self)
    }
    return true
  }

  /// Makes room for a count that is known later, and returns where it stands.
  func reserveCount() -> Int {
    let place = bytes.count
    write(number: 0)
    return place
  }

  func setCount(_ count: Int, at place: Int) {
    withUnsafeBytes(of: count) { count in
      for (offset, byte) in count.enumerated() { bytes[place + offset] = byte }
    }
  }
}

/// Types whose own coding needs names or leaves out what is nil.
protocol FlatSpecial {
  static func write(_ value: Any, to writer: FlatWriter) throws
  static func read(from reader: FlatReader) throws -> Self
}

extension Optional: FlatSpecial where Wrapped: Codable {
  static func write(_ value: Any, to writer: FlatWriter) throws {
    let value = value as? Wrapped
    writer.write(number: UInt8(value == nil ? 0 : 1))
    if let value { try writer.write(value) }
  }

  static func read(from reader: FlatReader) throws -> Wrapped? {
    try reader.number(UInt8.self) == 0 ? nil : reader.read(Wrapped.self)
  }
}

extension Dictionary: FlatSpecial where Key: Codable, Value: Codable {
  static func write(_ value: Any, to writer: FlatWriter) throws {
    guard let dictionary = value as? [Key: Value] else { throw FlatError() }
    writer.write(number: dictionary.count)
    for (key, value) in dictionary {
      try writer.write(key)
      try writer.write(value)
    }
  }

  static func read(from reader: FlatReader) throws -> [Key: Value] {
    var dictionary: [Key: Value] = [:]
    for _ in 0..<(try reader.number(Int.self)) {
      let key = try reader.read(Key.self)
      dictionary[key] = try reader.read(Value.self)
    }
    return dictionary
  }
}

/// Bytes that are not what was written.
struct FlatError: Error {}

private struct FlatEncoder: Encoder {
  let writer: FlatWriter
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    KeyedEncodingContainer(FlatKeyed<Key>(writer: writer))
  }
  func unkeyedContainer() -> any UnkeyedEncodingContainer { FlatUnkeyed(writer: writer) }
  func singleValueContainer() -> any SingleValueEncodingContainer { FlatSingle(writer: writer) }
}

private struct FlatKeyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let writer: FlatWriter
  var codingPath: [any CodingKey] { [] }

  func encodeNil(forKey key: Key) { writer.write(number: UInt8(0)) }
  func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws { try writer.write(value) }

  private func write<Value: Encodable>(present value: Value?) throws {
    writer.write(number: UInt8(value == nil ? 0 : 1))
    if let value { try writer.write(value) }
  }
  func encodeIfPresent(_ value: Bool?, forKey key: Key) throws { try write(present: value) }
  func encodeIfPresent(_ value: String?, forKey key: Key) throws { try write(present: value) }
  func encodeIfPresent(_ value: Double?, forKey key: Key) throws { try write(present: value) }
  func encodeIfPresent(_ value: Float?, forKey key: Key) throws { try write(present: value) }
  func encodeIfPresent(_ value: Int?, forKey key: Key) throws { try write(present: value) }
  func encodeIfPresent(_ value: Int8?, forKey key: Key) throws { try write(present: value) }
  func encodeIfPresent(_ value: Int16?, forKey key: Key) throws { try write(present: value) }
  func encodeIfPresent(_ value: Int32?, forKey key: Key) throws { try write(present: value) }
  func encodeIfPresent(_ value: Int64?, forKey key: Key) throws { try write(present: value) }
  func encodeIfPresent(_ value: UInt?, forKey key: Key) throws { try write(present: value) }
  func encodeIfPresent(_ value: UInt8?, forKey key: Key) throws { try write(present: value) }
  func encodeIfPresent(_ value: UInt16?, forKey key: Key) throws { try write(present: value) }
  func encodeIfPresent(_ value: UInt32?, forKey key: Key) throws { try write(present: value) }
  func encodeIfPresent(_ value: UInt64?, forKey key: Key) throws { try write(present: value) }
  func encodeIfPresent<Value: Encodable>(_ value: Value?, forKey key: Key) throws {
    try write(present: value)
  }

  /// Only cases of enumerations ask for this: the case is known by its name.
  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> {
    writer.write(text: key.stringValue)
    return KeyedEncodingContainer(FlatKeyed<Nested>(writer: writer))
  }
  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    FlatUnkeyed(writer: writer)
  }
  func superEncoder() -> any Encoder { FlatEncoder(writer: writer) }
  func superEncoder(forKey key: Key) -> any Encoder { FlatEncoder(writer: writer) }
}

private struct FlatUnkeyed: UnkeyedEncodingContainer {
  let writer: FlatWriter
  let place: Int
  private(set) var count = 0
  var codingPath: [any CodingKey] { [] }

  init(writer: FlatWriter) {
    self.writer = writer
    place = writer.reserveCount()
  }

  private mutating func advance() {
    count += 1
    writer.setCount(count, at: place)
  }
  mutating func encodeNil() {
    advance()
    writer.write(number: UInt8(0))
  }
  mutating func encode<Value: Encodable>(_ value: Value) throws {
    advance()
    try writer.write(value)
  }
  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type
  ) -> KeyedEncodingContainer<Nested> {
    advance()
    return KeyedEncodingContainer(FlatKeyed<Nested>(writer: writer))
  }
  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    advance()
    return FlatUnkeyed(writer: writer)
  }
  mutating func superEncoder() -> any Encoder {
    advance()
    return FlatEncoder(writer: writer)
  }
}

private struct FlatSingle: SingleValueEncodingContainer {
  let writer: FlatWriter
  var codingPath: [any CodingKey] { [] }

  func encodeNil() { writer.write(number: UInt8(0)) }
  func encode(_ value: Bool) { writer.write(number: UInt8(value ? 1 : 0)) }
  func encode(_ value: String) { writer.write(text: value) }
  func encode(_ value: Double) { writer.write(number: value.bitPattern) }
  func encode(_ value: Float) { writer.write(number: value.bitPattern) }
  func encode(_ value: Int) { writer.write(number: value) }
  func encode(_ value: Int8) { writer.write(number: value) }
  func encode(_ value: Int16) { writer.write(number: value) }
  func encode(_ value: Int32) { writer.write(number: value) }
  func encode(_ value: Int64) { writer.write(number: value) }
  func encode(_ value: UInt) { writer.write(number: value) }
  func encode(_ value: UInt8) { writer.write(number: value) }
  func encode(_ value: UInt16) { writer.write(number: value) }
  func encode(_ value: UInt32) { writer.write(number: value) }
  func encode(_ value: UInt64) { writer.write(number: value) }
  func encode<Value: Encodable>(_ value: Value) throws { try writer.write(value) }
}
