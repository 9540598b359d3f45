/// The text of `internal/check.do`; words between @ signs are filled in.
enum CheckScriptStata {
  static let template = #"""
    * Recomputes the leaves of this run in Stata 14 or later, from the cleaned data beside this file.
    *   cd to this folder, then: do check.do
    * Lists every unit and leaf whose value or standard error differs by more than 1e-6, relatively. Breakdowns, totals, nodes
    * above the leaves and standard errors under unequal probabilities without replacement are recomputed by check.R. The data
    * hold respondents: this folder is not for publication.
    version 14
    clear all
    set more off
    import delimited using check-expected.csv, clear encoding("utf-8") stringcols(1 2 3)
    keep if domain == ""
    keep unit node score se se_method
    tempfile expected
    save `expected'
    import delimited using check-nodes.csv, clear encoding("utf-8") stringcols(1)
    keep if kind == "leaf"
    keep node column slope intercept
    tempfile leaves
    save `leaves'
    local count = _N
    forvalues k = 1/`count' {
        local node`k' = node[`k']
        local column`k' = column[`k']
        local slope`k' = slope[`k']
        local intercept`k' = intercept[`k']
    }
    import delimited using check-data.csv, clear encoding("utf-8") stringcols(1) asdouble
    svyset @SVYSET@, singleunit(@SINGLEUNIT@)
    tempname results
    tempfile recomputed
    postfile `results' str80 unit str80 node double value double error using `recomputed'
    levelsof unit, local(units)
    forvalues k = 1/`count' {
        local y y`column`k''
        capture confirm variable x`column`k''
        local isratio = _rc == 0
        foreach u of local units {
            capture drop inside
            generate byte inside = unit == "`u'"
            @ESTIMATE@
        }
    }
    postclose `results'
    use `recomputed', clear
    merge 1:1 unit node using `expected', keep(match) nogenerate
    generate double difference = abs(value - score) / max(abs(score), 1e-12)
    generate double difference_se = cond(@ERRORS@ & se_method == "linearization", abs(error - se) / max(abs(se), 1e-12), 0)
    summarize difference difference_se
    list unit node score value se error if difference > 1e-6 | (difference_se > 1e-6 & !missing(difference_se))

    """#

  /// Estimates one leaf in one unit where no calibration changes the standard error.
  static let direct = #"""
    if `isratio' {
                capture svy, subpop(inside): ratio (r: `y' / x`column`k'')
            }
            else {
                capture svy, subpop(inside): mean `y'
            }
            if _rc == 0 {
                matrix b = e(b)
                matrix V = e(V)
                post `results' ("`u'") ("`node`k''") (`intercept`k'' + `slope`k'' * b[1,1]) ///
                    (abs(`slope`k'') * sqrt(V[1,1]))
            }
    """#

  /// Estimates one leaf in one unit by its linearized value, residualized on the calibrations.
  static let calibrated = #"""
    capture drop one z
            generate byte one = 1
            if `isratio' replace one = x`column`k''
            quietly summarize `y' [aw = weight] if inside & weight > 0 & !missing(`y', one)
            if r(N) > 0 {
                quietly generate double z = weight * `y' * (inside & !missing(`y', one))
                quietly replace z = 0 if missing(z)
                quietly summarize z
                scalar above = r(sum)
                quietly replace z = weight * one * (inside & !missing(`y', one))
                quietly replace z = 0 if missing(z)
                quietly summarize z
                scalar below = r(sum)
                scalar R = above / below
                quietly replace z = (`y' - R * one) / below * (inside & !missing(`y', one))
                quietly replace z = 0 if missing(z)
                quietly replace z = weight * z
    @RESIDUALS@
                quietly replace z = z / weight if weight > 0
                capture svy: total z
                if _rc == 0 {
                    matrix V = e(V)
                    post `results' ("`u'") ("`node`k''") (`intercept`k'' + `slope`k'' * R) ///
                        (abs(`slope`k'') * sqrt(V[1,1]))
                }
            }
    """#
}
