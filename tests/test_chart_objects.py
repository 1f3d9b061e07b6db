"""Every kind of chart in every size: layout, baselines, units, palette and source line of the figure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from matplotlib.artist import Artist
from matplotlib.collections import Collection, PolyCollection, QuadMesh
from matplotlib.colors import to_hex, to_rgba_array
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

import sim
from sim.charts import draw, style
from sim.charts.kinds import BY_NAME
from sim.house_style.house_style import HATCH_COLOURS, ORIGINS, PALETTE
from sim.results.result import Result
from tests.support.awkward_results import awkward_result, money_result, service_result
from tests.support.chart_layout import find_layout_faults
from tests.support.known_comparison import GONE, make_comparison
from tests.support.known_result import figure_text, plot_axes
from tests.support.study_tables import (
    breakeven_search,
    frontier_sweep,
    grid_sweep,
    line_sweep,
    morris_study,
    rank_study,
    sobol_study,
    tornado_study,
)
from tests.test_chart_files import stock_claims

ROOT = Path(__file__).parent.parent
RUN_KINDS = [kind.name for kind in BY_NAME.values() if kind.verb == "run"]
SIZES = list(style.SIZES)
STUDIES: Mapping[str, Callable[[], Any]] = {
    "claims": stock_claims,
    "compare": lambda: make_comparison(GONE),
    "heatmap": grid_sweep,
    "line": line_sweep,
    "sustainable": line_sweep,
    "frontier": frontier_sweep,
    "breakeven": cache(lambda: breakeven_search({"stock": "100k"})),
    "rank": lambda: rank_study([0.7, -0.2]),
    "tornado": lambda: tornado_study([("depots.d.stock", 100.0, 200.0), ("production.p.rate", 120.0, 160.0)]),
    "morris": lambda: morris_study([(20.0, 5.0), (4.0, 1.0)]),
    "sobol": lambda: sobol_study([(0.5, 0.6), (0.2, 0.3)]),
}
#: Charts of results that only some scenarios have.
ADDED = {"service": service_result, "money": money_result}
#: Shipped scenarios that differ most: several munitions, several depots, other nouns and verbs.
SHIPPED = ("two-calibres", "two-fronts", "flood-relief")
#: Words that name a unit, one of which each chart needs.
UNITS = ("shells", "items", "rounds", "%", "days", "runs", "share", "correlation", "voyages", "eur")
#: Kinds whose plots have dates, parameters or differences on the vertical axis, or begin elsewhere.
NO_BASELINE = {"heatmap", "line", "compare", "rank", "sustainable", "frontier"}
ALLOWED = {
    colour.upper()
    for colour in (
        *PALETTE.values(),
        *ORIGINS,
        *HATCH_COLOURS,
        *style.SCENARIOS,
        *(colour for colour, _ in style.STAGES),
        style.COMES_IN,
        style.REQUIRED,
        style.FIRED,
        style.LOST,
        style.OTHER_ORIGINS,
        "#FFFFFF",
        "#000000",
    )
}


@cache
def shipped_result(name: str) -> Result:
    return sim.run(ROOT / "scenarios" / f"{name}.yaml", runs=2, engine="simpy")


def colours_of(figure: Figure) -> Iterator[tuple[Artist, str]]:
    """Yield each colour that an artist of a plot shows."""
    for artist in (each for axes in figure.axes for each in axes.get_children()):
        if isinstance(artist, QuadMesh) or not artist.get_visible():
            continue
        if isinstance(artist, Line2D):
            found: list[Any] = [] if artist.get_linestyle() == "None" else [artist.get_color()]
            if artist.get_marker() not in {"", "None", None}:
                found += [artist.get_markerfacecolor(), artist.get_markeredgecolor()]
        elif isinstance(artist, (Patch, Collection)):
            found = [artist.get_facecolor(), artist.get_edgecolor()]
        else:
            continue
        for colour in found:
            for row in to_rgba_array(colour):
                if row[3]:
                    yield artist, to_hex(row).upper()


def check_figure(figure: Figure, kind: str) -> None:
    assert find_layout_faults(figure) == []
    text = figure_text(figure)
    assert "munitions-sim" in text, "no provenance"
    assert "Inputs: " in text or "Model output" in text, "no source line"
    labels = " ".join([text, *(axes.get_xlabel() + axes.get_ylabel() for axes in figure.axes)]).casefold()
    assert any(unit in labels for unit in UNITS), "no unit"
    strange = {colour for _, colour in colours_of(figure)} - ALLOWED
    assert not strange, "colours that are not of the palette"
    if kind not in NO_BASELINE:
        assert all(axes.get_ylim()[0] == 0.0 for axes in plot_axes(figure)), "no baseline at zero"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", STUDIES)
def test_a_chart_of_a_study_is_whole_in_every_size(kind: str, size: str) -> None:
    check_figure(draw(kind, STUDIES[kind](), size), kind)


@pytest.mark.parametrize("place", range(len(RUN_KINDS)), ids=RUN_KINDS)
@pytest.mark.parametrize("name", SHIPPED)
def test_a_chart_of_a_shipped_scenario_is_whole(name: str, place: int) -> None:
    kind, size = RUN_KINDS[place], SIZES[(place + SHIPPED.index(name)) % len(SIZES)]
    result = ADDED[kind]() if kind in ADDED else shipped_result(name)
    if kind in {"timeline", "pipeline"} and result.shipments.empty:
        return
    check_figure(draw(kind, result, size), kind)


@pytest.mark.parametrize("kind", RUN_KINDS)
def test_colours_of_awkward_results_are_those_of_the_palette(kind: str) -> None:
    figure = draw(kind, ADDED[kind]() if kind in ADDED else awkward_result("twelve suppliers"))
    assert {colour for _, colour in colours_of(figure)} <= ALLOWED


def test_a_colour_outside_the_palette_is_found() -> None:
    figure = draw("survival", awkward_result("one run"))
    plot_axes(figure)[0].lines[0].set_color("#123456")
    with pytest.raises(AssertionError, match="not of the palette"):
        check_figure(figure, "survival")


def test_the_land_of_a_map_is_in_its_role_colour() -> None:
    figure = draw("map", awkward_result("known places"))
    lands = [each for axes in figure.axes for each in axes.collections if isinstance(each, PolyCollection)]
    assert {to_hex(row).upper() for each in lands for row in to_rgba_array(each.get_facecolor())} == {
        PALETTE["land"]
    }
