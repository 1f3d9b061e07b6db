"""Stocks of a whole number of days: rounding does not shift dates (rules 12, 13 and 30).

Expected values are those of exact arithmetic: N days of supply last N days for any unit of the rate. After
day d, N - 1 - d days of supply are left, an integer.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.account import Kind
from sim.engines.compiled_engine import CompiledEngine
from sim.engines.engine import BlockOfRuns
from sim.engines.simpy_engine import SimpyEngine
from sim.ensemble.engine import counters
from sim.ensemble.lowering import lower
from sim.ensemble.native.paths import current_path
from sim.outcomes import EXHAUSTED, RATIONED_FROM
from sim.results.block import Block
from sim.scenario.loader import load_plain
from sim.scenario.scenario import Scenario
from sim.units import parse
from tests.support.engine_comparison import run_compiled, run_differences
from tests.support.number_strategies import example_settings
from tests.support.scenario_builder import ScenarioBuilder
from tests.support.small_models import Plain, iso_date

MOST = 60
THRESHOLDS = [30, 15, 7, 3]
ENGINES = ("simpy", "compiled")
RATES = [
    *(f"{number}/month" for number in ("230k", "100k", "1", "7", "333", "1.1M", "40k", "0.3", "77777")),
    *(f"{number}/year" for number in ("2.5M", "1M", "3", "365", "1.7M", "999999", "100k", "0.1", "4.4M")),
    *(f"{number}/week" for number in ("70k", "100k", "1", "3", "12345", "0.7", "1.9M")),
    *(f"{number}/day" for number in ("10k", "7556.4681", "0.1", "1.1", "3.3")),
]


def depots_of(rate: str, **consumer: Any) -> Scenario:
    """Return a scenario with a depot for each number of days from 1 to `MOST`, in order."""
    names = [f"d{days:02d}" for days in range(1, MOST + 1)]
    plain: Plain = {
        "schema": 1,
        "start": iso_date(0),
        "end": iso_date(MOST + 5),
        "thresholds": THRESHOLDS,
        "depots": {name: {"stock": f"{days} days"} for days, name in enumerate(names, 1)},
        "consumption": {name: {"at": name, "rate": rate, **consumer} for name in names},
    }
    return load_plain(plain, None)


def block_of(engine: str, scenario: Scenario) -> Block:
    if engine == "simpy":
        return SimpyEngine(scenario).run(BlockOfRuns(1, range(1)))
    return CompiledEngine(lower(scenario), current_path()).run(BlockOfRuns(1, range(1)))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("rate", RATES)
def test_a_stock_of_so_many_days_lasts_so_many_days(engine: str, rate: str) -> None:
    found = block_of(engine, depots_of(rate))
    days = np.arange(1, MOST + 1)
    assert found.counters[RATIONED_FROM][0].tolist() == days.tolist()
    # Closing on day N - 2 is one day of supply, which is not less than one.
    assert found.counters[EXHAUSTED][0].tolist() == (days - 1).tolist()
    for cover in THRESHOLDS:
        assert found.counters[f"below_{cover}"][0].tolist() == np.maximum(0, days - cover).tolist()
    required, fired, unmet = (found.flows[kind][0] for kind in (Kind.REQUIRED, Kind.FIRED, Kind.UNMET))
    for depot, lasts in enumerate(days.tolist()):
        assert fired[depot, :lasts].tolist() == required[depot, :lasts].tolist()
        assert not unmet[depot, :lasts].any()
        assert unmet[depot, lasts:].tolist() == required[depot, lasts:].tolist()
        # An event that takes everything leaves exactly nothing (rule 10).
        assert not found.level[0, depot, lasts - 1 :].any()
    assert float(found.balance.max()) <= 1e-12


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("rule", ["proportional", "controlled"])
@pytest.mark.parametrize("rate", RATES[::3])
def test_rationing_begins_below_its_cover_in_whole_days(engine: str, rule: str, rate: str) -> None:
    cover = 10
    rationing = {"rule": rule, "cover": f"{cover} days"}
    found = block_of(engine, depots_of(rate, rationing=rationing))
    for depot, days in enumerate(range(1, MOST + 1)):
        # Before fire on day d there are N - d days of supply; the first with less than the cover is rationed.
        first = max(0, days - cover + 1)
        assert found.counters[RATIONED_FROM][0, depot] == first, days
        assert not found.flows[Kind.UNMET][0, depot, :first].any()
        if rule == "controlled":
            # No inflow, so no more fire.
            assert not found.flows[Kind.FIRED][0, depot, first:].any()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("rate", RATES[::2])
def test_a_controlled_front_that_is_supplied_in_full_is_never_rationed(engine: str, rate: str) -> None:
    """Below its cover it fires its share of the mean inflow, which is its requirement but for rounding."""
    plain: Plain = {
        "schema": 1,
        "start": iso_date(0),
        "end": iso_date(90),
        "depots": {"depot": {"stock": "3 days"}},
        "production": {"line": {"rate": rate}},
        "consumption": {"front": {"rate": rate, "rationing": {"rule": "controlled", "cover": "10 days"}}},
    }
    found = block_of(engine, load_plain(plain, None))
    assert np.isinf(found.counters[RATIONED_FROM]).all()
    assert not found.flows[Kind.UNMET].any()
    assert found.flows[Kind.FIRED].tolist() == found.flows[Kind.REQUIRED].tolist()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("rate", RATES[::2])
def test_fronts_that_share_a_depot_share_its_days(engine: str, rate: str) -> None:
    names = [f"d{days:02d}" for days in range(1, MOST + 1)]
    consumption = {
        f"{name}-{front}": {"at": name, "rate": rate} for name in names for front in ("a", "b", "c")
    }
    plain: Plain = {
        "schema": 1,
        "start": iso_date(0),
        "end": iso_date(MOST + 5),
        "depots": {name: {"stock": f"{days} days"} for days, name in enumerate(names, 1)},
        "consumption": consumption,
    }
    found = block_of(engine, load_plain(plain, None))
    assert found.counters[RATIONED_FROM][0].tolist() == list(range(1, MOST + 1))
    assert found.counters[EXHAUSTED][0].tolist() == list(range(MOST))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_want_of_a_millionth_is_rationing_and_one_of_a_trillionth_is_not(
    desk: ScenarioBuilder, engine: str
) -> None:
    fronts = {"front": {"rate": "100/day"}}
    for lacks, rationed in ((1e-12, None), (1e-10, None), (1e-8, "2023-09-10"), (1e-6, "2023-09-10")):
        stock = 1000.0 - 100.0 * lacks
        row = sim.run(desk.plain(10, stock, consumption=fronts), engine=engine, jobs=1).outcomes.iloc[0]
        assert row["rationed_from"] == rationed, lacks
        assert bool(row["unmet"] > 0.0) is (rationed is not None)
        assert row["closing_stock"] == 0.0


@pytest.mark.parametrize("engine", ENGINES)
def test_a_billionth_of_a_days_fire_is_not_left_lying(desk: ScenarioBuilder, engine: str) -> None:
    fronts = {"front": {"rate": "100/day"}}
    for more, left in ((1e-12, False), (1e-10, False), (1e-8, True)):
        found = sim.run(desk.plain(10, 1000.0 + 100.0 * more, consumption=fronts), engine=engine, jobs=1)
        row = found.outcomes.iloc[0]
        assert bool(row["closing_stock"] > 0.0) is left, more
        assert row["fired"] == row["required"] == 1000.0


@pytest.mark.parametrize("engine", ENGINES)
def test_a_stock_in_days_that_fills_its_depot_is_not_too_much(engine: str) -> None:
    """The capacity of a depot and a stock in days, both worked out by hand to the last digit of a float."""
    for days in range(1, MOST + 1):
        plain: Plain = {
            "schema": 1,
            "start": iso_date(0),
            "end": iso_date(3),
            "depots": {"depot": {"stock": f"{days} days", "capacity": 77_777 * days / 30.4375}},
            "consumption": {"front": {"rate": "77777/month"}},
        }
        assert len(sim.run(plain, runs=1, engine=engine, jobs=1).outcomes) == 1


def test_two_stocks_that_fill_their_depot_are_not_too_much(desk: ScenarioBuilder) -> None:
    # As floats 100.4 and 202.8 are a little more than 303.2.
    plain = desk.plain(
        3, {"a": 100.4, "b": 202.8}, munitions={name: {"gross_mass": "50 kg"} for name in "ab"}
    )
    plain["depots"]["depot"]["capacity"] = 303.2
    assert sim.run(plain, runs=1, jobs=1).outcomes["closing_stock"].tolist() == [pytest.approx(303.2)]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("offered", ["100", "230k", "40", "1M", "77777", "0.7"])
def test_a_reserve_of_whole_weeks_ends_with_a_whole_lot(
    desk: ScenarioBuilder, engine: str, offered: str
) -> None:
    for weeks in range(1, 9):
        reserve = weeks * parse(offered).value
        ally = {"lead_time": "1 day", "offered": f"{offered}/week", "reserve": reserve}
        found = sim.run(desk.plain(80, shipments={"ally": ally}), runs=1, engine=engine, jobs=1)
        lots = found.shipments["shells"]
        assert len(lots) == 7 * weeks
        assert lots.min() == pytest.approx(lots.max(), rel=1e-9)


@example_settings()
@given(
    st.integers(1, 80),
    st.integers(1, 9_999_999),
    st.sampled_from(("day", "week", "month", "year")),
    st.sampled_from(("none", "proportional", "controlled")),
    st.integers(1, 30),
    st.sampled_from((0, 1, 2)),
)
def test_both_engines_agree_at_the_edge_of_a_day(
    days: int, number: int, unit: str, rule: str, cover: int, more: int
) -> None:
    rate = f"{number / 10!r}/{unit}"
    rationing = {"rule": rule} if rule == "none" else {"rule": rule, "cover": f"{cover} days"}
    fronts = {f"front-{place}": {"rate": rate, "rationing": rationing} for place in range(1 + more)}
    plain: Plain = {
        "schema": 1,
        "start": iso_date(0),
        "end": iso_date(days + 3),
        "depots": {"depot": {"stock": f"{days} days"}},
        "production": {"line": {"rate": rate}} if more == 2 else {},
        "consumption": fronts,
    }
    scenario = load_plain(plain, None)
    assert run_differences(scenario, 1, [0, 1]) == []
    if rule == "none" and more < 2:
        ours = run_compiled(scenario, 1, [0])
        found = counters(ours.plan, ours.kept)
        assert found[RATIONED_FROM].tolist() == [[days]]
        assert found[EXHAUSTED].tolist() == [[days - 1]]
