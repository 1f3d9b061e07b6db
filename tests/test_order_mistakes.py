"""A mistake in orders, money, priorities or dates gets the one message that it deserves, at its place."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from sim.errors import Fault, ScenarioError
from sim.scenario.lint import lint
from sim.scenario.loader import load_file
from tests.support.order_slips import SLIPS, TEXT
from tests.support.scenario_text import Edit, ScenarioText

PAGE = ScenarioText.of(TEXT)


class Slip(NamedTuple):
    """An edit, and the problem, nearest name and path of its message."""

    edit: Edit
    problem: str
    nearest: str
    path: str


def slips() -> Iterator[Slip]:
    for (what, path), rows in SLIPS.items():
        for new, problem, *rest in rows:
            nearest, said_at = [*rest, "", ""][:2]
            beside = ".".join([*path.split(".")[:-1], new])
            yield Slip(
                Edit(what, path, new), problem, nearest, said_at or (beside if what == "rename" else path)
            )


ALL = list(slips())


def places(page: ScenarioText, path: str) -> set[tuple[int, int]]:
    """Return where a message may point: to a key or its value, or to what lacks it."""
    while path not in page.keys:
        path = path.rpartition(".")[0]
    within = [each for each in (path, f"{path}.by_date") if each in page.keys]
    return {page.place(each, key=key) for each in within for key in (False, True)}


def faults_of(file: Path) -> list[Fault]:
    with pytest.raises(ScenarioError) as caught:
        load_file(file, None)
    return list(caught.value.faults)


def test_there_are_enough_of_them_and_the_file_itself_is_right(tmp_path: Path) -> None:
    assert len({slip.edit for slip in ALL}) == len(ALL) >= 300
    assert len({PAGE.edited(slip.edit) for slip in ALL}) == len(ALL)
    file = tmp_path / "right.yaml"
    file.write_text(TEXT, "utf-8")
    assert lint(load_file(file, None)) == []


@pytest.mark.parametrize("section", sorted({slip.edit.path.split(".")[0] for slip in ALL}))
def test_a_mistake_is_told_once_and_where_it_is(
    tmp_path: Path, subtests: pytest.Subtests, section: str
) -> None:
    file = tmp_path / "orders.yaml"
    for slip in ALL:
        if slip.edit.path.split(".")[0] != section:
            continue
        with subtests.test(" ".join(slip.edit)):
            text = PAGE.edited(slip.edit)
            file.write_text(text, "utf-8")
            (fault,) = faults_of(file)
            assert (fault.path, fault.problem, fault.nearest) == (slip.path, slip.problem, slip.nearest)
            assert fault.where is not None
            assert fault.where.file == str(file)
            assert (fault.where.line, fault.where.column) in places(ScenarioText.of(text), slip.path)
            # A key that is missing is named by the problem; all others say what may stand there.
            assert fault.allowed or fault.problem.endswith("is required here")


def test_the_command_line_says_them_without_a_traceback(tmp_path: Path) -> None:
    chosen = ALL[::30]
    names = [f"{number:02}.yaml" for number in range(len(chosen))]
    for name, slip in zip(names, chosen, strict=True):
        (tmp_path / name).write_text(PAGE.edited(slip.edit), "utf-8")
    code = "from sim.cli.app import run; import sys; run(sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", code, "validate", *names],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    lines = done.stderr.splitlines()
    assert len(lines) == len(chosen)
    for line, name, slip in zip(lines, names, chosen, strict=True):
        assert line.startswith(f"{name}:")
        assert f": {slip.path}: {slip.problem}" in line
