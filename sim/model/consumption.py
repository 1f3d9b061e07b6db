"""The process of fire at one depot: what its consumers require, what rationing leaves, what is there."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import simpy

from sim.account import ENOUGH, Kind
from sim.model.clock import Clock
from sim.model.guns import Guns, guns_of
from sim.model.happenings import Happenings
from sim.model.ledger import PLAIN, Ledger
from sim.model.rationing import INFLOW_WINDOW, RULES, none, own, proportional
from sim.model.stock import Stock
from sim.model.world import World
from sim.model.yard import Yard
from sim.scenario.consumption import Consumer
from sim.scenario.known import Rule
from sim.scenario.laws import lognormal_of_mean_cv

NEEDS_NO_INFLOW = (none, proportional)


@dataclass(slots=True)
class Claim:
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
    own: str = ""
    fired: float = 0.0

    def inflow(self, planned: float, stock: Stock, day: int) -> float:
        """Return its share of what came in lately, `planned` being the requirement of all consumers there."""
        if planned <= 0.0:
            return 0.0
        return stock.mean_inflow(day, INFLOW_WINDOW) * (self.planned[day] / planned)


@dataclass(slots=True)
class Front:
    """One consumer: its claims by munition, and the guns that cap its fire, if they are counted."""

    claims: list[Claim]
    guns: Guns | None


def aim(clock: Clock, front: Front, guns: Guns) -> Generator[simpy.Event, int, None]:
    """Cut each day's requirements to what the guns can fire, before anyone fires."""
    while True:
        day = yield clock.day_over
        cut = guns.cut([claim.required[day] for claim in front.claims], day)
        for claim, required in zip(front.claims, cut, strict=True):
            claim.required[day] = required


def wear(clock: Clock, front: Front, guns: Guns) -> Generator[simpy.Event, int, None]:
    """Let barrels wear by what was fired each day."""
    while True:
        yield clock.day_over
        guns.wear([claim.fired for claim in front.claims])


def fire(
    clock: Clock, yard: Yard, munition: int, claims: Sequence[Claim]
) -> Generator[simpy.Event, int, None]:
    """Fire each day what the rules make of the requirements on a pair, and no more than there is."""
    stock, ledger, pair = yard.stocks[munition], yard.ledger, yard.pairs[munition]
    by_origin = yard.columns(munition, Kind.FIRED)
    total = ledger.column(pair, PLAIN, Kind.FIRED)
    required = ledger.column(pair, PLAIN, Kind.REQUIRED)
    unmet = ledger.column(pair, PLAIN, Kind.UNMET)
    planned = ledger.planned[pair]
    each = [(claim, claim.required, claim.rule not in NEEDS_NO_INFLOW) for claim in claims]
    while True:
        day = yield clock.day_over
        level, plan = stock.level, planned[day]
        asked = wanted = 0.0
        for claim, needs, needs_inflow in each:
            requirement = needs[day]
            inflow = claim.inflow(plan, stock, day) if needs_inflow else 0.0
            if claim.own:
                claim.fired = own(claim.own, claim.rule, day, (requirement, plan, level, claim.cover, inflow))
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


def start_consumption(clock: Clock, yard: Yard, fronts: Sequence[Front]) -> None:
    """Start what happens in the step of fire at a depot: guns cap, each munition is fired, barrels wear."""
    armed = [(front, front.guns) for front in fronts if front.guns is not None]
    for front, guns in armed:
        clock.day_over.start(aim(clock, front, guns))
    for munition in range(len(yard.stocks)):
        claims = [claim for front in fronts for claim in front.claims if claim.munition == munition]
        if claims:
            clock.day_over.start(fire(clock, yard, munition, claims))
    for front, guns in armed:
        clock.day_over.start(wear(clock, front, guns))


def fronts_of(world: World, happenings: Happenings, ledger: Ledger) -> dict[str, list[Front]]:
    """Return the consumers of each depot, and enter what they plan."""
    fronts: dict[str, list[Front]] = {depot: [] for depot in world.scenario.depots}
    for name, consumer in world.scenario.consumption.items():
        front = _front(name, consumer, world, happenings)
        fronts[consumer.at].append(front)
        for claim in front.claims:
            pair = ledger.axes.pairs.index((consumer.at, world.scenario.munitions[claim.munition]))
            column = ledger.planned[pair]
            column[:] = [before + more for before, more in zip(column, claim.planned, strict=True)]
    return fronts


def _front(name: str, consumer: Consumer, world: World, happenings: Happenings) -> Front:
    chosen = consumer.rationing.rule
    rule = RULES.get(chosen) or world.scenario.own_rules[chosen]
    cover = 0.0 if consumer.rationing.cover is None else world.once(consumer.rationing.cover)
    factors = happenings.factors(f"consumption.{name}", f"consumption.{name}.rate")
    variation = _variation(name, world.once(consumer.daily_variation), world)
    claims = []
    for munition in (m for m in world.scenario.munitions if m in consumer.rate):
        planned = world.by_day(consumer.rate[munition], munition)
        if factors is not None:
            planned = [rate * factor for rate, factor in zip(planned, factors, strict=True)]
        world.checked(consumer.rate[munition].path, planned)
        required = planned if variation is None else [a * b for a, b in zip(planned, variation, strict=True)]
        position = world.scenario.munitions.index(munition)
        named = "" if chosen in RULES else chosen
        claims.append(Claim(position, planned, list(required), rule, cover, named))
    return Front(claims, guns_of(consumer, world))


def _variation(name: str, variation: float, world: World) -> list[float] | None:
    """Return the factor of each day, one for all munitions of a consumer; None where days are alike."""
    if variation <= 0.0:
        return None
    inverse = lognormal_of_mean_cv(1.0, variation).inverse
    stream = world.streams.uniforms(f"consumption.{name}.variation")
    return [inverse(u) for u in stream.span(0, world.scenario.days)]
