"""Why no value meets a break-even target: first arrival of the supply, and the day of the miss."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sim import simulate
from sim.account import REACHES, Kind
from sim.outcomes import BELOW, EXHAUSTED, RATIONED_FROM, split_consumer
from sim.results import outcome_arrays
from sim.results.quantiles import quantiles
from sim.results.result import Result
from sim.results.table_names import FLOWS, ORIGINS, OUTCOMES
from sim.scenario.scenario import Scenario
from sim.study.target import Target

#: Tables from which the median days and the first arrival follow.
_TABLES = (FLOWS, ORIGINS, OUTCOMES)
_SUPPLY_KINDS = {"production": Kind.PRODUCED, "shipments": Kind.LANDED, "orders": Kind.DELIVERED}


@dataclass(frozen=True, slots=True)
class NearMiss:
    """What happens at the value with the largest share of runs that meet the target.

    Attributes
    ----------
    value : float
    missed : datetime.date or None
        Median day on which the target is missed; None if beyond the end, if the target counts from a
        later day on, or if it is an amount over all days.
    origin : str
        Production line or supplier of the number; empty for another number.
    arrives : datetime.date or None
        First day on which anything of the origin arrives, in any run; None for never, or without an origin.
    arrives_exactly : bool or None
        Whether `arrives` is a day, rather than the first day of its month; None if arrivals start at once.
    """

    value: float
    missed: dt.date | None
    origin: str = ""
    arrives: dt.date | None = None
    arrives_exactly: bool | None = None


def examine_near_miss(
    scenario: Scenario, value: float, path: str, target: Target, *, runs: int, seed: int, jobs: int | None
) -> NearMiss:
    """Run a scenario that has the best value, and return what happens.

    Parameters
    ----------
    scenario : Scenario
        With the best value, and the threshold of the target.
    value : float
    path : str
        Path of the number.
    target : Target
    runs, seed, jobs
        As for `sim.run`.
    """
    result = simulate.run(scenario, runs=runs, seed=seed, jobs=jobs, tables=_TABLES)
    section, name = path.split(".")[:2]
    is_dated = target.since is None and target.level is None
    missed = _median_day(result, target.deciding_outcome) if is_dated else None
    kind = _SUPPLY_KINDS.get(section)
    if kind is None:
        return NearMiss(value, missed)
    arrives, exact = _first_arrival(result, name, kind)
    starts_at_once = arrives is not None and (arrives - scenario.start).days < 1
    return NearMiss(value, missed, "" if starts_at_once else name, arrives, None if starts_at_once else exact)


def _median_day(result: Result, outcome: str) -> dt.date | None:
    if split_consumer(outcome)[1]:
        whole, axes = result.ensemble.whole, result.ensemble.axes
        median = outcome_arrays.iso_date(axes, float(quantiles(whole.by_consumer[outcome], (50,))[0]))
        return None if median is None else dt.date.fromisoformat(median)
    figures = result.figures()
    days = {
        EXHAUSTED: figures["exhausted"],
        RATIONED_FROM: figures["rationed"],
        REACHES: figures.get(REACHES),
    }
    first = days[outcome] if outcome in days else figures["below"][outcome.removeprefix(BELOW)]
    return None if first["p50"] is None else dt.date.fromisoformat(first["p50"])


def _first_arrival(result: Result, origin: str, kind: Kind) -> tuple[dt.date | None, bool]:
    """Return the first day of an origin in any run, and whether the day is known rather than the month."""
    origins = result.origins
    of_kind = origins[(origins["kind"] == kind.value) & (origins["mean"] > 0.0)]
    own = of_kind[of_kind["origin"] == origin]
    if own.empty:
        return None, True
    month = min(str(each) for each in own["month"])
    if set(of_kind["origin"]) == {origin}:
        flows = result.flows
        days = flows.loc[(flows["kind"] == kind.value) & (flows["mean"] > 0.0), "date"]
        return dt.date.fromisoformat(min(str(day)[:10] for day in days)), True
    return dt.date.fromisoformat(f"{month[:7]}-01"), False
