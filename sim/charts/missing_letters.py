"""Warning about letters that no font has, once per chart."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterable, Iterator
from contextvars import ContextVar

from sim.errors import escape_control_characters

REPLACEMENT = "?"
_lost: ContextVar[list[str] | None] = ContextVar("lost", default=None)


class MissingLettersWarning(UserWarning):
    """A chart shows ``?`` for letters that no font on this machine has."""

    def __init__(self, letters: str) -> None:
        them = "it" if len(letters) == 1 else "them"
        super().__init__(
            f"the chart shows {REPLACEMENT} for {escape_control_characters(letters)}: "
            f"no font on this machine has {them}; "
            "install one with wide cover, such as Noto Sans CJK or Symbola"
        )


@contextlib.contextmanager
def one_warning() -> Iterator[None]:
    """Collect the missing letters of a chart, and issue one warning at the end of the block."""
    found: list[str] = []
    token = _lost.set(found)
    try:
        yield
    finally:
        _lost.reset(token)
    if found:
        report(found)


def report(letters: Iterable[str]) -> None:
    """Issue a warning about missing letters; within `one_warning`, at the end of its block."""
    gathered = _lost.get()
    if gathered is not None:
        gathered.extend(letters)
        return
    warnings.warn(MissingLettersWarning("".join(dict.fromkeys(letters))), stacklevel=2)
