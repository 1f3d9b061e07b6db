"""Outcomes from levels alone are those of the whole account, wherever a scenario qualifies for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from numpy.typing import NDArray

from sim import simulate
from sim.ensemble import block_account
from sim.ensemble.level_account import LevelAccount, make_level_account
from sim.outcomes import is_date
from tests.support.scenario_strategies import Plain, example_settings, whole_scenarios

Floats = NDArray[np.float64]
SHIP = {"vehicles": 1, "capacity": "9k shells", "load": "1 day", "travel": {"low": "1 day", "high": "9 days"}}
COURSE = {"by_date": {"2024-01-01": "1k/day", "2024-02-11": "3k/day"}}
PLAIN: Plain = {
    "schema": 1,
    "start": "2024-01-01",
    "end": "2024-06-01",
    "depots": {"west": {"stock": {"low": "10k", "high": "90k"}}},
    "production": {"works": {"rate": "1k/day"}},
    "shipments": {"ally": {"route": [SHIP]}},
    "consumption": {"front": {"rate": "3k/day", "daily_variation": "30%"}},
}


@st.composite
def scenarios_of_levels(draw: DrawFn) -> Plain:
    """Draw one or two depots with up to four lines and three fleets, and at most one consumer each."""

    def pick(*choices: Any) -> Any:
        return draw(st.sampled_from(choices))

    depots = ["west", "east"][: pick(1, 1, 2)]
    drawn = {"low": "500/day", "high": "900/day"}
    made = ("0/day", "700/day", drawn, COURSE, COURSE | {"between": "linear"})
    rates = (*({"rate": rate} for rate in made), {"rate": drawn, "growth": "3%"})
    outages = {"outages": {"every": "30 days", "last": "5 days", "share": "60%"}}
    leads: tuple[Plain, ...] = (
        {},
        {"lead_time": "9 days"},
        {"lead_time": {"low": "1 day", "high": "40 days"}},
    )
    stocks = ("0", "5k", "60k", {"low": "0", "high": "200k"})
    fire = ("0/day", "2k/day", {"low": "1k/day", "high": "6k/day"}, COURSE)
    rationing = {"rationing": {"rule": "proportional", "cover": pick("30 days", "2 days")}}
    thresholds = pick([30], [1, 45, 7.5], [0.5], [])
    lines, fleets = draw(st.integers(0, 4)), draw(st.integers(0, 3))
    consuming = [depots[0], *(depots[1:] if pick(True, False) else [])]
    return {
        "schema": 1,
        "start": "2024-01-01",
        "end": pick("2024-01-02", "2024-03-20", "2024-03-31", "2024-09-01"),
        **({"thresholds": thresholds} if thresholds else {}),
        "depots": {name: {"stock": pick(*stocks)} for name in depots},
        "production": {
            f"line{k}": {"to": pick(*depots)} | pick(*rates) | pick(*leads) | pick({}, outages)
            for k in range(lines)
        },
        "shipments": {f"fleet{k}": {"route": [SHIP], "to": pick(*depots)} for k in range(fleets)},
        "consumption": {
            f"front{name}": {"rate": pick(*fire), "at": name}
            | pick({}, {"daily_variation": "25%"})
            | pick({}, rationing)
            for name in consuming
        },
    }


class Account:
    """Cells of a scenario, computed from levels alone where it qualifies; counts the blocks that do."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, is_off: bool = False) -> None:
        self.qualified = 0
        self.is_off = is_off
        monkeypatch.setattr(block_account, "make_level_account", self._make)

    def _make(self, *arguments: Any) -> LevelAccount:
        made = make_level_account(*arguments)
        self.qualified += len(made.first) > 0
        return made._replace(first=np.zeros(0, dtype=np.int64)) if self.is_off else made

    @staticmethod
    def outcomes(plain: Plain, engine: str = "native") -> dict[str, Floats]:
        """Return the outcomes of the cells of a scenario, shape (cells, runs)."""
        scenario = simulate.as_scenario(plain)
        plan = simulate.lower_scenario(scenario)
        cells = simulate.Cells(scenario, plan, ("depots.west.stock",), np.array([[0.0], [7e3], [150e3]]))
        values, why = simulate.cell_outcomes(cells, 3, 5, 1, engine)
        assert why == {}
        return dict(zip(simulate.outcome_names(plan), values, strict=True))


@example_settings(60, 5_000)
@given(scenarios_of_levels())
def test_levels_alone_give_the_outcomes_of_the_whole_account(plain: Plain) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        account = Account(monkeypatch)
        found = account.outcomes(plain)
        assert account.qualified == 1
        whole = Account(monkeypatch, is_off=True).outcomes(plain)
    for name, values in found.items():
        # Output of a span is multiplied, and fire of the last days is a difference, instead of added up.
        if name in {"produced", "sustained_fire"}:
            assert values == pytest.approx(whole[name], rel=1e-12)
        else:
            assert values.tobytes() == whole[name].tobytes(), name


@example_settings(15, 500)
@given(scenarios_of_levels())
def test_levels_alone_give_the_outcomes_of_the_simpy_model(plain: Plain) -> None:
    found, model = (Account.outcomes(plain, engine) for engine in ("native", "simpy"))
    for name, values in found.items():
        if is_date(name):
            assert values.tolist() == model[name].tolist(), name
        else:  # sums of days run in another order
            assert values == pytest.approx(model[name], rel=1e-9, abs=1e-6), name


@pytest.mark.slow
@example_settings(40, 2_000)
@given(whole_scenarios())
def test_cells_of_mixed_scenarios_reach_their_dates_as_in_the_simpy_model(plain: Plain) -> None:
    scenario = simulate.as_scenario(plain)
    plan = simulate.lower_scenario(scenario)
    cells = simulate.Cells(scenario, plan, (), np.zeros((1, 0)))
    native, model = (simulate.cell_outcomes(cells, 1, 2, 1, engine) for engine in ("native", "simpy"))
    assert native[1] == model[1]
    for name, one, other in zip(simulate.outcome_names(plan), native[0], model[0], strict=True):
        if is_date(name):
            assert one.tolist() == other.tolist(), name
        else:
            assert one == pytest.approx(other, rel=1e-9, abs=1e-6), name


def _with(section: str, name: str, **parts: Any) -> Callable[[], Plain]:
    own = PLAIN.get(section, {})
    return lambda: PLAIN | {section: own | {name: own.get(name, {}) | parts}}


OTHERS = {
    "capacity": _with("depots", "west", capacity="200k"),
    "controlled rationing": _with(
        "consumption", "front", rationing={"rule": "controlled", "cover": "9 days"}
    ),
    "guns": _with("consumption", "front", guns=300, rounds_per_gun=9),
    "a second consumer": _with("consumption", "other", rate="1k/day"),
    "growing fire": _with("consumption", "front", rate=COURSE | {"between": "linear"}),
    "a strike": _with("events", "fire", date="2024-03-01", destroys="10%"),
    "a stop of fire": _with(
        "events", "truce", stops="consumption.front", **{"from": "2024-02-01", "until": "2024-03-01"}
    ),
}


@pytest.mark.parametrize("name", ["nothing else", *OTHERS])
def test_what_needs_more_than_levels_has_the_whole_account(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = Account(monkeypatch)
    account.outcomes(OTHERS[name]() if name in OTHERS else PLAIN)
    assert account.qualified == (name not in OTHERS)
