"""Runs whose inputs are given: the numbers that a file of joint samples has, in any order of runs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.account import Kind
from sim.observables import Cumulative, Flow, Level, Measure, Observable, Selection, Window
from sim.simulate import GivenInputs

WHITE_HOUSE = Path(__file__).parents[1] / "scenarios" / "white-house-2023.yaml"
OBSERVABLES: list[Observable] = [
    Level(date=dt.date(2023, 12, 31)),
    Flow(
        kinds=(Kind.FIRED,), window=Window(dt.date(2023, 10, 1), dt.date(2023, 10, 31)), measure=Measure.RATE
    ),
    Cumulative(kinds=(Kind.LANDED,), date=dt.date(2024, 3, 31), where=Selection(origins=("dprk",))),
]


@pytest.fixture(scope="module")
def short() -> sim.Scenario:
    return sim.load(WHITE_HOUSE).replace({"end": "2024-05-01"})


def drawn_inputs(scenario: sim.Scenario, runs: int) -> tuple[list[str], np.ndarray, np.ndarray]:
    result = sim.run(scenario, runs=runs, engine="compiled", tables=("outcomes",), observe=OBSERVABLES)
    paths = [name for name in result.outcomes.columns if "." in name]
    return paths, result.outcomes[paths].to_numpy(copy=True), result.observed.to_numpy()


def test_the_inputs_that_a_run_draws_give_its_numbers_whatever_the_workers(short: sim.Scenario) -> None:
    paths, inputs, expected = drawn_inputs(short, 150)
    assert len(paths) > 2
    for jobs in (1, 2):
        runs = GivenInputs(short, paths, OBSERVABLES, seed=1, jobs=jobs)
        np.testing.assert_array_equal(runs.observed(inputs, np.arange(150)), expected)
    # In any order, and more than once.
    order = np.array([7, 3, 3, 149, 0])
    np.testing.assert_array_equal(runs.observed(inputs[order], order), expected[order])


def test_other_inputs_have_the_numbers_of_a_file_of_joint_samples(
    short: sim.Scenario, tmp_path: Path
) -> None:
    paths, inputs, before = drawn_inputs(short, 20)
    moved = inputs * 0.9
    rows = [",".join(paths), *(",".join(map(repr, row)) for row in moved.tolist())]
    (tmp_path / "samples.csv").write_text("\n".join(rows) + "\n")
    file = tmp_path / "sampled.yaml"
    file.write_text(f"extends: {WHITE_HOUSE}\nend: 2024-05-01\ndraws: samples.csv\n")
    for engine in ("compiled", "simpy"):
        sampled = sim.run(file, runs=20, engine=engine, tables=(), observe=OBSERVABLES).observed
        found = GivenInputs(short, paths, OBSERVABLES, seed=1).observed(moved, np.arange(20))
        np.testing.assert_array_equal(found, sampled.to_numpy())
    assert not np.array_equal(found, before)


def test_a_run_that_fails_has_no_numbers_and_spoils_no_other(short: sim.Scenario) -> None:
    full = short.replace({"depots.tikhoretsk.capacity": "100M"})
    paths, inputs, expected = drawn_inputs(full, 4)
    inputs[2, paths.index("depots.tikhoretsk.stock")] = 1e9
    found = GivenInputs(full, paths, OBSERVABLES, seed=1).observed(inputs, np.arange(4))
    assert np.isnan(found[2]).all()
    np.testing.assert_array_equal(found[[0, 1, 3]], expected[[0, 1, 3]])
