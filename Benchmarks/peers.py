#!/usr/bin/env python3
"""Canvass beside its peers on the same data, in one run: whole processes, taken in turns.

    Benchmarks/peers.py PEERS [--scales 1 10] [--repeats 5] [--canvass .build/release/canvass]

PEERS is a folder with gen_papi.py (makes data of PAPI's shape), floor_numpy.py and taylor_svy.py (the
same work by numpy and by svy). Needs numpy, polars and, for svy, the package svy. Every program reads
the compressed table, rakes within 63 provinces and estimates 120 items in each with calibration-aware
standard errors; Canvass also cleans, scores and writes its release. Estimates and, under R's rule for raked
residuals, standard errors are compared. Nothing is asserted about time.
"""
import argparse, csv, os, re, resource, statistics, subprocess, sys, tempfile, time

PIPELINE = """canvass: 1
name: bench
units: {{variable: province}}
ingest:
  drops: {data}
  respondents: {{members: "*", key: id}}
clean:
  missing:
    - {{variables: "q*", dont_know: 88, refused: 99}}
design:
  stages:
    - {{strata: [stratum], unit: psu}}
  df: design
weight:
  - base: basew
  - rake:
      within: province
      margins: {margins}
      variable: var
      level: level
      count: total
      over: [sex, agegrp]
      residuals: rake
index:
  groups: none
  structure:
    - {{node: index, level: index, missing: drop}}
{nodes}
"""


def timed(command):
    """Wall seconds, processor seconds and peak memory in MB of a whole process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    _, errors = process.communicate()
    wall = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{errors}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def numbers(path, item, unit, estimate, error):
    with open(path) as file:
        return {
            (row[item], row[unit]): (float(row[estimate]), float(row[error]))
            for row in csv.DictReader(file)
            if row[estimate] and row[error] and row.get("domain", "") == "" and ":" not in row[unit]
        }


def worst(ours, theirs, position):
    shared = ours.keys() & theirs.keys()
    scale = max(abs(theirs[key][position]) for key in shared)
    return len(shared), max(
        abs(ours[key][position] - theirs[key][position]) / max(abs(theirs[key][position]), scale)
        for key in shared
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("peers")
    parser.add_argument("--scales", nargs="+", type=int, default=[1, 10])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--canvass", default=".build/release/canvass")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--no-svy", action="store_true")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="canvass-peers-")
    # The peers stop raking at 1e-7 and 1e-6; at full precision their answers can be compared.
    floor = open(os.path.join(options.peers, "floor_numpy.py")).read()
    exact = re.sub(r"range\(100\)", "range(1000)", floor.replace("<1e-7", "<1e-13"))
    exact_path = os.path.join(folder, "floor_exact.py")
    open(exact_path, "w").write(exact)
    svy_path = os.path.join(folder, "svy_exact.py")
    if not options.no_svy:
        svy = open(os.path.join(options.peers, "taylor_svy.py")).read()
        open(svy_path, "w").write(svy.replace("tol=1e-6", "tol=1e-12"))
    for scale in options.scales:
        data = os.path.join(folder, f"x{scale}.csv.gz")
        subprocess.run(
            [sys.executable, os.path.join(options.peers, "gen_papi.py"), data, str(scale)], check=True,
            stdout=subprocess.DEVNULL)
        margins = next(
            path for path in (data.replace(".csv.gz", ".margins.csv"), data + ".margins.csv")
            if os.path.exists(path))
        pipeline = os.path.join(folder, f"x{scale}.yaml")
        nodes = "\n".join(
            f"    - {{node: q{i:03d}, parent: index, variable: q{i:03d}}}" for i in range(1, 121))
        open(pipeline, "w").write(PIPELINE.format(data=data, margins=margins, nodes=nodes))
        runs = os.path.join(folder, f"runs{scale}")
        out = os.path.join(folder, f"floor{scale}.csv")
        commands = {
            "canvass": [
                options.canvass, "run", pipeline, "--output", runs, "--threads", str(options.threads),
                "--fresh"],  # nothing remembered from the run before
            "numpy floor": [
                sys.executable, os.path.join(options.peers, "floor_numpy.py"), data, margins, out, "0"],
        }
        subprocess.run(commands["canvass"], check=True, capture_output=True)
        subprocess.run([sys.executable, exact_path, data, margins, out, "0"], check=True,
                       capture_output=True)
        ours = numbers(os.path.join(runs, "bench", "latest", "release", "indicators.csv"),
                       "indicator", "unit", "estimate", "se")
        theirs = numbers(out, "item", "province", "est", "se")
        for position, name in ((0, "estimates"), (1, "standard errors")):
            count, difference = worst(ours, theirs, position)
            print(f"x{scale}: {count} {name} against numpy, worst relative difference {difference:.1e}")
        if not options.no_svy:
            out = os.path.join(folder, f"svy{scale}.csv")
            subprocess.run([sys.executable, svy_path, data, margins, out, "each", "120"], check=True,
                           capture_output=True)
            theirs = numbers(out, "item", "province", "est", "se")
            for position, name in ((0, "estimates"), (1, "standard errors")):
                count, difference = worst(ours, theirs, position)
                print(f"x{scale}: {count} {name} against svy, worst relative difference {difference:.1e}")
        times = {name: [] for name in commands}
        for _ in range(options.repeats):
            for name, command in commands.items():
                times[name].append(timed(command))
        if not options.no_svy:
            times["svy"] = [timed([
                sys.executable, os.path.join(options.peers, "taylor_svy.py"), data, margins,
                os.path.join(folder, "svy.csv"), "each", "120"])]
        own = [statistics.median(value[i] for value in times["canvass"]) for i in (0, 1)]
        for name, values in times.items():
            wall, processor = (statistics.median(value[i] for value in values) for i in (0, 1))
            print(f"x{scale} {name:12} wall {wall:7.2f} s, processor {processor:7.2f} s, "
                  f"canvass / it: wall {own[0] / wall:.3f}, processor {own[1] / processor:.3f} "
                  f"({len(values)} runs)")


main()
