"""The ensemble does not depend on the sizes of the blocks."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from sim.account import Kind
from sim.errors import InputError
from sim.results import aggregation, histogram, tables
from sim.results.aggregation import aggregate
from sim.results.block import Block, join_blocks
from sim.results.daily_bands import FLOW_PERCENTS, LEVEL_PERCENTS
from sim.results.ensemble_results import EXACT, Ensemble
from sim.results.histogram import PILOT_RUNS
from sim.results.provenance import digest
from sim.results.reader import read_folder
from sim.results.storage import seal_manifest
from sim.results.verification import find_problems
from tests.support.block_strategies import (
    AXES,
    DAYS,
    MANY_RUNS,
    cut_block,
    draw_block,
    make_result,
    result_files,
    slice_block,
)


@pytest.fixture(scope="module")
def few() -> Block:
    return draw_block(np.random.default_rng(1), 300)


@pytest.fixture(scope="module")
def many() -> Block:
    return draw_block(np.random.default_rng(2), MANY_RUNS)


@pytest.fixture(scope="module")
def counted(many: Block) -> Ensemble:
    return aggregate([many], MANY_RUNS)


# However the runs are cut


def test_the_quantiles_of_few_runs_are_those_of_the_sorted_runs(few: Block) -> None:
    found = aggregate(cut_block(few, [1, 128, 7, 64]), 300)
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
    assert result_files(aggregate(cut_block(few, sizes), 300)) == result_files(aggregate([few], 300))


@pytest.mark.parametrize("runs", [300, MANY_RUNS])
def test_the_number_of_threads_changes_no_byte(few: Block, many: Block, counted: Ensemble, runs: int) -> None:
    whole = few if runs == 300 else many
    expected = result_files(aggregate([few], 300)) if runs == 300 else result_files(counted)
    assert result_files(aggregate(cut_block(whole, [128] * (runs // 128)), runs, jobs=3)) == expected


@pytest.mark.parametrize("sizes", [[128] * 200, [PILOT_RUNS, 1, PILOT_RUNS - 1], [12_999]])
def test_the_blocks_of_many_runs_change_no_byte(many: Block, counted: Ensemble, sizes: list[int]) -> None:
    assert result_files(aggregate(cut_block(many, sizes), MANY_RUNS)) == result_files(counted)


def test_one_month_of_one_origin_changes_no_byte_either(few: Block) -> None:
    axes = dataclasses.replace(AXES, start=dt.date(2024, 3, 1), origins=("initial",))
    first = {key: values[:, :1] for key, values in few.months.items() if key[1:] == (0, "fired")}
    small = dataclasses.replace(few, axes=axes, months=first)
    assert result_files(aggregate(cut_block(small, [3, 40, 5, 129]), 300)) == result_files(
        aggregate([small], 300)
    )


@pytest.mark.parametrize("runs", [300, MANY_RUNS])
def test_days_made_in_several_turns_are_the_same(
    few: Block, many: Block, runs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = few if runs == 300 else many
    asked: list[range] = []

    def again(days: range) -> Iterator[Block]:
        asked.append(days)
        span = slice(days.start, days.stop)
        flows = {kind: flow[:, :, span] for kind, flow in whole.flows.items()}
        yield from cut_block(
            dataclasses.replace(whole, level=whole.level[:, :, span], flows=flows), [100, 100]
        )

    expected = result_files(aggregate([whole], runs))
    # Of each day six rows, of which four are not the same in every run.
    day = 6 * (8 * runs if runs == 300 else histogram.BYTES_PER_DAY)
    for budget in (3 * day, 4 * day - 1):
        asked.clear()
        monkeypatch.setattr(aggregation, "MEMORY_BUDGET", budget)
        assert result_files(aggregate(cut_block(whole, [50] * 3), runs, again)) == expected
        assert asked == [range(3, 6), range(6, 7)]


def test_a_day_that_exceeds_the_budget_is_made_alone(few: Block, monkeypatch: pytest.MonkeyPatch) -> None:
    spans: list[range] = []

    def again(days: range) -> Iterator[Block]:
        spans.append(days)
        span = slice(days.start, days.stop)
        flows = {kind: flow[:, :, span] for kind, flow in few.flows.items()}
        yield dataclasses.replace(few, level=few.level[:, :, span], flows=flows)

    monkeypatch.setattr(aggregation, "MEMORY_BUDGET", 1)
    expected = result_files(aggregate([few], 300))
    assert result_files(aggregate([few], 300, again)) == expected
    assert spans == [range(day, day + 1) for day in range(1, DAYS)]


def test_a_kind_that_comes_up_late_was_zero_before(few: Block) -> None:
    first, last = slice_block(few, 0, 100), slice_block(few, 100, 300)
    without = dataclasses.replace(first, flows={}, months={})
    zeros = {key: np.zeros_like(values) for key, values in first.flows.items()}
    months = {key: np.zeros_like(values) for key, values in first.months.items()}
    with_zeros = dataclasses.replace(first, flows=zeros, months=months)
    assert result_files(aggregate([without, last], 300)) == result_files(aggregate([with_zeros, last], 300))
    assert (
        result_files(aggregate([last, without], 300))["flows.csv"]
        == result_files(aggregate([last, with_zeros], 300))["flows.csv"]
    )


def test_single_runs_are_kept_while_they_are_few(few: Block, counted: Ensemble) -> None:
    kept = make_result(aggregate(cut_block(few, [128, 128]), 300))
    assert np.array_equal(kept.block.level, few.level)
    assert len(kept.daily) == 300 * DAYS * 2 * 13
    large = make_result(dataclasses.replace(counted, axes=dataclasses.replace(AXES, days=3_000), block=None))
    with pytest.raises(InputError, match="rows; ask for it with fewer runs"):
        _ = large.daily


# The folder of very many runs


def test_a_long_table_is_written_in_parts_with_the_same_bytes(counted: Ensemble, tmp_path: Path) -> None:
    whole = tables.outcomes(counted)
    assert [len(rows) for rows in tables.outcomes_in_parts(counted, 10_000)] == [10_000, 3_001]
    saved = make_result(counted).save(tmp_path / "mine")
    assert find_problems(saved) == ()
    on_disk = {path.name: path.read_bytes() for path in saved.iterdir()}
    made = result_files(counted)
    assert on_disk == {**made, "manifest.json": seal_manifest(made["manifest.json"])}
    assert on_disk["outcomes.csv"].count(b"\n") == MANY_RUNS + 1
    back = read_folder(saved)
    assert back.outcomes.equals(whole)
    assert back.manifest["bands"] == histogram.METHOD_TEXT
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
    again = join_blocks(list(cut_block(few, [7, 128])))
    assert np.array_equal(again.level, few.level)
    assert again.runs == few.runs
