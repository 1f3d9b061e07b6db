"""The same study gives the same bytes: in any batch and order, with any workers, in any surroundings."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import fields
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from sim.engines.engine import BlockOfRuns
from sim.engines.simpy_engine import SimpyEngine
from sim.results.block import Block, join_blocks
from sim.scenario.loader import load_plain
from sim.simulate import run as run_many
from tests.support.run_queries import Plain
from tests.support.scenario_strategies import SEEDS, example_settings, whole_scenarios

ROOT = Path(__file__).parent.parent
SCRIPT = """
import hashlib, json, locale, sys
import sim
locale.setlocale(locale.LC_ALL, "")
if __name__ == "__main__":
    for nth, plain in enumerate(json.load(sys.stdin)):
        # One study shows whether workers differ; starting them takes far longer than the runs.
        jobs = 1 if nth else int(sys.argv[1])
        files = sim.run(plain, runs=6, seed=2**64 - 1, jobs=jobs).files()
        for name in sorted(files):
            print(name, hashlib.sha256(files[name]).hexdigest())
"""
HOME = {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
#: Where nothing turns the C locale into UTF-8, text is ASCII.
ASCII = {"LC_ALL": "C", "LANG": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}


def text_of_block(block: Block) -> str:
    def text(value: object) -> str:
        if isinstance(value, np.ndarray):
            return f"{value.dtype}{value.shape}{value.tobytes().hex()}"
        if isinstance(value, dict):
            return repr([(key, text(inner)) for key, inner in value.items()])
        return repr(value)

    return "\n".join(f"{field.name} {text(getattr(block, field.name))}" for field in fields(block))


@pytest.fixture(scope="module")
def worker() -> Iterator[Executor]:
    """Return a new process that can import the package and shares nothing with this one."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        yield pool


#: A campaign goes on with the examples of each run of the tests.
@pytest.mark.slow
@pytest.mark.parametrize("examples", [80, pytest.param(400, marks=pytest.mark.campaign)])
def test_a_run_is_the_same_alone_in_a_batch_in_any_order_and_elsewhere(
    worker: Executor, examples: int
) -> None:
    @example_settings(examples)
    @given(whole_scenarios(), SEEDS)
    def check(plain: Plain, seed: int) -> None:
        engine = SimpyEngine(load_plain(plain, None))
        elsewhere = worker.submit(engine.run, BlockOfRuns(seed, range(3)))
        together = text_of_block(engine.run(BlockOfRuns(seed, range(3))))
        apart = {run: engine.run(BlockOfRuns(seed, range(run, run + 1))) for run in (2, 0, 1)}
        assert text_of_block(join_blocks([apart[run] for run in range(3)])) == together
        assert text_of_block(elsewhere.result()) == together

    check()


@example_settings(3, 20)
@given(whole_scenarios(least_suppliers=1), SEEDS)
def test_two_workers_give_the_same_files_as_one(plain: Plain, seed: int) -> None:
    one, two = (run_many(plain, runs=9, seed=seed, jobs=jobs).files() for jobs in (1, 2))
    assert one == two


@pytest.fixture(scope="module")
def studies() -> list[Plain]:
    """Return a few large scenarios, the same each time."""
    seen: list[Plain] = []

    @example_settings(60, 60)
    @given(whole_scenarios(least_suppliers=2))
    def gather(plain: Plain) -> None:
        seen.append({"title": "Größe – İstanbul", **plain})

    gather()
    return sorted(seen, key=lambda plain: (-len(json.dumps(plain)), json.dumps(plain)))[:3]


def digests(studies: list[Plain], folder: Path, jobs: int, changed: dict[str, str]) -> str:
    """Run the studies in a new process, and return a digest of each file that they would write."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **HOME, **changed}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(jobs)],
        input=json.dumps(studies),
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def at_home(studies: list[Plain]) -> str:
    return digests(studies, ROOT, 1, {})


def needs(locale: str) -> pytest.MarkDecorator:
    program = shutil.which("locale")
    known = (
        subprocess.run([program, "-a"], capture_output=True, text=True, check=True).stdout if program else ""
    )
    there = locale.lower().replace("-", "") in known.lower().replace("-", "").split()
    return pytest.mark.skipif(not there, reason=f"{locale} is not installed")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("jobs", "changed"),
    [
        pytest.param(1, {"PYTHONHASHSEED": "4242", "TZ": "Asia/Kathmandu"}, id="hashes, time zone"),
        pytest.param(2, ASCII, id="ascii, two workers"),
        pytest.param(1, {"LC_ALL": "de_DE.UTF-8"}, id="german", marks=needs("de_DE.UTF-8")),
        pytest.param(1, {"LC_ALL": "tr_TR.UTF-8"}, id="turkish", marks=needs("tr_TR.UTF-8")),
    ],
)
def test_the_surroundings_change_nothing(
    jobs: int, changed: dict[str, str], studies: list[Plain], at_home: str, tmp_path: Path
) -> None:
    assert at_home.count("outcomes.csv") == len(studies)
    assert digests(studies, tmp_path, jobs, changed) == at_home
