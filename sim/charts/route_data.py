"""Places of a result and the quantities at and between them on one day: data of the map chart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sim.account import Kind
from sim.charts.places import Place, find_place, find_places
from sim.charts.result_data import ChartData, ordinals
from sim.charts.voyage_data import AT_QUAY, VoyageRow, last_legs, leg_name, stage_name

if TYPE_CHECKING:
    import pandas as pd

IN_STORE, FIRED, PRODUCED, BETWEEN_DEPOTS = "in store", "fired", "produced", "between depots"
#: Stages of cargo; other quantities are in store, or rates of a day.
NOT_CARGO = (IN_STORE, FIRED, PRODUCED)
_TO = " to "
#: Part of the largest quantity below which a quantity is rounding.
_NOTHING = 1e-9


@dataclass(frozen=True, slots=True)
class Stop:
    """A port, station or depot; `place` is None if its name is not that of a known place."""

    key: str
    name: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity at one stop, on the way between two, or nowhere on the map.

    Attributes
    ----------
    name, stage : str
        `stage` is one of `voyage_data`, or of this module.
    shells : float
        On the day; a rate for fire and production.
    at : tuple of str
        Keys of stops.
    """

    name: str
    stage: str
    shells: float
    at: tuple[str, ...]


@dataclass(slots=True)
class Route:
    """Stops by key, chains of keys in the order of each supplier's route, and the quantities."""

    stops: dict[str, Stop] = field(default_factory=dict)
    chains: list[tuple[str, ...]] = field(default_factory=list)
    quantities: list[Quantity] = field(default_factory=list)

    def add(self, name: str, stage: str, shells: float, at: tuple[str, ...]) -> None:
        """Add a quantity to that of the same name, stage and stops."""
        for place, each in enumerate(self.quantities):
            if (each.name, each.stage, each.at) == (name, stage, at):
                self.quantities[place] = Quantity(name, stage, each.shells + shells, at)
                return
        self.quantities.append(Quantity(name, stage, shells, at))


def read_route(data: ChartData, voyages: Sequence[VoyageRow], day: dt.date, runs: int) -> Route:
    """Return the route of a result at the end of a day.

    Parameters
    ----------
    data : ChartData
    voyages : sequence of VoyageRow
        Of the saved runs.
    day : datetime.date
    runs : int
        Number of saved runs; the voyages are their mean.
    """
    route = Route()
    depots = data.names.depots(dict.fromkeys(data.stock["depot"]))
    for depot, name in depots.items():
        route.stops[_depot_key(depot)] = Stop(_depot_key(depot), name, find_place([name, depot]))
    last = last_legs(data.names, list(voyages))
    for supplier, leg in last.items():
        own = [voyage for voyage in voyages if voyage.supplier == supplier]
        _add_supplier(route, data, own, leg, (day.toordinal() + 1.0, runs, len(last) == 1))
    _add_depots(route, data, day)
    # Differences of arrivals and departures leave rounding errors.
    least = _NOTHING * max(each.shells for each in route.quantities)
    route.quantities = [
        each if each.shells > least else replace(each, shells=0.0) for each in route.quantities
    ]
    return route


def _add_supplier(
    route: Route,
    data: ChartData,
    voyages: Sequence[VoyageRow],
    last: int | None,
    when: tuple[float, int, bool],
) -> None:
    """Add the stops of one supplier, and its cargo before `when[0]`."""
    now, runs, is_alone = when
    supplier = voyages[0].supplier
    chain = _chain(route, data, supplier, last)
    route.chains.append(chain)
    legs: Sequence[int | None] = [None] if last is None else range(last + 1)
    left, there = {}, {}
    for leg in legs:
        own = [voyage for voyage in voyages if voyage.leg == leg]
        left[leg] = sum(voyage.shells for voyage in own if voyage.departed < now)
        there[leg] = sum(
            voyage.shells for voyage in own if voyage.arrived is not None and voyage.arrived < now
        )
    for place, leg in enumerate(legs):
        ends = chain[place : place + 2]
        stage = stage_name(data.names, supplier, leg)
        name = _leg_title(data, supplier, leg, is_alone=is_alone)
        route.add(name, stage, (left[leg] - there[leg]) / runs, ends)
        if place + 1 < len(legs):
            waiting = max(0.0, there[leg] - left[legs[place + 1]]) / runs
            stop = route.stops[ends[1]]
            known = stop.name or leg_name(data.names, supplier, None, is_alone=True)
            route.add(known, AT_QUAY, waiting, ends[1:])


def _chain(route: Route, data: ChartData, supplier: str, last: int | None) -> tuple[str, ...]:
    """Return the keys of the stops of a supplier, and add those that are new."""
    depot = _depot_of(data, supplier)
    if last is None:
        source = _add_stop(route, f"supplier {supplier}", data.names.origin(supplier))
        return (source, _depot_key(depot))
    keys = []
    for leg in range(last + 1):
        begin, end = _ends(data, supplier, leg)
        keys.append(_add_stop(route, begin or f"{supplier} {leg}", begin))
        final = find_place([end])
    own = route.stops[_depot_key(depot)]
    if own.place is None and final is not None:
        route.stops[own.key] = Stop(own.key, own.name, final)
    return (*keys, own.key)


def _ends(data: ChartData, supplier: str, leg: int) -> tuple[str, str]:
    """Return the names of both ends of a leg; empty if unknown."""
    path = f"shipments.{supplier}.route.{leg}"
    words = data.names.routes.get(path, "")
    begin, _, end = words.rpartition(", ")[2].partition(_TO)
    if begin and end and _TO not in end:
        return begin, end
    known = find_places(data.names.labels.get(path, ""))
    return (known[0].name, known[-1].name) if len(known) > 1 else ("", "")


def _add_stop(route: Route, key: str, name: str) -> str:
    key = f"stop {key.casefold()}"
    route.stops.setdefault(key, Stop(key, name, find_place([name])))
    return key


def _leg_title(data: ChartData, supplier: str, leg: int | None, *, is_alone: bool) -> str:
    """Return the name of a leg: its ends if known, as its stage is in the key of the chart."""
    begin, end = ("", "") if leg is None else _ends(data, supplier, leg)
    if begin and f"shipments.{supplier}.route.{leg}" not in data.names.labels:
        return f"{begin}{_TO}{end}"
    return leg_name(data.names, supplier, leg, is_alone=is_alone)


def _depot_of(data: ChartData, supplier: str) -> str:
    """Return the depot that a supplier delivers to; the first one if nothing has landed."""
    rows = data.origins[data.origins["origin"] == supplier]
    landed = rows.loc[rows["kind"].isin([Kind.LANDED.value, Kind.REJECTED.value]), "depot"]
    return str(landed.iloc[0] if len(landed) else data.stock["depot"].iloc[0])


def _depot_key(depot: str) -> str:
    return f"depot {depot}"


def _add_depots(route: Route, data: ChartData, day: dt.date) -> None:
    """Add the shells between depots, and the stock, fire and production of each depot."""
    flows = data.flows.assign(x=ordinals(data.flows["date"]))
    past = flows[flows["x"] <= day.toordinal()]
    moved = _sum_of(past, Kind.DISPATCHED) - _sum_of(past, Kind.RECEIVED)
    if _sum_of(flows, Kind.DISPATCHED) > 0.0:
        route.add("Between depots", BETWEEN_DEPOTS, max(0.0, moved), ())
    stock = data.stock[ordinals(data.stock["date"]) == day.toordinal()]
    today = flows[flows["x"] == day.toordinal()]
    past_verb = data.names.verb(data.names.verbs).past.capitalize()
    depots = list(dict.fromkeys(data.stock["depot"]))
    is_alone = len(depots) == 1
    for depot in depots:
        stop = route.stops[_depot_key(depot)]
        held = float(stock.loc[stock["depot"] == depot, "mean"].sum())
        route.add(stop.name, IN_STORE, held, (stop.key,))
    for depot in depots:
        own, key = today[today["depot"] == depot], _depot_key(depot)
        name = route.stops[key].name
        makers = _makers(data, depot)
        if makers:
            source = (
                data.names.origin(makers[0])
                if len(makers) == 1
                else "Production"
                if is_alone
                else f"Production, {name}"
            )
            route.add(source, PRODUCED, _sum_of(own, Kind.PRODUCED), (key,))
        if depot in {place for place, _ in data.consuming_pairs}:
            route.add(
                past_verb if is_alone else f"{past_verb}, {name}", FIRED, _sum_of(own, Kind.FIRED), (key,)
            )


def _makers(data: ChartData, depot: str) -> list[str]:
    rows = data.origins[(data.origins["depot"] == depot) & (data.origins["kind"] == Kind.PRODUCED.value)]
    return list(dict.fromkeys(map(str, rows["origin"])))


def _sum_of(flows: pd.DataFrame, kind: Kind) -> float:
    return float(flows.loc[flows["kind"] == kind.value, "mean"].sum())


def cargo(quantities: Iterable[Quantity]) -> list[Quantity]:
    """Return the quantities on the way to a depot."""
    return [each for each in quantities if each.stage not in NOT_CARGO]
