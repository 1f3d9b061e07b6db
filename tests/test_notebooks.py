"""Every notebook runs from a clean kernel; its stored output is small and names no machine."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import sim

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
NAMES = sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))
#: Just more than the simpy model runs by default: the compiled engine takes less time for these.
RUNS = "101"
MOST_BYTES = 700_000


def cells(path: Path, kind: str) -> list[dict[str, Any]]:
    return [cell for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == kind]


def text_of(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_runs_from_a_clean_kernel(name: str, tmp_path: Path) -> None:
    paths = os.pathsep.join(filter(None, [str(NOTEBOOKS.parent), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, str(NOTEBOOKS / "execute.py"), name, "--runs", RUNS, "--to", str(tmp_path)],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    ran = tmp_path / f"{name}.ipynb"
    assert all(cell["execution_count"] for cell in cells(ran, "code")), "a cell was not run"
    pictures = [
        out for cell in cells(ran, "code") for out in cell["outputs"] if "image/png" in out.get("data", {})
    ]
    drawn = [cell for cell in cells(ran, "code") if "sim.charts." in text_of(cell)]
    assert len(pictures) == len(drawn) > 0, "a chart is not shown"


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_opens_with_its_question_and_ends_with_the_answer(name: str) -> None:
    told = [text_of(cell) for cell in cells(NOTEBOOKS / f"{name}.ipynb", "markdown")]
    assert "**The question.**" in told[0]
    assert told[-1].startswith("## The answer")


@pytest.mark.parametrize("name", NAMES)
def test_what_is_stored_is_small_and_names_no_machine(name: str) -> None:
    path = NOTEBOOKS / f"{name}.ipynb"
    text = path.read_text("utf-8")
    assert len(text) < MOST_BYTES
    assert not re.search(r"/home/|/root/|/tmp/|/Users/|[A-Z]:\\\\", text)
    outputs = [output for cell in cells(path, "code") for output in cell["outputs"]]
    assert not [
        output for output in outputs if output["output_type"] == "error" or output.get("name") == "stderr"
    ]


def test_each_question_has_its_notebook() -> None:
    assert NAMES == ["audit", "counterfactuals", "drivers", "how-much-is-enough", "sweep", "tour"]


def test_a_scenario_and_a_sweep_show_themselves_as_tables_with_their_text_escaped() -> None:
    flat = sim.load("scenarios/flat.yaml")
    scenario = flat.replace({"title": "<b>Flat & low</b>"})
    shown = scenario._repr_html_()
    assert "&lt;b&gt;Flat &amp; low&lt;/b&gt;" in shown
    assert "<b>" not in shown
    assert f"{flat.start} to {flat.end}" in shown
    assert all(name in shown for name in flat.depots)
    found = sim.sweep(scenario, {"consumption.front.rate": [f"{n}k/day" for n in range(1, 31)]}, runs=1)
    table = found._repr_html_()
    assert "&lt;b&gt;Flat" in table
    assert table.count("<tr") == 13, "a heading and twelve points"
    assert "18 more points" in table
    assert "sim report" in table
    assert len(repr(scenario)) < 100
