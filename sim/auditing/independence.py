"""Independent claims: one for each claimant, quantity and period."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from sim.auditing.claims import Match
from sim.observables import Cumulative, Level, Window, WindowRatio

#: Two periods are the same if the days that both have are at least this part of the days that either has.
SAME_PERIOD = 0.5
_PARENTHESIS = re.compile(r"\s*\([^)]*\)")
_AT_SECOND_HAND = re.compile(r"\s+via\s.*$")


class Dependent(NamedTuple):
    """A claim that does not count as independent, and why, in one sentence."""

    match: Match
    sentence: str


class Independence(NamedTuple):
    """Independent and dependent claims, each in the order of the table."""

    independent: tuple[Match, ...]
    dependent: tuple[Dependent, ...]


def independent_claims(matched: Iterable[Match]) -> Independence:
    """Return one claim for each claimant, quantity, munition and period, and the others with the reason.

    Of several the one with the best grade counts; then a central figure or a range before a bound, then the
    latest one, then the first by id. Ratios and derived rows are never independent.
    """
    rows = tuple(matched)
    kept: list[Match] = []
    others: list[Dependent] = []
    for row in sorted(rows, key=_preference):
        twin = next((each for each in kept if is_same_subject(row, each)), None)
        if not row.is_independent_kind:
            kind = "a ratio" if isinstance(row.observable, WindowRatio) else "derived from other rows"
            others.append(Dependent(row, f"it is {kind}"))
        elif twin is not None:
            sentence = f"the same claimant, quantity and period as {twin.estimate.id}"
            others.append(Dependent(row, sentence))
        else:
            kept.append(row)
    order = {row.estimate.id: position for position, row in enumerate(rows)}
    return Independence(
        tuple(sorted(kept, key=lambda row: order[row.estimate.id])),
        tuple(sorted(others, key=lambda other: order[other.match.estimate.id])),
    )


def office_of(claimant: str) -> str:
    """Return the office of a claimant: ``rusi`` of ``Jack Watling, RUSI (from Ukrainian forces)``.

    The text after the last comma, without parentheses and "via"; a minister is the ministry.
    """
    plain = _AT_SECOND_HAND.sub("", _PARENTHESIS.sub("", claimant)).strip()
    office = plain.rpartition(",")[2].strip().casefold()
    return re.sub(r"\bminister\b", "ministry", office).removesuffix("s")


def _preference(row: Match) -> tuple[str, bool, int, str]:
    published = row.estimate.published
    return (
        row.estimate.confidence,
        row.is_bound,
        -(published.toordinal() if published else 0),
        row.estimate.id,
    )


def is_same_subject(one: Match, other: Match) -> bool:
    """Return whether two claims are of the same claimant, quantity, munition and period."""
    return _subject(one) == _subject(other) and _is_same_period(period_of(one), period_of(other))


def _subject(row: Match) -> tuple[object, ...]:
    where = row.observable.where
    kind = type(row.observable)
    return office_of(row.estimate.claimant), row.estimate.quantity, where.munitions, where.origins, kind


def period_of(row: Match) -> Window:
    """Return the days that the number of a claim is about; of a level or a cumulative count its day."""
    observable = row.observable
    if isinstance(observable, Level | Cumulative):
        return Window(observable.date, observable.date)
    return observable.window


def _is_same_period(one: Window, other: Window) -> bool:
    first, last = max(one.first, other.first), min(one.last, other.last)
    shared = max(0, (last - first).days + 1)
    return shared >= SAME_PERIOD * (one.days + other.days - shared)
