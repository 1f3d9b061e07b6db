"""Headlines of all charts of a run agree with the tables of its folder."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.simulate import run
from tests.support.folder_figures import RunFolder
from tests.support.gallery_proof import (
    ESTIMATES,
    SCENARIOS,
    WITH_LEGS,
    headline_of,
    prove_gallery,
    prove_gallery_of,
    prove_published,
)
from tests.support.gallery_reader import GRAMMAR, read_gallery
from tests.support.published_reader import read_published

SUPPORT = Path(__file__).parent / "support"
CASES = 10


def test_no_headline_says_what_the_tables_do_not_bear_out() -> None:
    proof = prove_gallery(range(CASES))
    assert proof.failures == []
    kinds = {kind.partition(":")[0] for kind in proof.kinds}
    assert kinds == set(GRAMMAR)


@pytest.mark.parametrize("file", WITH_LEGS)
def test_no_headline_of_voyages_in_legs_is_false(file: str) -> None:
    proof = prove_gallery_of(SCENARIOS / file, runs=3)
    assert proof.failures == []
    # Consumers have no priority there, and no chart of service; nor has money one.
    assert proof.sentences == len(GRAMMAR) - 2


def test_no_headline_of_published_claims_is_false() -> None:
    proof = prove_published()
    assert proof.failures == []
    assert {"claims: one", "claims: several"} <= set(proof.kinds)


@pytest.mark.parametrize("name", ["gallery_reader", "published_reader"])
def test_the_reader_shares_no_code_with_what_it_reads(name: str) -> None:
    text = (SUPPORT / f"{name}.py").read_text()
    imports = re.findall(r"^\s*(?:from|import) (\S+)", text, re.MULTILINE)
    assert imports
    assert not [module for module in imports if module.split(".")[0] == "sim"]


#: 100 a day from 1,000 shells, and a lot of 300 on the sixth day: gone on the thirteenth day of twenty.
PLAIN: dict[str, Any] = {
    "schema": 1,
    "title": "By hand",
    "start": "2024-01-01",
    "end": "2024-01-21",
    "thresholds": [7],
    "depots": {"d": {"stock": "1000"}},
    "shipments": {"ally": {"deliveries": {"2024-01-02": "300"}, "lead_time": "4 days"}},
    "consumption": {"front": {"rate": "100/day"}},
}

#: The same with 100 ordered each day at 3 EUR, and 250 shells held on the average at 0.2 EUR a day.
PAID = {
    **PLAIN,
    "currency": "EUR",
    "budget": {"rate": "365.25k EUR/year"},
    "depots": {"d": {"stock": "1000", "holding_cost": "0.2 EUR/day"}},
    "orders": {"works": {"order_up_to": "1000", "unit_cost": "3 EUR"}},
}

#: The same fire by two consumers, each met in 65 %.
RANKED = {
    **PLAIN,
    "consumption": {"front": {"rate": "60/day", "priority": 1}, "rear": {"rate": "40/day", "priority": 2}},
}


@pytest.mark.parametrize(
    ("kind", "said", "instead", "failure"),
    [
        ("survival", "13 January", "12 January", "the date is 2024-01-13"),
        ("survival", "runs out on", "may run out on", "no rule of the grammar"),
        ("survival", "runs out on", "falls below one day of supply on", "a stock is only low: False"),
        ("cumulative", "2,000 shells", "2,010 shells", "the requirement is 2000"),
        ("cumulative", "1,300 fired", "1,310 fired", "what is fired is 1300"),
        ("cumulative", "2,000 shells", "2,000 blankets", "the noun is shells"),
        ("cumulative", "20 January", "21 January", "the last day is"),
        ("days-of-supply", "below 7 days", "below 6 days", "the limits are"),
        ("days-of-supply", "on 4 January", "on 5 January", "the day below 7.0"),
        ("mix", "77 %", "78 %", "the share is 0.769"),
        ("service", "65 %", "66 %", "the share is 0.65"),
        ("money", "the cost is 8", "the cost is 9", "the cost is 8"),
        ("money", "EUR", "USD", "the currency"),
        ("money", "for holding", "for shortage", "the costs are"),
        ("money", "of the budget", "of the supply", "no rule of the grammar"),
        ("account", "1,000 to", "1,010 to", "the opening is 1000"),
        ("account", "300 come in", "310 come in", "the inflow is 300"),
        ("account", "falls", "grows", "it goes from 1000"),
        ("timeline", "6 January", "7 January", "the first arrival is"),
        ("timeline", "; it is the only one", ", then at least one a day to 6 January 2024", "1 arrive"),
        ("pipeline", "At most 300", "At most 310", "the largest total is 300"),
        ("pipeline", "all of them", "98 % of them", "the share is 1"),
        ("pipeline", "under way", "at sea", "the stages are"),
        ("map", "300 shells", "310 shells", "what is under way is 300"),
        ("map", "On 2 January", "On 9 January", "the day is 2024-01-02"),
        ("map", "800 are", "810 are", "the stock is 800"),
        ("map", "all of them", "98 % of them", "the share is 1"),
        ("map", "from Ally", "at sea", "the largest is {'under way'}"),
    ],
)
def test_the_reader_finds_a_false_headline(
    kind: str, said: str, instead: str, failure: str, tmp_path: Path
) -> None:
    plain = {"service": RANKED, "money": PAID}.get(kind, PLAIN)
    result = run(plain, runs=1, jobs=1, engine="simpy")
    sentence = headline_of(kind, result)
    assert sentence is not None
    folder = result.save(tmp_path / "run")
    saved, voyages = RunFolder(folder), pd.read_csv(folder / "shipments.csv")
    assert read_gallery(saved, voyages, {kind: sentence}).failures == []
    changed = sentence.replace(said, instead, 1)
    assert changed != sentence, sentence
    found = read_gallery(saved, voyages, {kind: changed}).failures
    assert any(failure in each for each in found), found


def test_a_requirement_that_is_not_quite_met_is_not_said_to_be_met() -> None:
    # 1,999 of 2,000 shells: both are 2,000 to three figures.
    plain = {**PLAIN, "depots": {"d": {"stock": "1999"}}}
    plain.pop("shipments")
    assert headline_of("cumulative", run(plain, runs=1, jobs=1, engine="simpy")) == (
        "By 20 January 2024 2,000 shells are required and all but 1 fired; 2,000 were there or came in"
    )


def test_a_single_shell_is_no_shells() -> None:
    plain = {**PLAIN, "depots": {"d": {"stock": "1"}}, "consumption": {"front": {"rate": "0.05/day"}}}
    plain["shipments"] = {"ally": {"deliveries": {"2024-01-02": "1"}, "lead_time": "4 days"}}
    result = run(plain, runs=1, jobs=1, engine="simpy")
    assert headline_of("cumulative", result) == (
        "The 1 shell required by 20 January 2024 is fired; 2 were at hand"
    )
    assert headline_of("pipeline", result) == (
        "At most 1 shell is in the pipeline, on 2 January 2024, all of it under way (one run)"
    )
    assert headline_of("map", result) == (
        "On 2 January 2024 1 shell is under way, all of it from Ally; 1 is in store"
    )


def test_the_title_of_the_pipeline_is_about_a_bar_that_one_can_see() -> None:
    # Seven days with 100 shells from the second day on, six of them in the first week, and seven with 90.
    lots = {"2024-01-02": "100", "2024-02-05": "90"}
    plain = {**PLAIN, "end": "2025-01-01", "shipments": {"ally": {"deliveries": lots, "lead_time": "7 days"}}}
    result = run(plain, runs=1, jobs=1, engine="simpy")
    assert headline_of("pipeline", result, "slide") == (
        "At most 100 shells are in the pipeline, on 2 January 2024, all of them under way (one run)"
    )
    assert headline_of("pipeline", result, "column") == (
        "At most 90 shells are in the pipeline, on average in the week from 5 February 2024, all of them "
        "under way (one run)"
    )
    longer = run({**plain, "end": "2034-01-01"}, runs=1, jobs=1, engine="simpy")
    # 7 of 31 days with 100 are 22.6; 7 of 29 days with 90 are fewer.
    assert headline_of("pipeline", longer, "column") == (
        "At most 23 shells are in the pipeline, on average in January 2024, all of them under way (one run)"
    )


def test_other_origins_are_counted_and_the_largest_is_named(tmp_path: Path) -> None:
    # Eight suppliers bring 100 to 170, and all 1,080 are fired on the next day.
    lots = {
        f"land-{n}": {"deliveries": {"2024-01-01": repr(100 + 10 * n)}, "lead_time": "1 day"}
        for n in range(8)
    }
    plain = {**PLAIN, "depots": {"d": {"stock": "0"}}, "shipments": lots}
    plain["consumption"] = {"front": {"rate": "1080/day"}}
    result = run(plain, runs=1, jobs=1, engine="simpy")
    # 100 + 110 + 120 + 130 of 1,080 are 43 %, and 130 are 12 %.
    said = (
        "43 % of what is fired in January 2024 comes from 4 other origins, the largest of them Land 3 (12 %)"
    )
    assert headline_of("mix", result) == said
    saved, voyages = RunFolder(result.save(tmp_path / "run")), pd.DataFrame()
    assert read_gallery(saved, voyages, {"mix": said}).failures == []
    for true, false in (("4 other", "3 other"), ("Land 3", "Land 2"), ("12 %", "13 %")):
        assert read_gallery(saved, voyages, {"mix": said.replace(true, false)}).failures


def test_claims_that_agree_have_no_range() -> None:
    table = pd.read_csv(ESTIMATES).head(2)
    table = table.assign(quantity="rate", low=20.0, central=20.0, high=20.0, unit="shells/day")
    table = table.assign(munition="152mm")
    said = "2 claims on rate range from 20 to 20 shells a day"
    assert read_published(table, "rate", said).failures
    same = "2 claims on rate all give 20 shells a day"
    assert read_published(table, "rate", same).failures == []
    assert read_published(table.assign(munition=["152mm", "122mm"]), "rate", same).failures


def test_the_reader_finds_a_stock_that_does_not_run_out(tmp_path: Path) -> None:
    # Half a day of supply is there from the start, and each day brings what is required.
    met = {**PLAIN, "depots": {"d": {"stock": "50"}}, "production": {"works": {"rate": "100/day"}}}
    result = run(met, runs=1, jobs=1, engine="simpy")
    sentence = headline_of("survival", result)
    assert sentence == "The stock falls below one day of supply on 1 January 2024"
    saved = RunFolder(result.save(tmp_path / "run"))
    assert read_gallery(saved, pd.DataFrame(), {"survival": sentence}).failures == []
    wrong = sentence.replace("falls below one day of supply", "runs out")
    found = read_gallery(saved, pd.DataFrame(), {"survival": wrong}).failures
    assert any("a stock is only low: True" in each for each in found), found


@pytest.mark.parametrize(
    ("came", "said", "false"),
    [
        ("1999", "all but 1 fired", "all but 501 fired"),
        ("2500", "All 2,000 shells required by 20 January 2024 are fired", "All 2,010 shells required"),
    ],
)
def test_what_a_backlog_serves_later_is_fired_by_the_end(
    came: str, said: str, false: str, tmp_path: Path
) -> None:
    # Nothing is there on the first five days; on 6 January the 500 that wait are fired as well.
    lots = {"ally": {"deliveries": {"2024-01-02": came}, "lead_time": "4 days"}}
    waits = {**PLAIN, "depots": {"d": {"stock": "0"}}, "shipments": lots}
    waits["consumption"] = {"front": {"rate": "100/day", "backlog": True}}
    result = run(waits, runs=1, jobs=1, engine="simpy")
    sentence = headline_of("cumulative", result)
    assert sentence is not None
    assert said in sentence
    saved = RunFolder(result.save(tmp_path / "run"))
    assert read_gallery(saved, pd.DataFrame(), {"cumulative": sentence}).failures == []
    changed = sentence.replace(said[: len(false)], false)
    assert read_gallery(saved, pd.DataFrame(), {"cumulative": changed}).failures


def test_the_reader_finds_a_false_range_of_the_consumer_of_which_most_is_met(tmp_path: Path) -> None:
    # All that is made goes to the front: 30 of 60 a day in January, 45 in February, and none is left.
    made = {"works": {"rate": {"by_date": {"2024-01-01": "30/day", "2024-02-01": "45/day"}}}}
    ranked = {**RANKED, "end": "2024-03-01", "depots": {"d": {"stock": "0"}}, "production": made}
    ranked.pop("shipments")
    result = run(ranked, runs=1, jobs=1, engine="simpy")
    sentence = "In every month 0 % of the requirement of Rear is met; of that of Front 50 % to 75 %"
    assert headline_of("service", result) == sentence
    saved = RunFolder(result.save(tmp_path / "run"))
    assert read_gallery(saved, pd.DataFrame(), {"service": sentence}).failures == []
    for true, false in (("50 % to", "40 % to"), ("75 %", "74 %"), ("Front", "Front 50 % to 60 % or")):
        assert read_gallery(saved, pd.DataFrame(), {"service": sentence.replace(true, false)}).failures
