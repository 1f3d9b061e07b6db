"""Runs gathered in blocks give the same ensemble however they are cut, and bands within the error stated."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.account import Axes, Kind, Pair
from sim.errors import InputError
from sim.results import Result, digest, gathering, histogram, read_folder, tables
from sim.results.block import Block, join
from sim.results.ensemble import EXACT, Bands, Ensemble
from sim.results.gathering import FLOW_PERCENTS, LEVEL_PERCENTS, gather
from sim.results.histogram import PILOT
from sim.results.storage import check_folder, sealed

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
#: More than is kept, so that bands come from histograms; and no multiple of a page.
MANY = gathering.EXACT_RUNS + 3_001


def runs_of(draw: np.random.Generator, runs: int, first: int = 0) -> Block:
    """Return runs of two pairs in which one flow is the same in every run, and one is zero in most."""
    shape = (runs, 2, DAYS)
    landed = np.where(draw.random(shape) < 0.8, 0.0, draw.exponential(9e4, shape))
    first_days = np.where(draw.random((runs, 2)) < 0.5, np.floor(draw.random((runs, 2)) * DAYS), np.inf)
    return Block(
        axes=AXES,
        runs=tuple(range(first, first + runs)),
        level=draw.normal(4e6, 3e5, shape),
        planned=np.full(shape, 6e4),
        flows={Kind.FIRED: draw.random(shape) * 6e4, Kind.REQUIRED: np.full(shape, 6e4), Kind.LANDED: landed},
        months={"fired": draw.random((runs, 2, 2, 2)), "held": draw.random((runs, 2, 2, 2))},
        below=first_days[:, :, np.newaxis],
        exhausted=first_days,
        rationed=np.full((runs, 2), np.inf),
        fire=draw.random((runs, 2)),
        met=np.full((runs, 2), np.nan),
        drawn={"production.maker.rate": draw.random(runs), "depots.front.stock": np.full(runs, 4e6)},
        balance=draw.random(runs) * 1e-15,
        voyages=(),
    )


def part(block: Block, first: int, last: int) -> Block:
    """Return some of the runs of a block, as views of memory in which runs lie side by side."""

    def cut(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: cut(inner) for key, inner in value.items()}
        if isinstance(value, np.ndarray):
            return np.moveaxis(np.ascontiguousarray(np.moveaxis(value[first:last], 0, -1)), -1, 0)
        return value

    values = {field.name: cut(getattr(block, field.name)) for field in dataclasses.fields(block)}
    return Block(**{**values, "runs": block.runs[first:last]})


def cuts(block: Block, sizes: Iterable[int]) -> Iterator[Block]:
    """Yield a block in pieces of these sizes, the last of which is the rest."""
    first = 0
    for size in sizes:
        if first + size < len(block.runs):
            yield part(block, first, first + size)
            first += size
    yield part(block, first, len(block.runs))


def result(ensemble: Ensemble) -> Result:
    return Result(ensemble=ensemble, title="Made", seed=1, engine="simpy", scenario_text="schema: 1\n")


def files(ensemble: Ensemble) -> dict[str, bytes]:
    return result(ensemble).files()


@pytest.fixture(scope="module")
def few() -> Block:
    return runs_of(np.random.default_rng(1), 300)


@pytest.fixture(scope="module")
def many() -> Block:
    return runs_of(np.random.default_rng(2), MANY)


@pytest.fixture(scope="module")
def counted(many: Block) -> Ensemble:
    return gather([many], MANY)


# However the runs are cut


def test_the_quantiles_of_few_runs_are_those_of_the_sorted_runs(few: Block) -> None:
    found = gather(cuts(few, [1, 128, 7, 64]), 300)
    assert found.method == EXACT
    for bands, values, percents in (
        (found.level, few.level, LEVEL_PERCENTS),
        *((found.flows[kind], few.flows[kind], FLOW_PERCENTS) for kind in few.flows),
    ):
        ordered = np.sort(values, axis=0)
        assert list(bands.quantiles) == list(percents)
        for percent in percents:
            assert np.array_equal(bands.quantiles[percent], ordered[math.ceil(300 * percent / 100) - 1])
        np.testing.assert_allclose(bands.mean, values.mean(axis=0), rtol=1e-13)


@pytest.mark.parametrize("sizes", [[1] * 300, [299], [64, 128, 64], [1, 2, 3]])
def test_the_blocks_of_few_runs_change_no_byte(few: Block, sizes: list[int]) -> None:
    assert files(gather(cuts(few, sizes), 300)) == files(gather([few], 300))


@pytest.mark.parametrize("sizes", [[128] * 200, [PILOT, 1, PILOT - 1], [12_999]])
def test_the_blocks_of_many_runs_change_no_byte(many: Block, counted: Ensemble, sizes: list[int]) -> None:
    assert files(gather(cuts(many, sizes), MANY)) == files(counted)


def test_one_month_of_one_origin_changes_no_byte_either(few: Block) -> None:
    axes = dataclasses.replace(AXES, start=dt.date(2024, 3, 1), origins=("initial",))
    small = dataclasses.replace(few, axes=axes, months={"fired": few.months["fired"][:, :, :1, :1]})
    assert files(gather(cuts(small, [3, 40, 5, 129]), 300)) == files(gather([small], 300))


@pytest.mark.parametrize("runs", [300, MANY])
def test_days_made_in_several_turns_are_the_same(
    few: Block, many: Block, runs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = few if runs == 300 else many
    asked: list[range] = []

    def again(days: range) -> Iterator[Block]:
        asked.append(days)
        span = slice(days.start, days.stop)
        flows = {kind: flow[:, :, span] for kind, flow in whole.flows.items()}
        yield from cuts(dataclasses.replace(whole, level=whole.level[:, :, span], flows=flows), [100, 100])

    expected = files(gather([whole], runs))
    # Of each day six rows, of which four are not the same in every run.
    day = 6 * (8 * runs if runs == 300 else histogram.BYTES)
    monkeypatch.setattr(gathering, "BUDGET", 3 * day)
    assert files(gather(cuts(whole, [50] * 3), runs, again)) == expected
    assert asked == [range(3, 6), range(6, 7)]


def test_a_kind_that_comes_up_late_was_zero_before(few: Block) -> None:
    first, last = part(few, 0, 100), part(few, 100, 300)
    without = dataclasses.replace(first, flows={}, months={})
    zeros = {key: np.zeros_like(values) for key, values in first.flows.items()}
    months = {key: np.zeros_like(values) for key, values in first.months.items()}
    with_zeros = dataclasses.replace(first, flows=zeros, months=months)
    assert files(gather([without, last], 300)) == files(gather([with_zeros, last], 300))
    assert (
        files(gather([last, without], 300))["flows.csv"]
        == files(gather([last, with_zeros], 300))["flows.csv"]
    )


def test_single_runs_are_kept_while_they_are_few(few: Block, counted: Ensemble) -> None:
    kept = result(gather(cuts(few, [128, 128]), 300))
    assert np.array_equal(kept.block.level, few.level)
    assert len(kept.daily) == 300 * DAYS * 2 * 13
    large = result(dataclasses.replace(counted, axes=dataclasses.replace(AXES, days=3_000), block=None))
    with pytest.raises(InputError, match="rows; ask for it with fewer runs"):
        _ = large.daily


# The error of histograms


def gathered_days(values: Floats, sizes: int = 128) -> tuple[Bands, str]:
    """Return the bands of levels given as an array (runs, days), and how they were made."""
    runs, days = values.shape
    axes = dataclasses.replace(AXES, days=days, pairs=AXES.pairs[:1], consuming=(True,))
    nothing, never = np.zeros((runs, 1)), np.full((runs, 1), np.inf)
    whole = Block(
        axes=axes,
        runs=tuple(range(runs)),
        level=values[:, np.newaxis],
        planned=np.zeros((runs, 1, days)),
        flows={},
        months={},
        below=never[:, :, np.newaxis],
        exhausted=never,
        rationed=never,
        fire=nothing,
        met=np.full((runs, 1), np.nan),
        drawn={},
        balance=np.zeros(runs),
        voyages=(),
    )
    found = gather(cuts(whole, [sizes] * (runs // sizes)), runs)
    return found.level, found.method


def exact(values: Floats, percent: int) -> Floats:
    """Return the inverted-CDF quantile by day, from the sorted runs."""
    found: Floats = np.sort(values, axis=0)[math.ceil(len(values) * percent / 100) - 1]
    return found


def allowed(values: Floats) -> Floats:
    """Return the error that `histogram.METHOD` states, by day, from the first runs alone."""
    pilot = np.sort(values[:PILOT], axis=0)
    low, high = (pilot[math.ceil(PILOT * percent / 100) - 1] for percent in (2, 98))
    return np.asarray(np.maximum((high - low) / 1000, 1e-9 * np.maximum(1.0, np.abs(high))))


LAWS: dict[str, Callable[[np.random.Generator, tuple[int, int]], NDArray[np.floating[Any]]]] = {
    "uniform": lambda draw, shape: draw.random(shape) * 1e5,
    "normal, far from zero": lambda draw, shape: draw.normal(4e9, 1.0, shape),
    "heavy tail": lambda draw, shape: draw.pareto(0.7, shape) * 1e3,
    "lognormal": lambda draw, shape: draw.lognormal(8.0, 2.0, shape),
    "two humps": lambda draw, shape: np.where(
        draw.random(shape) < 0.5, draw.normal(10.0, 1.0, shape), draw.normal(1e6, 1.0, shape)
    ),
    "rounding": lambda draw, shape: 4e6 * (1.0 + draw.integers(-3, 4, shape) * 2.0**-52),
    "negative": lambda draw, shape: draw.normal(-7.0, 2.0, shape),
}


@pytest.mark.parametrize("law", LAWS)
def test_each_band_is_within_the_error_stated(law: str) -> None:
    values = np.asarray(LAWS[law](np.random.default_rng(len(law)), (20_000, 5)), dtype=np.float64)
    found, method = gathered_days(values)
    assert method == histogram.METHOD
    for percent, band in found.quantiles.items():
        assert (np.abs(band[0] - exact(values, percent)) <= allowed(values)).all(), percent
    np.testing.assert_allclose(found.mean[0], values.mean(axis=0), rtol=1e-12)


def test_bands_of_a_smooth_law_are_where_the_law_has_them() -> None:
    # The quantile of n runs lies at its share of the law, give or take the error of a count.
    runs = 40_000
    found, _ = gathered_days(np.random.default_rng(4).random((runs, 3)))
    for percent, band in found.quantiles.items():
        p = percent / 100
        assert band[0] == pytest.approx([p] * 3, abs=4 * math.sqrt(p * (1 - p) / runs) + 1e-3)


@pytest.mark.parametrize("share", [0.03, 0.3, 0.6, 0.93, 0.99, 0.9999])
@pytest.mark.parametrize("atom", [0.0, 6_844.6, 1e5])
def test_a_number_that_many_runs_share_is_met_to_the_last_digit(share: float, atom: float) -> None:
    draw = np.random.default_rng(5)
    values = np.where(draw.random((20_000, 4)) < share, atom, draw.random((20_000, 4)) * 1e5)
    found, _ = gathered_days(values)
    for percent, band in found.quantiles.items():
        right = exact(values, percent)
        assert (np.abs(band[0] - right) <= allowed(values)).all()
        # Where the rank falls on the atom with a thousandth of the runs to spare on either side.
        ordered = np.sort(values, axis=0)
        near = [ordered[math.ceil(20_000 * percent / 100) - 1 + step] for step in (-20, 20)]
        inside = (near[0] == atom) & (near[1] == atom)
        lone = inside & (share >= 0.3)
        assert (band[0][lone] == atom).all(), percent


def test_what_is_the_same_in_nearly_every_run_is_exact() -> None:
    values = np.full((20_000, 3), 1 / 3)
    values[7_000, 0], values[15_000, 1] = 5e6, -2.0
    found, _ = gathered_days(values)
    assert all((band == 1 / 3).all() for band in found.quantiles.values())
    np.testing.assert_allclose(found.mean[0], values.mean(axis=0), rtol=1e-12)
    assert found.mean[0, 2] == 1 / 3


def test_runs_beyond_the_first_ones_are_told_and_bounded() -> None:
    # No ensemble drifts, for each run is drawn alike; were one to, it would be said.
    draw = np.random.default_rng(6)
    values = draw.random((20_000, 2))
    values[PILOT:] += 10.0
    # Of 20,000 runs the first 2,048 are more than 5 %, so that the lowest band lies among them still.
    found, method = gathered_days(values)
    beyond = "8 quantiles lie outside the bins, between them and the extreme run"
    assert method == f"{histogram.METHOD}; {beyond}"
    bands = [band[0] for band in found.quantiles.values()]
    assert all((low <= high).all() for low, high in pairwise(bands))
    assert all(((band >= 1.0) & (band <= values.max(axis=0))).all() for band in bands[1:])
    assert (np.abs(bands[0] - exact(values, 5)) <= allowed(values)).all()
    np.testing.assert_allclose(found.mean[0], values.mean(axis=0), rtol=1e-12)


def test_bands_of_ten_thousand_runs_are_exact_and_of_one_more_are_not() -> None:
    values = np.random.default_rng(7).random((10_001, 1))
    found, method = gathered_days(values[:-1])
    assert method == EXACT
    assert all(found.quantiles[percent][0] == exact(values[:-1], percent) for percent in LEVEL_PERCENTS)
    assert gathered_days(values)[1] == histogram.METHOD


# The folder of very many runs


def test_a_long_table_is_written_in_parts_with_the_same_bytes(counted: Ensemble, tmp_path: Path) -> None:
    whole = tables.outcomes(counted)
    assert [len(rows) for rows in tables.outcomes_in_parts(counted, 10_000)] == [10_000, 3_001]
    saved = result(counted).save(tmp_path / "mine")
    assert check_folder(saved) == ()
    on_disk = {path.name: path.read_bytes() for path in saved.iterdir()}
    made = files(counted)
    assert on_disk == {**made, "manifest.json": sealed(made["manifest.json"])}
    assert on_disk["outcomes.csv"].count(b"\n") == MANY + 1
    back = read_folder(saved)
    assert back.outcomes.equals(whole)
    assert back.manifest["bands"] == histogram.METHOD
    assert back.manifest["files"]["outcomes.csv"] == digest(on_disk["outcomes.csv"])


def test_figures_of_a_run_are_stored_once_where_they_are_the_same(counted: Ensemble, many: Block) -> None:
    same = counted.drawn["depots.front.stock"]
    assert same.strides == (0,)
    assert (same == 4e6).all()
    assert np.isnan(counted.whole.met).sum() == 0
    assert np.isnan(counted.pairs[0].met).all()
    np.testing.assert_allclose(
        counted.whole.totals[Kind.FIRED], many.flows[Kind.FIRED].sum(axis=(1, 2)), rtol=1e-13
    )
    with pytest.raises(ValueError, match="read-only"):
        counted.whole.closing[0] = 0.0


def test_joined_blocks_are_the_whole(few: Block) -> None:
    again = join(list(cuts(few, [7, 128])))
    assert np.array_equal(again.level, few.level)
    assert again.runs == few.runs
