"""``sim chart``: a chart from the saved tables of a result folder."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from sim.charts import draw, kinds_of, to_bytes
from sim.results.jsontext import json_bytes
from sim.results.saved import read_folder
from sim.results.storage import add_chart
from sim.study.comparison import is_comparison, read_comparison


def chart(folder: Path, kind: str | None, size: str, form: str, *, as_json: bool) -> None:
    """Draw a chart into the folder and say where it is; without a kind, the one the folder came with."""
    found = read_comparison(folder) if is_comparison(folder) else read_folder(folder)
    kind = kind or next(iter(kinds_of(found)[1]))
    figure = draw(kind, found, size)
    name = f"{kind}.{form}" if size == "page" else f"{kind}-{size}.{form}"
    path = add_chart(folder, name, to_bytes(figure, form))
    if as_json:
        sys.stdout.write(json_bytes({"chart": path.as_posix()}).decode())
    else:
        typer.echo(str(path))
