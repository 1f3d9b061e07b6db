"""The charts of the documentation: made from real runs of the scenario in the tree, and described as such."""

from __future__ import annotations

import re
from pathlib import Path

import chart_pictures
import numpy as np
import pytest
from PIL import Image, ImageColor

import sim
from sim.charts.kinds import BY_NAME
from sim.house_style.house_style import PALETTE

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"


#: Runs that the provenance line of a picture must name; all but Sobol indices have 1,000.
RUNS = dict.fromkeys(chart_pictures.PICTURES, "1,000 runs") | dict.fromkeys(("sobol", "morris"), "16 runs")
#: Most bytes of a picture, so that a page of all kinds loads quickly.
MOST_BYTES = 80_000


def info(name: str) -> dict[str, str]:
    with Image.open(IMAGES / f"{name}.png") as image:
        return {str(key): str(value) for key, value in image.info.items()}


def test_every_picture_of_the_docs_has_an_entry() -> None:
    """The picture of the live page depends on the browser, and has a command of its own."""
    assert {path.stem for path in IMAGES.glob("*.png")} == {*chart_pictures.PICTURES, "explore"}


@pytest.mark.parametrize("name", sorted(chart_pictures.PICTURES))
def test_the_provenance_of_a_picture_is_that_of_the_scenario_in_the_tree(name: str) -> None:
    line = info(name)["Description"]
    if chart_pictures.PICTURES[name].kind == "claims":
        assert line == chart_pictures.NO_RUNS
        return
    if chart_pictures.PICTURES[name].study == "audit":
        # The scenario after the claims, which the inference makes.
        assert re.search(r"^Model output, .*seed 1, scenario [0-9a-f]{8}, munitions-sim ", line)
        return
    if chart_pictures.PICTURES[name].study == "backtest":
        digest = sim.load(ROOT / chart_pictures.FORETOLD).digest()
        assert line.startswith(f"Model output, inference from claims, seed 1, scenario {digest[:8]}, ")
        return
    is_budgeted = chart_pictures.PICTURES[name].study in {"run with a budget", "sweep of a budget"}
    file = chart_pictures.BUDGETED if is_budgeted else chart_pictures.SCENARIO
    digest = sim.load(ROOT / file).digest()
    assert line.startswith("Model output, ")
    assert re.search(rf", seed 1, scenarios? {digest[:8]}, .*munitions-sim ", line)
    assert RUNS[name] in line


@pytest.mark.parametrize("name", sorted(chart_pictures.PICTURES))
def test_the_alternative_text_of_a_picture_is_its_headline(name: str) -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    pattern = re.compile(rf"!\[([^]]*)\]\(\S*images/{name}\.png\)")
    texts = [text for page in pages for text in pattern.findall(page.read_text("utf-8"))]
    assert texts, "no page shows it"
    assert set(texts) == {info(name)["Title"]}


def test_the_gallery_shows_every_kind_with_its_command_in_small_pictures() -> None:
    page = (ROOT / "docs" / "gallery.md").read_text("utf-8")
    assert set(re.findall(r"\(images/([\w-]+)\.png\)", page)) == set(chart_pictures.PICTURES)
    headings = set(re.findall(r"(?m)^### (.+)$", page))
    assert headings == {*BY_NAME, "drawdown with claims"}
    for kind in BY_NAME:
        assert f"`sim chart DIR --kind {kind}" in page or kind == "claims", kind
    for name in chart_pictures.PICTURES:
        assert (IMAGES / f"{name}.png").stat().st_size < MOST_BYTES, name


@pytest.mark.parametrize(("name", "colour"), [("heatmap", "mark"), ("drawdown", "mark"), ("map", "land")])
def test_few_colours_are_those_that_matter(name: str, colour: str) -> None:
    wanted = ImageColor.getrgb(PALETTE[colour])
    with Image.open(IMAGES / f"{name}.png") as image:
        pixels = np.asarray(image.convert("RGB"), dtype=int)
    assert (abs(pixels - wanted).sum(axis=2) < 8).sum() > 20


#: Studies that take longer than all others together; other tests draw their kinds of charts.
LONG = {"audit", "backtest", "sobol"}


@pytest.mark.slow
@pytest.mark.parametrize("is_long", [False, pytest.param(True, marks=pytest.mark.campaign)])
def test_the_pictures_are_byte_equal_when_made_anew(is_long: bool) -> None:
    names = [name for name, one in chart_pictures.PICTURES.items() if (one.study in LONG) == is_long]
    made = chart_pictures.make_pictures(tuple(names))
    stale = [path.name for path, data in made.items() if path.read_bytes() != data]
    assert not stale, "run: make pictures"
