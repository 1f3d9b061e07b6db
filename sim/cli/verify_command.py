"""``sim verify``: check that a result folder is complete and unmodified."""

from __future__ import annotations

from pathlib import Path

import typer

from sim.cli.json_output import print_json
from sim.results.verification import find_problems


def run(folder: Path, *, as_json: bool) -> None:
    """Print the problems of a result folder; exit with 1 if there are any."""
    problems = find_problems(folder)
    if as_json:
        print_json({"whole": not problems, "wrong": list(problems)})
    else:
        for line in problems or (f"{folder} is whole",):
            typer.echo(line)
    if problems:
        raise typer.Exit(1)
