"""Parse a Markdown page: headings, tables, code blocks and links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

FENCED = re.compile(r"^```(\w*) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")


class TableRow(NamedTuple):
    """A row of a table, with its heading."""

    heading: str
    cells: tuple[str, ...]


class MarkdownPage:
    """A parsed Markdown page."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.text = file.read_text("utf-8")
        self.prose = FENCED.sub("", self.text)

    def headings(self) -> list[str]:
        return [line.lstrip("#").strip() for line in self.prose.splitlines() if line.startswith("#")]

    def anchors(self) -> set[str]:
        """Return the GitHub anchors of the headings: lower case, no punctuation but - and _."""
        kept = ("".join(c for c in title.lower() if c.isalnum() or c in "-_ ") for title in self.headings())
        return {title.replace(" ", "-") for title in kept}

    def fenced(self, language: str) -> list[str]:
        return [text for named, _, text in FENCED.findall(self.text) if named == language]

    def files(self) -> dict[str, str]:
        """Return the code blocks with a file name, as in ```yaml smallest.yaml."""
        return {name: text for _, name, text in FENCED.findall(self.text) if name}

    def tables(self) -> Iterator[list[TableRow]]:
        """Yield each table (consecutive lines that start with a bar) with its heading."""
        heading, rows = "", list[TableRow]()
        for line in [*self.prose.splitlines(), ""]:
            if line.startswith("|"):
                cells = re.split(r"(?<!\\)\|", line)
                assert cells[0] == "" == cells[-1], line
                rows.append(TableRow(heading, tuple(cell.strip() for cell in cells[1:-1])))
                continue
            if rows:
                yield rows
                rows = []
            if line.startswith("#"):
                heading = line.lstrip("#").strip()

    def rows(self, *, under: str = "") -> list[TableRow]:
        """Return the rows without table headers, under one heading or of the page."""
        return [row for table in self.tables() for row in table[2:] if not under or row.heading == under]

    def check_tables(self) -> None:
        """Fail unless all tables are valid Markdown."""
        for table in self.tables():
            head, line, *rows = table
            assert rows, head
            assert set(line.cells) == {"---"}
            for row in table:
                assert len(row.cells) == len(head.cells), row
                for cell in row.cells:
                    assert cell, f"an empty cell: {row}"
                    assert "``" not in cell, cell
                    assert cell.count("`") % 2 == 0, cell
        for text in re.findall(r"(?m)^(?!\|).+\n\||^\|.+\n(?!\|).+", self.text):
            raise AssertionError(f"a table needs an empty line before and after it: {text!r}")

    def check_links(self) -> None:
        """Fail unless all links within the project resolve to a file and heading."""
        for link in LINK.findall(self.prose):
            if "://" in link:
                continue
            name, _, anchor = link.partition("#")
            target = (self.file.parent / name).resolve() if name else self.file
            assert target.exists(), link
            assert not anchor or anchor in MarkdownPage(target).anchors(), link
