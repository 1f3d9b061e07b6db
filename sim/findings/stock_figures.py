"""Numbers of one stock of a result, or of all stocks together, for the findings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from sim.account import ENOUGH, ROUNDING, SUSTAINED_DAYS, Kind
from sim.findings.finding import Scope, Value
from sim.formatting import capitalised
from sim.names import Names, Noun, Verb

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

#: Share of the planned requirement from which a ceiling of guns is not worth a word.
_LEAST_UNCUT = 0.99
#: A stock below half a shell is none.
LEAST_STOCK = 0.5
#: Difference of two shares that does not show.
SAME_SHARE = 0.005
#: Change of the requirement since the first day, as a share, up to which a day of supply is one amount.
_STEADY = 0.1
#: Part of a day of supply up to which a median level is drawn as nothing.
_EMPTY_PART = 0.05
#: Kinds of inflow from outside the depots; transfers between depots do not count.
OUTSIDE_INFLOW = (Kind.LANDED, Kind.PRODUCED, Kind.REFURBISHED, Kind.DELIVERED)


class ResultTables(Protocol):
    """Tables and summary of a result, finished or read back from its folder."""

    @property
    def names(self) -> Names:
        """Display names of the scenario."""

    @property
    def stock(self) -> pd.DataFrame:
        """As ``stock.csv``."""

    @property
    def flows(self) -> pd.DataFrame:
        """As ``flows.csv``."""

    @property
    def origins(self) -> pd.DataFrame:
        """As ``origins.csv``."""

    def figures(self) -> Mapping[str, Any]:
        """As ``summary.json``, without the findings."""


class Range(NamedTuple):
    """5th, 50th and 95th percentile over runs."""

    low: float
    middle: float
    high: float

    @classmethod
    def of(cls, found: Mapping[str, float]) -> Range:
        """Return the range of a summary."""
        return cls(found["p05"], found["p50"], found["p95"])

    def without_residue(self, turnover: float) -> Range:
        """Return the range with 0 for what rounding errors of a turnover leave of nothing."""
        return Range(*(0.0 if abs(value) <= ROUNDING * turnover else value for value in self))


class FirstDay(NamedTuple):
    """First day of an event: share of runs that reach it, and percentiles over all runs; None if censored."""

    share: float
    low: dt.date | None
    middle: dt.date | None
    high: dt.date | None

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> FirstDay:
        """Return the first day of a summary."""
        days = (found[name] for name in ("p05", "p50", "p95"))
        return cls(float(found["share"]), *(dt.date.fromisoformat(day) if day else None for day in days))

    def values(self) -> dict[str, Value]:
        """Return share and percentiles as the values of a finding: ISO dates, None if censored."""
        days = zip(("p05", "p50", "p95"), (self.low, self.middle, self.high), strict=True)
        return {"share": self.share, **{key: None if day is None else day.isoformat() for key, day in days}}


@dataclass(frozen=True, slots=True)
class StockFigures:
    """Figures of one stock, or of all stocks together.

    Attributes
    ----------
    scope : Scope
        Its depot and munition are None for all stocks together.
    name : str
        Display name of the stock; empty if there is only one, and for all together.
    required, fired, planned : float
        Shells over the period, means over runs.
    inflow : mapping of str to float
        Shells over the period by display name of the origin, means over runs, largest first. For one stock
        of several depots, ``transfers`` is the inflow from other depots.
    fired_from : mapping of str to float
        Share of the fire by display name of the origin, mean over runs.
    opening, closing, change : Range
        Shells before the first day, at the end, and their difference.
    opening_days : Range or None
        The opening stock in days of supply.
    runs_out, short : FirstDay
        Less than a day of supply is left; less than the requirement is fired.
    below : mapping of str to FirstDay
        By the N of "below N days of supply".
    last_fire : Range
        Shells a day over the last 90 days.
    last_required, last_mean_fire : float
        Requirement and fire a day over the last 90 days, means over runs.
    last_met : Range or None
        Share of the requirement met in the last 90 days; None if nothing was required.
    grows, ends_empty, held_back, nothing_required : float
        Shares of runs; see ``summary.json``.
    level_after : float
        Median stock in days of supply, on the day after half of the runs ran out; 0 if fewer did.
    stays_short : bool
        Whether less than the requirement is met on every day from the median first day of it.
    has_guns : bool
        Whether a ceiling of guns applies to a consumer.
    noun : Noun
        Noun of the stock: shells, blankets.
    verb : Verb
        Verb of the consumers: fire, hand out.
    """

    scope: Scope
    name: str
    required: float
    fired: float
    planned: float
    expired: float
    inflow: Mapping[str, float]
    fired_from: Mapping[str, float]
    opening: Range
    closing: Range
    change: Range
    opening_days: Range | None
    runs_out: FirstDay
    short: FirstDay
    below: Mapping[str, FirstDay]
    last_fire: Range
    last_required: float
    last_mean_fire: float
    last_met: Range | None
    grows: float
    ends_empty: float
    held_back: float
    nothing_required: float
    level_after: float
    stays_short: bool
    has_guns: bool
    noun: Noun
    verb: Verb

    @property
    def runs(self) -> int:
        """Number of runs."""
        return self.scope.runs

    @property
    def start(self) -> dt.date:
        """First day."""
        return dt.date.fromisoformat(self.scope.start)

    @property
    def end(self) -> dt.date:
        """The day after the last."""
        return dt.date.fromisoformat(self.scope.end)

    @property
    def days(self) -> int:
        """Length of the period."""
        return (self.end - self.start).days

    @property
    def coming_in(self) -> float:
        """Inflow over the period in shells, mean over runs."""
        return sum(self.inflow.values())

    @property
    def unmet(self) -> float:
        """Shells required but not fired, mean over runs."""
        return max(0.0, self.required - self.fired)

    @property
    def is_emptied(self) -> bool:
        """Whether the stock runs out: below a day of supply next to nothing is left, and fire falls short.

        A stock that each day brings just enough is below a day of supply, and still meets the requirement.
        """
        return self.level_after <= _EMPTY_PART and self.short.share >= self.runs_out.share

    @property
    def is_cut_by_guns(self) -> bool:
        """Whether a ceiling of guns takes more than one percent off the planned requirement."""
        return self.has_guns and self.required < _LEAST_UNCUT * self.planned

    @property
    def meets_plan(self) -> bool:
        """Whether opening stock and inflow are at least the planned requirement."""
        return self.opening.low + self.coming_in >= self.planned

    @property
    def medians_agree(self) -> bool:
        """Whether the median fire of the last days is the median share that is met, of the requirement.

        Each is a median of its own: where the requirement differs between runs, one is no share of the other.
        """
        if self.last_met is None or not self.last_required:
            return True
        return abs(self.last_fire.middle / self.last_required - self.last_met.middle) < SAME_SHARE

    @property
    def last_days(self) -> int:
        """Number of the last days over which `last_fire` is a mean."""
        return min(SUSTAINED_DAYS, self.days)


def overall_figures(tables: ResultTables) -> StockFigures:
    """Return the figures of all stocks together."""
    return _figures(tables, tables.figures(), None, None, "")


def stock_figures(tables: ResultTables) -> list[StockFigures]:
    """Return the figures of each stock that has a consumer, in the order of the summary."""
    pairs = tables.figures()["pairs"]
    places = [(depot, munition) for depot, by in pairs.items() for munition in by]
    return [
        _figures(
            tables, pairs[depot][munition], depot, munition, stock_name(tables.names, places, depot, munition)
        )
        for depot, munition in places
    ]


def is_steady(tables: ResultTables, stock: StockFigures) -> bool:
    """Return whether the requirement of each day is about that of the first, which is a day of supply."""
    flows = tables.flows
    rows = (flows["depot"] == stock.scope.depot) & (flows["munition"] == stock.scope.munition)
    daily = flows["mean"][rows & (flows["kind"] == Kind.REQUIRED.value)]
    return bool(((daily - daily.iloc[0]).abs() <= _STEADY * daily.iloc[0]).all())


def stock_name(names: Names, places: list[tuple[str, str]], depot: str, munition: str) -> str:
    """Return the name of a stock among others: its munition, its depot or both; empty if it is alone.

    The only stock with a consumer has a name if there are others without one.
    """
    several_depots = len({each for each, _ in places}) > 1
    several_munitions = len({each for _, each in places}) > 1
    if several_depots and several_munitions:
        return f"{names.munition(munition)} at {names.depot(depot)}"
    if several_depots:
        return names.depot(depot)
    return names.munition(munition) if several_munitions else names.stock_name


def stock_heading(names: Names, places: list[tuple[str, str]], depot: str, munition: str) -> str:
    """Return the heading of the plot of a stock: ``Shells in stock``, with its name among others.

    A name that includes the noun is the whole heading: ``152 mm shells at Depot in the south``.
    """
    name = stock_name(names, places, depot, munition)
    noun = names.noun([munition]).many
    if noun.casefold() in name.casefold():
        return capitalised(name)
    return f"{noun.capitalize()} in stock" + (f": {name}" if name else "")


def period(tables: ResultTables) -> tuple[str, str]:
    """Return the first day and the day after the last, as ISO dates."""
    dates = tables.stock["date"].astype(str)
    last = dt.date.fromisoformat(dates.iloc[-1][:10])
    return dates.iloc[0][:10], (last + dt.timedelta(days=1)).isoformat()


def _figures(
    tables: ResultTables, found: Mapping[str, Any], depot: str | None, munition: str | None, name: str
) -> StockFigures:
    whole, names = tables.figures(), tables.names
    flows, origins = (_rows(table, depot, munition) for table in (tables.flows, tables.origins))
    wanted, shot = (_Daily.of(flows, kind) for kind in (Kind.REQUIRED, Kind.FIRED))
    required, inflow = wanted.total, _inflow(origins, names, of_one_stock=depot is not None)
    turnover = required + sum(inflow.values()) + abs(found["opening_stock"]["p95"])
    opening, closing, change = (
        Range.of(found[name]).without_residue(turnover)
        for name in ("opening_stock", "closing_stock", "stock_change")
    )
    runs_out, short = FirstDay.of(found["exhausted"]), FirstDay.of(found["rationed"])
    return StockFigures(
        scope=Scope(*period(tables), int(whole["runs"]), depot, munition),
        name=name,
        required=required,
        fired=shot.total,
        planned=float(found["planned"]),
        expired=_Daily.of(flows, Kind.EXPIRED).total,
        inflow=inflow,
        fired_from={names.origin(origin): share for origin, share in found["fire_by_origin"].items()},
        opening=opening,
        closing=closing,
        change=change,
        opening_days=_optional(found["opening_days"]),
        runs_out=runs_out,
        short=short,
        below={cover: FirstDay.of(first) for cover, first in found["below"].items()},
        last_fire=Range.of(found["sustained"]["fire"]),
        last_required=wanted.last_mean(),
        last_mean_fire=shot.last_mean(),
        last_met=_optional(found["sustained"]["met"]),
        grows=found["grows"],
        ends_empty=found["ends_empty"],
        held_back=found["held_back"],
        nothing_required=found["nothing_required"],
        level_after=_level_after(_rows(tables.stock, depot, munition), required, runs_out.middle),
        stays_short=_stays_short(wanted, shot, short.middle),
        has_guns=bool(whole["gun_ceiling"]),
        noun=names.noun([munition] if munition else _munitions(whole)),
        verb=names.verb(names.verbs),
    )


def _optional(found: Mapping[str, float] | None) -> Range | None:
    return None if found is None else Range.of(found)


def _munitions(whole: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys(munition for by in whole["pairs"].values() for munition in by))


def _rows(table: pd.DataFrame, depot: str | None, munition: str | None) -> pd.DataFrame:
    if depot is None:
        return table
    own = (table["depot"] == depot) & (table["munition"] == munition)
    return table if own.all() else table[own]


class _Daily(NamedTuple):
    """A flow by day and stock, mean over runs: ISO dates, and shells."""

    dates: NDArray[np.object_]
    means: NDArray[np.float64]

    @classmethod
    def of(cls, flows: pd.DataFrame, kind: Kind) -> _Daily:
        # Arrays, since each drag of the live page reads them several times.
        rows = (flows["kind"] == kind.value).to_numpy()
        dates = flows["date"].astype(str).to_numpy(dtype=object)
        return cls(dates[rows], flows["mean"].to_numpy(dtype=float)[rows])

    @property
    def total(self) -> float:
        return float(self.means.sum())

    def last_mean(self) -> float:
        """Return shells a day over the last 90 days."""
        days = sorted(set(self.dates))[-SUSTAINED_DAYS:]
        return float(self.means[self.dates >= days[0]].sum()) / len(days) if days else 0.0

    def by_day(self, first: str) -> NDArray[np.float64]:
        """Return shells of all stocks on each day from a date on."""
        import numpy as np

        later = self.dates >= first
        days, place = np.unique(self.dates[later], return_inverse=True)
        sums = np.zeros(len(days))
        np.add.at(sums, place, self.means[later])
        return sums


def _level_after(stock: pd.DataFrame, required: float, gone: dt.date | None) -> float:
    if gone is None or not required:
        return 0.0
    levels = stock.groupby(stock["date"].astype(str).str[:10], sort=False)["p50"].sum()
    after = levels[levels.index > gone.isoformat()]
    level = float(levels.iloc[-1] if after.empty else after.iloc[0])
    return level * len(levels) / required


def _stays_short(required: _Daily, fired: _Daily, first: dt.date | None) -> bool:
    if first is None:
        return False
    day = first.isoformat()
    return bool((fired.by_day(day) < required.by_day(day) * ENOUGH).all())


def _inflow(origins: pd.DataFrame, names: Names, *, of_one_stock: bool) -> dict[str, float]:
    outside = origins[origins["kind"].isin(OUTSIDE_INFLOW)]
    sums = outside.groupby("origin", sort=False)["mean"].sum()
    found = {names.origin(str(origin)): float(amount) for origin, amount in sums.items() if amount > 0.0}
    if of_one_stock:
        received = float(origins.loc[origins["kind"] == Kind.RECEIVED.value, "mean"].sum())
        found |= {"transfers": received} if received > 0.0 else {}
    return dict(sorted(found.items(), key=lambda each: -each[1]))
