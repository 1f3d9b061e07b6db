"""The verdict of a run by hand: which of its figures are medians, and dates that only some runs reach."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from sim.cli.verdict import verdict_lines
from sim.simulate import run

#: 100 shells are asked for a day, and nothing comes in: what is enough for n days is gone on the n-th.
PLAIN: dict[str, Any] = {
    "schema": 1,
    "title": "By hand",
    "start": "2024-01-01",
    "end": "2024-01-21",
    "thresholds": [],
    "depots": {"d": {"stock": "1000"}},
    "consumption": {"front": {"rate": "100/day"}},
}
LATER = "in the others not before 21 Jan 2024"


def told(days: Sequence[int], folder: Path) -> tuple[str, dict[str, str]]:
    """Return the first line of a verdict, and the others by their labels; run k has stock for ``days[k]``."""
    rows = "\n".join(f"{100 * enough}" for enough in days)
    (folder / "stocks.csv").write_text(f"depots.d.stock\n{rows}\n")
    scenario = {**PLAIN, "draws": str(folder / "stocks.csv")}
    first, *rest = verdict_lines(run(scenario, runs=len(days), jobs=1))
    return first, {line[2:26].strip(): line[27:] for line in rest}


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (range(1, 21), "10 Jan 2024 (5-95 %: 1 Jan 2024 to 19 Jan 2024), in every run"),
        ([7] * 20, "7 Jan 2024, in every run"),
        ([7], "7 Jan 2024"),
        (
            [*range(1, 20), 99],
            "in 95 % of runs (of all runs 5 % by 1 Jan 2024, half by 10 Jan 2024, "
            f"95 % by 19 Jan 2024); {LATER}",
        ),
        (range(2, 42, 2), f"in 50 % of runs (of all runs 5 % by 2 Jan 2024, half by 20 Jan 2024); {LATER}"),
        (range(3, 63, 3), f"in 30 % of runs (of all runs 5 % by 3 Jan 2024); {LATER}"),
        ([5, *[99] * 49], f"in 2 % of runs; {LATER}"),
        ([99] * 9, "in no run (less than one day of supply is left on no day)"),
    ],
    ids=str,
)
def test_a_date_says_of_which_runs_it_is(days: Sequence[int], said: str, tmp_path: Path) -> None:
    assert told(days, tmp_path)[1]["Exhausted"] == said


def test_medians_that_do_not_add_up_say_that_they_are_medians(tmp_path: Path) -> None:
    first, lines = told([5, 5, 15, 15], tmp_path)
    # Half of the runs fire 500 and miss 1,500, half the reverse: the median, from below, is 500 of both.
    assert lines["In the whole period"] == "2,000 required, 500 fired, 500 unmet (each a median)"
    assert lines["Stock at the start"] == "500 (500 to 1,500) shells, 5 (5 to 15) days of supply"
    assert first == "By hand: 1 Jan 2024 to 21 Jan 2024, medians (5-95 %) of 4 runs, seed 1"


def test_one_run_has_no_medians(tmp_path: Path) -> None:
    first, lines = told([5], tmp_path)
    assert first == "By hand: 1 Jan 2024 to 21 Jan 2024, 1 run, seed 1"
    assert "median" not in "".join(lines.values())
