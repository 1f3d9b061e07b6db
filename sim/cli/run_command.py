"""``sim run``: run a scenario, write its result folder, print the verdict."""

from __future__ import annotations

import datetime as dt

from sim import charts, simulate
from sim.charts.appearance import load_house_style
from sim.cli.command_options import CommandOptions
from sim.cli.drawing import chart_lines, save_with_chart
from sim.cli.progress_display import progress_bar
from sim.cli.result_output import command_log, print_result, print_warnings
from sim.cli.working_folder import leave_deleted
from sim.results.result import Result
from sim.results.storage import check_target
from sim.study import unknown_stock

CHART = "drawdown"


def run(options: CommandOptions) -> None:
    """Run ``sim run``."""
    started = dt.datetime.now(dt.UTC)
    folder = options.folder()
    scenario = simulate.load(options.file, options.settings)
    check_target(folder)
    house = load_house_style(options.style)
    leave_deleted()
    with progress_bar(wanted=not options.quiet) as progress:
        result = unknown_stock.run(
            scenario,
            runs=options.runs,
            seed=options.seed,
            engine=options.engine,
            jobs=options.jobs,
            progress=progress,
        )
    print_warnings(result.notes)
    failure = save_with_chart(
        result,
        folder,
        CHART,
        lambda style: charts.drawdown(result, style=style),
        command_log(started),
        house,
    )
    print_result(options, result.summary, lambda: _lines(result, chart_lines(failure, folder, CHART)))
    if failure is not None:
        raise failure


def _lines(result: Result, chart: list[str]) -> list[str]:
    from sim.cli.verdict import verdict_lines

    return [*verdict_lines(result), *chart]
