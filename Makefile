# Canvass. `make pipeline` builds the program and runs the demonstration; `make test` tests it.

CANVASS := .build/release/canvass
SOURCES := Package.swift $(shell find Sources -type f)
HEADERS := /usr/include/archive.h /usr/include/zlib.h /usr/include/nettle/sha2.h \
  /usr/include/readstat.h /usr/include/xlsxwriter.h
PACKAGES := make git libarchive-dev zlib1g-dev nettle-dev libreadstat-dev libxlsxwriter-dev
PIPELINE ?= Pipelines/papi-demo.yaml
SHARED ?= ../shared
SWIFT_TEST := swift test -c release --disable-testable-imports

.PHONY: indices pipeline build test check conformance oracle bench coverage dist clean prerequisites format same-bytes torture browser-test

pipeline: $(CANVASS)
	$(CANVASS) run $(PIPELINE)

build: $(CANVASS)

$(CANVASS): $(SOURCES) | prerequisites
	swift build -c release --product canvass
	@touch $@

# Installs what Debian's packages have; asks for root only where something is missing.
prerequisites:
	@command -v swift >/dev/null || { \
	  echo "Swift 6.3 is missing: install it from https://www.swift.org/install/linux/debian/"; exit 1; }
	@missing=""; for header in $(HEADERS); do [ -e $$header ] || missing="$$missing $$header"; done; \
	if [ -n "$$missing" ]; then \
	  install="apt-get install -y --no-install-recommends $(PACKAGES)"; \
	  if [ "$$(id -u)" = 0 ]; then apt-get update -qq && $$install; \
	  elif sudo -n true 2>/dev/null; then sudo apt-get update -qq && sudo $$install; \
	  else echo "libraries are missing ($$missing ); run:"; echo "  sudo apt-get update && sudo $$install"; exit 1; fi; \
	fi

test: prerequisites
	$(SWIFT_TEST)

# Formatting, lint, and the mathematics free of input, output and Foundation. Warnings are errors in
# Package.swift, so that every build checks them.
check:
	swift format lint --strict --recursive Sources Tests Benchmarks Coverage Package.swift
	@bad=$$(grep -rnE '^ *((public|package|internal|private|fileprivate|@[a-z_A-Z()]+) )*import (Foundation|FoundationEssentials|Glibc|Yams|ArgumentParser|CArchive|CZlib|CNettle|CReadStat)' \
	  Sources/Compute Sources/Survey Sources/Cleaning Sources/Weighting Sources/Estimation Sources/Scoring Sources/Simulation || true); \
	  if [ -n "$$bad" ]; then echo "the mathematics imports what it should not know:"; echo "$$bad"; exit 1; fi
	@echo "check: formatted, linted, the mathematics is pure"

# Real microdata with known answers, and the oracle; skipped aloud where they are absent.
conformance: prerequisites
	@if [ -d "$(SHARED)/real" ]; then \
	  CANVASS_SHARED=$(abspath $(SHARED)) $(SWIFT_TEST) --filter 'Conformance|Oracle'; \
	else echo "CONFORMANCE SKIPPED: there is no folder $(SHARED)/real"; fi

# Every number of the known answers: case, numbers compared, worst relative difference. The ranks of indices
# (coinr_functions, csranks_pisa) belong to the tests of scoring.
oracle: prerequisites
	@if [ -d "$(SHARED)/oracle" ]; then mkdir -p .build && : > .build/oracle.txt && \
	  CANVASS_SHARED=$(abspath $(SHARED)) CANVASS_ORACLE_TABLE=$(abspath .build/oracle.txt) \
	    $(SWIFT_TEST) --filter 'EstimationTests.Oracle'; outcome=$$?; \
	  Tests/oracle-table .build/oracle.txt "$(SHARED)/oracle" coinr_functions csranks_pisa && exit $$outcome; \
	else echo "ORACLE SKIPPED: there is no folder $(SHARED)/oracle"; fi

# Every index of this repository whose data are here.
INDICES := egdi-2022 spbe dvctt papi-2019 papi-2019-34-units papi-demo
indices: $(CANVASS)
	@for index in $(INDICES); do echo "== $$index"; $(CANVASS) run Pipelines/$$index.yaml || exit $$?; done

# One release whatever the threads, locale, time zone, path and build.
same-bytes: $(CANVASS)
	Tests/same-bytes $(CANVASS)

# Kills, full disks, failing calls, little memory: needs strace; figures in docs/reliability.md.
torture: $(CANVASS)
	Tests/torture $(CANVASS)

# Reports in a browser: no sideways scroll, no cut or overlapping text, no message, no request. Needs Chromium.
browser-test: $(CANVASS)
	@for index in papi-demo papi-2019 papi-2019-34-units egdi-2022; do \
	  $(CANVASS) run Pipelines/$$index.yaml >/dev/null || exit $$?; done
	Tests/browser-test $(foreach index,papi-demo papi-2019 papi-2019-34-units egdi-2022,Runs/$(index)/latest/release/report.html)

bench: prerequisites
	swift build -c release --product canvass-benchmarks
	.build/release/canvass-benchmarks

# Do 95 % intervals cover? Redraws samples from a simulated population; rewrites docs/coverage.md.
coverage: prerequisites
	swift build -c release --product canvass-coverage
	.build/release/canvass-coverage

dist: prerequisites
	Tools/make-dist

format:
	swift format --in-place --recursive Sources Tests Benchmarks Coverage Package.swift

clean:
	rm -rf .build dist
