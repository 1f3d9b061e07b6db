"""The compiled engine as Python sees it: a block of runs, from what is drawn to what is kept.

`draw` makes what does not depend on what happens at home, `carry_out` the account. A study that varies a
number redoes what depends on that number and nothing else: see `Changes`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.account import HELD, INTO_STOCK, OUT_OF_STOCK, SUSTAINED_DAYS, Kind, Voyage
from sim.ensemble.account import Cells, Closing, Daily, make
from sim.ensemble.arrays import lined_up
from sim.ensemble.balance import errors
from sim.ensemble.failures import no_shells, too_full, too_many_voyages, without_shells
from sim.ensemble.happenings import happen
from sim.ensemble.inputs import lead, vary, world
from sim.ensemble.limits import Reasons, cut_draws, of_offers, of_series, reported, together, too_often
from sim.ensemble.lowered import Laws, Lowered, Plan
from sim.ensemble.native import warm_up
from sim.ensemble.shelf import Shelf
from sim.ensemble.summary import TOTALLED
from sim.ensemble.supply import Arrivals, Happened, arrive
from sim.ensemble.tally import Tally, outcome_names
from sim.errors import RunError
from sim.units import SECONDS_PER_DAY

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
#: Runs that are carried out side by side: enough for the processor's vectors, few enough for its caches.
AT_A_TIME, FEWEST_AT_A_TIME = 128, 16
#: Bytes by day that a block may have before fewer runs are carried out side by side.
BLOCK_BYTES = 1 << 26
#: Kinds that have no column of their own, or that no table shows.
_APART = (Kind.FIRED, Kind.REQUIRED, Kind.UNMET)
_MOVED = (*INTO_STOCK, *OUT_OF_STOCK)


def at_a_time(plan: Plan) -> int:
    """Return how many runs to carry out side by side where all flows are kept day by day."""
    # Level and plan, and what was required, fired and unmet.
    rows = len(plan.axes.pairs) * (len(_with_columns(plan)) + 5)
    fitting = BLOCK_BYTES // (8 * rows * plan.axes.days)
    return min(AT_A_TIME, max(FEWEST_AT_A_TIME, fitting // FEWEST_AT_A_TIME * FEWEST_AT_A_TIME))


@dataclass(frozen=True)
class Drawn:
    """What a block of runs takes for granted.

    Attributes
    ----------
    seed : int
    runs : array of int
        Run numbers.
    laws : Laws
        Of the plan, or as a study varies them.
    values : array, shape (quantities, runs)
    happened : Happened
    variation : array, shape (consumers, days, runs)
    due : array, shape (dues, days, runs)
    leads : array of int, shape (leads, days, runs)
    arrivals : Arrivals
    amiss : dict of int to dict of str to str
        Why runs fail by a number that is out of range, by place and path.
    """

    seed: np.uint64
    runs: NDArray[np.uint64]
    laws: Laws
    values: Floats
    happened: Happened
    variation: Floats
    due: Floats
    leads: Ints
    arrivals: Arrivals
    amiss: Reasons


class Keep(NamedTuple):
    """What is kept of a block besides its outcomes.

    Attributes
    ----------
    first, last : int
        Days, the last exclusive, for which levels are kept.
    flows, months, entries : bool
        Whether flows are kept for these days too; sums by origin and month; every column day by day.
    whole : bool
        Whether the account goes on to the end; else it stops after `last`, and has no outcomes.
    """

    first: int = 0
    last: int = 0
    flows: bool = False
    months: bool = False
    entries: bool = False
    whole: bool = True

    @property
    def books(self) -> bool:
        """Whether more is asked for than levels and outcomes."""
        return self.flows or self.months or self.entries


@dataclass(frozen=True)
class Kept:
    """What came out of a block of runs.

    Attributes
    ----------
    tally : Tally
    closing : Closing
    flows : mapping of Kind to array, shape (pairs, days, runs)
        Empty where not kept.
    """

    tally: Tally
    closing: Closing
    flows: Mapping[Kind, Floats]


def draw(
    plan: Plan,
    seed: int,
    runs: Sequence[int],
    *,
    kept: int = 0,
    laws: Laws | None = None,
    shelf: Shelf | None = None,
) -> Drawn:
    """Draw what a block of runs takes for granted.

    Parameters
    ----------
    plan : Plan
    seed : int
    runs : sequence of int
        Run numbers.
    kept : int
        Voyages are kept of so many runs, from the first on.
    laws : Laws, optional
        In place of the plan's.
    shelf : Shelf, optional
        From which variation and arrivals by day are taken.
    """
    warm_up.start()
    shelf = Shelf() if shelf is None else shelf
    numbers = np.array(list(runs), dtype=np.uint64)
    key, given = np.uint64(seed), plan.low.laws if laws is None else laws
    low, days = plan.low, plan.axes.days
    values = _with_rows(plan, world(given, key, numbers), runs)
    large = cut_draws(plan, values)
    first, begins, ends, strength, factors, often = happen(given, low.happens, days, key, numbers, values)
    happened = Happened(first, begins, ends, strength, factors)
    variation = vary(low.home.consumers, days, key, numbers, values, shelf)
    due, leads = lead(given, low.courses, low.home, low.sizes, key, numbers, values, happened.factors)
    depots = len(low.home.depots)
    abroad = low.courses, low.abroad, low.sizes, depots
    arrivals, beyond = arrive(given, *abroad, key, numbers, values, happened, kept, shelf)
    amiss = together(large, too_often(plan, often), of_offers(plan, beyond))
    return Drawn(key, numbers, given, values, happened, variation, due, leads, arrivals, amiss)


def carry_out(
    plan: Plan,
    drawn: Drawn,
    keep: Keep = Keep(),  # noqa: B008 - it cannot change
    shelf: Shelf | None = None,
) -> Kept:
    """Make the account of a block of runs; what is kept day by day is taken from the shelf."""
    low = plan.low if keep.books else plan.summary
    tally, kinds = _tally(plan, len(drawn.runs), keep, Shelf() if shelf is None else shelf)
    alone = Cells(_NO_ROWS, np.zeros((1, 0)), tally.outcomes[:, np.newaxis].copy(), _none_full(1, drawn))
    closing = _account(low, drawn, drawn.values, tally, _until(plan, keep), alone)
    pairs = len(plan.axes.pairs)
    flows = {kind: tally.flows[pairs * k : pairs * (k + 1)] for k, kind in enumerate(kinds)}
    return Kept(tally, closing, flows if keep.flows else {})


def carry_cells(plan: Plan, drawn: Drawn, rows: Sequence[int], numbers: Floats) -> tuple[Floats, Ints]:
    """Make the account of a block of runs in many cells, in each of which some of what was drawn is set.

    Parameters
    ----------
    plan : Plan
    drawn : Drawn
    rows : sequence of int, length changes
        Rows of `Drawn.values`.
    numbers : array, shape (cells, changes)

    Returns
    -------
    outcomes : array, shape (outcomes, cells, runs)
        By `tally.outcome_names`; days are infinite where never.
    full : array of int, shape (cells, runs)
        As `Closing.full`.
    """
    tally, _ = _tally(plan, len(drawn.runs), Keep(), Shelf())
    shape = len(tally.outcomes), len(numbers), len(drawn.runs)
    cells = Cells(np.array(rows, dtype=np.int64), numbers, np.empty(shape), _none_full(len(numbers), drawn))
    _account(plan.summary, drawn, drawn.values.copy(), tally, plan.axes.days, cells)
    return cells.outcomes, cells.full


_NO_ROWS = np.zeros(0, dtype=np.int64)
_NONE: Mapping[int, str] = MappingProxyType({})


def _none_full(cells: int, drawn: Drawn) -> Ints:
    return np.full((cells, len(drawn.runs)), -1, dtype=np.int64)


def _account(low: Lowered, drawn: Drawn, values: Floats, tally: Tally, until: int, cells: Cells) -> Closing:
    daily = Daily(drawn.variation, drawn.due, drawn.leads, until)
    return make(low, values, drawn.happened, daily, drawn.arrivals, tally, cells)


def balance_errors(plan: Plan, drawn: Drawn, kept: Kept) -> Floats:
    """Return the largest error of the account of each run, relative to gross turnover."""
    return errors(plan, drawn.arrivals, kept.tally, kept.closing)


def voyages(plan: Plan, drawn: Drawn, suppliers: Sequence[str], run: int = 0) -> list[Voyage]:
    """Return the voyages and lots of the run at a place in the block, of which they were kept."""
    rows, low = drawn.arrivals.trips, plan.low
    horizon = plan.axes.days * SECONDS_PER_DAY
    each = [_sum(of_supplier) for of_supplier in drawn.arrivals.each[:, :, run].tolist()]
    in_containers = low.abroad.suppliers["containers"].tolist()
    found = []
    for (s, place, leg, vehicle, departed, arrived), cargo in zip(
        rows.whole[: rows.count].tolist(), rows.real[: rows.count].tolist(), strict=True
    ):
        if place == run:
            found.append(
                Voyage(
                    suppliers[s],
                    None if leg < 0 else leg,
                    None if vehicle < 0 else vehicle,
                    departed,
                    arrived if arrived < horizon else None,
                    cargo if in_containers[s] else None,
                    cargo * each[s],
                )
            )
    return sorted(found, key=lambda voyage: suppliers.index(voyage.supplier))


def _sum(numbers: Sequence[float]) -> float:
    total = 0.0
    for number in numbers:
        total += number
    return total


def _with_rows(plan: Plan, values: Floats, runs: Sequence[int]) -> Floats:
    """Put joint samples in the place of what is drawn once a run."""
    for rows, sample in plan.joint:
        for place, run in enumerate(runs):
            values[list(rows), place] = sample[run % len(sample)]
    return values


def failures(plan: Plan, drawn: Drawn, kept: Kept) -> dict[int, str]:
    """Return why runs could not be carried through, by place in the block, in the words of the model."""
    full = np.flatnonzero(kept.closing.full >= 0).tolist()
    crowded = {place: too_full(plan, kept.closing, place) for place in full}
    at_home = of_series(plan, drawn.values, drawn.happened.factors)
    return failures_of(plan, drawn, at_home, crowded)


def failures_of(
    plan: Plan, drawn: Drawn, at_home: Reasons, crowded: Mapping[int, str] = _NONE
) -> dict[int, str]:
    """Return as `failures` what is known without the account.

    Parameters
    ----------
    at_home : Reasons
        Numbers a day that are out of range.
    crowded : mapping of int to str
        Depots that are too full at the start.
    """
    cargo, voyages = _failures_abroad(plan, drawn)
    # In the order in which the model finds them, the last first.
    return {**voyages, **crowded, **reported(together(drawn.amiss, at_home)), **cargo}


def _failures_abroad(plan: Plan, drawn: Drawn) -> tuple[dict[int, str], dict[int, str]]:
    empty, failed = without_shells(plan, drawn.values), drawn.arrivals.failed
    return (
        {place: no_shells(plan, int(empty[place])) for place in np.flatnonzero(empty >= 0).tolist()},
        {place: too_many_voyages(plan, int(failed[place])) for place in np.flatnonzero(failed >= 0).tolist()},
    )


def check(plan: Plan, drawn: Drawn, kept: Kept) -> None:
    """Raise where a run could not be carried through.

    Raises
    ------
    RunError
        Naming the first such run of the block.
    """
    found = failures(plan, drawn, kept)
    if found:
        place = min(found)
        raise RunError(f"run {int(drawn.runs[place])}: {found[place]}")


def _until(plan: Plan, keep: Keep) -> int:
    """Return the day up to which the account is made: a chunk of days needs no more than what leads to it."""
    return plan.axes.days if keep.whole else keep.last


def _tally(plan: Plan, runs: int, keep: Keep, shelf: Shelf) -> tuple[Tally, tuple[Kind, ...]]:
    axes = plan.axes
    pairs, origins, columns = len(axes.pairs), len(axes.origins), len(plan.columns)
    kept = keep.last - keep.first
    own = _with_columns(plan)
    kinds = (*own, Kind.REQUIRED, Kind.FIRED, Kind.UNMET)
    flow_of = np.array(
        [own.index(Kind(kind)) * pairs + pair if kind in own else -1 for pair, _, kind in plan.columns],
        dtype=np.int64,
    )
    month = plan.month
    months = int(month[-1]) + 1 if keep.months else 0
    summed = columns if keep.books else 0
    daily = kept if keep.flows else 0
    entered = kept if keep.entries else 0
    covers = np.array([*axes.thresholds, 1.0])
    tally = Tally(
        covers=covers,
        falling=np.argsort(-covers, kind="stable"),
        consuming=np.array(axes.consuming, dtype=np.int64),
        first=lined_up((len(covers), pairs, runs), np.inf),
        waiting=np.full((len(covers) + 1, pairs), runs, dtype=np.int64),
        rationed=lined_up((pairs, runs), np.inf),
        fire=lined_up((pairs, runs)),
        wanted=lined_up((pairs, runs)),
        required=lined_up((pairs, runs)),
        fired=lined_up((pairs, runs)),
        unmet=lined_up((pairs, runs)),
        sums=lined_up((summed, runs)),
        lost=lined_up((summed, runs)),
        months=lined_up((columns, months, runs)),
        held=np.empty((len(plan.holders), months, runs)),
        holders=plan.holders,
        month=month,
        level=shelf.empty((pairs, kept, runs)),
        planned=shelf.empty((pairs, daily, runs)),
        flows=shelf.empty((len(kinds) * pairs, daily, runs)),
        flow_of=flow_of,
        entries=np.empty((columns, entered, runs)),
        held_daily=np.empty((pairs, origins, entered, runs)),
        first_kept=np.array([keep.first], dtype=np.int64),
        outcomes=lined_up((len(outcome_names(axes)), runs)),
        total_of=_total_of(plan),
    )
    return tally, kinds


def _with_columns(plan: Plan) -> tuple[Kind, ...]:
    present = {kind for _, _, kind in plan.columns}
    return tuple(kind for kind in Kind if kind in present and kind not in _APART)


def _total_of(plan: Plan) -> Ints:
    names = outcome_names(plan.axes)
    return np.array(
        [names.index(kind) if kind in TOTALLED else -1 for _, _, kind in plan.columns], dtype=np.int64
    )


def month_sums(plan: Plan, kept: Kept) -> dict[tuple[int, int, str], Floats]:
    """Return sums by pair, origin and kind over months, shape (months, runs); and what is held."""
    tally = kept.tally
    sums = {key: tally.months[column] for column, key in enumerate(plan.columns) if key[2] in _MOVED}
    return sums | {(*at, HELD): held for at, held in zip(plan.holders.tolist(), tally.held, strict=True)}


def sustained(kept: Kept, days: int) -> tuple[Floats, Floats]:
    """Return sustained fire and its share of the requirement, shape (pairs, runs) (rule 31)."""
    fire, wanted = kept.tally.fire, kept.tally.wanted
    met = np.divide(fire, wanted, out=np.full(fire.shape, np.nan), where=wanted > 0.0)
    return fire / min(SUSTAINED_DAYS, days), met
