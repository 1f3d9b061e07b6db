"""The process of fire at one depot: what its consumers require, what rationing leaves, what is there."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import simpy

from sim.account import Kind
from sim.model.clock import Clock
from sim.model.guns import Guns, guns_of
from sim.model.happenings import Happenings
from sim.model.ledger import PLAIN, Column, Ledger
from sim.model.rationing import INFLOW_WINDOW, RULES, Rule, none, proportional
from sim.model.stock import Stock
from sim.model.world import World
from sim.model.yard import Yard
from sim.scenario.consumption import Consumer
from sim.scenario.laws import lognormal_of_mean_cv

NEEDS_NO_INFLOW = (none, proportional)


@dataclass(slots=True)
class Claim:
    """One consumer's claim on one munition.

    Attributes
    ----------
    munition : int
    planned, required : list of float, length days
        Shells a day, before and after the day's variation (rule 11).
    """

    munition: int
    planned: list[float]
    required: list[float]


@dataclass(slots=True)
class Front:
    """One consumer.

    Attributes
    ----------
    name : str
    claims : list of Claim
    rule : Rule
    cover : float
        Days of supply; 0 under ``none``.
    guns : Guns or None
        What caps its fire.
    """

    name: str
    claims: list[Claim]
    rule: Rule
    cover: float
    guns: Guns | None

    def required(self, day: int) -> list[float]:
        """Return what is required of each claim on a day, under the ceiling of the guns."""
        shells = [claim.required[day] for claim in self.claims]
        return shells if self.guns is None else self.guns.cut(shells, day)

    def wants(self, claim: Claim, required: float, planned: float, stock: Stock, day: int) -> float:
        """Return what the rule makes of a requirement, `planned` being that of all consumers there."""
        inflow = 0.0
        if planned > 0.0 and self.rule not in NEEDS_NO_INFLOW:
            inflow = stock.mean_inflow(day, INFLOW_WINDOW) * (claim.planned[day] / planned)
        return self.rule(required, planned, stock.level, self.cover, inflow)


def fire(clock: Clock, yard: Yard, fronts: Sequence[Front]) -> Generator[simpy.Event, int, None]:
    """Fire each day what the fronts' rules make of their requirements, and no more than there is."""
    ledger, stocks = yard.ledger, yard.stocks
    planned = [ledger.planned[pair] for pair in yard.pairs]
    claimed = sorted({claim.munition for front in fronts for claim in front.claims})
    books = {munition: _Books(ledger, yard.pairs[munition]) for munition in claimed}
    while True:
        day = yield clock.day_over
        asked = [0.0] * len(stocks)
        wanted = [0.0] * len(stocks)
        wishes = []
        for front in fronts:
            wish = []
            for claim, required in zip(front.claims, front.required(day), strict=True):
                munition = claim.munition
                shells = front.wants(claim, required, planned[munition][day], stocks[munition], day)
                asked[munition] += required
                wanted[munition] += shells
                wish.append(shells)
            wishes.append(wish)
        levels = [stock.level for stock in stocks]
        for munition in claimed:
            books[munition].enter(
                day, asked[munition], min(wanted[munition], levels[munition]), stocks[munition]
            )
        for front, wish in zip(fronts, wishes, strict=True):
            if front.guns is not None:
                front.guns.wear(_fired(front, wish, wanted, levels))


def _fired(front: Front, wish: list[float], wanted: list[float], levels: list[float]) -> list[float]:
    """Return what one consumer fired: its wish, cut alike where all wishes together exceed the level."""
    return [
        shells * (levels[claim.munition] / wanted[claim.munition])
        if wanted[claim.munition] > levels[claim.munition]
        else shells
        for claim, shells in zip(front.claims, wish, strict=True)
    ]


class _Books:
    """The columns of fire of one pair."""

    def __init__(self, ledger: Ledger, pair: int) -> None:
        self.required = ledger.column(pair, PLAIN, Kind.REQUIRED)
        self.total = ledger.column(pair, PLAIN, Kind.FIRED)
        self.unmet = ledger.column(pair, PLAIN, Kind.UNMET)
        self.by_origin: list[Column] = [
            ledger.column(pair, origin, Kind.FIRED) for origin in range(len(ledger.axes.origins))
        ]

    def enter(self, day: int, required: float, shot: float, stock: Stock) -> None:
        self.required[day] = required
        self.total[day] = shot
        self.unmet[day] = required - shot
        if shot > 0.0:
            for column, taken in zip(self.by_origin, stock.take(shot), strict=True):
                column[day] = taken


def fronts_of(world: World, happenings: Happenings, ledger: Ledger) -> dict[str, list[Front]]:
    """Return the consumers of each depot, and enter what they plan."""
    fronts: dict[str, list[Front]] = {depot: [] for depot in world.scenario.depots}
    for name, consumer in world.scenario.consumption.items():
        front = _front(name, consumer, world, happenings, RULES[consumer.rationing.rule])
        fronts[consumer.at].append(front)
        for claim in front.claims:
            pair = ledger.axes.pairs.index((consumer.at, world.scenario.munitions[claim.munition]))
            column = ledger.planned[pair]
            column[:] = [before + more for before, more in zip(column, claim.planned, strict=True)]
    return fronts


def _front(name: str, consumer: Consumer, world: World, happenings: Happenings, rule: Rule) -> Front:
    cover = 0.0 if consumer.rationing.cover is None else world.once(consumer.rationing.cover)
    factors = happenings.factors(f"consumption.{name}", f"consumption.{name}.rate")
    variation = _variation(name, world.once(consumer.daily_variation), world)
    claims = []
    for munition in (m for m in world.scenario.munitions if m in consumer.rate):
        planned = world.by_day(consumer.rate[munition], munition)
        if factors is not None:
            planned = [rate * factor for rate, factor in zip(planned, factors, strict=True)]
        required = planned if variation is None else [a * b for a, b in zip(planned, variation, strict=True)]
        claims.append(Claim(world.scenario.munitions.index(munition), planned, required))
    return Front(name, claims, rule, cover, guns_of(consumer, world))


def _variation(name: str, variation: float, world: World) -> list[float] | None:
    """Return the factor of each day, one for all munitions of a consumer; None where days are alike."""
    if variation <= 0.0:
        return None
    inverse = lognormal_of_mean_cv(1.0, variation).inverse
    stream = world.streams.uniforms(f"consumption.{name}.variation")
    stream.reserve(world.scenario.days)
    return [inverse(stream.u(day)) for day in range(world.scenario.days)]
