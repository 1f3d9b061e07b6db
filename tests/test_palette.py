"""Colours that one chart uses together stay apart for three kinds of colour blindness, and in grey print."""

from __future__ import annotations

import dataclasses
import itertools

import pandas as pd
import pytest
from colorspacious import cspace_convert, deltaE
from matplotlib.colors import to_hex, to_rgb

from sim.charts import mix, style, supply, timeline
from sim.charts.origin_styles import origin_styles
from sim.charts.result_data import ChartData
from sim.charts.voyage_data import read_voyages
from tests.support.awkward_results import awkward_result
from tests.support.colours import lightness
from tests.support.known_result import make_result, plot_axes

#: Machado, Oliveira and Fernandes (2009), complete deficiency, as colorspacious implements it.
DEFICIENCIES = ("protanomaly", "deuteranomaly", "tritanomaly")
LINES = {
    "cumulative": (style.COMES_IN, style.FIRED, style.REQUIRED, style.LOST, style.BAND_90),
    "drawdown and days of supply": (
        style.LINE_BLUE,
        style.BAND_50,
        style.BAND_90,
        style.MARK_ORANGE,
        "#FFFFFF",
    ),
    "legs on a map": (*(colour for colour, _ in style.STAGES[:3]), style.LAND, style.INK),
    # A quay has a hatch, a stock an outline.
    "bars of a map": (*(colour for colour, _ in style.STAGES[:3]), style.STOCKPILE, "#FFFFFF"),
    "survival and comparison": (*style.SCENARIOS, "#FFFFFF"),
}
FILLS = {
    "origins": (*style.ORIGINS, style.OTHER_ORIGINS, style.STOCKPILE, "#FFFFFF"),
    "stages": (*(colour for colour, _ in style.STAGES), "#FFFFFF"),
}
ACCOUNT = (*style.ORIGINS, style.OTHER_ORIGINS, style.STOCKPILE, style.FIRED, style.LOST, "#FFFFFF")
#: A difference of one in CAM02-UCS is about the least that is seen side by side.
LEAST = 8.0


def simulated(colour: str, deficiency: str) -> list[float]:
    space = {"name": "sRGB1+CVD", "cvd_type": deficiency, "severity": 100}
    found = cspace_convert(to_rgb(colour), space, "sRGB1").clip(0.0, 1.0)
    return [float(channel) for channel in found]


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("name", [*LINES, *FILLS, "account"])
def test_colours_of_one_chart_stay_apart_for_the_colour_blind(name: str, deficiency: str) -> None:
    shades = {**LINES, **FILLS, "account": ACCOUNT}[name]
    for one, other in itertools.combinations(shades, 2):
        seen = (simulated(colour, deficiency) for colour in (one, other))
        assert deltaE(*seen, input_space="sRGB1") > LEAST, (one, other)


@pytest.mark.parametrize("name", FILLS)
def test_areas_of_one_chart_stay_apart_in_grey(name: str) -> None:
    greys = sorted(map(lightness, FILLS[name]))
    assert min(b - a for a, b in itertools.pairwise(greys)) > 7.0


def test_an_origin_has_the_same_colour_in_every_chart_of_a_result() -> None:
    result = awkward_result("one run")
    wanted = {name: look["facecolor"] for name, look in origin_styles(ChartData.of(result)).items()}
    for chart in (mix, supply):
        (axes,) = plot_axes(chart(result))
        for bars in axes.containers:
            if bars.get_label() in wanted:
                colours = {to_hex(bar.get_facecolor()).upper() for bar in bars.patches}
                assert colours == {wanted[bars.get_label()].upper()}
    axes = max(timeline(result).axes, key=lambda each: len(each.patches))
    assert {voyage.supplier for voyage in read_voyages(result)} == {"north"}
    assert {to_hex(bar.get_facecolor()).upper() for bar in axes.patches} == {wanted["north"].upper()}


def test_a_supplier_keeps_its_colour_where_there_is_no_production() -> None:
    data = make_result()
    rows = data.origins[data.origins["origin"] == "russia"]
    landed = rows.assign(origin="dprk", kind=rows["kind"].replace("produced", "landed"))
    both = dataclasses.replace(data, origins=pd.concat([data.origins, landed]))
    alone = dataclasses.replace(data, origins=landed)
    colours = [origin_styles(each)["dprk"]["facecolor"] for each in (both, alone)]
    assert colours == [style.ORIGINS[1]] * 2
    assert origin_styles(both)["russia"]["facecolor"] == style.BLUE
