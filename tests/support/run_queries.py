"""Query a finished run by names, and reconstruct times of voyages that the ledger does not keep."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.random import Philox

from sim.account import HELD, INFLOW_KINDS, OUTFLOW_KINDS, Voyage
from sim.model.ledger import Ledger
from sim.model.run import run_once
from sim.scenario.loader import load_plain
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.shipment import Leg
from sim.units import SECONDS_PER_DAY, Unit
from tests.support.reference_fleets import Supplier
from tests.support.reference_world import ReferenceInputs

Plain = dict[str, Any]
ColumnsByName = dict[tuple[str, str, str, str], Sequence[float]]
HOUR = 3600


class ModelRun(NamedTuple):
    """A scenario with one run."""

    scenario: Scenario
    ledger: Ledger
    seed: int


def run_case(plain: Plain, seed: int, run: int) -> ModelRun:
    """Run a scenario once; it has no sources and needs no evidence."""
    scenario = load_plain(plain, None)
    return ModelRun(scenario, run_once(scenario, seed, run), seed)


def ledger_text(ledger: Ledger) -> str:
    """Return the content of a ledger as text at full precision, with the sign of zero."""
    columns = sorted(ledger.columns.items())
    levels = (ledger.levels, ledger.planned, sorted(ledger.opening.items()), sorted(ledger.closing.items()))
    ways = (ledger.voyages, sorted(ledger.shipped.items()), sorted(ledger.under_way.items()))
    return repr((ledger.axes, ledger.run, columns, levels, ledger.drawn, ways, ledger.claims))


def columns_by_name(ledger: Ledger) -> ColumnsByName:
    """Return the columns by (depot, munition, origin or empty, kind)."""
    axes = ledger.axes
    return {
        (*axes.pairs[pair], axes.origins[origin] if origin >= 0 else "", str(kind)): column
        for (pair, origin, kind), column in ledger.columns.items()
    }


def column(ledger: Ledger, pair: int, origin: int, kind: str) -> list[float]:
    """Return a column, or zeros if it has no entries."""
    return ledger.columns.get((pair, origin, kind), [0.0] * ledger.axes.days)


def sum_columns(ledger: Ledger, pair: int, origin: int, kinds: Sequence[str]) -> list[float]:
    """Return the sum of kinds by day."""
    return [sum(day) for day in zip(*(column(ledger, pair, origin, kind) for kind in kinds), strict=True)]


def stock_before_outflow(ledger: Ledger, depot: str) -> tuple[list[float], list[float]]:
    """Return the stock of a depot after inflow and before outflow, and the inflow, by day."""
    peaks, came = [0.0] * ledger.axes.days, [0.0] * ledger.axes.days
    pairs = {pair for pair, (name, _) in enumerate(ledger.axes.pairs) if name == depot}
    for (pair, origin, kind), entered in ledger.columns.items():
        if pair in pairs and origin >= 0:
            for sums, kinds in ((peaks, (HELD, *OUTFLOW_KINDS)), (came, INFLOW_KINDS)):
                if kind in kinds:
                    sums[:] = [before + more for before, more in zip(sums, entered, strict=True)]
    return peaks, came


def voyages_of(ledger: Ledger, supplier: str, leg: int | None = None) -> list[Voyage]:
    """Return the voyages of a supplier, of one leg or all."""
    return [trip for trip in ledger.voyages if trip.supplier == supplier and leg in (None, trip.leg)]


def to_seconds(days: float) -> int:
    """Rule 1."""
    return math.floor(days * SECONDS_PER_DAY + 0.5)


def drawn_once(case: ModelRun, quantity: Quantity) -> float:
    """Return the value of a number in the run; dates in days from the start."""
    if quantity.law is not None:
        return case.ledger.drawn[quantity.path]
    return quantity.value - (case.scenario.start.toordinal() if quantity.unit is Unit.DATE else 0)


def reference_supplier(case: ModelRun, supplier: str) -> Supplier:
    """Return a supplier of the reference implementation, before its first voyage."""
    return Supplier(ReferenceInputs(case.scenario, case.seed, case.ledger.run), supplier)


def uniforms(seed: int, run: int, name: str, count: int) -> list[float]:
    """Return the first uniform numbers of a stream by rule 4."""
    h = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")
    key, counter = np.array([seed, h], dtype=np.uint64), np.array([0, run, 0, 0], dtype=np.uint64)
    return [
        ((int(word) >> 12) + 0.5) / 2.0**52 for word in Philox(key=key, counter=counter).random_raw(count)
    ]


class LegDurations:
    """Durations of the voyages of a leg, computed independently of the model."""

    def __init__(self, case: ModelRun, leg: Leg, path: str, count: int) -> None:
        def of(quantity: Quantity, name: str, least: int) -> list[int]:
            if quantity.law is None:
                return [max(least, to_seconds(quantity.value))] * count
            us = uniforms(case.seed, case.ledger.run, name, count)
            return [max(least, to_seconds(quantity.law.inverse(u))) for u in us]

        self.load = of(leg.load, f"{path}.load", 0)
        self.travel = of(leg.travel, f"{path}.travel", HOUR)
        self.unload = of(leg.unload, f"{path}.unload", 0)
        self.back = of(leg.travel, f"{path}.back", HOUR)


class VoyageTimes(NamedTuple):
    """Times of a voyage with a known number: start of loading and unloading, and return."""

    trip: Voyage
    starts: int
    reaches: int
    unloads: int | None
    back: int | None


def voyage_times(case: ModelRun, supplier: str, position: int) -> list[VoyageTimes]:
    """Return the voyages of a leg in order of number, up to the first whose number is ambiguous.

    The ledger omits voyages that still load at the end. Number i can be missing only if it starts no later
    than the next in the list leaves, and loads until the end.
    """
    leg = case.scenario.shipments[supplier].route[position]
    trips = voyages_of(case.ledger, supplier, position)
    end = case.scenario.days * SECONDS_PER_DAY
    draws = LegDurations(case, leg, f"shipments.{supplier}.route.{position}", len(trips))
    found = []
    for number, trip in enumerate(trips):
        if trip.departed + draws.load[number] >= end and leg.load.law is not None:
            break
        reaches = trip.departed + draws.travel[number]
        unloads = None if trip.arrived is None else trip.arrived - draws.unload[number]
        back = None if trip.arrived is None else trip.arrived + draws.back[number]
        found.append(VoyageTimes(trip, trip.departed - draws.load[number], reaches, unloads, back))
    return found


def max_overlap(spans: Sequence[tuple[int, int]]) -> int:
    """Return the maximum number of overlapping half-open spans; empty spans do not count."""
    changes = [
        (second, step) for begin, end in spans if begin < end for second, step in ((begin, 1), (end, -1))
    ]
    most = now = 0
    for _, step in sorted(changes):
        now += step
        most = max(most, now)
    return most
