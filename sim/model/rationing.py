"""The rules of rationing: plain functions of what is required, what is there, and what comes in (rule 13)."""

from __future__ import annotations

from numbers import Real

from sim.account import ENOUGH, ROUNDING
from sim.errors import RunError, escape_control_characters
from sim.scenario.external_names import Rule
from sim.units import quote

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
    return requirement if days_of_supply >= cover * ENOUGH else requirement * days_of_supply / cover


def controlled(requirement: float, planned: float, level: float, cover: float, mean_inflow: float) -> float:
    """Below `cover` days of supply, fire at most the share of what comes in: a controlled supply rate.

    Parameters as of `proportional`.
    """
    if planned <= 0.0 or level / planned >= cover * ENOUGH:
        return requirement
    return mean_inflow if mean_inflow < requirement * ENOUGH else requirement


def call_own_rule(name: str, rule: Rule, day: int, asked: tuple[float, float, float, float, float]) -> float:
    """Return what a rule of the caller's own says, where it says something that can be.

    Parameters
    ----------
    name : str
    rule : Rule
    day : int
        For messages.
    asked : tuple of float
        What the rule is called with; first what is required.

    Raises
    ------
    RunError
        The rule raises, or gives no number from 0 to what is required; a billionth beyond is rounding.
    """
    required = asked[0]
    try:
        shells = rule(*asked)
    except Exception as error:
        # Whatever a function of somebody else's raises stays as the cause, with its traceback.
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
