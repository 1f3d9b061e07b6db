"""Run both engines on the same runs of a scenario, and list their differences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.account import HELD, NO_ORIGIN, Kind, Voyage
from sim.engines.ledger_outcomes import block_from_ledgers
from sim.ensemble.balance import run_balance_errors
from sim.ensemble.engine import (
    BlockDraws,
    BlockResult,
    KeepOptions,
    claim_days,
    consumer_outcomes,
    counters,
    draw_block,
    list_orders,
    list_voyages,
    monthly_sums,
    raise_failures,
    run_account,
    share_of_requirement,
)
from sim.ensemble.lowering import lower
from sim.ensemble.scenario_tables import Plan
from sim.errors import RunError
from sim.model.ledger import Ledger
from sim.model.run import run_once
from sim.outcomes import outcome_named
from sim.results.block import Block, MonthKey
from sim.scenario.scenario import Scenario

Floats = NDArray[np.float64]
#: Rule 8: tolerance relative to the larger of the figure and one shell.
RELATIVE_TOLERANCE = 1e-9
#: Rule 9: tolerance of the account, relative to its gross turnover.
BALANCE_TOLERANCE = 1e-12
KINDS_WITHOUT_ORIGIN = (Kind.REQUIRED, Kind.FIRED, Kind.UNMET)


class CompiledRuns(NamedTuple):
    """Runs of the compiled engine."""

    plan: Plan
    suppliers: tuple[str, ...]
    drawn: BlockDraws
    kept: BlockResult
    balance: Floats


def run_compiled(
    scenario: Scenario, seed: int, runs: Sequence[int], keep: KeepOptions | None = None
) -> CompiledRuns:
    """Run the compiled engine, by default keeping all figures."""
    plan = lower(scenario)
    everything = KeepOptions(
        *(0, plan.axes.days), flows=True, months=True, entries=True, claims=True, orders=len(runs)
    )
    drawn = draw_block(plan, seed, runs, kept=len(runs))
    kept = run_account(plan, drawn, everything if keep is None else keep)
    raise_failures(plan, drawn, kept)
    books = keep is None or keep.has_ledger
    balance = np.zeros(len(runs))
    if books:
        balance = run_balance_errors(plan, drawn.arrivals, kept.tally, kept.closing, kept.orders)
    return CompiledRuns(plan, tuple(scenario.shipments), drawn, kept, balance)


def account_of(scenario: Scenario) -> Ledger:
    """Return the account of the simpy model, after a check that the compiled engine gives the same."""
    assert run_differences(scenario, 1, [0, 1], [0]) == []
    ledger = run_once(scenario, 1, 0)
    assert ledger.balance_error() < 1e-12
    return ledger


def run_differences(
    scenario: Scenario, seed: int, runs: Sequence[int], only: Sequence[int] = ()
) -> list[str]:
    """Return the differences between the engines; empty if they agree.

    Parameters
    ----------
    runs : sequence of int
        Runs of the compiled engine.
    only : sequence of int
        Those of them to run with the simpy model; default: all.
    """
    looked_at = only or runs
    try:
        ledgers = [run_once(scenario, seed, run) for run in looked_at]
    except RunError as error:
        return [f"only the model fails: {error}"]
    ours = run_compiled(scenario, seed, runs)
    found = []
    for ledger in ledgers:
        found += ledger_differences(ours, ledger, list(runs).index(ledger.run))
    places = [list(runs).index(run) for run in looked_at]
    return found + list(outcome_differences(ours, block_from_ledgers(ledgers), places))


def ledger_differences(ours: CompiledRuns, ledger: Ledger, place: int) -> list[str]:
    """Return the differences between the ledgers of one run; `place` is its position in the block."""
    found = []
    for name, theirs, mine in _daily_figures(ours, ledger, place):
        # Exact: daily figures have never needed the tolerance of rule 8.
        found += _value_differences(f"run {ledger.run}: {name}", theirs, mine, close=0.0)
    for name, theirs, mine in _end_figures(ours, ledger, place):
        found += _value_differences(f"run {ledger.run}: {name}", theirs, mine)
    balances = {"model": ledger.balance_error(), "compiled": float(ours.balance[place])}
    found += [
        f"run {ledger.run}: the account of the {who}"
        for who, error in balances.items()
        if error >= BALANCE_TOLERANCE
    ]
    drawn = {path: float(ours.drawn.values[row, place]) for path, row in ours.plan.drawn.items()}
    if drawn.keys() != ledger.drawn.keys():
        found.append(f"run {ledger.run}: draws {sorted(drawn.keys() ^ ledger.drawn.keys())}")
    for path in drawn.keys() & ledger.drawn.keys():
        found += _value_differences(f"run {ledger.run}: {path}", [ledger.drawn[path]], [drawn[path]])
    trips = list_voyages(ours.plan, ours.drawn, place)
    mine = list_orders(ours.plan, ours.kept, place)
    if mine != ledger.orders:
        differ = [pair for pair in zip_longest(ledger.orders, mine) if pair[0] != pair[1]]
        found.append(f"run {ledger.run}: orders {differ[:1]}")
    return found + _voyage_differences(ledger, trips)


NamedFigures = Iterator[tuple[str, Any, Any]]


def _daily_figures(ours: CompiledRuns, ledger: Ledger, place: int) -> NamedFigures:
    """Yield each daily figure: name, and the values by day of both engines."""
    axes, tally = ours.plan.axes, ours.kept.tally
    assert axes == ledger.axes
    kept = ours.kept.flows
    for pair, name in enumerate(axes.pairs):
        yield f"{name} level", ledger.levels[pair], tally.level[pair, :, place]
        yield f"{name} planned", ledger.planned[pair], tally.planned[pair, :, place]
        for kind in Kind:
            mine = kept[kind][pair, :, place] if kind in kept else np.zeros(axes.days)
            yield f"{name} {kind}", ledger.total(pair, kind), mine
        for origin, brought in enumerate(axes.origins):
            held = ledger.columns.get((pair, origin, HELD), [0.0] * axes.days)
            yield f"{name} {brought} held", held, tally.held_daily[pair, origin, :, place]
    by_claim = claim_days(ours.plan, ours.kept)
    for at, claim in enumerate(axes.claims):
        for figure in claim.kinds:
            yield f"{claim} {figure}", ledger.claims[at][figure], by_claim[figure][place, at]
    nothing = np.zeros(axes.days)
    entered = {key: tally.entries[column, :, place] for key, column in ours.plan.column_of.items()}
    own = {key for key in ledger.columns if key[1] != NO_ORIGIN and key[2] != HELD}
    for key in sorted(own | entered.keys()):
        yield f"column {key}", ledger.columns.get(key, nothing), entered.get(key, nothing)


def _end_figures(ours: CompiledRuns, ledger: Ledger, place: int) -> NamedFigures:
    """Yield the stock of each place at the start and at the end, and the shells shipped."""
    axes, closing = ours.plan.axes, ours.kept.closing
    mine = {
        "opening stock": closing.opening,
        "opening unserviceable": closing.opening_unserviceable,
        "closing stock": closing.held,
        "closing unserviceable": closing.unserviceable,
        "closing coming": closing.coming,
    }
    for name, held in mine.items():
        when, what = name.split()
        book = ledger.opening if when == "opening" else ledger.closing
        for pair in range(len(axes.pairs)):
            for origin in range(len(axes.origins)):
                yield (
                    f"{name} {pair} {origin}",
                    [book.get((pair, origin, what), 0.0)],
                    held[pair, origin, [place]],
                )
    for name in axes.orders:
        origin = axes.origins.index(name)
        at_gate = [ledger.closing.get((pair, origin, "at gate"), 0.0) for pair in range(len(axes.pairs))]
        yield f"{name} at gate", at_gate, closing.gate[:, origin, place]
    for row, name in enumerate(ours.suppliers):
        origin = axes.origins.index(name)
        arrivals = ours.drawn.arrivals
        away = arrivals.away[row, place] + closing.gate[:, origin, place].sum()
        yield f"{name} shipped", [ledger.shipped[name]], arrivals.shipped[row, [place]]
        yield f"{name} under way", [ledger.under_way[name]], [away]


def _value_differences(name: str, theirs: Any, mine: Any, *, close: float = RELATIVE_TOLERANCE) -> list[str]:
    one, other = np.asarray(theirs, dtype=float), np.asarray(mine, dtype=float)
    if one.shape != other.shape:
        return [f"{name}: shapes {one.shape} and {other.shape}"]
    larger = np.maximum(1.0, np.maximum(np.abs(one), np.abs(other)))
    with np.errstate(invalid="ignore"):
        near = (one == other) | (np.abs(one - other) <= close * larger) | (np.isnan(one) & np.isnan(other))
    if near.all():
        return []
    at = tuple(int(axis[0]) for axis in np.nonzero(~near))
    return [f"{name} at {at}: model {float(one[at])!r}, compiled {float(other[at])!r}"]


def _voyage_differences(ledger: Ledger, mine: Sequence[Voyage]) -> list[str]:
    found = []
    if len(mine) != len(ledger.voyages):
        found.append(f"run {ledger.run}: {len(ledger.voyages)} voyages of the model, {len(mine)} compiled")
    for number, (theirs, own) in enumerate(zip(ledger.voyages, mine, strict=False)):
        exact = theirs[:5] == own[:5] and (theirs.containers is None) == (own.containers is None)
        cargo = [theirs.shells, theirs.containers or 0.0], [own.shells, own.containers or 0.0]
        if not exact or _value_differences("", *cargo):
            found.append(f"run {ledger.run}: voyage {number}: model {theirs}, compiled {own}")
            break
    return found


def outcome_differences(ours: CompiledRuns, block: Block, places: Sequence[int]) -> Iterator[str]:
    """Yield the differences between the accumulators and outcomes computed from ledgers."""
    tally, counted = ours.kept.tally, counters(ours.plan, ours.kept)
    for name, theirs in block.counters.items():
        mine = counted[name][:, places].T
        if outcome_named(name).is_date:
            yield from _array_differences(name, theirs, mine)
        else:
            yield from _value_differences(name, theirs, mine)
    by_consumer = consumer_outcomes(ours.plan, ours.kept)
    for name in {*by_consumer, *block.by_consumer}:
        yield from _array_differences(name, block.by_consumer[name], by_consumer[name][places])
    if block.money.size:
        mine = ours.kept.orders.money.months[:, :, places].transpose(2, 0, 1)
        yield from _array_differences("money", block.money, mine)
    yield from _value_differences("share met", block.met, share_of_requirement(ours.kept)[:, places].T)
    yield from _value_differences("level", block.level, tally.level[:, :, places].transpose(2, 0, 1))
    for kind in KINDS_WITHOUT_ORIGIN:
        if kind in block.flows:
            totals = counted[kind][:, places].T
            yield from _value_differences(f"total {kind}", block.flows[kind].sum(axis=2), totals)
    yield from _month_differences(block.months, monthly_sums(ours.plan, ours.kept), places)
    yield from _sum_differences(ours, block, places)


def _sum_differences(ours: CompiledRuns, block: Block, places: Sequence[int]) -> Iterator[str]:
    """Yield the differences of the sums over the run, by pair and kind."""
    for kind in (Kind.PRODUCED, Kind.LANDED, Kind.LOST, Kind.DELIVERED):
        mine = np.zeros((len(places), len(ours.plan.axes.pairs)))
        for column, (pair, _, entered) in enumerate(ours.plan.columns):
            if entered == kind:
                mine[:, pair] += ours.kept.tally.sums[column, places]
        yield from _value_differences(
            f"all {kind}", block.flows[kind].sum(axis=2) if kind in block.flows else 0.0 * mine, mine
        )


def _month_differences(
    theirs: Mapping[MonthKey, Floats], mine: Mapping[MonthKey, Floats], places: Sequence[int]
) -> Iterator[str]:
    nothing = np.zeros_like(next(iter(theirs.values())))
    for key in dict.fromkeys([*theirs, *mine]):
        ours = mine[key][:, places].T if key in mine else nothing
        yield from _value_differences(f"months {key}", theirs.get(key, nothing), ours)


def _array_differences(name: str, theirs: Floats, mine: Floats) -> list[str]:
    return (
        [] if np.array_equal(theirs, mine) else [f"{name}: model {theirs.tolist()}, compiled {mine.tolist()}"]
    )


def failure_messages(scenario: Scenario, seed: int, runs: Sequence[int]) -> tuple[str, str]:
    """Return the error message of each engine; empty where the runs succeed."""
    reasons = []
    engines: tuple[Callable[[Scenario, int, Sequence[int]], object], ...] = _run_simpy, run_compiled
    for carry in engines:
        try:
            carry(scenario, seed, runs)
        except RunError as error:
            reasons.append(str(error))
        else:
            reasons.append("")
    return reasons[0], reasons[1]


def _run_simpy(scenario: Scenario, seed: int, runs: Sequence[int]) -> None:
    for run in runs:
        try:
            run_once(scenario, seed, run)
        except RunError as error:
            raise RunError(f"run {run}: {error}") from None


def figures_as_bytes(ours: CompiledRuns, place: int) -> bytes:
    """Return all figures of the run at position `place` of the block, as bytes."""
    tally, closing, arrivals = ours.kept.tally, ours.kept.closing, ours.drawn.arrivals
    shared = {
        *("covers", "falling", "consuming", "waiting", "holders", "initial", "counter_of", "added"),
        *("counted_from", "month", "flow_of", "first_kept", "total_of", "claim_of"),
    }
    arrays = [getattr(tally, name) for name in tally._fields if name not in shared]
    arrays += [
        *closing,
        ours.drawn.values,
        ours.drawn.variation,
        arrivals.shipped,
        arrivals.away,
        ours.balance,
    ]
    taken = [np.ascontiguousarray(array[..., place]).tobytes() for array in arrays]
    trips = list_voyages(ours.plan, ours.drawn, place)
    return b"".join(taken) + repr(trips).encode()
