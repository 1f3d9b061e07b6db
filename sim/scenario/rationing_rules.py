"""Rationing rules: one entry holds a rule's name, its needs, and its formula (rule 13).

Both engines use the formulas: the simpy model calls them, the compiled engine compiles them. A new rule is an
entry here and a branch in `sim.ensemble.consumption`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.account import ENOUGH
from sim.scenario.external_names import Rule

#: Codes by which compiled code tells rules apart.
NONE, PROPORTIONAL, CONTROLLED = range(3)


def none(requirement: float, planned: float, level: float, cover: float, mean_inflow: float) -> float:  # noqa: ARG001
    """Fire the full requirement until the stock is gone."""
    return requirement


def proportional(requirement: float, planned: float, level: float, cover: float, mean_inflow: float) -> float:  # noqa: ARG001
    """Below `cover` days of supply, fire in proportion to the days of supply.

    Parameters
    ----------
    requirement : float
        Requirement of the consumer today, in shells.
    planned : float
        Planned requirement of all consumers at the depot, in shells a day.
    level : float
        Serviceable shells before fire.
    cover : float
        Days of supply below which the rule applies.
    mean_inflow : float
        The consumer's share of the mean inflow of the last 30 days, in shells a day.

    Returns
    -------
    float
        Shells to fire; several consumers are cut once more where their sum exceeds the level.
    """
    if planned <= 0.0:
        return requirement
    days_of_supply = level / planned
    return requirement if days_of_supply >= cover * ENOUGH else requirement * days_of_supply / cover


def controlled(requirement: float, planned: float, level: float, cover: float, mean_inflow: float) -> float:
    """Below `cover` days of supply, fire at most the share of the mean inflow: a controlled supply rate.

    Parameters as of `proportional`.
    """
    if planned <= 0.0 or level / planned >= cover * ENOUGH:
        return requirement
    return mean_inflow if mean_inflow < requirement * ENOUGH else requirement


@dataclass(frozen=True, slots=True)
class RationingRule:
    """One rationing rule.

    Attributes
    ----------
    code : int
        Of the rule in compiled code.
    formula : callable
        From (requirement, planned, level, cover, mean_inflow) to shells.
    needs_cover : bool
        Whether a file has to say below how many days of supply it applies.
    needs_inflow : bool
        Whether the formula uses the mean inflow.
    """

    code: int
    formula: Rule
    needs_cover: bool = True
    needs_inflow: bool = False


#: The rules that every file may name; a caller of `sim.run` may add others.
RULES: Mapping[str, RationingRule] = {
    "none": RationingRule(NONE, none, needs_cover=False),
    "proportional": RationingRule(PROPORTIONAL, proportional),
    "controlled": RationingRule(CONTROLLED, controlled, needs_inflow=True),
}
