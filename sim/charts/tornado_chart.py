"""The tornado: what each input does to the outcome, the strongest first."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.charts import style
from sim.charts.bars import Bar, Row, Rows, draw_rows, fitting
from sim.charts.drivers import Driven, Drivers, Index
from sim.charts.frame import Key, Words
from sim.charts.rulers import Days, Numbers, Ruler
from sim.charts.saying import day_of
from sim.charts.style import Size
from sim.errors import ArgumentError, Fault, counted
from sim.formatting import MINUS, compact, long_date, short_date, shorten_path
from sim.outcomes import Outcome

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LOW, HIGH, RANK = "low", "high", "rank"
_LOW: dict[str, Any] = {"facecolor": style.LINE_BLUE, "edgecolor": "white", "linewidth": 0.3}
_HIGH: dict[str, Any] = {"facecolor": "#E69F00", "edgecolor": "white", "linewidth": 0.3}
_DOT: dict[str, Any] = {"marker": "o", "color": style.LINE_BLUE}

Found = Mapping[str, Mapping[str, Index]]


def tornado(study: Drivers | Driven, size: str = "page", *, of: str | None = None) -> Figure:
    """Draw what each input does to an outcome: a bar from its low to its high value, the widest first.

    Parameters
    ----------
    study : what `sim.sensitivity` returns, or Drivers
        With the indices ``low`` and ``high`` (method ``tornado``): the outcome with the input at its 5 % and
        95 % quantile. Rank correlations (method ``rank``) are drawn as dots with their intervals.
    size : str
        ``column`` (85 mm wide), ``page`` (180 mm), ``slide`` (16:9) or ``square``.
    of : str, optional
        The outcome; by default the first of the table.

    Returns
    -------
    matplotlib.figure.Figure
        A bar with an arrow goes on beyond the end of the period.

    Raises
    ------
    ArgumentError
        The table has neither of these indices, or no such outcome, or there is no such size.
    """
    data, form = Drivers.of(study), style.pick_size(size)
    measure = data.measure(of)
    found = data.indices(measure.name)
    if any(LOW in indices or HIGH in indices for indices in found.values()):
        return figure_of(_bars(data, measure, found), data, form, _bar_words(data, measure, found))
    if any(RANK in indices for indices in found.values()):
        return figure_of(_ranks(found), data, form, _rank_words(data, measure, found))
    has = ", ".join(dict.fromkeys(index for indices in found.values() for index in indices))
    fault = Fault(f"a tornado is not made from {has}", allowed="low and high, or rank; for others use sobol")
    raise ArgumentError([fault])


def figure_of(rows: Rows, data: Drivers, size: Size, words: Words) -> Figure:
    """Return the figure with as many rows as there is room for, and a note that counts the others."""
    with style.drawing():
        kept = fitting(rows, noted(words, data, size, 1), size)
        left_out = len(rows.rows) - kept
        return draw_rows(rows.first(kept), noted(words, data, size, left_out), size).figure


def noted(words: Words, data: Drivers, size: Size, left_out: int) -> Words:
    """Return the words with the last notes: what is read how, what is left out, sources and provenance."""
    more = f"{counted(left_out, 'more input')} in sensitivity.csv." if left_out else ""
    return Words(words.title, words.subtitle, words.axis, words.key, data.made(size, *words.notes, more))


def _bars(data: Drivers, measure: Outcome, found: Found) -> Rows:
    base = data.base.get(measure.name)
    ends = {path: _pair(indices) for path, indices in found.items()}
    ordered = sorted(ends, key=lambda path: -_width(ends[path], base))
    ruler = _ruler(data, measure, [x for pair in ends.values() for x in (*pair, *_maybe(base))])
    return Rows([_bar_row(data, measure, path, ends[path], base) for path in ordered], ruler, base=base)


def _pair(indices: Mapping[str, Index]) -> tuple[float, float]:
    none = Index(math.nan, math.nan, math.nan)
    return indices.get(LOW, none).value, indices.get(HIGH, none).value


def _maybe(value: float | None) -> tuple[float, ...]:
    return () if value is None else (value,)


def _width(pair: tuple[float, float], base: float | None) -> float:
    known = [value for value in (*pair, *_maybe(base)) if not math.isnan(value)]
    if any(map(math.isnan, pair)):
        # Beyond the end on both sides is the same: nothing is known of a difference.
        return -1.0 if all(map(math.isnan, pair)) else math.inf
    return max(known) - min(known)


def _bar_row(
    data: Drivers, measure: Outcome, path: str, pair: tuple[float, float], base: float | None
) -> Row:
    low, high = pair
    told = f"{_told(data, measure, low)} – {_told(data, measure, high)}"
    if all(map(math.isnan, pair)):
        return Row(path, (), (_told(data, measure, low),), ("beyond",))
    if base is None or math.isnan(base):
        first, last = (high, low) if math.isnan(low) else (low, high)
        beside = "beyond" if math.isnan(last) else f"{compact(last - first)}{measure.number_format.suffix}"
        return Row(path, (Bar(first, last, _LOW),), (told,), (beside,) if measure.is_date else ())
    bars = [Bar(base, value, look) for value, look in ((low, _LOW), (high, _HIGH))]
    # The longer of two bars on one side of the base lies below the shorter.
    bars.sort(key=lambda bar: -math.inf if math.isnan(bar.end) else -abs(bar.end - base))
    return Row(path, bars, (told,), (_changes(measure, pair, base),) if measure.is_date else ())


def _changes(measure: Outcome, pair: tuple[float, float], base: float) -> str:
    """Return by how much both values differ from the base: ``−30 / +39 days``."""
    ends = ["beyond" if math.isnan(value) else _change(value - base) for value in pair]
    return " / ".join(ends) + ("" if "beyond" in ends else measure.number_format.suffix)


def _change(days: float) -> str:
    return f"{days:+,.0f}".replace("-", MINUS) if abs(days) >= 0.5 else "0"


def _told(data: Drivers, measure: Outcome, value: float) -> str:
    if math.isnan(value):
        return f"after {short_date(data.end)}" if data.end else "after the end"
    if not measure.is_date:
        return measure.number_format.text(value)
    return day_of(data.start, value, brief=True)


def _ruler(data: Drivers, measure: Outcome, values: Sequence[float]) -> Ruler:
    known = [value for value in values if not math.isnan(value)] or [0.0, data.days]
    low, high = min(known), max(known)
    if low == high:
        low, high = low - 1.0, high + 1.0
    room = 0.06 * (high - low)
    if measure.is_date:
        return Days(max(0.0, low - room), high + room, "", data.start)
    return Numbers(low - room, high + room, "", measure.number_format)


def _bar_words(data: Drivers, measure: Outcome, found: Found) -> Words:
    ends = {path: _pair(indices) for path, indices in found.items()}
    base = data.base.get(measure.name)
    first = max(ends, key=lambda path: _width(ends[path], base))
    low, high = (_long(data, measure, value) for value in ends[first])
    title = f"{shorten_path(first)} moves the {measure.noun} most: from {low} to {high}"
    if _width(ends[first], base) <= 0.0:
        title = f"No input alone moves the {measure.noun}"
    known = base is not None
    key = [Key("input at its 5 % quantile", patch=_LOW), Key("at its 95 %", patch=_HIGH)] if known else []
    note = "Each input alone at its 5 % and at its 95 % quantile, the others drawn."
    beside = "Beside the bars: the outcome at 5 % and at 95 %, or its change where room is short."
    unit = "" if measure.is_date or not measure.number_format.noun else f", {measure.number_format.noun}"
    return Words(title, data.title, f"{measure.heading}{unit}", key, [note, beside])


def _long(data: Drivers, measure: Outcome, value: float) -> str:
    if math.isnan(value):
        return f"after {long_date(data.end)}" if data.end else "after the end"
    if measure.is_date:
        return day_of(data.start, value)
    written = measure.number_format
    return f"{written.text(value)}{'' if written.suffix else ' ' + written.noun}"


def _ranks(found: Found) -> Rows:
    ranked = {path: indices[RANK] for path, indices in found.items() if RANK in indices}
    ordered = sorted(ranked, key=lambda path: -_strength(ranked[path]))
    rows = [
        Row(path, (Bar(0.0, index.value, _DOT, (index.low, index.high)),), (signed(index.value),))
        for path, index in ((path, ranked[path]) for path in ordered)
    ]
    return Rows(rows, Numbers(-1.05, 1.05, ""), base=0.0)


def _strength(index: Index) -> float:
    return -1.0 if math.isnan(index.value) else abs(index.value)


def signed(value: float) -> str:
    """Return an index with two decimals and its sign: ``+0.78``."""
    if math.isnan(value):
        return "not known"
    return "0.00" if abs(value) < 0.005 else f"{value:+.2f}".replace("-", MINUS)


def _rank_words(data: Drivers, measure: Outcome, found: Found) -> Words:
    ranked = {path: indices[RANK] for path, indices in found.items() if RANK in indices}
    first = max(ranked, key=lambda path: _strength(ranked[path]))
    index = ranked[first]
    clear = not math.isnan(index.value) and not index.low <= 0.0 <= index.high
    if clear:
        ways = ("later", "earlier") if measure.is_date else ("more", "less")
        way = ways[0] if index.value > 0 else ways[1]
        title = f"{shorten_path(first)} goes with the {measure.noun} most: the higher it is, the {way}"
    else:
        title = f"No input is clearly tied to the {measure.noun}"
    axis = f"Rank correlation with the outcome, and {data.interval}"
    note = f"Outcome: {measure.noun}. +1: it rises whenever the input rises; \u22121: it falls; 0: no tie."
    return Words(title, data.title, axis, [], [note])
