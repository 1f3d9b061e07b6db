"""The cells of a CSV text, and the place of each."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from sim.errors import Fault, ScenarioError, Where

LINE_BREAK = re.compile(r"\r\n|\r|\n")
CELL = re.compile(r'(?:"(?:[^"]|"")*(?:"|\Z)|[^",\r\n][^,\r\n]*|)')

#: What spreadsheets put between cells instead of commas; no path and no column has one in its name.
OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs"}
SEPARATORS_ALLOWED = "commas between cells, and a point in decimals, such as 1.5"


class CsvRow(NamedTuple):
    """A row: its cells without the spaces around them, and the line on which it begins."""

    line: int
    cells: list[str]


class CsvText:
    """A CSV text.

    Parameters
    ----------
    data : bytes
        UTF-8, with or without a byte-order mark.
    file : str
        What faults call it.
    path : str
        The key of the scenario that names it.

    Raises
    ------
    ScenarioError
        The bytes are no UTF-8.
    """

    def __init__(self, data: bytes, file: str, path: str) -> None:
        self.file = file
        self.path = path
        try:
            self.text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            before = LINE_BREAK.split(data[: error.start].decode("utf-8-sig", "replace"))
            where = Where(file, len(before), len(before[-1]) + 1)
            raise ScenarioError([Fault("this is not UTF-8", where, path, "text in UTF-8")]) from None

    def records(self) -> Iterator[CsvRow]:
        """Yield the rows that are not empty; raises `ScenarioError` where the text is no CSV."""
        self._check_separator()
        reader = csv.reader(io.StringIO(self.text, newline=""), strict=True)
        line = 1
        try:
            for cells in reader:
                if cells:
                    yield CsvRow(line, [cell.strip() for cell in cells])
                line = reader.line_num + 1
        except csv.Error as error:
            problem = f"the row is not well-formed CSV ({error})"
            raise ScenarioError(
                [Fault(problem, Where(self.file, line, 1), self.path, "cells with commas between")]
            ) from None

    def _check_separator(self) -> None:
        """Raise `ScenarioError` where the header is separated by something other than commas."""
        header = LINE_BREAK.split(self.text, maxsplit=1)[0]
        for mark, name in OTHER_SEPARATORS.items():
            if mark in header:
                problem = f"the cells are separated by {name}"
                where = Where(self.file, 1, header.index(mark) + 1)
                raise ScenarioError([Fault(problem, where, self.path, SEPARATORS_ALLOWED)])

    def place(self, record: CsvRow, cell: int) -> Where:
        """Return where a cell of a row begins."""
        position = self._lines[record.line - 1]
        for _ in range(cell):
            field = CELL.match(self.text, position)
            position = (field.end() if field else position) + 1
        before = LINE_BREAK.split(self.text[self._lines[record.line - 1] : position])
        return Where(self.file, record.line + len(before) - 1, len(before[-1]) + 1)

    @cached_property
    def _lines(self) -> list[int]:
        """Where each line begins in the text."""
        return [0, *(found.end() for found in LINE_BREAK.finditer(self.text))]
