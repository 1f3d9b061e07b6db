"""``sim verify``: is this result folder whole."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from sim.results.json_text import json_bytes
from sim.results.verification import find_problems


def run(folder: Path, *, as_json: bool) -> None:
    """Say what is wrong with a folder, and leave with 1 where anything is."""
    wrong = find_problems(folder)
    if as_json:
        sys.stdout.write(json_bytes({"whole": not wrong, "wrong": list(wrong)}).decode())
    else:
        for line in wrong or (f"{folder} is whole",):
            typer.echo(line)
    if wrong:
        raise typer.Exit(1)
