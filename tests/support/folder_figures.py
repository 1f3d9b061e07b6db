"""Figures of a saved run, computed from the tables of its folder alone.

It imports nothing of the package, so that it can check the findings of the package. `summary.json` serves
only where no table has a figure: outcomes of single runs of one of several stocks, and the requirement as
planned where guns or daily variation change it.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
from ruamel.yaml import YAML

ENOUGH = 1.0 - 1e-9
LAST_DAYS = 90
OUTSIDE = ("landed", "produced", "refurbished", "delivered")
_LEAVING = ("lost", "expired", "dispatched", "fired")
_ENTERING = (*OUTSIDE, "received")
#: Share of a day's requirement up to which a stock counts as empty to the eye.
EMPTY = 0.05


@dataclass(frozen=True)
class First:
    """First day of an event in all runs: share of runs, and percentiles over all runs, None if censored."""

    share: float
    p05: str | None
    p50: str | None
    p95: str | None

    @classmethod
    def of_dates(cls, dates: Sequence[str | None]) -> First:
        ordered = sorted(date or "never" for date in dates)
        shown = [None if (found := quantile(ordered, p)) == "never" else found for p in (5, 50, 95)]
        return cls(sum(date is not None for date in dates) / len(dates), *shown)


@dataclass(frozen=True)
class Spread:
    """5th, 50th and 95th percentile over runs."""

    p05: float
    p50: float
    p95: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        ordered = sorted(values)
        return cls(*(quantile(ordered, p) for p in (5, 50, 95)))


def quantile(ordered: Sequence[Any], percent: int) -> Any:
    """Return the inverted CDF: the smallest value with at least `percent` of the values up to it."""
    return ordered[max(0, math.ceil(percent * len(ordered) / 100) - 1)]


class RunFolder:
    """A result folder; of a result that holds runs besides, such as an audit, the `part` of its summary."""

    def __init__(self, folder: Path, part: str = "") -> None:
        self.folder = folder
        self.stock, self.flows, self.origins, self.outcomes, self.paths = (
            pd.read_csv(
                folder / f"{name}.csv", dtype={"date": str, "month": str, "depot": str, "munition": str}
            )
            for name in ("stock", "flows", "origins", "outcomes", "paths")
        )
        summary = json.loads((folder / "summary.json").read_text("utf-8"))
        self.summary = summary[part] if part else summary
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        self.words = manifest["scenario"].get("names", {})
        self.scenario = (folder / "scenario.yaml").read_text("utf-8")
        self.has_backlog = "backlog: true" in self.scenario
        self.has_guns = re.search(r"\bguns:(?! 0\s)", self.scenario) is not None
        self.dates = list(dict.fromkeys(self.stock["date"]))
        self.start = dt.date.fromisoformat(self.dates[0])
        self.end = dt.date.fromisoformat(self.dates[-1]) + dt.timedelta(days=1)
        self.runs = len(self.outcomes)
        places = [(depot, munition) for depot, by in self.summary["pairs"].items() for munition in by]
        self.stocks = [StockFolder(self, depot, munition) for depot, munition in places]
        self.whole = StockFolder(self, None, None)

    @property
    def only_name(self) -> str:
        """Name of the only stock with a consumer, among others; empty if there are several, or no others."""
        return self.stocks[0].name if len(self.stocks) == 1 else ""

    @property
    def drawn_on_or_all(self) -> set[tuple[str, str]]:
        """Depot and munition of the stocks with a consumer; of all stocks if only one has."""
        if len(self.stocks) == 1:
            return set(zip(self.stock["depot"], self.stock["munition"], strict=True))
        return {(str(each.depot), str(each.munition)) for each in self.stocks}

    @property
    def days(self) -> int:
        return len(self.dates)

    @property
    def last_days(self) -> int:
        return min(LAST_DAYS, self.days)

    @property
    def columns(self) -> list[str]:
        return [str(name) for name in self.outcomes]

    @cached_property
    def covers(self) -> list[str]:
        return [name.removeprefix("below_") for name in self.columns if name.startswith("below_")]

    @cached_property
    def by_consumer(self) -> pd.DataFrame:
        """The table of consumers; a file of scenarios with priorities or backlogs."""
        return pd.read_csv(self.folder / "consumers.csv", dtype={"date": str, "consumer": str})

    @cached_property
    def money(self) -> pd.DataFrame:
        """The table of money; a file of scenarios with a currency."""
        return pd.read_csv(self.folder / "money.csv", dtype={"month": str, "kind": str})

    @property
    def consumers(self) -> list[str]:
        """Consumers whose outcomes are listed."""
        return [each.removeprefix("rationed_from.") for each in self.columns if "rationed_from." in each]

    @cached_property
    def priorities(self) -> dict[str, int]:
        """Priority of each consumer, as the file has it; 1 if left out."""
        consumption = YAML(typ="safe").load(self.scenario)["consumption"]
        return {name: int(each.get("priority", 1)) for name, each in consumption.items()}

    def first_short(self, consumer: str) -> First:
        """Return the first day on which a consumer is short."""
        return First.of_dates(_texts(self.outcomes[f"rationed_from.{consumer}"]))

    @property
    def reached(self) -> First:
        """First day on which the objective is reached; of a scenario with one."""
        return First.of_dates(_texts(self.outcomes["reaches"]))

    def label(self, section: str, name: str) -> str:
        return str(self.words.get("labels", {}).get(f"{section}.{name}", name))

    def origin(self, name: str) -> str:
        """Return the label of an origin, or its key if it has none."""
        fixed = {"initial": "opening stock"}.get(name)
        labels = self.words.get("labels", {})
        kinds = ("production", "shipments", "orders")
        return str(fixed or next((found for kind in kinds if (found := labels.get(f"{kind}.{name}"))), name))

    def stock_named(self, name: str) -> StockFolder:
        """Return the stock of a name in a sentence; all stocks together without a name."""
        if not name:
            return self.whole
        (found,) = [each for each in self.stocks if plain(each.name) == plain(name)]
        return found


def plain(name: str) -> str:
    """Return a name without what differs between a key and an automatic name."""
    return name.casefold().replace("-", "").replace("_", "").replace(" ", "")


class StockFolder:
    """Figures of one stock of a folder, or of all."""

    def __init__(self, folder: RunFolder, depot: str | None, munition: str | None) -> None:
        self.folder, self.depot, self.munition = folder, depot, munition
        self.is_whole = depot is None
        #: Whether the columns of outcomes.csv are about this stock: dates, and totals of all that is fired.
        self.has_outcomes = (
            self.is_whole
            or len(folder.summary["pairs"]) == sum(len(by) for by in folder.summary["pairs"].values()) == 1
        )
        self.found = folder.summary if self.is_whole else folder.summary["pairs"][depot][munition]

    @property
    def name(self) -> str:
        """Name among the stocks with a consumer, or of the only one among others: munition, depot or both."""
        if self.is_whole:
            return ""
        assert self.depot is not None
        assert self.munition is not None
        depots, munitions = ({pair[part] for pair in self.folder.drawn_on_or_all} for part in range(2))
        parts = [self.folder.label("munitions", self.munition)] if len(munitions) > 1 else []
        parts += [self.folder.label("depots", self.depot)] if len(depots) > 1 else []
        return " at ".join(parts)

    def _mine(self, table: pd.DataFrame) -> pd.DataFrame:
        if self.is_whole:
            return table
        return table[(table["depot"] == self.depot) & (table["munition"] == self.munition)]

    def _daily(self, kind: str) -> list[float]:
        """Return the mean flow of each day."""
        flows = self._mine(self.folder.flows)
        sums = flows[flows["kind"] == kind].groupby("date")["mean"].sum().to_dict()
        return [float(sums[date]) for date in self.folder.dates]

    @cached_property
    def daily_required(self) -> list[float]:
        return self._daily("required")

    @cached_property
    def daily_fired(self) -> list[float]:
        return self._daily("fired")

    @property
    def required(self) -> float:
        return math.fsum(self.daily_required)

    @property
    def fired(self) -> float:
        return math.fsum(self.daily_fired)

    @cached_property
    def unmet(self) -> float:
        return math.fsum(self._daily("unmet"))

    @cached_property
    def expired(self) -> float:
        has_ages = "expired" in set(self.folder.flows["kind"])
        return math.fsum(self._daily("expired")) if has_ages else 0.0

    @property
    def not_fired(self) -> float:
        """What is required and not fired by the end; with a backlog, some of what is unmet is fired later."""
        lacks = max(0.0, self.required - self.fired)
        assert self.folder.has_backlog or abs(lacks - self.unmet) <= 1e-9 * self.required
        return lacks

    @property
    def planned(self) -> float:
        return float(self.found["planned"])

    @cached_property
    def is_certain(self) -> bool:
        """Whether the requirement is the same in all runs and as planned, so that flows.csv has the plan."""
        flows = self._mine(self.folder.flows)
        flows = flows[flows["kind"] == "required"]
        alike = bool(((flows["p95"] - flows["p05"]).abs() <= 1e-9 * flows["p95"].abs()).all())
        return alike and math.isclose(self.required, self.planned, rel_tol=1e-9)

    @cached_property
    def inflow(self) -> dict[str, float]:
        """Shells from outside by key of the origin; of one stock also from other depots."""
        rows = self._mine(self.folder.origins)
        sums = rows[rows["kind"].isin(OUTSIDE)].groupby("origin", sort=False)["mean"].sum()
        found = {self.folder.origin(str(origin)): float(value) for origin, value in sums.items() if value > 0}
        received = float(rows.loc[rows["kind"] == "received", "mean"].sum())
        if not self.is_whole and received > 0:
            found["transfers"] = received
        return found

    @property
    def coming_in(self) -> float:
        return math.fsum(self.inflow.values())

    @cached_property
    def fired_from(self) -> dict[str, float]:
        """Share of fire by origin: of the totals where all runs fire alike, else as the summary has it."""
        stated = {self.folder.origin(name): share for name, share in self.found["fire_by_origin"].items()}
        rows = self._mine(self.folder.origins)
        sums = rows[rows["kind"] == "fired"].groupby("origin", sort=False)["mean"].sum()
        whole = math.fsum(sums)
        if not whole or not (self.has_outcomes and _alike(self.folder.outcomes["fired"])):
            return stated
        return {self.folder.origin(str(origin)): value / whole for origin, value in sums.items()}

    @cached_property
    def exhausted(self) -> First:
        return self._first("exhausted", "exhausted", 1.0)

    @cached_property
    def short(self) -> First:
        if self.has_outcomes:
            return First.of_dates(_texts(self.folder.outcomes["rationed_from"]))
        if self.folder.runs == 1:
            unmet = zip(self.folder.dates, self._daily("unmet"), strict=True)
            return First.of_dates([next((day for day, shells in unmet if shells > 0.0), None)])
        return First(**self.found["rationed"])

    def below(self, cover: str) -> First:
        return self._first(f"below_{cover}", "below", float(cover), cover)

    def _first(self, column: str, key: str, cover: float, name: str = "") -> First:
        if self.has_outcomes:
            return First.of_dates(_texts(self.folder.outcomes[column]))
        if self.is_certain and self.folder.runs <= self.folder.paths["run"].nunique():
            return First.of_dates([self._first_below(levels, cover) for levels in self.levels.values()])
        found = self.found[key][name] if name else self.found[key]
        return First(**found)

    @cached_property
    def levels(self) -> dict[int, list[float]]:
        """Closing levels by day of the runs in paths.csv; of one stock."""
        rows = self._mine(self.folder.paths)
        return {run: list(rows.loc[rows["run"] == run, "level"]) for run in rows["run"].unique().tolist()}

    def _first_below(self, levels: Sequence[float], cover: float) -> str | None:
        for date, level, need in zip(self.folder.dates, levels, self.daily_required, strict=True):
            if level < cover * ENOUGH * need:
                return str(date)
        return None

    @cached_property
    def closing(self) -> Spread:
        if self.is_whole:
            return Spread.of(list(self.folder.outcomes["closing_stock"]))
        last = self._mine(self.folder.stock).iloc[-1]
        return Spread(float(last["p05"]), float(last["p50"]), float(last["p95"]))

    @property
    def residue(self) -> float:
        """What rounding errors may leave of nothing."""
        return 1e-9 * (self.required + self.coming_in)

    @cached_property
    def stays_short(self) -> bool:
        """Whether on each day from the median first one less than the requirement is met, in the mean."""
        days = zip(self.folder.dates, self.daily_required, self.daily_fired, strict=True)
        first = self.short.p50
        return first is not None and all(fired < need * ENOUGH for day, need, fired in days if day >= first)

    def level_after(self, date: str) -> float:
        """Return the median level on the day after a date, in days of the mean requirement."""
        rows = self._mine(self.folder.stock)
        after = rows[rows["date"] > date]
        level = float((after if len(after) else rows.tail(1)).iloc[0]["p50"])
        return level * self.folder.days / self.required

    @property
    def is_emptied(self) -> bool:
        """Whether the stock runs out, rather than falls below a day of supply that suffices."""
        gone = self.exhausted
        level = self.level_after(gone.p50) if gone.p50 else 0.0
        return gone.share > 0.0 and self.short.share >= gone.share and level <= EMPTY

    @property
    def is_only_low(self) -> bool:
        """Whether the stock is exhausted in some run, and does not run out."""
        return self.exhausted.share > 0.0 and not self.is_emptied

    @cached_property
    def opening(self) -> Spread:
        """Stock before the first day: as drawn in outcomes.csv, else level plus net outflow of day 0."""
        rows, flows = self._mine(self.folder.stock), self._mine(self.folder.flows)
        first = self.folder.dates[0]
        sums = flows[flows["date"] == first].groupby("kind")["mean"].sum()
        level = float(rows.loc[rows["date"] == first, "mean"].sum())
        mean = (
            level
            + sum(sums.get(kind, 0.0) for kind in _LEAVING)
            - sum(sums.get(kind, 0.0) for kind in _ENTERING)
        )
        drawn = [name for name in self.folder.columns if name.startswith("depots.") and ".stock" in name]
        alike = rows[(rows["date"] == first) & (rows["p95"] - rows["p05"] > 1e-9 * rows["p95"])].empty
        if not drawn and alike:
            return Spread(mean, mean, mean)
        if len(drawn) == 1 and len(self.folder.stocks) == 1 and len(self._places) == 1:
            values = list(self.folder.outcomes[drawn[0]])
            # A stock in days of supply is drawn in days, whose mean is not that of the shells.
            if math.isclose(math.fsum(values) / len(values), mean, rel_tol=1e-6):
                return Spread.of(values)
        return Spread(**self.found["opening_stock"])

    @property
    def _places(self) -> set[tuple[str, str]]:
        rows = self.folder.stock
        return set(zip(rows["depot"], rows["munition"], strict=True))

    @cached_property
    def change(self) -> Spread:
        opening = self.opening
        if opening.p05 == opening.p95:
            closing = self.closing
            return Spread(*(value - opening.p50 for value in (closing.p05, closing.p50, closing.p95)))
        return Spread(**self.found["stock_change"])

    @cached_property
    def grows(self) -> float:
        opening = self.opening
        if self.is_whole and opening.p05 == opening.p95:
            return float((self.folder.outcomes["closing_stock"] > opening.p50 * (1 + 1e-12)).mean())
        return float(self.found["grows"])

    @cached_property
    def last_fire(self) -> Spread:
        if self.has_outcomes:
            return Spread.of(list(self.folder.outcomes["sustained_fire"]))
        if self.folder.runs == 1:
            mean = math.fsum(self.daily_fired[-self.folder.last_days :]) / self.folder.last_days
            return Spread(mean, mean, mean)
        return Spread(**self.found["sustained"]["fire"])

    @cached_property
    def last_met(self) -> Spread | None:
        """Share of the requirement met in the last days; None if nothing was required."""
        need = math.fsum(self.daily_required[-self.folder.last_days :])
        if need == 0.0:
            return None
        if self.is_certain or self.folder.runs == 1:
            fire, factor = self.last_fire, self.folder.last_days / need
            return Spread(fire.p05 * factor, fire.p50 * factor, fire.p95 * factor)
        found = self.found["sustained"]["met"]
        return None if found is None else Spread(**found)

    @cached_property
    def is_rationed(self) -> bool:
        """Whether in half of the runs or more the fire falls short before the stock runs out."""
        if not self.has_outcomes:
            return float(self.found["held_back"]) >= 0.5
        short, gone = (
            [date or "never" for date in _texts(self.folder.outcomes[name])]
            for name in ("rationed_from", "exhausted")
        )
        return sum(x < y for x, y in zip(short, gone, strict=True)) >= self.folder.runs / 2

    def _months_of(self, munition: str) -> list[tuple[str, float, float]]:
        """Return month, requirement and fire of a munition in each month in which it is required."""
        found: dict[str, list[float]] = {}
        flows = self.folder.flows[self.folder.flows["munition"] == munition]
        sums_of_day = flows.groupby(["date", "kind"])["mean"].sum()
        for date in self.folder.dates:
            need, fired = float(sums_of_day[date, "required"]), float(sums_of_day[date, "fired"])
            sums = found.setdefault(date[:7], [0.0, 0.0])
            sums[0] += need
            sums[1] += fired
        return [(month, need, fired) for month, (need, fired) in found.items() if need > 0]

    @cached_property
    def months(self) -> dict[str, list[tuple[str, float, float]]]:
        """Months by label of each munition of which something is required."""
        munitions = dict.fromkeys(map(str, self.folder.flows["munition"]))
        found = {self.folder.label("munitions", name): self._months_of(name) for name in munitions}
        return {name: months for name, months in found.items() if months}

    @property
    def nouns(self) -> tuple[str, str]:
        """Singular and plural of the noun of the shells."""
        named = self.folder.words.get("nouns", {})
        munitions = {self.munition} if self.munition else {each.munition for each in self.folder.stocks}
        shell = {"one": "shell", "many": "shells"}
        found = {(word["one"], word["many"]) for word in (named.get(name, shell) for name in munitions)}
        return found.pop() if len(found) == 1 else ("shell", "shells") if not found else ("item", "items")

    @property
    def past(self) -> str:
        """Past of what consumers do."""
        found = {word["past"] for word in self.folder.words.get("verbs", {}).values()} or {"fired"}
        return found.pop() if len(found) == 1 else "used"


def _texts(column: pd.Series[Any]) -> list[str | None]:
    return [None if isinstance(value, float) else str(value) for value in column]


def _alike(column: pd.Series[Any]) -> bool:
    return float(column.max() - column.min()) <= 1e-9 * float(column.max())
