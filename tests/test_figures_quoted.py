"""Figures that readers quote: of small programmes, of several depots, and of the pictures of sweeps."""

from __future__ import annotations

import io
import json
import re
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from PIL import Image

import sim
from sim.cli.app import app, exit_status
from sim.cli.verdict import verdict_lines

ROOT = Path(__file__).parent.parent
FILE = ROOT / "scenarios" / "white-house-2023.yaml"
FIRE, OUTPUT = "consumption.front.rate", "production.russia.rate"
DAYS_PER_PERIOD = {"day": 1.0, "month": 365.25 / 12, "year": 365.25}
#: A programme of a few pieces: its stock lasts some months, its output meets a third.
SMALL = """\
schema: 1
title: Small programme
start: 2024-01-01
end: 2025-01-01
depots:
  depot: {{stock: {stock}}}
production:
  plant: {{rate: {made}/year}}
consumption:
  range: {{rate: {fired}/year}}
"""


def printed(*words: str) -> str:
    """Return the output of a command, with its lines joined."""
    out = io.StringIO()
    with redirect_stdout(out):
        assert exit_status(lambda: app(list(words), prog_name="sim", standalone_mode=False)) == 0
    return " ".join(out.getvalue().split())


def rates_in(verdict: str) -> list[float]:
    """Return every rate of a verdict, a day."""
    found = re.findall(r"([\d.,]*\d)(?: shells)? a (day|month|year)\b", verdict)
    return [float(number.replace(",", "")) / DAYS_PER_PERIOD[period] for number, period in found]


def test_a_programme_of_150_a_year_is_never_said_to_require_nothing(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL.format(stock=25, made=50, fired=150), "utf-8")
    verdict = printed("run", str(tmp_path / "small.yaml"), "--out", str(tmp_path / "out"))
    rates = rates_in(verdict)
    assert min(rates) == pytest.approx(50 / 365.25, rel=0.01)
    assert max(rates) == pytest.approx(150 / 365.25, rel=0.01)
    assert "Required 12.5 shells a month" in verdict
    assert "150 required, 75 fired, 75 not" in verdict


@pytest.mark.parametrize("part", [0.1, 0.8])
@pytest.mark.parametrize("fired", [0.4, 3.0, 40.0, 900.0, 5e6])
def test_no_rate_and_no_total_is_zero_where_the_figure_is_not(
    fired: float, part: float, tmp_path: Path
) -> None:
    made = fired * part
    text = SMALL.format(stock=f"{fired / 8:.6f}", made=f"{made:.6f}", fired=f"{fired:.6f}")
    (tmp_path / "small.yaml").write_text(text, "utf-8")
    verdict = " ".join(" ".join(verdict_lines(sim.run(tmp_path / "small.yaml"))).split())
    assert rates_in(verdict)
    assert min(rates_in(verdict)) == pytest.approx(made / 365.25, rel=0.06)
    assert max(rates_in(verdict)) == pytest.approx(fired / 365.25, rel=0.06)
    totals = re.search(r"In a year ([\d.,]+)([kM]?) required, ([\d.,]+)([kM]?) fired", verdict)
    assert totals is not None
    scale = {"": 1.0, "k": 1e3, "M": 1e6}
    required, met = (float(totals[at].replace(",", "")) * scale[totals[at + 1]] for at in (1, 3))
    assert required == pytest.approx(fired * 366 / 365.25, rel=0.06)
    assert 0.0 < met < required


def test_days_of_supply_are_not_said_of_stocks_that_one_consumer_cannot_draw_on(tmp_path: Path) -> None:
    # The arsenals hold far more than thirty days; the depots at the front, from which the guns fire, 22 days.
    file = str(ROOT / "scenarios" / "two-calibres.yaml")
    verdict = printed("run", file, "--runs", "40", "--engine", "compiled", "--out", str(tmp_path))
    said = [float(number) for number in re.findall(r"(\d+)(?: \([\d ]+to[\d ]+\))? days of supply", verdict)]
    assert [number for number in said if number >= 30] == []
    first = re.search(r"below 30 days (\S.*?): in every run, on (\d+ \w+ \d+)", verdict)
    assert first is not None
    assert (first[1], first[2]) == ("152 mm shells and 1 other", "1 Jan 2024")
    assert 200_000 / 9_000 < 30


@pytest.fixture(scope="module")
def sustained() -> dict[str, str]:
    """Return the rate that holds in half of the runs and in 95 % of them, to four digits."""
    found = {}
    for holds in ("50%", "95%"):
        value = sim.breakeven(FILE, FIRE, holds=holds, runs=1000, seed=1).value
        assert value is not None
        found[holds] = f"{float(f'{value:.4g}'):,.0f}"
    return found


def title_of(picture: str) -> str:
    with Image.open(ROOT / "docs" / "images" / f"{picture}.png") as image:
        return str(image.info.get("Title", ""))


def test_the_sustainable_rate_in_the_docs_is_the_break_even_value(sustained: dict[str, str]) -> None:
    title = title_of("sustainable")
    assert f"{sustained['50%']} shells a day can be sustained" in title
    assert f"{sustained['95%']} shells a day in 95 % of the runs" in title


def test_the_heat_map_in_the_docs_is_about_the_claim_and_its_break_even_value(
    sustained: dict[str, str],
) -> None:
    title = title_of("heatmap")
    assert title.startswith("At 2.5M shells a year")
    assert f"in half of the runs with {sustained['50%']} shells a day or less" in title


def test_the_notebook_of_sweeps_gives_the_solved_values(sustained: dict[str, str]) -> None:
    cells = json.loads((ROOT / "notebooks" / "sweep.ipynb").read_text("utf-8"))["cells"]
    answer = "".join(cells[-1]["source"])
    assert f"with {sustained['50%']} shells a day or less" in answer
    assert f"in 95 % of them with {sustained['95%']}" in answer
    shown = [
        str(output.get("data", {}).get("text/plain", ""))
        for cell in cells
        for output in cell.get("outputs", ())
    ]
    for value in sustained.values():
        assert any(value.replace(",", "")[:4] in text for text in shown), value


def test_the_output_that_20k_a_day_needs_is_solved_for_and_not_read_off_a_grid() -> None:
    grids = {OUTPUT: ["2M/year", "3M/year"], FIRE: ["20k/day", "30k/day"]}
    rows = sim.sweep(FILE, grids, runs=1000, seed=1).breakeven
    assert rows is not None
    (solved,) = rows.loc[(rows["path"] == OUTPUT) & (rows["holds"] == 0.5) & (rows[FIRE] == 20e3), "value"]
    claim = sim.load(FILE).replace({FIRE: "20k/day"})
    asked = sim.breakeven(claim, OUTPUT, runs=1000, seed=1).value
    # An interpolation of the share of runs between the two grid values gives 2.4M.
    assert solved * 365.25 == pytest.approx(2.484e6, rel=2e-3)
    assert solved == pytest.approx(asked, rel=1e-3)
