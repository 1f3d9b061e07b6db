"""Findings of a break-even search: the value, why there is none, and caveats."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sim.findings.finding import Finding, Scope, Value
from sim.findings.number_words import FACTOR, NumberWords
from sim.findings.target_words import TargetWords, share_phrase
from sim.formatting import capitalised, exact_percent, integer, month_name, short_date

if TYPE_CHECKING:
    from sim.study.breakeven_result import Breakeven, BreakevenPoint

#: Kind of the findings that answer the question; one for each combination of varied values.
BREAKEVEN = "breakeven"
#: Kind of the findings that are caveats.
CAVEAT = "breakeven_caveat"
#: Kind of the headline of the chart.
HEADLINE = "breakeven_headline"
_SOURCES = ("breakeven.csv", "breakeven-points.csv")


def breakeven_findings(found: Breakeven) -> list[Finding]:
    """Return the findings of a break-even search: answers, the headline of its chart, then caveats."""
    writer = _Writer(found)
    answers = [writer.answer(one) for one in found.found]
    caveats = [caveat for one in found.found for caveat in writer.caveats(one)]
    return [*answers, writer.headline(), *caveats]


class _Writer:
    """Writes the findings of one search."""

    def __init__(self, found: Breakeven) -> None:
        query = found.query
        self.found = found
        self.names = query.names
        self.noun = self.names.noun(query.munitions)
        self.words = NumberWords(found.path, found.unit, found.written, self.noun)
        self.varied = [
            NumberWords(path, unit, written, self.noun)
            for path, (unit, written) in zip(found.varied, found.varied_numbers, strict=True)
        ]
        target = found.target
        self.target = TargetWords.of_period(
            target.outcome,
            target.until_text,
            target.since,
            len(query.stocks),
            self.names,
            level=target.level,
            noun=self.noun,
        )
        whole = ", whole course" if found.unit == FACTOR else ""
        self.name = f"{self.names.path(found.path)}{whole}"

    def answer(self, one: BreakevenPoint) -> Finding:
        """Return the finding of one combination of varied values."""
        text = self._value(one) if one.is_found else self._no_value(one)
        sentence = f"{self._lead(one)}: {text}.{'' if one.is_found else self._reason(one)}"
        return Finding(BREAKEVEN, self._scope(), self._values(one), sentence, _SOURCES)

    def headline(self) -> Finding:
        """Return the headline of the chart: the value, or the first and the last over the varied values."""
        reached = sorted((one for one in self.found.found if one.is_found), key=_order)
        ends = reached if len(reached) < 2 else [reached[0], reached[-1]]
        if not ends:
            many = len(self.found.found) > 1
            text = f"no break-even value at any of {integer(len(self.found.found))} points"
            sentence = f"{self.name}: {text if many else self._no_value(self.found.found[0])}"
        elif self.varied:
            sentence = f"{self.name}: break-even at {', at '.join(self._headline_parts(ends))}"
        else:
            clause = f"{capitalised(self.target.clause)}{self._runs_clause(self.found.target.share)}"
            text = f"{self.words.text(ends[0].value or 0.0)}{self._side(ends[0])}"
            sentence = f"{clause} with {text} ({self.name})"
        values: dict[str, Value] = {}
        for which, one in zip(("first", "last"), ends, strict=False):
            values |= {which: one.value, **({f"{which}_at": str(one.at[0])} if one.at else {})}
        return Finding(HEADLINE, self._scope(), values, sentence, _SOURCES)

    def _headline_parts(self, ends: Sequence[BreakevenPoint]) -> Iterator[str]:
        """Yield each value with the varied values it is for; the first alone has units."""
        for place, one in enumerate(ends):
            format_number = NumberWords.number if place else NumberWords.text
            at = [
                each if isinstance(each, str) else format_number(words, each)
                for words, each in zip(self.varied, one.at, strict=True)
            ]
            yield f"{format_number(self.words, one.value or 0.0)} with {' and '.join(at)}"

    def caveats(self, one: BreakevenPoint) -> Iterator[Finding]:
        """Yield caveats: several crossings, and values with failed runs."""
        lead = self._lead(one)
        if one.turns > 1:
            share = exact_percent(self.found.target.share)
            text = (
                f"{lead}: the share of runs crosses {share} at {one.turns} values or more; "
                "the lowest of them is given"
            )
            yield Finding(CAVEAT, self._scope(), {"crossings": one.turns}, text, _SOURCES)
        if one.failure and one.searched is not None:
            low, high = one.searched
            text = f"{lead}: searched from {self._range(low, high)} only; elsewhere {one.failure}"
            yield Finding(CAVEAT, self._scope(), {"low": low, "high": high}, text, _SOURCES)

    def _value(self, one: BreakevenPoint) -> str:
        assert one.value is not None  # noqa: S101 - called only if found
        # A sample of runs bounds no value at which every run meets the target, however many are drawn.
        has_none = self._is_single or self.found.target.share == 1.0
        interval = "" if has_none else f" (90 % interval {self._interval(one)})"
        holds = f"{self.target.clause}{self._runs_clause(self.found.target.share)}"
        return f"with {self.words.text(one.value)}{self._side(one)} {holds}{interval}{self._requirement(one)}"

    def _requirement(self, one: BreakevenPoint) -> str:
        """Return the value at which the requirement is met in as many runs; empty if it looks the same."""
        beside = one.requirement
        if beside is None:
            return ""
        lead = "; " if self._is_single else "; in as many runs "
        if beside.value is None:
            is_met = beside.shares[0] >= self.found.target.share
            return f"{lead}the requirement is met with {'every' if is_met else 'no'} value tried"
        number = self.words.number(beside.value)
        side = f"or {'more' if beside.is_rising else 'less'}"
        if (number, beside.is_rising) == (self.words.number(one.value or 0.0), one.is_rising):
            return ""
        return f"{lead}the requirement is met with {number} {side}"

    @staticmethod
    def _side(one: BreakevenPoint) -> str:
        """Return on which side of the value the target is met; empty with several crossings."""
        return "" if one.turns > 1 else " or more" if one.is_rising else " or less"

    def _interval(self, one: BreakevenPoint) -> str:
        assert one.searched is not None  # noqa: S101 - set if a value is found
        low, high = one.searched
        under = f"under {self.words.number(low)}" if one.low is None else self.words.number(one.low)
        over = f"over {self.words.number(high)}" if one.high is None else self.words.number(one.high)
        return f"{under} to {over}"

    def _no_value(self, one: BreakevenPoint) -> str:
        if one.searched is None or one.best is None or one.worst is None:
            return f"no value can be tried: {one.failure}"
        within = f"between {self._range(*one.searched, to='and')}"
        value, share = one.best
        clause, target = self.target.clause, self.found.target.share
        missing = f"there is no value {within} with which {clause}"
        if share == 0.0:
            return f"{missing}{'' if self._is_single else ' in any run'}"
        if not one.decides:
            return f"{clause}{self._runs_clause(share)}, whatever the value {within}"
        if one.worst[1] >= target:
            holds = f"with every value {within} {clause}{self._runs_clause(target)}"
            return f"{holds}; the break-even value is not among them"
        if self._is_single:
            return missing
        best = f"at best in {exact_percent(share)} of them, with {self.words.text(value)}"
        return f"{missing}{self._runs_clause(target)}; {best}"

    @property
    def _is_single(self) -> bool:
        """Whether there is one run, or all runs are equal."""
        return self.found.is_certain or self.found.query.runs == 1

    def _reason(self, one: BreakevenPoint) -> str:
        """Return why no value holds: the first arrival, and the median day on which the target is missed."""
        miss = one.near_miss
        if miss is None:
            return ""
        text = ""
        if miss.arrives is not None and miss.arrives_exactly is not None:
            day = short_date(miss.arrives) if miss.arrives_exactly else month_name(miss.arrives)
            text = f" Nothing from {self.names.origin(miss.origin)} arrives before {day}."
        elif miss.origin:
            origin = self.names.origin(miss.origin)
            text = f" Nothing from {origin} arrives before {short_date(self.found.query.end)}."
        if miss.missed is not None:
            median = "" if self._is_single else " in the median run"
            event = f"{self.target.event}{median} on {short_date(miss.missed)}"
            text += f" With {self.words.text(miss.value)} {event}."
        return text

    def _runs_clause(self, share: float) -> str:
        return "" if self._is_single else f" {share_phrase(share)}"

    def _lead(self, one: BreakevenPoint) -> str:
        """Return the name of the number, with the varied values in brackets."""
        parts = []
        for words, at in zip(self.varied, one.at, strict=True):
            value = at if isinstance(at, str) else words.text(at)
            parts.append(f"{self.names.path(words.path)}: {value}")
        return f"{self.name} ({'; '.join(parts)})" if parts else self.name

    def _range(self, low: float, high: float, *, to: str = "to") -> str:
        return f"{self.words.number(low)} {to} {self.words.text(high)}"

    def _scope(self) -> Scope:
        query, target = self.found.query, self.found.target
        start = target.since or query.start
        depot, munition = query.stocks[0] if len(query.stocks) == 1 else (None, None)
        return Scope(start.isoformat(), target.until_text, query.runs, depot, munition)

    def _values(self, one: BreakevenPoint) -> dict[str, Value]:
        best = one.best or (None, None)
        miss = one.near_miss
        return {
            **dict(zip(self.found.varied, one.at, strict=True)),
            "path": self.found.path,
            "unit": self.found.unit,
            "outcome": self.found.target.outcome,
            "share": self.found.target.share,
            **({} if self.found.target.level is None else {"level": self.found.target.level}),
            "value": one.value,
            "low": one.low,
            "high": one.high,
            "met_value": None if one.requirement is None else one.requirement.value,
            "best_value": best[0],
            "best_share": best[1],
            "arrives": _iso(None if miss is None else miss.arrives),
        }


def _order(one: BreakevenPoint) -> tuple[float, str, float]:
    """Return the sort key of a point: its number on the first varied path, else its value."""
    at = one.at[0] if one.at else ""
    return (0.0, at, one.value or 0.0) if isinstance(at, str) else (at, "", 0.0)


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
