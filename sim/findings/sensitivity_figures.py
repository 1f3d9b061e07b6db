"""Numbers of a sensitivity analysis for its findings: indices by outcome and input."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.errors import format_count
from sim.findings.finding import Scope
from sim.findings.sweep_figures import last_days_phrase, noun_of_stocks, outcome_in_words
from sim.names import Names, Noun
from sim.outcomes import BELOW, EXHAUSTED, RATIONED_FROM, SUSTAINED_FIRE, outcome_named

LOW, HIGH, RANK = "low", "high", "rank"
MU_STAR, SIGMA, FIRST_ORDER, TOTAL = "mu_star", "sigma", "first", "total"
#: Methods by the indices that they give.
METHODS: Mapping[str, frozenset[str]] = {
    "tornado": frozenset({LOW, HIGH}),
    "rank": frozenset({RANK}),
    "morris": frozenset({MU_STAR, SIGMA}),
    "sobol": frozenset({FIRST_ORDER, TOTAL}),
}
#: Relative difference of two values that is rounding.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Index:
    """Sensitivity index of one input; nan if undefined, censored, or without an interval."""

    value: float
    low: float
    high: float

    @property
    def has_interval(self) -> bool:
        """Whether the index and both ends of its interval are known."""
        return not any(map(math.isnan, (self.value, self.low, self.high)))

    @property
    def is_clear(self) -> bool:
        """Whether the index is known and its interval does not include zero."""
        return not math.isnan(self.value) and not self.low <= 0.0 <= self.high


UNKNOWN = Index(math.nan, math.nan, math.nan)
Indices = Mapping[str, Mapping[str, Index]]


@dataclass(frozen=True, slots=True)
class SensitivityFigures:
    """Figures of a sensitivity analysis.

    Attributes
    ----------
    indices : mapping of str to mapping
        By outcome, then by path of the input, then by name of the index.
    base : mapping of str to float
        Median of each outcome with all inputs drawn; tornado only.
    censored : mapping of str to float
        Share of runs in which a date is not reached, by outcome.
    start, end : datetime.date or None
        First day, and the day after the last; None if unknown.
    runs : int
    names : Names
    stocks : int
        Number of stocks that have a consumer.
    """

    indices: Mapping[str, Indices]
    base: Mapping[str, float]
    censored: Mapping[str, float]
    start: dt.date | None
    end: dt.date | None
    runs: int
    names: Names = field(default_factory=Names)
    stocks: int = 1

    @classmethod
    def of_summary(cls, summary: Mapping[str, Any], names: Names) -> SensitivityFigures:
        """Return the figures of a ``summary.json``."""
        outcomes = summary["outcomes"]
        indices = {
            outcome: {
                path: {name: Index(*map(to_float, each.values())) for name, each in rows.items()}
                for path, rows in found["inputs"].items()
            }
            for outcome, found in outcomes.items()
        }
        base = {name: found["median"] for name, found in outcomes.items() if found.get("median") is not None}
        return cls(
            indices,
            base,
            {name: found["censored"] for name, found in outcomes.items()},
            dt.date.fromisoformat(summary["start"]),
            dt.date.fromisoformat(summary["end"]),
            summary["runs"],
            names,
            len(summary["stocks"]),
        )

    @property
    def method(self) -> str:
        """The method that gives these indices."""
        present = {name for of_one in self.indices.values() for rows in of_one.values() for name in rows}
        return next((method for method, own in METHODS.items() if own & present), "")

    @property
    def scope(self) -> Scope:
        """Scope of a finding about all stocks; dates are empty if unknown."""
        start, end = (day.isoformat() if day is not None else "" for day in (self.start, self.end))
        return Scope(start, end, self.runs)

    @property
    def days(self) -> float:
        """Length of the period in days; infinite if unknown."""
        return float((self.end - self.start).days) if self.start and self.end else math.inf

    def input_names(self) -> dict[str, str]:
        """Return the names of all inputs, no two alike."""
        return self.names.paths(dict.fromkeys(path for rows in self.indices.values() for path in rows))

    def median(self, outcome: str) -> float:
        """Return the median of an outcome with all inputs drawn; nan if unknown or censored."""
        return self._uncensored(outcome, self.base.get(outcome, math.nan))

    def ends(self, outcome: str) -> dict[str, tuple[float, float]]:
        """Return the median with each input at its 5th and 95th percentile; nan where censored."""
        return {
            path: (
                self._uncensored(outcome, rows.get(LOW, UNKNOWN).value),
                self._uncensored(outcome, rows.get(HIGH, UNKNOWN).value),
            )
            for path, rows in self.indices[outcome].items()
        }

    def spread(self, outcome: str, path: str) -> float:
        """Return by how much an input changes the median; nan where an end is censored."""
        ends, median = self.ends(outcome)[path], self.median(outcome)
        if any(map(math.isnan, ends)):
            return math.nan
        known = ends if math.isnan(median) else (*ends, median)
        return max(known) - min(known)

    def censored_inputs(self, outcome: str) -> list[str]:
        """Return the inputs at an end of which a date is censored: how much they change is not known."""
        return [path for path, ends in self.ends(outcome).items() if any(map(math.isnan, ends))]

    def ranked(self, outcome: str, index: str = "") -> list[str]:
        """Return the inputs in order of decreasing strength, by an index or by their spread.

        Inputs with one censored end have no spread: they come first, by the date at their other end. Those
        with two come last.
        """
        rows = self.indices[outcome]
        if not index:
            return sorted(rows, key=lambda path: self._tornado_order(outcome, path))
        return sorted(rows, key=lambda path: -_size(rows[path].get(index, UNKNOWN).value))

    def _tornado_order(self, outcome: str, path: str) -> tuple[int, float]:
        known = [end for end in self.ends(outcome)[path] if not math.isnan(end)]
        if len(known) == 2:
            return 1, -self.spread(outcome, path)
        return (0, known[0]) if known else (2, 0.0)

    def has_effect(self, outcome: str) -> bool:
        """Return whether any input is known to affect an outcome, or correlates with it."""
        if self.method == "tornado":
            return any(self._changes_median(outcome, path) for path in self.indices[outcome])
        sizes = (_size(index.value) for rows in self.indices[outcome].values() for index in rows.values())
        return any(size > _ROUNDING for size in sizes)

    def _changes_median(self, outcome: str, path: str) -> bool:
        ends, median = self.ends(outcome)[path], self.median(outcome)
        if any(map(math.isnan, ends)):
            return not all(map(math.isnan, (*ends, median)))
        return self.spread(outcome, path) > _ROUNDING * max(1.0, abs(self.base.get(outcome, 0.0)))

    def default_outcome(self) -> str:
        """Return the first outcome that an input affects; the first if there is none."""
        return next((name for name in self.indices if self.has_effect(name)), next(iter(self.indices), ""))

    def noun(self, outcome: str) -> str:
        """Return the name of an outcome within a sentence: ``the run-out date``."""
        first = " of the first stock" if self.stocks > 1 else self.names.stock_place
        if outcome == EXHAUSTED:
            return f"the run-out date{first}"
        if outcome == RATIONED_FROM:
            return "the first day on which the requirement is not met"
        if outcome.startswith(BELOW):
            return f"the first day below {format_count(outcome.removeprefix(BELOW), 'day')} of supply{first}"
        known, past = outcome_in_words(outcome, self.names), self.names.verb(self.names.verbs).past
        if outcome == SUSTAINED_FIRE:
            lead = "fire" if (self.goods, past) == ("shells", "fired") else f"{self.goods} {past} a day"
            return f"the {lead} over {last_days_phrase(self.start, self.end)}"
        if "shells" not in known.noun:
            return f"the {known.noun}"
        return known.noun.replace("shells", self.goods).replace("fired", past)

    @property
    def counted(self) -> Noun:
        """Noun of the shells."""
        return noun_of_stocks(self.names, self.stocks)

    @property
    def goods(self) -> str:
        """Plural of the noun of the shells."""
        return self.counted.many

    def _uncensored(self, outcome: str, value: float) -> float:
        return math.nan if outcome_named(outcome).is_date and value >= self.days else value


def indices_of_rows(rows: Iterable[tuple[str, str, str, Any, Any, Any]]) -> dict[str, dict[str, Any]]:
    """Return indices by outcome, path and index of the rows of ``sensitivity.csv``."""
    found: dict[str, dict[str, dict[str, Index]]] = {}
    for outcome, path, index, *figures in rows:
        by_path = found.setdefault(str(outcome), {}).setdefault(str(path), {})
        by_path[str(index)] = Index(*map(to_float, figures))
    return found


def to_float(value: Any) -> float:
    """Return a number, nan for None."""
    return math.nan if value is None else float(value)


def _size(value: float) -> float:
    return -1.0 if math.isnan(value) else abs(value)
