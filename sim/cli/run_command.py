"""``sim run``: run a scenario, write its result folder, print the verdict."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sim import simulate
from sim.charts.appearance import load_house_style
from sim.cli.command_options import CommandOptions
from sim.cli.drawing import chart_lines, save_with_chart
from sim.cli.progress_display import progress_bar
from sim.cli.result_output import command_log, print_result, print_warnings
from sim.cli.working_folder import leave_deleted
from sim.house_style.house_style import DEFAULT, HouseStyle
from sim.results.result import Result
from sim.results.storage import check_target
from sim.study import unknown_stock

if TYPE_CHECKING:
    from matplotlib.figure import Figure

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
    log = command_log(started)
    failure = save_with_chart(
        lambda drawings: result.save(folder, drawings, log),
        lambda style: draw_chart(result, style),
        folder,
        CHART,
        house,
    )
    print_result(options, result.summary, lambda: _lines(result, chart_lines(failure, folder, CHART)))
    if failure is not None:
        raise failure


def draw_chart(result: Result, style: HouseStyle = DEFAULT) -> Figure:
    """Return the drawdown chart in a house style."""
    from sim.charts import drawdown

    return drawdown(result, style=style)


def _lines(result: Result, chart: list[str]) -> list[str]:
    from sim.cli.verdict import verdict_lines

    return [*verdict_lines(result), *chart]
