"""The proof of unknown stocks: with the stock of the answer as many runs as it says meet the requirement."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.awkward_unknown_stocks import (
    UNKNOWN_PLACES,
    UnknownCase,
    UnknownRuns,
    prove_unknown_stocks,
)

SUPPORT = Path(__file__).parent / "support"
CASES = (0, 2, 3, 4, 5, 6, 7)


def test_no_answer_says_what_runs_with_its_stock_do_not_bear_out() -> None:
    proof = prove_unknown_stocks(CASES)
    assert proof.failures == []
    assert proof.sentences == 2 * len(CASES)
    assert set(proof.places) >= set(UNKNOWN_PLACES) - {"all runs alike"}


def test_the_reader_shares_no_code_with_what_it_reads() -> None:
    text = (SUPPORT / "unknown_stock_reader.py").read_text()
    imports = re.findall(r"^\s*(?:from|import) (\S+)", text, re.MULTILINE)
    assert imports
    assert not [module for module in imports if module.split(".")[0] == "sim"]


#: 20 days; rates of 61 to 100 a day in 40 runs, of which 20 come in: half of the runs need 60 x 20 shells.
PLAIN: dict[str, Any] = {
    "schema": 1,
    "title": "By hand",
    "start": "2024-01-01",
    "end": "2024-01-21",
    "thresholds": [],
    "depots": {"d": {"stock": "unknown"}},
    "production": {"plant": {"rate": "20/day"}},
    "consumption": {"front": {"rate": {"low": "60/day", "high": "100/day"}}},
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> UnknownRuns:
    """Return the runs of a scenario whose answer is known."""
    folder = tmp_path_factory.mktemp("unknown")
    draws = folder / "draws.csv"
    rates = [60.0 + number for number in range(1, 41)]
    draws.write_text("\n".join(["consumption.front.rate", *map(repr, rates)]) + "\n", "ascii")
    return UnknownRuns(UnknownCase({**PLAIN, "draws": str(draws)}, 40), folder)


@pytest.mark.parametrize(
    ("number", "said", "instead", "failure"),
    [
        (0, "1,200 shells", "1,210 shells", "the stock is 1200"),
        (0, "half of the runs", "95 % of the runs", "the share is half"),
        (0, "1,200 shells", "1,200 blankets", "the noun is shells"),
        (0, "15 days", "16 days", "the days of supply are 14.8148"),
        (0, "21 Jan", "20 Jan", "the end is 2024-01-21"),
        (0, "95 % of them", "90 % of them", "the share is 0.95"),
        (0, "1,560", "1,570", "the stock of 95 % is 1560"),
        (0, "20 come in", "21 come in", "what comes in is 20"),
        (0, "the opening stock", "the opening stock at Ost", "the stock is opening stock"),
        (0, "would have to", "should", "no rule of the grammar"),
        (1, "1,200 (", "1,300 (", "the stock is 1200"),
        (1, "interval 1", "interval 2", "the end of the interval is"),
        (1, "for half of the runs", "for 95 % of them", "the levels are"),
        (1, "charts have 1", "charts have 2", "the stock of the runs is"),
    ],
)
def test_the_reader_finds_a_false_sentence(
    runs: UnknownRuns, number: int, said: str, instead: str, failure: str
) -> None:
    assert runs.read().failures == []
    findings = runs.saved.summary["findings"]
    changed = copy.deepcopy(findings)
    changed[number]["sentence"] = changed[number]["sentence"].replace(said, instead)
    assert changed != findings, findings[number]["sentence"]
    runs.saved.summary["findings"] = changed
    try:
        found = runs.read().failures
    finally:
        runs.saved.summary["findings"] = findings
    assert any(failure in each for each in found), found


def test_the_reader_counts_runs_with_the_stock(runs: UnknownRuns) -> None:
    findings = runs.saved.summary["findings"]
    changed = copy.deepcopy(findings)
    for finding in changed[:2]:
        finding["sentence"] = finding["sentence"].replace("1,200", "1,180")
    changed[0]["values"]["stock_0.5"] = 1180.0
    runs.saved.summary["findings"] = changed
    try:
        found = runs.read().failures
    finally:
        runs.saved.summary["findings"] = findings
    # 78 - 20 a day for 20 days: the rate of the 18th run is 78, of the 19th 79.
    assert any("with 1180.0 19 of 40 meet it" in each for each in found), found
