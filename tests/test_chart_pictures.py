"""The charts of the documentation: made from real runs of the scenario in the tree, and described as such."""

from __future__ import annotations

import re
from pathlib import Path

import chart_pictures
import pytest
from PIL import Image

import sim

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"


#: Runs that the provenance line of a picture must name; all but Sobol indices have 1,000.
RUNS = dict.fromkeys(chart_pictures.PICTURES, "1,000 runs") | {"sobol": "16 runs"}


def info(name: str) -> dict[str, str]:
    with Image.open(IMAGES / f"{name}.png") as image:
        return {str(key): str(value) for key, value in image.info.items()}


def test_every_picture_of_the_docs_has_an_entry() -> None:
    assert {path.stem for path in IMAGES.glob("*.png")} == set(chart_pictures.PICTURES)


@pytest.mark.parametrize("name", sorted(chart_pictures.PICTURES))
def test_the_provenance_of_a_picture_is_that_of_the_scenario_in_the_tree(name: str) -> None:
    line = info(name)["Description"]
    digest = sim.load(ROOT / chart_pictures.SCENARIO).digest()
    assert line.startswith("Model output, ")
    assert f", seed 1, scenario {digest[:8]}, munitions-sim " in line
    assert RUNS[name] in line


@pytest.mark.parametrize("name", sorted(chart_pictures.PICTURES))
def test_the_alternative_text_of_a_picture_is_its_headline(name: str) -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    pattern = re.compile(rf"!\[([^]]*)\]\(\S*images/{name}\.png\)")
    texts = [text for page in pages for text in pattern.findall(page.read_text("utf-8"))]
    assert texts, "no page shows it"
    assert set(texts) == {info(name)["Title"]}


@pytest.mark.slow
def test_the_pictures_are_byte_equal_when_made_anew() -> None:
    made = chart_pictures.make_pictures()
    stale = [path.name for path, data in made.items() if path.read_bytes() != data]
    assert not stale, "run: make pictures"
