"""``sim export``: the contents of a result folder in a workbook, by openpyxl."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import math
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pandas as pd
import pytest

import sim
from sim.errors import StorageError
from sim.reporting import sheets_of, workbook, workbook_bytes
from tests.test_cli import SCENARIOS
from tests.test_cli import sim as command

LINK = "https://www.example.org/fire"
SCENARIO = f"""\
schema: 1
title: "=1+1"
note: "@SUM(A1)"
start: 2023-09-01
end: 2023-12-01
depots:
  depot:
    stock: {{low: 0.2M, high: 0.6M, source: stock-2023-10-kiviselg-4m, note: "+cmd|' /C calc'!A0"}}
production: {{line: {{rate: 2k/day}}}}
shipments: {{ally: {{deliveries: {{2023-09-20: 30k}}, lead_time: 5 days}}}}
consumption:
  front:
    rate:
      low: 6k/day
      high: 12k/day
      source: {{url: {LINK}, claimant: Ministry of Defence, published: 2023-08-01}}
"""
FEW = ("--runs", 6, "--jobs", 1, "--quiet")


class Workbook(NamedTuple):
    """A workbook, with the rows of each sheet."""

    file: Path
    sheets: dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a result folder of each verb, by its name."""
    here = tmp_path_factory.mktemp("results")
    (here / "s.yaml").write_text(SCENARIO)
    (here / "t.yaml").write_text("extends: s.yaml\ntitle: Other\nconsumption: {front: {rate: 9k/day}}\n")
    before = Path.cwd()
    os.chdir(here)
    try:
        rate = "production.line.rate"
        for words in (
            ("run", "s.yaml", "--engine", "simpy"),
            ("compare", "s.yaml", "t.yaml"),
            ("sweep", "s.yaml", "--vary", f"{rate}=1k/day,2k/day", "--vary", "start=2023-09-01,2023-09-02"),
            ("breakeven", "s.yaml", "--solve", rate, "--bounds", "0/day:20k/day"),
            ("sensitivity", "s.yaml"),
        ):
            said = command(*words, *FEW, "--out", words[0])
            assert said.status == 0, said.err
    finally:
        os.chdir(before)
    return here


def exported(folder: Path, file: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Export a folder, and return the rows of each sheet as an independent reader sees them."""
    said = command("export", folder, file)
    assert (said.status, said.out, said.err) == (0, f"{file}\n", "")
    book = openpyxl.load_workbook(file)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


@pytest.fixture(scope="module")
def workbooks(folders: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Workbook]:
    """Return a function that gives the workbook of a verb, which it exports once."""

    @cache
    def workbook_of(verb: str) -> Workbook:
        file = tmp_path_factory.mktemp("workbooks") / f"{verb}.xlsx"
        return Workbook(file, exported(folders / verb, file))

    return workbook_of


def same(cell: Any, text: str) -> bool:
    """Return whether a cell has the value of `text` in a CSV."""
    if cell is None:
        return text == ""
    if isinstance(cell, bool):
        return str(cell) == text
    if isinstance(cell, int | float):
        return math.isclose(float(text), cell, rel_tol=1e-14)
    if isinstance(cell, dt.datetime):
        return text in {f"{cell:%Y-%m-%d}", f"{cell:%Y-%m-%dT%H:%M:%S}", f"{cell:%Y-%m}"}
    return bool(cell == text.removeprefix("'"))


@pytest.mark.parametrize("verb", ["run", "compare", "breakeven", "sensitivity"])
def test_every_cell_of_every_table_is_in_the_workbook(
    verb: str, folders: Path, workbooks: Callable[[str], Workbook]
) -> None:
    sheets = workbooks(verb).sheets
    tables = sorted((folders / verb).glob("*.csv"))
    assert tables
    for path in tables:
        rows = list(csv.reader(io.StringIO(path.read_bytes().decode(), newline="")))
        assert len(rows) == len(sheets[path.stem])
        assert tuple(rows[0]) == sheets[path.stem][0]
        for written, read in zip(rows, sheets[path.stem], strict=True):
            assert all(same(cell, text) for cell, text in zip(read, written, strict=True)), (written, read)
    assert next(iter(sheets)) == "summary"
    assert list(sheets)[-3:] == ["inputs", "sources", "method"]


def test_a_sweep_is_exported_from_its_parquet_with_dates_as_dates(
    folders: Path, workbooks: Callable[[str], Workbook]
) -> None:
    sheets = workbooks("sweep").sheets
    table = pd.read_parquet(folders / "sweep" / "sweep.parquet")
    head, *rows = sheets["sweep"]
    assert list(head) == list(table.columns)
    assert [row[head.index("start")] for row in rows] == [pd.Timestamp(text) for text in table["start"]]
    for name in ("production.line.rate", "fired_mean", "exhausted_share"):
        assert [row[head.index(name)] for row in rows] == pytest.approx(table[name].tolist(), rel=1e-14)


def test_numbers_are_numbers_and_dates_are_dates(folders: Path, workbooks: Callable[[str], Workbook]) -> None:
    sheets = workbooks("run").sheets
    date, _, _, mean, *_ = sheets["stock"][1]
    assert date == dt.datetime(2023, 9, 1)
    assert isinstance(mean, float)
    months = {row[0] for row in sheets["origins"][1:]}
    assert months == {dt.datetime(2023, month, 1) for month in (9, 10, 11)}
    head, first = sheets["shipments"][:2]
    assert first[head.index("departed")] == dt.datetime(2023, 9, 20)
    assert first[head.index("arrived")] == dt.datetime(2023, 9, 25)
    summary = dict(sheets["summary"][1:])
    told = json.loads((folders / "run" / "summary.json").read_text())
    assert summary["exhausted.share"] == told["exhausted"]["share"]
    assert summary["exhausted.p50"] == dt.datetime.fromisoformat(told["exhausted"]["p50"])
    assert summary["pairs.depot.shells.totals.fired"] == told["pairs"]["depot"]["shells"]["totals"]["fired"]


def test_inputs_stand_with_their_sources(workbooks: Callable[[str], Workbook]) -> None:
    for verb in ("run", "sweep", "breakeven", "sensitivity"):
        sheets = workbooks(verb).sheets
        head, *rows = sheets["inputs"]
        assert head == (
            *("scenario", "path", "as written", "value", "unit", "drawn", "sources", "claimants", "note"),
        )
        by_path = {row[1]: row[2:] for row in rows}
        assert by_path["start"][:2] == ("2023-09-01", dt.datetime(2023, 9, 1))
        assert by_path["production.line.rate"] == ("2k/day", 2000, "shells/day", None, None, None, None)
        assert by_path["depots.depot.stock"] == (
            *("{low: 0.2M, high: 0.6M}", 400_000, "shells", "once a run (value: median)"),
            *("stock-2023-10-kiviselg-4m", "Col Ants Kiviselg, Estonian military intelligence"),
            "+cmd|' /C calc'!A0",
        )
        assert by_path["consumption.front.rate"][4:6] == (LINK, "Ministry of Defence")
    assert sheets["sources"][1:] == [
        (LINK, "Ministry of Defence", None, dt.datetime(2023, 8, 1), None, LINK),
        (
            *("stock-2023-10-kiviselg-4m", "Col Ants Kiviselg, Estonian military intelligence"),
            *(
                "NYT via Euromaidan Press",
                dt.datetime(2023, 10, 27),
                "B",
                "https://euromaidanpress.com/?p=234176",
            ),
        ),
    ]


def test_a_comparison_lists_its_scenarios_and_sources(workbooks: Callable[[str], Workbook]) -> None:
    sheets = workbooks("compare").sheets
    rows = sheets["inputs"][1:]
    assert [row[0] for row in rows[:2]] == ["s", "t"]
    # Then every number of each, under its name.
    assert {row[0] for row in rows} == {"s", "t"}
    paths = [[row[1] for row in rows if row[0] == name and row[4] is not None] for name in "st"]
    assert paths[0] == paths[1] != []
    assert {row[0] for row in sheets["sources"][1:]} == {LINK, "stock-2023-10-kiviselg-4m"}


def test_the_method_names_the_question_the_seed_and_every_outcome(
    folders: Path, workbooks: Callable[[str], Workbook]
) -> None:
    sheets = workbooks("run").sheets
    rows = sheets["method"][1:]
    items = {(topic, item): text for topic, item, text in rows}
    assert items["study", "seed"] == "1"
    assert items["study", "runs"] == 6
    digest = hashlib.sha256((folders / "s.yaml").read_bytes()).hexdigest()
    assert items["reproduction", "s.yaml, SHA-256"] == digest
    for name in sheets["outcomes"][0][:7]:
        assert items["columns of outcomes", name].endswith(".")


def test_no_text_is_a_formula(workbooks: Callable[[str], Workbook]) -> None:
    file, sheets = workbooks("run")
    assert dict(sheets["summary"][1:])["title"] == "=1+1"
    for row in openpyxl.load_workbook(file)["inputs"].iter_rows():
        assert all(cell.data_type != "f" for cell in row)
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/sheet"):
                assert b"<f>" not in archive.read(name)


def test_the_same_folder_gives_the_same_bytes(
    folders: Path, workbooks: Callable[[str], Workbook], tmp_path: Path
) -> None:
    shutil.copytree(folders / "run", tmp_path / "elsewhere")
    exported(tmp_path / "elsewhere", tmp_path / "y.xlsx")
    assert workbooks("run").file.read_bytes() == (tmp_path / "y.xlsx").read_bytes()
    assert command("verify", folders / "run").status == 0


def test_an_existing_file_stays_unless_it_may_be_replaced(folders: Path, tmp_path: Path) -> None:
    file = tmp_path / "x.xlsx"
    file.write_text("years of work")
    said = command("export", folders / "run", file)
    assert (said.status, said.out) == (1, "")
    assert said.err == f"error: {file} is there already; choose another name, or give --force\n"
    assert file.read_text() == "years of work"
    said = command("export", folders / "run", file, "--force", "--json")
    assert json.loads(said.out)["sheets"][:2] == ["summary", "stock"]
    assert zipfile.is_zipfile(file)


@pytest.mark.parametrize(
    ("file", "status", "message"),
    [
        ("x.csv", 2, "is no name of a workbook; allowed: a name in .xlsx; did you mean"),
        ("nowhere/x.xlsx", 1, "the folder above it does not exist"),
        ("folder.xlsx", 1, "it is a folder; name a file in it"),
    ],
)
def test_a_wrong_name_is_one_message(
    file: str, status: int, message: str, folders: Path, tmp_path: Path
) -> None:
    (tmp_path / "folder.xlsx").mkdir()
    said = command("export", folders / "run", tmp_path / file)
    assert (said.status, said.out) == (status, "")
    assert message in said.err
    assert [path.name for path in tmp_path.iterdir()] == ["folder.xlsx"]


def test_a_file_inside_the_result_and_what_is_no_result_are_refused(folders: Path, tmp_path: Path) -> None:
    said = command("export", folders / "run", folders / "run" / "x.xlsx")
    assert "a result folder holds only the files of its result" in said.err
    assert command("verify", folders / "run").status == 0
    assert command("export", tmp_path, tmp_path / "x.xlsx").status == 1
    shutil.copytree(folders / "run", tmp_path / "changed")
    with (tmp_path / "changed" / "stock.csv").open("a") as table:
        table.write("2030-01-01,depot,shells,1,1,1,1,1,1\n")
    said = command("export", tmp_path / "changed", tmp_path / "x.xlsx")
    assert "stock.csv is not the file that was written" in said.err
    assert not (tmp_path / "x.xlsx").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_kill_leaves_no_half_file(folders: Path, tmp_path: Path) -> None:
    code = (
        "import os, pathlib, signal, sys\n"
        "pathlib.Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from sim.cli.app import run\nrun(sys.argv[1:])"
    )
    (tmp_path / "old.xlsx").write_text("old")
    for name, *force in (["new.xlsx"], ["old.xlsx", "--force"]):
        words = ["export", str(folders / "run"), str(tmp_path / name), *force]
        done = subprocess.run(
            [sys.executable, "-c", code, *words],
            env={**os.environ, "PYTHONPATH": str(SCENARIOS.parent)},
            capture_output=True,
            check=False,
        )
        assert done.returncode == -9
    assert {path.name for path in tmp_path.glob("[!.]*")} == {"old.xlsx"}
    assert (tmp_path / "old.xlsx").read_text() == "old"


def test_a_table_of_one_s_own_and_joint_samples_are_not_needed(tmp_path: Path) -> None:
    folder = sim.run(SCENARIOS / "joint-estimates.yaml", runs=2, jobs=1).save(tmp_path / "out")
    sheets = exported(folder, tmp_path / "x.xlsx")
    by_path = {row[1]: row for row in sheets["inputs"][1:]}
    assert by_path["evidence"][2] == "joint-estimates.evidence.csv"
    assert by_path["draws"][8].startswith("The samples of this file replace")
    assert "Authors of this library" in by_path["consumption.front.rate"][7]


def test_a_scenario_with_a_rule_of_python_is_exported(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(
        SCENARIO.replace("    rate:\n", "    rationing: {rule: half, cover: 30 days}\n    rate:\n")
    )
    rules = {"half": lambda requirement, *_: requirement / 2}
    folder = sim.run(tmp_path / "s.yaml", runs=2, jobs=1, rules=rules).save(tmp_path / "out")
    assert "inputs" in exported(folder, tmp_path / "x.xlsx")


# Limits of a file


def test_a_long_table_goes_on_in_another_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_ROWS", 11)
    table = pd.DataFrame({"n": list(range(25))})
    (tmp_path / "x.xlsx").write_bytes(workbook_bytes({"long": table, "none": table.iloc[:0]}))
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert book.sheetnames == ["long", "long (2)", "long (3)", "none"]
    read = [
        row[0] for name in book.sheetnames[:3] for row in list(book[name].iter_rows(values_only=True))[1:]
    ]
    assert read == list(range(25))


def test_odd_cells_are_blank_or_cut_and_too_many_columns_are_refused(tmp_path: Path) -> None:
    cells = [float("nan"), float("inf"), None, True, "x" * 40_000, "http://a b", dt.date(2024, 2, 29)]
    (tmp_path / "x.xlsx").write_bytes(workbook_bytes({"odd": pd.DataFrame({"link": cells}, dtype=object)}))
    read = [row[0] for row in openpyxl.load_workbook(tmp_path / "x.xlsx")["odd"].iter_rows(values_only=True)]
    assert read[1:5] == [None, None, None, True]
    assert len(read[5]) == 32_767
    assert read[5].endswith("(cut here: a cell has room for 32,767 characters)")
    assert read[6:] == ["http://a b", dt.datetime(2024, 2, 29)]
    with pytest.raises(StorageError, match=r"wide has 20,000 columns, and a sheet at most 16,384"):
        workbook_bytes({"wide": pd.DataFrame([range(20_000)])})


def test_python_gives_the_same_tables(folders: Path) -> None:
    sheets = sheets_of(folders / "run")
    assert list(sheets)[:3] == ["summary", "stock", "flows"]
    assert sheets["stock"]["date"][0] == dt.date(2023, 9, 1)
