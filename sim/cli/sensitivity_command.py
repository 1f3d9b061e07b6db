"""``sim sensitivity``: measure how much each uncertain input affects each outcome."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from sim import simulate
from sim.cli.breakeven_command import heading_line
from sim.cli.command_options import CommandOptions
from sim.cli.progress_display import progress_bar
from sim.cli.result_output import command_log, print_result, print_warnings
from sim.cli.working_folder import leave_deleted
from sim.errors import escape_control_characters
from sim.formatting import percent, rounded
from sim.results.storage import check_target
from sim.study.sensitivity import sensitivity
from sim.study.sensitivity_indices import SensitivityIndex
from sim.study.sensitivity_result import SENSITIVITY_VERB, TABLE, Sensitivity

#: Outcomes printed by default, and the most inputs printed of each.
HEADLINE_OUTCOMES = ("exhausted", "closing_stock", "fired", "unmet")
MAX_INPUTS = 8
_HEADINGS = {
    "rank": "Rank correlation of each input with the outcome",
    "tornado": "Median outcome where an input is at the 5 % and at the 95 % quantile of its law",
    "morris": "Mean size of the effect of an input on its way from its 5 % to its 95 % quantile",
    "sobol": "Share of the variance that an input makes alone, and with its interactions",
}


class SensitivityOptions(NamedTuple):
    """Options of ``sim sensitivity``."""

    of: str | None
    method: str
    points: int | None


def run(query: SensitivityOptions, options: CommandOptions) -> None:
    """Run ``sim sensitivity``."""
    started = dt.datetime.now(dt.UTC)
    scenario = simulate.load(options.file, options.settings)
    question = query.method if query.of is None else f"{query.method}-of-{query.of}"
    folder = options.folder(SENSITIVITY_VERB, question)
    check_target(folder)
    leave_deleted()
    with progress_bar(wanted=not options.quiet) as progress:
        result = sensitivity(
            scenario,
            of=query.of,
            method=query.method,
            points=query.points,
            runs=options.runs,
            seed=options.seed,
            jobs=options.jobs,
            progress=progress,
        )
    print_warnings(result.notes)
    result.save(folder, log=command_log(started))
    heading = heading_line(scenario, result.query.runs, options.seed)
    lines = map(escape_control_characters, verdict_lines(result))
    print_result(options, result.summary, lambda: [heading, *lines, f"Table: {folder / TABLE}"])


def verdict_lines(result: Sensitivity) -> Iterator[str]:
    """Yield the strongest inputs of the selected outcome, or of each headline outcome."""
    yield f"{_HEADINGS[result.method]}; in brackets the {percent(result.confidence)} interval"
    names = [
        name for name in result.outcome_infos if len(result.outcome_infos) == 1 or name in HEADLINE_OUTCOMES
    ]
    for name in names:
        if result.outcome_infos[name].is_constant:
            continue
        unit = result.summary()["outcomes"][name]["unit"]
        shown = f", in {unit}" if result.method in ("tornado", "morris") else ""
        yield f"{name}{shown}"
        leading = result.leading(name)[:MAX_INPUTS]
        width = max(len(path) for path, _ in leading)
        for path, rows in leading:
            if not result.has_effect(name, path):
                yield f"  {path:<{width}}  no effect"
                continue
            indices = [row for row in rows.values() if row.kind != "sigma"]
            yield f"  {path:<{width}}  " + "   ".join(_input_line(row, result.method) for row in indices)


def _input_line(row: SensitivityIndex, method: str) -> str:
    if row.value is None:
        return "no figure"
    if row.low is None or row.high is None:
        return _format_index(row.value, method)
    ends = f"{_format_index(row.low, method)} to {_format_index(row.high, method)}"
    return f"{_format_index(row.value, method)} ({ends})"


def _format_index(value: float, method: str) -> str:
    if method in ("rank", "sobol"):
        return f"{value:.2f}"
    return rounded(value)
