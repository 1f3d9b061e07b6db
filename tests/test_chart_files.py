"""Files of a chart: pictures, the numbers behind them and a text in their place, written together."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import sim
from sim.charts import draw
from sim.charts.drawn_series import record
from sim.charts.figure_text import COLUMNS, alternative_text, figure_table
from sim.charts.kinds import BY_NAME
from sim.cli.app import run
from sim.errors import StorageError
from sim.results import storage
from sim.results.csv_text import csv_bytes, csv_frame
from sim.results.storage import add_charts
from sim.results.verification import find_problems
from tests.support.awkward_results import HEBREW, awkward_result, money_result, service_result
from tests.support.known_comparison import GONE, make_comparison
from tests.support.known_result import make_result
from tests.support.study_tables import (
    FIRE,
    PRODUCED,
    audit_study,
    backtest_study,
    breakeven_search,
    frontier_sweep,
    grid_sweep,
    line_sweep,
    linear_drawdown,
    morris_study,
    rank_study,
    rates,
    sobol_study,
    sweep_data,
    tornado_study,
)
from tests.test_stock_claims import claim_table

HOSTILE = '=HYPERLINK("http://x.example","y")'
SCENARIO = f"""
schema: 1
title: '<script>alert(1)</script> & "quotes"'
start: 2023-09-16
end: 2023-11-16
depots: {{d: {{stock: 500k, label: '{HOSTILE}'}}, e: {{stock: 0, label: '@SUM(A1)'}}}}
transfers: {{t: {{from: d, to: e, capacity: 9k/day}}}}
production: {{plant: {{rate: 3k/day, to: d, label: '-2+3'}}}}
consumption: {{front: {{rate: 10k/day, at: e, label: '+1'}}}}
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("charts")
    (home / "s.yaml").write_text(SCENARIO, "utf-8")
    sim.run(home / "s.yaml", runs=2, engine="simpy").save(home / "out")
    return home / "out"


def call(*words: object) -> str:
    with pytest.raises(SystemExit) as ended:
        run(list(map(str, words)))
    return str(ended.value.code)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def table_of(folder: Path, kind: str) -> list[dict[str, str]]:
    text = (folder / f"{kind}-data.csv").read_text("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_one_command_writes_all_files_and_the_same_bytes_again(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("chart", made, "--kind", "cumulative", "--format", "png,svg,pdf", "--json")
    assert call(*words) == "0"
    paths = json.loads(capsys.readouterr().out)
    assert [Path(path).name for path in paths["charts"]] == [
        "cumulative.png",
        "cumulative.svg",
        "cumulative.pdf",
    ]
    names = {Path(path).name for path in (*paths["charts"], paths["data"], paths["text"])}
    first = contents(made)
    assert names == {
        "cumulative.png",
        "cumulative.svg",
        "cumulative.pdf",
        "cumulative-data.csv",
        "cumulative-alt.txt",
    }
    assert find_problems(made) == ()
    for name in names:
        (made / name).unlink()
    assert call(*words) == "0"
    assert contents(made) == first


def test_a_wrong_format_among_good_ones_writes_nothing(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(made)
    assert call("chart", made, "--kind", "account", "--format", "png,sgv") == "2"
    assert "'sgv'; allowed: png, svg, pdf; did you mean 'svg'" in capsys.readouterr().err
    assert contents(made) == before


def test_a_failed_write_changes_no_file(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add_charts(made, {"one.png": b"old"})
    before = contents(made)
    write = storage._write
    written: list[Path] = []

    def full(path: Path, content: bytes) -> str:
        if len(written) == 1:
            raise OSError(28, "No space left on device")
        written.append(path)
        return write(path, content)

    monkeypatch.setattr(storage, "_write", full)
    with pytest.raises(StorageError, match="cannot write"):
        add_charts(made, {"one.png": b"new", "one-data.csv": b"new"})
    assert written
    assert contents(made) == before


# The numbers


def test_the_table_has_the_numbers_of_the_result() -> None:
    result = awkward_result("long names")
    table = figure_table(draw("drawdown", result))
    own = result.stock[result.stock["depot"] == "d"]
    median = table[(table["series"] == "median") & table["plot"].str.contains(": Depot")]
    assert list(median["x"]) == list(own["date"].astype(str))
    assert list(median["y"]) == pytest.approx(list(own["p50"]))
    band = table[(table["series"] == "5th to 95th percentile") & table["plot"].str.contains(": Depot")]
    assert list(band["y"]) == pytest.approx(list(own["p05"]))
    assert list(band["y_end"]) == pytest.approx(list(own["p95"]))


@pytest.mark.parametrize("kind", ["drawdown", "mix", "account", "map", "cumulative", "days-of-supply"])
def test_names_that_look_like_formulas_are_harmless(made: Path, kind: str) -> None:
    assert call("chart", made, "--kind", kind, "--format", "svg") == "0"
    rows = table_of(made, kind)
    texts = [row[name] for row in rows for name in ("plot", "series")]
    assert not [text for text in texts if re.match(r"[=+\-@\t\r]", text)]
    svg = (made / f"{kind}.svg").read_text("utf-8")
    assert "<script>alert" not in svg
    lines = (made / f"{kind}-alt.txt").read_text("utf-8").splitlines()
    assert '<script>alert(1)</script> & "quotes".' in lines, "text stays as it is"


def test_a_formula_reads_back_as_the_name_it_is(made: Path) -> None:
    assert call("chart", made, "--kind", "map") == "0"
    names = {row["series"] for row in table_of(made, "map")}
    assert "'" + HOSTILE in names
    data = (made / "map-data.csv").read_bytes()
    kinds = dict.fromkeys(COLUMNS, "number") | {"plot": "text", "series": "text"}
    kinds |= {"x": "text", "x_end": "text"}
    assert HOSTILE in set(csv_frame(data, kinds.__getitem__)["series"])


# Every kind


def stock_claims() -> object:
    from sim.charts.claims_data import read_claims

    return read_claims(claim_table({"central": 3e6}, {"low": 1e6, "high": 2e6, "claimant": "B"}), "stock")


STUDIES: Mapping[str, Callable[[], object]] = {
    "claims": stock_claims,
    "audit": audit_study,
    "audit-drawdown": audit_study,
    "backtest": backtest_study,
    "compare": lambda: make_comparison(GONE),
    "heatmap": grid_sweep,
    "line": line_sweep,
    "sustainable": line_sweep,
    "frontier": frontier_sweep,
    "breakeven": lambda: breakeven_search({"stock": "100k"}),
    "rank": lambda: rank_study([0.7, -0.2]),
    "tornado": lambda: tornado_study([("a.b.stock", 100.0, 200.0)]),
    "morris": lambda: morris_study([(20.0, 5.0), (4.0, 1.0)]),
    "sobol": lambda: sobol_study([(0.5, 0.6), (0.2, 0.3)]),
    "service": service_result,
    "money": money_result,
}


@pytest.mark.parametrize("kind", BY_NAME)
def test_every_kind_has_numbers_and_a_text(kind: str) -> None:
    figure = draw(kind, STUDIES.get(kind, lambda: awkward_result("one run"))())
    table = figure_table(figure)
    assert tuple(table.columns) == COLUMNS
    assert len(table), "no numbers"
    cells = [cell for cell in table[["x", "y", "value"]].to_numpy().ravel() if cell is not None]
    assert all(isinstance(cell, (str, float)) for cell in cells)
    assert csv_bytes(table).count(b"\n") == len(table) + 1
    text = alternative_text(figure)
    title, *rest = text.splitlines()
    assert title.rstrip(".") == str(figure.get_label()).replace("\u00a0", " ").rstrip(".")
    assert any("munitions-sim" in line for line in rest), "no provenance"
    for name in set(table["series"]) if len(set(table["series"])) <= 12 else ():
        assert " ".join(name.split()) in text or kind == "rank", name


def test_the_text_gives_the_first_and_the_last_value_of_a_line() -> None:
    # 4 million falls to nothing in 75 days; the known result ends on 10 January 2024.
    text = alternative_text(draw("drawdown", make_result()))
    assert "median: 4M on 16 September 2023, 1 on 10 January 2024" in text
    assert "5th to 95th percentile: 2.4M to 5.6M on 16 September 2023" in text


def test_the_text_of_rows_is_what_is_written_beside_them() -> None:
    text = alternative_text(draw("account", awkward_result("one run")))
    assert re.search(r"opening stock: 0\.500M; .*; closing stock: 0\b", text)


def test_the_text_keeps_letters_of_other_scripts() -> None:
    assert HEBREW in alternative_text(draw("map", awkward_result("right to left")))


def test_the_text_of_a_heat_map_names_its_colours_as_its_caption_does() -> None:
    for show, words in (("median", "Day on which the stock runs out"), ("share", "Share of runs in which")):
        text = alternative_text(draw("heatmap", grid_sweep(3, 4), show=show))
        assert re.search(rf"{words}[^:]*: \d+ cells from ", text), text
        assert "of exhausted" not in text


def test_the_text_of_a_sweep_has_the_units_of_its_axes_and_says_where_no_date_is() -> None:
    made = {PRODUCED: rates(4, 0.0, 70e3)}
    text = alternative_text(draw("line", sweep_data(made, lambda made: linear_drawdown(60e3, made))))
    assert (
        "median: 2023-11-07 at 0 shells a year, 2024-06-27 at 17M shells a year, "
        "not within the period at 25.6M shells a year." in text
    )
    assert "54k to 66k at 25.6M shells a year; median: 1,000 at 0 shells a year" in text
    text = alternative_text(draw("line", line_sweep()))
    assert "percentile: 2025-05-13 to not within the period at 5,000 shells a day, 2024-07-07 to" in text
    never = sweep_data({FIRE: rates(3, 10.0, 20.0)}, linear_drawdown)
    text = alternative_text(draw("line", never))
    assert "runs out: 5th to 95th percentile: not within the period; median: not within the period." in text
    assert ": 9 cells not before 1 September 2025." in alternative_text(
        draw(
            "heatmap", sweep_data({FIRE: rates(3, 1, 9), PRODUCED: rates(3)}, linear_drawdown), show="median"
        )
    )
    text = alternative_text(draw("heatmap", grid_sweep(), show="median"))
    assert "60 cells from 2023-10-21 to 2025-08-01, 12 cells not before 1 September 2025." in text
    assert ": 72 cells from 0 % to 100 %." in alternative_text(draw("heatmap", grid_sweep(), show="share"))


def test_the_text_of_a_break_even_search_has_the_units_of_its_axes() -> None:
    text = alternative_text(draw("breakeven", breakeven_search({"stock": "100k"})))
    assert re.search(r"share of runs: 0 % at .* shells a year, 100 % at .*M shells a year; ", text), text
    assert re.search(r"break-even value for 50 %: 50 % at [\d.]+M shells a year[.]", text), text
    assert ", on the frontier: 9" in (text := alternative_text(draw("frontier", frontier_sweep())))
    assert re.search(r"on the frontier: [\d.]+ % at [\d.]+M EUR; ", text), text


def test_what_rounding_leaves_is_nothing_in_the_text() -> None:
    # The share of a supplier that lands later is 1e-20 on the first day.
    figure = draw("drawdown", make_result())
    record(figure.axes[0], "rest", [1.0, 2.0], [2.44e-20, 1.5])
    assert "rest: 0 at 1, 1.5 at 2" in alternative_text(figure)
