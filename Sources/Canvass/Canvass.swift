@_exported public import CanvassCompute
@_exported public import CanvassSurvey
@_exported public import CanvassCleaning
@_exported public import CanvassWeighting
@_exported public import CanvassEstimation
@_exported public import CanvassScoring
