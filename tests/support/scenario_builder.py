"""Build small scenarios as plain data, and view a finished run by names."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import numpy as np
from numpy.random import Philox

from sim.account import HELD, Pair, Voyage
from sim.model.ledger import Ledger
from sim.model.run import run_once
from sim.simulate import as_scenario

Plain = dict[str, Any]
START = dt.date(2023, 9, 1)
SUPPLIER = "dprk"


class LedgerView:
    """View of a ledger by names of depots and origins."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    def _pair(self, depot: str) -> int:
        return self.ledger.axes.pairs.index(Pair(depot, "shells"))

    def level(self, depot: str = "depot") -> list[float]:
        return self.ledger.levels[self._pair(depot)]

    def flow(self, kind: str, depot: str = "depot") -> list[float]:
        return self.ledger.total(self._pair(depot), kind)

    def of_origin(self, kind: str, origin: str, depot: str = "depot") -> list[float]:
        return self.ledger.columns[self._pair(depot), self.ledger.axes.origins.index(origin), kind]

    def held(self, day: int, depot: str = "depot") -> dict[str, float]:
        return {name: self.of_origin(HELD, name, depot)[day] for name in self.ledger.axes.origins}

    def voyages(self, leg: int = 0, supplier: str = SUPPLIER) -> list[Voyage]:
        return [trip for trip in self.ledger.voyages if trip.supplier == supplier and trip.leg == leg]

    def departed(self, leg: int = 0) -> list[int]:
        return [trip.departed for trip in self.voyages(leg)]


class ScenarioBuilder:
    """Build and run scenarios, and draw the numbers of a stream with numpy."""

    @staticmethod
    def plain(days: int, stock: Any = 0, *, start: dt.date = START, **sections: Any) -> Plain:
        """Return a scenario with the depot ``depot``; `sections` replace the defaults."""
        return {
            "schema": 1,
            "start": start,
            "end": start + dt.timedelta(days=days),
            "depots": {"depot": {"stock": stock}},
            **sections,
        }

    @staticmethod
    def leg(**settings: Any) -> Plain:
        """Return a leg: one vehicle of 100 shells that travels one day."""
        return {"vehicles": 1, "capacity": "100 shells", "travel": "1 day", **settings}

    @classmethod
    def route(cls, days: int, *legs: Plain, **shipment: Any) -> Plain:
        """Return a scenario with an empty depot, one supplier, and no consumer."""
        return cls.plain(days, shipments={SUPPLIER: {"route": list(legs), **shipment}})

    @staticmethod
    def books(plain: Plain, seed: int = 1, run: int = 0) -> LedgerView:
        """Run a scenario once."""
        return LedgerView(run_once(as_scenario(plain), seed, run))

    @staticmethod
    def uniforms(name: str, count: int, seed: int = 1, run: int = 0) -> list[float]:
        """Return the first uniform numbers of a stream by rule 4."""
        h = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")
        key, counter = np.array([seed, h], dtype=np.uint64), np.array([0, run, 0, 0], dtype=np.uint64)
        words = Philox(key=key, counter=counter).random_raw(count)
        return [((int(word) >> 12) + 0.5) / 2.0**52 for word in words]
