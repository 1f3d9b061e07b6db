"""``sim report``: write result folders as one HTML page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from sim.cli.drawing import drawing_failures
from sim.cli.json_output import print_json
from sim.cli.output_file import check_output_file, suggest_name
from sim.errors import ArgumentError, Fault, StorageError
from sim.reporting.html_page import page_bytes, read_reports, with_charts
from sim.results.storage import write_file

ENDINGS = (".html", ".htm")
#: Longest name of a page that is made of the names of its folders.
_MAX_NAME_LENGTH = 100


def run(
    folders: Sequence[Path], out: Path | None, style: Path | None, *, replace: bool, as_json: bool
) -> None:
    """Write the page atomically, and print its path.

    Raises
    ------
    ArgumentError
        The name of the file does not end with ``.html``.
    StorageError
        The file exists and is not to be replaced, is in a result folder, or cannot be written; or a folder
        is not a finished result.
    DrawingError
        A chart cannot be drawn.
    """
    file = out if out is not None else _default_file(folders)
    if file.suffix.lower() not in ENDINGS:
        near = suggest_name(file, ENDINGS[0])
        raise ArgumentError([Fault(f"{file} is no name of a page", allowed="a name in .html", nearest=near)])
    check_output_file(file)
    if any(file.parent.resolve() == folder.resolve() for folder in folders):
        raise StorageError(f"cannot write {file}: a result folder holds only the files of its result")
    if file.exists() and not replace:
        raise StorageError(f"{file} is there already; choose another name with --out, or give --force")
    reports = read_reports(folders)
    with drawing_failures():
        reports = with_charts(reports, style)
    write_file(file.parent, file.name, page_bytes(reports))
    if as_json:
        print_json({"file": file.as_posix(), "reports": [report.title for report in reports]})
    else:
        typer.echo(str(file))


def _default_file(folders: Sequence[Path]) -> Path:
    """Return the default path of the page: next to the first folder, named after all folders."""
    first, *others = (folder.resolve() if folder.name in {"", ".."} else folder for folder in folders)
    name = "-and-".join([first.name, *(other.resolve().name for other in others)])
    if len(name) > _MAX_NAME_LENGTH:
        name = f"{first.name}-and-{len(others)}-more"
    return first.with_name(f"{name}.html")
