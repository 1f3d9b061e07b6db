"""``sim compare``: run scenarios under common random numbers; write and print their differences."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sim import simulate
from sim.charts.comparison_data import Contrast
from sim.charts.comparison_headline import difference_line
from sim.cli.command_options import RUNS_FOLDER, scenario_name
from sim.cli.drawing import save_with_chart
from sim.cli.progress_display import progress_bar
from sim.cli.working_folder import leave_deleted
from sim.errors import Fault, ScenarioError, escape_control_characters, format_count
from sim.formatting import short_date
from sim.results.json_text import json_bytes
from sim.results.provenance import log_text
from sim.results.storage import check_target, safe_name
from sim.scenario.input_file import stem_of
from sim.scenario.override_notes import title_with_phrase
from sim.scenario.scenario import Scenario
from sim.study.compare import compare
from sim.study.comparison_result import Comparison
from sim.study.scenario_labels import labels_from_files

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CHART = "compare"
LABEL_WIDTH = 24


@dataclass(frozen=True, slots=True)
class CompareOptions:
    """Options of ``sim compare``.

    Attributes
    ----------
    files : tuple of Path
        The first is the base.
    runs, jobs : int or None
        None selects the default.
    seed : int
    settings : tuple of str
        ``PATH=VALUE`` overrides, applied to every file.
    out : Path or None
    json, quiet : bool
    """

    files: tuple[Path, ...]
    runs: int | None
    seed: int
    settings: tuple[str, ...]
    out: Path | None
    jobs: int | None
    json: bool
    quiet: bool


def run(options: CompareOptions) -> None:
    """Run ``sim compare``."""
    started = dt.datetime.now(dt.UTC)
    names = labels_from_files(options.files)
    scenarios = dict(zip(names, _load_all(options.files, options.settings), strict=True))
    folder = options.out if options.out is not None else _default_folder(options.files, names)
    check_target(folder)
    leave_deleted()
    with progress_bar(wanted=not options.quiet) as progress:
        comparison = compare(
            scenarios, runs=options.runs, seed=options.seed, jobs=options.jobs, progress=progress
        )
    for note in comparison.notes:
        typer.echo(f"warning: {note}", err=True)
    log = log_text(["sim", *sys.argv[1:]], started, dt.datetime.now(dt.UTC))
    failure = save_with_chart(
        lambda drawings: comparison.save(folder, drawings, log), lambda: draw_chart(comparison), folder, CHART
    )
    report(comparison, folder if failure is None else None, options)
    if failure is not None:
        raise failure


def _default_folder(files: Sequence[Path], names: Sequence[str]) -> Path:
    labels = (
        scenario_name(file) if name == stem_of(file) else name
        for file, name in zip(files, names, strict=True)
    )
    return RUNS_FOLDER / safe_name(f"compare-{'-'.join(labels)}")


def _load_all(files: Sequence[Path], settings: tuple[str, ...]) -> list[Scenario]:
    """Load the scenarios; raise `ScenarioError` with the faults of all files."""
    scenarios: list[Scenario] = []
    faults: list[Fault] = []
    for file in files:
        try:
            scenarios.append(simulate.load(file, settings))
        except ScenarioError as error:
            faults.extend(error.faults)
    if faults:
        raise ScenarioError(dict.fromkeys(faults))
    return scenarios


def draw_chart(comparison: Comparison) -> Figure:
    """Return the chart of a comparison."""
    from sim.charts import compare as chart

    return chart(comparison)


def report(comparison: Comparison, charted: Path | None, options: CompareOptions) -> None:
    """Print the summary as JSON, or the verdict and the path of the chart.

    `charted` is the folder of the chart, None if there is no chart.
    """
    if options.json:
        sys.stdout.write(json_bytes(comparison.summary()).decode())
        return
    if options.quiet:
        return
    for line in verdict_lines(Contrast.of(comparison)):
        typer.echo(line)
    if charted is not None:
        typer.echo(f"Chart: {charted / CHART}.png")


def verdict_lines(contrast: Contrast) -> Iterator[str]:
    """Yield the differences of each scenario from the base: run-out date, fire and unmet requirement."""
    start = dt.date.fromisoformat(contrast.summary["start"])
    end = short_date(contrast.end)
    runs = f"{format_count(contrast.runs, 'run')} of each, seed {contrast.summary['seed']}"
    yield escape_control_characters(
        f"Compared with {contrast.reference_label}: {short_date(start)} to {end}, {runs}"
    )
    if contrast.runs > 1:
        yield "Mean difference between runs with the same draws; in brackets its 90 % interval"
    for name in contrast.other_names:
        yield escape_control_characters(title_with_phrase(contrast.label_of(name), contrast.changes_of(name)))
        for label, outcome, less, more in _headline_outcomes(contrast):
            change = contrast.difference(name, outcome)
            if change is not None:
                yield f"  {label:<{LABEL_WIDTH}} {difference_line(change, less, more, end)}"


def _headline_outcomes(contrast: Contrast) -> list[tuple[str, str, str, str]]:
    below = [name for name in contrast.outcomes() if name.startswith("below_")][:1]
    stock = ("The stock lasts", "less", "longer")
    if contrast.stocks > 1:
        stock = ("The first stock is gone", "sooner", "later")
    last = (
        "Fire on the last day" if contrast.last_days == 1 else f"Fire in the last {contrast.last_days} days"
    )
    return [
        (stock[0], "exhausted", *stock[1:]),
        *(
            (f"Below {format_count(name.removeprefix('below_'), 'day')} of supply", name, "sooner", "later")
            for name in below
        ),
        ("Fired in all", "fired", "fewer", "more"),
        ("Required but not fired", "unmet", "fewer", "more"),
        (last, "sustained_fire", "fewer", "more"),
    ]
