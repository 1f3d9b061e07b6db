"""The headline of several runs on one drawdown agrees with the folder of each."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from sim.charts.result_data import ChartData
from sim.findings.overlay_headline import NamedRun, overlay_headline
from sim.simulate import run
from tests.support.awkward_overlays import OVERLAY_PLACES, OVERLAY_ROUND, prove_overlays
from tests.support.folder_figures import RunFolder
from tests.support.overlay_reader import read_overlay

SUPPORT = Path(__file__).parent / "support"


def test_no_headline_says_what_the_folders_do_not_bear_out() -> None:
    proof = prove_overlays(range(OVERLAY_ROUND))
    assert proof.failures == []
    # The long and the brief headline of each, and that of its survival.
    assert proof.sentences == 3 * OVERLAY_ROUND
    assert set(proof.places) >= set(OVERLAY_PLACES) - {"all last", "several last"}


def test_the_reader_shares_no_code_with_what_it_reads() -> None:
    text = (SUPPORT / "overlay_reader.py").read_text()
    imports = re.findall(r"^\s*(?:from|import) (\S+)", text, re.MULTILINE)
    assert imports
    assert not [module for module in imports if module.split(".")[0] == "sim"]


def plain(title: str, stock: int) -> dict[str, Any]:
    """Return a scenario of 100 a day for twenty days from a stock."""
    return {
        "schema": 1,
        "title": title,
        "start": "2024-01-01",
        "end": "2024-01-21",
        "thresholds": [],
        "depots": {"d": {"stock": str(stock)}},
        "consumption": {"front": {"rate": "100/day"}},
    }


def headline_of(scenarios: list[dict[str, Any]], folder: Path) -> tuple[dict[str, RunFolder], str]:
    """Run scenarios, and return their folders by title and the headline."""
    results = {str(each["title"]): run(each, runs=1, jobs=1, engine="simpy") for each in scenarios}
    folders = {name: RunFolder(result.save(folder / name)) for name, result in results.items()}
    return folders, overlay_headline([NamedRun(n, ChartData.of(r)) for n, r in results.items()]).sentence


TWO = [plain("A", 1000), plain("B", 9000)]
ALIKE = [plain("A", 1500), plain("B", 500), plain("C", 1500), plain("D", 500)]
LASTING = [plain("A", 9000), plain("B", 500), plain("C", 8000)]


@pytest.mark.parametrize(
    ("scenarios", "said", "instead", "failure"),
    [
        (TWO, "10 January", "11 January", "the date is 2024-01-10"),
        (TWO, "A: ", "C: ", "the scenario is A"),
        (TWO, "the stock runs out", "the stock falls below one day of supply", "it is emptied: True"),
        (TWO, "on 10 January 2024", "in 40 % of runs", "the median is 2024-01-10"),
        (TWO, "on 10 January 2024", "on 10 January 2024 in every run", "there is one run"),
        (TWO, "lasts to 21", "lasts to 20", "the end is 2024-01-21"),
        (TWO, "the stock lasts", "every stock lasts", "one stock, or several"),
        (TWO, "runs out", "is gone", "no rule of the grammar"),
        (ALIKE, "B comes first", "A comes first", "the orders are"),
        (ALIKE, "first, with 1 other", "first", "1 others are alike"),
        (ALIKE, "Of 4 scenarios", "Of 3 scenarios", "more or less scenarios"),
        (ALIKE, "comes last", "comes first", "the orders are"),
        (LASTING, "2 last", "3 last", "last"),
    ],
)
def test_the_reader_finds_a_false_headline(
    scenarios: list[dict[str, Any]], said: str, instead: str, failure: str, tmp_path: Path
) -> None:
    folders, sentence = headline_of(scenarios, tmp_path)
    assert read_overlay(folders, sentence).failures == []
    changed = sentence.replace(said, instead, 1)
    assert changed != sentence, sentence
    found = read_overlay(folders, changed).failures
    assert any(failure in each for each in found), found


def test_scenarios_that_run_out_together_are_counted(tmp_path: Path) -> None:
    _, sentence = headline_of(ALIKE, tmp_path / "four")
    assert sentence == (
        "Of 4 scenarios, B comes first, with 1 other: the stock runs out on 5 January 2024; "
        "C comes last, with 1 other: the stock runs out on 15 January 2024"
    )
    _, same = headline_of([plain(name, 500) for name in "ABC"], tmp_path / "three")
    assert same == "Of 3 scenarios, A comes first, with 2 others: the stock runs out on 5 January 2024"


def test_the_stock_of_an_overlay_is_that_of_a_single_chart(tmp_path: Path) -> None:
    # One depot is below a day of supply from the start, and never short; the other runs out on the fifth day.
    two = {
        **plain("A", 0),
        "depots": {"d": {"stock": "50"}, "e": {"stock": "500"}},
        "production": {"plant": {"to": "d", "rate": "100/day"}},
        "consumption": {"front": {"at": "d", "rate": "100/day"}, "rear": {"at": "e", "rate": "100/day"}},
    }
    folders, sentence = headline_of([two, plain("B", 9000)], tmp_path)
    assert sentence.startswith("A: the stock at E runs out on 5 January 2024; ")
    assert read_overlay(folders, sentence).failures == []
    found = [
        each["sentence"] for each in folders["A"].summary["findings"] if each["kind"] == "drawdown_headline"
    ]
    assert found[0].startswith("E: the stock runs out first on 5 January 2024")
