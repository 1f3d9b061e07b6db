"""Every damage to a result folder is found, of every kind of result."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import pytest

import sim
from sim.cli.app import app, exit_status
from sim.errors import StorageError
from sim.results.storage import add_charts
from sim.results.verification import find_problems
from sim.study import verb_of

PLAIN = {
    "schema": 1,
    "start": "2024-01-01",
    "end": "2024-02-01",
    "depots": {"d": {"stock": {"low": "1M", "high": "2M"}}},
    "production": {"line": {"rate": "10k/day"}},
    "consumption": {"front": {"rate": "60k/day"}},
}
LOG = "command: sim\nstarted: then\nfinished: now\n"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return a folder of each kind of result."""
    home = tmp_path_factory.mktemp("results")
    vary = {"production.line.rate": [0.0, 20e3, 40e3]}
    sim.run(PLAIN, runs=3, jobs=1).save(home / "run", {"drawdown.png": b"a picture"}, LOG)
    sim.compare({"a": PLAIN, "b": {**PLAIN, "title": "B"}}, runs=2, jobs=1).save(home / "compare", log=LOG)
    sim.sweep(PLAIN, vary, runs=3, out=home / "sweep", block=1, jobs=1)
    sim.sweep(PLAIN, vary, runs=3).save(home / "sweep-in-memory", log=LOG)
    add_charts(home / "run", {"supply.png": b"another picture"})
    return {path.name: path for path in home.iterdir()}


def test_what_was_written_is_whole(results: dict[str, Path]) -> None:
    for name, folder in results.items():
        assert find_problems(folder) == ()
        assert verb_of(folder) == name.removesuffix("-in-memory")


@pytest.mark.parametrize("kind", ["run", "compare", "sweep"])
def test_the_manifest_alone_says_what_a_folder_holds(
    results: dict[str, Path], tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(shutil.copytree(results[kind], tmp_path / kind))
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest.pop("verb") == kind

    def chart(**changed: str) -> tuple[int, str]:
        (folder / "manifest.json").write_text(json.dumps({**manifest, **changed}), "utf-8")
        words = ["chart", str(folder)]
        status = exit_status(lambda: app(words, prog_name="sim", standalone_mode=False))
        return status, capsys.readouterr().err

    # The tables are all there, and decide nothing.
    # A verb of a later version.
    text = f"error: {folder} holds the answer of `sim forecast`, of which there is no chart\n"
    assert chart(verb="forecast") == (2, text)
    status, error = chart()
    assert (status, "manifest.json has no 'verb'" in error) == (1, True)


@pytest.mark.parametrize("kind", ["run", "compare", "sweep", "sweep-in-memory"])
def test_each_of_fifty_damages_is_found(results: dict[str, Path], tmp_path: Path, kind: str) -> None:
    chance = random.Random(kind)
    for number in range(50):
        folder = Path(shutil.copytree(results[kind], tmp_path / str(number)))
        files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name[0] != ".")
        victim = chance.choice(files)
        what = ("flipped", "missing", "foreign")[number % 3]
        if what == "flipped":
            data = bytearray(victim.read_bytes())
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            victim.write_bytes(data)
        elif what == "missing":
            victim.unlink()
        else:
            victim = victim.with_name(f"foreign-{number}.txt")
            victim.write_text("x")
        try:
            found = find_problems(folder)
        except StorageError as error:
            found = (str(error),)
        assert any(victim.name in line for line in found), (what, victim)


def test_a_manifest_with_a_number_that_no_result_has_is_found(
    results: dict[str, Path], tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(results["run"], tmp_path / "run"))
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    # Python reads it, and JSON has no such number.
    (folder / "manifest.json").write_text(json.dumps({**manifest, "seed": float("nan")}), "utf-8")
    problem = f"{folder / 'manifest.json'} is not the file that was written: its digest differs"
    assert find_problems(folder) == (problem,)


def test_the_command_says_it_and_leaves_with_one(
    results: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(shutil.copytree(results["sweep"], tmp_path / "s"))

    def said(*words: str) -> tuple[int, str]:
        status = exit_status(lambda: app(["verify", str(folder), *words], standalone_mode=False))
        return status, capsys.readouterr().out

    assert said() == (0, f"{folder} is whole\n")
    assert json.loads(said("--json")[1]) == {"whole": True, "wrong": []}
    (folder / "sweep.parquet").unlink()
    assert said() == (1, f"{folder / 'sweep.parquet'} is missing\n")
    assert said("--json")[0] == 1
    assert exit_status(lambda: app(["verify", str(tmp_path / "none")], standalone_mode=False)) == 1
