"""Claims of consumers: priorities, backlog and account (rule 36). Compiled twin of `sim.model.claims`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.account import ENOUGH, ClaimKind
from sim.ensemble.arrays import aligned_array
from sim.ensemble.device_formulas import served_backlog, unmet_requirement
from sim.ensemble.native.kernels import device_function, noinline
from sim.ensemble.scenario_tables import CLAIMS, DepotTables, Floats, Ints

#: Rows of `ClaimState.day`, in the order of `sim.account.ClaimKind`.
REQUIRED, FIRED, UNMET, WAITING, SERVED, BACKLOG = range(len(ClaimKind))


class ClaimState(NamedTuple):
    """Account of the claims on a day; no claims and pairs unless results are listed by consumer.

    Attributes
    ----------
    day : array, shape (kinds, claims, runs)
        Figures of the day; the backlog is that after it.
    demand : array, shape (claims, runs)
        Requirement and backlog, at most the capacity of the guns; only of claims with a backlog.
    unmet : array, shape (pairs, runs)
        Unmet requirement of all claims on a pair.
    has_backlog : array, shape (pairs,)
        1 where a claim on the pair has a backlog, else 0.
    """

    day: Floats
    demand: Floats
    unmet: Floats
    has_backlog: Ints


def make_claims(depot_tables: DepotTables, pairs: int, runs: int) -> ClaimState:
    """Allocate the account of the claims."""
    is_listed = bool(depot_tables.needs[CLAIMS])
    claims = len(depot_tables.claims) if is_listed else 0
    has_backlog = np.zeros(pairs, dtype=np.int64)
    for claim in depot_tables.claims:
        has_backlog[claim["pair"]] |= claim["has_backlog"]
    return ClaimState(
        aligned_array((len(ClaimKind), claims, runs)),
        aligned_array((claims, runs)),
        aligned_array((pairs if is_listed else 0, runs)),
        has_backlog,
    )


@device_function
def clear_backlogs(claims: ClaimState) -> None:
    """Clear all backlogs, before the first day."""
    noinline()
    for claim in range(claims.day.shape[1]):
        for b in range(claims.day.shape[2]):
            claims.day[BACKLOG, claim, b] = 0.0


@device_function
def add_backlogs(depot_tables: DepotTables, required: Floats, ceilings: Floats, claims: ClaimState) -> None:
    """Write the demand of each claim with a backlog, at most the capacity of its guns."""
    noinline()
    for c in range(len(depot_tables.consumers)):
        row = depot_tables.consumers[c]
        if row.count > 0 and depot_tables.claims[row.first].has_backlog:
            for b in range(required.shape[1]):
                total = 0.0
                for claim in range(row.first, row.first + row.count):
                    demand = claims.day[BACKLOG, claim, b] + required[claim, b]
                    claims.demand[claim, b] = demand
                    total += demand
                if row.guns >= 0:
                    ceiling = ceilings[c, b]
                    if total > ceiling:
                        for claim in range(row.first, row.first + row.count):
                            claims.demand[claim, b] *= ceiling / total


@device_function
def cut_by_rank(depot_tables: DepotTables, level: Floats, by_claim: Floats, total: Floats, pair: int) -> None:
    """Reduce claims that together exceed the level: in order of priority, in proportion within one."""
    noinline()
    first, last = depot_tables.in_pair_first[pair], depot_tables.in_pair_first[pair + 1]
    for b in range(len(level)):
        if level[b] < total[b] * ENOUGH:
            left = level[b]
            for rank in range(depot_tables.ranks[pair]):
                wanted = 0.0
                for c in range(first, last):
                    claim = depot_tables.in_pair[c]
                    if depot_tables.claims[claim].rank == rank:
                        wanted += by_claim[claim, b]
                if left < wanted * ENOUGH:
                    for c in range(first, last):
                        claim = depot_tables.in_pair[c]
                        if depot_tables.claims[claim].rank == rank:
                            by_claim[claim, b] *= left / wanted
                    left = 0.0
                else:
                    left = 0.0 if wanted >= left * ENOUGH else left - wanted


@device_function
def settle_claims(
    depot_tables: DepotTables, required: Floats, fired: Floats, whole: int, pair: int, claims: ClaimState
) -> int:
    """Enter the fire of a day in the account of each claim; return how many runs leave requirement unmet.

    `whole` is the row of the pair in `required` and `fired`.
    """
    noinline()
    first, last = depot_tables.in_pair_first[pair], depot_tables.in_pair_first[pair + 1]
    short = 0
    for b in range(required.shape[1]):
        unmet_total = 0.0
        for c in range(first, last):
            claim = depot_tables.in_pair[c]
            needs, before = required[claim, b], claims.day[BACKLOG, claim, b]
            # The product of a single claim and its share of the level differs from the level by rounding.
            shot = fired[whole, b] if last == first + 1 else fired[claim, b]
            served = served_backlog(shot, before, needs)
            unmet = unmet_requirement(shot, served, before, needs)
            claims.day[REQUIRED, claim, b] = needs
            claims.day[FIRED, claim, b] = shot
            claims.day[UNMET, claim, b] = unmet
            if depot_tables.claims[claim].has_backlog:
                claims.day[WAITING, claim, b] = unmet
                claims.day[SERVED, claim, b] = served
                claims.day[BACKLOG, claim, b] = before - served + unmet
            unmet_total += unmet
        claims.unmet[pair, b] = unmet_total
        short += unmet_total > 0.0
    return short
