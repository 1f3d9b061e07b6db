"""Shelf lives: closed cases, and what a planner counts by hand (rule 38)."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.account import Kind
from sim.errors import ArgumentError, ScenarioError
from sim.model.ledger import Ledger
from sim.reporting.input_tables import read_inputs
from sim.scenario.fingerprint import account_digest
from sim.scenario.lint import lint
from sim.scenario.loader import load_plain
from sim.scenario.number_listing import is_uncertain
from sim.scenario.scenario import Scenario
from tests.support.engine_comparison import account_of, run_differences

Plain = dict[str, Any]
SUPPLY, DEMAND = 200, 100


def scenario_of(days: int, shelf_life: str, depot: Plain, **sections: Any) -> Scenario:
    """Return a scenario of one munition, one depot and the sections given; it starts on 1 January."""
    start = dt.date(2023, 1, 1)
    munition = {"shelf_life": shelf_life, **sections.pop("munition", {})}
    plain: Plain = {
        "schema": 1,
        "start": start.isoformat(),
        "end": (start + dt.timedelta(days=days)).isoformat(),
        "munitions": {"shell": munition},
        "depots": {"store": depot},
        **sections,
    }
    return load_plain(plain, None)


def steady(issue: str, shelf_life: str, days: int) -> Ledger:
    """Return an account of a supply that is twice the demand."""
    return account_of(
        scenario_of(
            days,
            shelf_life,
            {"stock": 0, "issue": issue},
            production={"works": {"rate": f"{SUPPLY}/day"}},
            consumption={"front": {"rate": f"{DEMAND}/day"}},
        )
    )


def mixed_stock(life: int) -> float:
    """Return the closing stock where all ages are issued alike: of each day's supply a share is left."""
    level = float(SUPPLY * life)
    for _ in range(10_000):
        left = level / (level + DEMAND)
        level = SUPPLY * math.fsum(left ** (day + 1) for day in range(life))
    return level


@pytest.mark.parametrize(
    ("issue", "stock", "closing"),
    [
        # Cohorts of the last 50 days, less the fire of the last day from the oldest.
        ("fifo", SUPPLY * 50, SUPPLY * 50 - DEMAND),
        ("lifo", (SUPPLY - DEMAND) * 50, (SUPPLY - DEMAND) * 50),
        ("mixed", DEMAND * 50 / math.log(SUPPLY / (SUPPLY - DEMAND)), mixed_stock(50)),
    ],
)
def test_a_short_shelf_life_is_kept_to_the_day(issue: str, stock: float, closing: float) -> None:
    ledger = steady(issue, "50 days", 400)
    assert ledger.levels[0][-1] == pytest.approx(closing, rel=1e-9)
    assert abs(ledger.levels[0][-1] - stock) <= SUPPLY
    assert ledger.total(0, Kind.EXPIRED)[-1] == pytest.approx(SUPPLY - DEMAND, rel=1e-8)
    # With fifo, 99 days of fire have taken the supply of 49 and a half days; the rest of it is 50 days old.
    first = next(day for day, gone in enumerate(ledger.total(0, Kind.EXPIRED)) if gone > 0.0)
    assert first == (99 if issue == "fifo" else 50)


@pytest.mark.parametrize(("issue", "stock"), [("fifo", 73_000), ("lifo", 36_500), ("mixed", 52_658)])
def test_a_stock_that_expires_after_a_year_is_that_of_the_formula_to_a_cohort(
    issue: str, stock: float
) -> None:
    ledger = steady(issue, "365 days", 6 * 365)
    cohort = SUPPLY * 31
    year = range(-365, 0)
    assert abs(math.fsum(ledger.levels[0][day] for day in year) / 365 - stock) <= cohort
    expired = math.fsum(ledger.total(0, Kind.EXPIRED)[day] for day in year)
    assert abs(expired - 365 * (SUPPLY - DEMAND)) <= cohort


@pytest.mark.parametrize("issue", ["fifo", "lifo", "mixed"])
def test_a_new_stock_that_is_not_fired_within_its_life_expires_on_one_day(issue: str) -> None:
    depot = {"stock": "1M", "age": "0 days", "issue": issue}
    ledger = account_of(scenario_of(370, "365 days", depot, consumption={"front": {"rate": "1k/day"}}))
    expired = ledger.total(0, Kind.EXPIRED)
    assert [day for day, gone in enumerate(expired) if gone > 0.0] == [365]
    assert expired[365] == pytest.approx(635_000)
    # Expiry comes before fire, and takes all to exactly zero.
    assert ledger.levels[0][364:366] == [pytest.approx(635_000), 0.0]


def test_shares_by_age_expire_one_after_the_other_and_the_oldest_is_issued_first() -> None:
    ages = {"10 days": "50%", "0 days": "30%", "25 days": "20%"}
    ledger = account_of(
        scenario_of(40, "30 days", {"stock": "1k", "age": ages}, consumption={"front": {"rate": "10/day"}})
    )
    expired = {day: gone for day, gone in enumerate(ledger.total(0, Kind.EXPIRED)) if gone > 0.0}
    # Days 0 to 4 fire 50 of the 200 that are 25 days old, days 5 to 19 fire 150 of the 500, and so on.
    assert expired == {5: pytest.approx(150), 20: pytest.approx(350), 30: pytest.approx(200)}


def test_a_distribution_of_ages_is_spread_over_the_stock_and_not_drawn() -> None:
    depot = {"stock": "1k", "age": {"low": "0 days", "high": "20 days"}}
    scenario = scenario_of(30, "20 days", depot)
    ledger = account_of(scenario)
    assert ledger.drawn == {}
    expired = ledger.total(0, Kind.EXPIRED)
    # From 19.5 to 20 days old at the start, then a twentieth each day.
    assert expired[:3] == [pytest.approx(25), pytest.approx(50), pytest.approx(50)]
    assert math.fsum(expired) == pytest.approx(1000)


def test_shells_keep_their_age_on_the_way_to_another_depot_and_at_its_gate() -> None:
    scenario = load_plain(
        {
            "schema": 1,
            "start": "2023-01-01",
            "end": "2023-02-20",
            "munitions": {"shell": {"shelf_life": "30 days"}},
            "depots": {
                "rear": {"stock": "900", "age": {"20 days": "50%", "0 days": "50%"}, "issue": "lifo"},
                "front": {"stock": "100", "age": "0 days", "capacity": "400"},
            },
            "transfers": {
                "rail": {"from": "rear", "to": "front", "capacity": "600/day", "lead_time": "2 days"}
            },
        },
        None,
    )
    ledger = account_of(scenario)
    front, rear = 0, 1
    expired = [ledger.total(pair, Kind.EXPIRED) for pair in (front, rear)]
    # 600 leave on day 0: the 450 new ones and 150 of the old. 300 of them find room on day 2, three quarters
    # of them new; 300 wait at the gate. The other 300 old ones follow on day 1, and wait behind them.
    # On day 10 the 75 old ones at the front expire; those at the gate go in as there is room, and expire.
    assert not any(expired[rear])
    assert next(day for day, gone in enumerate(expired[front]) if gone > 0.0) == 10
    assert expired[front][10] == pytest.approx(75)
    assert math.fsum(expired[front]) == pytest.approx(1000)
    assert ledger.levels[front][29] > 0.0 == ledger.levels[front][-1]


def test_shipments_arrive_at_their_age() -> None:
    depot = {"stock": 0}
    supplier = {"deliveries": {"2023-01-02": "500"}, "lead_time": "3 days", "age": "20 days"}
    ledger = account_of(scenario_of(40, "30 days", depot, shipments={"ally": supplier}))
    assert [day for day, gone in enumerate(ledger.total(0, Kind.EXPIRED)) if gone > 0.0] == [14]
    assert ledger.levels[0][4:14] == [500.0] * 10


def test_expired_shells_may_join_the_unserviceable_and_come_back_new() -> None:
    scenario = scenario_of(
        100,
        "30 days",
        {"stock": "1k", "age": "20 days"},
        munition={"expired": "unserviceable"},
        refurbishment={"shop": {"rate": "200/day", "yield": "50%"}},
    )
    ledger = account_of(scenario)
    expired, refurbished = ledger.total(0, Kind.EXPIRED), ledger.total(0, Kind.REFURBISHED)
    assert expired[10] == 1000.0
    # From the next day on, since refurbishment is step 3 and expiry step 4.
    assert refurbished[11:17] == [pytest.approx(100)] * 5 + [0.0]
    assert expired[41:46] == [pytest.approx(100)] * 5


def test_a_shelf_life_may_be_drawn_and_varied() -> None:
    depot = {"stock": "90k", "age": {"low": "0 days", "high": "9 years"}}
    front = {"front": {"rate": "10/day", "daily_variation": "20%"}}
    scenario = scenario_of(400, "8 years", depot, consumption=front)
    drawn = scenario.replace({"munitions.shell.shelf_life": {"low": "4 years", "high": "9 years"}})
    assert run_differences(drawn, 3, [0, 1, 2]) == []
    found = sim.sweep(scenario, {"munitions.shell.shelf_life": ["8 years", "5 years"]}, runs=2)
    some, more = found.table["expired_mean"]
    for shelf_life, expired in (("8 years", some), ("5 years", more)):
        alone = sim.run(scenario.replace({"munitions.shell.shelf_life": shelf_life}), runs=2)
        assert expired == pytest.approx(alone.outcomes["expired"].mean(), rel=1e-12)
    assert more > some > 0.0


CITED = "https://example.org/ages"


@pytest.mark.parametrize(
    ("age", "listed", "drawn"),
    [
        (
            {"low": "0 days", "high": "9 years", "source": CITED, "note": "a guess"},
            {"depots.store.age": ("{low: 0 days, high: 9 years}", "a guess")},
            "spread (value: median)",
        ),
        (
            {"1 year": {"value": "60%", "source": CITED, "note": "a guess"}, "5 months": "40%"},
            {"depots.store.age.1 year": ("60%", "a guess"), "depots.store.age.5 months": ("40%", None)},
            "spread",
        ),
    ],
)
def test_the_ages_of_a_stock_are_listed_with_their_sources(
    age: Plain, listed: dict[str, tuple[str, str | None]], drawn: str, tmp_path: Path
) -> None:
    store = {"stock": "1k", "age": age}
    both = {"other": {"shelf_life": "9 years"}, "shell": {"shelf_life": "9 years"}}
    for munitions, stock in ((None, "1k"), (both, {"shell": "1k", "other": "1k"})):
        more = {"munitions": munitions} if munitions else {}
        scenario = scenario_of(9, "9 years", {**store, "stock": stock}, **more)
        sim.run(scenario, runs=1, engine="simpy").save(tmp_path / str(len(more)))
        tables = read_inputs(tmp_path / str(len(more)))
        rows = tables.inputs[tables.inputs["path"].str.startswith("depots.store.age")]
        found = {row["path"]: (row["as written"], row["note"]) for _, row in rows.iterrows()}
        assert (found, len(rows)) == (listed, len(listed))
        assert set(rows["drawn"]) == {drawn}
        assert rows["sources"].iloc[0] == CITED
        assert list(tables.sources["source"]) == [CITED]
        assert not is_uncertain(scenario)


def test_the_digest_of_the_account_has_neither_the_place_nor_the_source_of_an_age() -> None:
    ages = ({"low": "0 days", "high": "20 days"}, {"high": "20 days", "low": "0 days", "source": CITED})
    one, other = (account_digest(scenario_of(9, "9 years", {"stock": "1k", "age": age})) for age in ages)
    assert one == other


def test_ages_of_a_spread_are_varied_and_not_solved_for() -> None:
    depot = {"stock": "1k", "age": {"low": "0 days", "high": "2 years"}}
    scenario = scenario_of(9, "2 years", depot, consumption={"front": {"rate": "10/day"}})
    with pytest.raises(ArgumentError, match=r"are not solved for; allowed: --vary depots\.store\.age="):
        sim.breakeven(scenario, "depots.store.age", runs=1)
    assert len(sim.sweep(scenario, {"depots.store.age": ["1 year", "2 months"]}, runs=1).table) == 2


def test_a_file_without_shelf_lives_says_nothing_of_expiry() -> None:
    plain: Plain = {
        "schema": 1,
        "start": "2023-01-01",
        "end": "2023-01-09",
        "depots": {"store": {"stock": 9}},
    }
    result = sim.run(load_plain(plain, None), runs=2)
    assert "expired" not in result.outcomes
    assert "expired" not in set(result.flows["kind"])


def test_a_stock_of_which_a_part_has_expired_at_the_start_is_a_warning() -> None:
    front = {"front": {"rate": "10/day"}}
    ages = {"3 years": "25%", "1 year": "75%"}
    (warning,) = lint(scenario_of(9, "2 years", {"stock": "1k", "age": ages}, consumption=front))
    assert warning.problem.startswith("25.0% of the stock of shell is past its shelf life, 2 years")
    assert lint(scenario_of(9, "4 years", {"stock": "1k", "age": ages}, consumption=front)) == []


@pytest.mark.parametrize(
    ("shelf_life", "age"),
    [
        ("35 days", {"low": "0 days", "high": "60 days"}),
        ("35 days", {"34 days": "30%", "35 days": "70%"}),
        ("34.6 days", {"34 days": "30%", "35 days": "70%"}),
        # A cohort is a month here: what was made in the middle of one is as old as its first day.
        ("200 days", {"190 days": "40%", "150 days": "60%"}),
        ("200 days", {"low": "150 days", "high": "260 days"}),
        ({"low": "20 days", "high": "30 days"}, {"low": "0 days", "high": "60 days"}),
    ],
)
def test_the_warning_names_the_share_that_expires_on_the_first_day(shelf_life: Any, age: Plain) -> None:
    scenario = scenario_of(3, shelf_life, {"stock": "1k", "age": age}, consumption={"c": {"rate": "1/year"}})
    (warning,) = lint(scenario)
    longest = shelf_life["high"] if isinstance(shelf_life, dict) else shelf_life
    ledger = account_of(scenario.replace({"munitions.shell.shelf_life": longest}))
    share = ledger.total(0, Kind.EXPIRED)[0] / 1000
    assert warning.problem.startswith(f"{share:.1%} of the stock of shell is past its shelf life")


@pytest.mark.parametrize(
    ("shelf_life", "age"),
    [
        ("35 days", "35 days"),
        ("35 days", {"35 days": "50%", "36 days": "50%"}),
        ("200 days", "190 days"),
        ("35 days", {"low": "35 days", "high": "50 days"}),
    ],
)
def test_a_stock_of_which_all_expires_on_the_first_day_is_a_fault(shelf_life: str, age: Any) -> None:
    with pytest.raises(ScenarioError, match="all of the stock of shell is past its shelf life"):
        scenario_of(9, shelf_life, {"stock": "1k", "age": age})
    assert scenario_of(9, "201 days", {"stock": "1k", "age": "170 days"}).days == 9


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"depots.store.age": None}, "the age of its stock is missing"),
        ({"depots.store.age": "9 years"}, "all of the stock of shell is past its shelf life, 2 years"),
        ({"depots.store.age": {"1 year": "60%", "5 months": "30%"}}, "the shares of the ages add up to 0.9"),
        ({"depots.store.age": {"soon": "100%"}}, "'soon' is no age"),
        ({"depots.store.age": {"1.5 years": "100%"}}, "a key has no point"),
        ({"depots.store.age": {"1 year": {"low": "0%", "high": "9%"}}}, "ages are not drawn"),
        ({"depots.store.issue": "oldest"}, "'oldest' is not known here"),
        ({"munitions.shell.shelf_life": None}, "no munition has a shelf_life"),
        ({"munitions.shell.shelf_life": "20"}, "it has no unit"),
        ({"munitions.shell.shelf_life": "1 h"}, "less than a shelf life can be"),
        ({"munitions.shell.expired": "burnt"}, "'burnt' is not known here"),
        ({"shipments.ally.age": "3 years"}, "shell arrives past its shelf life"),
        ({"shipments.ally.age": "2 years"}, "shell arrives past its shelf life"),
    ],
)
def test_a_mistake_about_ages_is_one_clear_message(changes: Plain, words: str) -> None:
    supplier = {"ally": {"deliveries": {"2023-01-02": "500"}, "lead_time": "3 days"}}
    scenario = scenario_of(9, "2 years", {"stock": "1k", "age": "1 year"}, shipments=supplier)
    with pytest.raises(ScenarioError) as caught:
        scenario.replace(changes)
    assert [fault for fault in caught.value.faults if words in fault.problem], str(caught.value)
    assert len(caught.value.faults) == 1
