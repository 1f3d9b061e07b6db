"""Glyphs missing from the chart font: a fallback font shows them, or a warning names them."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from matplotlib.figure import Figure
from matplotlib.text import Text

import sim
from sim.charts import drawdown, style, text_layout, to_bytes, typefaces
from sim.charts.missing_letters import MissingLettersWarning
from sim.cli.app import app, exit_status

FLAT = Path(__file__).parent.parent / "scenarios" / "flat.yaml"
#: "Ammunition", with the invisible selector of a variant, and a rocket.
TITLE = "弾薬\U000e0101 🚀 2023"
EM = 1000
Fonts = Callable[..., list[str]]


@pytest.fixture
def fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fonts]:
    """Return what installs fonts with some letters each, all of them black squares, and no other font."""

    def have(**letters: str) -> list[str]:
        files = [made(tmp_path / f"{name}.ttf", some) for name, some in letters.items()]
        monkeypatch.setattr("matplotlib.font_manager.findSystemFonts", lambda: files)
        forget()
        return files

    yield have
    forget()


def forget() -> None:
    for cached in (typefaces._fallback, typefaces._installed, text_layout._glyph_advance):
        cached.cache_clear()


def made(file: Path, letters: str) -> str:
    names = {ord(letter): f"u{ord(letter):x}" for letter in letters}
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for corner in ((0, 800), (800, 800), (800, 0)):
        pen.lineTo(corner)
    pen.closePath()
    square, empty = pen.glyph(), TTGlyphPen(None).glyph()
    builder = FontBuilder(EM)
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap(names)
    # A font whose name says that it has pictures has no outlines.
    builder.setupGlyf(dict.fromkeys([".notdef", *names.values()], empty if "Color" in file.stem else square))
    builder.setupHorizontalMetrics(dict.fromkeys([".notdef", *names.values()], (EM, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": file.stem, "styleName": "Regular", "psName": file.stem})
    builder.setupOS2()
    builder.setupPost()
    builder.save(file)
    return str(file)


def subtitle(figure: Figure) -> Text:
    return next(each for each in figure.texts if "2023" in each.get_text() and each.get_fontsize() == 8.5)


def titled(title: str) -> Figure:
    return drawdown(sim.run(sim.load(FLAT).replace({"title": title})))


def test_an_installed_font_shows_what_ours_lacks(fonts: Fonts) -> None:
    files = fonts(Han="弾薬", Signs="🚀")
    figure = titled(TITLE)
    line = subtitle(figure)
    assert line.get_text() == "弾薬 🚀 2023"
    assert list(line.get_fontproperties().get_family()) == [style.font_file(), *files]
    # Matplotlib warns, and here a warning is an error, where it finds no letter.
    for form in ("png", "svg", "pdf"):
        assert to_bytes(figure, form) == to_bytes(titled(TITLE), form)
    # Each of the squares is as wide as the type is high.
    assert text_layout.make_text_width(10.0)("弾薬") == pytest.approx(20.0 * 1.03)


def test_without_one_a_single_warning_names_all_missing_letters(fonts: Fonts) -> None:
    fonts(Han="弾", Signs="x")
    with pytest.warns(MissingLettersWarning) as caught:
        figure = titled(TITLE)
    assert [str(each.message) for each in caught] == [
        "the chart shows ? for 薬🚀: no font on this machine has them; "
        "install one with wide cover, such as Noto Sans CJK or Symbola"
    ]
    assert subtitle(figure).get_text() == "弾? ? 2023"


def test_a_font_of_pictures_or_of_last_resort_shows_nothing(fonts: Fonts) -> None:
    fonts(NotoColorEmoji="🚀", LastResort="弾薬🚀")
    with pytest.warns(MissingLettersWarning, match="弾薬🚀"):
        assert text_layout.clean_text(TITLE) == "?? ? 2023"


def test_a_file_that_is_no_font_is_passed_over(fonts: Fonts, tmp_path: Path) -> None:
    (bad, good) = fonts(A="弾", B="弾薬🚀")
    Path(bad).write_bytes(b"no font")
    assert text_layout.clean_text(TITLE) == "弾薬 🚀 2023"
    assert typefaces.font_of("弾") == good


def test_fonts_with_plain_letters_come_first_and_bold_ones_for_bold_type(fonts: Fonts) -> None:
    files = fonts(Aaa="弾", Symbola="弾", NotoSansCJKBold="弾", NotoSansCJKRegular="弾")
    assert typefaces.font_of("弾") == files[3]
    assert typefaces.font_of("弾", bold=True) == files[2]


def test_a_text_that_our_font_shows_looks_for_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def look() -> list[str]:
        raise AssertionError

    monkeypatch.setattr("matplotlib.font_manager.findSystemFonts", look)
    forget()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = titled("Łódź, Харків, Ἀθῆναι, 2023 ⚠")
    assert subtitle(figure).get_fontproperties().get_file() == style.font_file()


def test_the_command_says_it_in_one_line(
    fonts: Fonts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    fonts()
    err = io.StringIO()
    with redirect_stderr(err), redirect_stdout(io.StringIO()):
        words = ["run", str(FLAT), "--set", f"title={TITLE}", "--out", "out"]
        assert exit_status(lambda: app(words, prog_name="sim", standalone_mode=False)) == 0
        assert exit_status(lambda: app(["chart", "out"], prog_name="sim", standalone_mode=False)) == 0
    line = (
        "warning: the chart shows ? for 弾薬🚀: no font on this machine has them; "
        "install one with wide cover, such as Noto Sans CJK or Symbola\n"
    )
    assert err.getvalue() == line * 2
