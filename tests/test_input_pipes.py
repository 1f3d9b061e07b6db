"""A scenario from a pipe is read once, has a name that means something, and finds its files."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def piped(text: str, *, is_stdin: bool = False) -> Iterator[str]:
    """Yield the path of a pipe that gives a text once, in this process as in one that a shell starts."""
    reader, writer = os.pipe()
    os.write(writer, text.encode())
    os.close(writer)
    ours = os.dup(0)
    try:
        if is_stdin:
            os.dup2(reader, 0)
        yield "/dev/stdin" if is_stdin else f"/dev/fd/{reader}"
    finally:
        os.dup2(ours, 0)
        os.close(ours)
        os.close(reader)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_reads_a_pipe_once_and_finds_the_files_that_it_names(verb: str, here: Path) -> None:
    first, *more = VERBS[verb]
    for given in GIVEN:
        with piped(MORE, is_stdin=given == "stdin") as path:
            through = command_here(first, path, *more)
        assert through.status == 0, (given, through.err)
    prefix = PREFIX.get(verb, f"{verb}-")
    if prefix is None:
        return
    suffix = SUFFIX.get(verb, "")
    assert {path.name for path in (here / "runs").iterdir()} == {f"{prefix}{name}{suffix}" for name in GIVEN}
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


@pytest.mark.parametrize("given", GIVEN)
def test_a_shell_gives_the_pipe_under_that_path(given: str, here: Path) -> None:
    through = command(GIVEN[given], *VERBS["sweep"])
    assert (through.returncode, through.stderr) == (0, "")
    assert (here / "runs" / f"sweep-{given}" / "sweep.parquet").is_file()


def test_scenarios_through_pipes_are_compared_and_swept_under_different_names(here: Path) -> None:
    with piped(BASE) as one, piped(MORE) as two:
        both = command_here("compare", one, two, *RUNS)
    assert (both.status, both.err) == (0, "")
    assert (here / "runs" / "compare-pipe-pipe-2" / "compare.csv").read_text().count("pipe (2)") > 3
    with piped(BASE) as path:
        swept = command_here("sweep", "base.yaml", "--vary", f"scenario={path},more.yaml", *RUNS)
    assert (swept.status, swept.err) == (0, "")
    table = sim.read_sweep(here / "runs" / "sweep-base").table
    assert table["scenario"].tolist() == ["pipe", "more"]


def test_a_study_through_a_pipe_finds_its_scenario_from_the_current_folder(here: Path) -> None:
    with piped(STUDY) as path:
        swept = command_here("sweep", path, "--jobs", "1", "--quiet")
    assert (swept.status, swept.err) == (0, "")
    assert (here / "runs" / "sweep-pipe" / "sweep.parquet").is_file()


def test_a_named_pipe_is_read_once_and_keeps_its_name(here: Path) -> None:
    os.mkfifo(here / "mine.yaml")
    writer = threading.Thread(target=(here / "mine.yaml").write_text, args=(MORE,), daemon=True)
    writer.start()
    first, *more = VERBS["sweep"]
    swept = command_here(first, "mine.yaml", *more)
    assert (swept.status, swept.err) == (0, "")
    writer.join()
    assert (here / "runs" / "sweep-mine" / "sweep.parquet").is_file()


def test_a_fault_names_the_pipe_as_it_was_given_and_the_nearest_file(here: Path) -> None:
    (here / "more.yaml").write_text("extends: bose.yaml\n")
    wrong = command(GIVEN["stdin"], "validate")
    assert wrong.returncode == 1
    assert wrong.stderr.startswith("/dev/stdin:1:10: extends: cannot read 'bose.yaml'")
    assert "did you mean 'base.yaml'?" in wrong.stderr
