"""Consumption at one depot: requirement, rationing and fire (rules 11 to 14)."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import simpy

from sim.account import ENOUGH, NO_ORIGIN, Kind
from sim.model.activities import lumpy_requirement
from sim.model.claims import FireClaim, by_rank, cut_to_level
from sim.model.clock import Clock
from sim.model.depots import DepotState
from sim.model.events import EventCalendar
from sim.model.guns import GunPark, make_guns
from sim.model.ledger import Ledger
from sim.model.rationing import call_own_rule
from sim.model.world import RunInputs
from sim.scenario.consumer import Consumer
from sim.scenario.laws import lognormal_of_mean_cv
from sim.scenario.rationing_rules import RULES


@dataclass(slots=True)
class ConsumerState:
    """One consumer: its claims by munition, and its guns where the scenario models them."""

    claims: list[FireClaim]
    guns: GunPark | None


def limit_to_guns(clock: Clock, state: ConsumerState, guns: GunPark) -> Generator[simpy.Event, int, None]:
    """Cap each day's requirements at the capacity of the guns, before any fire."""
    while True:
        day = yield clock.day_over
        cut = guns.limit([claim.required[day] for claim in state.claims], day)
        for claim, required in zip(state.claims, cut, strict=True):
            claim.required[day] = required


def add_backlog(clock: Clock, state: ConsumerState) -> Generator[simpy.Event, int, None]:
    """Add the backlog of each day to its requirements, at most the capacity of the guns."""
    while True:
        day = yield clock.day_over
        demands = [claim.backlog + claim.required[day] for claim in state.claims]
        if state.guns is not None:
            demands = state.guns.cut(demands)
        for claim, demand in zip(state.claims, demands, strict=True):
            claim.demand = demand


def wear_barrels(clock: Clock, state: ConsumerState, guns: GunPark) -> Generator[simpy.Event, int, None]:
    """Wear the barrels by the fire of each day."""
    while True:
        yield clock.day_over
        guns.wear([claim.fired for claim in state.claims])


def fire(
    clock: Clock, depot: DepotState, munition: int, claims: Sequence[FireClaim]
) -> Generator[simpy.Event, int, None]:
    """Ration the requirements on a pair each day, and fire at most the stock."""
    stock, ledger, pair = depot.stocks[munition], depot.ledger, depot.pairs[munition]
    by_origin = depot.columns(munition, Kind.FIRED)
    total = ledger.column(pair, NO_ORIGIN, Kind.FIRED)
    required = ledger.column(pair, NO_ORIGIN, Kind.REQUIRED)
    unmet = ledger.column(pair, NO_ORIGIN, Kind.UNMET)
    planned = ledger.planned[pair]
    each = [(claim, claim.required, claim.needs_inflow) for claim in claims]
    ranks = by_rank(claims)
    is_listed = any(claim.columns for claim in claims)
    has_backlog = any(claim.has_backlog for claim in claims)
    while True:
        day = yield clock.day_over
        level, plan = stock.level, planned[day]
        required_total = rationed_total = 0.0
        for claim, needs, needs_inflow in each:
            requirement = claim.demand if claim.has_backlog else needs[day]
            inflow = claim.inflow(plan, stock, day) if needs_inflow else 0.0
            if claim.own_rule_name:
                claim.fired = call_own_rule(
                    claim.own_rule_name, claim.rule, day, (requirement, plan, level, claim.cover, inflow)
                )
            else:
                claim.fired = claim.rule(requirement, plan, level, claim.cover, inflow)
            required_total += needs[day]
            rationed_total += claim.fired
        fired_total = rationed_total
        if level < rationed_total * ENOUGH:
            fired_total = level
            cut_to_level(ranks, level)
        required[day] = required_total
        total[day] = fired_total
        unmet[day] = required_total - fired_total if fired_total < required_total * ENOUGH else 0.0
        if is_listed:
            unmet_total = _settle(claims, fired_total, day)
            if has_backlog:
                unmet[day] = unmet_total
        if fired_total > 0.0:
            # A difference within rounding empties the stock to exactly zero.
            gone = level if rationed_total >= level * ENOUGH else fired_total
            if stock.cohorts is not None:
                stock.cohorts.issue(gone, level)
            stock.take(gone, by_origin, day)


def _settle(claims: Sequence[FireClaim], fired: float, day: int) -> float:
    """Settle the account of each claim on a pair, and return their unmet requirement."""
    unmet = 0.0
    for claim in claims:
        # The product of a single claim and its share of the level differs from the level by rounding.
        unmet += claim.settle(fired if len(claims) == 1 else claim.fired, day)
    return unmet


def start_fire(clock: Clock, depot: DepotState, states: Sequence[ConsumerState]) -> None:
    """Start the step of fire at a depot: cap by guns, add backlogs, fire each munition, wear barrels."""
    armed = [(state, state.guns) for state in states if state.guns is not None]
    for state, guns in armed:
        clock.day_over.start(limit_to_guns(clock, state, guns))
    for state in states:
        if any(claim.has_backlog for claim in state.claims):
            clock.day_over.start(add_backlog(clock, state))
    for munition in range(len(depot.stocks)):
        claims = [claim for state in states for claim in state.claims if claim.munition == munition]
        if claims:
            clock.day_over.start(fire(clock, depot, munition, claims))
    for state, guns in armed:
        clock.day_over.start(wear_barrels(clock, state, guns))


def make_consumers(
    world: RunInputs, calendar: EventCalendar, ledger: Ledger
) -> dict[str, list[ConsumerState]]:
    """Return the consumers of each depot, and enter their planned requirement in the ledger."""
    states: dict[str, list[ConsumerState]] = {depot: [] for depot in world.scenario.depots}
    for name, consumer in world.scenario.consumption.items():
        state = _make_consumer(name, consumer, world, calendar, ledger)
        states[consumer.at].append(state)
        for claim in state.claims:
            pair = ledger.axes.pairs.index((consumer.at, world.scenario.munitions[claim.munition]))
            column = ledger.planned[pair]
            column[:] = [before + more for before, more in zip(column, claim.planned, strict=True)]
    return states


def _make_consumer(
    name: str, consumer: Consumer, world: RunInputs, calendar: EventCalendar, ledger: Ledger
) -> ConsumerState:
    rule_name = consumer.rationing.rule
    known = RULES.get(rule_name)
    rule = world.scenario.own_rules[rule_name] if known is None else known.formula
    needs_inflow = known is None or known.needs_inflow
    cover = 0.0 if consumer.rationing.cover is None else world.draw_once(consumer.rationing.cover)
    factors = calendar.factors(f"consumption.{name}", f"consumption.{name}.rate")
    variation = _daily_variation(name, world.draw_once(consumer.daily_variation), world)
    claims = []
    for munition in (m for m in world.scenario.munitions if m in consumer.rate):
        planned = world.by_day(consumer.rate[munition], munition)
        if factors is not None:
            planned = [rate * factor for rate, factor in zip(planned, factors, strict=True)]
        world.checked(consumer.rate[munition].path, planned)
        required = planned if variation is None else [a * b for a, b in zip(planned, variation, strict=True)]
        lumps = lumpy_requirement(world, calendar, name, consumer, munition)
        if lumps is not None:
            required = [each + lump for each, lump in zip(required, lumps, strict=True)]
        position = world.scenario.munitions.index(munition)
        own_rule_name = rule_name if known is None else ""
        columns = ledger.claim_columns(name, consumer.at, munition)
        claims.append(
            FireClaim(
                *(position, planned, list(required), rule, cover, needs_inflow, own_rule_name),
                *(consumer.rank, consumer.has_backlog, columns),
            )
        )
    return ConsumerState(claims, make_guns(consumer, world))


def _daily_variation(name: str, variation: float, world: RunInputs) -> list[float] | None:
    """Return the daily factor of a consumer, common to its munitions; None without variation."""
    if variation <= 0.0:
        return None
    inverse = lognormal_of_mean_cv(1.0, variation).inverse
    stream = world.streams.uniforms(f"consumption.{name}.variation")
    return [inverse(u) for u in stream.span(0, world.scenario.days)]
