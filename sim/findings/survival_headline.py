"""Headline of the survival chart: when the chance that no stock has run out falls below one half."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sim.findings.finding import Finding, Scope, Value
from sim.findings.wording import BELOW_A_DAY, RUNS_OUT, StockEvent
from sim.formatting import capitalised, long_date, percent

_SOURCES = ("outcomes.csv: exhausted",)


@dataclass(frozen=True, slots=True)
class RunOutDates:
    """Run-out dates of the runs of one result, in order; runs that never run out are only counted.

    Attributes
    ----------
    label : str
    dates : sequence of datetime.date
    runs : int
    start, end : datetime.date
        First day, and the day after the last.
    is_consumed : bool
        Whether a consumer draws on the stock.
    event : StockEvent
        What happens to the stock on these dates.
    stock : str
        The only stock that consumers draw on, in a sentence; empty if there are several, whose first date
        counts in each run.
    """

    label: str
    dates: Sequence[dt.date]
    runs: int
    start: dt.date
    end: dt.date
    is_consumed: bool = True
    event: StockEvent = RUNS_OUT
    stock: str = "the stock"

    @property
    def unbroken(self) -> str:
        """What holds until the date of a run: ``the stock has not run out``."""
        return f"{self.stock or 'no stock'} has{' not' if self.stock else ''} {self.event.participle}"

    @property
    def lasts(self) -> str:
        """What holds without a date: ``the stock lasts``."""
        return f"{self.stock or 'every stock'} lasts"

    @property
    def happens(self) -> str:
        """What happens on the date of a run: ``the stock runs out``."""
        return f"{self.stock or 'the first stock'} {self.event.verb}"

    @property
    def final_share(self) -> float:
        """Share of the runs without a date."""
        return 1.0 - len(self.dates) / self.runs

    @property
    def below_half(self) -> dt.date | None:
        """First day on which fewer than half of the runs have no date yet; None if there is none."""
        place = self.runs // 2
        return self.dates[place] if place < len(self.dates) else None

    @property
    def scope(self) -> Scope:
        """Scope of a finding about these runs."""
        return Scope(self.start.isoformat(), self.end.isoformat(), self.runs)


def joint_dates(results: Sequence[RunOutDates]) -> RunOutDates:
    """Return the first of several results in words true of all: the weaker event, a common name."""
    used = [each for each in results if each.is_consumed]
    is_weak = any(each.event.is_weak for each in used)
    stocks = {each.stock for each in used}
    stock = stocks.pop() if len(stocks) == 1 else "" if "" in stocks else "the stock"
    return replace(results[0], event=BELOW_A_DAY if is_weak else RUNS_OUT, stock=stock)


def survival_headline(results: Sequence[RunOutDates]) -> Finding:
    """Return the headline of a survival chart, of one result or of several."""
    first = results[0]
    sentence = _single(first) if len(results) == 1 else _several(results)
    values: dict[str, Value] = {}
    for number, result in enumerate(results):
        prefix = "" if len(results) == 1 else f"{number}_"
        half = result.below_half
        values[f"{prefix}final_share"] = result.final_share
        values[f"{prefix}below_half"] = None if half is None else half.isoformat()
    return Finding("survival_headline", first.scope, values, sentence, _SOURCES)


def _single(result: RunOutDates) -> str:
    last = long_date(result.end - dt.timedelta(days=1))
    if not result.is_consumed:
        return "No one draws on these stocks"
    every = "" if result.runs == 1 else " in every run"
    if not result.dates:
        return f"{capitalised(result.lasts)} beyond {last}{every}"
    early, late, half = result.dates[0], result.dates[-1], result.below_half
    if result.final_share == 0.0 and early == late:
        return f"{capitalised(result.happens)} on {long_date(early)}{every}"
    chance = f"The chance that {result.unbroken} falls"
    if half is None:
        return f"{chance} to {percent(result.final_share)} by {last}"
    lead = f"{chance} below one half on {long_date(half)}"
    if result.final_share == 0.0:
        gone = f"{'it' if result.stock else 'one'} has {result.event.participle}"
        return f"{lead}; by {long_date(late)} {gone} in every run"
    return f"{lead} and is {percent(result.final_share)} on {last}"


def _several(results: Sequence[RunOutDates]) -> str:
    used = [each for each in results if each.is_consumed]
    if not used:
        return "No one draws on these stocks"
    if len(used) == 1:
        sentence = _single(used[0])
        return f"{_quoted(used[0].label)}: {sentence[:1].lower()}{sentence[1:]}"
    is_single, joint = all(each.runs == 1 for each in used), joint_dates(used)
    every = "" if is_single else " in every run"
    if not any(each.dates for each in used):
        return f"In every scenario {joint.lasts} to the end{every}"
    by_share = sorted(used, key=lambda each: each.final_share)
    falling = sorted((day, place) for place, each in enumerate(used) if (day := each.below_half) is not None)
    if not falling:
        least, most = (
            f"{percent(each.final_share)} with {_quoted(each.label)}" for each in (by_share[0], by_share[-1])
        )
        return f"The chance that {joint.unbroken} at the end is {least} and {most}"
    lead, by = f"In more than half of the runs {joint.happens}", "by"
    if is_single:
        lead, by = capitalised(joint.happens), "on"
    (early, shortest), (late, latest) = falling[0], falling[-1]
    if len(falling) == len(used) and early == late:
        return f"{lead} {by} {long_date(early)} in every scenario"
    first, last = ("", "") if len(used) == 2 else (" first", "last ")
    text = f"{lead}{first} {by} {long_date(early)} with {_quoted(used[shortest].label)}"
    if len(falling) == len(used):
        return f"{text}, {last}{by} {long_date(late)} with {_quoted(used[latest].label)}"
    kept = "it lasts" if joint.stock else "every stock lasts"
    share = "" if is_single else f"in {percent(by_share[-1].final_share)} of runs "
    return f"{text}; {share}{kept} to the end with {_quoted(by_share[-1].label)}"


def _quoted(label: str) -> str:
    return f"\u201c{label}\u201d"
