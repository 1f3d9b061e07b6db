"""``sim sensitivity``: which uncertain input drives which outcome."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import typer

from sim import simulate
from sim.cli.order import Order
from sim.cli.progress import progress_bar
from sim.cli.solving import heading
from sim.cli.working_folder import leave_deleted
from sim.errors import one_line
from sim.formatting import percent, rounded
from sim.results.jsontext import json_bytes
from sim.results.provenance import log_text
from sim.results.storage import check_target
from sim.study.driven import SENSITIVITY, TABLE, Sensitivity
from sim.study.driver import Driver
from sim.study.sensitivity import sensitivity

#: What is told of all outcomes, and how many inputs of each.
TOLD = ("exhausted", "closing_stock", "fired", "unmet")
MOST = 8
_HEADS = {
    "rank": "Rank correlation of each input with the outcome",
    "tornado": "Median outcome where an input is at the 5 % and at the 95 % quantile of its law",
    "morris": "Mean size of the effect of an input on its way from its 5 % to its 95 % quantile",
    "sobol": "Share of the variance that an input makes alone, and with its interactions",
}


class Asking(NamedTuple):
    """What is asked, in the words of the command line."""

    of: str | None
    method: str
    points: int | None


def run(asking: Asking, order: Order) -> None:
    """Carry out the order."""
    started = dt.datetime.now(dt.UTC)
    scenario = simulate.load(order.file, order.settings)
    folder = order.folder(SENSITIVITY)
    check_target(folder)
    leave_deleted()
    with progress_bar(wanted=not order.quiet) as progress:
        found = sensitivity(
            scenario,
            of=asking.of,
            method=asking.method,
            points=asking.points,
            runs=order.runs,
            seed=order.seed,
            jobs=order.jobs,
            progress=progress,
        )
    for note in found.notes:
        typer.echo(f"warning: {one_line(note)}", err=True)
    found.save(folder, log=log_text(["sim", *sys.argv[1:]], started, dt.datetime.now(dt.UTC)))
    if order.json:
        sys.stdout.write(json_bytes(found.summary()).decode())
        return
    if order.quiet:
        return
    typer.echo(heading(scenario, found.asked.runs, order.seed))
    for line in verdict(found):
        typer.echo(one_line(line))
    typer.echo(f"Table: {folder / Path(TABLE)}")


def verdict(found: Sensitivity) -> Iterator[str]:
    """Yield the strongest inputs: of the outcome that was asked for, or of those that tell the most."""
    yield f"{_HEADS[found.method]}; in brackets the {percent(found.confidence)} interval"
    told = [name for name in found.driven if len(found.driven) == 1 or name in TOLD]
    for name in told:
        known = found.driven[name]
        if known.constant:
            continue
        unit = found.summary()["outcomes"][name]["unit"]
        shown = f", in {unit}" if found.method in ("tornado", "morris") else ""
        yield f"{name}{shown}"
        leading = found.leading(name)[:MOST]
        width = max(len(path) for path, _ in leading)
        for path, rows in leading:
            if not found.has_effect(name, path):
                yield f"  {path:<{width}}  no effect"
                continue
            indices = [row for row in rows.values() if row.kind != "sigma"]
            yield f"  {path:<{width}}  " + "   ".join(_told(row, found.method) for row in indices)


def _told(row: Driver, method: str) -> str:
    if row.value is None:
        return "no figure"
    if row.low is None or row.high is None:
        return _figure(row.value, method)
    ends = f"{_figure(row.low, method)} to {_figure(row.high, method)}"
    return f"{_figure(row.value, method)} ({ends})"


def _figure(value: float, method: str) -> str:
    if method in ("rank", "sobol"):
        return f"{value:.2f}"
    return rounded(value)
