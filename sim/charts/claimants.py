"""Source note of a chart: the named claimants, the number of the other sources, and where they are listed.

A chart of a result that is in no folder refers to no file.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any

from sim.errors import format_count

#: Letters of the evidence table for a named office, officer, institute or newspaper. The other letters are
#: unnamed officials, forums, reposts and divisions of two published figures.
NAMED_LETTERS = frozenset({"A", "B"})
#: Where all sources of a result in a folder are listed.
IN_FOLDER = "in manifest.json"
#: Where all sources are listed; empty if nowhere, None if the chart itself decides.
_place: ContextVar[str | None] = ContextVar("place", default=None)


@contextmanager
def sources_listed(place: str) -> Iterator[None]:
    """Context manager: charts of this thread or task refer to a list of all sources at a place.

    Parameters
    ----------
    place : str
        With its preposition: ``in manifest.json``; empty if they are listed nowhere.
    """
    token = _place.set(place)
    try:
        yield
    finally:
        _place.reset(token)


def sources_of(found: object) -> AbstractContextManager[None]:
    """Context manager: charts refer to the files of a folder only if all results come from one.

    The place of an outer `sources_listed` stays.
    """
    every = found if isinstance(found, Sequence) else [found]
    is_saved = all(getattr(each, "manifest", None) for each in every)
    return nullcontext() if _place.get() is not None or is_saved else sources_listed("")


def left_out_note(left_out: Mapping[str, int], file: str) -> str:
    """Return the note on what a chart leaves out, by noun: ``3 more stocks in stock.csv.``."""
    counts = [format_count(count, noun) for noun, count in left_out.items() if count]
    if not counts:
        return ""
    return f"{' and '.join(counts)} {f'in {file}' if _listed() == IN_FOLDER else 'not shown'}."


def _listed() -> str:
    place = _place.get()
    return IN_FOLDER if place is None else place


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
    noun, place = "source" if others == 1 else "sources", _listed()
    end = f", listed {place}." if place else "."
    if not shown:
        return f"Inputs: {others} published {noun}{end}"
    return f"Inputs: {'; '.join(shown)}; and {others} other {noun}{end}"


def _citation(source: Mapping[str, Any]) -> str:
    """Return the claimant with the year, or an empty string if the source is only counted."""
    claimant = str(source.get("claimant") or "").strip()
    if not claimant or source.get("confidence", "A") not in NAMED_LETTERS:
        return ""
    year = str(source.get("published") or "")[:4]
    return f"{claimant} ({year})" if year.isdigit() and year not in claimant else claimant
