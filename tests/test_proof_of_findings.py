"""Findings of runs, parsed by an independent reader, agree with the tables."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.simulate import run
from tests.support.awkward_scenarios import PLACES, ROUND, awkward
from tests.support.findings_proof import prove, prove_shipped
from tests.support.folder_figures import RunFolder
from tests.support.sentence_reader import read_run

#: `benchmarks/proof_of_findings.py` reads a thousand.
CASES, CHUNK = 100, 10
SUPPORT = Path(__file__).parent / "support"
SCENARIOS = Path(__file__).parent.parent / "scenarios"
#: The kinds of sentences that a verdict or a chart of a run has.
KINDS = {
    "answer",
    "stock",
    "required",
    "coming_in",
    "opening_stock",
    "runs_out",
    "last_days",
    "totals",
    "closing_stock",
    "fired_from",
    "drawdown_headline",
    "supply_headline",
}


@pytest.mark.parametrize("first", range(0, CASES, CHUNK))
def test_no_sentence_says_what_the_tables_do_not_bear_out(first: int) -> None:
    proof = prove(range(first, first + CHUNK))
    assert proof.failures == []
    assert proof.scenarios == CHUNK
    # Each ten cases reach each awkward place, and say each kind of sentence.
    assert set(proof.places) == set(PLACES)
    assert set(proof.kinds) >= KINDS
    assert any(kind.startswith("below_") for kind in proof.kinds)


@pytest.mark.parametrize("file", sorted(SCENARIOS.glob("*.yaml")), ids=lambda file: file.stem)
def test_no_sentence_of_a_shipped_scenario_says_what_its_tables_do_not_bear_out(file: Path) -> None:
    proof = prove_shipped(file, runs=5)
    assert proof.failures == []
    assert proof.sentences >= len(KINDS) - 1


def test_a_case_is_the_same_each_time_and_no_two_are_alike(tmp_path: Path) -> None:
    assert awkward(17, tmp_path) == awkward(17, tmp_path)
    bodies = [
        {key: value for key, value in awkward(case, tmp_path)[0].items() if key not in {"title", "draws"}}
        for case in range(CASES)
    ]
    assert max(Counter(map(repr, bodies)).values()) <= ROUND
    assert len(set(map(repr, bodies))) > 0.8 * CASES


def test_the_reader_shares_no_code_with_what_it_reads() -> None:
    for name in ("sentence_reader", "sentence_grammar", "folder_figures"):
        imports = re.findall(r"^\s*(?:from|import) (\S+)", (SUPPORT / f"{name}.py").read_text(), re.MULTILINE)
        assert imports
        assert not [module for module in imports if module.split(".")[0] == "sim"]


#: 100 a day from 1,000 shells: gone on the tenth day of twenty, in each of two runs.
SHORT: dict[str, Any] = {
    "schema": 1,
    "title": "By hand",
    "start": "2024-01-01",
    "end": "2024-01-21",
    "thresholds": [7],
    "depots": {"d": {"stock": "1000"}},
    "consumption": {"front": {"rate": "100/day"}},
}
#: 1,000 shells fall by 100 a day; then the 60 that come in are the front's, and the guard gets none.
TWO = {
    **SHORT,
    "consumption": {
        "front": {"rate": "60/day", "priority": 1},
        "guard": {"rate": "100/day", "priority": 2, "label": "Guard at home"},
    },
    "production": {"plant": {"rate": "60/day"}},
}
#: Supply ends in November: the 1,000 go in ten days, and would last sixty at the mean difference a day.
UNEVEN = {
    **SHORT,
    "end": "2025-01-01",
    "production": {"plant": {"rate": {"by_date": {"2024-01-01": "100/day", "2024-11-01": "0/day"}}}},
}
#: 100 a week are ordered at 1 EUR, and the year's budget pays for 30 of the first.
POOR = {
    **SHORT,
    "currency": "EUR",
    "budget": {"rate": "30 EUR/year", "starts": "January"},
    "munitions": {"shells": {"unit_cost": "1 EUR"}},
    "orders": {
        "works": {"order_quantity": 100, "reorder_point": 2000, "review": "7 days", "lead_time": "3 days"}
    },
}
COVERS = "The opening stock covers the difference"
ENOUGH = {**SHORT, "depots": {"d": {"stock": "9000"}}}
#: 1,000 that keep for nine days: 900 are fired, and 100 expire on the tenth.
AGEING = {
    **SHORT,
    "munitions": {"shells": {"shelf_life": "9 days"}},
    "depots": {"d": {"stock": "1000", "age": "0 days"}},
}
#: 50 a day are added to 1,000: the fourth day closes with 1,200.
GROWING = {
    **SHORT,
    "depots": {"d": {"stock": "1000", "objective": "1200"}},
    "production": {"plant": {"rate": "150/day"}},
}


def altered(plain: dict[str, Any], folder: Path, change: Callable[[str, str], str]) -> list[str]:
    """Return the reader's results for a run whose sentences are changed by kind."""
    saved = run(plain, runs=2, jobs=1).save(folder / "run")
    path = saved / "summary.json"
    summary = json.loads(path.read_text("utf-8"))
    before = [found["sentence"] for found in summary["findings"]]
    for found in summary["findings"]:
        found["sentence"] = change(found["kind"], found["sentence"])
    assert [found["sentence"] for found in summary["findings"]] != before
    path.write_text(json.dumps(summary), "utf-8")
    return read_run(RunFolder(saved)).failures


@pytest.mark.parametrize(
    ("plain", "kind", "said", "instead", "failure"),
    [
        (SHORT, "required", "100 shells a day", "101 shells a day", "the requirement is 100"),
        (SHORT, "required", "100 shells", "100 blankets", "the noun is"),
        (SHORT, "required", "100 shells a day", "around 100 shells a day", "no rule of the grammar"),
        (SHORT, "opening_stock", "10 days", "11 days", "days of supply"),
        (SHORT, "totals", "1,000 not", "990 not", "all that is not"),
        (SHORT, "runs_out", "10 Jan", "11 Jan", "the date is"),
        (SHORT, "runs_out", "in every run, on 10 Jan 2024", "never, in any run", "the share of runs is 1.0"),
        (SHORT, "runs_out", "in every run, on", "in 30 % of runs, half of all by", "the share of runs is 1"),
        (TWO, "consumer_short", "11 Jan", "12 Jan", "the date is"),
        (
            TWO,
            "consumer_short",
            "in every run, on 11 Jan 2024",
            "never, in any run",
            "the share of runs is 1",
        ),
        (AGEING, "expired", "100 shells", "90 shells", "all that expires is 100"),
        (GROWING, "objective", "4 Jan", "5 Jan", "the date is"),
        (GROWING, "objective", "in every run, on 4 Jan 2024", "never, in any run", "the share of runs is 1"),
        (SHORT, "closing_stock", "none in any run", "12", "the closing stock is 0"),
        (SHORT, "fired_from", "100 %", "over 99 %", "the share of opening stock is 1"),
        (SHORT, "last_days", "50 a day", "51 a day", "fire of the last days is 50"),
        (SHORT, "drawdown_headline", "10 January", "9 January", "the date is"),
        (SHORT, "supply_headline", "50 %", "49 %", "the unmet share is 0.5"),
        (SHORT, "answer", "January", "February", "the month is 2024-01"),
        (SHORT, "answer", COVERS, "The requirement is met", "a date that the opening stock explains is True"),
        (
            UNEVEN,
            "answer",
            "The requirement is met",
            COVERS,
            "a date that the opening stock explains is False",
        ),
        (POOR, "orders_cut", "100 shells", "120 shells", "the largest cut is 100"),
        (POOR, "orders_cut", "in every run", "in 50 % of runs", "the share of runs is 1"),
        (
            POOR,
            "orders_cut",
            "the largest by",
            "the largest cut of each stock, added up,",
            "of several stocks is False",
        ),
        (ENOUGH, "answer", "7,000", "7,010", "what is left is 7000"),
        (ENOUGH, "closing_stock", "7,000", "0", "the closing stock is 7000"),
        (ENOUGH, "drawdown_headline", "20", "21", "the end is"),
    ],
)
def test_the_reader_finds_a_false_sentence(
    plain: dict[str, Any], kind: str, said: str, instead: str, failure: str, tmp_path: Path
) -> None:
    found = altered(plain, tmp_path, lambda each, text: text.replace(said, instead) if each == kind else text)
    assert any(failure in each for each in found), found


@pytest.mark.parametrize(
    ("plain", "kind", "text", "failure"),
    [
        (
            SHORT,
            "answer",
            "It adds up until 21 Jan 2024: nothing comes in, 100 shells a day are required; "
            "the opening stock covers the difference, and none is left.",
            "it adds up, and a stock runs out",
        ),
        (SHORT, "totals", "2,000 required, all fired", "it does not add up, and all is met"),
        (
            SHORT,
            "drawdown_headline",
            "The stock runs out on 10 January 2024 in every run; the requirement is met throughout",
            "the stock runs out, and the requirement is met throughout",
        ),
        (SHORT, "supply_headline", "The requirement is met in every month", "is met in every month"),
        (
            SHORT,
            "drawdown_headline",
            "The stock runs out in 30 % of runs; in the last 20 days 50 a day are fired, "
            "50 % of the requirement",
            "differ in their share of runs",
        ),
        (ENOUGH, "supply_headline", "In January 2024 3 % of the requirement is not met", "a month is short"),
    ],
)
def test_the_reader_finds_sentences_that_contradict_each_other(
    plain: dict[str, Any], kind: str, text: str, failure: str, tmp_path: Path
) -> None:
    found = altered(plain, tmp_path, lambda each, before: text if each == kind else before)
    assert any(each.startswith("'all sentences'") and failure in each for each in found), found
