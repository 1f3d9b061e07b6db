"""Claims of consumers on one munition: priorities, backlog, and the account by consumer (rule 36)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.account import ENOUGH, ClaimKind
from sim.formulas import inflow_share, served_backlog, unmet_requirement
from sim.model.stock import Stock
from sim.scenario.external_names import Rule


@dataclass(slots=True)
class FireClaim:
    """One consumer's claim on one munition.

    Attributes
    ----------
    munition : int
    planned, required : list of float, length days
        Shells a day, before and after the daily variation (rule 11). `GunPark` caps `required`.
    rule : Rule
    cover : float
        Days of supply; 0 under ``none``.
    needs_inflow : bool
        Whether the rule uses the mean inflow.
    own_rule_name : str
        Name of a rule that the caller supplies, whose return value is checked; else empty.
    fired : float
        Shells fired on the last day.
    rank : int
        Priority; 1 is served first.
    has_backlog : bool
        Whether what is unmet waits.
    backlog : float
        Shells that wait.
    demand : float
        Requirement and backlog of the day, at most the capacity of the guns; only of claims with a backlog.
    columns : mapping of ClaimKind to list of float, length days
        Account of the claim; empty unless results are listed by consumer.
    """

    munition: int
    planned: list[float]
    required: list[float]
    rule: Rule
    cover: float
    needs_inflow: bool
    own_rule_name: str
    rank: int
    has_backlog: bool
    columns: dict[ClaimKind, list[float]]
    fired: float = 0.0
    backlog: float = 0.0
    demand: float = 0.0

    def inflow(self, planned: float, stock: Stock, day: int) -> float:
        """Return its share of the recent mean inflow; `planned` is the requirement of all consumers there."""
        if planned <= 0.0:
            return 0.0
        return inflow_share(stock.recent_inflow(day), day, self.planned[day], planned)

    def settle(self, fired: float, day: int) -> float:
        """Enter the fire of a day in the account of the claim, and return its unmet requirement."""
        required, backlog = self.required[day], self.backlog
        served = served_backlog(fired, backlog, required)
        unmet = unmet_requirement(fired, served, backlog, required)
        if self.has_backlog:
            self.backlog = backlog - served + unmet
        entries = required, fired, unmet, unmet, served, self.backlog
        for (_, column), shells in zip(self.columns.items(), entries, strict=False):
            column[day] = shells
        return unmet


def by_rank(claims: Sequence[FireClaim]) -> list[list[FireClaim]]:
    """Return claims in ascending order of priority, those of one priority together."""
    ranks = sorted({claim.rank for claim in claims})
    return [[claim for claim in claims if claim.rank == rank] for rank in ranks]


def cut_to_level(ranks: Sequence[Sequence[FireClaim]], level: float) -> None:
    """Reduce claims that together exceed the level: in order of priority, in proportion within one."""
    left = level
    for claims in ranks:
        wanted = 0.0
        for claim in claims:
            wanted += claim.fired
        if left < wanted * ENOUGH:
            for claim in claims:
                claim.fired *= left / wanted
            left = 0.0
        else:
            left = 0.0 if wanted >= left * ENOUGH else left - wanted
