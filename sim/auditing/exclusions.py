"""Smallest sets of claims that exclude each other by the arithmetic of the account.

A set is irreducible if it contradicts itself and no part of it does. Sets are found one by one: the dual
prices of a linear program name claims that contradict each other, and a deletion filter removes those that
are not needed. Further sets are found in the tree of hitting sets (Reiter 1987): each known set is broken by
leaving out one of its claims, until the other claims are consistent. The search is breadth-first, so no set
left out with consistency contains another.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from sim.auditing.claim_system import ClaimSystem, Weight
from sim.auditing.claims import Match
from sim.observables import Flow, Measure, OriginShare, WindowRatio
from sim.scenario.scenario import Scenario

#: Upper bound of the linear programs of one search: some ten seconds.
MAX_PROGRAMS = 2_000
#: Upper bound of the sets of one search.
MAX_SETS = 40


@dataclass(frozen=True, slots=True)
class Term:
    """One claim of an exclusion.

    Attributes
    ----------
    match : Match
    is_lower : bool
        Whether the lower end of its range contradicts the others, or the upper end.
    error : float
        Factor from its middle figure to that end, by its own error.
    counting : float
        Counting factor of its family at which the claims are nearest to each other, of the central 90 %.
    days : int
        Days of a rate; 1 for an amount.
    times : float
        Weight of the claim: how often its amount counts, or shells of a container or a kilogram.
    """

    match: Match
    is_lower: bool
    error: float
    counting: float
    days: int
    times: float

    @property
    def scale(self) -> float:
        """Amount of one unit of the figure."""
        return self.days * self.times

    @property
    def amount(self) -> float:
        """The claim's figure at this end, in the counting of the account."""
        return self.match.middle * self.scale * self.error / self.counting


@dataclass(frozen=True, slots=True)
class Exclusion:
    """An irreducible set of claims that exclude each other."""

    terms: tuple[Term, ...]

    @property
    def least(self) -> float:
        """Sum of what claims say at the least."""
        return sum(term.amount for term in self.terms if term.is_lower)

    @property
    def most(self) -> float:
        """Sum of what claims say at the most, which is less."""
        return sum(term.amount for term in self.terms if not term.is_lower)

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the claims, each once."""
        return tuple(dict.fromkeys(term.match.estimate.id for term in self.terms))


@dataclass(frozen=True, slots=True)
class Exclusions:
    """Irreducible sets, the smallest first.

    Attributes
    ----------
    sets : tuple of Exclusion
    is_complete : bool
        Whether these are all; else the search stopped at its bound.
    removals : tuple of tuple of str
        Irreducible choices of claims, by id, without which no others exclude each other, the smallest first;
        empty without sets, and if these are not all.
    """

    sets: tuple[Exclusion, ...]
    is_complete: bool
    removals: tuple[tuple[str, ...], ...]


def find_exclusions(
    scenario: Scenario,
    matches: Iterable[Match],
    *,
    has_counting: bool = True,
    max_sets: int = MAX_SETS,
) -> Exclusions:
    """Return the smallest sets of claims that exclude each other in any account of a scenario.

    Each claim counts with the central 90 % of its error, and each family with the central 90 % of its
    counting factor, one for all its claims. Ratios and shares are left out.

    Parameters
    ----------
    scenario : Scenario
    matches : iterable of Match
    has_counting : bool
        Whether families may count other things than the account; else all count the same.
    max_sets : int
        Upper bound of the sets.
    """
    claims = [
        match if has_counting else replace(match, family=None)
        for match in matches
        if not isinstance(match.observable, WindowRatio | OriginShare)
    ]
    search = _Search(ClaimSystem(scenario, claims), len(claims), max_sets)
    is_complete = search.run()
    sets = [_exclusion(claims, search.system.contradiction(found)) for found in search.found]
    removals = [tuple(claims[claim].estimate.id for claim in sorted(out)) for out in search.consistent]
    return Exclusions(
        tuple(sorted(sets, key=lambda one: (len(one.ids), one.ids))),
        is_complete,
        tuple(sorted(removals, key=lambda out: (len(out), out))) if is_complete and sets else (),
    )


class _Search:
    """Breadth-first search of the tree of hitting sets."""

    def __init__(self, system: ClaimSystem, claims: int, max_sets: int) -> None:
        self.system = system
        self.found: list[frozenset[int]] = []
        #: Sets of claims without which the others are consistent; none contains another.
        self.consistent: list[frozenset[int]] = []
        self._claims = frozenset(range(claims))
        self._max_sets = max_sets

    def run(self) -> bool:
        """Find sets, and return whether they are all."""
        left_out, seen = deque([frozenset[int]()]), {frozenset[int]()}
        while left_out:
            if self.system.solved >= MAX_PROGRAMS or len(self.found) >= self._max_sets:
                return False
            out = left_out.popleft()
            if any(known <= out for known in self.consistent):
                continue
            one = next((known for known in self.found if not known & out), None) or self._find(out)
            if one is None:
                self.consistent.append(out)
                continue
            for claim in sorted(one):
                child = out | {claim}
                if child not in seen:
                    seen.add(child)
                    left_out.append(child)
        return True

    def _find(self, out: Collection[int]) -> frozenset[int] | None:
        """Return an irreducible set among all claims but some; None if they are consistent."""
        weights = self.system.contradiction(self._claims.difference(out))
        if not weights:
            return None
        return self._reduce(sorted({weight.side.claim for weight in weights}))

    def _reduce(self, claims: Sequence[int]) -> frozenset[int]:
        """Leave out claims as long as the rest contradicts itself."""
        kept = list(claims)
        for claim in claims:
            rest = [each for each in kept if each != claim]
            if self.system.contradiction(rest):
                kept = rest
        found = frozenset(kept)
        self.found.append(found)
        return found


def _exclusion(claims: Sequence[Match], weights: Sequence[Weight]) -> Exclusion:
    """Return an exclusion with amounts for which the weight of a shell is at most 1."""
    each = [weight.weight / _days(claims[weight.side.claim]) for weight in weights]
    shells = [
        size for size, one in zip(each, weights, strict=True) if not _is_cargo(claims[one.side.claim])
    ] or each
    unit = max(shells)
    return Exclusion(
        tuple(
            Term(
                claims[one.side.claim],
                one.side.is_lower,
                one.side.bound / claims[one.side.claim].middle,
                one.factor,
                _days(claims[one.side.claim]),
                one.weight / unit / _days(claims[one.side.claim]),
            )
            for one in sorted(weights, key=lambda one: (not one.side.is_lower, one.side.claim))
        )
    )


def _days(match: Match) -> int:
    """Return the days of a rate; 1 for an amount."""
    observable = match.observable
    if isinstance(observable, Flow) and observable.measure is Measure.RATE:
        return observable.window.days
    return 1


def _is_cargo(match: Match) -> bool:
    """Return whether a claim is in containers or in tonnes."""
    return getattr(match.observable, "conversion", None) is not None
