"""Numbers of a sweep for its findings: varied paths, shares of runs, break-even values."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from sim.account import REACHES, SUSTAINED_DAYS
from sim.findings.finding import Scope
from sim.findings.wording import rate_period
from sim.formatting import NumberFormat, compact, four_figures, number_format, short_date
from sim.names import ITEM, SHELL, Names, Noun, munition_of
from sim.outcomes import SUSTAINED_FIRE, Outcome, outcome_for_readers, split_consumer
from sim.units import Unit

if TYPE_CHECKING:
    import pandas as pd

_HALF_STEP = 1e-9


class SweepTables(Protocol):
    """A sweep, finished or read back from its folder."""

    @property
    def paths(self) -> tuple[str, ...]:
        """Varied paths."""

    @property
    def runs(self) -> int:
        """Number of runs per point."""

    @property
    def table(self) -> pd.DataFrame:
        """One row per point, columns as in ``sweep.parquet``."""

    @property
    def start(self) -> dt.date | None:
        """First day; None if unknown."""

    @property
    def end(self) -> dt.date | None:
        """Day after the last; None if unknown."""

    @property
    def units(self) -> Mapping[str, str]:
        """Base unit of each numeric path."""

    @property
    def names(self) -> Names:
        """Names for readers."""

    @property
    def own(self) -> Mapping[str, float]:
        """Value of each varied number in the scenario."""

    @property
    def stocks(self) -> int | None:
        """Number of stocks that have a consumer; None if unknown."""

    @property
    def breakeven(self) -> pd.DataFrame | None:
        """Break-even values of the paths; None if there are none."""


@dataclass(frozen=True, slots=True)
class VariedPath:
    """A varied path: its name and the format of its values.

    Attributes
    ----------
    path, name : str
    number_format : NumberFormat
    values : tuple of float, or of str if they are not numbers
        Distinct values, in order.
    """

    path: str
    name: str
    number_format: NumberFormat
    values: tuple[Any, ...]

    @property
    def is_numeric(self) -> bool:
        """Whether the values are numbers."""
        return all(isinstance(value, float) for value in self.values)

    @property
    def caption(self) -> str:
        """Axis label: the name, and the unit if there is one."""
        return (
            f"{self.name}, {self.number_format.noun}"
            if self.number_format.noun and self.is_numeric
            else self.name
        )

    def text(self, value: float | str) -> str:
        """Return a value of the sweep with its unit: ``15k shells a day``."""
        if isinstance(value, str):
            return value
        return self.number_format.with_noun(self.number(value))

    def number(self, value: float) -> str:
        """Return a value of the sweep without its unit: ``15k``; a date as a date."""
        if self.number_format.noun == "date":
            return self.number_format.text(value)
        return compact(value * self.number_format.factor)

    def solved(self, value: float) -> str:
        """Return a solved value with its unit, to four figures: ``17,270 shells a day``."""
        return self.number_format.with_noun(self.solved_number(value))

    def solved_number(self, value: float) -> str:
        """Return a solved value without its unit: ``17,270``."""
        return four_figures(value * self.number_format.factor)


class Solved(NamedTuple):
    """A break-even value; `low` and `high` are None beyond the grid."""

    is_rising: bool
    value: float
    low: float | None
    high: float | None


def varied_paths(tables: SweepTables) -> list[VariedPath]:
    """Return the varied paths, in the order of the sweep; no two names are alike."""
    names = tables.names.paths(tables.paths)
    return [
        VariedPath(path, names[path], _path_format(tables, path), _values(tables, path))
        for path in tables.paths
    ]


def counted_noun(tables: SweepTables, path: str = "") -> Noun:
    """Return the noun of the munition of a path, or of all; item where the munitions may differ."""
    munition = munition_of(path)
    if munition:
        return tables.names.nouns.get(munition, SHELL)
    return noun_of_stocks(tables.names, tables.stocks)


def noun_of_stocks(names: Names, stocks: int | None) -> Noun:
    """Return the noun of all munitions; item where some of several stocks have one."""
    return names.noun(names.nouns) if stocks == 1 or not names.nouns else ITEM


def outcome_heading(tables: SweepTables, measure: Outcome) -> str:
    """Return the name of an outcome in the words of the scenario: ``Blankets handed out``."""
    past = tables.names.verb(tables.names.verbs).past
    measure = outcome_in_words(measure.name, tables.names)
    heading = heading_of(measure, counted_noun(tables).many, past, (tables.start, tables.end))
    stock = "the first stock" if (tables.stocks or 1) > 1 else tables.names.the_stock
    return heading.replace("the stock", stock)


def heading_of(measure: Outcome, many: str, past: str, period: tuple[dt.date | None, dt.date | None]) -> str:
    """Return the name of an outcome with a noun, a participle, and the length of the last days."""
    if measure.name == SUSTAINED_FIRE:
        lead = "Fire" if (many, past) == ("shells", "fired") else f"{many.capitalize()} {past} a day"
        return f"{lead} over {last_days_phrase(*period)}"
    if measure.is_date:
        return measure.heading
    return measure.heading.replace("Shells", many.capitalize()).replace("fired", past)


def outcome_unit(tables: SweepTables, measure: Outcome) -> str:
    """Return the unit of the values of an outcome on an axis; empty for a date."""
    if measure.is_date:
        return ""
    noun = measure.number_format.in_currency(tables.names.currency).noun
    return noun.replace("shells", counted_noun(tables).many)


def outcome_in_words(name: str, names: Names) -> Outcome:
    """Return an outcome, that of a consumer with its name for readers."""
    return outcome_for_readers(name, names.consumer(split_consumer(name)[1]))


def outcome_caption(tables: SweepTables, measure: Outcome, *more: str) -> str:
    """Return the label of an axis: name and unit of an outcome, the unit only if the name does not say it."""
    heading, unit = outcome_heading(tables, measure), outcome_unit(tables, measure)
    is_said = set(unit.split()) <= set(heading.lower().split())
    return ", ".join([heading, *filter(None, more), *([] if is_said else [unit])])


def last_days_phrase(start: dt.date | None, end: dt.date | None) -> str:
    """Return the days over which the last fire is a mean: 90, or all days of a shorter period."""
    if start is None or end is None:
        return f"the last {SUSTAINED_DAYS} days at most"
    days = min(SUSTAINED_DAYS, (end - start).days)
    return "the last day" if days == 1 else f"the last {days} days"


def _path_format(tables: SweepTables, path: str) -> NumberFormat:
    """Return the format of the values of a path; a small rate is given for a month or a year."""
    unit = tables.units.get(path, "")
    found = number_format(unit, path).in_currency(tables.names.currency)
    if "shells" not in found.noun:
        return found
    one, many = counted_noun(tables, path)
    if unit == Unit.SHELLS_A_DAY and found.factor == 1.0:
        numbers = [value for value in _values(tables, path) if isinstance(value, float)]
        period = rate_period(*numbers)
        per = f" a {period.name}"
        return NumberFormat(f"{many}{per}", per, period.days, f"{one}{per}")
    return replace(found, noun=found.noun.replace(SHELL.many, many), one=found.one.replace(SHELL.one, one))


def point_values(tables: SweepTables, varied: VariedPath) -> list[Any]:
    """Return the value of a path at each point."""
    column = tables.table[varied.path]
    return [float(value) if varied.is_numeric else str(value) for value in column]


def lasting_shares(tables: SweepTables, outcome: str) -> list[float]:
    """Return the share of runs that do not reach a date, at each point; nan where runs failed.

    For a goal, the share of those that reach it.
    """
    failed, shares = tables.table["failed"], tables.table[f"{outcome}_share"]
    held = [float(share) if outcome == REACHES else 1.0 - float(share) for share in shares]
    return [math.nan if bad else share for bad, share in zip(failed, held, strict=True)]


def solved_value(
    tables: SweepTables, path: str, level: float, at: Mapping[str, float] | None = None
) -> Solved | None:
    """Return the stored break-even value of a path for a share of runs, at values of the other path.

    None if the sweep stores none, or the stock lasts in that share of runs nowhere or everywhere.
    """
    rows = tables.breakeven
    if rows is None:
        return None
    rows = rows[(rows["path"] == path) & ((rows["holds"] - level).abs() < _HALF_STEP)]
    for other, value in (at or {}).items():
        rows = rows[[math.isclose(float(each), value) for each in rows[other]]]
    if len(rows) != 1 or not bool(rows["reached"].iloc[0]):
        return None
    value, low, high = (float(rows[name].iloc[0]) for name in ("value", "low", "high"))
    is_rising = bool(rows["rises"].iloc[0])
    return Solved(is_rising, value, None if math.isnan(low) else low, None if math.isnan(high) else high)


def is_solved_for(tables: SweepTables, level: float) -> bool:
    """Return whether the sweep stores break-even values for a share of runs."""
    rows = tables.breakeven
    return rows is not None and bool(((rows["holds"] - level).abs() < _HALF_STEP).any())


def end_phrase(tables: SweepTables) -> str:
    """Return a phrase for the end of the period."""
    return short_date(tables.end) if tables.end is not None else "the end of the period"


def scope_of(tables: SweepTables) -> Scope:
    """Return the scope of a finding about all points; dates are empty if unknown."""
    start, end = (day.isoformat() if day is not None else "" for day in (tables.start, tables.end))
    return Scope(start, end, tables.runs)


def _values(tables: SweepTables, path: str) -> tuple[Any, ...]:
    from pandas.api.types import is_numeric_dtype

    column: Sequence[Any] = list(tables.table[path])
    if is_numeric_dtype(tables.table[path]):
        return tuple(sorted({float(value) for value in column}))
    return tuple(dict.fromkeys(str(value) for value in column))
