"""The command with closed or full streams, in a deleted folder, and beside a package of the same name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_cli import Said, sim

ROOT = Path(__file__).parent.parent
SCENARIOS = ROOT / "scenarios"
FLAT = str(SCENARIOS / "flat.yaml")
BRIEF = str(SCENARIOS / "white-house-2023.yaml")
RATE = "production.russia.rate"
TWO_RATES = f"{RATE}=1M/year,2M/year"
#: As the installed script starts it: another folder than the package's first on the path.
MAIN = "import sys; sys.path.pop(0); from sim.cli.entry import main; main()"
FULL = "error: cannot write to standard output: the disk is full\n"
CLOSED = "error: cannot write to standard output: it is closed\n"
#: Every verb, with the file of its result that must be there whatever becomes of its output.
VERBS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("run", (FLAT, "--out", "out"), "drawdown.png"),
    ("compare", (FLAT, FLAT, "--runs", "2", "--out", "out"), "compare.png"),
    ("sweep", (FLAT, "--vary", TWO_RATES, "--runs", "2", "--jobs", "1", "--out", "out"), "sweep.parquet"),
    ("breakeven", (FLAT, "--solve", RATE, "--out", "out"), "breakeven.csv"),
    ("sensitivity", (BRIEF, "--runs", "50", "--jobs", "1", "--out", "out"), "sensitivity.csv"),
    ("new", ("out",), "scenario.yaml"),
    ("validate", (FLAT,), ""),
    ("show", (FLAT,), ""),
    ("evidence", ("tikhoretsk",), ""),
    ("schema", (), ""),
    ("completion", ("bash",), ""),
    ("--help", (), ""),
    ("--version", (), ""),
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such streams")


def command(
    folder: Path, streams: str, *words: str, code: str = MAIN, path: str = str(ROOT), **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder, its streams redirected as a shell does it."""
    shell = f'exec "$@" {streams}'
    return subprocess.run(
        ["sh", "-c", shell, "sh", sys.executable, "-c", code, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


#: In each run of the tests every verb loses its output in one of these ways; the other is of the campaign.
LOST = {"full": (">/dev/full", FULL), "closed": (">&-", CLOSED)}
LOSSES = [
    pytest.param(
        *row,
        *LOST[way],
        id=f"{way}-{row[0]}",
        marks=[] if row[0] == "run" or (place + nth) % 2 else pytest.mark.campaign,
    )
    for place, row in enumerate(VERBS)
    for nth, way in enumerate(LOST)
]


@pytest.mark.parametrize(("verb", "words", "file", "streams", "line"), LOSSES)
def test_a_lost_output_costs_no_result_and_is_said_in_one_line(
    tmp_path: Path, verb: str, words: tuple[str, ...], file: str, streams: str, line: str
) -> None:
    if verb == "compare":
        other = tmp_path / "other.yaml"
        other.write_text(f"extends: {FLAT}\n", "utf-8")
        words = (words[0], str(other), *words[2:])
    done = command(tmp_path, streams, verb, *words)
    assert done.returncode == 1
    assert done.stderr.endswith(line)
    # Of a result there may be warnings before that line; there is nothing else.
    assert all(each.startswith("warning: ") for each in done.stderr.removesuffix(line).splitlines())
    assert not file or (tmp_path / "out" / file).stat().st_size > 0


@pytest.mark.slow
def test_a_lost_error_stream_changes_neither_the_result_nor_the_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ("run", BRIEF, "--runs", "4", "--engine", "simpy", "--out")
    whole = sim(*words, "undisturbed", "--jobs", "1")
    assert whole.status == 0

    def files(name: str) -> dict[str, bytes]:
        written = [path for path in (tmp_path / name).iterdir() if path.name != "log.txt"]
        return {path.name: path.read_bytes() for path in written}

    for name, streams in (("full", "2>/dev/full"), ("closed", "<&- 2>&-")):
        # Two workers: processes that inherit the streams.
        done = command(tmp_path, streams, *words, name, "--jobs", "2")
        assert done.returncode == 0, name
        assert done.stdout == whole.out.replace("undisturbed", name)
        assert files(name) == files("undisturbed")


def test_without_any_stream_the_result_is_written_and_no_file_holds_what_was_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = command(
        tmp_path, "<&- >&- 2>&-", "sweep", FLAT, "--vary", TWO_RATES, "--runs", "2", "--out", "out"
    )
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
    monkeypatch.chdir(tmp_path)
    assert sim("verify", "out") == (0, "out is whole\n", "")


@pytest.mark.parametrize("streams", ["2>/dev/full", "2>&-"])
@pytest.mark.parametrize(
    ("words", "status"), [(("run", "none.yaml"), 1), (("nonsense",), 2), (("run", FLAT, "--runs", "x"), 2)]
)
def test_an_error_that_cannot_be_said_keeps_its_status(
    tmp_path: Path, streams: str, words: tuple[str, ...], status: int
) -> None:
    done = command(tmp_path, streams, *words)
    assert (done.returncode, done.stdout, done.stderr) == (status, "", "")


def test_a_reader_that_has_gone_is_no_error_to_be_said(tmp_path: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", '"$@" | head -1', "sh", sys.executable, "-m", "sim", "evidence"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (len(done.stdout.splitlines()), done.stderr) == (1, "")


def test_a_quiet_run_needs_no_output(tmp_path: Path) -> None:
    done = command(tmp_path, ">&-", "run", FLAT, "--quiet", "--out", "out")
    assert (done.returncode, done.stderr) == (0, "")


OTHERS = {
    "without a command line": {"sim/__init__.py": ""},
    "that cannot be imported": {"sim/__init__.py": "raise RuntimeError('what is this')"},
    "that ends the process": {"sim/__init__.py": "raise SystemExit('bye')"},
    "with a broken command line": {"sim/__init__.py": "", "sim/cli/__init__.py": "import nothing_at_all"},
    "without an init": {"sim/notes.txt": ""},
}


@pytest.mark.parametrize("files", OTHERS.values(), ids=OTHERS)
def test_another_package_of_the_name_is_named(tmp_path: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    entry = str(ROOT / "sim" / "cli" / "entry.py")
    # The script starts the entry as a module of its own; the checkout itself must not be found.
    code = (
        f"import runpy, sys; sys.path = [p for p in sys.path if p != {str(ROOT)!r}]; "
        f"runpy.run_path({entry!r})['main']()"
    )
    done = command(tmp_path, "", "--version", code=code, path=str(tmp_path))
    assert done.returncode == 1
    place = tmp_path / "sim" / "__init__.py" if "sim/__init__.py" in files else tmp_path / "sim"
    assert done.stderr == (
        f"error: Python finds another package under the name 'sim' ({place}); "
        "rename it, or take its folder off PYTHONPATH\n"
    )


def test_python_runs_the_package_by_name_from_any_folder(tmp_path: Path) -> None:
    # Files of the working folder have names of modules that are imported later.
    for name in ("copy", "random", "json", "numpy", "typer"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('the wrong module')", "utf-8")
    words = [sys.executable, "-m", "sim", "run", FLAT, "--json", "--out", "out"]
    done = subprocess.run(
        words, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == (tmp_path / "out" / "summary.json").read_bytes()
    wrong = subprocess.run(
        [sys.executable, "-m", "sim", "nonsense"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert wrong.returncode == 2
    assert "Traceback" not in wrong.stderr


#: Words in a folder that is deleted before the command starts; `{}` is the folder above it.
GONE = (
    (("run", FLAT, "--out", "{}/out"), 0, ""),
    (("run", BRIEF, "--runs", "4", "--jobs", "2", "--quiet", "--out", "{}/out"), 0, ""),
    (("sweep", FLAT, "--vary", TWO_RATES, "--runs", "2", "--jobs", "2", "--out", "{}/out"), 0, ""),
    (("validate", FLAT), 0, ""),
    (("run", FLAT), 1, "deleted"),
    (("run", "flat.yaml"), 1, "deleted"),
    (("validate", "flat.yaml"), 1, "deleted"),
    (("compare", "a.yaml", "b.yaml"), 1, "deleted"),
    (("sweep", FLAT, "--vary", TWO_RATES), 1, "deleted"),
    (("breakeven", FLAT, "--solve", RATE), 1, "deleted"),
    (("sensitivity", BRIEF), 1, "deleted"),
    (("verify", "out"), 1, "error: out: there is no such folder"),
    (("new", "out"), 1, "error: cannot write out: "),
)


#: Those that each run of the tests carries out in a process of their own too, which imports all of it there.
ALONE = (1, 2, 4, 6)
IDS = [" ".join(words[:2]) for words, _, _ in GONE]


def check_in_a_deleted_folder(said: Said, out: Path, words: tuple[str, ...], status: int, line: str) -> None:
    assert said.status == status, said.err
    if line == "deleted":
        line = "error: the working folder was deleted: give every path in full, or change to another folder\n"
    assert said.err.startswith(line)
    assert said.err.count("\n") == bool(line)
    if status == 0 and "--out" in words:
        assert (out / "manifest.json").exists()


@pytest.mark.parametrize(
    ("words", "status", "line"),
    [
        pytest.param(*row, id=IDS[place], marks=[] if place in ALONE else pytest.mark.campaign)
        for place, row in enumerate(GONE)
    ],
)
def test_in_a_deleted_folder_a_process_takes_full_paths_and_refuses_others_in_one_line(
    tmp_path: Path, words: tuple[str, ...], status: int, line: str
) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    full = [word.format(tmp_path) for word in words]
    done = subprocess.run(
        ["sh", "-c", 'rmdir ../gone && exec "$@"', "sh", sys.executable, "-m", "sim", *full],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    said = Said(done.returncode, done.stdout, done.stderr)
    check_in_a_deleted_folder(said, tmp_path / "out", words, status, line)


@pytest.mark.parametrize(("words", "status", "line"), GONE, ids=IDS)
def test_in_a_deleted_folder_paths_in_full_work_and_others_are_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], status: int, line: str
) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    said = sim(*(word.format(tmp_path) for word in words))
    check_in_a_deleted_folder(said, tmp_path / "out", words, status, line)
