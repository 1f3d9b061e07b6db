"""Of several depots one has a consumer: each sentence about its dates names it, with dates by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import sim
from sim.charts import days_of_supply, line, survival
from sim.names import Names, merge_names
from tests.support.known_result import figure_text

#: 100 shells at the depot with the consumer, and nothing comes from the other: 10 a day last for ten days.
#: After nine days one day of supply is left, and after the tenth, 10 January, none.
PLAIN: dict[str, Any] = {
    "schema": 1,
    "title": "A reserve that stays",
    "start": "2024-01-01",
    "end": "2024-01-31",
    "thresholds": [5],
    "depots": {"reserve": {"stock": "5k"}, "forward": {"stock": "100"}},
    "consumption": {"front": {"rate": "10/day", "at": "forward"}},
}
DRAWN = {**PLAIN, "consumption": {"front": {"rate": {"low": "9.9/day", "high": "10.1/day"}, "at": "forward"}}}


def sentences(found: Any) -> dict[str, str]:
    return {f"{one.kind} {one.label}".strip(): one.sentence for one in found.findings}


def test_a_run_says_which_stock_runs_out() -> None:
    said = sentences(sim.run(PLAIN))
    assert said["runs_out Runs out"] == "Forward: on 10 Jan 2024"
    assert said["below_5 Below 5 days"] == "Forward: on 6 Jan 2024"
    assert said["opening_stock Opening stock"] == "5,100 shells, in all depots"
    assert said["closing_stock Closing stock"] == "5,000, in all depots"
    assert said["drawdown_headline"].startswith("Forward: the stock runs out on 10 January 2024; ")


def test_one_of_several_munitions_is_named_with_its_depot() -> None:
    plain = {
        **PLAIN,
        "munitions": {"152mm": {"label": "152 mm"}, "122mm": {}},
        "depots": {"reserve": {"stock": {"122mm": "5k"}}, "forward": {"stock": {"152mm": "100"}}},
        "consumption": {"front": {"rate": {"152mm": "10/day"}, "at": "forward"}},
    }
    result = sim.run(plain)
    assert sentences(result)["runs_out Runs out"] == "152 mm at Forward: on 10 Jan 2024"
    title = str(survival(result).get_label())
    assert title == "The stock of 152 mm at Forward runs out on 10 January 2024"


def test_the_charts_of_a_run_name_it() -> None:
    result = sim.run(PLAIN)
    assert str(survival(result).get_label()) == "The stock at Forward runs out on 10 January 2024"
    cover = str(days_of_supply(result).get_label())
    assert cover.startswith("Forward: the stock falls below 5 days of supply")
    assert "Shells in stock: Forward" in figure_text(sim.charts.drawdown([result, result]))


def test_studies_name_it() -> None:
    asked = sim.sweep(PLAIN, {"consumption.front.rate": ["2/day", "10/day"]})
    # One day of supply is left on the last of 30 days: 100 / 31.
    title = "The stock at Forward lasts until 31 Jan 2024 in half of the runs with 3.226 shells a day or less"
    assert str(line(asked).get_label()).startswith(title)
    answer = sim.breakeven(PLAIN, "consumption.front.rate", of="below_5")
    assert "at least 5 days of supply are left at Forward until 31 Jan 2024" in answer.findings[0].sentence
    # 100 shells and five days of supply left on 30 January, after 30 days: 100 / 35.
    assert answer.table["value"].iloc[0] == pytest.approx(100 / 35, rel=1e-5)
    analysis = sim.sensitivity(DRAWN, method="tornado", runs=50)
    assert "run-out date at Forward" in analysis.findings[0].sentence


def test_a_comparison_names_it(tmp_path: Path) -> None:
    more = {**PLAIN, "title": "More", "depots": {**PLAIN["depots"], "forward": {"stock": "150"}}}
    found = sim.compare([PLAIN, more])
    assert found.findings[0].sentence.startswith("More: the stock at Forward lasts 5 days longer")
    labels = {one.label for one in found.findings}
    assert {"The stock at Forward runs out", "Below 5 days of supply at Forward"} <= labels


def test_the_name_is_stored_and_only_that_of_the_same_stock() -> None:
    names = sim.run(PLAIN).names
    assert Names.from_json(names.to_json()) == names
    assert names.the_stock == "the stock at Forward"
    other = Names(stock={"depot": "reserve"})
    assert merge_names([names, names]).the_stock == "the stock at Forward"
    assert merge_names([names, other]).the_stock == "the stock"
    assert Names().the_stock == "the stock"
