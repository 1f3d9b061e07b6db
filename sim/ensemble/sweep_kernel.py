"""Outcomes of many cells (points of a sweep) under common random numbers.

Each cell sets some numbers. If only the daily account reads a number (a rate, a stock, a cover), cells reuse
the same voyages, events and daily variation. Other numbers require new draws, once for all cells that share
their values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from sim.ensemble.accumulators import outcome_names
from sim.ensemble.buffer_pool import BufferPool
from sim.ensemble.draw_cache import rows_of_parts
from sim.ensemble.engine import BlockDraws, draw_block, failures_of, find_failures, run_account, run_cells
from sim.ensemble.pool import count_workers, map_blocks
from sim.ensemble.range_checks import are_in_range, series_failures
from sim.ensemble.scenario_tables import Floats, LawTables, Plan, Records
from sim.scenario.laws import EXPONENTIAL, FIXED

#: Runs computed side by side; a multiple of the CPU's vector length.
RUNS_PER_BATCH = 112


def run_cell_batch(
    plan: Plan,
    seed: int,
    runs: Sequence[int],
    rows: Sequence[Sequence[int]],
    cells: Floats,
    found: Floats,
    shelf: BufferPool,
) -> dict[int, str]:
    """Compute the outcomes of every cell in a block of runs, which have the same draws in every cell.

    `cells` has the values of the varied numbers, shape (cells, varied), and `rows` the rows of each in the
    plan. Write the outcomes to `found`, shape (outcomes, cells, runs) in order of `outcome_names`, nan for
    failed runs; return the reason of the first failed run of each cell with failures.
    """
    reasons: dict[int, str] = {}
    # Rows that draws and suppliers read; only the daily account reads all others.
    read_early = frozenset().union(*rows_of_parts(plan))
    first = [column for column, varied in enumerate(rows) if read_early.intersection(varied)]
    for early, members in _group_equal_cells(cells, first):
        laws = fix_laws(plan, [rows[column] for column in first], early)
        drawn = draw_block(plan, seed, runs, laws=laws, shelf=shelf)
        later = [column for column in range(len(rows)) if column not in first]
        changed = [row for column in later for row in rows[column]]
        numbers = np.empty((len(members), len(changed)))
        of_change = [column for column in later for _ in rows[column]]
        for place, column in enumerate(of_change):
            numbers[:, place] = cells[members, column] - plan.tables.laws.quantities[changed[place]]["less"]
        is_whole = len(members) == len(cells) and found.flags.c_contiguous
        outcomes, full = run_cells(plan, drawn, changed, numbers, found if is_whole else None)
        if not is_whole:
            found[:, members] = outcomes
        early_failures = failures_of(plan, drawn, {})
        small = _are_cells_in_range(plan, drawn, changed, numbers)
        for place, cell in enumerate(members):
            failed = early_failures
            if (full[place] >= 0).any():
                cell_draws = _set_values(drawn, changed, numbers[place])
                failed = find_failures(plan, cell_draws, run_account(plan, cell_draws))
            elif not small:
                values = _set_values(drawn, changed, numbers[place]).values
                failed = failures_of(plan, drawn, series_failures(plan, values, drawn.windows.factors))
            if failed:
                found[:, cell, list(failed)] = np.nan
                reasons[cell] = f"run {runs[min(failed)]}: {failed[min(failed)]}"
        # Free its buffers for the next draw.
        del drawn
    return reasons


def run_cells_parallel(
    plan: Plan, seed: int, rows: Sequence[Sequence[int]], cells: Floats, runs: int, jobs: int | None
) -> tuple[Floats, dict[int, str]]:
    """Compute the outcomes of every cell in runs 0 to `runs` - 1, in `jobs` threads; see `run_cell_batch`."""
    blocks = [range(first, min(first + RUNS_PER_BATCH, runs)) for first in range(0, runs, RUNS_PER_BATCH)]
    used = count_workers(jobs, runs * len(cells))
    # With fewer blocks of runs than cores, split the cells as well.
    step = -(-len(cells) // max(1, used // len(blocks)))
    spans = [range(first, min(first + step, len(cells))) for first in range(0, len(cells), step)]

    found = np.empty((len(outcome_names(plan.axes)), len(cells), runs))

    def work(share: tuple[range, range]) -> dict[int, str]:
        span, block = share
        own = found[:, span.start : span.stop, block.start : block.stop]
        return run_cell_batch(plan, seed, block, rows, cells[span.start : span.stop], own, shelf)

    shelf, shares = BufferPool(), [(span, block) for span in spans for block in blocks]
    done = list(map_blocks(work, shares, used, "threading"))
    reasons: dict[int, str] = {}
    for (span, _), why in zip(shares, done, strict=True):
        for place, reason in why.items():
            reasons.setdefault(span.start + place, reason)
    return found, reasons


def fix_laws(plan: Plan, rows: Sequence[Sequence[int]], values: Sequence[float]) -> LawTables:
    """Return the laws with some numbers set to values: fixed, or the mean of an exponential gap."""
    laws = plan.tables.laws
    if not rows:
        return laws
    quantities: Records = laws.quantities.copy()
    for varied, value in zip(rows, values, strict=True):
        for row in varied:
            quantities[row]["law"] = EXPONENTIAL if row in plan.gaps else FIXED
            quantities[row]["a"], quantities[row]["b"], quantities[row]["c"] = value, np.inf, 1.0
    return laws._replace(quantities=quantities)


def _are_cells_in_range(plan: Plan, drawn: BlockDraws, changed: Sequence[int], numbers: Floats) -> bool:
    """Return whether bounds show that all daily numbers are in range in every cell."""
    values = drawn.values.copy()
    for row, column in zip(changed, numbers.T, strict=True):
        # A quotient is largest where its divisor is smallest.
        values[row] = column.min() if row in plan.divisors else column.max()
    return are_in_range(plan, values, drawn.windows.factors)


def _set_values(drawn: BlockDraws, changed: Sequence[int], numbers: Floats) -> BlockDraws:
    """Return the draws with the numbers of one cell set."""
    cell_draws = replace(drawn, values=drawn.values.copy())
    cell_draws.values[list(changed)] = numbers[:, np.newaxis]
    return cell_draws


def _group_equal_cells(
    cells: Floats, columns: Sequence[int]
) -> Iterator[tuple[tuple[float, ...], list[int]]]:
    """Yield groups of cells with equal values in some columns."""
    if not columns:
        yield (), list(range(len(cells)))
        return
    groups: dict[tuple[float, ...], list[int]] = {}
    for cell, values in enumerate(cells[:, list(columns)].tolist()):
        groups.setdefault(tuple(values), []).append(cell)
    yield from groups.items()
