"""Charts of a result folder, drawn after its tables are saved: a drawing error loses no table."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sim.charts.claimants import IN_FOLDER, sources_listed
from sim.charts.missing_letters import MissingLettersWarning
from sim.errors import DrawingError, Interrupted, StorageError, escape_control_characters
from sim.house_style.house_style import DEFAULT, HouseStyle

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.results.result import Result
    from sim.study.answer_io import WritableAnswer

FORMATS = ("png", "svg")
#: Errors of matplotlib if a font, a library, memory or a readable configuration file is missing.
_FAILURES = (ArithmeticError, ImportError, LookupError, MemoryError, OSError, RuntimeError, ValueError)


def save_with_chart(
    result: Result | WritableAnswer,
    folder: Path,
    name: str,
    draw: Callable[[HouseStyle], Figure] | None,
    log: str,
    style: HouseStyle = DEFAULT,
) -> DrawingError | None:
    """Save a result with its chart in each format; return the error if only the chart failed.

    Parameters
    ----------
    result : Result or WritableAnswer
    folder : Path
    name : str
        Name of the chart files, without the extension.
    draw : callable or None
        Draws the chart in a house style; None for a result without a chart.
    log : str
    style : HouseStyle

    Raises
    ------
    StorageError
        The tables cannot be saved.
    Interrupted
        The user interrupts the drawing.
    """
    if draw is None:
        result.save(folder, log=log)
        return None
    saved = False

    def drawings() -> Mapping[str, bytes]:
        nonlocal saved
        saved = True
        from sim.charts import to_bytes

        with drawing_failures(), sources_listed(IN_FOLDER):
            figure = draw(style)
            return {f"{name}.{form}": to_bytes(figure, form, style=style) for form in FORMATS}

    try:
        result.save(folder, drawings, log)
    except (DrawingError, StorageError) as error:
        if not saved:
            raise
        return DrawingError(f"{error}; the tables are in {folder}")
    except KeyboardInterrupt:
        if saved:
            raise Interrupted(f"interrupted: the tables are in {folder}, without the chart") from None
        raise
    return None


def chart_lines(failure: DrawingError | None, folder: Path, name: str) -> list[str]:
    """Return the line that names the chart; no line if it failed."""
    return [] if failure is not None else [f"Chart: {folder / name}.png"]


@contextmanager
def drawing_failures() -> Iterator[None]:
    """Convert errors of matplotlib to `DrawingError`, and print warnings of missing letters."""
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", MissingLettersWarning)
            yield
        for each in caught:
            typer.echo(f"warning: {each.message}", err=True)
    except _FAILURES as error:
        reason = "not enough memory" if isinstance(error, MemoryError) else f"{type(error).__name__}: {error}"
        raise DrawingError(f"the chart cannot be drawn: {escape_control_characters(reason)}") from error
