"""The compiled engine on one engine path: many runs side by side, in threads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from sim.account import NO_ORIGIN, Axes, Kind, Voyage
from sim.engines.engine import BlockOfRuns, Cells
from sim.ensemble.balance import run_balance_errors
from sim.ensemble.binning_kernels import assign_bins, count_bins
from sim.ensemble.buffer_pool import BufferPool
from sim.ensemble.engine import (
    BlockDraws,
    BlockResult,
    KeepOptions,
    claim_days,
    consumer_outcomes,
    counters,
    draw_block,
    find_failures,
    list_orders,
    list_voyages,
    monthly_sums,
    raise_failures,
    rows_by_kind,
    run_account,
    runs_per_batch,
    share_of_requirement,
    voyage_builder,
)
from sim.ensemble.native.kernels import bound
from sim.ensemble.native.paths import EnginePath, using
from sim.ensemble.scenario_tables import Plan
from sim.ensemble.sweep_kernel import run_cells_parallel
from sim.outcomes import counted_by_pair
from sim.results.binning import BinningBackend
from sim.results.block import NO_MONEY, PATH_RUNS, Block, LazyVoyages, RunSums
from sim.results.observed_runs import Observation, observe
from sim.results.run_sums import opening_stock
from sim.results.table_names import CONSUMERS, DAILY, FLOWS, ORIGINS, OUTCOMES, PATHS, SHIPMENTS, STOCK
from sim.results.trace_tables import Entries

Floats = NDArray[np.float64]
#: Upper bound of the draws that are kept; 1,000 runs of ten years of three suppliers take half of it.
MAX_DRAW_BYTES = 1 << 29


@dataclass(frozen=True)
class EngineMemory:
    """Memory that the runs of one ensemble share, also under changing inputs.

    Attributes
    ----------
    buffers : BufferPool
    keeps_draws : bool
        Whether to keep the draws, up to `MAX_DRAW_BYTES`, for another lowering of the scenario.
    draws : dict
        By seed, first and last run, and number of voyages kept: the last draws, with their plan.
    """

    buffers: BufferPool = field(default_factory=BufferPool)
    keeps_draws: bool = False
    draws: dict[tuple[int, int, int, int], tuple[Plan, BlockDraws]] = field(default_factory=dict)

    def draw(self, plan: Plan, block: BlockOfRuns, voyages: int) -> BlockDraws:
        """Draw a block of runs, with the voyages of its first `voyages` runs."""
        key = (block.seed, block.runs.start, block.runs.stop, voyages)
        drawn = draw_block(
            plan, block.seed, block.runs, kept=voyages, shelf=self.buffers, before=self.draws.get(key)
        )
        if self.keeps_draws and (key in self.draws or self._has_room(drawn)):
            self.draws[key] = plan, drawn
        return drawn

    def _has_room(self, more: BlockDraws) -> bool:
        kept = [drawn.size for _, drawn in list(self.draws.values())]
        return sum(kept) + more.size <= MAX_DRAW_BYTES


@dataclass
class CompiledEngine:
    """The compiled engine for one lowered scenario; see `Engine`."""

    name: ClassVar[str] = "compiled"
    backend: ClassVar[Literal["processes", "threading"]] = "threading"
    is_fast: ClassVar[bool] = True
    plan: Plan
    path: EnginePath
    memory: EngineMemory = field(default_factory=EngineMemory)
    _days: range | None = field(default=None, init=False)

    @property
    def axes(self) -> Axes:
        """See `Engine.axes`."""
        return self.plan.axes

    @property
    def binning(self) -> BinningBackend:
        """Compiled binning: numpy takes a fifth more time for all of a result."""
        return BinningBackend(bound(assign_bins, self.path), bound(count_bins, self.path))

    def allocate(self, shape: tuple[int, ...]) -> Floats:
        """See `Engine.allocate`."""
        return self.memory.buffers.empty(shape)

    def split(self, runs: int, workers: int) -> list[range]:  # noqa: ARG002 - as in the interface
        """See `Engine.split`."""
        size = runs_per_batch(self.plan)
        return [range(first, min(first + size, runs)) for first in range(0, runs, size)]

    def run(self, block: BlockOfRuns) -> Block:
        """See `Engine.run`; daily arrays return to a buffer pool when the block is freed."""
        if block.days != self._days:
            # The sizes of arrays depend on the range of days.
            self.memory.buffers.release_all()
            self._days = block.days
        with using(self.path):
            return _run(self.plan, block, self.memory)

    def entries(self, seed: int, run: int) -> Entries:
        """See `Engine.entries`."""
        plan = self.plan
        with using(self.path):
            drawn = draw_block(plan, seed, [run], kept=1)
            keep = KeepOptions(0, plan.axes.days, flows=True, entries=True, claims=True)
            kept = run_account(plan, drawn, keep)
        raise_failures(plan, drawn, kept)
        columns = {key: kept.tally.entries[row, :, 0].tolist() for key, row in plan.column_of.items()}
        for kind in (Kind.REQUIRED, Kind.UNMET):
            for pair, flow in enumerate(kept.flows[kind][:, :, 0].tolist()):
                columns[pair, NO_ORIGIN, kind] = flow
        closing, claims = kept.closing, claim_days(plan, kept)
        return Entries(
            plan.axes,
            columns,
            _places(stock=closing.opening, unserviceable=closing.opening_unserviceable),
            _places(stock=closing.held, unserviceable=closing.unserviceable),
            list_voyages(plan, drawn),
            {
                place: {kind: claims[kind][0, place].tolist() for kind in claim.kinds}
                for place, claim in enumerate(plan.axes.claims)
            },
        )

    def observe_given(
        self, seed: int, runs: Sequence[int], given: Mapping[str, Floats], observation: Observation
    ) -> Floats:
        """Return observables of runs whose inputs are given, shape (runs, observables).

        Parameters
        ----------
        seed : int
        runs : sequence of int
            Run numbers, which name all other draws; a number may occur several times.
        given : mapping of str to array, shape (runs,)
            Values of inputs by path: in base units, dates in days from the start.
        observation : Observation

        Returns
        -------
        array
            nan in runs that fail.
        """
        plan = self.plan
        keep = KeepOptions(0, plan.axes.days, flows=True, entries=observation.needs_origins, planned=False)
        columns = {row: given[path] for path in given for row in plan.rows[path]}
        with using(self.path):
            drawn = draw_block(plan, seed, runs, shelf=self.memory.buffers, given=columns)
            kept = run_account(plan, drawn, keep, self.memory.buffers)
        values = {path: drawn.values[row] for path, row in plan.drawn.items()}
        found = _observed(plan, observation, kept, values)
        found[list(find_failures(plan, drawn, kept))] = np.nan
        return found

    def cell_outcomes(
        self, cells: Cells, seed: int, runs: int, jobs: int | None
    ) -> tuple[Floats, dict[int, str]]:
        """See `Engine.cell_outcomes`."""
        # A number that the engine never reads has no row and no effect.
        rows = [self.plan.rows.get(varied, ()) for varied in cells.paths]
        with using(self.path):
            return run_cells_parallel(self.plan, seed, rows, cells.values, runs, jobs)


def _run(plan: Plan, block: BlockOfRuns, memory: EngineMemory) -> Block:
    whole, days = block.days is None, block.days or range(plan.axes.days)
    path_runs = range(block.runs.start, min(block.runs.stop, PATH_RUNS if SHIPMENTS in block.tables else 0))
    drawn = memory.draw(plan, block, len(path_runs))
    keep = _keep_options(block, days, is_whole=whole)._replace(orders=len(path_runs))
    kept = run_account(plan, drawn, keep, memory.buffers)
    raise_failures(plan, drawn, kept)
    found = counters(plan, kept)
    months = whole and ORIGINS in block.tables
    needed = _keep_options(block._replace(observation=None), days, is_whole=whole)
    values = {path: drawn.values[row] for path, row in sorted(plan.drawn.items())}
    return Block(
        axes=plan.axes,
        runs=tuple(block.runs),
        level=_runs_first(kept.tally.level[:, : needed.last - needed.first]),
        planned=_runs_first(kept.tally.planned[:, : len(days) if DAILY in block.tables else 0]),
        flows={kind: _runs_first(flow) for kind, flow in kept.flows.items() if needed.flows},
        months={key: sums.T for key, sums in monthly_sums(plan, kept).items()} if months else {},
        counters={
            name: found[name].T for name in counted_by_pair(plan.axes.thresholds, plan.axes.added_outcomes)
        },
        met=share_of_requirement(kept).T,
        drawn=values,
        balance=run_balance_errors(plan, drawn.arrivals, kept.tally, kept.closing, kept.orders)
        if months
        else np.zeros(len(block.runs)),
        voyages=_voyages(plan, drawn, path_runs),
        money=kept.orders.money.months.transpose(2, 0, 1)
        if plan.axes.currency and whole and OUTCOMES in block.tables
        else NO_MONEY,
        orders=tuple(
            (run, order) for place, run in enumerate(path_runs) for order in list_orders(plan, kept, place)
        ),
        sums=_sums(plan, kept) if whole and OUTCOMES in block.tables else None,
        observed=None if block.observation is None else _observed(plan, block.observation, kept, values),
        claims=claim_days(plan, kept) if needed.claims else {},
        by_consumer=consumer_outcomes(plan, kept) if whole else {},
    )


def _observed(plan: Plan, observation: Observation, kept: BlockResult, drawn: Mapping[str, Floats]) -> Floats:
    """Return the values of the observables of a block."""
    entries = {}
    if observation.needs_origins:
        entries = {key: kept.tally.entries[row].T for key, row in plan.column_of.items()}
    flows = {kind: _runs_first(flow) for kind, flow in kept.flows.items()}
    return observe(observation, plan.axes, _runs_first(kept.tally.level), flows, entries, drawn)


def _keep_options(block: BlockOfRuns, days: range, *, is_whole: bool) -> KeepOptions:
    """Return what to keep of a block for some tables and observables."""
    tables, observation = block.tables, block.observation
    flows = observation is not None or not {FLOWS, DAILY}.isdisjoint(tables)
    has_level = flows or not {STOCK, PATHS, CONSUMERS}.isdisjoint(tables)
    return KeepOptions(
        days.start,
        days.stop if has_level else days.start,
        flows=flows,
        months=is_whole and ORIGINS in tables,
        totals=is_whole and OUTCOMES in tables,
        planned=DAILY in tables,
        entries=observation is not None and observation.needs_origins,
        claims=CONSUMERS in tables,
        is_whole=is_whole,
    )


def _sums(plan: Plan, kept: BlockResult) -> RunSums:
    """Return the sums of a block, which the account added up in the order of `sum_block`."""
    tally = kept.tally
    totals, planned = rows_by_kind(plan, tally.totals)
    first_flows, first_planned = rows_by_kind(plan, tally.first_flows)
    opening = opening_stock(tally.first_level, first_flows)
    late_requirement, late_fire, _ = tally.late
    return RunSums(
        {kind: total.T for kind, total in totals.items()},
        planned.T,
        opening.T,
        kept.closing.level.T,
        first_planned.T,
        tally.planned[:, -1].T,
        late_fire,
        late_requirement,
    )


def _voyages(plan: Plan, drawn: BlockDraws, runs: range) -> LazyVoyages:
    builders = [voyage_builder(plan, drawn, place) for place in range(len(runs))]

    def build() -> Iterator[tuple[int, Voyage]]:
        return ((run, trip) for run, make in zip(runs, builders, strict=True) for trip in make())

    return LazyVoyages(build)


def _runs_first(figures: Floats) -> Floats:
    """Return an array with its last axis, the runs, moved first."""
    return figures.transpose(figures.ndim - 1, *range(figures.ndim - 1))


def _places(**shells: Floats) -> dict[tuple[int, int, str], float]:
    """Return the stock of each place by pair and origin, from arrays of shape (pairs, origins, runs)."""
    return {
        (pair, origin, place): float(stock[pair, origin, 0])
        for place, stock in shells.items()
        for pair, origin in np.ndindex(*stock.shape[:2])
    }
