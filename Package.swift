// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// A module of the house: the target carries the prefix, its folder keeps the short name.
func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(
    name: "Canvass" + name, dependencies: dependencies, path: "Sources/" + name,
    swiftSettings: settings)
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency] = [], excluding data: [String] = []
) -> Target {
  .testTarget(
    name: name + "Tests",
    dependencies: [.target(name: "Canvass" + name)] + dependencies,
    path: "Tests/\(name)Tests", exclude: data, swiftSettings: settings)
}

let realModule = Target.Dependency.product(name: "RealModule", package: "swift-numerics")

let package = Package(
  name: "canvass",
  products: [
    .executable(name: "canvass", targets: ["CanvassCommand"]),
    .library(name: "Canvass", targets: ["Canvass"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(name: "CArchive", path: "Sources/CArchive"),
    .systemLibrary(name: "CZlib", path: "Sources/CZlib"),
    .systemLibrary(name: "CNettle", path: "Sources/CNettle"),
    .systemLibrary(name: "CReadStat", path: "Sources/CReadStat"),
    .systemLibrary(name: "CMemoryFile", path: "Sources/CMemoryFile"),
    .systemLibrary(name: "CXlsxWriter", path: "Sources/CXlsxWriter"),

    room("Compute", [realModule]),
    room("Survey", ["CanvassCompute"]),
    room(
      "Ingestion",
      [
        "CanvassSurvey", "CanvassCompute", "CArchive", "CZlib", "CNettle", "CReadStat",
        "CMemoryFile",
      ]),
    room("Cleaning", ["CanvassSurvey", "CanvassCompute", realModule]),
    room("Weighting", ["CanvassSurvey", "CanvassCompute", realModule]),
    room("Estimation", ["CanvassWeighting", "CanvassSurvey", "CanvassCompute", realModule]),
    room("Scoring", ["CanvassEstimation", "CanvassSurvey", "CanvassCompute", realModule]),
    room("Simulation", ["CanvassSurvey", "CanvassCompute", realModule]),
    room(
      "Publishing",
      [
        "CanvassScoring", "CanvassEstimation", "CanvassSurvey", "CanvassCompute", "CNettle",
        "CMemoryFile", "CXlsxWriter",
      ]),
    room(
      "Pipeline",
      [
        "CanvassPublishing", "CanvassScoring", "CanvassEstimation", "CanvassWeighting",
        "CanvassCleaning", "CanvassIngestion", "CanvassSimulation", "CanvassSurvey",
        "CanvassCompute", "CArchive", "CZlib", .product(name: "Yams", package: "Yams"),
      ]),
    .executableTarget(
      name: "CanvassCommand",
      dependencies: [
        "CanvassPipeline", "CanvassPublishing", "CanvassSurvey", "CanvassCompute",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Sources/CanvassCommand", swiftSettings: settings),
    .target(
      name: "Canvass",
      dependencies: [
        "CanvassCompute", "CanvassSurvey", "CanvassCleaning", "CanvassWeighting",
        "CanvassEstimation", "CanvassScoring",
      ],
      path: "Sources/Canvass", swiftSettings: settings),
    .executableTarget(
      name: "canvass-benchmarks",
      dependencies: [
        "CanvassPipeline", "CanvassPublishing", "CanvassEstimation", "CanvassWeighting",
        "CanvassCompute", "CanvassSurvey",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Benchmarks", exclude: ["peers.py"], swiftSettings: settings),
    .executableTarget(
      name: "canvass-coverage",
      dependencies: [
        "CanvassPipeline", "CanvassScoring", "CanvassEstimation", "CanvassSimulation",
        "CanvassWeighting", "CanvassSurvey", "CanvassCompute",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Coverage", swiftSettings: settings),

    // What several test targets share; no product holds it.
    .target(
      name: "CanvassTestSupport", dependencies: ["CArchive"], path: "Tests/Support",
      swiftSettings: settings),
    .testTarget(
      name: "LibraryTests", dependencies: ["Canvass"], path: "Tests/LibraryTests",
      swiftSettings: settings),
    tests("Command", ["CanvassTestSupport", .product(name: "Yams", package: "Yams")]),
    tests("Compute"),
    tests("Survey", ["CanvassCompute"]),
    tests("Ingestion", ["CanvassSurvey", "CanvassCompute", "CZlib", "CanvassTestSupport"]),
    tests("Cleaning", ["CanvassSurvey", "CanvassCompute"]),
    tests("Weighting", ["CanvassSurvey", "CanvassCompute"]),
    tests(
      "Estimation", ["CanvassWeighting", "CanvassSurvey", "CanvassCompute"], excluding: ["Cases"]),
    tests("Scoring", ["CanvassEstimation", "CanvassWeighting", "CanvassSurvey", "CanvassCompute"]),
    tests("Simulation", ["CanvassSurvey", "CanvassCompute"]),
    tests(
      "Publishing", ["CanvassScoring", "CanvassEstimation", "CanvassSurvey", "CanvassCompute"]),
    tests(
      "Pipeline",
      [
        "CanvassPublishing", "CanvassCleaning", "CanvassSimulation", "CanvassSurvey",
        "CanvassCompute",
        "CanvassIngestion", "CanvassTestSupport",
      ]),
  ]
)
