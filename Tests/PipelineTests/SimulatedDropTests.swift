import CanvassCompute
import CanvassPipeline
import Foundation
import Testing

/// The committed demonstration is what its committed specification makes.
@Suite("The demonstration drop")
struct SimulatedDropTests {
  static let folder = ConformanceTests.repository.appending(path: "Datasets/papi-demo")

  @Test("comes out of its specification byte for byte, with its margins and its truth")
  func bytes() throws {
    let output = FileManager.default.temporaryDirectory.appending(path: "canvass-\(UUID())")
    defer { try? FileManager.default.removeItem(at: output) }
    _ = try SimulationRun.run(
      SimulatedDropTests.folder.appending(path: "simulation.yaml").path, output: output.path,
      sampleSeed: nil, workers: Workers(3), progress: { _ in })
    for name in ["drop.zip", "population.csv", "truth.csv"] {
      let made = try Data(contentsOf: output.appending(path: name))
      let committed = try Data(contentsOf: SimulatedDropTests.folder.appending(path: name))
      #expect(made == committed, "\(name): \(made.count) and \(committed.count) bytes")
    }
  }

  @Test("is smaller than 3 MB")
  func size() throws {
    let drop = try Data(contentsOf: SimulatedDropTests.folder.appending(path: "drop.zip"))
    #expect(drop.count < 3_000_000)
  }
}
