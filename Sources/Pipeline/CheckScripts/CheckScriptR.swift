/// The text of `internal/check.R`; words between @ signs are filled in.
enum CheckScriptR {
  static let template = #"""
    # Recomputes the scores and standard errors of this run in R, from the cleaned data beside this file.
    #   Rscript check.R
    # Needs R with the package survey. Ends with status 1 if a number differs by more than 1e-8, relative to the
    # largest of its node. The data hold respondents: this folder is not for publication.
    suppressMessages(library(survey))
    here <- dirname(sub("--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1]))
    if (is.na(here)) here <- "."
    table <- function(name) read.csv(file.path(here, name), colClasses = c(unit = "character"),
                                     na.strings = "", stringsAsFactors = FALSE, encoding = "UTF-8")
    plain <- function(name) read.csv(file.path(here, name), na.strings = "", stringsAsFactors = FALSE,
                                     colClasses = c(node = "character"), encoding = "UTF-8")
    d <- table("check-data.csv")
    nodes <- plain("check-nodes.csv")
    parts <- plain("check-parts.csv")
    expected <- table("check-expected.csv")
    expected$domain[is.na(expected$domain)] <- ""
    options(survey.lonely.psu = "@LONELY@", survey.adjust.domain.lonely = @LONELY_IN_DOMAINS@)

    # Standard errors of the totals of c, which holds the weights already: hence rows that weigh 1. Residuals on a
    # calibration reach rows whose final weight is 0 (nonrespondents of a later step), and those count too.
    d$one <- 1
    pps <- "@PPS@"
    if (pps == "") {
      stages <- grep("^stratum[0-9]+$", names(d), value = TRUE)
      sampling <- list(ids = reformulate(sub("stratum", "unit", stages)), strata = reformulate(stages),
                       weights = ~one, nest = TRUE, data = d)
      if ("population1" %in% names(d))
        sampling$fpc <- reformulate(grep("^population[0-9]+$", names(d), value = TRUE))
      design <- do.call(svydesign, sampling)
    } else {
      units <- d[!duplicated(d$unit1), ]
      units <- units[order(units$unit1), c("unit1", "stratum1", "probability1")]
      sampling <- list(ids = ~1, strata = ~stratum1, fpc = ~probability1, data = units)
      sampling$pps <- switch(pps, hartley_rao = HR(), brewer = "brewer", overton = "overton",
                             joint = ppsmat(as.matrix(read.csv(file.path(here, "check-joint.csv")))))
      if (pps != "brewer") sampling$variance <- "@ESTIMATOR@"
      design <- do.call(svydesign, sampling)
    }
    # Where a rule for lone units asks in which strata a domain is present, the design is the domain's own.
    asks <- @ASKS@
    errors_of <- function(c, present) {
      if (pps != "") {
        sums <- rowsum(c, factor(d$unit1, levels = units$unit1))
        return(as.numeric(SE(svytotal(sums * units$probability1, design))))
      }
      if (!asks) return(as.numeric(SE(svytotal(c, design))))
      se <- rep(NA_real_, ncol(c))
      alike <- apply(present, 2, function(rows) paste(which(rows), collapse = " "))
      for (key in unique(alike)) {
        rows <- present[, match(key, alike)]
        if (any(rows)) se[alike == key] <-
          as.numeric(SE(svytotal(c[rows, alike == key, drop = FALSE], design[rows, ])))
      }
      se
    }

    # A node's value in a domain, the linearized value z of every row, so that the estimate is a constant
    # plus the weighted total of z, and the rows that it rests on.
    ratio <- function(y, x, inside) {
      ok <- inside & !is.na(y) & !is.na(x) & d$weight != 0
      if (!any(ok)) return(NULL)
      below <- sum(d$weight[ok] * x[ok])
      if (below == 0) return(NULL)
      value <- sum(d$weight[ok] * y[ok]) / below
      z <- numeric(nrow(d))
      z[ok] <- (y[ok] - value * x[ok]) / below
      list(value = value, z = z, rows = ok)
    }
    total <- function(y, inside) {
      ok <- inside & !is.na(y) & d$weight != 0
      if (!any(ok)) return(NULL)
      list(value = sum(d$weight[ok] * y[ok]), z = ifelse(ok, y, 0), rows = ok)
    }
    line <- function(estimate, slope, intercept)
      if (!is.null(estimate))
        list(value = intercept + slope * estimate$value, z = slope * estimate$z, rows = estimate$rows)
    scored <- function(inside) {
      found <- vector("list", nrow(nodes))
      names(found) <- nodes$node
      for (k in seq_len(nrow(nodes))) {
        n <- nodes[k, ]
        if (n$kind == "not expressed") next
        if (n$kind == "constant") {
          found[[n$node]] <- list(value = n$constant, z = numeric(nrow(d)),
                                  rows = logical(nrow(d)))
          next
        }
        below <- parts[parts$node == n$node, ]
        if (n$kind == "leaf") {
          x <- paste0("x", n$column)
          estimate <- ratio(d[[paste0("y", n$column)]], if (x %in% names(d)) d[[x]] else rep(1, nrow(d)),
                            inside)
        } else if (n$kind == "total") {
          estimate <- total(d[[paste0("y", n$column)]], inside)
        } else if (n$kind == "respondents") {
          items <- sapply(below$part, function(p) {
            leaf <- nodes[nodes$node == p, ]
            leaf$intercept + leaf$slope * d[[paste0("y", leaf$column)]]
          })
          estimate <- ratio(rowMeans(items, na.rm = TRUE), rep(1, nrow(d)), inside)
          estimate <- line(estimate, n$multiplier, 0)
        } else {
          present <- !sapply(below$part, function(p) is.null(found[[p]]))
          counted <- if (n$missing == "keep") rep(TRUE, nrow(below)) else present
          if (!any(present) || (n$missing == "blank" && !all(present))) next
          divisor <- if (is.na(n$divisor)) sum(below$weight[counted]) else n$divisor
          own <- found[below$part[present]]
          w <- below$weight[present]
          values <- sapply(own, `[[`, "value")
          z <- sapply(own, `[[`, "z")
          if (n$combine %in% c("mean", "weighted")) {
            estimate <- list(value = sum(w * values) / divisor, z = drop(z %*% w) / divisor)
          } else if (n$combine == "sum") {
            estimate <- list(value = sum(w * values), z = drop(z %*% w))
          } else if (n$combine == "geometric") {
            value <- exp(sum(w * log(values)) / divisor)
            estimate <- list(value = value, z = drop(z %*% (w / values)) * value / divisor)
          } else {
            value <- divisor / sum(w / values)
            estimate <- list(value = value, z = drop(z %*% (w / values^2)) * value^2 / divisor)
          }
          estimate$rows <- Reduce(`|`, lapply(own, `[[`, "rows"))
          estimate <- line(estimate, n$multiplier, 0)
        }
        if (n$kind != "respondents") estimate <- line(estimate, n$slope, n$intercept)
        if (!is.null(estimate)) found[[n$node]] <- estimate
      }
      found[!sapply(found, is.null)]
    }

    # Residuals on the calibrations, the last one first; c is w z.
    rules <- c(@RULES@)
    steps <- rev(seq_len(sum(grepl("^calibration[0-9]+_group$", names(d)))))
    entries <- lapply(seq_along(steps), function(s)
      grep(paste0("^calibration", s, "_column[0-9]+$"), names(d), value = TRUE))
    auxiliary <- lapply(seq_along(steps), function(s) {
      column <- function(what) d[[paste0("calibration", s, "_", what)]]
      group <- column("group")
      lapply(split(which(!is.na(group)), group[!is.na(group)]), function(rows) {
        X <- matrix(0, length(rows), 1 + max(unlist(d[rows, entries[[s]]])))
        for (e in entries[[s]]) {
          v <- sub("_column", "_value", e)
          at <- cbind(seq_along(rows), 1 + d[[e]][rows])
          X[at] <- X[at] + if (v %in% names(d)) d[[v]][rows] else 1
        }
        list(rows = rows, X = X)
      })
    })
    residual <- function(c) {
      for (s in steps) {
        exit <- d[[paste0("calibration", s, "_exit")]]
        q <- d[[paste0("calibration", s, "_regression")]]
        for (group in auxiliary[[s]]) {
          if (all(c[group$rows, ] == 0)) next
          rows <- group$rows[exit[group$rows] > 0]
          X <- group$X[exit[group$rows] > 0, , drop = FALSE]
          root <- sqrt(q[rows])
          e <- c[rows, , drop = FALSE] / exit[rows]
          if (rules[s] == "calibrate") {
            e <- qr.resid(qr(X * root), e * root) / root
          } else {
            for (sweep in 1:10) for (name in entries[[s]])
              e <- apply(e, 2, function(v) v - ave(v, d[[name]][rows]))
          }
          c[rows, ] <- exit[rows] * e
        }
      }
      c
    }

    units_compared <- c("national:survey", unique(d$unit))
    over_units <- sum(!expected$unit %in% units_compared)
    expected <- expected[expected$unit %in% units_compared, ]
    labels <- d[grep("^domain[0-9]+$", names(d))]
    compared <- 0; errors <- 0; worst <- 0; other <- 0
    for (place in unique(paste(expected$domain, expected$unit, sep = "\r"))) {
      here_only <- expected[paste(expected$domain, expected$unit, sep = "\r") == place, ]
      unit <- here_only$unit[1]
      domain <- here_only$domain[1]
      inside <- if (unit == "national:survey") rep(TRUE, nrow(d)) else d$unit == unit
      if (domain != "")
        inside <- inside & Reduce(`|`, lapply(labels, function(l) !is.na(l) & l == domain))
      found <- scored(inside)
      rows <- here_only[here_only$node %in% names(found), ]
      if (nrow(rows) == 0) next
      z <- sapply(found[rows$node], `[[`, "z")
      present <- sapply(found[rows$node], `[[`, "rows")
      c <- residual(d$weight * matrix(z, nrow(d)))
      se <- errors_of(c, matrix(present, nrow(d)))
      value <- sapply(found[rows$node], `[[`, "value")
      scale <- sapply(rows$node, function(n) max(abs(expected$score[expected$node == n]), na.rm = TRUE))
      scale_se <- sapply(rows$node, function(n) max(abs(expected$se[expected$node == n]), 0, na.rm = TRUE))
      difference <- abs(value - rows$score) / pmax(scale, .Machine$double.xmin)
      linear <- !is.na(rows$se) & rows$se_method == "linearization"
      other <- other + sum(!is.na(rows$se) & !linear)
      difference_se <- ifelse(linear & scale_se > 0, abs(se - rows$se) / scale_se, 0)
      compared <- compared + nrow(rows); errors <- errors + sum(linear)
      worst <- max(worst, difference, difference_se)
      for (k in which(is.na(difference + difference_se) | difference > 1e-8 | difference_se > 1e-8))
        cat("DIFFERS:", unit, domain, rows$node[k], "score", rows$score[k], "here", value[k],
            "se", rows$se[k], "here", se[k], "\n")
    }
    left <- nodes$node[nodes$kind == "not expressed"]
    if (length(left)) cat("not expressed here:", paste(left, collapse = ", "), "\n")
    if (over_units) cat(over_units, "means and medians over units (national:…) are not recomputed here\n")
    if (other) cat(other, "standard errors are pooled or from replicates and are not recomputed here\n")
    cat(compared, "scores and", errors, "standard errors compared, worst relative difference",
        format(worst, digits = 3), "\n")
    if (compared == 0 || !isTRUE(worst <= 1e-8)) quit(status = 1)

    """#
}
