"""``sim export``: write a result folder as an Excel workbook."""

from __future__ import annotations

from pathlib import Path

import typer

from sim.cli.json_output import print_json
from sim.cli.output_file import check_output_file, suggest_name
from sim.errors import ArgumentError, Fault, StorageError
from sim.reporting import sheets_of, workbook_bytes
from sim.results.storage import write_file
from sim.study.query_info import verb_of

ENDING = ".xlsx"


def run(folder: Path, file: Path, *, replace: bool, as_json: bool) -> None:
    """Write the workbook atomically, and print its path.

    Raises
    ------
    ArgumentError
        The name of the file does not end with ``.xlsx``.
    StorageError
        The file exists and is not to be replaced, is in the result folder, or cannot be written; or the
        folder is not a finished result.
    """
    if file.suffix.lower() != ENDING:
        near = suggest_name(file, ENDING)
        raise ArgumentError(
            [Fault(f"{file} is no name of a workbook", allowed=f"a name in {ENDING}", nearest=near)]
        )
    check_output_file(file)
    verb_of(folder)
    if file.parent.resolve() == folder.resolve():
        raise StorageError(f"cannot write {file}: a result folder holds only the files of its result")
    if file.exists() and not replace:
        raise StorageError(f"{file} is there already; choose another name, or give --force")
    sheets = sheets_of(folder)
    write_file(file.parent, file.name, workbook_bytes(sheets))
    if as_json:
        print_json({"file": file.as_posix(), "sheets": list(sheets)})
    else:
        typer.echo(str(file))
