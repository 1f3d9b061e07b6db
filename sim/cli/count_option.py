"""Whole numbers of the command line, also with grouped digits: ``1,000``."""

from __future__ import annotations

import re

import typer

_COUNT = re.compile(r"([+-]?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+(?:_[0-9]+)*)(k|M)?")
_FACTORS = {None: 1, "k": 1_000, "M": 1_000_000}


def parse_count(text: str | int) -> int:
    """Return a whole number, written as 1000, 1,000, 1_000 or 1k.

    Raises
    ------
    typer.BadParameter
        If the text is not a whole number.
    """
    if isinstance(text, int):
        return text
    found = _COUNT.fullmatch(text.strip())
    if found is None or len(text) > 40:
        raise typer.BadParameter(f"{text[:40]!r} is not a valid integer, such as 1000 or 1,000")
    sign, digits, multiple = found.groups()
    return int(f"{sign}{digits.replace(',', '')}") * _FACTORS[multiple]
