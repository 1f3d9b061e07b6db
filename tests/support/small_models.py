"""Build small scenarios, and view their runs by names."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from sim.account import Pair, Voyage
from sim.model.run import run_once
from sim.scenario.loader import load_plain

Plain = dict[str, Any]
START = dt.date(2024, 1, 1)
TWO_MUNITIONS: Plain = {"a": {"gross_mass": "50 kg"}, "b": {"gross_mass": "25 kg"}}
HALF_DAY, DAY = 43_200, 86_400


def iso_date(day: int) -> str:
    return (START + dt.timedelta(days=day)).isoformat()


def scenario_data(days: int, stock: Any = 0, **sections: Any) -> Plain:
    """Return a scenario with the depot ``depot``, unless `depots` is given."""
    return {
        "schema": 1,
        "start": iso_date(0),
        "end": iso_date(days),
        "depots": {"depot": {"stock": stock}},
        **sections,
    }


class RunView:
    """View of a run by names."""

    def __init__(self, scenario: Plain, seed: int = 1, run: int = 0) -> None:
        self.ledger = run_once(load_plain(scenario, None), seed, run)
        assert self.ledger.balance_error() <= 1e-12

    def level(self, munition: str = "shells", depot: str = "depot") -> list[float]:
        return self.ledger.levels[self.ledger.axes.pairs.index(Pair(depot, munition))]

    def flow(
        self, kind: str, munition: str = "shells", depot: str = "depot", origin: str = ""
    ) -> list[float]:
        pair = self.ledger.axes.pairs.index(Pair(depot, munition))
        if not origin:
            return self.ledger.total(pair, kind)
        columns = self.ledger.columns
        return columns.get(
            (pair, self.ledger.axes.origins.index(origin), kind), [0.0] * self.ledger.axes.days
        )

    def planned(self, munition: str = "shells", depot: str = "depot") -> list[float]:
        return self.ledger.planned[self.ledger.axes.pairs.index(Pair(depot, munition))]

    def voyages(self, leg: int | None = None) -> list[Voyage]:
        return [row for row in self.ledger.voyages if row.leg == leg]

    def departed(self, leg: int | None = 0) -> list[float]:
        return [row.departed / DAY for row in self.voyages(leg)]


def approx(numbers: Any) -> Any:
    return pytest.approx(numbers, rel=1e-12, abs=1e-12)


def leg_data(**settings: Any) -> Plain:
    """Return a leg: one vehicle of 100 shells that travels one day."""
    return {"vehicles": 1, "capacity": "100 shells", "travel": "12 h", **settings}


def lots_data(offered: Any = "100/day", **settings: Any) -> Plain:
    """Return one supplier that sends lots with a lead time of one day."""
    return {"ally": {"lead_time": "1 day", **({"offered": offered} if offered else {}), **settings}}


def line_data(**settings: Any) -> Plain:
    return {"line": {"rate": "100/day", **settings}}
