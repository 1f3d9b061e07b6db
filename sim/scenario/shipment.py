"""Shipment: a supplier abroad, its reserve, and the route of its cargo."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import BeforeValidator, Field, ValidationInfo

from sim.errors import Fault, Where
from sim.scenario.dimension import (
    CAPACITY,
    DELIVERY,
    DURATION,
    LOAD,
    MOMENT,
    OFFER,
    SHARE,
    SHELLS,
    THROUGHPUT,
)
from sim.scenario.field_types import (
    BERTHS_TYPE,
    COUNT_TYPE,
    DeliveriesType,
    Line,
    LongText,
    NumberType,
    SharesType,
    one_of,
)
from sim.scenario.frozen_dict import FrozenDict
from sim.scenario.number_reader import missing_mass_faults, until_faults
from sim.scenario.part import DepotRef, LabelledPart, Part, ShortForm
from sim.scenario.quantity import (
    QUANTITY_KEYS,
    ByMunition,
    Day,
    Number,
    Quantity,
    day_text,
    fixed_quantity,
    unit_of,
)
from sim.scenario.validation_context import ValidationContext
from sim.scenario.yaml_nodes import MapNode, Node, find_node
from sim.units import SECONDS_PER_DAY, Unit

HALF_A_SECOND = 0.5 / SECONDS_PER_DAY
#: Units of cargo that is counted in containers, or not.
_CARGO_UNITS = {True: "containers, such as 300 containers", False: "shells or tonnes, such as 20k"}


def _expand_reserve(node: Node, info: ValidationInfo[ValidationContext]) -> Node:
    """Expand a reserve written as one number to a map with a stock, with the path as written."""
    words = {*QUANTITY_KEYS, *info.context.munitions}
    if isinstance(node, MapNode) and not words & node.keys():
        return node
    block = MapNode(node.where, node.path)
    block.put("stock", node, node.where)
    return block


class Leg(LabelledPart):
    """A leg of a route: a fleet that shuttles between two places (rules 20-26)."""

    text_fields: ClassVar[frozenset[str]] = LabelledPart.text_fields | {"name", "by", "from_", "to"}
    fields_drawn_each_time: ClassVar[frozenset[str]] = frozenset({"load", "travel", "unload"})

    name: Line = ""
    """A name for the leg."""
    by: Line = ""
    """Means of transport, as text."""
    from_: Annotated[Line, Field(alias="from")] = ""
    """Place of loading, as text."""
    to: Line = ""
    """Place of unloading, as text."""
    vehicles: Annotated[int | None, COUNT_TYPE] = None
    """Number of vehicles in the fleet; hired as needed, one way, if left out."""
    capacity: Annotated[Quantity, NumberType(CAPACITY)]
    """Capacity of one vehicle, in containers or shells."""
    load: Annotated[Quantity, NumberType(DURATION)] = fixed_quantity(0.0, Unit.DAYS)
    """Time to load a vehicle."""
    travel: Annotated[Quantity, NumberType(DURATION)]
    """Travel time, at least an hour; the return trip has the same distribution."""
    unload: Annotated[Quantity, NumberType(DURATION)] = fixed_quantity(0.0, Unit.DAYS)
    """Time to unload a vehicle."""
    berths: Annotated[int | None, BERTHS_TYPE] = None
    """Vehicles of the leg that load at a time; no limit if left out."""
    unloading_berths: Annotated[int | None, BERTHS_TYPE] = None
    """Vehicles of the leg that unload at a time; no limit if left out."""
    departs: Annotated[Literal["any", "full"] | None, one_of("any", "full")] = None
    """Whether a vehicle leaves with any cargo, or only with a full load; if left out ``full`` on a first leg
    with `offered`, ``any`` elsewhere."""


class Early(NamedTuple):
    """A delivery that left before the start and may be in transit at the start."""

    date: Day
    #: Days from the start; negative.
    day: int
    quantity: Quantity

    def stream(self, lead_time: Quantity) -> str:
        """Return the stream of its lead time."""
        return f"{lead_time.path}.{day_text(self.date)}"


class Reserve(Part):
    """Total that a supplier can send."""

    stock: Annotated[Quantity, NumberType(SHELLS)]
    """Reserve at the start, in shells."""
    production: Annotated[Number | None, NumberType(THROUGHPUT, course="course")] = None
    """Shells that the supplier adds to the reserve a day."""


class Shipment(LabelledPart):
    """Shipments of one supplier to a depot."""

    text_fields: ClassVar[frozenset[str]] = LabelledPart.text_fields | {"in_return"}
    fields_drawn_each_time: ClassVar[frozenset[str]] = frozenset({"lead_time"})
    one_required: ClassVar[tuple[str, ...]] = ("route", "lead_time")

    to: DepotRef = ""
    """The depot; the only one if left out."""
    first: Annotated[Quantity | None, NumberType(MOMENT)] = None
    """Start of loading: a date, or a duration from the start; the start if left out."""
    until: Annotated[Quantity | None, NumberType(MOMENT)] = None
    """End of loading (exclusive): a date, or a duration from `first`; the end if left out."""
    mix: Annotated[Mapping[str, Quantity], SharesType()] = FrozenDict()
    """Share of each munition in the cargo, by containers or shells; required with several."""
    shells_per_container: Annotated[ByMunition, NumberType(LOAD, by="each")] = FrozenDict()
    """Shells in one container; required if cargo is counted in containers."""
    serviceable: Annotated[ByMunition, NumberType(SHARE, by="each")] = FrozenDict()
    """Serviceable share of the shells that arrive; 100 % if left out."""
    age: Annotated[Quantity | None, NumberType(DURATION)] = None
    """Age of the shells on arrival, where they have a shelf life; new if left out."""
    reserve: Annotated[Reserve | None, BeforeValidator(_expand_reserve), ShortForm("stock")] = None
    """Shells that the supplier can send: a number, or its stock and production; no limit if left out."""
    in_return: LongText = ""
    """Payment to the supplier in goods or services, as text."""
    offered: Annotated[Number | None, NumberType(OFFER, course="course")] = None
    """Cargo offered a day: it waits for the first leg, or departs at once without a route."""
    deliveries: Annotated[Mapping[Day, Quantity], DeliveriesType()] = FrozenDict()
    """Deliveries by date of departure, including those in transit at the start; not allowed with
    `offered`."""
    under_way: Annotated[Quantity | None, NumberType(DELIVERY)] = None
    """Cargo on its way at the start, in containers, shells or tonnes: it arrives evenly over the lead time,
    or over the time that the route takes; none if left out."""
    lead_time: Annotated[Quantity | None, NumberType(DURATION)] = None
    """Time from departure to arrival, in place of a route."""
    route: tuple[Leg, ...] = ()
    """Legs, in order."""

    def counts_containers(self) -> bool:
        """Return whether cargo is counted in containers rather than shells."""
        return Unit.CONTAINERS in self._units() or Unit.CONTAINERS_A_DAY in self._units()

    def early(self, start: dt.date) -> list[Early]:
        """Return the deliveries that may be in transit at `start`, in order of date (rule 23).

        Empty for a route: all its vehicles start empty at the origin.
        """
        if self.lead_time is None:
            return []
        longest = max(1.0, self.lead_time.bounds()[1])
        # Rounding to the second may move an arrival just before the start onto it.
        return [early for early in self.before(start) if early.day + longest + HALF_A_SECOND >= 0]

    def before(self, start: dt.date) -> list[Early]:
        """Return the deliveries of fixed dates that leave before `start`, in order of date."""
        days = (
            (date, (date - start).days, quantity)
            for date, quantity in self.deliveries.items()
            if not isinstance(date, Quantity)
        )
        return [Early(*each) for each in days if each[1] < 0]

    def departs_full(self, position: int) -> bool:
        """Return whether the vehicles of a leg leave only with a full load (rule 23)."""
        departs = self.route[position].departs
        return departs == "full" if departs else position == 0 and self.offered is not None

    def _units(self) -> set[Unit]:
        return {leg.capacity.unit for leg in self.route} or {unit_of(number) for number in self._amounts()}

    def _amounts(self) -> list[Number]:
        """Return what is offered or delivered, and what is under way at the start."""
        offers: list[Number] = [*self.deliveries.values()] if self.offered is None else [self.offered]
        return offers if self.under_way is None else [*offers, self.under_way]

    def ways(self) -> Iterator[tuple[Quantity, str, bool]]:
        """Yield the durations of the way of what is under way at the start (rule 23).

        Each with its stream, and whether it is a travel.
        """
        durations = [(self.lead_time, False)]
        for leg in self.route:
            durations += [(leg.load, False), (leg.travel, True), (leg.unload, False)]
        for lasts, is_travel in durations:
            if lasts is not None:
                yield lasts, f"{lasts.path}.under_way", is_travel

    def find_faults(self, node: MapNode, context: ValidationContext) -> Iterator[Fault]:
        """Yield faults of the mode of transport, the cargo unit, the first leg and the dates."""
        yield from self._transport_faults(node)
        yield from self._cargo_faults(node, context)
        if self.route and self.route[0].vehicles is None and self.offered is None and not self.deliveries:
            first, _ = find_node(node, ["route", 0])
            yield from _hired_leg_faults(self.route[0], f"{node.path}.route.0", first.where)
        yield from until_faults(self.first, self.until, context)

    def _transport_faults(self, node: MapNode) -> Iterator[Fault]:
        if "route" in node and not self.route:
            yield Fault("nothing is listed", node["route"].where, f"{node.path}.route", "at least one")
        elif self.route and self.lead_time is not None:
            problem = "a shipment comes by a route or by a lead_time, not both"
            yield node.fault("route", problem, "one of the two")
        elif not self.route and self.lead_time is None and self._amounts():
            key = "offered" if self.offered is not None else "deliveries" if self.deliveries else "under_way"
            problem = f"{key} without a route needs a lead_time"
            allowed = (
                "lead_time: a duration from departure to arrival, such as 20 days; or route: a list of legs"
            )
            yield Fault(problem, node.named, f"{node.path}.lead_time", allowed)
        elif not self.route and self.lead_time is None:
            allowed = "route, or lead_time with offered or deliveries"
            yield node.fault("route", "the key 'route' is required here", allowed)
        if self.offered is not None and self.deliveries:
            yield node.fault("deliveries", "offered and deliveries exclude each other", "one of the two")
        if self.lead_time is not None and not self._amounts():
            problem = "with a lead_time somebody must say how much comes"
            yield node.fault("offered", problem, "offered, or deliveries")

    def _cargo_faults(self, node: MapNode, context: ValidationContext) -> Iterator[Fault]:
        units = {leg.capacity.unit for leg in self.route}
        if len(units) > 1:
            problem = "the legs of a route count their cargo in different units"
            yield node.fault("route", problem, "containers, or shells, in all")
        offers = self._amounts()
        boxed = {_is_boxed(number) for number in offers}
        others = {unit is Unit.CONTAINERS for unit in units} or {_is_boxed(number) for number in offers[:-1]}
        if self.under_way is not None and len(others) == 1 and _is_boxed(self.under_way) not in others:
            problem = "what is under way is not counted like the rest"
            yield Fault(problem, self.under_way.where, self.under_way.path, f"{_CARGO_UNITS[others.pop()]}")
            return
        if len(boxed) > 1 or (self.route and boxed and boxed != {Unit.CONTAINERS in units}):
            problem = (
                "what is offered is not counted like the rest: containers in one place, shells in the other"
            )
            yield Fault(problem, node.named, node.path, "containers, or shells, in all")
        if self.counts_containers() and not self.shells_per_container:
            problem = "the key 'shells_per_container' is required where cargo is in containers"
            yield node.fault("shells_per_container", problem, "shells, such as 300")
        elif self.counts_containers():
            yield from self._munitions_without_load(node, context)
        sent = tuple(self.mix) or context.munitions
        for number in offers:
            yield from missing_mass_faults(number, sent, context)
        if len(context.munitions) > 1 and not self.mix:
            problem = "the key 'mix' is required with several munitions"
            yield node.fault("mix", problem, "a share for each munition, such as {a: 60%, b: 40%}")

    def _munitions_without_load(self, node: MapNode, context: ValidationContext) -> Iterator[Fault]:
        """Yield a fault for each munition of the mix without shells per container."""
        for munition in self.mix or context.munitions:
            if munition not in self.shells_per_container:
                problem = f"the shells in a container of {munition} are missing"
                yield node.fault("shells_per_container", problem, "each munition of the mix")

    def median_days(self) -> float:
        """Return the days from loading to landing, with every number at its median."""
        if self.lead_time is not None:
            return self.lead_time.value
        return sum(leg.load.value + leg.travel.value + leg.unload.value for leg in self.route)

    def brings(self, munition: str) -> bool:
        """Return whether the supplier sends a munition."""
        return not self.mix or munition in self.mix


def _is_boxed(number: Number) -> bool:
    return unit_of(number) in {Unit.CONTAINERS, Unit.CONTAINERS_A_DAY}


def _hired_leg_faults(leg: Leg, path: str, where: Where) -> Iterator[Fault]:
    if leg.berths is None:
        problem = "nothing bounds the vehicles of the first leg"
        yield Fault(problem, where, path, "vehicles: a number, or berths: a number")
    elif leg.load.bounds()[1] <= 0:
        problem = "hired vehicles that load in no time are not bounded by berths"
        yield Fault(problem, where, f"{path}.load", "a duration above zero, or vehicles: a number")
