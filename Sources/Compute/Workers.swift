import Dispatch
import Synchronization

/// How many tasks may run at once; results never depend on it.
public struct Workers: Sendable {
  /// Number of tasks that run at the same time, at least 1.
  public let count: Int

  /// Workers on `count` threads; values below 1 mean 1.
  public init(_ count: Int) {
    self.count = max(1, count)
  }

  /// Applies `body` to 0 ..< `count` and returns the results in that order, whatever the threads did.
  ///
  /// If several calls throw, the error of the lowest index is thrown.
  public func map<Output: Sendable>(
    _ count: Int, _ body: @Sendable (Int) throws -> Output
  ) throws -> [Output] {
    let tasks = min(self.count, count)
    if tasks <= 1 { return try (0..<count).map(body) }
    let next = Atomic<Int>(0)
    let slots = Mutex<[Result<Output, any Error>?]>(Array(repeating: nil, count: count))
    DispatchQueue.concurrentPerform(iterations: tasks) { _ in
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        if index >= count { return }
        let result = Result { try body(index) }
        slots.withLock { $0[index] = result }
      }
    }
    return try slots.withLock { results in
      try results.map { result in
        guard let result else { preconditionFailure("a task left no result") }
        return try result.get()
      }
    }
  }

  /// Runs a producer on the calling thread and `transform` on the workers, results in order.
  ///
  /// At most `2 × count` inputs wait or are being worked on, which bounds the memory however fast the
  /// producer is. The producer ends by returning nil. The first failure in input order is thrown; the
  /// producer is then not asked for more.
  public func pipeline<Input: Sendable, Output: Sendable>(
    produce: () throws -> Input?, transform: @escaping @Sendable (Int, Input) throws -> Output
  ) throws -> [Output] {
    if count == 1 {
      var results: [Output] = []
      while let input = try produce() { results.append(try transform(results.count, input)) }
      return results
    }
    let room = DispatchSemaphore(value: 2 * count)
    let state = PipelineState<Input, Output>()
    let queue = DispatchQueue(label: "canvass.pipeline", attributes: .concurrent)
    let group = DispatchGroup()
    for _ in 0..<count {
      queue.async(group: group) {
        while let (index, input) = state.take() {
          state.store(Result { try transform(index, input) }, at: index)
          room.signal()
        }
      }
    }
    var producerFailure: (any Error)?
    while true {
      // The place is taken before the input exists, so that the bound counts every input.
      room.wait()
      guard !state.hasFailed else { break }
      do {
        guard let input = try produce() else { break }
        state.hand(input)
      } catch {
        producerFailure = error
        break
      }
    }
    room.signal()
    state.close(tasks: count)
    group.wait()
    let results = try state.results()
    if let producerFailure { throw producerFailure }
    return results
  }
}

/// Inputs that wait and results by index, shared between the tasks of a pipeline.
private final class PipelineState<Input: Sendable, Output: Sendable>: Sendable {
  private struct Waiting {
    var inputs: [(index: Int, input: Input)] = []
    var count = 0
  }

  private let waiting = Mutex(Waiting())
  private let arrived = DispatchSemaphore(value: 0)
  private let slots = Mutex<[Result<Output, any Error>?]>([])
  private let failed = Atomic<Bool>(false)

  var hasFailed: Bool { failed.load(ordering: .relaxed) }

  func hand(_ input: Input) {
    slots.withLock { $0.append(nil) }
    waiting.withLock { waiting in
      waiting.inputs.append((waiting.count, input))
      waiting.count += 1
    }
    arrived.signal()
  }

  /// Wakes every task once more; those that find nothing end.
  func close(tasks: Int) {
    for _ in 0..<tasks { arrived.signal() }
  }

  /// The oldest input, or nil when the producer has ended and none is left.
  func take() -> (index: Int, input: Input)? {
    arrived.wait()
    return waiting.withLock { $0.inputs.isEmpty ? nil : $0.inputs.removeFirst() }
  }

  func store(_ result: Result<Output, any Error>, at index: Int) {
    if case .failure = result { failed.store(true, ordering: .relaxed) }
    slots.withLock { $0[index] = result }
  }

  func results() throws -> [Output] {
    try slots.withLock { results in
      try results.map { result in
        guard let result else { preconditionFailure("a task left no result") }
        return try result.get()
      }
    }
  }
}
