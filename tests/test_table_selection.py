"""Runs that make some of their tables: the same numbers, and one clear error for any other table."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import sim
from sim.engines.compiled_engine import CompiledEngine
from sim.engines.engine import BlockOfRuns
from sim.ensemble.lowering import lower
from sim.ensemble.native.paths import current_path
from sim.errors import ArgumentError, InputError, RunError
from sim.results.result import Result
from sim.results.run_sums import sum_block
from sim.results.table_names import TABLES
from sim.scenario.loader import load_plain
from tests.support.scenario_strategies import SEEDS, Plain, example_settings, whole_scenarios

SCENARIOS = Path(__file__).parents[1] / "scenarios"
SELECTIONS = st.sets(st.sampled_from(TABLES), min_size=1).map(tuple)
ENGINES = {"compiled": 7, "simpy": 2}


def run(plain: Plain, seed: int, engine: str, tables: tuple[str, ...] | None = None) -> Result:
    scenario = load_plain(plain, None)
    return sim.run(scenario, runs=ENGINES[engine], seed=seed, engine=engine, jobs=1, tables=tables)


@example_settings(30, 3_000)
@given(whole_scenarios(), SEEDS, SELECTIONS, st.sampled_from([*ENGINES]))
def test_a_table_has_the_same_bits_whether_others_are_made_or_not(
    plain: Plain, seed: int, tables: tuple[str, ...], engine: str
) -> None:
    try:
        whole = run(plain, seed, engine)
    except RunError:
        assume(False)
    part = run(plain, seed, engine, tables)
    for name in tables:
        pd.testing.assert_frame_equal(getattr(part, name), getattr(whole, name), check_exact=True)
    if {"origins", "outcomes"} <= set(tables):
        assert part.figures() == whole.figures()


@example_settings(20, 2_000)
@given(whole_scenarios(least_days=40), SEEDS)
def test_the_account_adds_up_days_in_the_order_of_numpy(plain: Plain, seed: int) -> None:
    engine = CompiledEngine(lower(load_plain(plain, None)), current_path())
    try:
        block = engine.run(BlockOfRuns(seed, range(3)))
    except RunError:
        assume(False)
    assert block.sums is not None
    expected = sum_block(dataclasses.replace(block, sums=None))
    for field in dataclasses.fields(expected):
        ours, theirs = getattr(block.sums, field.name), getattr(expected, field.name)
        if field.name == "totals":
            assert ours.keys() == theirs.keys()
            ours, theirs = (np.stack([each[kind] for kind in ours]) for each in (ours, theirs))
        assert np.array_equal(ours, theirs), field.name


def test_the_findings_of_their_four_tables_are_those_of_a_whole_run() -> None:
    four = ("stock", "flows", "origins", "outcomes")
    whole, part = (
        sim.run(SCENARIOS / "two-calibres.yaml", runs=20, engine="compiled", tables=tables)
        for tables in (None, four)
    )
    assert part.summary() == whole.summary()


def test_many_runs_count_bins_for_the_tables_named_alone() -> None:
    whole, part = (
        sim.run(SCENARIOS / "rationed.yaml", runs=10_001, engine="compiled", tables=tables)
        for tables in (None, ("outcomes", "stock"))
    )
    assert part.stock.equals(whole.stock)
    assert part.outcomes.equals(whole.outcomes)


@pytest.mark.parametrize("engine", ENGINES)
def test_what_a_table_does_not_need_is_not_kept(engine: str) -> None:
    ensemble = sim.run(SCENARIOS / "flat.yaml", runs=3, engine=engine, tables=("stock",)).ensemble
    assert ensemble.level.mean.any()
    assert not ensemble.flows
    assert not ensemble.months
    assert not ensemble.pairs
    assert not len(ensemble.paths)
    assert ensemble.block is None


@pytest.mark.parametrize("name", TABLES)
def test_a_table_that_was_not_made_is_named_with_the_call_that_makes_it(name: str) -> None:
    made = "paths" if name == "stock" else "stock"
    result = sim.run(SCENARIOS / "flat.yaml", runs=2, engine="simpy", tables=(made,))
    with pytest.raises(InputError) as refused:
        getattr(result, name)
    (fault,) = refused.value.faults
    assert f"{name} (it made {made})" in fault.problem
    wanted = tuple(each for each in TABLES if each in (name, made))
    assert f"tables={wanted}" in fault.allowed


@pytest.mark.parametrize(
    ("ask", "missing"),
    [
        (lambda result: result.figures(), "origins"),
        (lambda result: result.summary(), "origins"),
        (lambda result: result.findings, "flows, origins"),
        (lambda result: result.files(), "flows, origins, paths, shipments"),
        (lambda result: result.block, "daily"),
    ],
)
def test_summary_findings_and_folder_name_the_tables_that_they_lack(
    ask: Callable[[Result], object], missing: str
) -> None:
    result = sim.run(SCENARIOS / "flat.yaml", runs=2, engine="simpy", tables=("outcomes", "stock"))
    with pytest.raises(InputError, match=f"did not make: {missing} \\(it made stock, outcomes\\)"):
        ask(result)


def test_a_folder_of_some_tables_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    target = sim.run(SCENARIOS / "flat.yaml", runs=2, engine="simpy", tables=("stock",))
    folder = tmp_path / "run"
    with pytest.raises(InputError, match="a result folder needs tables"):
        target.save(folder)
    assert not folder.exists()


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        (("stok",), "no table 'stok'.*did you mean 'stock'"),
        ((), "`tables` names no table"),
        ((3,), "no table 3; allowed: stock, flows"),
    ],
)
def test_a_name_that_is_no_table_is_one_fault(tables: tuple[str, ...], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        sim.run(SCENARIOS / "flat.yaml", runs=2, engine="simpy", tables=tables)


def test_one_name_may_stand_alone_and_order_does_not_matter() -> None:
    one = sim.run(SCENARIOS / "flat.yaml", runs=2, engine="simpy", tables="stock")
    assert one.ensemble.tables == ("stock",)
    two = sim.run(SCENARIOS / "flat.yaml", runs=2, engine="simpy", tables=["outcomes", "stock", "stock"])
    assert two.ensemble.tables == ("stock", "outcomes")


def test_a_result_shows_which_tables_it_has() -> None:
    part = sim.run(SCENARIOS / "flat.yaml", runs=2, engine="simpy", tables=("stock",))
    assert repr(part).endswith("simpy, stock only>")
    assert "stock only" in part._repr_html_()
    whole = sim.run(SCENARIOS / "flat.yaml", runs=2, engine="simpy")
    assert "only" not in repr(whole)


def test_every_table_of_a_result_has_a_name() -> None:
    frames = {
        name
        for name, member in inspect.getmembers(Result)
        if name in TABLES or "DataFrame" in str(getattr(getattr(member, "func", None), "__annotations__", ""))
    }
    # Observables are those of the caller; orders come with shipments, money with outcomes.
    assert frames - {"observed", "orders", "money"} == set(TABLES)


def test_an_unknown_stock_is_solved_for_the_tables_named() -> None:
    scenario = sim.load(SCENARIOS / "flat.yaml", ["depots.reserve.stock=unknown"])
    result = sim.run(scenario, runs=1, tables=("stock",))
    assert result.stock["mean"].iloc[-1] >= 0.0
