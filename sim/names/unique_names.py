"""Names of a list: unique, and shortened to a width."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

ELLIPSIS = "\u2026"


def unique_names(keys: Iterable[str], forms: Sequence[Callable[[str], str]]) -> dict[str, str]:
    """Return a name for each key, no two alike, whatever their order and case.

    Parameters
    ----------
    keys : iterable of str
    forms : sequence of callable
        Names of a key, from short to long; a longer one serves where shorter ones are alike.

    Returns
    -------
    dict of str to str
        In the order of the keys. Where the longest forms are alike, the names are numbered.
    """
    names = {key: forms[0](key) for key in keys}
    for form in forms[1:]:
        alike = _alike(names)
        names.update({key: form(key) for key in alike})
    return _numbered(names, _append_number)


def shorten_name(name: str, width: int) -> str:
    """Return a name in at most `width` characters; a long one ends after a word, in an ellipsis.

    It ends before a bracket that would stay open, if a third of the width is left.
    """
    if len(name) <= width:
        return name
    head = name[: max(0, width - 1)]
    before = head.rpartition("(")[0].rstrip(" ,")
    if head.count("(") > head.count(")") and 3 * len(before) >= width:
        return f"{before}{ELLIPSIS}"
    at_word = head.rpartition(" ")[0].rstrip(" ,:;")
    return f"{at_word if 2 * len(at_word) >= width else head.rstrip()}{ELLIPSIS}"


def shorten_names(names: Iterable[str], width: int) -> dict[str, str]:
    """Return each name in at most `width` characters, no two alike.

    A long name ends in an ellipsis; where two would be alike, the middle or the start is left out
    instead, and at last they are numbered. No two names are alike even where the width is too small for it.
    """
    given = list(dict.fromkeys(names))
    for cut in (shorten_name, _without_middle, _without_start):
        short = {name: cut(name, width) for name in given}
        # An ellipsis at the end alone does not tell two names apart.
        if not _alike({name: text.rstrip(ELLIPSIS) for name, text in short.items()}):
            return short
    ends = {name: shorten_name(name, width) for name in given}
    return _numbered(ends, lambda name, number: _number_within(name, number, width))


def _alike(names: Mapping[str, str]) -> list[str]:
    """Return the keys whose names are not unique."""
    counts = Counter(name.casefold() for name in names.values())
    return [key for key, name in names.items() if counts[name.casefold()] > 1]


def _numbered(names: Mapping[str, str], number: Callable[[str, int], str]) -> dict[str, str]:
    found = dict(names)
    alike = sorted(_alike(names))
    taken = {name.casefold() for key, name in names.items() if key not in set(alike)}
    for key in alike:
        count, name = 1, names[key]
        while name.casefold() in taken:
            count += 1
            name = number(names[key], count)
        taken.add(name.casefold())
        found[key] = name
    return found


def _append_number(name: str, number: int) -> str:
    return f"{name} ({number})"


def _number_within(name: str, number: int, width: int) -> str:
    suffix = f" ({number})"
    return f"{shorten_name(name, max(1, width - len(suffix)))}{suffix}"


def _without_middle(name: str, width: int) -> str:
    if len(name) <= width:
        return name
    first = max(0, width - 1) // 2
    last = max(0, width - 1 - first)
    return f"{name[:first].rstrip()}{ELLIPSIS}{name[len(name) - last :].lstrip()}"


def _without_start(name: str, width: int) -> str:
    return name if len(name) <= width else f"{ELLIPSIS}{name[len(name) - max(0, width - 1) :].lstrip()}"
