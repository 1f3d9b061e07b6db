"""Clauses for a break-even target: what must hold, until when, in which share of runs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sim.account import COST, HOLDING, REACHES, SHORTAGE, SPENT
from sim.errors import format_count
from sim.findings.number_words import NumberWords
from sim.formatting import exact_percent, short_date
from sim.names import SHELL, Names, Noun
from sim.outcomes import (
    BACKLOG,
    BELOW,
    CLOSING_STOCK,
    EXHAUSTED,
    FIRED,
    MET,
    RATIONED_FROM,
    REQUIRED,
    UNMET,
    outcome_named,
    split_consumer,
)
from sim.units import Unit

_NO_NAMES = Names()
_HALF = 0.5
_MONEY = (COST, SPENT, HOLDING, SHORTAGE)


@dataclass(frozen=True, slots=True)
class TargetWords:
    """Clauses of a target.

    Attributes
    ----------
    outcome : str
        Name of a date such as ``exhausted`` or, with a `level`, of an amount; of one consumer ``unmet.NAME``.
    until : str
        Phrase for the end of the period: ``1 Sep 2025``, ``18 months after War``.
    since : str
        Phrase for the first day on which the target counts; empty for the start of the period.
    stocks : int
        Number of stocks that consumers draw on.
    names : Names
        Names for readers.
    level : float or None
        Amount that the outcome must be at least or at most; None for a date.
    noun : Noun
        Noun of the counted things.
    """

    outcome: str
    until: str
    since: str = ""
    stocks: int = 1
    names: Names = _NO_NAMES
    level: float | None = None
    noun: Noun = SHELL

    @classmethod
    def of_period(
        cls,
        outcome: str,
        until: str,
        since: dt.date | None,
        stocks: int,
        names: Names,
        *,
        level: float | None = None,
        noun: Noun = SHELL,
    ) -> TargetWords:
        """Return the clauses for a target until a day as written: an ISO date, or ``war + 18 months``."""
        first = short_date(since) if since else ""
        return cls(outcome, until_phrase(until, names), first, stocks, names, level, noun)

    @property
    def _requirement(self) -> str:
        """The requirement, or that of one consumer."""
        consumer = split_consumer(self.outcome)[1]
        return f"the requirement of {self.names.consumer(consumer)}" if consumer else "the requirement"

    @property
    def clause(self) -> str:
        """What must hold: ``the stock lasts until 1 Sep 2025``."""
        if self.level is not None:
            return self._level_clause(self.level)
        several, stock = self.stocks > 1, self.names.the_stock
        if self.outcome == REACHES:
            subject = "every stock reaches its objective" if several else "the stock reaches its objective"
            first = f"from {self.since} on and " if self.since else ""
            return f"{subject} {first}before {self.until}"
        plain, during = {
            EXHAUSTED: (
                ("every stock lasts", "every stock is at one day of supply or more")
                if several
                else (f"{stock} lasts", f"{stock} is at one day of supply or more")
            ),
            RATIONED_FROM: ("no consumer is rationed", "no consumer is rationed"),
            UNMET: ("the requirement is met", "the requirement is met"),
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
            return f"{self._first_stock} runs out"
        if self.outcome.startswith(BELOW):
            days = format_count(self.outcome.removeprefix(BELOW), "day")
            return f"{self._first_stock} falls below {days} of supply"
        return f"less than {self._requirement} is met for the first time"

    @property
    def _first_stock(self) -> str:
        return "the first stock" if self.stocks > 1 else self.names.the_stock

    def _level_clause(self, level: float) -> str:
        """Return what is at least or at most a level: ``at least 98 % of the requirement is met``."""
        figure, consumer = split_consumer(self.outcome)
        verb = self.names.verb([consumer] if consumer else self.names.verbs)
        by = f" by {self.names.consumer(consumer)}" if consumer else ""
        if figure == MET:
            return f"at least {exact_percent(level)} of {self._requirement} is met"
        if figure in _MONEY:
            amount = NumberWords("", Unit.MONEY, self.names.currency).text(level)
            return f"the {outcome_named(figure).noun} is at most {amount}"
        number = NumberWords("", Unit.SHELLS, noun=self.noun).number(level)
        amount, are = self.noun.counted(number), "is" if number == "1" else "are"
        return {
            FIRED: f"at least {amount} {are} {verb.past}{by}",
            CLOSING_STOCK: f"at least {amount} {are} left after the last day",
            REQUIRED: f"at most {amount} {are} required{by}",
            UNMET: f"at most {amount} of {self._requirement} {are} not met",
            BACKLOG: f"at most {amount} of {self._requirement} wait after the last day",
        }[figure]

    @property
    def _cover(self) -> str:
        days = format_count(self.outcome.removeprefix(BELOW), "day")
        where = " in every stock" if self.stocks > 1 else self.names.stock_place
        return f"at least {days} of supply {'is' if days == '1 day' else 'are'} left{where}"


def until_phrase(until: str, names: Names) -> str:
    """Return a phrase for the end of a period as written: an ISO date, or a day that counts from an event."""
    event, _, lasts = until.partition(" ")
    if not lasts:
        try:
            return short_date(dt.date.fromisoformat(until))
        except ValueError:
            return names.event(event)
    sign, duration = lasts.split(" ", 1)
    return f"{duration} {'before' if sign == '-' else 'after'} {names.event(event)}"


def share_phrase(share: float) -> str:
    """Return ``in half of the runs``, ``in 95 % of the runs``, ``in every run``."""
    if share == 1.0:
        return "in every run"
    return f"in {'half' if share == _HALF else exact_percent(share)} of the runs"
