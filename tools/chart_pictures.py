"""Draw the charts of the documentation, each from real runs of a shipped scenario.

    python tools/chart_pictures.py [NAME...]

Runs and seed are fixed, so the same code gives the same bytes. The metadata of a picture has its headline,
which becomes its alternative text on every page, and its provenance line, which a test compares with the
scenario. ``make pictures`` calls this tool.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import sim
from sim.auditing.audit_result import Audit
from sim.auditing.backtest_result import Backtest
from sim.charts.style import chart_style
from sim.evidence import look_up
from sim.results.result import Result
from sim.scenario.scenario import Scenario
from sim.study.answer_io import SavedAnswer
from sim.study.breakeven_result import Breakeven
from sim.study.comparison_result import Comparison
from sim.study.sensitivity_result import Sensitivity, read_sensitivity
from sim.study.sweep_result import Sweep

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"
SCENARIO = "scenarios/white-house-2023.yaml"
#: The scenario that a comparison has besides, and that of an audit, whose inference takes seconds.
OTHER, AUDITED = "scenarios/without-dprk.yaml", "scenarios/deliveries.yaml"
#: The scenario of a backtest, with its dates.
FORETOLD, AS_OF, UNTIL = "scenarios/white-house-2023-10.yaml", "2023-10-17", "2024-06-30"
#: The scenario with money.
BUDGETED = "scenarios/contract-with-budget.yaml"
#: Colours of a picture, for files of less than half the size; more would be of text edges alone.
COLOURS = 160
#: Dots per inch: 850 pixels for the width of a page.
DPI = 120
#: Metadata key of the provenance line of a picture.
PROVENANCE = "Description"
#: In place of it where nothing was run.
NO_RUNS = "Published claims, not model output"
SEED = 1
#: Runs of each study; for Sobol indices, of each point.
RUNS, SOBOL_RUNS = 1000, 16
UNMET = "unmet"
FIRE, OUTPUT = "consumption.front.rate", "production.russia.rate"

Study = Result | Sweep | Breakeven | SavedAnswer | Comparison | Audit | Backtest


class Picture(NamedTuple):
    """One chart of the documentation.

    Attributes
    ----------
    kind : str
        Name of the function in `sim.charts`.
    study : str
        A key of `STUDIES`.
    options : mapping
        Options of the chart; a function is called for its value.
    """

    kind: str
    study: str
    options: Mapping[str, Any] = {}


def run_scenario(scenario: Scenario) -> Result:
    return sim.run(scenario, runs=RUNS, seed=SEED)


def run_by_consumer(scenario: Scenario) -> Result:
    return run_scenario(scenario.by_consumer())


def run_with_budget(_scenario: Scenario) -> Result:
    return run_scenario(sim.load(ROOT / BUDGETED))


def sweep_fire(scenario: Scenario) -> Sweep:
    return sweep_folder(scenario, {FIRE: sim.Grid("10k/day", "70k/day", 13)})


def sweep_fire_and_output(scenario: Scenario) -> Sweep:
    grids = {OUTPUT: sim.Grid("1M/year", "5M/year", 9), FIRE: sim.Grid("10k/day", "70k/day", 13)}
    return sweep_folder(scenario, grids)


def sweep_budget(_scenario: Scenario) -> Sweep:
    grids = {"budget.rate": sim.Grid("3M EUR/year", "12M EUR/year", 10)}
    return sweep_folder(sim.load(ROOT / BUDGETED), grids, solve=False)


def sweep_folder(scenario: Scenario, grids: Mapping[str, sim.Grid], *, solve: bool = True) -> Sweep:
    """Return a sweep as it is read from its folder, with the solved break-even values."""
    with tempfile.TemporaryDirectory() as folder:
        return sim.sweep(scenario, grids, runs=RUNS, seed=SEED, out=Path(folder) / "sweep", solve=solve)


def solve_output(scenario: Scenario) -> Breakeven:
    return sim.breakeven(scenario, OUTPUT, until="2024-09-01", runs=RUNS, seed=SEED)


def vary_inputs(scenario: Scenario) -> SavedAnswer:
    return sensitivity_folder(sim.sensitivity(scenario, of=UNMET, method="tornado", runs=RUNS, seed=SEED))


def share_variance(scenario: Scenario) -> SavedAnswer:
    return sensitivity_folder(sim.sensitivity(scenario, of=UNMET, method="sobol", runs=SOBOL_RUNS, seed=SEED))


def rank_inputs(scenario: Scenario) -> SavedAnswer:
    return sensitivity_folder(sim.sensitivity(scenario, of=UNMET, method="rank", runs=RUNS, seed=SEED))


def screen_inputs(scenario: Scenario) -> SavedAnswer:
    return sensitivity_folder(
        sim.sensitivity(scenario, of=UNMET, method="morris", runs=SOBOL_RUNS, seed=SEED)
    )


def compare_supply(scenario: Scenario) -> Comparison:
    return sim.compare([scenario, sim.load(ROOT / OTHER)], runs=RUNS, seed=SEED)


def audit_claims(_scenario: Scenario) -> Audit:
    return sim.audit(ROOT / AUDITED, seed=SEED)


def foretell_claims(_scenario: Scenario) -> Backtest:
    return sim.backtest(ROOT / FORETOLD, AS_OF, UNTIL, seed=SEED)


def production_claims(_scenario: Scenario) -> pd.DataFrame:
    return look_up(quantity="production_rate", since="2024")


def stock_claims() -> pd.DataFrame:
    return look_up(quantity="stock")


def sensitivity_folder(study: Sensitivity) -> SavedAnswer:
    """Return a study as it is read from its folder, which has the digest of the scenario."""
    with tempfile.TemporaryDirectory() as folder:
        return read_sensitivity(study.save(Path(folder) / "sensitivity"))


STUDIES: Mapping[str, Callable[[Scenario], Any]] = {
    "run": run_scenario,
    "run by consumer": run_by_consumer,
    "run with a budget": run_with_budget,
    "sweep of one rate": sweep_fire,
    "sweep of two rates": sweep_fire_and_output,
    "sweep of a budget": sweep_budget,
    "break-even": solve_output,
    "tornado": vary_inputs,
    "sobol": share_variance,
    "rank": rank_inputs,
    "morris": screen_inputs,
    "comparison": compare_supply,
    "claims": production_claims,
    "audit": audit_claims,
    "backtest": foretell_claims,
}
PICTURES: Mapping[str, Picture] = {
    "drawdown": Picture("drawdown", "run"),
    "supply": Picture("supply", "run"),
    "heatmap": Picture("heatmap", "sweep of two rates"),
    "line": Picture("line", "sweep of one rate"),
    "sustainable": Picture("sustainable", "sweep of one rate"),
    "frontier": Picture("frontier", "sweep of a budget"),
    "breakeven": Picture("breakeven", "break-even"),
    "tornado": Picture("tornado", "tornado"),
    "sobol": Picture("sobol", "sobol"),
    "drawdown-claims": Picture("drawdown", "run", {"claims": stock_claims}),
    "survival": Picture("survival", "run"),
    "cumulative": Picture("cumulative", "run"),
    "days-of-supply": Picture("days_of_supply", "run"),
    "mix": Picture("mix", "run"),
    "service": Picture("service", "run by consumer"),
    "money": Picture("money", "run with a budget"),
    "timeline": Picture("timeline", "run"),
    "pipeline": Picture("pipeline", "run"),
    "map": Picture("map", "run", {"on": dt.date(2023, 11, 1)}),
    "account": Picture("account", "run"),
    "compare": Picture("compare", "comparison"),
    "rank": Picture("rank", "rank"),
    "morris": Picture("morris", "morris"),
    "claims": Picture("claims", "claims", {"quantity": "production_rate"}),
    "audit": Picture("audit", "audit"),
    "audit-drawdown": Picture("audit_drawdown", "audit"),
    "backtest": Picture("backtest", "backtest"),
}


def provenance_line(figure: Figure) -> str:
    """Return the line of a chart with its runs, seed and digest, or that it has no model output."""
    texts = [text.get_text() for text in figure.texts]
    if any(text.startswith(NO_RUNS) for text in texts):
        return NO_RUNS
    lines = [text for text in texts if text.startswith("Model output, ")]
    if len(lines) != 1 or "scenario" not in lines[0]:
        raise SystemExit(f"not one provenance line with a digest: {lines}")
    return lines[0].replace("\u00a0", " ")


def png_of(figure: Figure) -> bytes:
    """Return a figure as PNG of few colours with its title and provenance line as metadata."""
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    drawn, content, info = BytesIO(), BytesIO(), PngInfo()
    with chart_style():
        figure.savefig(drawn, format="png", dpi=DPI, metadata={"Software": None})
    info.add_text("Title", str(figure.get_label()))
    info.add_text(PROVENANCE, provenance_line(figure))
    with Image.open(drawn) as image:
        few = image.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE)
        few.save(content, "PNG", optimize=True, pnginfo=info)
    return content.getvalue()


def make_pictures(names: tuple[str, ...] = tuple(PICTURES)) -> dict[Path, bytes]:
    """Return the content of each picture by its file; pictures of one study share its runs."""
    scenario = sim.load(ROOT / SCENARIO)
    studies: dict[str, Any] = {}
    found = {}
    for name in names:
        picture = PICTURES[name]
        if picture.study not in studies:
            studies[picture.study] = STUDIES[picture.study](scenario)
        draw = getattr(sim.charts, picture.kind)
        options = {key: value() if callable(value) else value for key, value in picture.options.items()}
        found[IMAGES / f"{name}.png"] = png_of(draw(studies[picture.study], **options))
    return found


def write_alternative_texts() -> None:
    """Set the alternative text of each picture on each page to the headline of the picture."""
    from PIL import Image

    for page in pages():
        text = page.read_text("utf-8")
        for name in PICTURES:
            with Image.open(IMAGES / f"{name}.png") as image:
                headline = str(image.info["Title"])
            text = re.sub(rf"!\[[^]]*\]\((\S*images/{name}\.png)\)", partial(_link, headline), text)
        page.write_text(text, "utf-8")


def _link(headline: str, found: re.Match[str]) -> str:
    return f"![{headline}]({found[1]})"


def pages() -> list[Path]:
    """Return the pages that may show a picture."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def main() -> None:
    """Write the pictures that the command line names, by default all, and their alternative texts."""
    for path, data in make_pictures(tuple(sys.argv[1:]) or tuple(PICTURES)).items():
        path.write_bytes(data)
    write_alternative_texts()


if __name__ == "__main__":
    main()
