"""The process of fire at one depot: what its consumers require, what rationing leaves, what is there."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import simpy

from sim.account import ENOUGH, Kind
from sim.model.clock import Clock
from sim.model.depots import DepotState
from sim.model.events import EventCalendar
from sim.model.guns import GunPark, make_guns
from sim.model.ledger import NO_ORIGIN, Ledger
from sim.model.rationing import INFLOW_WINDOW, RULES, call_own_rule, none, proportional
from sim.model.stock import Stock
from sim.model.world import RunInputs
from sim.scenario.consumer import Consumer
from sim.scenario.external_names import Rule
from sim.scenario.laws import lognormal_of_mean_cv

RULES_WITHOUT_INFLOW = (none, proportional)


@dataclass(slots=True)
class FireClaim:
    """One consumer's claim on one munition.

    Attributes
    ----------
    munition : int
    planned, required : list of float, length days
        Shells a day, before and after the day's variation (rule 11); guns cut what is required.
    rule : Rule
    cover : float
        Days of supply; 0 under ``none``.
    own : str
        The name of the rule where it is the caller's own, whose answers are checked.
    fired : float
        What it fired on the last day.
    """

    munition: int
    planned: list[float]
    required: list[float]
    rule: Rule
    cover: float
    own_rule_name: str = ""
    fired: float = 0.0

    def inflow(self, planned: float, stock: Stock, day: int) -> float:
        """Return its share of what came in lately, `planned` being the requirement of all consumers there."""
        if planned <= 0.0:
            return 0.0
        return stock.mean_inflow(day, INFLOW_WINDOW) * (self.planned[day] / planned)


@dataclass(slots=True)
class ConsumerState:
    """One consumer: its claims by munition, and the guns that cap its fire, if they are counted."""

    claims: list[FireClaim]
    guns: GunPark | None


def limit_to_guns(clock: Clock, front: ConsumerState, guns: GunPark) -> Generator[simpy.Event, int, None]:
    """Cut each day's requirements to what the guns can fire, before anyone fires."""
    while True:
        day = yield clock.day_over
        cut = guns.limit([claim.required[day] for claim in front.claims], day)
        for claim, required in zip(front.claims, cut, strict=True):
            claim.required[day] = required


def wear_barrels(clock: Clock, front: ConsumerState, guns: GunPark) -> Generator[simpy.Event, int, None]:
    """Let barrels wear by what was fired each day."""
    while True:
        yield clock.day_over
        guns.wear([claim.fired for claim in front.claims])


def fire(
    clock: Clock, yard: DepotState, munition: int, claims: Sequence[FireClaim]
) -> Generator[simpy.Event, int, None]:
    """Fire each day what the rules make of the requirements on a pair, and no more than there is."""
    stock, ledger, pair = yard.stocks[munition], yard.ledger, yard.pairs[munition]
    by_origin = yard.columns(munition, Kind.FIRED)
    total = ledger.column(pair, NO_ORIGIN, Kind.FIRED)
    required = ledger.column(pair, NO_ORIGIN, Kind.REQUIRED)
    unmet = ledger.column(pair, NO_ORIGIN, Kind.UNMET)
    planned = ledger.planned[pair]
    each = [(claim, claim.required, claim.rule not in RULES_WITHOUT_INFLOW) for claim in claims]
    while True:
        day = yield clock.day_over
        level, plan = stock.level, planned[day]
        asked = wanted = 0.0
        for claim, needs, needs_inflow in each:
            requirement = needs[day]
            inflow = claim.inflow(plan, stock, day) if needs_inflow else 0.0
            if claim.own_rule_name:
                claim.fired = call_own_rule(
                    claim.own_rule_name, claim.rule, day, (requirement, plan, level, claim.cover, inflow)
                )
            else:
                claim.fired = claim.rule(requirement, plan, level, claim.cover, inflow)
            asked += requirement
            wanted += claim.fired
        shot = wanted
        if level < wanted * ENOUGH:
            shot = level
            for claim in claims:
                claim.fired *= level / wanted
        required[day] = asked
        total[day] = shot
        unmet[day] = asked - shot if shot < asked * ENOUGH else 0.0
        if shot > 0.0:
            # What rounding would leave, or lacks, is no stock: all goes, and leaves exactly nothing.
            stock.take(level if wanted >= level * ENOUGH else shot, by_origin, day)


def start_fire(clock: Clock, yard: DepotState, fronts: Sequence[ConsumerState]) -> None:
    """Start what happens in the step of fire at a depot: guns cap, each munition is fired, barrels wear."""
    armed = [(front, front.guns) for front in fronts if front.guns is not None]
    for front, guns in armed:
        clock.day_over.start(limit_to_guns(clock, front, guns))
    for munition in range(len(yard.stocks)):
        claims = [claim for front in fronts for claim in front.claims if claim.munition == munition]
        if claims:
            clock.day_over.start(fire(clock, yard, munition, claims))
    for front, guns in armed:
        clock.day_over.start(wear_barrels(clock, front, guns))


def make_consumers(
    world: RunInputs, happenings: EventCalendar, ledger: Ledger
) -> dict[str, list[ConsumerState]]:
    """Return the consumers of each depot, and enter what they plan."""
    fronts: dict[str, list[ConsumerState]] = {depot: [] for depot in world.scenario.depots}
    for name, consumer in world.scenario.consumption.items():
        front = _make_consumer(name, consumer, world, happenings)
        fronts[consumer.at].append(front)
        for claim in front.claims:
            pair = ledger.axes.pairs.index((consumer.at, world.scenario.munitions[claim.munition]))
            column = ledger.planned[pair]
            column[:] = [before + more for before, more in zip(column, claim.planned, strict=True)]
    return fronts


def _make_consumer(
    name: str, consumer: Consumer, world: RunInputs, happenings: EventCalendar
) -> ConsumerState:
    chosen = consumer.rationing.rule
    rule = RULES.get(chosen) or world.scenario.own_rules[chosen]
    cover = 0.0 if consumer.rationing.cover is None else world.draw_once(consumer.rationing.cover)
    factors = happenings.factors(f"consumption.{name}", f"consumption.{name}.rate")
    variation = _daily_variation(name, world.draw_once(consumer.daily_variation), world)
    claims = []
    for munition in (m for m in world.scenario.munitions if m in consumer.rate):
        planned = world.by_day(consumer.rate[munition], munition)
        if factors is not None:
            planned = [rate * factor for rate, factor in zip(planned, factors, strict=True)]
        world.checked(consumer.rate[munition].path, planned)
        required = planned if variation is None else [a * b for a, b in zip(planned, variation, strict=True)]
        position = world.scenario.munitions.index(munition)
        named = "" if chosen in RULES else chosen
        claims.append(FireClaim(position, planned, list(required), rule, cover, named))
    return ConsumerState(claims, make_guns(consumer, world))


def _daily_variation(name: str, variation: float, world: RunInputs) -> list[float] | None:
    """Return the factor of each day, one for all munitions of a consumer; None where days are alike."""
    if variation <= 0.0:
        return None
    inverse = lognormal_of_mean_cv(1.0, variation).inverse
    stream = world.streams.uniforms(f"consumption.{name}.variation")
    return [inverse(u) for u in stream.span(0, world.scenario.days)]
