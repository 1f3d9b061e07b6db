"""An invalid file gives one message for each fault, at its position, and writes nothing."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from typer.main import get_command

from sim import evidence
from sim.cli.app import app, exit_status
from sim.evidence import Table
from tests.support.edited_files import edits
from tests.support.hostile_files import hostile
from tests.support.invalid_files import BASE, InvalidFile
from tests.support.key_slips import slips

ROOT = Path(__file__).parent.parent
KINDS = {"slips": list(slips()), "edits": list(edits()), "hostile": list(hostile())}
MUTANTS = [mutant for kind in KINDS.values() for mutant in kind]
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
        status = exit_status(lambda: COMMAND.main(list(words), prog_name="sim", standalone_mode=False))
    return status, out.getvalue(), err.getvalue()


def laid_out(mutant: InvalidFile, folder: Path) -> set[Path]:
    """Write a mutant with its other files, and nothing else; return the files then."""
    for old in folder.iterdir():
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    for name, data in {"scenario.yaml": mutant.data, **mutant.beside}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    return set(folder.rglob("*"))


def check(mutant: InvalidFile, said: tuple[int, str, str]) -> None:
    status, out, err = said
    assert status == 1, err
    assert out == ""
    lines = err.splitlines()
    assert len(lines) == len(mutant.messages), err
    for line, told in zip(lines, mutant.messages, strict=True):
        head = f"{told.file}:{told.line}:{told.column}: " + (f"{told.path}: " if told.path else "")
        assert line.startswith(head), f"{line}\nshould begin with {head}"
        assert len(line) < 1500
        for word in told.words:
            assert word in line


def test_there_are_enough_of_them_and_each_is_another() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
    assert len({(mutant.data, *sorted(mutant.beside.items())) for mutant in MUTANTS}) == len(MUTANTS)
    assert len(MUTANTS) >= 200


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_file_is_told_what_is_wrong_and_where(
    here: Path, subtests: pytest.Subtests, kind: str
) -> None:
    for mutant in KINDS[kind]:
        with subtests.test(mutant.name):
            there = laid_out(mutant, here)
            check(mutant, sim("validate", "scenario.yaml"))
            assert set(here.rglob("*")) == there


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_file_is_not_run(here: Path, subtests: pytest.Subtests, kind: str) -> None:
    for mutant in KINDS[kind][::25]:
        with subtests.test(mutant.name):
            there = laid_out(mutant, here)
            check(mutant, sim("run", "scenario.yaml", "--runs", "1", "--jobs", "1", "--out", "out"))
            check(mutant, sim("show", "scenario.yaml"))
            assert set(here.rglob("*")) == there


def test_json_says_the_same_in_fields(here: Path) -> None:
    (mutant,) = [mutant for mutant in MUTANTS if mutant.name == "two faults at once"]
    laid_out(mutant, here)
    status, out, err = sim("validate", "--json", "scenario.yaml")
    faults = json.loads(out)["scenario.yaml"]["faults"]
    assert status == 1
    places = [(fault["file"], fault["line"], fault["column"], fault["path"]) for fault in faults]
    assert places == [("scenario.yaml", told.line, told.column, told.path) for told in mutant.messages]
    assert [fault["nearest"] for fault in faults] == ["", "lead_time"]
    assert len(err.splitlines()) == 2


def test_a_wrong_file_does_not_hide_another(here: Path) -> None:
    (here / "right.yaml").write_text(BASE)
    (here / "one.yaml").write_text(BASE.replace("end: 2025", "end: 2022"))
    (here / "two.yaml").write_text(BASE.replace("20%", "many"))
    status, out, err = sim("validate", "one.yaml", "right.yaml", "two.yaml", "none.yaml")
    assert status == 1
    assert out == "right.yaml: valid\n"
    assert [line.partition(":")[0] for line in err.splitlines()] == ["one.yaml", "two.yaml", "error"]
    assert "cannot read 'none.yaml'" in err


@pytest.mark.parametrize(
    ("words", "near"),
    [
        ("run cases/brief-2032.yaml", "cases/brief-2023.yaml"),
        ("show cases/brief-2023", "cases/brief-2023.yaml"),
        ("validate csaes/brief-2023.yaml", "cases/brief-2023.yaml"),
        ("run cases/over.yaml", "brief-2023.yaml"),
        ("run study.yaml --set draws=sampels.csv", "samples.csv"),
        ("chart case", "cases"),
        ("run zzz.yaml", ""),
        ("run zzz/brief-2023.yaml", ""),
    ],
)
def test_a_file_that_is_not_there_has_its_nearest_named(here: Path, words: str, near: str) -> None:
    (here / "cases").mkdir()
    (here / "cases" / "brief-2023.yaml").write_text(BASE)
    (here / "cases" / "over.yaml").write_text("extends: brief-2022.yaml\n")
    (here / "study.yaml").write_text(BASE)
    (here / "samples.csv").write_text("depots.d.stock\n1\n")
    status, out, err = sim(*words.split())
    assert (status, out) == (1, "")
    assert len(err.splitlines()) == 1
    assert err.rstrip().endswith(f"did you mean {near!r}?") if near else "did you mean" not in err


@pytest.mark.parametrize(
    ("setting", "head", "word"),
    [
        ("production.russia.rate", "--set:1:1: ", "PATH=VALUE"),
        ("=3", "--set:1:1: ", "PATH=VALUE"),
        ("end=", "--set:1:1: ", "PATH=VALUE"),
        ("end=2025-02-30", "--set end:1:1: end: ", "calendar"),
        ("end=[", "--set end:1:2: ", "not YAML"),
        ("end=!!str 1", "--set end:1:1: end: ", "tag"),
        (
            "production.russia.rate={low: 1k/day, low: 2k/day, high: 3k/day}",
            "--set production.russia.rate:1:15: production.russia.rate.low: ",
            "again",
        ),
        ("ned=2025-01-01", "--set ned:1:1: ned: ", "did you mean 'end'?"),
        ("production.rusia.rate=1k/day", "--set production.rusia.rate:1:1: ", "did you mean 'russia'?"),
        ("production.russia.rate.value.x=1", "--set production.russia.rate.value.x:1:1: ", "plain value"),
        ("production.iran=null", "--set production.iran:1:1: production.iran: ", "removes nothing"),
        ("shipments.dprk.route.2.load=1 day", "--set shipments.dprk.route.2.load:1:1: ", "0 to 1"),
        ("shipments.dprk.route.-1.load=1 day", "--set shipments.dprk.route.-1.load:1:1: ", "0 to 1"),
        ("shipments.dprk.route.0=null", "--set shipments.dprk.route.0:1:1: ", "items of a list"),
        ("consumption.front.rate={value: null}", "--set consumption.front.rate:1:9: ", "null removes"),
        ("shipments.dprk.serviceable=80", "--set shipments.dprk.serviceable:1:1: ", "80% is 0.8"),
    ],
)
def test_a_wrong_setting_is_told_as_a_wrong_file_is(here: Path, setting: str, head: str, word: str) -> None:
    (here / "scenario.yaml").write_text(BASE)
    status, out, err = sim("run", "scenario.yaml", "--runs", "1", "--out", "out", "--set", setting)
    assert (status, out) == (1, "")
    assert err.startswith(head)
    assert word in err
    assert len(err.splitlines()) == 1
    assert not (here / "out").exists()


def test_every_wrong_setting_is_told_at_once(here: Path) -> None:
    (here / "scenario.yaml").write_text(BASE)
    words = [word for setting in ("ned=1", "start=x", "end=") for word in ("--set", setting)]
    assert len(sim("show", "scenario.yaml", *words)[2].splitlines()) == 3


@pytest.mark.parametrize("encoding", ["utf-8:strict", "ascii:strict"])
def test_what_a_terminal_cannot_show_stops_nothing(here: Path, encoding: str) -> None:
    name = os.fsdecode(b"a\xff\xc3\xa9.yaml")
    (here / name).write_text(BASE.replace("note: >", "note: >\n  \u4e2d\u6587"), "utf-8")
    code = "from sim.cli.app import run; import sys; run(sys.argv[1:])"
    for verb in (["validate"], ["validate", "--json"], ["show"]):
        done = subprocess.run(
            [sys.executable, "-c", code, *verb, name],
            capture_output=True,
            cwd=here,
            env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT)},
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert rb"\udcff" in done.stdout or encoding.startswith("ascii")


@pytest.mark.parametrize("name", ["a b.yaml", "-x.yaml", "\u0444.yaml", "=1+1.yaml", "no\nend", "n" * 250])
def test_a_file_may_have_any_name(here: Path, name: str) -> None:
    (here / name).write_text(BASE.replace("title: White House brief, October 2023\n", ""))
    assert sim("validate", f"./{name}")[0] == 0
    (here / name).write_text("a: 1\n")
    status, _, err = sim("validate", f"./{name}")
    assert status == 1
    assert len(err.splitlines()) == 5


def test_a_folder_in_place_of_a_file_names_the_scenario_in_it(here: Path) -> None:
    (here / "mine").mkdir()
    (here / "mine" / "scenario.yaml").write_text(BASE)
    status, _, err = sim("validate", "mine")
    assert status == 1
    assert "cannot read 'mine': Is a directory" in err
    assert "did you mean 'mine/scenario.yaml'?" in err


@pytest.mark.parametrize(
    ("name", "near"), [("nope.yaml", ""), ("b5.yaml", ""), ("fronts.yaml", "front.yaml")]
)
def test_only_a_file_with_a_close_name_is_suggested(here: Path, name: str, near: str) -> None:
    (here / "bad").mkdir()
    for other in ("b4.yaml", "front.yaml"):
        (here / "bad" / other).write_text(BASE)
    _, _, err = sim("validate", f"bad/{name}")
    assert ("did you mean" in err) is bool(near)
    assert f"did you mean 'bad/{near}'?" in err or not near


def test_an_unknown_unit_lists_the_units_of_its_key(here: Path) -> None:
    late = "transfers: {road: {from: a, to: b, capacity: 9 trucks/day, lead_time: 3 km}}\n"
    (here / "s.yaml").write_text(BASE + late)
    _, _, err = sim("validate", "s.yaml")
    assert "in '3 km'; allowed: a number of s, min, h, days, weeks, months or years\n" in err
    assert "in '9 trucks/day'; allowed: shells a period, such as 60k/month or 25k/day\n" in err
