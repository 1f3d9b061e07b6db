"""Voyages and lots of the saved runs of a result, with the names of their legs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.errors import ArgumentError, Fault
from sim.names import Names

if TYPE_CHECKING:
    import pandas as pd

    from sim.charts.result_data import ResultLike

#: Stage of a vehicle by the first word of the route, as in ``by sea``.
_STAGES = {"sea": "at sea", "rail": "on rail", "road": "on the road", "air": "in the air"}
UNDER_WAY, AT_QUAY = "under way", "at a quay between legs"


@dataclass(frozen=True, slots=True)
class VoyageRow:
    """One voyage or lot.

    Attributes
    ----------
    run : int
    supplier : str
    leg, vehicle : int or None
        Leg is None for a lot, vehicle None if hired.
    departed : float
        Ordinal of the day, with its fraction.
    arrived : float or None
        None while under way.
    shells : float
    """

    run: int
    supplier: str
    leg: int | None
    vehicle: int | None
    departed: float
    arrived: float | None
    shells: float


def read_voyages(result: ResultLike) -> list[VoyageRow]:
    """Return the voyages of a result, in the order of its table.

    Raises
    ------
    ArgumentError
        There is none.
    """
    table = result.shipments
    if table is None or table.empty:
        problem = "the result has no voyages: its table of shipments (shipments.csv) is empty"
        raise ArgumentError([Fault(problem, allowed="a scenario with shipments")])
    columns = ("run", "supplier", "leg", "vehicle")
    keys = zip(*(table[name] for name in columns), strict=True)
    times = zip(_days(table["departed"]), _days(table["arrived"]), table["shells"], strict=True)
    return [
        VoyageRow(
            int(run), str(supplier), _whole(leg), _whole(vehicle), departed or 0.0, arrived, float(shells)
        )
        for (run, supplier, leg, vehicle), (departed, arrived, shells) in zip(keys, times, strict=True)
    ]


def last_legs(names: Names, voyages: list[VoyageRow]) -> dict[str, int | None]:
    """Return the last leg of each supplier; None for one without legs."""
    found: dict[str, int | None] = {}
    for voyage in voyages:
        known = found.get(voyage.supplier)
        found[voyage.supplier] = voyage.leg if known is None else max(known, voyage.leg or 0)
    for supplier, leg in found.items():
        while leg is not None and f"shipments.{supplier}.route.{leg + 1}" in {**names.routes, **names.labels}:
            leg += 1
            found[supplier] = leg
    return found


def leg_name(names: Names, supplier: str, leg: int | None, *, is_alone: bool) -> str:
    """Return the name of a leg, after that of its supplier if there are several."""
    origin = names.origin(supplier)
    if leg is None:
        return origin
    path = f"shipments.{supplier}.route.{leg}"
    text = names.path(path) if path in names.routes or path in names.labels else f"Leg {leg + 1}"
    return text if is_alone else f"{origin}: {text[:1].lower()}{text[1:]}"


def stage_name(names: Names, supplier: str, leg: int | None) -> str:
    """Return where cargo on a leg is: ``at sea``, ``on rail``, or ``under way``."""
    words = names.routes.get(f"shipments.{supplier}.route.{leg}", "").replace(",", " ").split()
    return _STAGES.get(words[1], UNDER_WAY) if words[:1] == ["by"] and len(words) > 1 else UNDER_WAY


def _whole(value: Any) -> int | None:
    import pandas as pd

    return None if pd.isna(value) else int(value)


def _days(times: pd.Series[Any]) -> list[float | None]:
    import pandas as pd

    found = pd.to_datetime(times)
    first = dt.date(1970, 1, 1).toordinal()
    seconds = (found - pd.Timestamp(1970, 1, 1)).dt.total_seconds()
    return [None if pd.isna(each) else first + float(each) / 86_400.0 for each in seconds]
