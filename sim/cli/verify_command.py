"""``sim verify``: check that a result folder is complete and unmodified."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from sim.results.json_text import json_bytes
from sim.results.verification import find_problems


def run(folder: Path, *, as_json: bool) -> None:
    """Print the problems of a result folder; exit with 1 if there are any."""
    problems = find_problems(folder)
    if as_json:
        sys.stdout.write(json_bytes({"whole": not problems, "wrong": list(problems)}).decode())
    else:
        for line in problems or (f"{folder} is whole",):
            typer.echo(line)
    if problems:
        raise typer.Exit(1)
