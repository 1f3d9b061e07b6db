"""A scenario from a pipe is read once, has a name that means something, and finds its files."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import sim
from tests.support.small_sweep import COMMAND
from tests.test_cli import sim as command_here

pytestmark = pytest.mark.skipif(
    shutil.which("bash") is None or not Path("/dev/fd").exists(), reason="pipes by path are of POSIX"
)

BASE = """
schema: 1
start: 2024-01-01
end: 2024-02-01
thresholds: [30]
depots: {d: {stock: {low: 1M, high: 2M}}}
production: {line: {rate: 10k/day}}
consumption: {front: {rate: 60k/day}}
"""
#: Everything that a file may name beside itself.
MORE = "extends: base.yaml\ndraws: joint.csv\nproduction: {line: {rate: 20k/day}}\n"
STUDY = "study: sweep\nscenario: more.yaml\nvary: {production.line.rate: [1k/day, 2k/day]}\nruns: 3\n"
GIVEN = {"stdin": '"$@" /dev/stdin < more.yaml', "pipe": '"$@" <(cat more.yaml)'}
RUNS = ("--runs", "3", "--jobs", "1", "--quiet")
VERBS: dict[str, tuple[str, ...]] = {
    "run": ("run", "--engine", "simpy", *RUNS),
    "sweep": ("sweep", "--vary", "production.line.rate=1k/day,2k/day", *RUNS),
    "breakeven": ("breakeven", "--solve", "production.line.rate", *RUNS),
    "sensitivity": ("sensitivity", *RUNS),
    "show": ("show",),
    "validate": ("validate",),
}
PREFIX = {"run": "", "show": None, "validate": None}
#: The question that a default folder is named after.
SUFFIX = {"breakeven": "-production.line.rate", "sensitivity": "-rank"}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "base.yaml").write_text(BASE)
    (tmp_path / "more.yaml").write_text(MORE)
    (tmp_path / "study.yaml").write_text(STUDY)
    (tmp_path / "joint.csv").write_text("depots.d.stock\n1M\n2M\n")
    return tmp_path


def command(script: str, *words: str) -> Any:
    return subprocess.run(
        ["bash", "-c", script, "bash", *COMMAND, *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_reads_a_pipe_once_and_finds_the_files_that_it_names(verb: str, here: Path) -> None:
    for given, script in GIVEN.items():
        through = command(script, *VERBS[verb])
        assert through.returncode == 0, (given, through.stderr)
    prefix = PREFIX.get(verb, f"{verb}-")
    if prefix is None:
        return
    suffix = SUFFIX.get(verb, "")
    assert {path.name for path in (here / "runs").iterdir()} == {f"{prefix}{name}{suffix}" for name in GIVEN}
    first, *more = VERBS[verb]
    assert command_here(first, "more.yaml", *more).status == 0
    direct = here / "runs" / f"{prefix}more{suffix}"
    for given in GIVEN:
        folder = here / "runs" / f"{prefix}{given}{suffix}"
        for name in ("outcomes.csv", "sweep.parquet", "breakeven.csv", "sensitivity.csv"):
            if (folder / name).exists():
                assert (folder / name).read_bytes() == (direct / name).read_bytes()
        manifest = json.loads((folder / "manifest.json").read_text())
        assert manifest["inputs"].keys() == {given, "base.yaml", "joint.csv"}
        assert manifest["scenario"]["title"] == given


def test_scenarios_through_pipes_are_compared_and_swept_under_different_names(here: Path) -> None:
    both = command('"$@" <(cat base.yaml) <(cat more.yaml)', "compare", *RUNS)
    assert (both.returncode, both.stderr) == (0, "")
    assert (here / "runs" / "compare-pipe-pipe-2" / "compare.csv").read_text().count("pipe (2)") > 3
    swept = command('"$@" base.yaml --vary scenario=<(cat base.yaml),more.yaml', "sweep", *RUNS)
    assert (swept.returncode, swept.stderr) == (0, "")
    table = sim.read_sweep(here / "runs" / "sweep-base").table
    assert table["scenario"].tolist() == ["pipe", "more"]


def test_a_study_through_a_pipe_finds_its_scenario_from_the_current_folder(here: Path) -> None:
    swept = command('"$@" <(cat study.yaml)', "sweep", "--jobs", "1", "--quiet")
    assert (swept.returncode, swept.stderr) == (0, "")
    assert (here / "runs" / "sweep-pipe" / "sweep.parquet").is_file()


def test_a_named_pipe_is_read_once_and_keeps_its_name(here: Path) -> None:
    os.mkfifo(here / "mine.yaml")
    swept = command('cat more.yaml > mine.yaml & "$@" mine.yaml; wait', *VERBS["sweep"])
    assert (swept.returncode, swept.stderr) == (0, "")
    assert (here / "runs" / "sweep-mine" / "sweep.parquet").is_file()


def test_a_fault_names_the_pipe_as_it_was_given_and_the_nearest_file(here: Path) -> None:
    (here / "more.yaml").write_text("extends: bose.yaml\n")
    wrong = command(GIVEN["stdin"], "validate")
    assert wrong.returncode == 1
    assert wrong.stderr.startswith("/dev/stdin:1:10: extends: cannot read 'bose.yaml'")
    assert "did you mean 'base.yaml'?" in wrong.stderr
