import CanvassScoring
import CanvassSurvey
import Testing

@Suite("An index tree")
struct IndexTreeTests {
  @Test("a tree lists parts before what is made of them, at any depth")
  func bottomUp() throws {
    let tree = try IndexTree(
      [
        composite("top"), composite("middle", "top"), composite("low", "middle"),
        leaf("a", "low"), leaf("b", "low"),
      ], scale: 1...10)
    let order = tree.bottomUp.map { tree.nodes[$0].id }
    #expect(order == ["a", "b", "low", "middle", "top"])
    #expect(tree.leaves(of: 0) == [3, 4])
  }

  @Test(
    "a wrong tree is an error that names the node",
    arguments: [
      ([leaf("a", "nowhere")], "nowhere"),
      ([composite("a")], "neither a variable nor parts"),
      ([leaf("a", nil), leaf("a", nil)], "described twice"),
      ([leaf("a", nil), leaf("b", "a")], "which is a leaf"),
      ([composite("top"), leaf("a", "top", weight: 2)], "plain mean"),
      ([composite("x", "y"), composite("y", "x")], "part of itself"),
      ([composite("top"), leaf("a", "top", scored: false)], "scored"),
      ([leaf("a", nil, low: 3, high: 3)], "not below the high"),
      (
        [composite("top", averageFirst: .respondents), composite("m", "top"), leaf("a", "m")],
        "averages respondents first"
      ),
      (
        [composite("top", combine: .sum, averageFirst: .respondents), leaf("a", "top")],
        "averages respondents first"
      ),
      (
        [composite("top", averageFirst: .respondents), leaf("a", "top", constant: 1)],
        "averages respondents first"
      ),
      (
        [
          composite("top", combine: .weighted), leaf("a", "top", weight: 0),
          leaf("b", "top", weight: 0),
        ], "every part of 'top' has weight 0"
      ),
      (
        [composite("top", combine: .sum), leaf("a", "top", weight: 0)],
        "every part of 'top' has weight 0"
      ),
      (
        [composite("top"), twice(leaf("a", "top"), under: "top")], "'a' is listed twice under 'top'"
      ),
    ])
  func wrong(nodes: [IndexNode], message: String) {
    let error = #expect(throws: Diagnostic.self) { try IndexTree(nodes, scale: 1...10) }
    #expect(error?.kind == .badPipeline)
    #expect(error?.place?.hasPrefix("node ") == true)
    #expect(error?.description.contains(message) == true)
  }

  @Test("weights of a sum may cancel each other, and a part may have weight 0 beside others")
  func weightsThatStay() throws {
    _ = try IndexTree(
      [
        composite("top", combine: .sum), leaf("a", "top", weight: 1), leaf("b", "top", weight: -1),
      ], scale: 1...10)
    _ = try IndexTree(
      [
        composite("top", combine: .weighted), leaf("a", "top", weight: 0),
        leaf("b", "top", weight: 2),
      ], scale: 1...10)
  }
}

/// The node listed again under a parent.
private func twice(_ node: IndexNode, under parent: String) -> IndexNode {
  var node = node
  node.memberships.append(IndexNode.Membership(parent: parent))
  return node
}
