"""``sim backtest``: foretell from the claims of one date what was published until another, and score it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sim import charts, simulate
from sim.auditing.backtest import backtest
from sim.auditing.backtest_result import BACKTEST_VERB, CLAIMS_TABLE, RANGES_TABLE, TABLE, Backtest
from sim.cli.command_options import CommandOptions
from sim.cli.drawing import chart_lines, save_with_chart
from sim.cli.progress_display import progress_bar
from sim.cli.result_output import command_log, print_result, print_warnings
from sim.cli.working_folder import leave_deleted
from sim.errors import escape_control_characters
from sim.findings.backtest_findings import HEADLINE
from sim.results.storage import check_target

CHART = "backtest"


def run(as_of: str, until: str, options: CommandOptions) -> None:
    """Run ``sim backtest``."""
    started = dt.datetime.now(dt.UTC)
    scenario = simulate.load(options.file, options.settings)
    folder = options.folder(BACKTEST_VERB, f"{as_of}-{until}")
    check_target(folder)
    leave_deleted()
    with progress_bar(wanted=not options.quiet) as progress:
        result = backtest(scenario, as_of, until, seed=options.seed, jobs=options.jobs, progress=progress)
    print_warnings([*result.notes, *result.own_faults])
    draw = (lambda style: charts.backtest(result, style=style)) if result.scores else None
    failure = save_with_chart(result, folder, CHART, draw, command_log(started))
    chart = chart_lines(failure, folder, CHART) if draw else []
    lines = map(escape_control_characters, verdict_lines(result))
    tables = ", ".join(str(folder / name) for name in (TABLE, CLAIMS_TABLE, RANGES_TABLE))
    print_result(options, result.summary, lambda: [*lines, f"Tables: {tables}", *chart])
    if failure is not None:
        raise failure


def verdict_lines(result: Backtest) -> Iterator[str]:
    """Yield the heading and the findings, without the title of the chart."""
    yield f"{result.query.title} · as of {result.as_of}, until {result.until} · seed {result.query.seed}"
    for found in result.findings:
        if found.kind != HEADLINE:
            yield f"{found.sentence}."
