"""Observables of many runs: in both engines the bits that `evaluate` has on the table of each single run."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import sim
from sim.account import Kind
from sim.engines.compiled_engine import CompiledEngine
from sim.errors import ArgumentError, InputError, RunError
from sim.observables import (
    Conversion,
    Cumulative,
    Flow,
    Level,
    Measure,
    Observable,
    OriginShare,
    Selection,
    Window,
    WindowRatio,
    evaluate,
)
from sim.results.block import Block
from sim.results.result import Result
from sim.scenario.loader import load_plain
from sim.scenario.number_listing import numbers_by_path
from sim.scenario.result_axes import result_axes
from sim.scenario.scenario import Scenario
from sim.units import Unit
from tests.support.scenario_strategies import SEEDS, Plain, example_settings, whole_scenarios

SCENARIOS = Path(__file__).parents[1] / "scenarios"
WHITE_HOUSE = SCENARIOS / "white-house-2023.yaml"
RUNS = 3
KINDS = st.lists(st.sampled_from(list(Kind)), min_size=1, max_size=3, unique=True).map(tuple)
BY_ORIGIN = KINDS.filter(lambda kinds: {Kind.REQUIRED, Kind.UNMET}.isdisjoint(kinds))


@st.composite
def observables_of(draw: st.DrawFn, scenario: Scenario) -> Observable:
    axes = result_axes(scenario)
    days = st.integers(0, axes.days - 1).map(axes.date)
    windows = st.tuples(days, days).map(lambda ends: Window(min(ends), max(ends)))

    def some(names: list[str]) -> tuple[str, ...]:
        return tuple(draw(st.lists(st.sampled_from(names), unique=True)))

    depots = some(list(dict.fromkeys(pair.depot for pair in axes.pairs)))
    munitions = some(list(dict.fromkeys(pair.munition for pair in axes.pairs)))
    plain = Selection(depots=depots, munitions=munitions)
    where = Selection(depots=depots, munitions=munitions, origins=some(list(axes.origins)))
    window, kinds, by_origin = draw(windows), draw(KINDS), draw(BY_ORIGIN)
    # A mass that varies is drawn only where cargo is in tonnes.
    fixed = [path for path, one in numbers_by_path(scenario).items() if one.quantity.law is None]
    masses = {name: f"munitions.{name}.gross_mass" for name in scenario.munitions}
    masses = {name: path for name, path in masses.items() if path in fixed}
    has_masses = set(munitions or scenario.munitions) <= set(masses)
    conversion = Conversion(Unit.KILOGRAMS, tuple(masses.items())) if has_masses else None
    choices: list[Observable] = [
        Level(date=window.first, where=plain),
        Flow(kinds=by_origin, window=window, measure=Measure.AMOUNT, where=where),
        Flow(kinds=kinds, window=window, measure=Measure.RATE, where=plain, conversion=conversion),
        Cumulative(kinds=by_origin, date=window.last, where=where, conversion=conversion),
        OriginShare(kinds=by_origin, window=window, origins=axes.origins[-1:], where=plain),
        WindowRatio(kinds=kinds, window=window, base=draw(windows), where=plain),
    ]
    return draw(st.sampled_from(choices))


def has_origins(one: Observable) -> bool:
    return isinstance(one, OriginShare) or bool(one.where.origins)


def values_of_single_runs(
    scenario: Scenario, seed: int, observables: list[Observable], result: Result
) -> list[list[float]]:
    """Evaluate observables on the daily table and the trace of each run of a result by itself."""
    first, last = scenario.start.isoformat(), result_axes(scenario).date(scenario.days - 1).isoformat()
    found = []
    for run in range(RUNS):
        daily = result.daily[result.daily["run"] == run]
        entries = sim.simulate.trace(scenario, run=run, seed=seed).entries
        entries = entries.assign(depot=entries["place"].str.split(".").str[1])
        # A trace has no row of zero; one of each pair on the first and the last day gives its axes.
        pairs = [
            (date, depot, munition, "", "", 0.0)
            for date in (first, last)
            for depot, munition in result_axes(scenario).pairs
        ]
        columns = ["date", "depot", "munition", "origin", "kind", "quantity"]
        trace = pd.concat([pd.DataFrame(pairs, columns=columns), entries[columns]])
        listed = numbers_by_path(scenario)
        inputs = {path: one.quantity.value for path, one in listed.items() if one.quantity.law is None}
        drawn = result.outcomes.iloc[run]
        inputs |= {path: float(drawn[path]) for path in listed if path in drawn.index}
        found.append([evaluate(one, trace if has_origins(one) else daily, inputs) for one in observables])
    return found


@example_settings(20, 2_000)
@given(whole_scenarios(), SEEDS, st.data(), st.integers(1, 2))
def test_both_engines_observe_the_bits_of_each_single_run(
    plain: Plain, seed: int, data: st.DataObject, jobs: int
) -> None:
    scenario = load_plain(plain, None)
    observables = data.draw(st.lists(observables_of(scenario), min_size=1, max_size=4))

    def run(engine: str, tables: tuple[str, ...] | None) -> Result:
        # Workers of the simpy model are processes, which take a second to start: see the next test.
        used = jobs if engine == "compiled" else 1
        return sim.run(
            scenario, runs=RUNS, seed=seed, engine=engine, tables=tables, observe=observables, jobs=used
        )

    try:
        whole = run("compiled", None)
    except RunError:
        assume(False)
    # Observing changes no table: see the test below.
    expected = np.array(values_of_single_runs(scenario, seed, observables, whole))
    for found in (whole, run("compiled", ()), run("simpy", ("stock",))):
        np.testing.assert_array_equal(found.observed.to_numpy(), expected)


FIRE = Flow(
    kinds=(Kind.FIRED,),
    window=Window(dt.date(2023, 10, 1), dt.date(2023, 10, 31)),
    measure=Measure.RATE,
    label="fire in October",
)
STOCK = Level(date=dt.date(2023, 12, 31))
CONTAINERS = Cumulative(
    kinds=(Kind.LANDED, Kind.REJECTED),
    date=dt.date(2024, 3, 31),
    where=Selection(origins=("dprk",)),
    conversion=Conversion(Unit.CONTAINERS, (("shells", "shipments.dprk.shells_per_container"),)),
    label="containers",
)


def test_one_row_a_run_and_one_column_an_observable_whatever_the_workers() -> None:
    observe: list[Observable] = [FIRE, STOCK, CONTAINERS]
    one = sim.run(WHITE_HOUSE, runs=300, engine="compiled", observe=observe, tables=(), jobs=1).observed
    two = sim.run(WHITE_HOUSE, runs=300, engine="compiled", observe=observe, tables=(), jobs=2).observed
    pd.testing.assert_frame_equal(one, two, check_exact=True)
    assert one.index.tolist() == list(range(300))
    assert one.index.name == "run"
    assert one.columns.tolist() == ["fire in October", 1, "containers"]
    few = sim.run(WHITE_HOUSE, runs=2, engine="simpy", observe=observe, tables=(), jobs=2).observed
    pd.testing.assert_frame_equal(few, one.iloc[:2], check_exact=True)


def test_other_tables_have_the_same_bits_with_observables() -> None:
    plain = sim.run(WHITE_HOUSE, runs=150, engine="compiled", tables=("stock", "outcomes"))
    watched = sim.run(
        WHITE_HOUSE, runs=150, engine="compiled", tables=("stock", "outcomes"), observe=[CONTAINERS]
    )
    pd.testing.assert_frame_equal(watched.stock, plain.stock, check_exact=True)
    pd.testing.assert_frame_equal(watched.outcomes, plain.outcomes, check_exact=True)
    observables: tuple[list[Observable], ...] = ([], [FIRE, STOCK])
    plain, watched = (
        sim.run(WHITE_HOUSE, runs=3, engine="compiled", observe=observe) for observe in observables
    )
    pd.testing.assert_frame_equal(watched.daily, plain.daily, check_exact=True)


def test_a_block_that_leaves_the_engine_has_no_daily_array_of_observables_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    blocks: list[Block] = []
    run = CompiledEngine.run

    def watched(engine: CompiledEngine, block: sim.engines.engine.BlockOfRuns) -> Block:
        blocks.append(run(engine, block))
        return blocks[-1]

    monkeypatch.setattr(CompiledEngine, "run", watched)
    sim.run(WHITE_HOUSE, runs=300, engine="compiled", observe=[FIRE, CONTAINERS], tables=(), jobs=1)
    assert len(blocks) > 1
    for block in blocks:
        assert block.level.size == block.planned.size == 0
        assert not block.flows
        assert not block.months


@pytest.mark.parametrize(
    ("observable", "message"),
    [
        (
            Level(date=dt.date(2022, 1, 1)),
            "2022-01-01 is not in the account; allowed: 2023-09-01 to 2025-08-31",
        ),
        (
            Level(date=STOCK.date, where=Selection(depots=("tikhorezk",))),
            "no depot 'tikhorezk'.*did you mean 'tikhoretsk'",
        ),
        (
            Level(date=STOCK.date, where=Selection(munitions=("bombs",))),
            "no munition 'bombs'; allowed: shells",
        ),
        (Level(date=STOCK.date, where=Selection(origins=("dprk",))), "a level is not kept by origin"),
        (
            Cumulative(kinds=(Kind.LANDED,), date=STOCK.date, where=Selection(origins=("iran",))),
            "no origin 'iran'",
        ),
        (
            Cumulative(
                kinds=(Kind.LANDED,), date=STOCK.date, conversion=Conversion(Unit.KILOGRAMS, ()), label="mass"
            ),
            "'mass': nothing says how shells of 'shells' become kg",
        ),
        (
            OriginShare(kinds=(Kind.UNMET,), window=FIRE.window, origins=("dprk",)),
            "unmet has no origin",
        ),
    ],
)
def test_what_the_account_does_not_have_is_refused_before_any_run(
    observable: Observable, message: str
) -> None:
    with pytest.raises(ArgumentError, match=message):
        sim.run(WHITE_HOUSE, runs=2, engine="simpy", observe=[observable])


def test_two_observables_of_one_label_and_a_run_that_observed_nothing_are_refused() -> None:
    with pytest.raises(ArgumentError, match="two observables have the label 'fire in October'"):
        sim.run(WHITE_HOUSE, runs=2, engine="simpy", observe=[FIRE, FIRE])
    with pytest.raises(InputError, match="the run observed nothing; allowed: a run with observe="):
        _ = sim.run(WHITE_HOUSE, runs=1, engine="simpy", tables=("stock",)).observed
