"""``sim audit``: published claims compared with one account."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterator
from pathlib import Path

from sim import charts, simulate
from sim.auditing.audit import audit, claims_of, read_date, refuse_hindsight
from sim.auditing.audit_result import Audit
from sim.auditing.audit_tables import AUDIT_VERB, TABLE
from sim.auditing.hindsight import find_hindsight
from sim.cli.command_options import CommandOptions
from sim.cli.drawing import chart_lines, save_with_chart
from sim.cli.progress_display import progress_bar
from sim.cli.result_output import command_log, print_result, print_warnings
from sim.cli.verdict import finding_lines
from sim.cli.working_folder import leave_deleted
from sim.errors import InputError, escape_control_characters
from sim.formatting import long_date, short_date
from sim.results.storage import check_target
from sim.scenario.input_file import folder_of

CHART = "audit"
MEANING = "In brackets the range of nine in ten."
_WIDTH = 88


def run(date: str | None, options: CommandOptions, *, with_shipped: bool) -> None:
    """Run ``sim audit``."""
    started = dt.datetime.now(dt.UTC)
    as_of = None if date is None else read_date(date, "--as-of")
    scenario = simulate.load(options.file, options.settings)
    folder = options.folder(AUDIT_VERB, "" if as_of is None else as_of.isoformat())
    check_target(folder)
    leave_deleted()
    every = simulate.evidence_of(scenario)
    if as_of is not None:
        refuse_hindsight(scenario, every, as_of, lambda: _variant(options.file, as_of))
    with progress_bar(wanted=not options.quiet, noun="steps") as progress:
        found = audit(
            scenario,
            as_of,
            seed=options.seed,
            evidence=every if with_shipped else claims_of(scenario),
            jobs=options.jobs,
            progress=progress,
        )
    print_warnings([*found.notes, *found.own_faults])
    draw = (lambda style: charts.audit(found, style=style)) if found.conflicts else None
    failure = save_with_chart(found, folder, CHART, draw, command_log(started))
    chart = chart_lines(failure, folder, CHART) if draw else []
    print_result(options, found.summary, lambda: [*_lines(found), f"Table: {folder / TABLE}", *chart])
    if failure is not None:
        raise failure


def _lines(found: Audit) -> Iterator[str]:
    """Yield the heading, the answer, and the findings with their labels."""
    query, (answer, *rest) = found.query, found.findings
    period = f"{short_date(query.start)} to {short_date(query.end)}"
    known = "all claims" if found.as_of is None else f"claims as of {long_date(found.as_of)}"
    yield escape_control_characters(f"{query.title} · {period} · {known}, seed {query.seed}")
    yield ""
    yield from textwrap.wrap(escape_control_characters(answer.sentence), _WIDTH)
    yield ""
    yield from map(escape_control_characters, finding_lines(rest))
    yield ""
    yield MEANING


def _variant(file: Path, as_of: dt.date) -> str:
    """Return a scenario beside a file that extends it and has no hindsight; empty if there is none."""
    for other in sorted(folder_of(file).glob("*.yaml")):
        if other.name != file.name and _extends(other, file.name) and _is_free(other, as_of):
            return other.as_posix()
    return ""


def _extends(other: Path, name: str) -> bool:
    try:
        text = other.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    return any(line.split() == ["extends:", name] for line in text.splitlines())


def _is_free(file: Path, as_of: dt.date) -> bool:
    try:
        scenario = simulate.load(file)
    except InputError:
        return False
    return not find_hindsight(scenario, simulate.evidence_of(scenario), as_of)
