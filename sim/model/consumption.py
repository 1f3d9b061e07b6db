"""The process of fire at one depot: what its consumers require, what rationing leaves, what is there."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from operator import add, mul

import simpy

from sim.account import Kind
from sim.model.clock import Clock
from sim.model.ledger import PLAIN, Ledger
from sim.model.rationing import INFLOW_WINDOW, RULES, Rule, controlled
from sim.model.stock import Stock
from sim.model.world import World
from sim.scenario.consumption import Consumer
from sim.scenario.laws import lognormal_of_mean_cv


@dataclass(slots=True)
class Front:
    """One consumer's claim on one munition.

    Attributes
    ----------
    planned, required : list of float, length days
        Shells a day, before and after the day's variation (rule 11).
    rule : Rule
    cover : float
        Days of supply; 0 under ``none``.
    """

    planned: list[float]
    required: list[float]
    rule: Rule
    cover: float


def fire(
    clock: Clock, stock: Stock, fronts: Sequence[Front], ledger: Ledger, pair: int
) -> Generator[simpy.Event, int, None]:
    """Fire each day what the fronts' rules make of their requirements, and no more than there is."""
    fired = [ledger.column(pair, origin, Kind.FIRED) for origin in range(len(ledger.axes.origins))]
    total = ledger.column(pair, PLAIN, Kind.FIRED)
    required = ledger.column(pair, PLAIN, Kind.REQUIRED)
    unmet = ledger.column(pair, PLAIN, Kind.UNMET)
    planned = ledger.planned[pair]
    while True:
        day = yield clock.day_over
        shot = min(_wanted(fronts, stock, planned[day], day), stock.level)
        for origin, taken in enumerate(stock.take(shot)):
            fired[origin][day] = taken
        total[day] = shot
        unmet[day] = required[day] - shot


def _wanted(fronts: Sequence[Front], stock: Stock, planned: float, day: int) -> float:
    wanted = 0.0
    for front in fronts:
        inflow = 0.0
        if front.rule is controlled and planned > 0.0:
            inflow = stock.mean_inflow(day, INFLOW_WINDOW) * (front.planned[day] / planned)
        wanted += front.rule(front.required[day], planned, stock.level, front.cover, inflow)
    return wanted


def _front(name: str, consumer: Consumer, munition: str, world: World) -> Front:
    planned = world.by_day(consumer.rate[munition])
    cover = 0.0 if consumer.rationing.cover is None else world.once(consumer.rationing.cover)
    variation = world.once(consumer.daily_variation)
    required = planned
    if variation > 0.0:
        law = lognormal_of_mean_cv(1.0, variation)
        stream = world.streams.uniforms(f"consumption.{name}.variation")
        stream.reserve(len(planned))
        variations = map(law.inverse, map(stream.u, range(len(planned))))
        required = list(map(mul, planned, variations))
    return Front(planned, required, RULES[consumer.rationing.rule], cover)


def requirements(world: World, ledger: Ledger) -> list[list[Front]]:
    """Return the fronts of each pair, and enter what they plan and require."""
    axes = ledger.axes
    fronts: list[list[Front]] = [[] for _ in axes.pairs]
    for name, consumer in world.scenario.consumption.items():
        for munition in consumer.rate:
            pair = axes.pairs.index((consumer.at, munition))
            front = _front(name, consumer, munition, world)
            fronts[pair].append(front)
            _add(front.planned, ledger.planned[pair])
            _add(front.required, ledger.column(pair, PLAIN, Kind.REQUIRED))
    return fronts


def _add(more: list[float], column: list[float]) -> None:
    column[:] = map(add, column, more)


def start_consumption(
    clock: Clock, ledger: Ledger, stocks: Sequence[Stock], fronts: Sequence[Sequence[Front]]
) -> None:
    """Start the process of fire of every pair that has a consumer."""
    for pair, claims in enumerate(fronts):
        if claims:
            clock.process(fire(clock, stocks[pair], claims, ledger, pair))
