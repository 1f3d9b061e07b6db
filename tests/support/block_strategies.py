"""Random blocks of runs, and functions to slice them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.account import Axes, Kind, Pair
from sim.outcomes import threshold_name
from sim.results import daily_bands
from sim.results.block import Block, MonthKey
from sim.results.ensemble_results import Ensemble
from sim.results.result import Result

Floats = NDArray[np.float64]
DAYS = 7
AXES = Axes(
    start=dt.date(2024, 1, 28),
    days=DAYS,
    pairs=(Pair("front", "152mm"), Pair("rear", "152mm")),
    origins=("initial", "maker"),
    consuming=(True, True),
    thresholds=(30.0,),
)
#: More than `MAX_EXACT_RUNS`, so that bands are read from histograms; not a multiple of a page.
MANY_RUNS = daily_bands.MAX_EXACT_RUNS + 3_001


def by_place(months: Mapping[str, Floats]) -> dict[MonthKey, Floats]:
    """Return figures by month, shape (runs, pairs, origins, months), in the format of a block."""
    return {
        (pair, origin, kind): values[:, pair, origin]
        for kind, values in months.items()
        for pair, origin in np.ndindex(values.shape[1:3])
    }


def counters(
    thresholds: Iterable[float], *, below: Floats, exhausted: Floats, rationed: Floats, fire: Floats
) -> dict[str, Floats]:
    """Return the counters of a block; `below` has the shape (runs, pairs, thresholds)."""
    first = {f"below_{threshold_name(cover)}": below[:, :, k] for k, cover in enumerate(thresholds)}
    return {"exhausted": exhausted, "rationed_from": rationed, **first, "sustained_fire": fire}


def draw_block(draw: np.random.Generator, runs: int, first: int = 0) -> Block:
    """Return runs of two pairs; one flow is constant over runs, and one is zero in most."""
    shape = (runs, 2, DAYS)
    landed = np.where(draw.random(shape) < 0.8, 0.0, draw.exponential(9e4, shape))
    first_days = np.where(draw.random((runs, 2)) < 0.5, np.floor(draw.random((runs, 2)) * DAYS), np.inf)
    return Block(
        axes=AXES,
        runs=tuple(range(first, first + runs)),
        level=draw.normal(4e6, 3e5, shape),
        planned=np.full(shape, 6e4),
        flows={Kind.FIRED: draw.random(shape) * 6e4, Kind.REQUIRED: np.full(shape, 6e4), Kind.LANDED: landed},
        months=by_place({kind: draw.random((runs, 2, 2, 2)) for kind in ("fired", "held")}),
        counters=counters(
            AXES.thresholds,
            below=first_days[:, :, np.newaxis],
            exhausted=first_days,
            rationed=np.full((runs, 2), np.inf),
            fire=draw.random((runs, 2)),
        ),
        met=np.full((runs, 2), np.nan),
        drawn={"production.maker.rate": draw.random(runs), "depots.front.stock": np.full(runs, 4e6)},
        balance=draw.random(runs) * 1e-15,
        voyages=(),
    )


def slice_block(block: Block, first: int, last: int) -> Block:
    """Return a slice of the runs of a block, as views of runs-contiguous memory."""

    def cut(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: cut(inner) for key, inner in value.items()}
        if isinstance(value, np.ndarray):
            return np.moveaxis(np.ascontiguousarray(np.moveaxis(value[first:last], 0, -1)), -1, 0)
        return value

    values = {field.name: cut(getattr(block, field.name)) for field in dataclasses.fields(block)}
    return Block(**{**values, "runs": block.runs[first:last]})


def cut_block(block: Block, sizes: Iterable[int]) -> Iterator[Block]:
    """Yield a block in pieces of `sizes`, then the rest."""
    first = 0
    for size in sizes:
        if first + size < len(block.runs):
            yield slice_block(block, first, first + size)
            first += size
    yield slice_block(block, first, len(block.runs))


def make_result(ensemble: Ensemble) -> Result:
    return Result(ensemble=ensemble, title="Made", seed=1, engine="simpy", scenario_text="schema: 1\n")


def result_files(ensemble: Ensemble) -> dict[str, bytes]:
    return make_result(ensemble).files()
