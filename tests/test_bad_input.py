"""A wrong file is answered: one message a fault, at its place, and nothing is written or read as something else."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.main import get_command

from sim import evidence
from sim.cli.app import app, status_of
from sim.evidence import Table

if TYPE_CHECKING:
    from edits import edits
    from hostile import hostile
    from mutants import Mutant
    from slips import slips
else:
    from .edits import edits
    from .hostile import hostile
    from .mutants import Mutant
    from .slips import slips

MUTANTS = [*slips(), *edits(), *hostile()]
COMMAND = get_command(app)


@pytest.fixture(scope="module")
def table() -> Table:
    return evidence.load()


@pytest.fixture(autouse=True)
def one_table(monkeypatch: pytest.MonkeyPatch, table: Table) -> None:
    """Read the evidence once for all tests."""
    monkeypatch.setattr("sim.evidence.load", lambda: table)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sim(*words: str) -> tuple[int, str, str]:
    """Return status, output and messages of a command, run in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = status_of(lambda: COMMAND.main(list(words), prog_name="sim", standalone_mode=False))
    return status, out.getvalue(), err.getvalue()


def laid_out(mutant: Mutant, folder: Path) -> set[Path]:
    """Write a mutant and what stands beside it; return all that is there then."""
    for name, data in {"scenario.yaml": mutant.data, **mutant.beside}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    return set(folder.rglob("*"))


def check(mutant: Mutant, said: tuple[int, str, str]) -> None:
    status, out, err = said
    assert status == 1, err
    assert out == ""
    lines = err.splitlines()
    assert len(lines) == len(mutant.told), err
    for line, told in zip(lines, mutant.told, strict=True):
        head = f"{told.file}:{told.line}:{told.column}: " + (f"{told.path}: " if told.path else "")
        assert line.startswith(head), f"{line}\nshould begin with {head}"
        assert len(line) < 1500
        for word in told.words:
            assert word in line


def test_there_are_enough_of_them_and_each_is_another() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
    assert len({(mutant.data, *sorted(mutant.beside.items())) for mutant in MUTANTS}) == len(MUTANTS)
    assert len(MUTANTS) >= 200


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_wrong_file_is_told_what_is_wrong_and_where(here: Path, mutant: Mutant) -> None:
    there = laid_out(mutant, here)
    check(mutant, sim("validate", "scenario.yaml"))
    assert set(here.rglob("*")) == there
