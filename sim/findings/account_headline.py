"""Headline of the account: from the opening to the closing stock, with figures that add up as written."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from sim.findings.finding import Finding
from sim.findings.stock_figures import StockFigures
from sim.formatting import MINUS
from sim.language import localised

_SOURCES = ("flows.csv: mean", "origins.csv: mean", "stock.csv: mean")
_UNITS = ((1e6, "M"), (1e4, "k"))
#: Decimal digits of the largest figure.
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class WrittenAccount:
    """An account in whole steps of the last digit shown: opening + changes = closing.

    Attributes
    ----------
    step : float
    opening, closing : int
        In steps.
    changes : mapping of str to int
        In steps, outflow negative.
    largest : float
        Size that chooses the unit of all figures.
    """

    step: float
    opening: int
    closing: int
    changes: Mapping[str, int]
    largest: float

    def text(self, steps: int, *, signed: bool = False) -> str:
        """Return a figure: ``14.92M``, with its sign if `signed`."""
        if steps == 0:
            return "0"
        by, letter = next(
            ((1e3 if unit == 1e4 else unit, name) for unit, name in _UNITS if self.largest >= unit), (1.0, "")
        )
        places = max(0, round(math.log10(by / self.step)))
        sign = MINUS if steps < 0 else "+" if signed else ""
        return localised(f"{sign}{abs(steps) * self.step / by:,.{places}f}{letter}")


def write_account(opening: float, changes: Mapping[str, float], closing: float) -> WrittenAccount:
    """Round an account so that it closes to the last digit shown.

    What rounding leaves goes to the changes that it moves least.
    """
    largest = max([abs(opening), abs(closing), *map(abs, changes.values()), 1e-9])
    step = 10.0 ** (math.floor(math.log10(largest)) + 1 - _DIGITS)
    whole = {name: round(value / step) for name, value in changes.items()}
    first, last = round(opening / step), round(closing / step)
    rest = last - first - sum(whole.values())
    sign = 1 if rest > 0 else -1
    order = sorted(changes, key=lambda name: sign * (whole[name] - changes[name] / step))
    for name in order[: abs(rest)]:
        whole[name] += sign
    return WrittenAccount(step, first, last, whole, largest)


def account_headline(overall: StockFigures, account: WrittenAccount) -> Finding:
    """Return the headline of the account of all stocks together."""
    came = sum(steps for steps in account.changes.values() if steps > 0)
    went = sum(steps for steps in account.changes.values() if steps < 0)
    opening, closing = account.text(account.opening), account.text(account.closing)
    verb = "stays at" if account.opening == account.closing else "grows" if came + went > 0 else "falls"
    move = f"{verb} {opening}" if verb == "stays at" else f"{verb} from {opening} to {closing}"
    values = {
        name: steps * account.step
        for name, steps in {
            "opening": account.opening,
            "in": came,
            "out": -went,
            "closing": account.closing,
        }.items()
    }
    sentence = f"The stock {move}: {account.text(came)} come in and {account.text(-went)} go out"
    return Finding("account_headline", overall.scope, values, sentence, _SOURCES)
