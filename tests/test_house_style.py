"""House style: one YAML file gives charts other colours, fonts, and the language of dates and numbers."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from matplotlib import get_data_path
from matplotlib.figure import Figure

from sim.charts import draw, drawdown, load_house_style, style, to_bytes
from sim.errors import InputError
from sim.formatting import compact, integer, long_date
from sim.house_style.house_style import COLOUR_ROLES, HATCH_COLOURS, ORIGINS, PALETTE
from sim.house_style.locale_language import find_language
from tests.support.awkward_results import awkward_result
from tests.support.known_comparison import GONE, make_comparison
from tests.support.known_result import SIZES, figure_text, make_result
from tests.support.study_tables import (
    frontier_sweep,
    grid_sweep,
    line_sweep,
    morris_study,
    rank_study,
    sobol_study,
    tornado_study,
)
from tests.test_cli import sim as command

FONT = Path(get_data_path(), "fonts", "ttf", "DejaVuSerif.ttf")
GERMAN = "language: de\n"
CHARTS: dict[str, Callable[[], object]] = {
    "drawdown": make_result,
    "supply": make_result,
    "map": lambda: awkward_result("known places"),
    "compare": lambda: make_comparison(GONE),
    "heatmap": grid_sweep,
    "line": line_sweep,
    "sustainable": line_sweep,
    "frontier": frontier_sweep,
    "sobol": lambda: sobol_study([(0.5, 0.6), (0.2, 0.3)]),
    "rank": lambda: rank_study([0.7, -0.2]),
    "morris": lambda: morris_study([(20.0, 5.0), (4.0, 1.0)]),
    "tornado": lambda: tornado_study([("a.b.stock", 100.0, 200.0)]),
}
#: A colour for each role and origin, none of which is a default.
OTHER = {role: f"#10{place:02X}AB" for place, role in enumerate(COLOUR_ROLES, 1)}
OTHER_ORIGINS = [f"#20{place:02X}AB" for place in range(5)]


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        file = tmp_path / "house.yaml"
        file.write_text(text, "utf-8")
        return file

    return write


def all_colours() -> str:
    roles = "".join(f'  {role}: "{colour}"\n' for role, colour in OTHER.items())
    origins = ", ".join(f'"{colour}"' for colour in OTHER_ORIGINS)
    return f"colours:\n{roles}  origins: [{origins}]\n  colour_map: magma\n"


def svg(figure: Figure) -> str:
    return to_bytes(figure, "svg").decode().lower()


@pytest.mark.parametrize("kind", CHARTS)
def test_no_default_colour_is_left_in_any_chart(kind: str, written: Callable[[str], Path]) -> None:
    plain = svg(draw(kind, CHARTS[kind]()))
    defaults = {colour.lower() for colour in (*PALETTE.values(), *ORIGINS, *HATCH_COLOURS)}
    used = {colour for colour in defaults if colour in plain}
    assert len(used) >= 4, "the search finds colours where they are"
    own = svg(draw(kind, CHARTS[kind](), style=written(all_colours())))
    assert {colour for colour in defaults if colour in own} == set()


def test_each_role_has_a_colour_of_its_own() -> None:
    every = [*PALETTE.values(), *ORIGINS, *HATCH_COLOURS]
    assert len(set(every)) == len(every), "else a role could not be told from another"


def test_colours_go_to_what_they_are_for(written: Callable[[str], Path]) -> None:
    figure = drawdown(make_result(), style=written('colours: {line: "#112233", background: ivory}'))
    medians = [
        line
        for axes in figure.axes
        for line in axes.lines
        if line.get_color() == (17 / 255, 34 / 255, 51 / 255, 1)
    ]
    assert medians
    assert figure.get_facecolor() == (1.0, 1.0, 240 / 255, 1.0)


@pytest.mark.parametrize("size", SIZES)
def test_dates_and_numbers_follow_the_language(size: str, written: Callable[[str], Path]) -> None:
    text = figure_text(drawdown(make_result(), size, style=written(GERMAN)))
    assert "14. November 2023" in text
    assert "74,7 a day" in text
    assert "Dez" in text
    assert "1.000 runs" in text
    assert not [word for word in ("14 November", "74.7", "1,000") if word in text]


@pytest.mark.parametrize(
    ("code", "date", "number"),
    [
        ("de", "4. September 2023", "12.345"),
        ("fr", "4 septembre 2023", "12 345"),
        ("es", "4 de septiembre de 2023", "12.345"),
        ("en", "4 September 2023", "12,345"),
        ("pl", "4 września 2023", "12 345"),
    ],
)
def test_languages_write_dates_and_numbers_their_own_way(code: str, date: str, number: str) -> None:
    language = find_language(code)
    assert language.long_date(dt.date(2023, 9, 4)).replace("\u00a0", " ") == date
    assert language.number("12,345").replace("\u00a0", " ") == number


def test_a_drawing_leaves_no_trace(written: Callable[[str], Path]) -> None:
    before = to_bytes(drawdown(make_result()), "svg")
    drawdown(make_result(), style=written(f"{GERMAN}{all_colours()}fonts: {{regular: {FONT}}}\n"))
    assert to_bytes(drawdown(make_result()), "svg") == before
    assert (integer(12_345), long_date(dt.date(2023, 9, 4))) == ("12,345", "4 September 2023")


def test_another_thread_keeps_its_own_language(written: Callable[[str], Path]) -> None:
    file, seen = written(GERMAN), []
    reading, done = threading.Event(), threading.Event()

    def other() -> None:
        reading.wait(30)
        seen.append(compact(1_234.5))
        done.set()

    thread = threading.Thread(target=other)
    thread.start()
    from sim.language import use_language

    with use_language(load_house_style(file).language):
        reading.set()
        assert done.wait(30)
        assert compact(1_234.0) == "1.230"
    thread.join()
    assert seen == ["1,230"]


def test_the_file_is_read_once_for_each_drawing(written: Callable[[str], Path]) -> None:
    file = written(GERMAN)
    assert "14. November" in figure_text(drawdown(make_result(), style=file))
    written("language: fr\n")
    assert "14 novembre" in figure_text(drawdown(make_result(), style=file))
    house = load_house_style(file)
    file.unlink()
    assert "14 novembre" in figure_text(drawdown(make_result(), style=house))


def fonts_of(figure: Figure) -> set[str]:
    return {str(text.get_fontproperties().get_file()) for text in figure.texts}


def test_text_is_measured_and_drawn_in_the_font_of_the_file(written: Callable[[str], Path]) -> None:
    figure = drawdown(make_result(), style=written(f"fonts: {{regular: {FONT}}}\n"))
    assert fonts_of(figure) == {str(FONT)}
    # A wider font needs more lines: the figure grows by itself.
    bold = FONT.with_name("DejaVuSerif-Bold.ttf")
    family = drawdown(make_result(), style=written("fonts: {regular: DejaVu Serif}\n"))
    assert fonts_of(family) == {str(FONT), str(bold)}


def test_a_font_without_a_letter_falls_back(written: Callable[[str], Path]) -> None:
    mono = FONT.with_name("cmr10.ttf")
    figure = drawdown(make_result(title="Україна"), style=written(f"fonts: {{regular: {mono}}}\n"))
    assert "Україна" in figure_text(figure)


def test_settings_of_matplotlib_count_where_the_file_says_nothing(
    written: Callable[[str], Path], tmp_path: Path
) -> None:
    (tmp_path / "sim.mplstyle").write_text(
        "# ours\ntext.color: 223344  # dark\ngrid.color: red\nfigure.facecolor: F0F0F0\n"
        "axes.prop_cycle: cycler('color', ['112233', '445566'])\nfont.family: DejaVu Serif\n"
        "hatch.linewidth: 2\n"
    )
    house = load_house_style(written('mplstyle: sim.mplstyle\ncolours: {grid: "#00FF00"}\n'))
    assert house.colours == {"text": "#223344", "grid": "#00FF00", "background": "#F0F0F0"}
    assert house.origins == ("#112233", "#445566")
    assert house.regular == str(FONT)
    assert house.settings["hatch.linewidth"] == 2.0
    figure = drawdown(make_result(), style=house)
    assert "stroke-width: 2" in to_bytes(figure, "svg", style=house).decode()


FAULTS = {
    "an unknown key": (
        "languages: de\n",
        ["house.yaml:1:1", "there is no key 'languages'", "did you mean 'language'?"],
    ),
    "an unknown colour": (
        'language: de\ncolours:\n  text: "#123456"\n  opening_stok: red\n',
        ["house.yaml:4:3", "no key 'opening_stok'", "did you mean 'opening_stock'?"],
    ),
    "no colour": (
        "colours: {text: darkish}\n",
        ["colours.text", "'darkish' is not a colour"],
    ),
    "no colour map": ("colours: {colour_map: virids}\n", ["colour_map", "did you mean 'viridis'?"]),
    "no language": ("language: german\n", ["house.yaml:1:11", "no language 'german'", "did you mean 'de'?"]),
    "no font": ("fonts: {regular: DejaVu Serf}\n", ["no font 'DejaVu Serf'", "did you mean 'DejaVu Serif'?"]),
    "no font file": ("fonts: {bold: mine.ttf}\n", ["fonts.bold", "mine.ttf is not a font"]),
    "six origins": ("colours: {origins: [red, red, red, red, red, red]}\n", ["one to 5 colours"]),
    "no map": ("colours: red\n", ["a map of keys is expected"]),
    "no settings": ("mplstyle: none.mplstyle\n", ["there is no matplotlib style file"]),
    "a list for a word": ("language: [de]\n", ["one value is expected"]),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_has_its_line_and_the_nearest_name(case: str, written: Callable[[str], Path]) -> None:
    text, parts = FAULTS[case]
    with pytest.raises(InputError) as refused:
        load_house_style(written(text))
    message = str(refused.value)
    assert [part for part in parts if part not in message] == [], message


def test_all_faults_come_at_once(written: Callable[[str], Path], tmp_path: Path) -> None:
    (tmp_path / "sim.mplstyle").write_text(
        "grid.color: red\ngrid.colour: red\nsavefig.dpi: 10\nhatch.linewidth: x\n"
    )
    with pytest.raises(InputError) as refused:
        load_house_style(written("mplstyle: sim.mplstyle\nfont: x\nlanguage: xx\n"))
    places = [str(fault.where).rsplit("/", 1)[-1] for fault in refused.value.faults]
    assert places == [
        "house.yaml:2:1",
        "sim.mplstyle:2:1",
        "sim.mplstyle:3:1",
        "sim.mplstyle:4:1",
        "house.yaml:3:11",
    ]
    assert "did you mean 'grid.color'?" in str(refused.value)


def test_a_file_that_is_not_there_names_the_nearest(written: Callable[[str], Path]) -> None:
    file = written(GERMAN)
    with pytest.raises(InputError, match=r"no such house style file; did you mean .*house\.yaml"):
        load_house_style(file.with_name("hause.yaml"))


def test_the_style_of_the_charts_is_the_default_palette() -> None:
    assert (PALETTE["text"], PALETTE["line"], ORIGINS) == (style.INK, style.LINE_BLUE, style.ORIGINS)


def test_every_verb_that_draws_takes_a_house_style(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("s.yaml").write_text(
        "schema: 1\nstart: 2023-09-01\nend: 2023-10-01\ndepots: {d: {stock: {low: 50k, high: 90k}}}\n"
        "consumption: {front: {rate: 3k/day}}\n"
    )
    Path("t.yaml").write_text("extends: s.yaml\ntitle: Other\nconsumption: {front: {rate: 4k/day}}\n")
    Path("style.yaml").write_text('colours: {text: "#0A0B0C"}\n')
    few = ("--runs", "4", "--jobs", "1", "--quiet")
    pages = {
        "run": (("run", "s.yaml", *few, "--out", "run"), "run/drawdown.svg"),
        "compare": (("compare", "s.yaml", "t.yaml", *few, "--out", "both"), "both/compare.svg"),
        "report": (("report", "run"), "run.html"),
        "evidence": (("evidence", "--quantity", "stock", "--chart", "stock.svg"), "stock.svg"),
    }
    Path("wrong.yaml").write_text("colors: {}\n")
    for verb, (words, file) in pages.items():
        wrong = command(*words, "--style", "wrong.yaml")
        assert wrong.err.startswith("wrong.yaml:1:1: there is no key 'colors'; "), wrong.err
        said = command(*words, "--style", "style.yaml")
        assert said.status == 0, said.err
        assert "#0a0b0c" in Path(file).read_text().lower(), verb
