"""Both engines give the same ledger: any scenario, seed and run number; alone, in a block, in any order."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.account import Kind
from sim.ensemble.buffer_pool import BufferPool
from sim.ensemble.engine import KeepOptions, draw_block
from sim.ensemble.lowering import lower
from sim.errors import RunError
from sim.model import fleet as model_fleet
from sim.model.run import run_once
from sim.scenario.loader import load_file, load_plain
from sim.scenario.scenario import Scenario
from tests.support.dated_scenarios import mixed_scenarios
from tests.support.engine_comparison import (
    RELATIVE_TOLERANCE,
    CompiledRuns,
    failure_messages,
    figures_as_bytes,
    run_compiled,
    run_differences,
)
from tests.support.feature_scenarios import FEATURES
from tests.support.fleet_strategies import fleets
from tests.support.scenario_strategies import RUNS, SEEDS, Plain, example_settings, whole_scenarios

Floats = NDArray[np.float64]
SCENARIOS = Path(__file__).parents[1] / "scenarios"
SHIPPED = sorted(path.stem for path in SCENARIOS.glob("*.yaml"))
LARGEST = 2**64 - 1
#: Those of any ensemble, and some that no ensemble has.
ANY_RUN = st.one_of(RUNS, st.sampled_from((10**6, 2**32, 2**63, LARGEST)))


def shipped(name: str) -> Scenario:
    return load_file(SCENARIOS / f"{name}.yaml", None)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_engines_agree_on_a_shipped_scenario(name: str) -> None:
    scenario = shipped(name)
    assert run_differences(scenario, 1, [0, 1, 2, 7]) == []
    assert run_differences(scenario, LARGEST, [3, 10**6, LARGEST], [10**6, LARGEST]) == []


@pytest.mark.parametrize("name", FEATURES)
def test_the_engines_agree_where_one_feature_gives_way(name: str) -> None:
    assert run_differences(load_plain(FEATURES[name](), None), 2**63, [0, 5, 6], [5]) == []


@pytest.mark.slow
@example_settings(300, 20_000)
@given(mixed_scenarios(), SEEDS, ANY_RUN, st.integers(0, 2))
def test_the_engines_agree_where_every_feature_is_mixed(
    plain: Plain, seed: int, run: int, place: int
) -> None:
    runs = [(run + 1) % 2**64, (run + 17) % 2**64]
    runs.insert(place, run)
    assert run_differences(load_plain(plain, None), seed, runs, [run]) == []


@pytest.mark.slow
@example_settings(200, 20_000)
@given(fleets(), SEEDS, RUNS)
def test_the_engines_agree_on_fleets_that_meet_and_wait(plain: Plain, seed: int, run: int) -> None:
    assert run_differences(load_plain(plain, None), seed, [run, run + 1], [run]) == []


def test_what_several_depots_send_is_added_up_in_the_order_of_its_origins() -> None:
    # The first transfer brings the output of the second line: as they come the origins would be out of order.
    plain: Plain = {
        "schema": 1,
        "start": "2024-01-01",
        "end": "2024-12-31",
        "depots": {"front": {"stock": 300}, "one": {"stock": "1.7k"}, "two": {"stock": "2.3k"}},
        "production": {"early": {"rate": "31.7/day", "to": "one"}, "late": {"rate": "47.3/day", "to": "two"}},
        "transfers": {
            "a": {"from": "two", "to": "front", "capacity": "61.1/day"},
            "b": {"from": "one", "to": "front", "capacity": "53.3/day"},
        },
        "consumption": {"fire": {"rate": "90/day", "at": "front", "daily_variation": "20%"}},
    }
    scenario, front = load_plain(plain, None), 0
    ours = run_compiled(scenario, 1, [0])
    received = ours.kept.flows[Kind.RECEIVED][front, :, 0]
    assert received.any()
    assert received.tolist() == run_once(scenario, 1, 0).total(front, Kind.RECEIVED)


@example_settings(20, 300)
@given(whole_scenarios(least_suppliers=1), SEEDS, st.permutations(range(11)))
def test_a_run_is_the_same_bytes_alone_in_a_block_and_in_any_order(
    plain: Plain, seed: int, order: list[int]
) -> None:
    scenario = load_plain(plain, None)
    together = run_compiled(scenario, seed, order)
    apart = run_compiled(scenario, seed, range(11))
    for place, run in enumerate(order[:3]):
        alone = figures_as_bytes(run_compiled(scenario, seed, [run]), 0)
        assert alone == figures_as_bytes(together, place)
        assert alone == figures_as_bytes(apart, run)


@example_settings(20, 300)
@given(whole_scenarios(), SEEDS)
def test_what_is_kept_changes_no_figure(plain: Plain, seed: int) -> None:
    scenario = load_plain(plain, None)
    runs = range(4)
    everything, nothing = (
        run_compiled(scenario, seed, runs),
        run_compiled(scenario, seed, runs, KeepOptions()),
    )
    horizon = everything.plan.axes.days
    first, last = horizon // 3, horizon // 3 + horizon // 2
    part = run_compiled(scenario, seed, runs, KeepOptions(first, last, flows=True, entries=True))
    assert outcomes(everything) == outcomes(part)
    # Without books origins are not told apart: lots of many origins are added up in another order (rule 8).
    whole, alone = everything.kept.tally.outcomes, nothing.kept.tally.outcomes
    days = 2 + len(scenario.thresholds)
    assert np.array_equal(whole[:days], alone[:days])
    assert alone[days:] == pytest.approx(whole[days:], rel=RELATIVE_TOLERANCE, abs=RELATIVE_TOLERANCE)
    for name in ("level", "planned", "flows", "entries", "held_daily"):
        whole = getattr(everything.kept.tally, name)[..., first:last, :]
        assert np.array_equal(whole, getattr(part.kept.tally, name)), name
        assert getattr(nothing.kept.tally, name).size == 0, name


def outcomes(ours: CompiledRuns) -> list[bytes]:
    """Return the outcomes that every study reads, with any other tables kept."""
    names = ("counters", "outcomes", "sums")
    kept = [getattr(ours.kept.tally, name) for name in names]
    return [array.tobytes() for array in (*kept, *ours.kept.closing)]


BASE: Plain = {
    "schema": 1,
    "start": "2023-09-01",
    "end": "2023-09-11",
    "munitions": {"a": {"gross_mass": "50 kg"}, "b": {"gross_mass": {"low": "20 kg", "high": "30 kg"}}},
    "depots": {"depot": {"stock": {"a": "1k"}}},
    "consumption": {"front": {"rate": {"a": "10/day"}}},
}
PERHAPS = {"choices": ["0%", "50%"]}
FULL = {
    "9th": {"stock": {"a": {"low": "1k", "high": "2k"}, "b": "123"}, "capacity": "1800"},
    "Front": {"stock": {"a": {"low": "1k", "high": "2k"}}, "capacity": {"low": "1k", "high": "2k"}},
}
LOT: Plain = {"offered": "9k shells/day", "lead_time": "1 day", "mix": {"a": PERHAPS, "b": PERHAPS}}
DUST: Plain = {
    "offered": "30100 shells/day",
    "mix": {"a": "100%"},
    "route": [{"capacity": {"choices": {"0.03 shells": 1, "100 shells": 3}}, "travel": "1 day"}],
}
ROOMY = {"depot": {"stock": {"a": {"low": "0k", "high": "2k"}}, "capacity": "1k"}}
FRONT = {"front": {"rate": {"a": "10/day"}, "at": "9th"}}
FAILING: dict[str, tuple[Plain, str]] = {
    "too full from the start": ({"depots": FULL, "consumption": FRONT}, "exceeds its capacity"),
    "no munition drawn": ({"shipments": {"x": LOT}}, "shipments.x: there are no shells in its cargo"),
    "two without shells": ({"shipments": {"x": LOT, "B": LOT}}, "there are no shells"),
    "too full or without shells": ({"shipments": {"x": LOT}, "depots": ROOMY}, ""),
}


@pytest.mark.parametrize("name", FAILING)
def test_a_world_that_cannot_be_carried_through_fails_with_the_same_words(name: str) -> None:
    changes, says = FAILING[name]
    scenario = load_plain({**BASE, **changes}, None)
    failed = 0
    for run in range(24):
        modelled, ours = failure_messages(scenario, 1, [run])
        assert modelled == ours
        assert not ours or says in ours
        failed += bool(ours)
    assert 0 < failed < 24
    # Side by side, the first that fails is the one that is named.
    for runs in (range(24), range(23, -1, -1), range(7, 24)):
        modelled, ours = failure_messages(scenario, 1, runs)
        assert modelled == ours != ""


def test_voyages_out_of_proportion_fail_with_the_same_words(monkeypatch: pytest.MonkeyPatch) -> None:
    # 150,000 voyages take the model long: here it gives up at fewer, and says so.
    monkeypatch.setattr(model_fleet, "MOST_VOYAGES", 20_000)
    scenario = load_plain({**BASE, "shipments": {"x": DUST}, "depots": ROOMY}, None)
    said = []
    for run in range(9):
        modelled, ours = failure_messages(scenario, 1, [run])
        assert modelled == ours
        said.append(ours)
    voyages = next(run for run, text in enumerate(said) if "more than 150,000 voyages" in text)
    full = next(run for run, text in enumerate(said) if "exceeds its capacity" in text)
    fine = said.index("")
    for runs in ([fine, voyages, full], [fine, full, voyages]):
        assert failure_messages(scenario, 1, runs)[1] == said[runs[1]]


class _Filled(BufferPool):
    """A buffer pool whose arrays hold no number."""

    def empty(self, shape: Sequence[int]) -> Floats:
        return np.full(shape, np.nan)


def test_runs_beside_ones_with_too_many_voyages_land_what_they_land_alone() -> None:
    # Landings are turned by day in groups of eight runs, at the last run of each: here both of these fail.
    cargo = {"serviceable": "75%", "mix": {"a": "60%", "b": "40%"}}
    plan = lower(load_plain({**BASE, "shipments": {"x": {**DUST, **cargo}}}, None))
    alone = {run: draw_block(plan, 1, [run]).arrivals for run in range(30)}
    failing = [run for run, arrivals in alone.items() if arrivals.failed[0] >= 0]
    fine = [run for run in alone if run not in failing]
    runs = [*fine[:7], failing[0], *fine[7:9], failing[1]]
    together = draw_block(plan, 1, runs, shelf=_Filled()).arrivals
    for place, run in enumerate(runs):
        assert together.failed[place] == alone[run].failed[0]
        if run in fine:
            assert alone[run].rejected.any(axis=(1, 2)).all()
            np.testing.assert_array_equal(together.landed[:, :, place], alone[run].landed[:, :, 0])
            np.testing.assert_array_equal(together.rejected[:, :, place], alone[run].rejected[:, :, 0])


def test_every_run_draws_the_same_numbers_whatever_its_mix() -> None:
    mix = {"a": "50%", "b": PERHAPS}
    tonnes = {"x": {"offered": "10 t/day", "lead_time": "1 day", "mix": mix}}
    scenario = load_plain({**BASE, "shipments": tonnes}, None)
    assert run_differences(scenario, 2, range(12)) == []
    drawn = [run_once(scenario, 2, run).drawn for run in range(12)]
    assert {frozenset(numbers) for numbers in drawn} == {
        frozenset({"munitions.b.gross_mass", "shipments.x.mix.b"})
    }
    assert len({numbers["shipments.x.mix.b"] for numbers in drawn}) == 2


def test_a_run_error_of_the_model_alone_would_be_seen() -> None:
    scenario = load_plain({**BASE, **FAILING["too full from the start"][0]}, None)
    failing = next(run for run in range(24) if failure_messages(scenario, 1, [run])[0])
    with pytest.raises(RunError, match="exceeds"):
        run_once(scenario, 1, failing)
    assert run_differences(scenario, 1, [failing])[0].startswith("only the model fails")
