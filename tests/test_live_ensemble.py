"""One ensemble under changing inputs: the numbers of `sim.run`, and no draw that no input changes."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
import sim.ensemble.engine as engine_module
from sim.errors import RunError, ScenarioError
from sim.results.result import Result
from sim.scenario.loader import load_plain
from sim.scenario.number_listing import numbers_by_path
from sim.scenario.study_values import format_number
from tests.support.scenario_strategies import SEEDS, Plain, example_settings, whole_scenarios

NAMES = ("stock", "flows", "origins", "outcomes", "shipments")
WHITE_HOUSE = Path(__file__).parents[1] / "scenarios" / "white-house-2023.yaml"
STEPS = st.lists(st.dictionaries(st.integers(0, 30), st.floats(0.7, 1.2), max_size=2), min_size=2, max_size=4)


def same_tables(one: Result, other: Result) -> bool:
    return all(getattr(one, name).equals(getattr(other, name)) for name in NAMES)


@example_settings(20, 2_000)
@given(whole_scenarios(least_suppliers=1), SEEDS, STEPS)
def test_each_step_has_the_numbers_of_a_run_by_itself(
    plain: Plain, seed: int, steps: list[dict[int, float]]
) -> None:
    scenario = load_plain(plain, None)
    numbers = [*numbers_by_path(scenario).items()]
    live = sim.LiveEnsemble(scenario, runs=5, seed=seed, engine="compiled", jobs=1, tables=NAMES)
    for step in steps:
        changes = {}
        for place, factor in step.items():
            path, listed = numbers[place % len(numbers)]
            changes[path] = format_number(listed.quantity.value * factor, listed.quantity.unit)
        try:
            alone = sim.run(scenario.replace(changes), runs=5, seed=seed, engine="compiled", jobs=1)
        except (ScenarioError, RunError):
            with pytest.raises((ScenarioError, RunError)):
                live.run(changes)
            continue
        assert same_tables(live.run(changes), alone)


def count_calls(monkeypatch: pytest.MonkeyPatch, *names: str) -> dict[str, int]:
    """Count the calls of functions that draw."""
    calls = dict.fromkeys(names, 0)
    for name in names:
        original = getattr(engine_module, name)

        def counted(*arguments: Any, name: str = name, original: Any = original) -> Any:
            calls[name] += 1
            return original(*arguments)

        monkeypatch.setattr(engine_module, name, counted)
    return calls


@pytest.mark.parametrize(
    ("changes", "drawn"),
    [
        ({"depots.tikhoretsk.stock": "4M"}, []),
        ({"production.russia.rate": "3M/year"}, []),
        ({"consumption.front.rate": "30k/day"}, []),
        ({"consumption.front.daily_variation": "30%"}, ["daily_variation"]),
        ({"shipments.dprk.route.1.travel": "9 days"}, ["run_suppliers"]),
        ({"shipments.dprk.shells_per_container": "300"}, ["run_suppliers"]),
        ({}, []),
    ],
)
def test_what_reads_no_changed_number_is_not_drawn_again(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], drawn: list[str]
) -> None:
    live = sim.LiveEnsemble(WHITE_HOUSE, runs=16, engine="compiled", jobs=1, tables="stock")
    live.run()
    calls = count_calls(monkeypatch, "draw_events", "daily_variation", "draw_lead_times", "run_suppliers")
    live.run(changes)
    assert [name for name, count in calls.items() if count] == drawn


def test_an_event_that_closes_a_leg_draws_its_supplier_again(monkeypatch: pytest.MonkeyPatch) -> None:
    storm = {"every": "30 days", "last": "5 days", "stops": "shipments.dprk.route.0"}
    scenario = sim.load(WHITE_HOUSE).replace({"events": {"storm": storm}})
    live = sim.LiveEnsemble(scenario, runs=8, engine="compiled", jobs=1, tables="stock")
    live.run()
    calls = count_calls(monkeypatch, "draw_events", "daily_variation", "run_suppliers")
    changed = live.run({"events.storm.every": "20 days"})
    assert calls == {"draw_events": 1, "daily_variation": 0, "run_suppliers": 1}
    alone = sim.run(scenario.replace({"events.storm.every": "20 days"}), runs=8, engine="compiled")
    assert changed.stock.equals(alone.stock)


def test_another_shape_of_the_scenario_draws_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    live = sim.LiveEnsemble(WHITE_HOUSE, runs=16, engine="compiled", jobs=1, tables="stock")
    live.run()
    calls = count_calls(monkeypatch, "daily_variation", "run_suppliers")
    shorter = live.run({"end": "2024-06-30"})
    assert calls == {"daily_variation": 1, "run_suppliers": 1}
    alone = sim.run(live.scenario.replace({"end": "2024-06-30"}), runs=16, engine="compiled")
    assert shorter.stock.equals(alone.stock)


@pytest.mark.parametrize("seed", range(1, 9))
def test_a_choice_of_another_value_is_drawn_again_even_if_the_first_draw_is_the_same(seed: int) -> None:
    # Of one run, the first draw of the travel time is the same under half of the seeds, later ones are not.
    leg = {"vehicles": 1, "capacity": "10 shells", "travel": {"choices": ["1 day", "2 days"]}}
    plain: Plain = {
        "schema": 1,
        "start": "2024-01-01",
        "end": "2024-03-01",
        "depots": {"front": {"stock": "1k"}},
        "shipments": {"gift": {"to": "front", "route": [leg]}},
        "consumption": {"fire": {"rate": "1/day", "at": "front"}},
    }
    scenario = load_plain(plain, None)
    live = sim.LiveEnsemble(scenario, runs=1, seed=seed, engine="compiled", tables="stock")
    live.run()
    changes = {"shipments.gift.route.0.travel": {"choices": ["1 day", "5 days"]}}
    alone = sim.run(scenario.replace(changes), runs=1, seed=seed, engine="compiled")
    assert live.run(changes).stock.equals(alone.stock)


def test_the_simpy_model_runs_live_with_the_same_numbers() -> None:
    live = sim.LiveEnsemble(WHITE_HOUSE, runs=2, engine="simpy", tables="stock")
    changes = {"depots.tikhoretsk.stock": "4M"}
    alone = sim.run(live.scenario.replace(changes), runs=2, engine="simpy")
    assert live.run(changes).stock.equals(alone.stock)


def test_calls_from_several_threads_keep_their_numbers() -> None:
    live = sim.LiveEnsemble(WHITE_HOUSE, runs=40, engine="compiled", tables="stock")
    stocks = ["3M", "4M", "5M"]
    found: dict[str, Any] = {}

    def work(stock: str) -> None:
        found[stock] = live.run({"depots.tikhoretsk.stock": stock}).stock

    threads = [threading.Thread(target=work, args=(stock,)) for stock in stocks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for stock in stocks:
        changed = live.scenario.replace({"depots.tikhoretsk.stock": stock})
        assert found[stock].equals(sim.run(changed, runs=40, engine="compiled").stock)


def test_draws_beyond_the_limit_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.engines.compiled_engine.MAX_DRAW_BYTES", 0)
    live = sim.LiveEnsemble(WHITE_HOUSE, runs=8, engine="compiled", jobs=1, tables="stock")
    live.run()
    calls = count_calls(monkeypatch, "run_suppliers")
    live.run()
    assert calls == {"run_suppliers": 1}


def test_a_wrong_path_or_table_is_refused() -> None:
    with pytest.raises(sim.InputError, match="no table 'stok'"):
        sim.LiveEnsemble(WHITE_HOUSE, tables="stok")
    live = sim.LiveEnsemble(WHITE_HOUSE, runs=2, engine="simpy", tables="stock")
    with pytest.raises(ScenarioError, match="tikhoretsk"):
        live.run({"depots.tikhoretks.stock": "4M"})
    assert repr(live).startswith("<LiveEnsemble 'White House")
