package import CanvassCompute
package import CanvassSurvey

extension Workers {
  /// `map` for tasks whose only errors are diagnostics; the error of the lowest index is thrown.
  package func diagnosing<Output: Sendable>(
    _ count: Int, _ body: @Sendable (Int) throws(Diagnostic) -> Output
  ) throws(Diagnostic) -> [Output] {
    do {
      return try map(count) { index in try body(index) }
    } catch let error as Diagnostic {
      throw error
    } catch {
      preconditionFailure("a task threw something other than a diagnostic: \(error)")
    }
  }
}
