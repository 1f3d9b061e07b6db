"""The compiled engine on one engine path: many runs side by side, in threads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from sim.account import Kind, Voyage
from sim.engines.engine import BlockOfRuns, Cells
from sim.ensemble.binning_kernels import assign_bins, count_bins
from sim.ensemble.buffer_pool import BufferPool
from sim.ensemble.engine import (
    BlockDraws,
    KeepOptions,
    balance_errors,
    counters,
    draw_block,
    list_voyages,
    monthly_sums,
    raise_failures,
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
from sim.results.block import PATH_RUNS, Block, LazyVoyages
from sim.results.trace_tables import Entries

Floats = NDArray[np.float64]
_NO_ORIGIN = -1


@dataclass
class CompiledEngine:
    """The compiled engine for one lowered scenario; see `Engine`."""

    name: ClassVar[str] = "compiled"
    backend: ClassVar[Literal["processes", "threading"]] = "threading"
    is_fast: ClassVar[bool] = True
    plan: Plan
    path: EnginePath
    _buffers: BufferPool = field(default_factory=BufferPool, init=False)
    _days: range | None = field(default=None, init=False)

    @property
    def binning(self) -> BinningBackend:
        """Compiled binning: numpy takes a fifth more time for all of a result."""
        return BinningBackend(bound(assign_bins, self.path), bound(count_bins, self.path))

    def allocate(self, shape: tuple[int, ...]) -> Floats:
        """See `Engine.allocate`."""
        return self._buffers.empty(shape)

    def split(self, runs: int, workers: int) -> list[range]:  # noqa: ARG002 - as in the interface
        """See `Engine.split`."""
        size = runs_per_batch(self.plan)
        return [range(first, min(first + size, runs)) for first in range(0, runs, size)]

    def run(self, block: BlockOfRuns) -> Block:
        """See `Engine.run`; daily arrays return to a buffer pool when the block is freed."""
        if block.days != self._days:
            # The sizes of arrays depend on the range of days.
            self._buffers.release_all()
            self._days = block.days
        with using(self.path):
            return _run(self.plan, block, self._buffers)

    def entries(self, seed: int, run: int) -> Entries:
        """See `Engine.entries`."""
        plan = self.plan
        with using(self.path):
            drawn = draw_block(plan, seed, [run], kept=1)
            kept = run_account(plan, drawn, KeepOptions(0, plan.axes.days, flows=True, entries=True))
        raise_failures(plan, drawn, kept)
        columns = {key: kept.tally.entries[row, :, 0].tolist() for key, row in plan.column_of.items()}
        for kind in (Kind.REQUIRED, Kind.UNMET):
            for pair, flow in enumerate(kept.flows[kind][:, :, 0].tolist()):
                columns[pair, _NO_ORIGIN, kind] = flow
        closing = kept.closing
        return Entries(
            plan.axes,
            columns,
            _places(stock=closing.opening, unserviceable=closing.opening_unserviceable),
            _places(stock=closing.held, unserviceable=closing.unserviceable),
            list_voyages(plan, drawn, plan.suppliers),
        )

    def cell_outcomes(
        self, cells: Cells, seed: int, runs: int, jobs: int | None
    ) -> tuple[Floats, dict[int, str]]:
        """See `Engine.cell_outcomes`."""
        # A number that the engine never reads has no row and no effect.
        rows = [self.plan.rows.get(varied, ()) for varied in cells.paths]
        with using(self.path):
            return run_cells_parallel(self.plan, seed, rows, cells.values, runs, jobs)


def _run(plan: Plan, block: BlockOfRuns, buffers: BufferPool) -> Block:
    whole, days = block.days is None, block.days or range(plan.axes.days)
    path_runs = range(block.runs.start, min(block.runs.stop, PATH_RUNS))
    drawn = draw_block(plan, block.seed, block.runs, kept=len(path_runs), shelf=buffers)
    keep = KeepOptions(days.start, days.stop, flows=True, months=whole, is_whole=whole)
    kept = run_account(plan, drawn, keep, buffers)
    raise_failures(plan, drawn, kept)
    found = counters(plan, kept)
    return Block(
        axes=plan.axes,
        runs=tuple(block.runs),
        level=_runs_first(kept.tally.level),
        planned=_runs_first(kept.tally.planned),
        flows={kind: _runs_first(flow) for kind, flow in kept.flows.items()},
        months={key: sums.T for key, sums in monthly_sums(plan, kept).items()},
        counters={name: found[name].T for name in counted_by_pair(plan.axes.thresholds)},
        met=share_of_requirement(kept).T,
        drawn={path: drawn.values[row] for path, row in sorted(plan.drawn.items())},
        balance=balance_errors(plan, drawn, kept) if whole else np.zeros(len(block.runs)),
        voyages=_voyages(plan, drawn, path_runs),
    )


def _voyages(plan: Plan, drawn: BlockDraws, runs: range) -> LazyVoyages:
    builders = [voyage_builder(plan, drawn, plan.suppliers, place) for place in range(len(runs))]

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
