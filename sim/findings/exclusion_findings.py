"""Findings about claims that exclude each other: the arithmetic, claim by claim, to be checked by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.errors import format_count
from sim.findings.finding import Finding, Scope, Value
from sim.formatting import plain_number, rounded, trimmed
from sim.units import Unit

if TYPE_CHECKING:
    from sim.auditing.exclusions import Exclusion, Term

_SOURCES = ("evidence table: low, central, high, confidence, family",)
_NOUNS = {Unit.SHELLS: "shells", Unit.CONTAINERS: "containers", Unit.KILOGRAMS: "kilograms"}
_EACH = {Unit.CONTAINERS: "shells a container", Unit.KILOGRAMS: "shells a kilogram"}


def exclusion_findings(sets: Sequence[Exclusion], scope: Scope) -> list[Finding]:
    """Return a finding for each set of claims that exclude each other."""
    return [_finding(one, scope) for one in sets]


def _finding(one: Exclusion, scope: Scope) -> Finding:
    noun = _noun(one)
    least = [_arithmetic(term) for term in one.terms if term.is_lower]
    most = [_arithmetic(term) for term in one.terms if not term.is_lower]
    count = format_count(len(one.ids), "claim")
    sentence = (
        f"{count} exclude each other: at the least {rounded(one.least)} {noun}, at the most "
        f"{rounded(one.most)}. At the least: {_sum(least)}. At the most: {_sum(most)}."
    )
    values: dict[str, Value] = {"claims": " ".join(one.ids), "least": one.least, "most": one.most}
    for term in one.terms:
        key = f"{term.match.estimate.id}.{'least' if term.is_lower else 'most'}"
        values |= {
            f"{key}.figure": term.match.middle,
            f"{key}.days": term.days,
            f"{key}.times": term.times,
            f"{key}.error": term.error,
            f"{key}.counting": term.counting,
            f"{key}.amount": term.amount,
        }
    return Finding("exclusion", scope, values, sentence, _SOURCES)


def _sum(parts: Sequence[str]) -> str:
    return "; and ".join(parts)


def _arithmetic(term: Term) -> str:
    """Return the arithmetic of one claim: figure, days, weight, error and counting factor."""
    match = term.match
    factors = [plain_number(match.middle)]
    if term.days > 1 or match.observable.unit in (Unit.SHELLS_A_DAY, Unit.CONTAINERS_A_DAY):
        factors = [f"{factors[0]} a day × {format_count(term.days, 'day')}"]
    unit = _unit(term)
    if abs(term.times - 1.0) > 1e-6:
        factors.append(f"{trimmed(term.times, 3)} {_EACH[unit]}" if unit in _EACH else trimmed(term.times, 3))
    factors.append(f"{trimmed(term.error, 3)} (error)")
    text = " × ".join(factors)
    if term.counting != 1.0:
        name = match.family.name if match.family is not None else ""
        text = f"{text} ÷ {trimmed(term.counting, 3)} (counting of {name})"
    return f"{match.observable.label}, {match.estimate.claimant}: {text} = {rounded(term.amount)}"


def _unit(term: Term) -> Unit:
    conversion = getattr(term.match.observable, "conversion", None)
    return Unit.SHELLS if conversion is None else conversion.unit


def _noun(one: Exclusion) -> str:
    """Return what amounts are in: shells if any claim is."""
    units = {_unit(term) for term in one.terms}
    return _NOUNS[units.pop()] if len(units) == 1 else _NOUNS[Unit.SHELLS]
