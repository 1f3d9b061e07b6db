"""Headline of the chart of money: what all costs add up to, for what, and the share of the budget spent."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from sim.findings.finding import Finding, Scope, Value
from sim.formatting import compact, long_date, percent

_SOURCES = ("money.csv: spent, holding, shortage, granted (mean)",)


class MoneyTotals(NamedTuple):
    """Costs of all months, and what the budget grants; None without a budget that is known."""

    spent: float
    holding: float
    shortage: float
    granted: float | None = None


def money_headline(scope: Scope, totals: MoneyTotals, currency: str) -> Finding:
    """Return the headline: the total cost by the last day, its parts, and the share of the budget spent.

    Parameters
    ----------
    scope : Scope
    totals : MoneyTotals
        Means over runs.
    currency : str
        Three letters.
    """
    parts = {"orders": totals.spent, "holding": totals.holding, "shortage": totals.shortage}
    cost = sum(parts.values())
    values: dict[str, Value] = {"cost": cost, **parts, "granted": totals.granted, "currency": currency}
    if cost <= 0.0:
        sentence = "Nothing is spent, and holding and shortage cost nothing"
        return Finding("money_headline", scope, values, sentence, _SOURCES)
    last = scope.end_date - dt.timedelta(days=1)
    sentence = f"By {long_date(last)} the cost is {compact(cost)} {currency}{_shares(parts, cost)}"
    if totals.granted:
        sentence += f"; {percent(totals.spent / totals.granted)} of the budget is spent"
    return Finding("money_headline", scope, values, sentence, _SOURCES)


def _shares(parts: dict[str, float], cost: float) -> str:
    """Return the share of each part, the largest first."""
    found = sorted(((amount, name) for name, amount in parts.items() if amount > 0.0), reverse=True)
    if len(found) == 1:
        return f", all of it for {found[0][1]}"
    *most, last = [f"{percent(amount / cost)} for {name}" for amount, name in found]
    return f": {', '.join(most)} and {last}"
