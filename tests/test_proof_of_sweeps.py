"""Findings of sweeps and headlines of their charts agree with the tables."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.findings.sweep_findings import line_headline
from sim.study.sweep_result import read_sweep
from tests.support.awkward_sweeps import (
    NEED,
    RATE,
    STOCK,
    SWEEP_PLACES,
    SWEEP_ROUND,
    Swept,
    prove_sweeps,
    save_sweep,
    sentences_of,
)
from tests.support.sweep_reader import read_sweep_folder

SUPPORT = Path(__file__).parent / "support"
CASES = 2 * SWEEP_ROUND


def test_no_sentence_of_a_sweep_says_what_its_tables_do_not_bear_out() -> None:
    proof = prove_sweeps(range(CASES))
    assert proof.failures == []
    assert proof.scenarios == CASES
    assert set(proof.places) >= set(SWEEP_PLACES) - {"no point", "one point"}


def test_the_reader_shares_no_code_with_what_it_reads() -> None:
    for name in ("sweep_reader", "claims"):
        text = (SUPPORT / f"{name}.py").read_text()
        imports = re.findall(r"^\s*(?:from|import) (\S+)", text, re.MULTILINE)
        assert imports
        assert not [module for module in imports if module.split(".")[0] == "sim"]


#: 40 runs that open with 50, 100 and so on; 50 a day arrive, 100 are required, for twenty days.
PLAIN: dict[str, Any] = {
    "schema": 1,
    "title": "By hand",
    "start": "2024-01-01",
    "end": "2024-01-21",
    "thresholds": [],
    "depots": {"d": {"stock": "0"}},
    "production": {"plant": {"rate": "50/day"}},
    "consumption": {"front": {"rate": "100/day"}},
}
SWEEPS: dict[str, dict[str, list[float]]] = {
    "output": {RATE: [0.0, 40.0, 80.0, 120.0]},
    "little": {RATE: [0.0, 10.0]},
    "need": {NEED: [40.0, 80.0, 160.0]},
    "much": {NEED: [300.0, 400.0]},
    "few": {NEED: [10.0, 20.0]},
    "both": {RATE: [40.0, 80.0], NEED: [80.0, 100.0]},
    "orders": {
        "orders.works.order_up_to": [150.0, 250.0, 400.0, 700.0],
        "orders.works.unit_cost": [1e3, 2e3],
    },
    "service": {"orders.works.order_up_to": [150.0, 250.0, 400.0, 700.0]},
}
#: The same fire by two consumers of one rank after the other, with orders in place of output.
ORDERED = {
    "currency": "EUR",
    "production": None,
    "depots": {"d": {"stock": "200", "holding_cost": "500 EUR/year"}},
    "orders": {
        "works": {
            "order_up_to": "400",
            "unit_cost": "1k EUR",
            "lead_time": {"low": "1 day", "high": "4 days"},
        }
    },
    "consumption": {
        "front": {"rate": "70/day", "daily_variation": "40%", "priority": 1, "label": "The front"},
        "rear": {"rate": "30/day", "priority": 2, "backlog": True},
    },
}


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a maker of folders of the sweeps above."""
    folder = tmp_path_factory.mktemp("sweeps")
    draws = folder / "draws.csv"
    draws.write_text("\n".join([STOCK, *(str(50 * n) for n in range(1, 41))]) + "\n", "ascii")
    made: dict[str, Path] = {}

    def make(name: str) -> Path:
        if name not in made:
            plain = {**PLAIN, **ORDERED} if name in {"orders", "service"} else {**PLAIN, "draws": str(draws)}
            case = Swept({key: part for key, part in plain.items() if part}, SWEEPS[name], 40)
            made[name] = save_sweep(case, folder / name)
        return made[name]

    return make


@pytest.mark.parametrize(
    ("name", "said", "instead", "failure"),
    [
        # With 52.5 a day, 19,180 a year, 20 of 40 runs end with a day of supply.
        ("output", "with 19,180", "with 19,190", "the value is 19175.6"),
        ("output", "shells a year or more", "shells a year or less", "it rises: True"),
        ("output", "shells a year or more", "shells a day or more", "the unit is"),
        ("output", "half of the runs", "95 % of the runs", "the share is 0.5"),
        ("output", "21 Jan", "20 Jan", "the end is"),
        ("output", "The stock lasts", "Every stock lasts", "the outcome is exhausted"),
        ("output", "(Output, Plant)", "(Output, Works)", "the paths are"),
        ("output", "with 19,180", "with about 19,180", "no rule of the grammar"),
        ("output", "value: 1", "value: 2", "the lower end is"),
        ("output", "from between 14.6k", "from between 15.6k", "the value below is"),
        ("output", "from between", "up to between", "it rises: True"),
        ("output", "Shells produced", "Shells fired", "the heading is Shells produced"),
        ("output", "2,400 shells with 43.8k", "2,500 shells with 43.8k", "the median is 2400"),
        ("output", "2,000 shells at every point", "2,010 shells at every point", "the median is 2000"),
        ("output", "over the last 20 days", "over the last 90 days", "the heading is"),
        ("little", "in less than half of the runs", "in no run", "the shares are"),
        ("little", "at every point", "at every point that could be run", "all points could be run"),
        ("need", "can be sustained", "or less can be sustained", "the unit is"),
        ("need", ", 5", ", 6", "the rate is"),
        ("much", "Not even 300", "Even 400", "the share is"),
        ("much", "Not even 300", "Not even 400", "the value is 300"),
        ("much", "in any run", "in half of the runs", "the part is"),
        ("few", "2024 in every run", "2024 in at least half of the runs", "the part is"),
        ("both", "At 100 ", "At 110 ", "its own value is 100"),
        ("both", "shells a day (Req", "shells a year (Req", "the unit is"),
        ("both", "from 1", "from 2", "the median is"),
        ("orders", "4 of 8", "3 of 8", "4 are dominated"),
        ("orders", "are dominated", "are dominated, all with overlapping intervals", "the intervals of 0"),
        ("orders", "1,000 EUR, ", "2,000 EUR, ", "the value is 1000"),
        (
            "orders",
            "requirement of The front is met",
            "requirement of Rear is met",
            "the consumer is The front",
        ),
        ("service", "no point is", "no point that could be run is", "all points could be run"),
        ("service", " EUR with 150", " EUR with 160", "the value is 150"),
        (
            "service",
            "Total cost, median of the runs: 1",
            "Total cost, median of the runs: 2",
            "the median is",
        ),
        ("service", "Backlog of Rear", "Backlog of The front", "the heading is"),
        ("service", "by The front", "by Rear", "the heading is"),
        ("service", "requirement of The front is met", "requirement of The front is missed", "no rule"),
    ],
)
def test_the_reader_finds_a_false_sentence(
    swept: Callable[[str], Path], name: str, said: str, instead: str, failure: str
) -> None:
    folder = swept(name)
    sentences = sentences_of(read_sweep(folder))
    assert read_sweep_folder(folder, sentences).failures == []
    changed = [each._replace(sentence=each.sentence.replace(said, instead)) for each in sentences]
    assert changed != sentences, [each.sentence for each in sentences]
    found = read_sweep_folder(folder, changed).failures
    assert any(failure in each for each in found), found


def test_the_reader_finds_a_solved_value_beside_its_points(
    swept: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = swept("output")
    for each in folder.iterdir():
        text = each.read_bytes()
        if each.name == "sweep.csv":
            lines = text.decode().splitlines()
            place = lines[0].split(",").index("exhausted_share")
            cells = lines[3].split(",")
            cells[place] = "0.75"
            text = "\n".join([*lines[:3], ",".join(cells), *lines[4:], ""]).encode()
        (tmp_path / each.name).write_bytes(text)
    headline = sentences_of(read_sweep(folder))[:1]
    assert any("at 80.0 the share is 0.25" in each for each in read_sweep_folder(tmp_path, headline).failures)


def test_points_that_could_not_be_run_are_left_out_by_name() -> None:
    depot = {"stock": "100", "capacity": "500"}
    plain = {**PLAIN, "depots": {"d": depot}}
    found = sweep_of(plain, {STOCK: [100.0, 900.0]})
    assert line_headline(found, "exhausted").sentence == (
        "Day on which the stock runs out: 1 January 2024 at every point that could be run"
    )
    assert line_headline(found, "required").sentence == (
        "Shells required: 2,000 shells at every point that could be run"
    )


def test_a_median_that_differs_between_equal_ends_is_no_single_value() -> None:
    # A lot that comes before the fire at the depot is lost with it; one that comes late is left at the end.
    lot = {"deliveries": {"2024-01-03": "5000"}, "lead_time": "1 day"}
    fire = {"at": "d", "date": "2024-01-10", "destroys": "100%"}
    plain = {**PLAIN, "shipments": {"ally": lot}, "events": {"fire": fire}}
    plain.pop("production")
    found = sweep_of(plain, {"shipments.ally.lead_time": [1.0, 10.0, 40.0]})
    medians = found.table["closing_stock_p50"].tolist()
    assert medians[0] == medians[2] == 0.0 < medians[1]
    sentence = line_headline(found, "closing_stock").sentence
    assert "at every point" not in sentence
    assert sentence.startswith("Stock at the end: 0 shells with 1 day, 0 shells with 40")


def test_a_sweep_has_the_noun_and_verb_of_its_munition_and_the_days_of_its_period() -> None:
    plain = {
        **PLAIN,
        "munitions": {"kit": {"noun": "blanket"}},
        "consumption": {"front": {"rate": "150/year", "verb": "hands out"}},
        "production": {"plant": {"rate": "100/year"}},
    }
    found = sweep_of(plain, {NEED: ["100/year", "150/year"]})
    fired = line_headline(found, "fired").sentence
    assert fired == "Blankets handed out: 5.48 blankets at every point"
    fire = line_headline(found, "sustained_fire").sentence
    assert fire.startswith("Blankets handed out a day over the last 20 days: ")


def sweep_of(plain: dict[str, Any], vary: dict[str, Any]) -> Any:
    """Return a sweep of one run in memory."""
    from sim.study.sweep import sweep

    return sweep(plain, vary, runs=1, jobs=1)
