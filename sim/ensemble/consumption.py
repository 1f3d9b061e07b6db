"""Step 6 of a day: fire. Compiled twin of `sim.model.consumption`, `guns` and `rationing`.

The account of each claim, where results are listed by consumer, is that of `claims`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.account import ENOUGH
from sim.ensemble import daily_series
from sim.ensemble.arrays import aligned_array
from sim.ensemble.claims import ClaimState, add_backlogs, cut_by_rank, make_claims, settle_claims
from sim.ensemble.cohorts import issue_shells, take_evenly_everywhere
from sim.ensemble.depots import StockState
from sim.ensemble.device_formulas import first_inflow_day, gun_ceiling, inflow_share, worn_barrels
from sim.ensemble.native.kernels import device_function, independent, inline, noinline, select
from sim.ensemble.scenario_tables import (
    CLAIMS,
    FIRED,
    MIXED,
    PAIRS,
    PLACES,
    DepotTables,
    Floats,
    Ints,
    SeriesTables,
)
from sim.formulas import INFLOW_WINDOW
from sim.scenario import rationing_rules
from sim.scenario.rationing_rules import CONTROLLED, NONE, PROPORTIONAL


class FireState(NamedTuple):
    """Requirements and fire of a day.

    Attributes
    ----------
    planned, required, fired : array, shape (claims + pairs, runs)
        Rows by claim, then by pair. `planned` is before the daily variation, `required` after it and after
        the limit of the guns.
    whole : array, shape (pairs,)
        Row of each pair; that of its claim if it has only one.
    plain : array, shape (pairs,)
        1 if a pair has one claim, which fires its requirement without rationing, else 0.
    direct : array, shape (claims + pairs,)
        1 for the row of a plain pair without guns, of whose stock only the level is kept, else 0.
    short : array, shape (pairs,)
        Number of runs in which fire falls short of the requirement.
    barrels : array, shape (consumers, runs)
    share : array, shape (runs,)
        Share of the level that is fired; above 1 takes all.
    totals : array, shape (3, pairs, runs)
        Requirement, fire and unmet requirement of all days so far.
    ceiling : array, shape (consumers, runs)
        What the guns can fire on the day, of consumers that have guns.
    claims : ClaimState
    """

    planned: Floats
    required: Floats
    fired: Floats
    whole: Ints
    plain: Ints
    direct: Ints
    short: Ints
    barrels: Floats
    share: Floats
    totals: Floats
    ceiling: Floats
    claims: ClaimState


def make_fire(depot_tables: DepotTables, sizes: Ints, totals: Floats) -> FireState:
    """Allocate requirements and fire, before the first day; the totals are those of `FireState`."""
    claims, pairs, runs = len(depot_tables.claims), int(sizes[PAIRS]), totals.shape[2]
    direct = np.zeros(claims + pairs, dtype=np.int64)
    whole, plain = np.empty(pairs, dtype=np.int64), np.zeros(pairs, dtype=np.int64)
    for pair in range(pairs):
        first = depot_tables.in_pair_first[pair]
        whole[pair] = claims + pair
        if depot_tables.in_pair_first[pair + 1] == first + 1 and not depot_tables.needs[CLAIMS]:
            claim = depot_tables.in_pair[first]
            # With barrels, the fire of a single claim and of its pair differ by rounding: see
            # `_cut_to_stock`.
            consumer = depot_tables.consumers[depot_tables.claims["consumer"][claim]]
            if consumer["barrels"] < 0:
                whole[pair], plain[pair] = claim, depot_tables.claims["rule"][claim] == NONE
                is_whole = consumer["guns"] < 0 and depot_tables.claims["lump"][claim] < 0
                direct[claim] = plain[pair] and is_whole and sizes[PLACES] == 0
    return FireState(
        aligned_array((claims + pairs, runs)),
        aligned_array((claims + pairs, runs)),
        aligned_array((claims + pairs, runs)),
        whole,
        plain,
        direct,
        np.zeros(pairs, dtype=np.int64),
        aligned_array((len(depot_tables.consumers), runs)),
        aligned_array((runs,)),
        totals,
        aligned_array((len(depot_tables.consumers), runs)),
        make_claims(depot_tables, pairs, runs),
    )


@inline
def write_planned(
    depot_tables: DepotTables,
    courses: SeriesTables,
    values: Floats,
    factors: Floats,
    fire: FireState,
    day: int,
) -> None:
    """Write the planned requirement of a day, by claim and by pair (rule 11)."""
    changed = False
    for claim in range(len(depot_tables.claims)):
        if daily_series.has_changed(courses, depot_tables.claims[claim].series, day):
            daily_series.write_row(
                courses, depot_tables.claims[claim].series, day, values, factors, fire.planned[claim]
            )
            changed = True
    if changed:
        for pair in range(len(fire.whole)):
            if fire.whole[pair] >= len(depot_tables.claims):
                _add_claims(depot_tables, fire.planned, fire.planned[fire.whole[pair]], pair)


@inline
def _add_claims(depot_tables: DepotTables, by_claim: Floats, total: Floats, pair: int) -> None:
    for b in range(len(total)):
        total[b] = 0.0
    for c in range(depot_tables.in_pair_first[pair], depot_tables.in_pair_first[pair + 1]):
        row = by_claim[depot_tables.in_pair[c]]
        for b in range(len(total)):
            total[b] += row[b]


@inline
def fire_shells(
    depot_tables: DepotTables,
    courses: SeriesTables,
    values: Floats,
    factors: Floats,
    variation: Floats,
    lumps: Floats,
    stocks: StockState,
    fire: FireState,
    day: int,
) -> None:
    """Fire on every pair: the requirement after guns and rationing, at most the level."""
    _write_required(depot_tables, courses, values, factors, variation, lumps, fire, day)
    if depot_tables.needs[CLAIMS]:
        add_backlogs(depot_tables, fire.required, fire.ceiling, fire.claims)
    for pair in range(len(stocks.level)):
        if fire.direct[fire.whole[pair]]:
            claim = fire.whole[pair]
            fire.short[pair] = _fire_requirement(
                fire.planned[claim],
                variation[depot_tables.claims[claim].consumer, day],
                fire.required[claim],
                fire.fired[claim],
                stocks.level[pair],
                fire.totals[0, pair],
                fire.totals[1, pair],
                fire.totals[2, pair],
            )
        elif depot_tables.in_pair_first[pair + 1] > depot_tables.in_pair_first[pair]:
            _apply_rules(depot_tables, values, stocks, fire, pair, day)
            _cut_to_stock(depot_tables, stocks, fire, pair)
            _take_fired(stocks, fire, pair)
            if depot_tables.needs[CLAIMS]:
                whole = fire.whole[pair]
                short = settle_claims(depot_tables, fire.required, fire.fired, whole, pair, fire.claims)
                if fire.claims.has_backlog[pair]:
                    fire.short[pair] = short
            _add_totals(fire, pair)
    for c in range(len(depot_tables.consumers)):
        if depot_tables.consumers[c].barrels >= 0:
            for b in range(stocks.level.shape[1]):
                _wear_barrels(depot_tables, values, fire, c, b)


@inline
def _fire_requirement(
    planned: Floats,
    varies: Floats,
    required: Floats,
    fired: Floats,
    level: Floats,
    all_required: Floats,
    all_fired: Floats,
    all_unmet: Floats,
) -> int:
    """Fire the requirement of the only claim on a level, and add up; return how many runs fall short.

    One loop for what `_write_required`, `_cut_to_stock` and `_add_totals` do.
    """
    independent()
    short = 0
    for b in range(len(level)):
        wants, before = planned[b] * varies[b], level[b]
        is_short = before < wants * ENOUGH
        shot = select(is_short, before, wants)
        required[b] = wants
        fired[b] = shot
        level[b] = select(wants >= before * ENOUGH, 0.0, before - shot)
        all_required[b] += wants
        all_fired[b] += shot
        all_unmet[b] += select(is_short, wants - shot, 0.0)
        short += is_short
    return short


@inline
def _add_totals(fire: FireState, pair: int) -> None:
    """Add requirement, fire and unmet requirement of a day to their totals."""
    required, fired = fire.required[fire.whole[pair]], fire.fired[fire.whole[pair]]
    all_required, all_fired, unmet = fire.totals[0, pair], fire.totals[1, pair], fire.totals[2, pair]
    for b in range(len(required)):
        all_required[b] += required[b]
        all_fired[b] += fired[b]
    if fire.short[pair] > 0:
        if fire.claims.has_backlog[pair]:
            for b in range(len(required)):
                unmet[b] += fire.claims.unmet[pair, b]
        else:
            for b in range(len(required)):
                unmet[b] += select(fired[b] < required[b] * ENOUGH, required[b] - fired[b], 0.0)


@inline
def _write_required(
    depot_tables: DepotTables,
    courses: SeriesTables,
    values: Floats,
    factors: Floats,
    variation: Floats,
    lumps: Floats,
    fire: FireState,
    day: int,
) -> None:
    """Write the requirement of each claim on a day, limited to the guns' capacity; skip direct rows."""
    for claim in range(len(depot_tables.claims)):
        if fire.direct[claim]:
            continue
        planned, required = fire.planned[claim], fire.required[claim]
        varies = variation[depot_tables.claims[claim].consumer, day]
        for b in range(len(planned)):
            required[b] = planned[b] * varies[b]
        lump = depot_tables.claims[claim].lump
        if lump >= 0:
            for b in range(len(planned)):
                required[b] += lumps[lump, day, b]
    for c in range(len(depot_tables.consumers)):
        if depot_tables.consumers[c].guns >= 0:
            for b in range(fire.required.shape[1]):
                _limit_to_guns(depot_tables, courses, values, factors, fire, c, day, b)


@device_function
def _limit_to_guns(
    depot_tables: DepotTables,
    courses: SeriesTables,
    values: Floats,
    factors: Floats,
    fire: FireState,
    c: int,
    day: int,
    b: int,
) -> None:
    """Limit the requirements of a consumer to what its guns can fire (rule 14)."""
    noinline()
    row = depot_tables.consumers[c]
    barrels = np.inf
    if row.barrels >= 0:
        if day == 0:
            fire.barrels[c, b] = values[row.barrels, b]
        made = 0.0
        if row.barrel_series >= 0:
            made = daily_series.value_on_day(courses, row.barrel_series, day, b, values, factors)
        fire.barrels[c, b] += made
        barrels = fire.barrels[c, b]
    guns = values[row.guns, b]
    if row.gun_series >= 0:
        guns = daily_series.value_on_day(courses, row.gun_series, day, b, values, factors)
    ceiling = gun_ceiling(guns, values[row.rounds, b], barrels)
    fire.ceiling[c, b] = ceiling
    total = 0.0
    for claim in range(row.first, row.first + row.count):
        total += fire.required[claim, b]
    if total > ceiling:
        for claim in range(row.first, row.first + row.count):
            fire.required[claim, b] *= ceiling / total


@inline
def _apply_rules(
    depot_tables: DepotTables, values: Floats, stocks: StockState, fire: FireState, pair: int, day: int
) -> None:
    """Write the fire of each claim on a pair under its rationing rule (rule 13)."""
    planned, level = fire.planned[fire.whole[pair]], stocks.level[pair]
    for c in range(depot_tables.in_pair_first[pair], depot_tables.in_pair_first[pair + 1]):
        claim = depot_tables.in_pair[c]
        rule = depot_tables.claims[claim].rule
        demand = fire.claims.demand if depot_tables.claims[claim].has_backlog else fire.required
        required, fired = demand[claim], fire.fired[claim]
        if rule == PROPORTIONAL:
            cover = values[depot_tables.claims[claim].cover]
            for b in range(len(level)):
                supply = level[b] / planned[b]
                bites = (planned[b] > 0.0) & (supply < cover[b] * ENOUGH)
                fired[b] = select(bites, required[b] * supply / cover[b], required[b])
        elif rule == CONTROLLED:
            cover = values[depot_tables.claims[claim].cover]
            _apply_controlled(cover, required, stocks, fire, claim, pair, day)
        elif not fire.plain[pair]:
            for b in range(len(level)):
                fired[b] = required[b]


_controlled = device_function(rationing_rules.controlled)


@device_function
def _apply_controlled(
    cover: Floats, demand: Floats, stocks: StockState, fire: FireState, claim: int, pair: int, day: int
) -> None:
    noinline()
    for b in range(len(cover)):
        required, planned = demand[b], fire.planned[fire.whole[pair], b]
        level = stocks.level[pair, b]
        fire.fired[claim, b] = required
        # The mean inflow is added up only where the rule needs it.
        if planned > 0.0 and level / planned < cover[b] * ENOUGH:
            came = 0.0
            for d in range(first_inflow_day(day), day + 1):
                came += stocks.inflow[pair, d % INFLOW_WINDOW, b]
            inflow = inflow_share(came, day, fire.planned[claim, b], planned)
            fire.fired[claim, b] = _controlled(required, planned, level, cover[b], inflow)


@inline
def _cut_to_stock(depot_tables: DepotTables, stocks: StockState, fire: FireState, pair: int) -> None:
    """Add up the claims on a pair, and reduce them to the level."""
    whole = fire.whole[pair]
    level, share, required, fired = stocks.level[pair], fire.share, fire.required[whole], fire.fired[whole]
    if whole >= len(depot_tables.claims):
        _add_claims(depot_tables, fire.required, required, pair)
        _add_claims(depot_tables, fire.fired, fired, pair)
        if depot_tables.needs[CLAIMS]:
            cut_by_rank(depot_tables, level, fire.fired, fired, pair)
        else:
            _cut_claims(depot_tables, level, fire.fired, fired, pair)
    wants = required if fire.plain[pair] else fired
    if stocks.held.shape[1] > 0:
        for b in range(len(level)):
            # 2 takes all; a share of exactly 1 may result from rounding up.
            share[b] = select(wants[b] >= level[b] * ENOUGH, 2.0, wants[b] / level[b])
    short = 0
    for b in range(len(level)):
        shot = select(level[b] < wants[b] * ENOUGH, level[b], wants[b])
        short += shot < required[b] * ENOUGH
        fired[b] = shot
        # Differences from rounding are no stock: take all, so that exactly zero remains.
        level[b] = select(wants[b] >= level[b] * ENOUGH, 0.0, level[b] - shot)
    fire.short[pair] = short


@inline
def _cut_claims(depot_tables: DepotTables, level: Floats, by_claim: Floats, total: Floats, pair: int) -> None:
    """Reduce the fire of each claim if all exceed the level; only barrel wear needs fire by claim."""
    for c in range(depot_tables.in_pair_first[pair], depot_tables.in_pair_first[pair + 1]):
        if depot_tables.consumers[depot_tables.claims[depot_tables.in_pair[c]].consumer].barrels >= 0:
            wants = by_claim[depot_tables.in_pair[c]]
            for b in range(len(level)):
                wants[b] = select(level[b] < total[b] * ENOUGH, wants[b] * (level[b] / total[b]), wants[b])


@inline
def _take_fired(stocks: StockState, fire: FireState, pair: int) -> None:
    """Take the shells fired from each origin in proportion (rule 10), and by age (rule 38)."""
    share = fire.share
    for o in range(stocks.held.shape[1]):
        if stocks.column[FIRED, pair, o] < 0:
            # This pair never holds shells of this origin.
            continue
        held, fired = stocks.held[pair, o], stocks.day[stocks.column[FIRED, pair, o]]
        for b in range(len(held)):
            amount = held[b]
            gone = select(share[b] > 1.0, amount, amount * share[b])
            fired[b] = gone
            # Exactly zero if all is taken.
            held[b] = amount - gone
    if stocks.cohorts.tables.of_pair[pair] >= 0:
        _issue_fired(stocks, fire, pair)


@device_function
def _issue_fired(stocks: StockState, fire: FireState, pair: int) -> None:
    """Take the shells fired in the order of issue."""
    noinline()
    stock, fired = stocks.cohorts.tables.of_pair[pair], fire.fired[fire.whole[pair]]
    if stocks.cohorts.tables.stocks[stock].issue == MIXED:
        take_evenly_everywhere(stocks.cohorts, stock, fire.share)
        return
    for b in range(len(fired)):
        if fired[b] > 0.0:
            issue_shells(stocks.cohorts, stock, fired[b], fire.share[b], b)


@device_function
def _wear_barrels(depot_tables: DepotTables, values: Floats, fire: FireState, c: int, b: int) -> None:
    """Wear the barrels of a consumer by its fire."""
    row = depot_tables.consumers[c]
    total = 0.0
    for claim in range(row.first, row.first + row.count):
        total += fire.fired[claim, b]
    fire.barrels[c, b] = worn_barrels(fire.barrels[c, b], total, values[row.life, b])
