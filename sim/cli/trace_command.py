"""``sim trace``: print the ledger entries of one run, or its voyages, as CSV."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import typer

from sim import simulate
from sim.cli.output_file import check_output_file
from sim.errors import format_count
from sim.results.csv_text import csv_bytes
from sim.results.json_text import json_bytes
from sim.results.storage import write_file


@dataclass(frozen=True, slots=True)
class TraceOptions:
    """Options of ``sim trace``.

    Attributes
    ----------
    file : Path
    run, seed : int
    settings : tuple of str
        ``PATH=VALUE`` overrides.
    engine : str
    voyages : bool
        Whether to write voyages instead of entries.
    out : Path or None
        Output file; None for standard output.
    json : bool
        Whether to print both tables as JSON.
    """

    file: Path
    run: int
    seed: int
    settings: tuple[str, ...]
    engine: str
    voyages: bool
    out: Path | None
    json: bool


def trace(options: TraceOptions) -> None:
    """Write one table of the trace to a file or standard output, or print both tables as JSON."""
    scenario = simulate.load(options.file, options.settings)
    if options.out is not None:
        check_output_file(options.out)
    result = simulate.trace(scenario, options.run, seed=options.seed, engine=options.engine)
    for note in simulate.provenance_of(scenario).notes:
        typer.echo(f"warning: {note}", err=True)
    frame = result.voyages if options.voyages else result.entries
    if options.out is not None:
        write_file(options.out.parent, options.out.name, csv_bytes(frame))
        rows = format_count(len(frame), "row")
        typer.echo(f"{options.out}: {rows}, run {result.run}", err=True)
    if options.json:
        sys.stdout.write(json_bytes(result.data()).decode())
    elif options.out is None:
        sys.stdout.write(csv_bytes(frame).decode())
