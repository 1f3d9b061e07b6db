"""Levels of break-even targets: outcomes of all days that must be at least, or at most, an amount."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.account import COST, HOLDING, MONEY_KINDS, SHORTAGE, SPENT
from sim.errors import Fault
from sim.outcomes import (
    BACKLOG,
    CLOSING_STOCK,
    FIRED,
    MET,
    REQUIRED,
    UNMET,
    consumer_outcome,
    split_consumer,
)
from sim.scenario.dimension import MONEY, SHARE, SHELLS
from sim.scenario.scenario import Scenario
from sim.units import UnitError

Floats = NDArray[np.float64]

#: Whether an outcome must be at least its level, rather than at most; of all consumers or of one.
AT_LEAST: Mapping[str, bool] = {
    MET: True,
    FIRED: True,
    CLOSING_STOCK: True,
    REQUIRED: False,
    UNMET: False,
    BACKLOG: False,
    COST: False,
    SPENT: False,
    HOLDING: False,
    SHORTAGE: False,
}
#: Outcomes that a consumer has, and those that only a consumer has.
_OF_CONSUMER = (MET, FIRED, REQUIRED, UNMET, BACKLOG)
_ONLY_OF_CONSUMER = (BACKLOG,)
MONEY_OUTCOMES = (COST, *MONEY_KINDS)
#: Tolerance of rule 8, relative to the level.
_ROUNDING = 1e-9


def level_outcomes(scenario: Scenario) -> list[str]:
    """Return the outcomes of a scenario that take a level, those of its consumers last."""
    whole = [
        name
        for name in AT_LEAST
        if name not in _ONLY_OF_CONSUMER and (scenario.currency or name not in MONEY_OUTCOMES)
    ]
    return [*whole, *(consumer_outcome(name, one) for one in scenario.consumption for name in _OF_CONSUMER)]


def read_level(scenario: Scenario, outcome: str, level: Any, faults: list[Fault]) -> float:
    """Return a level in base units: a share, shells or money; add what is wrong with it to `faults`."""
    figure = split_consumer(outcome)[0]
    dimension = SHARE if figure == MET else MONEY if figure in MONEY_OUTCOMES else SHELLS
    if dimension is MONEY:
        dimension = MONEY.in_currency(scenario.currency or None)
    text = level if isinstance(level, str) else f"{level!r} {scenario.currency if dimension.currency else ''}"
    try:
        return dimension.read(text.strip()).value
    except UnitError as error:
        faults.append(Fault(f"level: {error.problem}", allowed=error.allowed, nearest=error.nearest))
        return 0.0


def level_fault(outcome: str, *, is_date_given: bool) -> Fault | None:
    """Return the fault of a date beside an outcome of all days; None without a date."""
    if not is_date_given:
        return None
    problem = f"{outcome} counts over all days, without until or from"
    return Fault(problem, allowed="the whole period, or another end in the file (--set end=DATE)")


def level_values(outcome: str, values: Mapping[str, Floats]) -> Floats:
    """Return the values of an outcome by point and run, given those of all outcomes by name."""
    if outcome != MET:
        return values[outcome]
    required, unmet = values[REQUIRED], values[UNMET]
    nothing = required == 0.0
    return np.asarray((required - unmet + nothing) / (required + nothing))


def reaches_level(outcome: str, level: float, values: Floats) -> NDArray[np.bool_]:
    """Return where values are at least, or at most, a level; False where they are nan."""
    if AT_LEAST[split_consumer(outcome)[0]]:
        return np.asarray(values >= level * (1.0 - _ROUNDING))
    return np.asarray(values <= level * (1.0 + _ROUNDING) + _ROUNDING)
