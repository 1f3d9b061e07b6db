"""What a report costs: wall time of `sim report` beside `sim run`, and bytes of the page.

    python benchmarks/report.py --runs 1000
    python benchmarks/report.py --pages         # only the bytes of the page of every shipped scenario

Each command runs in a process of its own, in turn; what is printed are medians over the rounds. A report
of 1,000 runs should take less than three times as long as the run, and have at most 2 MB.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

from start_up import SCENARIOS, SIM, seconds

SCENARIO = SCENARIOS / "white-house-2023.yaml"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pages", action="store_true", help="measure the page of every shipped scenario")
    options = parser.parse_args()
    if options.pages:
        measure_pages(options.runs)
        return
    with tempfile.TemporaryDirectory() as folder:
        result, page = Path(folder, "result"), Path(folder, "page.html")
        run = (*SIM, "run", str(SCENARIO), "--runs", str(options.runs), "--out", str(result), "--quiet")
        report = (*SIM, "report", str(result), "--out", str(page), "--force")
        # The first round compiles, and is not counted.
        taken = [(seconds(run), seconds(report)) for _ in range(options.rounds + 1)][1:]
        of_run, of_report = (statistics.median(column) for column in zip(*taken, strict=True))
        ratio = statistics.median(two / one for one, two in taken)
        print(f"sim run     {of_run:6.2f} s")
        print(f"sim report  {of_report:6.2f} s, {ratio:.2f} times the run")
        print(f"page        {page.stat().st_size / 1e6:6.2f} MB")


def measure_pages(runs: int) -> None:
    """Print the bytes of the page of every shipped scenario that runs, the largest last."""
    import subprocess

    sizes = {}
    with tempfile.TemporaryDirectory() as folder:
        for scenario in sorted(SCENARIOS.glob("*.yaml")):
            result, page = Path(folder, "result"), Path(folder, "page.html")
            run = (*SIM, "run", str(scenario), "--runs", str(runs), "--out", str(result), "--quiet")
            report = (*SIM, "report", str(result), "--out", str(page), "--force")
            # A study file is no scenario.
            if subprocess.run(run, capture_output=True, check=False).returncode == 0:
                subprocess.run(report, capture_output=True, check=True)
                sizes[scenario.stem] = page.stat().st_size
    for name, size in sorted(sizes.items(), key=lambda each: each[1]):
        print(f"{size / 1e6:6.2f} MB  {name}")


if __name__ == "__main__":
    main()
