"""``sim sensitivity``: measure how much each uncertain input affects each outcome."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sim import simulate
from sim.cli.breakeven_command import heading_line
from sim.cli.command_options import CommandOptions
from sim.cli.progress_display import progress_bar
from sim.cli.result_output import command_log, print_result, print_warnings
from sim.cli.working_folder import leave_deleted
from sim.errors import escape_control_characters
from sim.findings.wording import EXHAUSTED_MEANING
from sim.formatting import percent
from sim.outcomes import EXHAUSTED
from sim.results.storage import check_target
from sim.study.sensitivity import sensitivity
from sim.study.sensitivity_result import SENSITIVITY_VERB, TABLE, Sensitivity

#: Outcomes printed by default, and the most inputs printed of each.
HEADLINE_OUTCOMES = ("exhausted", "closing_stock", "fired", "unmet")
MAX_INPUTS = 8
_HEADINGS = {
    "rank": "Rank correlation of each input with the outcome",
    "tornado": "Median outcome with each input at its 5th and at its 95th percentile",
    "morris": "Mean size of the effect of each input, from its 5th to its 95th percentile",
    "sobol": "Part of the variance that each input explains alone, and with its interactions",
}


def run(of: str | None, method: str, points: int | None, options: CommandOptions) -> None:
    """Run ``sim sensitivity``."""
    started = dt.datetime.now(dt.UTC)
    scenario = simulate.load(options.file, options.settings)
    question = method if of is None else f"{method}-of-{of}"
    folder = options.folder(SENSITIVITY_VERB, question)
    check_target(folder)
    leave_deleted()
    with progress_bar(wanted=not options.quiet) as progress:
        result = sensitivity(
            scenario,
            of=of,
            method=method,
            points=points,
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
    """Yield the headline and the strongest inputs of the selected outcome, or of each main outcome."""
    interval = f"; in brackets the {percent(result.confidence)} interval"
    yield f"{_HEADINGS[result.method]}{'' if result.method == 'tornado' else interval}"
    names = [
        name for name in result.outcome_infos if len(result.outcome_infos) == 1 or name in HEADLINE_OUTCOMES
    ]
    for name in names:
        found = [each for each in result.findings if each.values["outcome"] == name]
        yield f"{found[0].sentence}."
        lines = [each for each in found if each.label][:MAX_INPUTS]
        width = max((len(each.label) for each in lines), default=0)
        for each in lines:
            yield f"  {each.label:<{width}}  {each.sentence}"
    if EXHAUSTED in names:
        yield EXHAUSTED_MEANING
