"""CSV text as rows of cells, with the position of each cell."""

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

#: Separators that spreadsheets write instead of commas; no column name contains one.
OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs"}
SEPARATORS_ALLOWED = "commas between cells, and a point in decimals, such as 1.5"


class CsvRow(NamedTuple):
    """First line of a row, and its cells stripped of surrounding spaces."""

    line: int
    cells: list[str]


class CsvText:
    """CSV text decoded from UTF-8, with or without a byte-order mark; `path` is the key that names the file.

    Raise `ScenarioError` if the bytes are not UTF-8.
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
        """Yield the non-empty rows; raise `ScenarioError` if the text is malformed."""
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
        """Raise `ScenarioError` if the header uses a separator other than commas."""
        header = LINE_BREAK.split(self.text, maxsplit=1)[0]
        for mark, name in OTHER_SEPARATORS.items():
            if mark in header:
                problem = f"the cells are separated by {name}"
                where = Where(self.file, 1, header.index(mark) + 1)
                raise ScenarioError([Fault(problem, where, self.path, SEPARATORS_ALLOWED)])

    def place(self, record: CsvRow, cell: int) -> Where:
        """Return the position of a cell of a row."""
        position = self._lines[record.line - 1]
        for _ in range(cell):
            field = CELL.match(self.text, position)
            position = (field.end() if field else position) + 1
        before = LINE_BREAK.split(self.text[self._lines[record.line - 1] : position])
        return Where(self.file, record.line + len(before) - 1, len(before[-1]) + 1)

    @cached_property
    def _lines(self) -> list[int]:
        """Offset of each line in the text."""
        return [0, *(found.end() for found in LINE_BREAK.finditer(self.text))]
