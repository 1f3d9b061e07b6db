"""``sim new``: create a folder with a commented scenario and a starter notebook."""

from __future__ import annotations

import json
import sys
from importlib.resources import files
from pathlib import Path

import typer

from sim.errors import StorageError

FILE_NAMES = ("scenario.yaml", "start.ipynb")


def run(folder: Path, *, as_json: bool) -> None:
    """Write the starter files; raise `StorageError` if one of them exists."""
    existing = [name for name in FILE_NAMES if (folder / name).exists()]
    if existing:
        raise StorageError(f"{folder / existing[0]} is there already; choose another folder")
    template = files("sim.cli") / "template"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in FILE_NAMES:
            with (folder / name).open("xb") as file:
                file.write((template / name).read_bytes())
    except OSError as error:
        raise StorageError(f"cannot write {folder}: {error.strerror}") from error
    if as_json:
        sys.stdout.write(json.dumps({"files": [(folder / name).as_posix() for name in FILE_NAMES]}) + "\n")
        return
    for name in FILE_NAMES:
        typer.echo(folder / name)
    typer.echo(f"Next: sim run {folder / FILE_NAMES[0]}")
