"""Output of the verbs that run scenarios: warnings, the log, and the result as JSON or as text."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import typer

from sim.cli.command_options import CommandOptions
from sim.cli.json_output import print_json
from sim.errors import escape_control_characters
from sim.results.provenance import log_text


def print_warnings(notes: Iterable[str]) -> None:
    """Print notes on standard error."""
    for note in notes:
        typer.echo(f"warning: {escape_control_characters(note)}", err=True)


def command_log(started: dt.datetime) -> str:
    """Return the content of ``log.txt`` for the command of this process, which ends now."""
    return log_text(["sim", *sys.argv[1:]], started, dt.datetime.now(dt.UTC))


def print_result(
    options: CommandOptions, summary: Callable[[], Mapping[str, Any]], lines: Callable[[], Iterable[str]]
) -> None:
    """Print the summary as JSON, or else the lines unless the command is quiet."""
    if options.json:
        print_json(summary())
    elif not options.quiet:
        for line in lines():
            typer.echo(line)
