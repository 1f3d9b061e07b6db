"""The proof of sensitivities: what an analysis says is what its table of indices has."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.study.sensitivity import sensitivity
from tests.support.awkward_sensitivities import (
    METHODS,
    SENSITIVITY_PLACES,
    SENSITIVITY_ROUND,
    prove_sensitivities,
)
from tests.support.sensitivity_reader import read_sensitivity

SUPPORT = Path(__file__).parent / "support"


@pytest.mark.parametrize("first", [0, SENSITIVITY_ROUND])
def test_no_sentence_of_an_analysis_says_what_its_indices_do_not_bear_out(first: int) -> None:
    proof = prove_sensitivities(range(first, first + SENSITIVITY_ROUND))
    assert proof.failures == []
    places = {"never", "one input"} if first == 0 else {"other noun", "several stocks", "a long period"}
    assert set(proof.places) >= {*METHODS, "censored", "no effect", *places} & set(SENSITIVITY_PLACES)


def test_the_reader_shares_no_code_with_what_it_reads() -> None:
    text = (SUPPORT / "sensitivity_reader.py").read_text()
    imports = re.findall(r"^\s*(?:from|import) (\S+)", text, re.MULTILINE)
    assert imports
    assert not [module for module in imports if module.split(".")[0] == "sim"]


#: 20 days of 60 to 120 a day from 500 to 2,500 shells: the stock decides, and lasts in some runs.
PLAIN: dict[str, Any] = {
    "schema": 1,
    "title": "By hand",
    "start": "2024-01-01",
    "end": "2024-01-21",
    "thresholds": [1],
    "depots": {"d": {"stock": {"low": 500, "high": 2500}}},
    "consumption": {"front": {"rate": {"low": "60/day", "high": "120/day"}}},
}


ONE_INPUT = {**PLAIN, "consumption": {"front": {"rate": "90/day"}}}


@pytest.fixture(scope="module")
def analysis(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a maker of folders by method, or that of a tornado of one input."""
    folder = tmp_path_factory.mktemp("sensitivity")

    def make(method: str) -> Path:
        if not (folder / method).exists():
            runs, points = {"morris": (4, 8), "sobol": (2, 64)}.get(method, (60, None))
            plain, way = (ONE_INPUT, "tornado") if method == "one input" else (PLAIN, method)
            sensitivity(plain, method=way, runs=runs, points=points, jobs=1).save(folder / method)
        return folder / method

    return make


@pytest.mark.parametrize(
    ("method", "said", "instead", "failure"),
    [
        (
            "rank",
            "Opening stock at D has the strongest",
            "Required rate, front, has the strongest",
            "strengths",
        ),
        ("rank", "the higher, the later", "the higher, the earlier", "the correlation is"),
        ("rank", "run-out date: +0.", "run-out date: +1.", "the correlation is"),
        ("rank", "run-out date", "day of doom", "the outcome is the run-out date"),
        (
            "rank",
            "over the last 20 days",
            "over the last 90 days",
            "the fire over the last 20",
        ),
        ("rank", "below 1 day of", "below 1 days of", "the outcome is the first day below 1 day"),
        (
            "rank",
            "No input affects shells lost",
            "No input affects shells required",
            "the outcome is shells lost",
        ),
        ("rank", "has the strongest rank", "has a strong rank", "no rule of the grammar"),
        ("tornado", "never at 5 %", "21 Jan 2024 at 5 %", "the value is"),
        ("tornado", "at its 5th", "at its 95th", "the earliest is"),
        ("tornado", "6 January", "12 January", "the date is"),
        ("tornado", "2 of 2 inputs have", "1 of 2 inputs has", "2 have such an end"),
        ("one input", "never at its 95th", "never at its 5th", "two ends"),
        ("one input", "with Opening stock at D at its 5th", "with it at its 5th", "the inputs are"),
        ("tornado", "shells in the median run", "shells", "the median run"),
        ("morris", "has the largest mean effect", "has the least mean effect", "no rule of the grammar"),
        ("morris", ", with the end in place of a date that is never reached", "", "are censored"),
        ("morris", "spread ", "spread 1", "the figure is"),
        ("sobol", "alone explains", "with its interactions explains", "in all it is|alone the shares"),
        ("sobol", " % alone, ", " % alone, 1", "the share is"),
    ],
)
def test_the_reader_finds_a_false_sentence(
    analysis: Callable[[str], Path], method: str, said: str, instead: str, failure: str, tmp_path: Path
) -> None:
    folder = analysis(method)
    assert read_sensitivity(folder).failures == []
    for name in ("sensitivity.csv", "manifest.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    before = [found["sentence"] for found in summary["findings"]]
    for found in summary["findings"]:
        found["sentence"] = found["sentence"].replace(said, instead)
    assert [found["sentence"] for found in summary["findings"]] != before, before
    (tmp_path / "summary.json").write_text(json.dumps(summary), "utf-8")
    failures = read_sensitivity(tmp_path).failures
    assert any(re.search(failure, each) for each in failures), failures


def test_the_reader_finds_inputs_out_of_order(analysis: Callable[[str], Path], tmp_path: Path) -> None:
    folder = analysis("rank")
    for name in ("sensitivity.csv", "manifest.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    findings = summary["findings"]
    findings[1], findings[2] = findings[2], findings[1]
    (tmp_path / "summary.json").write_text(json.dumps(summary), "utf-8")
    assert any("their strengths are" in each for each in read_sensitivity(tmp_path).failures)
