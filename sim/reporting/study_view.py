"""Result tables of a page: outcomes of a run with their Monte Carlo error, and the tables of studies."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.charts.comparison_data import ComparisonData
from sim.findings.audit_findings import CAVEAT, format_probability
from sim.findings.stock_figures import stock_figures
from sim.findings.sweep_figures import heading_of, outcome_in_words
from sim.findings.wording import EXHAUSTED_EVENT, StockEvent, event_of_stocks
from sim.formatting import SOLVED_DIGITS, exact_percent, integer, plain_number, short_date
from sim.names import Names
from sim.outcomes import EXHAUSTED, Outcome, OutcomeKind, outcome_named
from sim.reporting.quantile_error import QuantileEstimate, estimate_quantile
from sim.reporting.table_view import Cell, TableView, unit_words, view_frame

if TYPE_CHECKING:
    import pandas as pd

    from sim.results.reader import Tables

PERCENTS = (5, 50, 95)
NEVER = "not reached"
_UNBOUNDED = "…"
_HEADINGS = ("Outcome", "5th percentile", "Median", "95th percentile", "Definition")
#: Sort key of a value that is not reached: after all numbers.
_LAST = "Infinity"
_ERROR_NOTE = (
    "In brackets: 90 % interval of the percentile over the sampling of runs, from order statistics of "
    "outcomes.csv; … where the runs are too few to bound it. It says nothing of errors of the inputs."
)
#: Suffixes of a sweep's columns that a page shows, by outcome.
_SWEEP_COLUMNS = {
    "exhausted": ("_share", "_p50"),
    "sustained_fire": ("_p50", "_se"),
    "fired": ("_p50", "_se"),
    "unmet": ("_p50", "_se"),
    "closing_stock": ("_p50", "_se"),
}
_SHARE_COLUMNS = ("share", "met_share")
_SUFFIX_WORDS = {"_share": "share of runs", "_p50": "median", "_se": "standard error of the mean"}


def outcomes_view(tables: Tables) -> TableView:
    """Return percentiles of every outcome of a run with their Monte Carlo error.

    Quantities that are zero in every run are left out. Day 0 is a date.
    """
    start, last = (dt.date.fromisoformat(str(tables.stock["date"].iloc[place])[:10]) for place in (0, -1))
    event = event_of_stocks(stock_figures(tables))
    words = _OutcomeWords(tables.names, start, last + dt.timedelta(days=1), event)
    rows = []
    for column in map(str, tables.outcomes.columns):
        outcome = outcome_named(column)
        if outcome.definition == outcome.name:
            continue
        values = [_number(cell, start) for cell in tables.outcomes[column]]
        if outcome.is_date or any(values):
            estimates = [estimate_quantile(values, percent) for percent in PERCENTS]
            cells = [_estimate_cell(each, outcome, start) for each in estimates]
            rows.append((Cell(words.caption(outcome)), *cells, Cell(outcome.definition)))
    return TableView(
        "Outcomes over the runs, with their Monte Carlo error", _HEADINGS, tuple(rows), _ERROR_NOTE
    )


def study_views(found: Any) -> list[TableView]:
    """Return the tables of a study with words for outcomes and paths; none for a run."""
    names: Names = found.names
    makers = {
        "compare": _comparison_view,
        "sweep": _sweep_views,
        "breakeven": _breakeven_views,
        "sensitivity": _sensitivity_view,
        "audit": _audit_views,
    }
    return [] if found.verb == "run" else list(makers[found.verb](found, names))


def _number(cell: object, start: dt.date) -> float:
    """Return an outcome as a number: a date as days from the start, infinite if it is not reached."""
    if isinstance(cell, str):
        return float((dt.date.fromisoformat(cell[:10]) - start).days)
    if isinstance(cell, int | float) and not math.isnan(cell):
        return float(cell)
    return math.inf


class _OutcomeWords(NamedTuple):
    """Names of outcomes in the words of a scenario; the ends of its period, if known.

    `event` is what happens to an exhausted stock.
    """

    names: Names
    start: dt.date | None
    end: dt.date | None
    event: StockEvent = EXHAUSTED_EVENT

    @property
    def many(self) -> str:
        """Plural of what is counted."""
        return self.names.noun(self.names.nouns).many

    def heading(self, outcome: Outcome) -> str:
        """Return ``Blankets handed out``."""
        past = self.names.verb(self.names.verbs).past
        outcome = outcome_in_words(outcome.name, self.names)
        if outcome.name == EXHAUSTED:
            return f"Day on which {self.names.the_stock} {self.event.verb}"
        return heading_of(outcome, self.many, past, (self.start, self.end))

    def unit(self, outcome: Outcome) -> str:
        """Return the unit after the heading; empty where the heading has the noun."""
        if outcome.heading.startswith("Shells"):
            return ""
        if outcome.kind is OutcomeKind.MONEY:
            return f", {self.names.currency or outcome.number_format.noun}"
        units = {OutcomeKind.QUANTITY: f", {self.many}", OutcomeKind.RATE: f", {self.many} a day"}
        return units.get(outcome.kind, "")

    def caption(self, outcome: Outcome) -> str:
        """Return the heading with its unit."""
        return f"{self.heading(outcome)}{self.unit(outcome)}"


def _words_of(found: Any) -> _OutcomeWords:
    """Return the words for the outcomes of a study."""
    if found.verb == "sweep":
        return _OutcomeWords(found.names, found.start, found.end)
    summary = found.summary()
    start, end = (
        dt.date.fromisoformat(summary[key]) if summary.get(key) else None for key in ("start", "end")
    )
    event = ComparisonData.of(found).event if found.verb == "compare" else EXHAUSTED_EVENT
    return _OutcomeWords(found.names, start, end, event)


def _estimate_cell(found: QuantileEstimate, outcome: Outcome, start: dt.date) -> Cell:
    ends = (_UNBOUNDED if end is None else _shown(end, outcome, start) for end in (found.low, found.high))
    value = repr(found.value) if math.isfinite(found.value) else _LAST
    return Cell(f"{_shown(found.value, outcome, start)} ({' to '.join(ends)})", value)


def _shown(value: float, outcome: Outcome, start: dt.date) -> str:
    if not math.isfinite(value):
        return NEVER
    if outcome.is_date:
        return short_date(start + dt.timedelta(days=round(value)))
    return exact_percent(value) if outcome.kind is OutcomeKind.SHARE else integer(value)


def _comparison_view(found: Any, _names: Names) -> Iterator[TableView]:
    titles = {name: str(about["title"]) for name, about in found.summary()["scenarios"].items()}
    headings = {
        "scenario": "Scenario",
        "outcome": "Outcome",
        "difference": "Mean difference",
        "low": "90 % interval from",
        "high": "to",
        "pairs": "Pairs of runs",
        "censored": "Not reached",
    }
    words = {"scenario": titles, "outcome": _difference_words(found)}
    yield view_frame("Differences in days and shells", found.table, headings, words)


def _sweep_views(found: Any, names: Names) -> Iterator[TableView]:
    shown = {f"{name}{end}": (name, end) for name, ends in _SWEEP_COLUMNS.items() for end in ends}
    paths = {
        path: f"{names.path(path)}{_in_unit(found.units.get(path, ''), names, path)}" for path in found.paths
    }
    words = _words_of(found)
    figures = {
        column: f"{words.heading(outcome_named(name))}, {_SUFFIX_WORDS[end]}"
        for column, (name, end) in shown.items()
    }
    yield view_frame("Points of the sweep", found.table, {**paths, "failed": "Failed runs", **figures}, {})
    if found.breakeven is not None and len(found.breakeven):
        yield _whole_view("Break-even values", found.breakeven, names)


def _breakeven_views(found: Any, names: Names) -> Iterator[TableView]:
    yield _whole_view("Break-even values", found.table, names)
    if found.points is not None:
        points = _distinct_points(found.points, found.table)
        tried = _whole_view("Values tried, and the share of runs that meet the target", points, names)
        left = len(found.points) - len(points)
        note = (
            f"{left:,} of {len(found.points):,} values tried {'is' if left == 1 else 'are'} in "
            f"breakeven-points.csv alone: the same as another one to {SOLVED_DIGITS} significant digits, or "
            "between two with the same shares."
        )
        yield replace(tried, note=note if left else tried.note, must_fold=True)


def _distinct_points(points: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """Return the values tried to four significant digits, each once, without those between equal shares.

    Rows of an answer and of the ends of its interval stay, also in place of values that look alike.
    """
    ends = answers[[name for name in ("value", "low", "high") if name in answers.columns]].to_numpy().ravel()
    is_answer = points["value"].isin(ends)
    order = is_answer.sort_values(ascending=False, kind="stable").index
    rounded = points.assign(value=[float(f"{value:.{SOLVED_DIGITS}g}") for value in points["value"]])
    # Rows are equal if all but the value is: the varied values and the shares.
    others = [name for name in points.columns if name != "value"]
    keys = [name for name in points.columns if name not in _SHARE_COLUMNS]
    distinct = rounded.loc[order].drop_duplicates(keys).sort_index()
    texts = distinct[others].astype(str)
    is_between = (texts == texts.shift(1)).all(axis=1) & (texts == texts.shift(-1)).all(axis=1)
    return distinct[~is_between | is_answer[distinct.index]]


def _sensitivity_view(found: Any, names: Names) -> Iterator[TableView]:
    headings = {
        "outcome": "Outcome",
        "path": "Input",
        "index": "Index",
        "value": "Value",
        "low": f"{plain_number(found.summary().get('confidence', 0.9) * 100)} % interval from",
        "high": "to",
    }
    paths = dict.fromkeys(found.table["path"])
    words = {"outcome": _outcome_words(found), "path": {p: names.path(p) for p in paths}}
    yield view_frame("Indices of each input, by outcome", found.table, headings, words)


def _audit_views(found: Any, names: Names) -> Iterator[TableView]:
    claims = {
        "id": "Claim",
        "claimant": "Claimant",
        "as_published": "As published",
        "observable": "Number of the account",
        "p_value": "Probability of a figure so far out",
        "adjusted": "Adjusted for all claims",
        "sentence": "Note",
    }
    compared = found.table["status"] != "not comparable"
    order = found.table[compared].sort_values("p_value", kind="stable")
    probabilities = dict.fromkeys(("p_value", "adjusted"), format_probability)
    yield view_frame("Claims, the most surprising first", order, claims, {}, probabilities)
    ends = {
        f"{name}_{each}": f"{word}, {percent}"
        for name, word in (("prior", "Before"), ("posterior", "After"))
        for each, percent in (("p05", "5 %"), ("p50", "median"), ("p95", "95 %"))
    }
    inputs, factors = found.further["inputs"], found.further["factors"]
    paths = {path: names.path(path) for path in inputs["path"]}
    units = {unit: unit_words(unit, names) for unit in inputs["unit"]}
    headings = {"path": "Input", "unit": "Unit", **ends}
    view = view_frame("Inputs before and after the claims", inputs, headings, {"path": paths, "unit": units})
    caveats = [one["sentence"] for one in found.summary()["findings"] if one["kind"] == CAVEAT]
    yield replace(view, note=" ".join(filter(None, [*caveats, view.note])))
    if len(factors):
        caption = "Counting factors before and after the claims"
        yield view_frame(caption, factors, {"family": "Family", **ends}, {})
    rest = {"id": "Claim", "claimant": "Claimant", "reason": "Reason", "sentence": "Why"}
    others = view_frame("Claims that are not comparable", found.table[~compared], rest, {})
    if others.rows:
        yield replace(others, must_fold=True)


def _whole_view(caption: str, frame: pd.DataFrame, names: Names) -> TableView:
    words = {"reached": {"True": "yes", "False": "no"}}
    if "unit" in frame.columns:
        words["unit"] = {unit: unit_words(unit, names) for unit in frame["unit"]}
    if "path" in frame.columns:
        words["path"] = {path: names.path(path) for path in frame["path"]}
    return view_frame(
        caption, frame, {str(name): _heading(str(name), names) for name in frame.columns}, words
    )


def _heading(column: str, names: Names) -> str:
    known = {
        "path": "Input",
        "low": "90 % interval from",
        "high": "to",
        "reached": "Found",
        "share": "Share of runs that meet the target",
        "met_share": "Share of runs in which the requirement is met",
    }
    return known.get(column) or (names.path(column) if "." in column else column.capitalize())


def _in_unit(unit: str, names: Names, path: str) -> str:
    return f", {unit_words(unit, names, path)}" if unit else ""


def _outcome_words(found: Any) -> Mapping[str, str]:
    words = _words_of(found)
    return {name: words.heading(outcome_named(name)) for name in dict.fromkeys(found.table["outcome"])}


def _difference_words(found: Any) -> Mapping[str, str]:
    """Return the headings of outcomes with the unit of their differences."""
    words, outcomes = _words_of(found), map(outcome_named, dict.fromkeys(found.table["outcome"]))
    return {
        each.name: f"{words.heading(each)}, days" if each.is_date else words.caption(each)
        for each in outcomes
    }
