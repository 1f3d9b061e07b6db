"""The rules of rationing: plain functions of what is required, what is there, and what comes in (rule 13)."""

from __future__ import annotations

from collections.abc import Callable

#: (requirement, planned, level, cover, mean_inflow) -> shells.
Rule = Callable[[float, float, float, float, float], float]
INFLOW_WINDOW = 30


def none(requirement: float, planned: float, level: float, cover: float, mean_inflow: float) -> float:  # noqa: ARG001
    """Fire what is required until the stock is gone."""
    return requirement


def proportional(requirement: float, planned: float, level: float, cover: float, mean_inflow: float) -> float:  # noqa: ARG001
    """Below `cover` days of supply, fire in proportion to the days of supply.

    Parameters
    ----------
    requirement : float
        What this consumer requires today, in shells.
    planned : float
        Planned requirement of all consumers at the depot, in shells a day.
    level : float
        Serviceable shells before fire.
    cover : float
        Days of supply below which the rule bites.
    mean_inflow : float
        This consumer's share of the mean inflow of the last 30 days, in shells a day.

    Returns
    -------
    float
        Shells to fire; with several consumers cut once more where they exceed the level.
    """
    if planned <= 0.0:
        return requirement
    days_of_supply = level / planned
    return requirement if days_of_supply >= cover else requirement * days_of_supply / cover


def controlled(requirement: float, planned: float, level: float, cover: float, mean_inflow: float) -> float:
    """Below `cover` days of supply, fire at most the share of what comes in: a controlled supply rate.

    Parameters as of `proportional`.
    """
    if planned <= 0.0 or level / planned >= cover:
        return requirement
    return min(requirement, mean_inflow)


RULES: dict[str, Rule] = {"none": none, "proportional": proportional, "controlled": controlled}
