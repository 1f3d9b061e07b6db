"""Cost of a report: time of `sim report` compared with `sim run`, and bytes of the page.

    python benchmarks/report.py --runs 1000
    python benchmarks/report.py --pages         # only the bytes of the page of every shipped scenario

Each command runs in a process of its own, in turn; figures are medians over the rounds, by the clock
and as processor time, which other work on the machine changes less. A report of 1,000 runs should take less
than three times the run, and have at most 2 MB.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import tempfile
from pathlib import Path

from start_up import SCENARIOS, SIM
from timing import machine, middle_ratio, whole

SCENARIO = SCENARIOS / "white-house-2023.yaml"
#: Largest page, in megabytes.
MOST = 2.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pages", action="store_true", help="measure the page of every shipped scenario")
    options = parser.parse_args()
    if options.pages:
        measure_pages(options.runs)
        return
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        result, page = Path(folder, "result"), Path(folder, "page.html")
        run = (*SIM, "run", str(SCENARIO), "--runs", str(options.runs), "--out", str(result), "--quiet")
        report = (*SIM, "report", str(result), "--out", str(page), "--force")
        # The first round compiles, and is not counted.
        taken = [(whole(run), whole(report)) for _ in range(options.rounds + 1)][1:]
        for column, name in enumerate(("by the clock", "processor time")):
            of_run, of_report = ([each[part][column] for each in taken] for part in (0, 1))
            ratio = middle_ratio(of_report, of_run)
            seconds = f"{statistics.median(of_run):6.2f} s and {statistics.median(of_report):6.2f} s"
            print(f"{name:15} sim run and sim report: {seconds}, {ratio:.2f} times the run")
        print(f"page            {page.stat().st_size / 1e6:.2f} MB")


def measure_pages(runs: int) -> None:
    """Print the bytes of the page of every shipped scenario that runs, the largest last."""
    sizes = {}
    with tempfile.TemporaryDirectory() as folder:
        for scenario in sorted(SCENARIOS.glob("*.yaml")):
            result, page = Path(folder, scenario.stem), Path(folder, f"{scenario.stem}.html")
            run = (*SIM, "run", str(scenario), "--runs", str(runs), "--out", str(result), "--quiet")
            done = subprocess.run(run, capture_output=True, text=True, check=False)
            # A study file is no scenario.
            if done.returncode:
                print(f"not run: {scenario.stem}: {done.stderr.strip().splitlines()[-1]}")
                continue
            report = (*SIM, "report", str(result), "--out", str(page))
            subprocess.run(report, capture_output=True, check=True)
            sizes[scenario.stem] = page.stat().st_size / 1e6
    for name, size in sorted(sizes.items(), key=lambda each: each[1]):
        print(f"{size:6.2f} MB  {name}")
    too_large = sum(size > MOST for size in sizes.values())
    print(f"{len(sizes)} pages of {runs:,} runs, {too_large} larger than {MOST:g} MB")


if __name__ == "__main__":
    main()
