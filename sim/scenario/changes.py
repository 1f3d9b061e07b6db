"""What was set over a scenario's files, in words: so that no figure of it passes for one of the files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sim.errors import one_line
from sim.scenario.attachment import DRAWS, EVIDENCE
from sim.scenario.nodes import Items, Node, Text, own
from sim.scenario.path import within

#: How many are told one by one, and how long a value, all of them, and a whole title may be.
_MOST, _LONGEST_VALUE, _LONGEST, LONGEST_TITLE = 3, 40, 120, 200
_CHANGED = "changed: "
#: What stands for a value that was taken away.
REMOVED = "null"
#: Paths that say how to tell of the world, and nothing of the world itself.
_TELLING = frozenset({"schema", "title", "note", "thresholds", EVIDENCE})


def told(changes: Mapping[str, Node], earlier: Mapping[str, str]) -> dict[str, str]:
    """Return what was set, as text by path.

    Parameters
    ----------
    changes : mapping of str to Node
        What is set now. A title of one's own tells of all that was set before it, and with it.
    earlier : mapping of str to str
        What was set before; what lies at or below a path that is set again is not told twice.
    """
    title = changes.get("title")
    if title is not None and written(title) != REMOVED:
        return {}
    found = dict(earlier)
    for path, node in changes.items():
        step = path.partition(".")[0]
        if step in _TELLING or own(step):
            continue
        for gone in [each for each in found if within(each, path)]:
            del found[gone]
        found[path] = re.split(r"[/\\]", written(node))[-1] if step == DRAWS else written(node)
    return found


def apart_from(changes: Mapping[str, str], varied: Sequence[str]) -> dict[str, str]:
    """Return the changes at no path whose values a study gives itself, nor below one."""
    return {path: value for path, value in changes.items() if not any(within(path, each) for each in varied)}


def written(node: Node) -> str:
    """Return a node on one line: ``3M/year``, ``[1, 2]``, ``{low: 1k/day, high: 2k/day}``."""
    if isinstance(node, Text) and node.is_null:
        return REMOVED
    if isinstance(node, Text):
        return one_line(node.text)
    if isinstance(node, Items):
        return f"[{', '.join(map(written, node))}]"
    return f"{{{', '.join(f'{one_line(key)}: {written(child)}' for key, child in node.items())}}}"


def phrase(changes: Mapping[str, str]) -> str:
    """Return what was set in a phrase: ``production.russia.rate = 5M/year; and 3 more``.

    Parameters
    ----------
    changes : mapping of str to str
        As of `Scenario.changes`.
    """
    # By path: the same settings in another order are the same world, and so the same bytes.
    said = [_short(_said(path, value), _LONGEST) for path, value in sorted(changes.items())]
    kept = said[:1]
    for each in said[1:_MOST]:
        if len("; ".join([*kept, each])) > _LONGEST:
            break
        kept.append(each)
    rest = len(said) - len(kept)
    return "; ".join([*kept, *([f"and {rest:,} more"] if rest else [])])


def titled(title: str, changes: Mapping[str, str]) -> str:
    """Return a title of at most 200 characters that says what was set."""
    if not changes:
        return title
    # A scenario that was saved with changes, and is changed again, has them in its title.
    again = "then " if _CHANGED in title else ""
    end = f" ({again}{_CHANGED}{phrase(changes)})"
    return _short(title, LONGEST_TITLE - len(end)) + end


def with_changes(title: str, said: str) -> str:
    """Return a title with what was set, in a phrase, behind it; or the title where nothing was."""
    return f"{title} ({_CHANGED}{said})" if said else title


def _said(path: str, value: str) -> str:
    name = one_line(path)
    return f"{name} removed" if value == REMOVED else f"{name} = {_short(value, _LONGEST_VALUE)}"


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
