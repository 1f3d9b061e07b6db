"""Sizing: the smallest number that meets a service level, by closed form and by the runs themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.errors import ArgumentError
from sim.study import read_breakeven
from tests.support.known_result import figure_text

Plain = dict[str, Any]
DAYS = 100
#: A front is served before training; 100 and 50 a day are required, and 30 come in.
PLAIN: Plain = {
    "schema": 1,
    "title": "By hand",
    "start": "2026-01-01",
    "end": "2026-04-11",
    "thresholds": [],
    "depots": {"d": {"stock": "5000"}},
    "production": {"works": {"rate": "30/day"}},
    "consumption": {
        "front": {"rate": "100/day", "priority": 1, "label": "The front"},
        "training": {"rate": "50/day", "priority": 2, "backlog": True},
    },
}
STOCK = "depots.d.stock"


@pytest.mark.parametrize(
    ("of", "level", "amount", "exact", "clause"),
    [
        # 3,000 come in. When the stock is gone, after S / 120 days, the front takes all 30 of a day, and
        # training waits for 50 more each day: for 1,000 in the end if 9,600 lie in store.
        ("fired", "12k", 12_000, 9_000, "at least 12,000 shells are fired"),
        ("backlog.training", "1k", 1_000, 9_600, "at most 1,000 shells of the requirement of Training wait"),
        ("closing_stock", "500", 500, 12_500, "at least 500 shells are left after the last day"),
        ("met.front", "90%", 0.9, None, "at least 90 % of the requirement of The front is met"),
        ("fired.front", "9k", 9_000, None, "at least 9,000 shells are fired by The front"),
        (
            "unmet.training",
            "2k",
            2_000,
            None,
            "at most 2,000 shells of the requirement of Training are not met",
        ),
    ],
)
def test_the_smallest_stock_that_meets_an_amount(
    of: str, level: str, amount: float, exact: float | None, clause: str
) -> None:
    found = sim.breakeven(PLAIN, STOCK, of=of, level=level)
    assert found.value is not None
    if exact is not None:
        assert found.value == pytest.approx(exact, rel=2e-6)
    assert clause in found.sentences[0]
    # The runs themselves: met at the value, and not a little below it.
    for value, is_met in ((found.value, True), (found.value * (1 - 1e-4), False)):
        plain = {**PLAIN, "depots": {"d": {"stock": repr(value)}}}
        own = float(sim.run(plain, runs=1, engine="simpy", jobs=1).outcomes[of].iloc[0])
        at_most = of.split(".")[0] in {"backlog", "unmet"}
        assert (own <= amount * (1 + 1e-9) if at_most else own >= amount * (1 - 1e-9)) is is_met


def test_the_share_of_all_demand_is_that_of_all_consumers() -> None:
    plain = {**PLAIN, "consumption": {"front": {"rate": "100/day"}}, "production": {}}
    found = sim.breakeven(plain, STOCK, of="met", level=0.98)
    assert found.value == pytest.approx(0.98 * 100 * DAYS, rel=2e-6)
    assert found.findings[0].values["level"] == 0.98
    assert found.sentences[0] == (
        "Opening stock at D: with 9,800 shells or more at least 98 % of the requirement is met."
    )


def test_the_cost_is_at_most_an_amount_of_money() -> None:
    plain = {
        **PLAIN,
        "currency": "EUR",
        "consumption": {"front": {"rate": "10/day"}},
        "production": {},
        "orders": {"works": {"order_up_to": "500", "unit_cost": "100 EUR"}},
    }
    # Each day's 10 are bought at 100 EUR the day after, on 99 days, and the first order fills up to 500.
    plain["depots"] = {"d": {"stock": "500"}}
    found = sim.breakeven(plain, "consumption.front.rate", of="spent", level="49.5k EUR")
    assert found.value == pytest.approx(49_500 / 100 / 99, rel=2e-6)
    assert "the money spent on orders is at most 49,500 EUR" in found.sentences[0]
    assert "5 shells a day or less" in found.sentences[0]


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"of": "met"}, "'met' needs a level; allowed: a level that it is at least, such as 98%"),
        ({"of": "exhausted", "level": "5"}, "'exhausted' takes no level"),
        ({"of": "met.frnt", "level": "98%"}, "did you mean 'met.front'"),
        ({"of": "met", "level": "5k"}, "level: '5k' is more than a share can be"),
        ({"of": "met", "level": "98%", "until": "2026-02-01"}, "met counts over all days"),
        ({"of": "cost", "level": "5 EUR"}, "'cost' takes no level"),
        ({"until": "war + 30 days"}, "until: 'war' is no event|unknown event 'war'"),
    ],
)
def test_a_level_that_cannot_be_met_is_refused(asked: Plain, problem: str) -> None:
    with pytest.raises(ArgumentError, match=problem):
        sim.breakeven(PLAIN, STOCK, **asked)


#: 100 a day from a war on, 10 come in: the stock needed for d days of war is 90 d.
WAR: Plain = {
    **PLAIN,
    "end": "2027-01-01",
    "depots": {"d": {"stock": "1000"}},
    "production": {"works": {"rate": {"by_date": {"2026-01-01": "0/day", "war": "10/day"}}}},
    "consumption": {"front": {"rate": {"by_date": {"2026-01-01": "0/day", "war": "100/day"}}}},
    "events": {"war": {"date": {"low": "2026-02-01", "high": "2026-08-01"}, "label": "The war"}},
}


def test_a_period_ends_with_an_event_of_each_run(tmp_path: Path) -> None:
    found = sim.breakeven(WAR, STOCK, of="unmet", until="war+30 days", holds=1.0, runs=20)
    assert found.value == pytest.approx(90 * 30, rel=2e-6)
    assert "until 30 days after The war in every run" in found.sentences[0]
    assert found.summary()["until"] == "war + 30 days"
    saved = read_breakeven(found.save(tmp_path / "answer"))
    figure = sim.charts.breakeven(saved)
    assert "30 days after The war" in figure_text(figure)
    before = sim.breakeven(WAR, STOCK, of="unmet", until="war", holds=1.0, runs=20, bounds=("1", "1k"))
    assert before.sentences[0].startswith(
        "Opening stock at D: the requirement is met until The war in every run, whatever the value"
    )


def test_a_period_that_ends_after_the_run_is_refused() -> None:
    with pytest.raises(ArgumentError, match=r"war \+ 1 year is after 2027-01-01 in 20 of 20 runs"):
        sim.breakeven(WAR, STOCK, until="war + 1 year", runs=20)


def test_more_than_ten_thousand_runs_list_their_consumers() -> None:
    # From here on daily tables are counted in bins: means are exact, quantiles to a thousandth of the range.
    plain = {**PLAIN, "end": "2026-01-05", "depots": {"d": {"stock": {"low": "0", "high": "600"}}}}
    result = sim.run(plain, runs=10_001, jobs=1)
    level = result.outcomes["depots.d.stock"].to_numpy()
    waiting, required = np.zeros_like(level), 150.0 * 4
    unmet = {"front": 0.0 * level, "training": 0.0 * level}
    daily: dict[tuple[int, str], Any] = {}
    for day in range(4):
        level = level + 30.0
        front = np.minimum(level, 100.0)
        given = np.minimum(level - front, waiting + 50.0)
        served = np.minimum(given, waiting)
        daily[day, "front"] = front
        daily[day, "training"] = given
        unmet["front"] += 100.0 - front
        unmet["training"] += 50.0 - (given - served)
        waiting = waiting + 50.0 - given
        level = level - front - given
    assert result.outcomes["met.front"].to_numpy() == pytest.approx(1 - unmet["front"] / 400)
    assert result.outcomes["unmet.training"].to_numpy() == pytest.approx(unmet["training"])
    assert result.outcomes["backlog.training"].to_numpy() == pytest.approx(waiting)
    assert (result.outcomes["required"] == required).all()
    table = result.consumers
    for (day, consumer), values in daily.items():
        date = f"2026-01-0{day + 1}"
        rows = table[(table["date"].astype(str) == date) & (table["consumer"] == consumer)]
        row = rows[rows["kind"] == "fired"].iloc[0]
        assert row["mean"] == pytest.approx(values.mean())
        assert row["p50"] == pytest.approx(np.quantile(values, 0.5, method="inverted_cdf"), abs=0.4)
