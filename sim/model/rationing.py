"""Rationing rules: plain functions of requirement, level, cover and mean inflow (rule 13)."""

from __future__ import annotations

from numbers import Real

from sim.account import ENOUGH, ROUNDING
from sim.errors import RunError, escape_control_characters
from sim.scenario.external_names import Rule
from sim.units import quote

INFLOW_WINDOW = 30


def none(requirement: float, planned: float, level: float, cover: float, mean_inflow: float) -> float:  # noqa: ARG001
    """Fire the full requirement until the stock is exhausted."""
    return requirement


def proportional(requirement: float, planned: float, level: float, cover: float, mean_inflow: float) -> float:  # noqa: ARG001
    """Below `cover` days of supply, fire in proportion to the days of supply.

    Parameters
    ----------
    requirement : float
        Requirement of this consumer on the day, in shells.
    planned : float
        Planned requirement of all consumers at the depot, in shells a day.
    level : float
        Serviceable shells before fire.
    cover : float
        Days of supply below which the rule takes effect.
    mean_inflow : float
        This consumer's share of the mean inflow of the last 30 days, in shells a day.

    Returns
    -------
    float
        Shells to fire; the caller scales them down where several consumers together exceed the level.
    """
    if planned <= 0.0:
        return requirement
    days_of_supply = level / planned
    return requirement if days_of_supply >= cover * ENOUGH else requirement * days_of_supply / cover


def controlled(requirement: float, planned: float, level: float, cover: float, mean_inflow: float) -> float:
    """Below `cover` days of supply, fire at most the mean inflow: a controlled supply rate.

    Parameters as of `proportional`.
    """
    if planned <= 0.0 or level / planned >= cover * ENOUGH:
        return requirement
    return mean_inflow if mean_inflow < requirement * ENOUGH else requirement


def call_own_rule(
    name: str, rule: Rule, day: int, arguments: tuple[float, float, float, float, float]
) -> float:
    """Call a rule that the caller supplies, and check its return value.

    Parameters
    ----------
    name : str
    rule : Rule
    day : int
        Day number, for messages.
    arguments : tuple of float
        Arguments of the rule; the first is the requirement.

    Raises
    ------
    RunError
        The rule raises, or returns no number from 0 to the requirement (within a billionth).
    """
    required = arguments[0]
    try:
        shells = rule(*arguments)
    except Exception as error:
        # Chain any exception of a foreign function, with its traceback.
        raise RunError(f"the rule {name!r} fails on day {day}: {_describe_error(error)}") from error
    margin = ROUNDING * required
    if not isinstance(shells, Real) or not -margin <= shells <= required + margin:
        given = f"the rule {name!r} gives {quote(repr(shells))[1:-1]} on day {day}"
        raise RunError(f"{given}, when {required:,.6g} shells are required; allowed: a number from 0 to that")
    return min(max(float(shells), 0.0), required)


def _describe_error(error: Exception) -> str:
    text = escape_control_characters(str(error))[:200]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


RULES: dict[str, Rule] = {"none": none, "proportional": proportional, "controlled": controlled}
