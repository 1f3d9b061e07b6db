"""Headline of a chart of claims: the range of the published figures, and the claimants of its ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sim.errors import format_count
from sim.findings.finding import Finding, Scope, Value
from sim.formatting import compact

_SOURCES = ("evidence table: low, central, high",)


class ClaimFigure(NamedTuple):
    """One claim: its claimant, the date it is about in words, its figures in one unit, and its munition."""

    claimant: str
    date: str
    low: float
    middle: float
    high: float
    munition: str = ""


def claims_headline(quantity: str, unit: str, claims: Sequence[ClaimFigure], *, of: int) -> Finding:
    """Return the headline of a chart of claims on one quantity; `of` is the number of all claims."""
    scope = Scope(claims[0].date, claims[-1].date, 0)
    least, most = min(claims, key=lambda each: each.low), max(claims, key=lambda each: each.high)
    values: dict[str, Value] = {
        "claims": len(claims),
        "low": least.low,
        "low_by": least.claimant,
        "high": most.high,
        "high_by": most.claimant,
    }
    name = quantity.replace("_", " ")
    if len(claims) == 1:
        only = claims[0]
        sentence = f"One claim on {name}: {_range(only.low, only.high)} {unit}, by {only.claimant}"
    else:
        many = format_count(len(claims), "claim")
        count = many if len(claims) == of else f"The latest {many}"
        span = _range(least.low, most.high)
        verb = "range from" if least.low < most.high else "all give"
        munitions = {each.munition for each in claims}
        mixed = " (of different munitions)" if len(munitions) > 1 else ""
        sentence = f"{count} on {name}{mixed} {verb} {span} {unit}"
    return Finding("claims_headline", scope, values, sentence, _SOURCES)


def _range(low: float, high: float) -> str:
    return compact(low) if low == high else f"{compact(low)} to {compact(high)}"
