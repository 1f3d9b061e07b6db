"""Findings of break-even searches agree with the shares at the values tried."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.awkward_breakevens import (
    BREAKEVEN_FORMS,
    BREAKEVEN_ROUND,
    prove_breakevens,
    save_breakeven,
)
from tests.support.breakeven_reader import read_breakeven

SUPPORT = Path(__file__).parent / "support"


def test_no_answer_says_what_the_values_tried_do_not_bear_out() -> None:
    # Cases 5 to 14: each kind once, and each form of answer.
    proof = prove_breakevens(range(5, 5 + BREAKEVEN_ROUND))
    assert proof.failures == []
    # An answer and a headline each.
    assert (proof.scenarios, proof.sentences) == (BREAKEVEN_ROUND, 2 * BREAKEVEN_ROUND)
    assert set(proof.kinds) >= {*BREAKEVEN_FORMS, "headline"} - {"every value", "at best"}


def test_the_reader_shares_no_code_with_what_it_reads() -> None:
    imports = re.findall(
        r"^\s*(?:from|import) (\S+)", (SUPPORT / "breakeven_reader.py").read_text(), re.MULTILINE
    )
    assert imports
    assert not [module for module in imports if module.split(".")[0] == "sim"]


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Return a maker of folders: 40 runs that open with 50, 100 and so on; 100 a day for twenty days."""
    folder = tmp_path_factory.mktemp("answer")
    draws = folder / "draws.csv"
    draws.write_text("\n".join(["depots.d.stock", *(str(50 * n) for n in range(1, 41))]) + "\n", "ascii")
    plain = {
        "schema": 1,
        "title": "By hand",
        "start": "2024-01-01",
        "end": "2024-01-21",
        "thresholds": [],
        "depots": {"d": {"stock": "0"}},
        "production": {"plant": {"rate": "50/day"}},
        "consumption": {"front": {"rate": "100/day"}},
        "draws": str(draws),
    }
    asked = {"path": "production.plant.rate", "runs": 40}
    made: dict[Any, Path] = {}

    def make(bounds: tuple[float, float]) -> Path:
        if bounds not in made:
            made[bounds] = save_breakeven(plain, {**asked, "bounds": bounds}, folder / f"answer-{len(made)}")
        return made[bounds]

    return make


#: With 52.5 a day 20 of 40 runs end with a day of supply: those with 2,100 less 20 times that, 1,050 or more.
VALUE = (1.0, 200.0)
#: With 20 a day 7 runs do, of 40, and with 150 all.
LOW, HIGH = (10.0, 20.0), (150.0, 300.0)
#: Words that are changed in the headline, rather than in the answer.
OF_HEADLINE = {"The stock", "with 52.5 shells a day or"}


@pytest.mark.parametrize(
    ("bounds", "said", "instead", "failure"),
    [
        (VALUE, "with 5", "with 6", "the value is 5"),
        (VALUE, "or more", "or less", "the share is"),
        (VALUE, "day or more", "day", "a side"),
        (VALUE, "met with 4", "met with 5", "the value is 47.5"),
        (VALUE, "or more.", "or less.", "one edge"),
        (VALUE, "in as many runs ", "", "as many of one run"),
        (VALUE, "47.5 or more.", "every value tried.", "suffice"),
        (VALUE, "half of the runs", "95 % of the runs", "the share is 0.5"),
        (VALUE, " in half of the runs", " in every run", "the share is 0.5"),
        (VALUE, "interval ", "interval under ", "the bound is"),
        (VALUE, "interval ", "interval 1", "the end of the interval is"),
        (VALUE, "21 Jan", "22 Jan", "the end is"),
        (VALUE, "the stock lasts", "the requirement is met", "the target is exhausted"),
        (VALUE, "shells a day", "shells a month", "the value is"),
        (VALUE, "with ", "with about ", "no rule of the grammar"),
        (LOW, "at best in 17.5", "at best in 18", "the largest share is"),
        (LOW, "between 10 ", "between 11 ", "the lower bound is 10"),
        (LOW, "there is no value", "there is a value", "no rule of the grammar"),
        (HIGH, "in every run, whatever", "in 95 % of the runs, whatever", "the share is 1"),
        (VALUE, "The stock", "Every stock", "the target is exhausted"),
        (VALUE, "with 52.5 shells a day or", "with 53 shells a day or", "the value is 52.5"),
        (HIGH, "and 300", "and 200", "the upper bound is 300"),
    ],
)
def test_the_reader_finds_a_false_answer(
    answer: Callable[..., Path],
    bounds: tuple[float, float],
    said: str,
    instead: str,
    failure: str,
    tmp_path: Path,
) -> None:
    folder = answer(bounds)
    assert read_breakeven(folder).failures == []
    for name in ("breakeven.csv", "breakeven-points.csv"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    kind = "breakeven_headline" if said in OF_HEADLINE else "breakeven"
    (finding,) = (found for found in summary["findings"] if found["kind"] == kind)
    before = finding["sentence"]
    finding["sentence"] = before.replace(said, instead)
    assert finding["sentence"] != before, before
    (tmp_path / "summary.json").write_text(json.dumps(summary), "utf-8")
    found = read_breakeven(tmp_path).failures
    assert any(failure in each for each in found), (before, found)


#: Two consumers, and a war from which on they fire, on a day between the 3rd and the 9th.
SIZED: dict[str, Any] = {
    "schema": 1,
    "title": "By hand",
    "start": "2024-01-01",
    "end": "2024-01-21",
    "thresholds": [],
    "depots": {"d": {"stock": "900"}},
    "production": {"plant": {"rate": "50/day"}},
    "consumption": {
        "front": {"rate": {"by_date": {"2024-01-01": "0/day", "war": "80/day"}}, "priority": 1},
        "rear": {"rate": "20/day", "priority": 2, "backlog": True},
    },
    "events": {"war": {"date": {"low": "2024-01-03", "high": "2024-01-09"}}},
}


@pytest.mark.parametrize(
    ("asked", "said", "instead", "failure"),
    [
        ({"of": "met", "level": "90%"}, "at least 90 %", "at least 91 %", "the target is"),
        ({"of": "met.rear", "level": "0.95"}, "requirement of Rear", "requirement of Front", "the target is"),
        ({"of": "fired.front", "level": "900"}, "fired by Front", "fired by Rear", "the target is"),
        ({"of": "unmet.front", "level": "100"}, "at most", "at least", "the target is"),
        ({"of": "backlog.rear", "level": "50"}, "wait after", "are left after", "the target is"),
        ({"of": "closing_stock", "level": "30"}, "left after the last day", "lost", "no rule"),
        ({"of": "unmet", "until": "war + 8 days"}, "8 days after war", "9 days after war", "the end is"),
        ({"until": "war+8 days"}, "after war", "before war", "the end is"),
    ],
)
def test_the_reader_reads_amounts_and_periods_that_end_with_an_event(
    asked: dict[str, Any], said: str, instead: str, failure: str, tmp_path: Path
) -> None:
    search = {"path": "production.plant.rate", "holds": 0.9, "runs": 20, "bounds": (1.0, 200.0), **asked}
    folder = save_breakeven(SIZED, search, tmp_path / "answer")
    reading = read_breakeven(folder)
    assert reading.failures == []
    assert reading.kinds["value"] == reading.kinds["headline"] == 1
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    (finding,) = (found for found in summary["findings"] if found["kind"] == "breakeven")
    before = finding["sentence"]
    finding["sentence"] = before.replace(said, instead)
    assert finding["sentence"] != before, before
    (folder / "summary.json").write_text(json.dumps(summary), "utf-8")
    found = read_breakeven(folder).failures
    assert any(failure in each for each in found), (before, found)


def test_the_reader_finds_a_value_that_its_neighbours_do_not_bear_out(
    answer: Callable[..., Path], tmp_path: Path
) -> None:
    folder = answer(VALUE)
    assert read_breakeven(folder).value == pytest.approx(52.5, rel=2e-6)
    for name in ("breakeven.csv", "summary.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    value = read_breakeven(folder).value
    header, *rows = (folder / "breakeven-points.csv").read_text().splitlines()
    below = max(float(row.split(",")[0]) for row in rows if float(row.split(",")[0]) < value)
    changed = [f"{below!r},0.5" if float(row.split(",")[0]) == below else row for row in rows]
    (tmp_path / "breakeven-points.csv").write_text("\n".join([header, *changed]) + "\n")
    failures = read_breakeven(tmp_path).failures
    assert any(f"at {below} the share is 0.5" in each for each in failures), failures
