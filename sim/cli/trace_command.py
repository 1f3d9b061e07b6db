"""``sim trace``: print the ledger entries of one run, or its voyages, as CSV."""

from __future__ import annotations

import sys

import typer

from sim import simulate
from sim.cli.command_options import CommandOptions
from sim.cli.json_output import print_json
from sim.cli.output_file import check_output_file
from sim.cli.result_output import print_warnings
from sim.errors import format_count
from sim.results.csv_text import csv_bytes
from sim.results.storage import write_file


def trace(options: CommandOptions, run: int, *, voyages: bool) -> None:
    """Write one table of the trace to a file or standard output, or print both tables as JSON."""
    scenario = simulate.load(options.file, options.settings)
    if options.out is not None:
        check_output_file(options.out)
    result = simulate.trace(scenario, run, seed=options.seed, engine=options.engine)
    print_warnings(simulate.provenance_of(scenario).notes)
    frame = result.voyages if voyages else result.entries
    if options.out is not None:
        write_file(options.out.parent, options.out.name, csv_bytes(frame))
        rows = format_count(len(frame), "row")
        typer.echo(f"{options.out}: {rows}, run {result.run}", err=True)
    if options.json:
        print_json(result.data())
    elif options.out is None:
        sys.stdout.write(csv_bytes(frame).decode())
