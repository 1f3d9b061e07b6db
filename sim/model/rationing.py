"""Calls of rationing rules that the caller supplies, with a check of the values returned (rule 13)."""

from __future__ import annotations

from numbers import Real

from sim.account import ROUNDING
from sim.errors import RunError, escape_control_characters
from sim.scenario.external_names import Rule
from sim.units import quote


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
