"""Options of charts: the command and Python have the same ones for each kind, and refuse the others alike."""

from __future__ import annotations

import datetime as dt
import inspect
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

import sim
from sim.charts import draw, drawdown, supply
from sim.charts.kinds import BY_NAME
from sim.cli.app import app
from sim.cli.chart_options import ChartOptions, spelling
from sim.errors import ArgumentError
from tests.support.known_comparison import days, make_comparison
from tests.support.known_result import END, START, figure_text, make_result
from tests.support.study_tables import (
    audit_study,
    backtest_study,
    breakeven_search,
    frontier_sweep,
    grid_sweep,
    line_sweep,
    morris_study,
    rank_study,
    sobol_study,
    tornado_study,
)

ALWAYS = {"--title", "--subtitle", "--style"}
#: Options of each kind as the reference of the command lists them, besides those of every kind.
OPTIONS: Mapping[str, set[str]] = {
    "drawdown": {"--from", "--until", "--claims"},
    "supply": {"--from", "--until"},
    "survival": set(),
    "cumulative": set(),
    "days-of-supply": set(),
    "mix": set(),
    "service": set(),
    "money": set(),
    "timeline": set(),
    "pipeline": set(),
    "map": {"--on"},
    "account": set(),
    "claims": set(),
    "audit": set(),
    "audit-drawdown": {"--from", "--until"},
    "backtest": set(),
    "compare": set(),
    "heatmap": {"--of", "--show", "--level"},
    "line": {"--of"},
    "sustainable": set(),
    "frontier": {"--of"},
    "breakeven": set(),
    "rank": {"--of"},
    "tornado": {"--of"},
    "morris": {"--of"},
    "sobol": {"--of"},
}
#: Options of the command that are no options of a kind.
OF_THE_COMMAND = {"--kind", "--size", "--format", "--json", "--help"}
VALUES: Mapping[str, Any] = {
    "of": "exhausted",
    "show": "share",
    "level": 0.95,
    "since": START,
    "until": "end",
    "on": START,
    "claims": None,
    "title": "A title of one's own",
    "subtitle": "A subtitle of one's own",
    "style": None,
}
FOUND: Mapping[str, Callable[[], object]] = {
    "audit": audit_study,
    "audit-drawdown": audit_study,
    "backtest": backtest_study,
    "drawdown": make_result,
    "supply": make_result,
    "compare": lambda: make_comparison({"exhausted": days(3.0)}),
    "heatmap": grid_sweep,
    "line": line_sweep,
    "sustainable": line_sweep,
    "frontier": frontier_sweep,
    "sobol": lambda: sobol_study([(0.5, 0.6), (0.2, 0.3)]),
    "rank": lambda: rank_study([0.7, -0.2]),
    "morris": lambda: morris_study([(20.0, 5.0), (4.0, 1.0)]),
    "tornado": lambda: tornado_study([("a.b.stock", 100.0, 200.0)]),
}


def options_of_the_command() -> set[str]:
    command = get_command(app).commands["chart"]  # type: ignore[attr-defined]
    return {name for option in command.params for name in option.opts if name.startswith("--")}


@pytest.mark.parametrize("kind", BY_NAME)
def test_command_and_python_have_the_same_options(kind: str) -> None:
    parameters = inspect.signature(getattr(sim.charts, kind.replace("-", "_"))).parameters.values()
    python = {each.name for each in parameters if each.kind is each.KEYWORD_ONLY}
    command = options_of_the_command() - OF_THE_COMMAND
    assert {spelling(name) for name in python} == OPTIONS[kind] | ALWAYS
    assert {spelling(name) for name in python} <= command
    assert command == set().union(*OPTIONS.values()) | ALWAYS


@pytest.mark.parametrize("kind", BY_NAME)
def test_the_docstring_of_a_chart_describes_every_parameter(kind: str) -> None:
    function = getattr(sim.charts, kind.replace("-", "_"))
    _, _, sections = (inspect.getdoc(function) or "").partition("\nParameters\n----------\n")
    names = re.findall(r"^(\w+(?:, \w+)*) : ", sections.partition("\n\n")[0], re.MULTILINE)
    assert {name for each in names for name in each.split(", ")} == set(
        inspect.signature(function).parameters
    )


def test_every_option_of_the_command_has_a_name_in_python() -> None:
    assert {spelling(name) for name in ChartOptions._fields} == options_of_the_command() - OF_THE_COMMAND


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("kind", FOUND)
def test_a_kind_takes_its_options_and_refuses_the_others(kind: str, name: str) -> None:
    if spelling(name) in OPTIONS[kind] | ALWAYS:
        value = "met" if (kind, name) == ("frontier", "of") else VALUES[name]
        assert draw(kind, FOUND[kind](), **{name: value})
        return
    with pytest.raises(ArgumentError, match=f"a {kind} chart has no option {name}; allowed: .*title"):
        draw(kind, FOUND[kind](), **{name: VALUES[name]})


def test_a_misspelt_option_names_the_nearest() -> None:
    with pytest.raises(ArgumentError, match="did you mean 'subtitle'"):
        draw("drawdown", make_result(), subtitel="x")


@pytest.mark.parametrize("kind", FOUND)
def test_a_title_of_ones_own_replaces_the_headline(kind: str) -> None:
    whole = figure_text(draw(kind, FOUND[kind]()))
    figure = draw(kind, FOUND[kind](), title="A title of one's own", subtitle="And what it is")
    text = figure_text(figure)
    assert text.startswith("A title of one's own And what it is")
    assert figure.get_label() == "A title of one's own"
    assert not whole.startswith("A title")
    assert "Model output" in text, "provenance stays"


@pytest.mark.parametrize("size", ["column", "slide"])
def test_an_empty_title_leaves_none(size: str) -> None:
    figure = drawdown(make_result(), size, title="", subtitle="")
    assert "White House" not in figure_text(figure)
    assert "runs out" not in figure_text(figure).split("Shells in stock")[0]


def shown_days(figure: Any) -> tuple[dt.date, dt.date]:
    ends = {axes.get_xlim() for axes in figure.axes}
    ((first, last),) = ends
    return dt.date.fromordinal(int(first)), dt.date.fromordinal(int(last))


LONG_END = dt.date(2026, 9, 16)


@pytest.mark.parametrize("chart", [drawdown, supply])
def test_the_period_is_that_of_the_user(chart: Any) -> None:
    result = make_result(end=LONG_END)
    assert shown_days(chart(result, until="end")) == (START, LONG_END)
    own = chart(result, since=dt.date(2023, 10, 1), until=dt.date(2023, 12, 1))
    assert shown_days(own) == (dt.date(2023, 10, 1), dt.date(2023, 12, 1))
    # The title still speaks of all of the runs, and says so.
    assert "Shown in part; the runs, and the title" in figure_text(own)
    assert "change little" not in figure_text(own)
    assert "Shown in part" not in figure_text(chart(result, until="end"))


def test_a_drawdown_ends_a_little_after_its_story_by_default() -> None:
    figure = drawdown(make_result(end=LONG_END))
    assert shown_days(figure)[1] < LONG_END
    assert "The runs go on to 16 September 2026" in figure_text(figure)


@pytest.mark.parametrize(
    ("since", "until", "problem"),
    [
        (dt.date(2020, 1, 1), None, "cannot start on 2020-01-01; allowed: 2023-09-16 to 2024-01-11"),
        (END, None, "cannot start on 2024-01-11"),
        (None, dt.date(2030, 1, 1), "cannot end on 2030-01-01; allowed: 2023-09-16 to 2024-01-11"),
        (dt.date(2023, 12, 1), dt.date(2023, 11, 1), "no day is left between 2023-12-01 and 2023-11-01"),
    ],
)
@pytest.mark.parametrize("chart", [drawdown, supply])
def test_a_period_outside_the_runs_is_refused(
    chart: Any, since: dt.date | None, until: dt.date | None, problem: str
) -> None:
    with pytest.raises(ArgumentError, match=problem):
        chart(make_result(), since=since, until=until)


def test_options_of_the_command_line_are_read_as_dates_and_shares() -> None:
    options = ChartOptions(level="95 %", since="2023-10-01", until="end", of=("fired",))
    read = {"level": 0.95, "since": dt.date(2023, 10, 1), "until": "end", "of": "fired"}
    assert options.arguments() == read
    assert ChartOptions(of=("fired", "lost")).arguments() == {"of": ["fired", "lost"]}
    with pytest.raises(ArgumentError) as refused:
        ChartOptions(level="most", since="soon").arguments()
    assert [fault.problem.split(":")[0] for fault in refused.value.faults] == ["--level", "--from"]


def test_a_break_even_chart_takes_a_title(tmp_path: Path) -> None:
    found = breakeven_search({"stock": {"low": "2M", "high": "4M"}})
    assert figure_text(draw("breakeven", found, title="Mine")).startswith("Mine")
