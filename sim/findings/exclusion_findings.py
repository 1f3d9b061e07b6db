"""Findings about claims that exclude each other: the arithmetic, claim by claim, to be checked by hand.

Numbers have as many digits as it takes for the arithmetic to hold as written: the product of a claim's
factors is its amount, the sum of amounts is the total, and the totals differ.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import format_count
from sim.findings.finding import Finding, Scope, Value
from sim.formatting import (
    RUN_DIGITS,
    SOLVED_DIGITS,
    capitalised,
    plain_number,
    plain_value,
    rounded,
    rounded_value,
)
from sim.units import Unit

if TYPE_CHECKING:
    from sim.auditing.exclusions import Exclusion, Exclusions, Term

_SOURCES = ("evidence table: low, central, high, confidence, family",)
_NOUNS = {Unit.SHELLS: "shells", Unit.CONTAINERS: "containers", Unit.KILOGRAMS: "kilograms"}
#: Digits at which every number is exact enough.
_MOST_DIGITS = 15
#: Relative distance from where rounding turns: a product nearer to it may be rounded either way.
_CLEAR = 1e-9
#: Choices of claims to leave out in one sentence.
_MOST_CHOICES = 3
_EACH = {Unit.CONTAINERS: "shells a container", Unit.KILOGRAMS: "shells a kilogram"}


def exclusion_findings(sets: Sequence[Exclusion], scope: Scope) -> list[Finding]:
    """Return a finding for each set of claims that exclude each other."""
    return [_finding(one, scope) for one in sets]


def removal_finding(found: Exclusions, scope: Scope, lead: str) -> Finding:
    """Return which claims can be left out so that no others exclude each other; `found` has such choices."""
    named = found.removals[:_MOST_CHOICES]
    shown = [" and ".join(each) for each in named]
    more = len(found.removals) - len(named)
    if more:
        shown.append(format_count(more, "other choice"))
    text = (
        f"{lead}no others exclude each other once these are left out: {'; or '.join(shown)}. "
        "Arithmetic does not say which claims are false."
    )
    values: dict[str, Value] = {"choices": len(found.removals), "named": "; ".join(map(" ".join, named))}
    return Finding("removal", scope, values, capitalised(text), ("exclusions.csv",), "To leave out")


class _Digits(NamedTuple):
    """Significant digits of the totals, of the amounts of claims, and of their factors."""

    total: int
    amount: int
    factor: int


def _finding(one: Exclusion, scope: Scope) -> Finding:
    noun, digits = _noun(one), _digits(one)
    least, most = ([_arithmetic(term, digits) for term in side] for side in _sides(one))
    count = format_count(len(one.ids), "claim")
    sentence = (
        f"{count} exclude each other: at the least {rounded(one.least, digits.total)} {noun}, at the most "
        f"{rounded(one.most, digits.total)}. At the least: {_sum(least)}. At the most: {_sum(most)}."
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


def _sides(one: Exclusion) -> tuple[list[Term], list[Term]]:
    """Return the claims at their least, and those at their most."""
    return [term for term in one.terms if term.is_lower], [term for term in one.terms if not term.is_lower]


def _digits(one: Exclusion) -> _Digits:
    """Return the fewest digits with which the arithmetic holds as written."""
    total = _fewest(RUN_DIGITS, lambda digits: rounded(one.least, digits) != rounded(one.most, digits))
    sides = list(zip(_sides(one), (one.least, one.most), strict=True))
    amount = _fewest(
        total,
        lambda digits: all(
            _is_written(sum(rounded_value(term.amount, digits) for term in side), whole, total)
            for side, whole in sides
        ),
    )
    factor = _fewest(
        RUN_DIGITS,
        lambda digits: all(_is_written(_product(term, digits), term.amount, amount) for term in one.terms),
    )
    return _Digits(total, amount, factor)


def _fewest(least: int, is_enough: Callable[[int], bool]) -> int:
    """Return the fewest digits that are enough."""
    return next((digits for digits in range(least, _MOST_DIGITS) if is_enough(digits)), _MOST_DIGITS)


def _is_written(value: float, as_: float, digits: int) -> bool:
    """Return whether a value is written as another one, whichever way it is rounded."""
    ends = {rounded_value(value * (1.0 + side), digits) for side in (-_CLEAR, _CLEAR)}
    return ends == {rounded_value(as_, digits)}


def _product(term: Term, digits: int) -> float:
    """Return the product of the factors of a claim as written."""
    figure = plain_value(term.match.middle, _figure_digits(digits))
    factors = (plain_value(each, digits) for each in (term.times, term.error))
    return figure * term.days * prod(factors) / plain_value(term.counting, digits)


def _figure_digits(digits: int) -> int:
    """Return the digits of a figure that is not written as it is: one more than those of factors."""
    return digits + SOLVED_DIGITS - RUN_DIGITS


def _sum(parts: Sequence[str]) -> str:
    return "; and ".join(parts)


def _arithmetic(term: Term, digits: _Digits) -> str:
    """Return the arithmetic of one claim: figure, days, weight, error and counting factor."""
    match = term.match
    factors = [plain_number(match.middle, _figure_digits(digits.factor))]
    if term.days > 1 or match.observable.unit in (Unit.SHELLS_A_DAY, Unit.CONTAINERS_A_DAY):
        factors = [f"{factors[0]} a day × {format_count(term.days, 'day')}"]
    unit, times = _unit(term), plain_number(term.times, digits.factor)
    if abs(term.times - 1.0) > 1e-6:
        factors.append(f"{times} {_EACH[unit]}" if unit in _EACH else times)
    factors.append(f"{plain_number(term.error, digits.factor)} (error)")
    text = " × ".join(factors)
    if term.counting != 1.0:
        name = match.family.name if match.family is not None else ""
        text = f"{text} ÷ {plain_number(term.counting, digits.factor)} (counting of {name})"
    return (
        f"{match.observable.label}, {match.estimate.claimant}: {text} = {rounded(term.amount, digits.amount)}"
    )


def _unit(term: Term) -> Unit:
    conversion = getattr(term.match.observable, "conversion", None)
    return Unit.SHELLS if conversion is None else conversion.unit


def _noun(one: Exclusion) -> str:
    """Return what amounts are in: shells if any claim is."""
    units = {_unit(term) for term in one.terms}
    return _NOUNS[units.pop()] if len(units) == 1 else _NOUNS[Unit.SHELLS]
