"""Source note of a chart: the named claimants, and the number of the other sources."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

#: Letters of the evidence table for a named office, officer, institute or newspaper. The other letters are
#: unnamed officials, forums, reposts and divisions of two published figures.
_NAMED_LETTERS = frozenset({"A", "B"})
#: Where all sources are listed: in the folder of a result.
_place: ContextVar[str] = ContextVar("place", default="in manifest.json")


@contextmanager
def sources_listed(place: str) -> Iterator[None]:
    """Context manager: charts of this thread or task refer to a list of all sources at a place.

    Parameters
    ----------
    place : str
        With its preposition: ``in manifest.json``.
    """
    token = _place.set(place)
    try:
        yield
    finally:
        _place.reset(token)


def claimants_text(sources: Sequence[Mapping[str, Any]], fits: Callable[[str], bool]) -> str:
    """Return the note of the sources, with as many claimants as fit.

    Parameters
    ----------
    sources : sequence of mapping
        Of a manifest: ``id, claimant, publisher, published`` and, for rows of the evidence table,
        ``confidence``.
    fits : callable
        Whether a text fits into the note.
    """
    if not sources:
        return "Inputs: figures of the scenario itself, no published source named."
    citations = [_citation(source) for source in sources]
    names = sorted({citation for citation in citations if citation}, key=str.casefold)

    def text(kept: int) -> str:
        shown = names[:kept]
        return _note_text(shown, sum(citation not in shown for citation in citations))

    most = bisect(range(1, len(names) + 1), x=False, key=lambda kept: not fits(text(kept)))
    return text(most)


def _note_text(shown: Sequence[str], others: int) -> str:
    if not others:
        return f"Inputs: {'; '.join(shown)}."
    noun, place = "source" if others == 1 else "sources", _place.get()
    if not shown:
        return f"Inputs: {others} published {noun}, listed {place}."
    return f"Inputs: {'; '.join(shown)}; and {others} other {noun}, listed {place}."


def _citation(source: Mapping[str, Any]) -> str:
    """Return the claimant with the year, or an empty string if the source is only counted."""
    claimant = str(source.get("claimant") or "").strip()
    if not claimant or source.get("confidence", "A") not in _NAMED_LETTERS:
        return ""
    year = str(source.get("published") or "")[:4]
    return f"{claimant} ({year})" if year.isdigit() and year not in claimant else claimant
