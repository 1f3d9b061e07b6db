"""Run the notebooks from clean kernels and store their outputs, small and without a trace of this machine.

    python notebooks/execute.py [NAME...] [--runs N] [--to DIR]

Each runs in a copy of its folder and the scenarios, so that its saved files are not left here. Progress and
warnings (standard error) are not stored; an absolute path of this machine in an output is a mistake.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LONGEST_SECONDS = 600


def execute(notebook: Path, runs: int | None, into: Path) -> None:
    """Run one notebook and write it to a folder.

    Parameters
    ----------
    notebook : Path
    runs : int, optional
        Of each ensemble; by default the number in the notebook.
    into : Path
    """
    from nbclient import NotebookClient
    from nbformat import NO_CONVERT, reads, writes

    if runs is not None:
        os.environ["SIM_NOTEBOOK_RUNS"] = str(runs)
    book = reads(notebook.read_text("utf-8"), as_version=NO_CONVERT)
    with tempfile.TemporaryDirectory() as name:
        desk = Path(name)
        shutil.copytree(HERE.parent / "scenarios", desk / "scenarios")
        (desk / "notebooks").mkdir()
        resources = {"metadata": {"path": str(desk / "notebooks")}}
        NotebookClient(book, timeout=LONGEST_SECONDS, resources=resources, record_timing=False).execute()
    for cell in book.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.outputs = [_plain(output) for output in cell.outputs if output.get("name") != "stderr"]
    book.metadata.language_info = {"name": "python"}
    _check(book, notebook)
    (into / notebook.name).write_text(f"{writes(book)}\n", "utf-8", newline="\n")


def _plain(output: Any) -> Any:
    output.get("metadata", {}).clear()
    return output


def _check(book: Any, notebook: Path) -> None:
    told = str(book)
    for trace in (str(Path.home()), str(HERE.parent), tempfile.gettempdir(), sys.prefix):
        if f"{trace}/" in told or f"{trace}\\" in told:
            sys.exit(f"{notebook.name}: an output holds a path of this machine")


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description="Run the notebooks and store their outputs.")
    parser.add_argument("names", nargs="*", help="such as tour; all by default")
    parser.add_argument("--runs", type=int, help="runs of each ensemble; by default that of the notebook")
    parser.add_argument("--to", type=Path, default=HERE, help="where to write; by default in place")
    given = parser.parse_args()
    names = given.names or sorted(path.stem for path in HERE.glob("*.ipynb"))
    for name in names:
        execute(HERE / f"{name}.ipynb", given.runs, given.to)
        sys.stdout.write(f"{name}.ipynb\n")


if __name__ == "__main__":
    main()
