"""Comparison of a scenario value with the estimate that it cites.

A value outside the range of its source warns. If the source gives one number, a value more than a factor
of two from it warns. Rows whose quantity or unit does not fit the scenario key are citations only.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from sim.evidence.estimate import Estimate, format_number
from sim.units import DAYS_PER_UNIT, Unit

_TOLERANCE_FACTOR = 2.0
#: Tolerance for rounding in unit conversion; a value on the bound is inside.
_RELATIVE_MARGIN = 1e-9

_COUNT_UNITS = {"shells": 1.0, "rounds": 1.0}
_RATE_UNITS = {
    f"{counted}/{period}": 1.0 / days
    for counted in _COUNT_UNITS
    for period, days in {
        "hour": 1.0 / 24.0,
        **DAYS_PER_UNIT,
    }.items()
}
_DURATION_UNITS = {"days": 1.0}

#: By scenario key: the matching quantity, and the conversion factor of each unit to base units.
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
#: By scenario key: the base unit of its value. No row is compared with a stock in days of supply or tonnes.
_BASE_UNITS: Mapping[str, Unit] = {
    "stock": Unit.SHELLS,
    "production_rate": Unit.SHELLS_A_DAY,
    "consumption_rate": Unit.SHELLS_A_DAY,
}


def compare(estimate: Estimate, key: str, value: float, unit: str = "") -> str | None:
    """Return a warning if `value` is outside the range of `estimate`, else None.

    Parameters
    ----------
    estimate : Estimate
        The row that the scenario cites.
    key : str
        Kind of the value: ``stock``, ``production_rate``, ``consumption_rate``,
        ``shells_per_container``, ``serviceable`` (compared with 1 - x for a dud fraction x),
        ``rail_days`` or ``sea_days``. Any other key returns None.
    value : float
        In base units: shells, shells a day, days, a share, shells per container. For a distribution,
        its median.
    unit : str, optional
        Base unit of the value, where the key has several, such as shells or days of supply for a stock.

    Returns
    -------
    str or None
        One sentence without a full stop, in the unit of the row. None also if the quantity or unit of
        the row does not fit the key, if the unit of the value does not, or if the row has no number.
    """
    scale = _unit_factor(estimate, key)
    if scale is None or (unit and unit != _BASE_UNITS.get(key, unit)):
        return None
    own = value / scale
    extent, single = _scaled_range(estimate, key)
    if extent is not None and not _is_within(own, *extent):
        fault = "outside"
    elif single is not None and not _is_within(own, single / _TOLERANCE_FACTOR, single * _TOLERANCE_FACTOR):
        fault = "more than a factor of two from"
    else:
        return None
    text = f"{_format_rounded(own)} {_unit_text(estimate, key)}"
    return f"{text} is {fault} what {estimate.id} gives: {_source_text(estimate, key)}"


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
