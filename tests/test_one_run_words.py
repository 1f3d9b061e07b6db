"""Words of results of one run: what happens in the run, and no share, median or interval of runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from matplotlib.text import Text

import sim
from sim.cli.verdict import verdict_lines
from sim.findings.sweep_findings import sweep_findings
from sim.study import read_breakeven, read_sensitivity
from sim.study.sweep_result import read_sweep

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PLAIN: dict[str, Any] = {
    "schema": 1,
    "title": "Plain",
    "start": "2024-01-01",
    "end": "2024-07-19",
    "thresholds": [30],
    "depots": {"d": {"stock": {"low": "6M", "high": "9M"}}},
    "production": {"line": {"rate": {"low": "15k/day", "high": "25k/day"}}},
    "consumption": {"front": {"rate": "60k/day"}},
}
BARE = {**PLAIN, "title": "Bare", "production": {}}
LASTING = {**PLAIN, "title": "Lasting", "depots": {"d": {"stock": "90M"}}}
STOCK = "depots.d.stock"
RATE = "consumption.front.rate"
RATES, STOCKS = ["40k/day", "50k/day", "60k/day", "70k/day"], ["4M", "6M", "8M", "10M"]
#: Words that are only true of several runs.
SEVERAL = re.compile(
    r"of (?:the |all )?runs|of (?:them|all)\b|[Mm]edian|every run|any run|no run\b|one run\)? in|the one run|"
    r"interval|nine in ten|nine runs|\d runs|lower half|means? of|percentile of"
)


def texts_of(figure: Figure) -> Iterator[str]:
    """Yield all texts of a figure, and its title in one piece."""
    yield str(figure.get_label()).replace("\u00a0", " ")
    for artist in figure.findobj(Text):
        if isinstance(artist, Text):
            yield artist.get_text().replace("\u00a0", " ")


def of_run() -> Iterator[str]:
    run, bare, lasting = (sim.run(each, runs=1) for each in (PLAIN, BARE, LASTING))
    for result in (run, bare, lasting):
        yield from verdict_lines(result)
        yield from (found.sentence for found in result.findings)
    for kind in ("drawdown", "supply", "survival", "cumulative", "days_of_supply", "mix", "account"):
        yield from texts_of(getattr(sim.charts, kind)(run))
    for several in ([run, bare], [run, bare, lasting], [lasting, lasting]):
        yield from texts_of(sim.charts.drawdown(several))
        yield from texts_of(sim.charts.survival(several))


def of_comparison() -> Iterator[str]:
    found = sim.compare([PLAIN, BARE, LASTING], runs=1)
    yield from (each.sentence for each in found.findings)
    yield from texts_of(sim.charts.compare(found))


def of_breakeven() -> Iterator[str]:
    for scenario in (PLAIN, {**PLAIN, "depots": {"d": {"stock": "6M"}}, "production": {}}):
        for vary in (None, {RATE: RATES}):
            found = sim.breakeven(scenario, STOCK, runs=1, vary=vary)
            yield from (each.sentence for each in found.findings)
            yield from texts_of(sim.charts.breakeven(found))


def of_sweep() -> Iterator[str]:
    line = sim.sweep(PLAIN, {STOCK: STOCKS}, runs=1)
    rate = sim.sweep(PLAIN, {RATE: RATES}, runs=1)
    grid = sim.sweep(PLAIN, {RATE: RATES, STOCK: STOCKS}, runs=1)
    never = sim.sweep(PLAIN, {STOCK: ["40M", "50M"]}, runs=1)
    always = sim.sweep(PLAIN, {STOCK: ["1M", "2M"]}, runs=1)
    for sweep in (line, rate, grid, never, always):
        yield from (each.sentence for each in sweep_findings(sweep))
    for sweep in (line, rate, never, always):
        yield from texts_of(sim.charts.line(sweep))
        yield from texts_of(sim.charts.line(sweep, of=["rationed_from", "closing_stock"]))
    yield from texts_of(sim.charts.sustainable(rate))
    for of in ("exhausted", "rationed_from", "fired"):
        yield from texts_of(sim.charts.heatmap(grid, of=of))


def of_tornado() -> Iterator[str]:
    found = sim.sensitivity(PLAIN, method="tornado", runs=1)
    yield from (each.sentence for each in found.findings)
    for of in ("exhausted", "fired", "sustained_fire"):
        notes = {note for note in found.notes if "not reached in" in note}
        # The points of a tornado are several runs, of which a note may give a share.
        yield from (text for text in texts_of(sim.charts.tornado(found, of=of)) if not notes & {text})


@pytest.mark.parametrize("texts", [of_run, of_comparison, of_breakeven, of_sweep])
def test_one_run_is_no_share_of_runs(texts: Any) -> None:
    said = [text.strip() for text in texts()]
    assert len(said) > 20
    assert not {text for text in said if SEVERAL.search(text)}


def test_a_tornado_of_one_run_has_no_medians() -> None:
    said = [text.strip() for text in of_tornado()]
    assert not {text for text in said if re.search("[Mm]edian|half of", text)}


@pytest.mark.parametrize(
    ("make", "draw"),
    [
        (lambda: sim.sweep(PLAIN, {STOCK: STOCKS}, runs=2), "line"),
        (lambda: sim.sensitivity(PLAIN, method="tornado", runs=2), "tornado"),
        (lambda: sim.sensitivity(PLAIN, method="morris", runs=2), "morris"),
        (lambda: sim.sensitivity(PLAIN, runs=20), "rank"),
        (lambda: sim.breakeven(PLAIN, STOCK, runs=2), "breakeven"),
    ],
)
def test_a_chart_of_a_study_in_memory_has_the_provenance_of_its_folder(
    make: Any, draw: str, tmp_path: Path
) -> None:
    study = make()
    study.save(tmp_path / "out")
    read = {"line": read_sweep, "breakeven": read_breakeven}.get(draw, read_sensitivity)
    lines = [
        next(text for text in texts_of(getattr(sim.charts, draw)(each)) if text.startswith("Model output"))
        for each in (study, read(tmp_path / "out"))
    ]
    assert lines[0] == lines[1]
    assert f", scenario {study.digest[:8]}, munitions-sim" in lines[0]


@pytest.mark.parametrize(
    ("method", "work"), [("morris", "2 runs at each of 192 points"), ("rank", "20 runs")]
)
def test_the_runs_of_a_point_are_not_those_of_the_study(method: str, work: str) -> None:
    found = sim.sensitivity(PLAIN, method=method, runs=int(work.split()[0]))
    line = next(text for text in texts_of(getattr(sim.charts, method)(found)) if "Model output" in text)
    assert line.startswith(f"Model output, {work}, seed 1, ")
