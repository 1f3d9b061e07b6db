"""``sim breakeven``: the value of a number at which an outcome just holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sim import simulate
from sim.cli.command_options import CommandOptions
from sim.cli.progress_display import progress_bar
from sim.cli.result_output import command_log, print_result, print_warnings
from sim.cli.working_folder import leave_deleted
from sim.errors import ArgumentError, Fault, RunError, escape_control_characters, format_count
from sim.findings.wording import LASTS_MEANING
from sim.formatting import short_date
from sim.outcomes import EXHAUSTED
from sim.results.storage import check_target
from sim.scenario.scenario import Scenario
from sim.scenario.value_ranges import Grid, parse_values
from sim.study.breakeven import breakeven
from sim.study.breakeven_result import BREAKEVEN_VERB, TABLE
from sim.units import UnitError

MAX_VALUES = 10_000


class BreakevenOptions(NamedTuple):
    """Options of ``sim breakeven``, as text from the command line."""

    solve: str
    of: str
    holds: str
    until: str | None
    since: str | None
    level: str | None
    bounds: str | None
    vary: tuple[str, ...]


def run(query: BreakevenOptions, options: CommandOptions) -> None:
    """Run ``sim breakeven``."""
    started = dt.datetime.now(dt.UTC)
    scenario = simulate.load(options.file, options.settings)
    folder = options.folder(BREAKEVEN_VERB, _question(query))
    check_target(folder)
    leave_deleted()
    bounds, vary = _parse_bounds(query.bounds), parse_vary(query.vary)
    with progress_bar(wanted=not options.quiet) as progress:
        result = breakeven(
            scenario,
            query.solve,
            of=query.of,
            holds=query.holds,
            until=query.until,
            since=query.since,
            level=query.level,
            bounds=bounds,
            vary=vary,
            runs=options.runs,
            seed=options.seed,
            jobs=options.jobs,
            progress=progress,
        )
    print_warnings(result.notes)
    result.save(folder, log=command_log(started))
    lines = [escape_control_characters(f"  {sentence}") for sentence in result.sentences]
    if query.of == EXHAUSTED:
        lines.append(LASTS_MEANING)
    heading = heading_line(scenario, result.query.runs, options.seed)
    print_result(options, result.summary, lambda: [heading, *lines, f"Table: {folder / TABLE}"])
    failed = [one.failure for one in result.found if one.searched is None]
    if failed:
        raise RunError(f"{format_count(len(failed), 'row')} failed, the first because: {failed[0]}")


def _question(query: BreakevenOptions) -> str:
    """Return the part of the default folder name after the verb: the path, and other options given."""
    given = {
        "of": query.of,
        "level": query.level,
        "holds": query.holds,
        "until": query.until,
        "from": query.since,
    }
    usual = {"of": "exhausted", "level": None, "holds": "50%", "until": None, "from": None}
    parts = [f"{name}-{value}" for name, value in given.items() if value != usual[name]]
    varied = [f"vary-{argument.partition('=')[0]}" for argument in query.vary]
    return "-".join([query.solve, *parts, *varied])


def heading_line(scenario: Scenario, runs: int, seed: int) -> str:
    """Return the heading of a study: scenario, period, runs and seed in one line."""
    period = f"{short_date(scenario.start)} to {short_date(scenario.end)}"
    return escape_control_characters(
        f"{scenario.full_title}: {period}, {format_count(runs, 'run')}, seed {seed}"
    )


def parse_vary(arguments: Sequence[str]) -> Mapping[str, Grid | Sequence[str]]:
    """Parse ``PATH=a,b,c`` and ``PATH=FROM:TO:COUNT``; raise one error that lists every other argument."""
    vary: dict[str, Grid | Sequence[str]] = {}
    faults: list[Fault] = []
    for argument in arguments:
        path, _, text = argument.partition("=")
        if path in vary:
            faults.append(Fault(f"{path} is varied twice", allowed="each path once"))
            continue
        try:
            vary[path] = _parse_values(argument, text)
        except ArgumentError as error:
            faults += error.faults
    if faults:
        raise ArgumentError(faults)
    return vary


def _parse_values(argument: str, text: str) -> Grid | Sequence[str]:
    if not text or argument.startswith("="):
        raise _vary_error(argument)
    try:
        values = parse_values(text)
    except UnitError as error:
        raise ArgumentError(
            [Fault(error.problem, path=argument.partition("=")[0], allowed=error.allowed)]
        ) from None
    if isinstance(values, Grid) and not 2 <= values.count <= MAX_VALUES:
        raise _vary_error(argument)
    return values


def _parse_bounds(text: str | None) -> tuple[str, str] | None:
    if text is None:
        return None
    low, colon, high = text.partition(":")
    if not colon or not low or not high:
        raise ArgumentError(
            [Fault(f"the bounds {text!r} are no range", allowed="FROM:TO, such as 1M/year:9M/year")]
        )
    return low, high


def _vary_error(argument: str) -> ArgumentError:
    allowed = f"PATH=a,b,c, or of a number PATH=FROM:TO:COUNT with a COUNT of 2 to {MAX_VALUES:,}"
    return ArgumentError([Fault(f"{argument!r} does not say what to vary", allowed=allowed)])
