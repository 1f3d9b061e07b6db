"""What stops a chart costs no table: results are saved first, and no backend is ever needed."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

import sim
from sim import charts
from sim.cli.app import app, exit_status
from sim.errors import StorageError
from sim.results import storage
from sim.results.verification import find_problems

ROOT = Path(__file__).parent.parent
FLAT = ROOT / "scenarios" / "flat.yaml"
OTHER = f"extends: {FLAT}\ntitle: Other\nconsumption: {{front: {{rate: 50k/day}}}}\n"
MAIN = "import sys; sys.path.pop(0); from sim.cli.entry import main; main()"


class Said(NamedTuple):
    status: int
    out: str
    err: str


def said_by(*words: object) -> Said:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = exit_status(
            lambda: app([str(word) for word in words], prog_name="sim", standalone_mode=False)
        )
    return Said(status, out.getvalue(), err.getvalue())


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other.yaml").write_text(OTHER, "utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], dict[str, bytes]]:
    """Return a function that gives the files of a verb that nothing happens to."""

    @cache
    def files(verb: str) -> dict[str, bytes]:
        out = tmp_path_factory.mktemp("usual") / verb
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(out.parent)
            Path("other.yaml").write_text(OTHER, "utf-8")
            assert said_by(*VERBS[verb].words, "--quiet", "--out", out).status == 0
        return contents(out)

    return files


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "log.txt"}


BACKENDS = ("nonsense", "module://nowhere.backend_inline", "TkAgg")
DRAWING = {
    "run": ("run", str(FLAT), "--quiet", "--out", "odd"),
    "chart": ("chart", "odd", "--kind", "supply"),
}


#: In each run of the tests every backend with one of the verbs that draw; the other is of the campaign.
@pytest.mark.parametrize(
    ("backend", "verb"),
    [
        pytest.param(backend, verb, marks=pytest.mark.campaign if (nth + place) % 2 else [])
        for nth, backend in enumerate(BACKENDS)
        for place, verb in enumerate(DRAWING)
    ],
)
def test_a_backend_that_is_not_there_changes_no_byte(
    here: Path, usual: Callable[[str], dict[str, bytes]], backend: str, verb: str
) -> None:
    expected = usual("run")
    if verb == "chart":
        (here / "odd").mkdir()
        for name, data in expected.items():
            (here / "odd" / name).write_bytes(data)
        assert said_by(*DRAWING["chart"]).status == 0
        expected = contents(here / "odd")
        (here / "odd" / "supply.png").unlink()
    done = subprocess.run(
        [sys.executable, "-c", MAIN, *DRAWING[verb]],
        env={**os.environ, "PYTHONPATH": str(ROOT), "MPLBACKEND": backend},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert contents(here / "odd") == expected


def test_the_backend_of_a_users_own_figures_stays(here: Path) -> None:
    code = (
        "import os, sys, sim\n"
        f"result = sim.run({str(FLAT)!r})\n"
        "sim.charts.to_bytes(sim.charts.drawdown(result), 'png')\n"
        "import matplotlib\n"
        "print('matplotlib.pyplot' in sys.modules, os.environ['MPLBACKEND'], matplotlib.get_backend())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT), "MPLBACKEND": "svg"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "False svg svg\n", done.stderr


class Verb(NamedTuple):
    words: tuple[object, ...]
    chart: str
    table: str


VERBS = {
    "run": Verb(("run", FLAT), "drawdown", "stock.csv"),
    "compare": Verb(("compare", FLAT, "other.yaml"), "compare", "compare.csv"),
}
FAILURES = {
    "memory": (MemoryError(), "not enough memory"),
    "a font": (
        FileNotFoundError(2, "No such file", "a.ttf"),
        "FileNotFoundError: [Errno 2] No such file: 'a.ttf'",
    ),
    "a library": (ImportError("libpng\nis missing"), r"ImportError: libpng\nis missing"),
    "a type": (RuntimeError("cannot load"), "RuntimeError: cannot load"),
}


@pytest.mark.parametrize(("error", "reason"), FAILURES.values(), ids=FAILURES)
@pytest.mark.parametrize("name", VERBS)
def test_where_the_chart_fails_the_tables_are_saved_and_one_line_says_so(
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    usual: Callable[[str], dict[str, bytes]],
    name: str,
    error: Exception,
    reason: str,
) -> None:
    # Before the chart is made to fail.
    verb, whole = VERBS[name], dict(usual(name))

    def fail(found: object, style: object) -> None:
        # Unsaved results would be lost with the process.
        assert (here / "out" / verb.table).exists()
        raise error

    monkeypatch.setattr(charts, verb.chart, fail)
    said = said_by(*verb.words, "--out", "out")
    assert said.status == 1
    assert said.err == f"error: the chart cannot be drawn: {reason}; the tables are in out\n"
    assert said.out.count("\n") >= 5
    assert "Chart" not in said.out
    found = contents(here / "out")
    del whole[f"{verb.chart}.png"], whole[f"{verb.chart}.svg"], whole["manifest.json"], found["manifest.json"]
    assert found == whole
    assert said_by("verify", "out") == (0, "out is whole\n", "")
    # The JSON of the tables is printed; and the chart can be drawn when the cause is gone.
    as_json = said_by(*verb.words, "--json", "--out", "out")
    assert (as_json.status, json.loads(as_json.out)) == (
        1,
        json.loads((here / "out/summary.json").read_text()),
    )
    assert said_by("chart", "out").status == 0


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_an_interrupt_while_the_chart_is_drawn_names_what_is_written(
    here: Path, monkeypatch: pytest.MonkeyPatch, verb: Verb
) -> None:
    def interrupted(found: object, style: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(charts, verb.chart, interrupted)
    said = said_by(*verb.words, "--out", "out")
    assert said == (130, "", "interrupted: the tables are in out, without the chart\n")
    assert said_by("verify", "out").status == 0


def test_a_chart_that_the_disk_refuses_leaves_the_tables_whole(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = storage.write_file

    def full(folder: Path, name: str, content: storage.Content) -> str:
        if name == "drawdown.svg":
            raise StorageError(f"cannot write {name}: the disk is full")
        return write(folder, name, content)

    monkeypatch.setattr(storage, "write_file", full)
    said = said_by("run", FLAT, "--quiet", "--out", "out")
    assert said == (1, "", "error: cannot write drawdown.svg: the disk is full; the tables are in out\n")
    assert not (here / "out" / "drawdown.png").exists()
    assert said_by("verify", "out").status == 0


def test_charts_that_join_a_folder_give_the_bytes_of_charts_that_came_with_it(here: Path) -> None:
    result = sim.run(FLAT)
    drawings = {"b.svg": b"<svg/>", "a.png": b"png"}
    result.save("at-once", drawings, "log")
    result.save("later", lambda: drawings, "log")
    assert contents(here / "at-once") == contents(here / "later")
    assert find_problems(here / "later") == ()


@pytest.mark.parametrize("of_tables", [True, False], ids=["another result", "nothing"])
def test_a_chart_does_not_join_the_tables_of_another_result(here: Path, of_tables: bool) -> None:
    first, second = sim.run(FLAT, seed=1), sim.run(FLAT, seed=2)

    def meanwhile() -> dict[str, bytes]:
        if of_tables:
            second.save("out")
        else:
            (here / "out" / "manifest.json").unlink()
        return {"drawdown.png": b"of the first"}

    with pytest.raises(StorageError, match=r"another result came there meanwhile|is missing"):
        first.save("out", meanwhile)
    assert not (here / "out" / "drawdown.png").exists()


def test_a_chart_that_cannot_be_drawn_from_a_folder_is_one_line(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert said_by("run", FLAT, "--quiet", "--out", "out").status == 0

    def fail(*words: object, **more: object) -> None:
        raise MemoryError

    monkeypatch.setattr("sim.cli.chart_command.to_bytes", fail)
    said = said_by("chart", "out")
    assert said == (1, "", "error: the chart cannot be drawn: not enough memory\n")


def test_a_broken_file_of_settings_of_matplotlib_costs_no_table(here: Path) -> None:
    (here / "matplotlibrc").write_bytes("backend: caf\u00e9".encode("latin-1"))
    done = subprocess.run(
        [sys.executable, "-c", MAIN, "run", str(FLAT), "--quiet", "--out", "out"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: the chart cannot be drawn: UnicodeDecodeError: ")
    assert line.endswith("; the tables are in out")
    assert {path.name for path in (here / "out").iterdir()} == {
        *("stock.csv", "flows.csv", "origins.csv", "paths.csv", "outcomes.csv", "shipments.csv"),
        *("summary.json", "scenario.yaml", "manifest.json", "log.txt"),
    }
