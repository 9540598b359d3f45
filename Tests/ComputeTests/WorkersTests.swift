import CanvassCompute
import Synchronization
import Testing

private let counts = [0, 1, 2, 3, 5, 10]
private let workerCounts = [1, 2, 3, 8]

private struct Fault: Error, Equatable {
  let index: Int
}

@Suite("Workers") struct WorkersTests {
  @Test("fewer than one worker means one")
  func least() {
    #expect(Workers(0).count == 1)
    #expect(Workers(-3).count == 1)
    #expect(Workers(4).count == 4)
  }

  @Test("map gives results in order", arguments: counts, workerCounts)
  func map(count: Int, workers: Int) throws {
    let results = try Workers(workers).map(count) { index in index * index + 1 }
    #expect(results == (0..<count).map { $0 * $0 + 1 })
  }

  @Test("map throws the error of the lowest index", arguments: counts, workerCounts)
  func mapErrors(count: Int, workers: Int) {
    for first in 0..<count {
      #expect(throws: Fault(index: first)) {
        try Workers(workers).map(count) { index in
          if index >= first { throw Fault(index: index) }
          // Lower indices take longer, so that a later error is there first.
          return (0..<2_000).reduce(index, &+)
        }
      }
    }
  }

  @Test("map runs no more bodies at once than there are workers", arguments: workerCounts)
  func mapBound(workers: Int) throws {
    let running = Atomic<Int>(0)
    let most = Atomic<Int>(0)
    _ = try Workers(workers).map(100) { _ in
      let now = running.add(1, ordering: .sequentiallyConsistent).newValue
      most.max(now, ordering: .sequentiallyConsistent)
      _ = (0..<1_000).reduce(0, &+)
      running.subtract(1, ordering: .sequentiallyConsistent)
    }
    #expect(most.load(ordering: .sequentiallyConsistent) <= workers)
  }

  @Test("a pipeline gives results in the order of its inputs", arguments: counts, workerCounts)
  func pipeline(count: Int, workers: Int) throws {
    var next = 0
    let results = try Workers(workers).pipeline {
      () -> Int? in
      defer { next += 1 }
      return next < count ? next * 3 : nil
    } transform: { index, input in
      "\(index):\(input)"
    }
    #expect(results == (0..<count).map { "\($0):\($0 * 3)" })
  }

  @Test("a pipeline throws the first failure in input order", arguments: counts, workerCounts)
  func pipelineErrors(count: Int, workers: Int) {
    for first in 0..<count {
      var next = 0
      #expect(throws: Fault(index: first)) {
        _ = try Workers(workers).pipeline {
          () -> Int? in
          defer { next += 1 }
          return next < count ? next : nil
        } transform: { index, input in
          if input >= first { throw Fault(index: index) }
          return (0..<2_000).reduce(input, &+)
        }
      }
      #expect(next >= first + 1)
    }
  }

  @Test("a producer's failure comes after those of the inputs before it", arguments: workerCounts)
  func producerErrors(workers: Int) {
    for failing in [nil, 2] as [Int?] {
      var next = 0
      #expect(throws: Fault(index: failing ?? 5)) {
        _ = try Workers(workers).pipeline {
          () -> Int? in
          defer { next += 1 }
          if next == 5 { throw Fault(index: 5) }
          return next
        } transform: { index, _ in
          if index == failing { throw Fault(index: index) }
          return index
        }
      }
    }
  }

  @Test("a failed pipeline asks its producer for no more than the bound", arguments: [2, 3, 8])
  func stops(workers: Int) {
    var produced = 0
    #expect(throws: Fault.self) {
      _ = try Workers(workers).pipeline {
        () -> Int? in
        produced += 1
        return produced
      } transform: { (index: Int, _: Int) -> Int in
        throw Fault(index: index)
      }
    }
    // The first failure frees its place only after it is seen.
    #expect(produced <= 2 * workers)
  }

  @Test("no more inputs exist at once than twice the workers", arguments: [2, 3, 8])
  func pipelineBound(workers: Int) throws {
    let alive = Atomic<Int>(0)
    let most = Atomic<Int>(0)
    let running = Atomic<Int>(0)
    let mostRunning = Atomic<Int>(0)
    var next = 0
    _ = try Workers(workers).pipeline {
      () -> Int? in
      next += 1
      if next > 200 { return nil }
      most.max(
        alive.add(1, ordering: .sequentiallyConsistent).newValue,
        ordering: .sequentiallyConsistent)
      return next
    } transform: { _, input in
      mostRunning.max(
        running.add(1, ordering: .sequentiallyConsistent).newValue,
        ordering: .sequentiallyConsistent)
      _ = (0..<5_000).reduce(input, &+)
      running.subtract(1, ordering: .sequentiallyConsistent)
      alive.subtract(1, ordering: .sequentiallyConsistent)
    }
    #expect(most.load(ordering: .sequentiallyConsistent) <= 2 * workers)
    #expect(mostRunning.load(ordering: .sequentiallyConsistent) <= workers)
  }

  @Test("a pipeline may run inside the body of a map")
  func nested() throws {
    let sums = try Workers(3).map(8) { outer in
      var next = 0
      return try Workers(2).pipeline {
        () -> Int? in
        next += 1
        return next <= 20 ? next : nil
      } transform: { _, input in
        input * outer
      }.reduce(0, +)
    }
    #expect(sums == (0..<8).map { 210 * $0 })
  }
}
