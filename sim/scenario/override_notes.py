"""What was set over a scenario's files, in words: so that no figure of it passes for one of the files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sim.errors import escape_control_characters
from sim.scenario.attachment import DRAWS_KEY, EVIDENCE_KEY
from sim.scenario.path import is_within
from sim.scenario.yaml_nodes import ListNode, Node, TextNode, is_author_key

#: How many are told one by one, and how long a value, all of them, and a whole title may be.
_MAX_SHOWN, _MAX_VALUE_LENGTH, _MAX_PHRASE_LENGTH, MAX_TITLE_LENGTH = 3, 40, 120, 200
_PREFIX = "changed: "
#: What stands for a value that was taken away.
REMOVED_TEXT = "null"
#: Paths that say how to tell of the world, and nothing of the world itself.
_KEYS_WITHOUT_EFFECT = frozenset({"schema", "title", "note", "thresholds", EVIDENCE_KEY})


def changes_as_text(changes: Mapping[str, Node], earlier: Mapping[str, str]) -> dict[str, str]:
    """Return what was set, as text by path.

    Parameters
    ----------
    changes : mapping of str to Node
        What is set now. A title of one's own tells of all that was set before it, and with it.
    earlier : mapping of str to str
        What was set before; what lies at or below a path that is set again is not told twice.
    """
    title = changes.get("title")
    if title is not None and node_as_line(title) != REMOVED_TEXT:
        return {}
    found = dict(earlier)
    for path, node in changes.items():
        step = path.partition(".")[0]
        if step in _KEYS_WITHOUT_EFFECT or is_author_key(step):
            continue
        for gone in [each for each in found if is_within(each, path)]:
            del found[gone]
        found[path] = re.split(r"[/\\]", node_as_line(node))[-1] if step == DRAWS_KEY else node_as_line(node)
    return found


def without_varied(changes: Mapping[str, str], varied: Sequence[str]) -> dict[str, str]:
    """Return the changes at no path whose values a study gives itself, nor below one."""
    return {
        path: value for path, value in changes.items() if not any(is_within(path, each) for each in varied)
    }


def node_as_line(node: Node) -> str:
    """Return a node on one line: ``3M/year``, ``[1, 2]``, ``{low: 1k/day, high: 2k/day}``."""
    if isinstance(node, TextNode) and node.is_null:
        return REMOVED_TEXT
    if isinstance(node, TextNode):
        return escape_control_characters(node.text)
    if isinstance(node, ListNode):
        return f"[{', '.join(map(node_as_line, node))}]"
    return f"{{{', '.join(f'{escape_control_characters(key)}: {node_as_line(child)}' for key, child in node.items())}}}"


def changes_phrase(changes: Mapping[str, str]) -> str:
    """Return what was set in a phrase: ``production.russia.rate = 5M/year; and 3 more``.

    Parameters
    ----------
    changes : mapping of str to str
        As of `Scenario.changes`.
    """
    # By path: the same settings in another order are the same world, and so the same bytes.
    said = [
        _shorten(_change_text(path, value), _MAX_PHRASE_LENGTH) for path, value in sorted(changes.items())
    ]
    kept = said[:1]
    for each in said[1:_MAX_SHOWN]:
        if len("; ".join([*kept, each])) > _MAX_PHRASE_LENGTH:
            break
        kept.append(each)
    rest = len(said) - len(kept)
    return "; ".join([*kept, *([f"and {rest:,} more"] if rest else [])])


def title_with_changes(title: str, changes: Mapping[str, str]) -> str:
    """Return a title of at most 200 characters that says what was set."""
    if not changes:
        return title
    # A scenario that was saved with changes, and is changed again, has them in its title.
    again = "then " if _PREFIX in title else ""
    end = f" ({again}{_PREFIX}{changes_phrase(changes)})"
    return _shorten(title, MAX_TITLE_LENGTH - len(end)) + end


def title_with_phrase(title: str, said: str) -> str:
    """Return a title with what was set, in a phrase, behind it; or the title where nothing was."""
    return f"{title} ({_PREFIX}{said})" if said else title


def _change_text(path: str, value: str) -> str:
    name = escape_control_characters(path)
    return f"{name} removed" if value == REMOVED_TEXT else f"{name} = {_shorten(value, _MAX_VALUE_LENGTH)}"


def _shorten(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
