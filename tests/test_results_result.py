"""Round trip of a result to disk, with the same bytes in every folder."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.account import Axes, Kind, Pair, Voyage
from sim.errors import StorageError
from sim.results.aggregation import aggregate
from sim.results.block import Block
from sim.results.provenance import Source, digest, make_manifest
from sim.results.reader import read_folder
from sim.results.result import Result
from sim.results.verification import find_problems
from tests.support.block_strategies import counters

FILES = [
    *("flows.csv", "manifest.json", "origins.csv", "outcomes.csv", "paths.csv"),
    *("scenario.yaml", "shipments.csv", "stock.csv", "summary.json"),
]
TABLES = ("stock", "flows", "origins", "paths", "outcomes", "shipments")


def make() -> Result:
    """Return three runs of two pairs with awkward names over forty days."""
    draw = np.random.default_rng(3)
    first = np.array([[3.0, np.inf], [np.inf, np.inf], [20.0, 7.0]])
    block = Block(
        axes=Axes(
            start=dt.date(2023, 12, 20),
            days=40,
            pairs=(Pair("-front", "007"), Pair("NA", "007")),
            origins=("initial", "true"),
            consuming=(True, True),
            thresholds=(30.0,),
        ),
        runs=(0, 1, 2),
        level=draw.random((3, 2, 40)) * 1e6,
        planned=np.ones((3, 2, 40)),
        flows={Kind.FIRED: draw.random((3, 2, 40)), Kind.REQUIRED: np.ones((3, 2, 40))},
        months={
            (pair, origin, kind): draw.random((3, 2))
            for pair, origin in np.ndindex(2, 2)
            for kind in ("fired", "held")
        },
        counters=counters(
            (30.0,),
            below=first[:, :, np.newaxis],
            exhausted=first,
            rationed=first,
            fire=draw.random((3, 2)),
        ),
        met=draw.random((3, 2)),
        drawn={"depots.NA.stock": draw.random(3)},
        balance=np.zeros(3),
        voyages=(
            (0, Voyage("null", 0, None, 5, None, None, 1e6)),
            (2, Voyage("null", None, None, 5, 9, 2.0, 3.0)),
        ),
    )
    return Result(
        ensemble=aggregate([block], 3),
        title="<b>Тест</b>",
        seed=11,
        engine="simpy",
        engine_path="python",
        scenario_text="schema: 1\ntitle: Тест\n",
        inputs={"base.yaml": "ab"},
        sources=(Source("src-b"), Source("src-a")),
        notes=("a note",),
        evidence="cd",
    )


def test_what_is_saved_is_read_back_to_the_last_digit(tmp_path: Path) -> None:
    result = make()
    assert result.save(tmp_path / "runs" / "mine") == tmp_path / "runs" / "mine"
    assert sorted(path.name for path in (tmp_path / "runs" / "mine").iterdir()) == FILES
    saved = read_folder(tmp_path / "runs" / "mine")
    for table in TABLES:
        pd.testing.assert_frame_equal(getattr(saved, table), getattr(result, table), check_exact=True)
    assert saved.summary() == result.summary()
    assert (saved.title, saved.seed, saved.engine) == (result.title, 11, "simpy")
    assert [source.id for source in saved.sources] == ["src-a", "src-b"]
    assert (
        saved.digest == result.digest == digest((tmp_path / "runs" / "mine" / "scenario.yaml").read_bytes())
    )


def test_a_second_save_gives_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("one", "two", "two"):
        make().save(tmp_path / folder)
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_drawings_are_in_the_manifest_and_the_log_is_not(tmp_path: Path) -> None:
    make().save(tmp_path / "mine", {"drawdown.png": b"png"}, log="command: sim run\n")
    manifest = json.loads((tmp_path / "mine" / "manifest.json").read_text(encoding="utf-8"))
    on_disk = {path.name for path in (tmp_path / "mine").iterdir()}
    assert set(manifest["files"]) == on_disk - {"manifest.json", "log.txt"}
    assert manifest["files"]["drawdown.png"] == digest(b"png")
    log = (tmp_path / "mine" / "log.txt").read_bytes()
    assert log == f"command: sim run\nsha256: {digest(b'command: sim run' + bytes([10]))}\n".encode()
    make().save(tmp_path / "mine")
    assert sorted(path.name for path in (tmp_path / "mine").iterdir()) == FILES


def test_the_manifest_says_what_the_result_is_made_from() -> None:
    found = json.loads(make().files()["manifest.json"])
    assert (found["seed"], found["runs"], found["engine"]) == (11, 3, "simpy")
    assert found["inputs"] == {"base.yaml": "ab"}
    assert found["evidence"] == "cd"
    assert found["notes"] == ["a note"]
    assert found["scenario"]["title"] == "<b>Тест</b>"


def test_what_is_done_to_a_table_in_memory_is_not_saved() -> None:
    result = make()
    before = result.files()
    result.stock["mean"] = 0.0
    assert result.stock is result.stock
    assert result.files() == before


def test_a_changed_file_is_not_read(tmp_path: Path) -> None:
    make().save(tmp_path / "mine")
    path = tmp_path / "mine" / "stock.csv"
    path.write_bytes(path.read_bytes().replace(b"2023-12-20", b"2023-12-21"))
    with pytest.raises(StorageError, match=r"stock\.csv is not the file that was written"):
        read_folder(tmp_path / "mine")
    path.unlink()
    with pytest.raises(StorageError, match=r"stock\.csv is missing"):
        read_folder(tmp_path / "mine")
    assert len(find_problems(tmp_path / "mine")) == 1


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("stock.csv", b"date,depot\n", "no column 'munition'"),
        ("stock.csv", b"date,mean\n2024-01-01,many\n", r"stock\.csv cannot be read"),
        ("stock.csv", b"\xff\xfe", r"stock\.csv cannot be read"),
        ("summary.json", b"{", r"summary\.json cannot be read"),
        ("summary.json", b"{}", "no 'title'"),
    ],
)
def test_a_file_that_the_manifest_knows_but_nobody_can_read(
    tmp_path: Path, name: str, data: bytes, message: str
) -> None:
    files = {**make().files(), name: data}
    listed = make_manifest(
        verb="run",
        title="",
        engine="simpy",
        engine_path="python",
        seed=0,
        runs=1,
        scenario=b"",
        inputs={},
        evidence="",
        sources=(),
        notes=(),
        files=files,
    )
    for file, content in {**files, "manifest.json": json.dumps(listed).encode()}.items():
        (tmp_path / file).write_bytes(content)
    with pytest.raises(StorageError, match=message):
        read_folder(tmp_path)


def test_a_notebook_shows_the_title_as_text() -> None:
    shown = make()._repr_html_()
    assert "&lt;b&gt;Тест" in shown
    assert "<code>sim report FOLDER</code>" in shown
    assert "sim.explore" in shown
    assert "67% of runs, median 2023-12-27" in shown
    assert repr(make()) == "<Result '<b>Тест</b>': 3 runs, seed 11, simpy>"


def test_a_result_is_not_changed_in_place() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        make().seed = 3  # type: ignore[misc]


def run_python(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_importing_the_room_imports_no_pandas() -> None:
    code = "import sys, sim.results, sim.results.result; print('pandas' in sys.modules)"
    assert run_python(code) == "False"


def test_the_bytes_do_not_depend_on_hash_seed_locale_or_time_zone() -> None:
    code = (
        "import importlib.util as u; "
        f"s = u.spec_from_file_location('story', {__file__!r}); m = u.module_from_spec(s); "
        "s.loader.exec_module(m); from sim.results.provenance import digest; "
        "print({name: digest(data) for name, data in sorted(m.make().files().items())})"
    )
    here = run_python(code, PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C", PYTHONUTF8="0")
    there = run_python(code, PYTHONHASHSEED="2", TZ="Asia/Vladivostok", LC_ALL="C.UTF-8")
    assert here == there
    assert here == str({name: digest(data) for name, data in sorted(make().files().items())})
