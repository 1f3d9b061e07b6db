"""Whether a value of a scenario stands within what its source says.

A value outside its source's low to high is worth a warning; where the source gives one number alone, a
value more than a factor of two away from it is. Only a row whose quantity and unit fit the key of the
scenario is compared; the others are citations.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from sim.evidence.estimate import Estimate, plain

_DAYS_A_YEAR = 365.25
_DAYS_A_MONTH = _DAYS_A_YEAR / 12.0
_FACTOR = 2.0
#: Conversion to base units and back may cost a few bits; a value on the edge is inside.
_MARGIN = 1e-9

_COUNTS = {"shells": 1.0, "rounds": 1.0}
_RATES = {
    f"{counted}/{period}": 1.0 / days
    for counted in _COUNTS
    for period, days in {
        "hour": 1.0 / 24.0,
        "day": 1.0,
        "week": 7.0,
        "month": _DAYS_A_MONTH,
        "year": _DAYS_A_YEAR,
    }.items()
}
_DAYS = {"days": 1.0}

#: Key of a scenario: the quantity that fits it, and what one of each unit is in base units.
_FITTING: Mapping[str, tuple[str, Mapping[str, float]]] = {
    "stock": ("stock", _COUNTS),
    "production_rate": ("production_rate", _RATES),
    "consumption_rate": ("consumption_rate", _RATES),
    "shells_per_container": ("shells_per_container", {f"{counted}/container": 1.0 for counted in _COUNTS}),
    "serviceable": ("quality_dud_fraction", {"fraction": 1.0}),
    "rail_days": ("transit_time_rail", _DAYS),
    "sea_days": ("transit_time_sea", _DAYS),
}


def compare(estimate: Estimate, key: str, value: float) -> str | None:
    """Return a warning if `value` does not stand within what `estimate` says, else None.

    Parameters
    ----------
    estimate : Estimate
        The row that the scenario cites.
    key : str
        What the value is: ``stock``, ``production_rate``, ``consumption_rate``,
        ``shells_per_container``, ``serviceable`` (held against a dud fraction x as 1 - x),
        ``rail_days`` or ``sea_days``. No row fits any other key.
    value : float
        In base units: shells, shells a day, days, a share, shells per container. Of a distribution, its
        median.

    Returns
    -------
    str or None
        One sentence without a closing stop, in the row's own unit. None also where the row's quantity
        or unit does not fit the key, or the row has no number.
    """
    scale = _scale(estimate, key)
    if scale is None:
        return None
    own = value / scale
    extent, single = _said(estimate, key)
    if extent is not None and not _within(own, *extent):
        fault = "outside"
    elif single is not None and not _within(own, single / _FACTOR, single * _FACTOR):
        fault = "more than a factor of two from"
    else:
        return None
    return (
        f"{_rounded(own)} {_unit(estimate, key)} is {fault} what {estimate.id} gives: {_given(estimate, key)}"
    )


def _scale(estimate: Estimate, key: str) -> float | None:
    quantity, units = _FITTING.get(key, ("", {}))
    return units.get(estimate.unit) if estimate.quantity == quantity else None


def _said(estimate: Estimate, key: str) -> tuple[tuple[float, float] | None, float | None]:
    extent, single = estimate.low_high(), estimate.single()
    if key != "serviceable":
        return extent, single
    return (
        None if extent is None else (1.0 - extent[1], 1.0 - extent[0]),
        None if single is None else 1.0 - single,
    )


def _within(value: float, low: float, high: float) -> bool:
    slack = _MARGIN * max(abs(low), abs(high))
    return low - slack <= value <= high + slack


def _unit(estimate: Estimate, key: str) -> str:
    return "serviceable" if key == "serviceable" else estimate.unit


def _given(estimate: Estimate, key: str) -> str:
    figure = estimate.figure()
    if key != "serviceable":
        return figure
    extent, single = _said(estimate, key)
    ends = (single,) if extent is None else extent
    share = " to ".join(_rounded(end) for end in ends if end is not None)
    return f"{share} serviceable, as 1 - a dud fraction of {figure.removesuffix(' fraction')}"


def _rounded(number: float) -> str:
    return plain(float(f"{number:.6g}")) if math.isfinite(number) else str(number)
