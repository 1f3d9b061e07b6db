"""Clauses for a break-even target: what must not occur, until when, in which share of runs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sim.account import REACHES
from sim.errors import format_count
from sim.formatting import exact_percent, short_date
from sim.names import Names
from sim.outcomes import BELOW, EXHAUSTED, RATIONED_FROM, split_consumer

_NO_NAMES = Names()
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class TargetWords:
    """Clauses of a target.

    Attributes
    ----------
    outcome : str
        ``exhausted``, ``rationed_from``, ``unmet`` or ``below_N``; of one consumer ``unmet.NAME``.
    until : str
        Phrase for the end of the period: ``1 Sep 2025``.
    since : str
        Phrase for the first day on which the target counts; empty for the start of the period.
    stocks : int
        Number of stocks that consumers draw on.
    names : Names
        Names for readers.
    """

    outcome: str
    until: str
    since: str = ""
    stocks: int = 1
    names: Names = _NO_NAMES

    @classmethod
    def of_dates(
        cls, outcome: str, until: dt.date, since: dt.date | None, stocks: int, names: Names
    ) -> TargetWords:
        """Return the clauses for a target between two dates."""
        return cls(outcome, short_date(until), short_date(since) if since else "", stocks, names)

    @property
    def _requirement(self) -> str:
        """The requirement, or that of one consumer."""
        consumer = split_consumer(self.outcome)[1]
        return f"the requirement of {self.names.consumer(consumer)}" if consumer else "the requirement"

    @property
    def clause(self) -> str:
        """What must hold: ``the stock lasts until 1 Sep 2025``."""
        several = self.stocks > 1
        if self.outcome == REACHES:
            subject = "every stock reaches its objective" if several else "the stock reaches its objective"
            first = f"from {self.since} on and " if self.since else ""
            return f"{subject} {first}before {self.until}"
        plain, during = {
            EXHAUSTED: (
                ("every stock lasts", "every stock is at one day of supply or more")
                if several
                else ("the stock lasts", "the stock is at one day of supply or more")
            ),
            RATIONED_FROM: ("no consumer is rationed", "no consumer is rationed"),
            "unmet": ("the requirement is met", "the requirement is met"),
        }.get(self.outcome, (self._cover, self._cover))
        if split_consumer(self.outcome)[1]:
            plain = during = f"{self._requirement} is met"
        if self.since:
            return f"{during} on every day from {self.since} until {self.until}"
        return f"{plain} until {self.until}"

    @property
    def event(self) -> str:
        """What must not happen: ``the stock runs out``."""
        if self.outcome == REACHES:
            return "the last objective is reached" if self.stocks > 1 else "the objective is reached"
        if self.outcome == EXHAUSTED:
            return "the first stock runs out" if self.stocks > 1 else "the stock runs out"
        if self.outcome.startswith(BELOW):
            days = format_count(self.outcome.removeprefix(BELOW), "day")
            which = "the first stock falls" if self.stocks > 1 else "the stock falls"
            return f"{which} below {days} of supply"
        return f"less than {self._requirement} is met for the first time"

    @property
    def _cover(self) -> str:
        days = format_count(self.outcome.removeprefix(BELOW), "day")
        where = " in every stock" if self.stocks > 1 else ""
        return f"at least {days} of supply {'is' if days == '1 day' else 'are'} left{where}"


def share_phrase(share: float) -> str:
    """Return ``in half of the runs``, ``in 95 % of the runs``, ``in every run``."""
    if share == 1.0:
        return "in every run"
    return f"in {'half' if share == _HALF else exact_percent(share)} of the runs"
