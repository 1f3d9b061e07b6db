"""Appearance of one drawing: the user's title and subtitle, and a house style."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypedDict

from sim.charts import style as chart_styles
from sim.charts.claimants import sources_of
from sim.charts.recolouring import recolour
from sim.house_style.house_style import DEFAULT, HouseStyle
from sim.language import use_language

if TYPE_CHECKING:
    from matplotlib.figure import Figure

P = ParamSpec("P")


class Appearance(TypedDict, total=False):
    """Keyword arguments that every chart takes.

    Attributes
    ----------
    title, subtitle : str
        In place of the main result and of the title of the scenario; empty for none.
    style : HouseStyle, Path or str
        A house style, or its file.
    """

    title: str | None
    subtitle: str | None
    style: HouseStyle | Path | str | None


_KEYWORDS = tuple(Appearance.__annotations__)
_SHARED_PARAMETERS = """size : str
    ``column`` (85 mm wide), ``page`` (180 mm), ``slide`` (16:9) or ``square``.
title, subtitle, style : optional
    See `sim.charts.Appearance`."""
_SECTION = re.compile(r"\n\n(?=\w+\n-+\n)")


@dataclass(frozen=True, slots=True)
class _Drawing:
    title: str | None = None
    subtitle: str | None = None
    figures: list[Figure] = field(default_factory=list)


_current: ContextVar[_Drawing | None] = ContextVar("drawing", default=None)


def chart(function: Callable[P, Figure]) -> Callable[P, Figure]:
    """Decorate a function that draws a chart: add the arguments of `Appearance`.

    Its docstring gets the parameters that all charts have.
    """

    @functools.wraps(function)
    def draw_chart(*args: P.args, **kwargs: P.kwargs) -> Figure:
        own = {name: kwargs.pop(name, None) for name in _KEYWORDS}
        # A ParamSpec cannot have more keywords, so their types are unknown to mypy.
        found = next(iter([*args, *kwargs.values()]), None)
        with sources_of(found), _drawing(**own):  # type: ignore[arg-type]
            return function(*args, **kwargs)

    own_signature = inspect.signature(function)
    named = [each for each in own_signature.parameters.values() if each.kind is not each.VAR_KEYWORD]
    added = [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None) for name in _KEYWORDS]
    signature = own_signature.replace(parameters=[*named, *added])
    draw_chart.__signature__ = signature  # type: ignore[attr-defined]
    draw_chart.__doc__ = _add_shared_parameters(function.__doc__ or "")
    return draw_chart


def _add_shared_parameters(docstring: str) -> str:
    sections = _SECTION.split(inspect.cleandoc(docstring))
    return "\n\n".join(
        f"{section}\n{_SHARED_PARAMETERS}" if section.startswith("Parameters\n") else section
        for section in sections
    )


@contextmanager
def _drawing(
    title: str | None, subtitle: str | None, style: HouseStyle | Path | str | None
) -> Iterator[None]:
    """Context manager: draw one figure with an appearance, in this thread or task alone."""
    house = load_house_style(style)
    drawing = _Drawing(title, subtitle)
    token = _current.set(drawing)
    try:
        with use_language(house.language), chart_styles.chart_style(house):
            yield
    finally:
        _current.reset(token)
    for figure in drawing.figures:
        recolour(figure, house)


def load_house_style(style: HouseStyle | Path | str | None) -> HouseStyle:
    """Return a house style, read from its file if it is a path; the default for None.

    Raises
    ------
    InputError
        The file cannot be read, or has faults.
    """
    if style is None:
        return DEFAULT
    if isinstance(style, HouseStyle):
        return style
    from sim.house_style.style_reader import read_style

    chart_styles.load_matplotlib()
    return read_style(style)


def own_title(title: str) -> str:
    """Return the title of the current drawing, or `title` if it has none of its own."""
    drawing = _current.get()
    return title if drawing is None or drawing.title is None else drawing.title


def own_subtitle(subtitle: str) -> str:
    """Return the subtitle of the current drawing, or `subtitle` if it has none of its own."""
    drawing = _current.get()
    return subtitle if drawing is None or drawing.subtitle is None else drawing.subtitle


def add_figure(figure: Figure) -> None:
    """Add a figure to the current drawing, which colours it when it is complete."""
    drawing = _current.get()
    if drawing is not None:
        drawing.figures.append(figure)
