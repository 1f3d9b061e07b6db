"""``sim compare``: run scenarios under common random numbers; write and print their differences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

from sim import charts, simulate
from sim.charts.appearance import load_house_style
from sim.charts.comparison_data import ComparisonData
from sim.cli.command_options import RUNS_FOLDER, CommandOptions, scenario_name
from sim.cli.drawing import chart_lines, save_with_chart
from sim.cli.progress_display import progress_bar
from sim.cli.result_output import command_log, print_result, print_warnings
from sim.cli.working_folder import leave_deleted
from sim.errors import escape_control_characters, format_count
from sim.findings.comparison_findings import comparison_headline, scenario_findings, stock_findings
from sim.formatting import short_date
from sim.results.storage import check_target, safe_name
from sim.scenario.input_file import stem_of
from sim.scenario.override_notes import title_with_phrase
from sim.study.compare import compare
from sim.study.scenario_labels import labels_from_files, load_scenarios

CHART = "compare"
LABEL_WIDTH = 24


def run(files: Sequence[Path], options: CommandOptions) -> None:
    """Run ``sim compare``."""
    started = dt.datetime.now(dt.UTC)
    names = labels_from_files(files)
    scenarios = dict(
        zip(names, load_scenarios(files, lambda file: simulate.load(file, options.settings)), strict=True)
    )
    folder = options.out if options.out is not None else _default_folder(files, names)
    check_target(folder)
    house = load_house_style(options.style)
    leave_deleted()
    with progress_bar(wanted=not options.quiet) as progress:
        comparison = compare(
            scenarios, runs=options.runs, seed=options.seed, jobs=options.jobs, progress=progress
        )
    print_warnings(comparison.notes)
    failure = save_with_chart(
        comparison,
        folder,
        CHART,
        lambda style: charts.compare(comparison, style=style),
        command_log(started),
        house,
    )
    chart = chart_lines(failure, folder, CHART)
    print_result(options, comparison.summary, lambda: [*verdict_lines(ComparisonData.of(comparison)), *chart])
    if failure is not None:
        raise failure


def _default_folder(files: Sequence[Path], names: Sequence[str]) -> Path:
    labels = (
        scenario_name(file) if name == stem_of(file) else name
        for file, name in zip(files, names, strict=True)
    )
    return RUNS_FOLDER / safe_name(f"compare-{'-'.join(labels)}")


def verdict_lines(contrast: ComparisonData) -> Iterator[str]:
    """Yield the differences of each scenario from the base: run-out date, fire and unmet requirement."""
    start, end = short_date(contrast.start), short_date(contrast.end)
    runs = f"{format_count(contrast.runs, 'run')} of each, seed {contrast.summary['seed']}"
    yield escape_control_characters(f"Compared with {contrast.reference_label}: {start} to {end}, {runs}")
    if contrast.runs > 1:
        yield "Mean difference between runs with the same draws; in brackets its 90 % interval"
    yield escape_control_characters(f"{comparison_headline(contrast).sentence}.")
    for name in contrast.other_names:
        yield escape_control_characters(title_with_phrase(contrast.label_of(name), contrast.changes_of(name)))
        for found in (*scenario_findings(contrast, name), *stock_findings(contrast, name)):
            yield escape_control_characters(f"  {found.label:<{LABEL_WIDTH}} {found.sentence}")
    yield contrast.event.meaning
