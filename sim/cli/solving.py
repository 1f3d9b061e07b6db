"""``sim breakeven``: the value of a number at which an outcome just holds."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import typer

from sim import simulate
from sim.cli.order import Order
from sim.cli.progress import progress_bar
from sim.cli.working_folder import leave_deleted
from sim.errors import ArgumentError, Fault, RunError, counted, one_line
from sim.formatting import short_date
from sim.results.jsontext import json_bytes
from sim.results.provenance import log_text
from sim.results.storage import check_target
from sim.scenario.scenario import Scenario
from sim.scenario.spread import Grid, values_of
from sim.study.breakeven import breakeven
from sim.study.solved import BREAKEVEN, TABLE, Breakeven
from sim.units import UnitError

MOST_VALUES = 10_000


class Asking(NamedTuple):
    """What is to be solved, in the words of the command line."""

    solve: str
    of: str
    holds: str
    until: str | None
    bounds: str | None
    vary: tuple[str, ...]


def run(asking: Asking, order: Order) -> None:
    """Carry out the order."""
    started = dt.datetime.now(dt.UTC)
    scenario = simulate.load(order.file, order.settings)
    folder = order.folder(BREAKEVEN)
    check_target(folder)
    leave_deleted()
    bounds, vary = _bounds(asking.bounds), varied(asking.vary)
    with progress_bar(wanted=not order.quiet) as progress:
        found = breakeven(
            scenario,
            asking.solve,
            of=asking.of,
            holds=asking.holds,
            until=asking.until,
            bounds=bounds,
            vary=vary,
            runs=order.runs,
            seed=order.seed,
            jobs=order.jobs,
            progress=progress,
        )
    for note in found.notes:
        typer.echo(f"warning: {one_line(note)}", err=True)
    found.save(folder, log=log_text(["sim", *sys.argv[1:]], started, dt.datetime.now(dt.UTC)))
    report(found, scenario, folder, order)
    failed = [one.failed for one in found.solved if one.looked is None]
    if failed:
        raise RunError(f"{counted(len(failed), 'row')} failed, the first because: {failed[0]}")


def report(found: Breakeven, scenario: Scenario, folder: Path, order: Order) -> None:
    """Print the summary as JSON, or the sentences and where the table is."""
    if order.json:
        sys.stdout.write(json_bytes(found.summary()).decode())
        return
    if order.quiet:
        return
    typer.echo(heading(scenario, found.asked.runs, order.seed))
    for sentence in found.sentences:
        typer.echo(one_line(f"  {sentence}"))
    typer.echo(f"Table: {folder / TABLE}")


def heading(scenario: Scenario, runs: int, seed: int) -> str:
    """Return of what a question is asked, in one line."""
    period = f"{short_date(scenario.start)} to {short_date(scenario.end)}"
    return one_line(f"{scenario.full_title}: {period}, {counted(runs, 'run')}, seed {seed}")


def varied(words: Sequence[str]) -> Mapping[str, Grid | Sequence[str]]:
    """Return the values of the paths that ``PATH=a,b,c`` or ``PATH=FROM:TO:COUNT`` words vary.

    Raises
    ------
    ArgumentError
        With every word that is neither.
    """
    vary: dict[str, Grid | Sequence[str]] = {}
    faults: list[Fault] = []
    for word in words:
        path, _, text = word.partition("=")
        if path in vary:
            faults.append(Fault(f"{path} is varied twice", allowed="each path once"))
            continue
        try:
            vary[path] = _values(word, text)
        except ArgumentError as error:
            faults += error.faults
    if faults:
        raise ArgumentError(faults)
    return vary


def _values(word: str, text: str) -> Grid | Sequence[str]:
    if not text or word.startswith("="):
        raise _wrong(word)
    try:
        found = values_of(text)
    except UnitError as error:
        raise ArgumentError(
            [Fault(error.problem, path=word.partition("=")[0], allowed=error.allowed)]
        ) from None
    if isinstance(found, Grid) and not 2 <= found.count <= MOST_VALUES:
        raise _wrong(word)
    return found


def _bounds(text: str | None) -> tuple[str, str] | None:
    if text is None:
        return None
    low, colon, high = text.partition(":")
    if not colon or not low or not high:
        raise ArgumentError(
            [Fault(f"the bounds {text!r} are no range", allowed="FROM:TO, such as 1M/year:9M/year")]
        )
    return low, high


def _wrong(word: str) -> ArgumentError:
    allowed = f"PATH=a,b,c, or of a number PATH=FROM:TO:COUNT with a COUNT of 2 to {MOST_VALUES:,}"
    return ArgumentError([Fault(f"{word!r} does not say what to vary", allowed=allowed)])
