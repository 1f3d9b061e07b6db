"""Interface of the compiled engine: draw and simulate a block of runs.

`draw_block` draws all that does not depend on the depots: inputs, events, variation, arrivals. `run_account`
simulates the daily account, `run_cells` the account of many cells under the same draws (see `sweep_kernel`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.account import (
    HELD,
    INFLOW_KINDS,
    OUTFLOW_KINDS,
    SUSTAINED_DAYS,
    ClaimKind,
    Kind,
    PlacedOrder,
    Voyage,
    sum_in_order,
)
from sim.ensemble.accumulators import (
    SUSTAINED_ROW,
    WANTED_ROW,
    Accumulators,
    added_counters,
    claims_of_outcomes,
    counter_names,
    counters_of_outcomes,
    initial_counters,
    outcome_names,
)
from sim.ensemble.activities import draw_activities
from sim.ensemble.arrays import aligned_array
from sim.ensemble.block_account import ClosingState, DailyDraws, SweepCells, run_block
from sim.ensemble.buffer_pool import BufferPool
from sim.ensemble.draw_cache import UnchangedParts, unchanged_parts
from sim.ensemble.events import EventWindows, draw_events
from sim.ensemble.failures import overfull_message, suppliers_without_shells, too_many_voyages_message
from sim.ensemble.native import warm_up
from sim.ensemble.orders import (
    LOG_ARRIVED,
    LOG_MADE,
    LOG_PLACED,
    PLACED,
    OrderState,
)
from sim.ensemble.outcomes_only import TOTALLED_KINDS, shares_stock
from sim.ensemble.range_checks import (
    Reasons,
    clip_draws,
    first_reasons,
    merge_reasons,
    offer_failures,
    recurrence_failures,
    series_failures,
)
from sim.ensemble.sampling import daily_variation, draw_inputs, draw_lead_times, resolve_dates
from sim.ensemble.scenario_tables import Floats, Ints, LawTables, Plan, Runs, ScenarioTables
from sim.ensemble.supply import Arrivals, run_suppliers
from sim.errors import RunError
from sim.outcomes import SUSTAINED_FIRE, split_consumer
from sim.scenario import limits
from sim.units import SECONDS_PER_DAY

#: Runs computed side by side: enough for vector instructions, few enough for the CPU caches.
MAX_RUNS_PER_BATCH, MIN_RUNS_PER_BATCH = 128, 16
#: Limit on the daily arrays of a block; with larger arrays, fewer runs are computed side by side.
BLOCK_BYTES = 1 << 26
#: Kinds without a column of their own, or that no table shows.
_SEPARATE_KINDS = (Kind.FIRED, Kind.REQUIRED, Kind.UNMET)
_STOCK_KINDS = (*INFLOW_KINDS, *OUTFLOW_KINDS)


def runs_per_batch(plan: Plan) -> int:
    """Return the number of runs to compute side by side if all daily flows are kept."""
    # The five: level, planned requirement, requirement, fire and unmet requirement.
    rows = len(plan.axes.pairs) * (len(_kinds_with_columns(plan)) + 5)
    rows += len(plan.axes.claims) * len(ClaimKind)
    fitting = BLOCK_BYTES // (8 * rows * plan.axes.days)
    return min(
        MAX_RUNS_PER_BATCH, max(MIN_RUNS_PER_BATCH, fitting // MIN_RUNS_PER_BATCH * MIN_RUNS_PER_BATCH)
    )


@dataclass(frozen=True)
class BlockDraws:
    """Draws of a block of runs, independent of the depots."""

    seed: np.uint64
    runs: Runs
    laws: LawTables
    """Those of the plan, or as varied by a sweep."""
    values: Floats
    """Shape (quantities, runs)."""
    windows: EventWindows
    variation: Floats
    """Shape (consumers, days, runs)."""
    lumps: Floats
    """What activities require, shape (lumps, days, runs)."""
    due: Floats
    """Shape (dues, days, runs)."""
    leads: Ints
    """Shape (leads, days, runs)."""
    arrivals: Arrivals
    failures: Reasons
    """Reasons of runs that fail because a number is out of range, by place in the block, then path."""
    too_often: Mapping[int, NDArray[np.bool_]]
    """See `events.draw_events`."""
    beyond: Sequence[tuple[int, Ints]]
    """See `supply.run_suppliers`."""

    @property
    def size(self) -> int:
        """Bytes of the daily arrays."""
        arrivals = self.arrivals
        daily = (
            self.variation,
            self.lumps,
            self.due,
            self.leads,
            self.windows.factors,
            arrivals.landed,
            arrivals.rejected,
        )
        return sum(array.nbytes for array in daily)


class KeepOptions(NamedTuple):
    """Options: what to keep of a block besides outcomes."""

    first: int = 0
    last: int = 0
    """Day after the last one for which levels are kept."""
    flows: bool = False
    """Whether to keep flows for these days."""
    months: bool = False
    """Whether to keep sums by origin and month, and totals of every column."""
    entries: bool = False
    """Whether to keep every column for these days."""
    claims: bool = False
    """Whether to keep the figures of each claim for these days, where results are listed by consumer."""
    totals: bool = False
    """Whether to add up the flows of all days."""
    planned: bool = True
    """Whether to keep the planned requirement with the flows."""
    orders: int = 0
    """Number of runs, from the first on, of which to keep the orders."""
    is_whole: bool = True
    """Whether to simulate until the end; else the account stops at `last` and has no outcomes."""

    @property
    def has_ledger(self) -> bool:
        """Whether to keep figures by origin."""
        return self.months or self.entries

    def tables_of(self, plan: Plan) -> ScenarioTables:
        """Return the tables of a scenario with the least bookkeeping that gives the same numbers."""
        if self.has_ledger:
            return plan.tables
        if self.flows or self.totals or (self.last > self.first and shares_stock(plan.outcome_tables)):
            return plan.flow_tables
        return plan.outcome_tables


@dataclass(frozen=True)
class BlockResult:
    """Result of a block of runs."""

    tally: Accumulators
    closing: ClosingState
    orders: OrderState
    flows: Mapping[Kind, Floats]
    """Shape (pairs, days, runs); empty if not kept."""


def draw_block(
    plan: Plan,
    seed: int,
    runs: Sequence[int],
    *,
    kept: int = 0,
    laws: LawTables | None = None,
    shelf: BufferPool | None = None,
    before: tuple[Plan, BlockDraws] | None = None,
    given: Mapping[int, Floats] = MappingProxyType({}),
) -> BlockDraws:
    """Draw inputs, events, variation, lead times and arrivals of a block of runs.

    The voyages of the first `kept` runs are kept. `laws` replaces that of the plan; the arrays of daily
    variation and arrivals are taken from `shelf`. `before` are the draws of the same runs under other laws,
    with their plan: parts that read no changed number are reused. `given` are values of quantities in each
    run, by row, that replace their draws.
    """
    warm_up.start()
    shelf = BufferPool() if shelf is None else shelf
    numbers = np.array(list(runs), dtype=np.uint64)
    key, laws = np.uint64(seed), plan.tables.laws if laws is None else laws
    low, days = plan.tables, plan.axes.days
    values = _with_joint_samples(plan, draw_inputs(laws, key, numbers), runs)
    for row, column in given.items():
        values[row] = column
    resolve_dates(plan.dates, values)
    large = clip_draws(plan, values)
    old, same = None, UnchangedParts()
    if before is not None:
        old, same = before[1], unchanged_parts(plan, values, before[0], before[1].values)
    if old is not None and same.events:
        windows, often = old.windows, old.too_often
    else:
        windows, often = draw_events(laws, low.events, days, key, numbers, values)
    if old is not None and same.variation:
        variation = old.variation
    else:
        variation = daily_variation(low.depots.consumers, days, key, numbers, values, shelf)
    lumps = draw_activities(laws, plan.activities, days, key, numbers, values, windows.factors)
    if old is not None and same.leads:
        due, leads = old.due, old.leads
    else:
        due, leads = draw_lead_times(
            laws, low.courses, low.depots, low.orders, low.sizes, key, numbers, values, windows.factors
        )
    if old is not None and same.arrivals:
        arrivals, beyond = old.arrivals, old.beyond
    else:
        tables = low.courses, low.supply, low.sizes, len(low.depots.depots)
        arrivals, beyond = run_suppliers(laws, *tables, key, numbers, values, windows, kept, shelf)
    failures = merge_reasons(large, recurrence_failures(plan, often), offer_failures(plan, beyond))
    return BlockDraws(
        key, numbers, laws, values, windows, variation, lumps, due, leads, arrivals, failures, often, beyond
    )


def run_account(
    plan: Plan,
    drawn: BlockDraws,
    keep: KeepOptions = KeepOptions(),  # noqa: B008 - it cannot change
    shelf: BufferPool | None = None,
) -> BlockResult:
    """Simulate the account of a block of runs; `shelf` is the buffer pool of the daily arrays."""
    tally = _make_accumulators(plan, len(drawn.runs), keep, BufferPool() if shelf is None else shelf)
    alone = SweepCells(
        _NO_ROWS, np.zeros((1, 0)), tally.outcomes[:, np.newaxis].copy(), _no_overfull(1, drawn)
    )
    until = plan.axes.days if keep.is_whole else keep.last
    tables = keep.tables_of(plan)
    closing, orders = _run(tables, drawn, drawn.values, tally, until, alone, keep.orders)
    return BlockResult(tally, closing, orders, rows_by_kind(plan, tally.flows)[0] if keep.flows else {})


def run_cells(
    plan: Plan, drawn: BlockDraws, rows: Sequence[int], numbers: Floats, outcomes: Floats | None = None
) -> tuple[Floats, Ints]:
    """Simulate the account of a block of runs in many cells, each of which sets some of the drawn values.

    Parameters
    ----------
    plan : Plan
    drawn : BlockDraws
    rows : sequence of int, length changes
        Rows of `BlockDraws.values`.
    numbers : array, shape (cells, changes)
    outcomes : array, shape (outcomes, cells, runs), optional
        Where to write them, in C order; a new array by default.

    Returns
    -------
    outcomes : array, shape (outcomes, cells, runs)
        In order of `outcome_names`; days are infinite for never.
    full : array of int, shape (cells, runs)
        `ClosingState.full` of each cell.
    """
    tally = _make_accumulators(plan, len(drawn.runs), KeepOptions(), BufferPool())
    if outcomes is None:
        outcomes = np.empty((len(tally.outcomes), len(numbers), len(drawn.runs)))
    cells = SweepCells(np.array(rows, dtype=np.int64), numbers, outcomes, _no_overfull(len(numbers), drawn))
    _run(plan.outcome_tables, drawn, drawn.values.copy(), tally, plan.axes.days, cells)
    return cells.outcomes, cells.full


_NO_ROWS = np.zeros(0, dtype=np.int64)
_NONE: Mapping[int, str] = MappingProxyType({})


def _no_overfull(cells: int, drawn: BlockDraws) -> Ints:
    return np.full((cells, len(drawn.runs)), -1, dtype=np.int64)


def _run(
    low: ScenarioTables,
    drawn: BlockDraws,
    values: Floats,
    tally: Accumulators,
    until: int,
    cells: SweepCells,
    logged: int = 0,
) -> tuple[ClosingState, OrderState]:
    daily = DailyDraws(drawn.variation, drawn.lumps, drawn.due, drawn.leads, until)
    return run_block(low, values, drawn.windows, daily, drawn.arrivals, tally, cells, logged)


def list_voyages(plan: Plan, drawn: BlockDraws, run: int = 0) -> list[Voyage]:
    """Return the voyages and lots of the run at place `run` of the block, if they were kept."""
    return voyage_builder(plan, drawn, run)()


def voyage_builder(plan: Plan, drawn: BlockDraws, run: int) -> Callable[[], list[Voyage]]:
    """Return a function that lists voyages as `list_voyages` does; it holds no array of the block."""
    rows = drawn.arrivals.trips
    kept = np.flatnonzero(rows.whole[: rows.count, 1] == run)
    kept = kept[np.argsort(rows.whole[kept, 0], kind="stable")]
    each = [sum_in_order(of_supplier) for of_supplier in drawn.arrivals.each[:, :, run].tolist()]
    in_containers = plan.tables.supply.suppliers["containers"].tolist()
    suppliers, horizon = plan.suppliers, plan.axes.days * SECONDS_PER_DAY
    whole, real = rows.whole[kept], rows.real[kept]

    def build() -> list[Voyage]:
        return [
            Voyage(
                suppliers[s],
                None if leg < 0 else leg,
                None if vehicle < 0 else vehicle,
                departed,
                arrived if arrived < horizon else None,
                cargo if in_containers[s] else None,
                cargo * each[s],
            )
            for (s, _, leg, vehicle, departed, arrived), cargo in zip(
                whole.tolist(), real.tolist(), strict=True
            )
        ]

    return build


def list_orders(plan: Plan, kept: BlockResult, run: int = 0) -> list[PlacedOrder]:
    """Return the orders of the run at place `run` of the block, if they were kept."""
    horizon, state = plan.axes.days * SECONDS_PER_DAY, kept.orders
    found = []
    for line, name in enumerate(plan.axes.orders):
        count = int(state.numbers[line, PLACED, run])
        log, shells = state.log[line, :, :count, run].tolist(), state.log_shells[line, :count, run].tolist()
        placed, *later = log[LOG_PLACED], log[LOG_MADE], log[LOG_ARRIVED]
        made, arrived = ([second if second < horizon else None for second in row] for row in later)
        costs = state.log_costs[line, :count, run].tolist()
        rows = zip(placed, made, arrived, shells, costs, strict=True)
        found += [PlacedOrder(name, number, *row) for number, row in enumerate(rows)]
    return found


def _with_joint_samples(plan: Plan, values: Floats, runs: Sequence[int]) -> Floats:
    """Replace inputs drawn once a run by joint samples."""
    for rows, sample in plan.joint:
        for place, run in enumerate(runs):
            values[list(rows), place] = sample[run % len(sample)]
    return values


def find_failures(plan: Plan, drawn: BlockDraws, kept: BlockResult) -> dict[int, str]:
    """Return the reasons of failed runs, by place in the block, with the wording of the simpy model."""
    full = np.flatnonzero(kept.closing.full >= 0).tolist()
    overfull = {place: overfull_message(plan, kept.closing, place) for place in full}
    out_of_range = series_failures(plan, drawn.values, drawn.windows.factors)
    return failures_of(plan, drawn, out_of_range, overfull)


def failures_of(
    plan: Plan, drawn: BlockDraws, out_of_range: Reasons, overfull: Mapping[int, str] = _NONE
) -> dict[int, str]:
    """Return the reasons of failed runs, given daily numbers out of range and overfull depots."""
    cargo, voyages = _supplier_failures(plan, drawn)
    # Later ones overwrite earlier ones: the simpy model finds them in the reverse order.
    return {**voyages, **overfull, **first_reasons(merge_reasons(drawn.failures, out_of_range)), **cargo}


def _supplier_failures(plan: Plan, drawn: BlockDraws) -> tuple[dict[int, str], dict[int, str]]:
    empty, failed = suppliers_without_shells(plan, drawn.values), drawn.arrivals.failed
    return (
        {
            place: limits.no_shells(plan.suppliers[int(empty[place])])
            for place in np.flatnonzero(empty >= 0).tolist()
        },
        {
            place: too_many_voyages_message(plan, int(failed[place]))
            for place in np.flatnonzero(failed >= 0).tolist()
        },
    )


def raise_failures(plan: Plan, drawn: BlockDraws, kept: BlockResult) -> None:
    """Raise `RunError` with the number of the first failed run, if there is one."""
    found = find_failures(plan, drawn, kept)
    if found:
        place = min(found)
        raise RunError(f"run {int(drawn.runs[place])}: {found[place]}")


def _make_accumulators(plan: Plan, runs: int, keep: KeepOptions, shelf: BufferPool) -> Accumulators:
    axes = plan.axes
    pairs, origins, columns = len(axes.pairs), len(axes.origins), len(plan.columns)
    kept = keep.last - keep.first
    own = _kinds_with_columns(plan)
    flow_of = np.array(
        [own.index(Kind(kind)) * pairs + pair if kind in own else -1 for pair, _, kind in plan.columns],
        dtype=np.int64,
    )
    month = plan.month
    months = int(month[-1]) + 1 if keep.months else 0
    summed = columns if keep.has_ledger else 0
    # A day by itself, if only its sum is kept.
    today = int(keep.flows or keep.totals)
    daily = kept if keep.flows else today
    flows = len(_flow_kinds(plan)) * pairs
    totals = flows + pairs if keep.totals else 0
    kept_flows = shelf.empty((flows, daily, runs))
    # A flow that no column of a pair enters.
    kept_flows[sorted({*range(len(own) * pairs)} - {*flow_of.tolist()})] = 0.0
    entered = kept if keep.entries else 0
    no_totals = np.full(columns, -1, dtype=np.int64)
    claims = len(axes.claims)
    booked = claims if keep.has_ledger else 0
    covers, initial = np.array([*axes.thresholds, 1.0]), initial_counters(axes)
    return Accumulators(
        covers=covers,
        counted_from=np.array([axes.counted_from], dtype=np.int64),
        falling=np.argsort(-covers, kind="stable"),
        consuming=np.array(axes.consuming, dtype=np.int64),
        counters=aligned_array((len(initial), pairs, runs)),
        initial=initial,
        counter_of=counters_of_outcomes(axes),
        added=added_counters(axes),
        waiting=np.full((len(covers) + 1, pairs), runs, dtype=np.int64),
        sums=aligned_array((summed, runs)),
        lost=aligned_array((summed, runs)),
        months=aligned_array((columns, months, runs)),
        held=np.empty((len(plan.holders), months, runs)),
        holders=plan.holders,
        month=month,
        level=shelf.empty((pairs, kept, runs)),
        planned=shelf.empty((pairs, daily if keep.planned else today, runs)),
        flows=kept_flows,
        flow_of=flow_of,
        entries=np.empty((columns, entered, runs)),
        held_daily=np.empty((pairs, origins, entered, runs)),
        first_kept=np.array([keep.first], dtype=np.int64),
        outcomes=aligned_array((len(outcome_names(axes)), runs)),
        total_of=_total_index(plan) if summed or keep.tables_of(plan) is plan.outcome_tables else no_totals,
        totals=aligned_array((totals, runs)),
        chunks=aligned_array((totals, runs)),
        first_flows=aligned_array((totals, runs)),
        first_level=aligned_array((pairs, runs)),
        late=aligned_array((3, runs)),
        claim_of=claims_of_outcomes(axes),
        claim_totals=aligned_array((3, claims, runs)),
        claim_first=aligned_array((claims, runs)),
        claim_sums=aligned_array((2, booked, runs)),
        claim_lost=aligned_array((2, booked, runs)),
        claim_days=shelf.empty((len(ClaimKind), claims, kept if keep.claims else 0, runs)),
    )


def _kinds_with_columns(plan: Plan) -> tuple[Kind, ...]:
    present = {kind for _, _, kind in plan.columns}
    return tuple(kind for kind in Kind if kind in present and kind not in _SEPARATE_KINDS)


def _flow_kinds(plan: Plan) -> tuple[Kind, ...]:
    """Return the kinds of the flows of `Accumulators.flows`, in order."""
    return (*_kinds_with_columns(plan), Kind.REQUIRED, Kind.FIRED, Kind.UNMET)


def _total_index(plan: Plan) -> Ints:
    names = outcome_names(plan.axes)
    return np.array(
        [names.index(kind) if kind in TOTALLED_KINDS else -1 for _, _, kind in plan.columns], dtype=np.int64
    )


def monthly_sums(plan: Plan, kept: BlockResult) -> dict[tuple[int, int, str], Floats]:
    """Return monthly sums and closing stock by pair, origin and kind, shape (months, runs)."""
    tally = kept.tally
    sums = {key: tally.months[column] for column, key in enumerate(plan.columns) if key[2] in _STOCK_KINDS}
    return sums | {(*at, HELD): held for at, held in zip(plan.holders.tolist(), tally.held, strict=True)}


def rows_by_kind(plan: Plan, rows: Floats) -> tuple[dict[Kind, Floats], Floats]:
    """Return rows of flows, one a pair, by kind, and those of the planned requirement after them."""
    pairs, kinds = len(plan.axes.pairs), _flow_kinds(plan)
    found = {kind: rows[pairs * k : pairs * (k + 1)] for k, kind in enumerate(kinds)}
    return found, rows[pairs * len(kinds) :]


def claim_days(plan: Plan, kept: BlockResult) -> dict[ClaimKind, Floats]:
    """Return the figures of each claim by kind, shape (runs, claims, days); empty if they are not listed."""
    days = kept.tally.claim_days
    return {kind: days[row].transpose(2, 0, 1) for row, kind in enumerate(ClaimKind) if plan.axes.claims}


def consumer_outcomes(plan: Plan, kept: BlockResult) -> dict[str, Floats]:
    """Return the outcomes of each consumer by name, shape (runs,)."""
    found = dict(zip(outcome_names(plan.axes), kept.tally.outcomes, strict=True))
    return {name: values for name, values in found.items() if split_consumer(name)[1]}


def counters(plan: Plan, kept: BlockResult) -> dict[str, Floats]:
    """Return the counters by pair by name, each of shape (pairs, runs) (rules 30 and 31)."""
    found = dict(zip(counter_names(plan.axes), kept.tally.counters, strict=True))
    return found | {SUSTAINED_FIRE: found[SUSTAINED_FIRE] / min(SUSTAINED_DAYS, plan.axes.days)}


def share_of_requirement(kept: BlockResult) -> Floats:
    """Return sustained fire over the requirement, shape (pairs, runs); nan where none was required."""
    fire, wanted = (kept.tally.counters[len(kept.tally.covers) + row] for row in (SUSTAINED_ROW, WANTED_ROW))
    share: Floats = np.divide(fire, wanted, out=np.full(fire.shape, np.nan), where=wanted > 0.0)
    return share
