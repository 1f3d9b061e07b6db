"""Period of a claim within the horizon of a scenario."""

from __future__ import annotations

import datetime as dt

from sim.auditing.claims import Reason
from sim.auditing.figures import NotReadError
from sim.evidence import Estimate
from sim.observables import Window
from sim.scenario.scenario import Scenario

#: Share of the days of a rate's period that the horizon must have.
LEAST_SHARE = 0.5


def period_of(estimate: Estimate) -> Window:
    """Return the period of an estimate; raise `NotReadError` if it has no first or no last day."""
    if estimate.period_start is None or estimate.period_end is None:
        raise NotReadError(Reason.NO_PERIOD, "the claim does not say for which days it holds")
    return Window(estimate.period_start, estimate.period_end)


def horizon_of(scenario: Scenario) -> Window:
    """Return the days of a scenario."""
    return Window(scenario.start, scenario.end - dt.timedelta(days=1))


def clip(window: Window, scenario: Scenario) -> Window:
    """Return the part of a rate's window within the horizon.

    Raise `NotReadError` if that is less than half of its days.
    """
    horizon = horizon_of(scenario)
    first, last = max(window.first, horizon.first), min(window.last, horizon.last)
    if last < first or (last - first).days + 1 < LEAST_SHARE * window.days:
        _refuse(window, horizon, "mostly")
    return Window(first, last)


def check_within(window: Window, scenario: Scenario) -> None:
    """Raise `NotReadError` unless all days of the window of an amount are within the horizon."""
    horizon = horizon_of(scenario)
    if window.first < horizon.first or window.last > horizon.last:
        _refuse(window, horizon, "partly")


def shifted(window: Window, days: int) -> Window:
    """Return a window some days later."""
    by = dt.timedelta(days=days)
    return Window(window.first + by, window.last + by)


def _refuse(window: Window, horizon: Window, part: str) -> None:
    is_apart = window.last < horizon.first or window.first > horizon.last
    where = "outside" if is_apart else f"{part} outside"
    sentence = (
        f"its days, {window.first} to {window.last}, are {where} the scenario, "
        f"{horizon.first} to {horizon.last}"
    )
    raise NotReadError(Reason.HORIZON, sentence)
