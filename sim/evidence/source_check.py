"""Whether a value of a scenario stands within what its source says.

A value outside its source's low to high is worth a warning; where the source gives one number alone, a
value more than a factor of two away from it is. Only a row whose quantity and unit fit the key of the
scenario is compared; the others are citations.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from sim.evidence.estimate import Estimate, format_number

_DAYS_PER_YEAR = 365.25
_DAYS_PER_MONTH = _DAYS_PER_YEAR / 12.0
_TOLERANCE_FACTOR = 2.0
#: Conversion to base units and back may cost a few bits; a value on the edge is inside.
_RELATIVE_MARGIN = 1e-9

_COUNT_UNITS = {"shells": 1.0, "rounds": 1.0}
_RATE_UNITS = {
    f"{counted}/{period}": 1.0 / days
    for counted in _COUNT_UNITS
    for period, days in {
        "hour": 1.0 / 24.0,
        "day": 1.0,
        "week": 7.0,
        "month": _DAYS_PER_MONTH,
        "year": _DAYS_PER_YEAR,
    }.items()
}
_DURATION_UNITS = {"days": 1.0}

#: Key of a scenario: the quantity that fits it, and what one of each unit is in base units.
_UNITS_BY_KEY: Mapping[str, tuple[str, Mapping[str, float]]] = {
    "stock": ("stock", _COUNT_UNITS),
    "production_rate": ("production_rate", _RATE_UNITS),
    "consumption_rate": ("consumption_rate", _RATE_UNITS),
    "shells_per_container": (
        "shells_per_container",
        {f"{counted}/container": 1.0 for counted in _COUNT_UNITS},
    ),
    "serviceable": ("quality_dud_fraction", {"fraction": 1.0}),
    "rail_days": ("transit_time_rail", _DURATION_UNITS),
    "sea_days": ("transit_time_sea", _DURATION_UNITS),
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
    scale = _unit_factor(estimate, key)
    if scale is None:
        return None
    own = value / scale
    extent, single = _scaled_range(estimate, key)
    if extent is not None and not _is_within(own, *extent):
        fault = "outside"
    elif single is not None and not _is_within(own, single / _TOLERANCE_FACTOR, single * _TOLERANCE_FACTOR):
        fault = "more than a factor of two from"
    else:
        return None
    return f"{_format_rounded(own)} {_unit_text(estimate, key)} is {fault} what {estimate.id} gives: {_source_text(estimate, key)}"


def _unit_factor(estimate: Estimate, key: str) -> float | None:
    quantity, units = _UNITS_BY_KEY.get(key, ("", {}))
    return units.get(estimate.unit) if estimate.quantity == quantity else None


def _scaled_range(estimate: Estimate, key: str) -> tuple[tuple[float, float] | None, float | None]:
    extent, single = estimate.low_high(), estimate.single()
    if key != "serviceable":
        return extent, single
    return (
        None if extent is None else (1.0 - extent[1], 1.0 - extent[0]),
        None if single is None else 1.0 - single,
    )


def _is_within(value: float, low: float, high: float) -> bool:
    slack = _RELATIVE_MARGIN * max(abs(low), abs(high))
    return low - slack <= value <= high + slack


def _unit_text(estimate: Estimate, key: str) -> str:
    return "serviceable" if key == "serviceable" else estimate.unit


def _source_text(estimate: Estimate, key: str) -> str:
    figure = estimate.figure()
    if key != "serviceable":
        return figure
    extent, single = _scaled_range(estimate, key)
    ends = (single,) if extent is None else extent
    share = " to ".join(_format_rounded(end) for end in ends if end is not None)
    return f"{share} serviceable, as 1 - a dud fraction of {figure.removesuffix(' fraction')}"


def _format_rounded(number: float) -> str:
    return format_number(float(f"{number:.6g}")) if math.isfinite(number) else str(number)
