"""Text of overrides for titles, so that modified scenarios are not mistaken for their files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sim.errors import escape_control_characters
from sim.names import Names, shorten_name, value_in_words
from sim.scenario.attachment import DRAWS_KEY, EVIDENCE_KEY
from sim.scenario.path import is_within
from sim.scenario.yaml_nodes import ListNode, MapNode, Node, TextNode, is_author_key

#: Most overrides shown, and maximum lengths of a value, of the phrase and of the title.
_MAX_SHOWN, _MAX_VALUE_LENGTH, _MAX_PHRASE_LENGTH, MAX_TITLE_LENGTH = 3, 60, 120, 200
_PREFIX = "changed: "
#: Text of a removed value.
REMOVED_TEXT = "null"
#: Keys that affect reporting only, not results.
_KEYS_WITHOUT_EFFECT = frozenset({"schema", "title", "note", "thresholds", EVIDENCE_KEY})
#: Names for readers: the label, noun or verb of a component, or the label of a leg.
_NAME_PATH = re.compile(r"\w+\.[^.]+\.(?:(?:label|noun|verb)(?:\..+)?|route\.\d+\.label)")


def changes_as_text(changes: Mapping[str, Node], earlier: Mapping[str, str]) -> dict[str, str]:
    """Return all overrides as text by path.

    A new override replaces the earlier ones at or below its path; a new title clears all.
    """
    title = changes.get("title")
    if title is not None and node_as_line(title) != REMOVED_TEXT:
        return {}
    found = dict(earlier)
    for path, node in changes.items():
        step = path.partition(".")[0]
        if step in _KEYS_WITHOUT_EFFECT or is_author_key(step) or _NAME_PATH.fullmatch(path):
            continue
        for covered in [each for each in found if is_within(each, path)]:
            del found[covered]
        found[path] = re.split(r"[/\\]", node_as_line(node))[-1] if step == DRAWS_KEY else node_as_line(node)
    return found


def without_varied(changes: Mapping[str, str], varied: Sequence[str]) -> dict[str, str]:
    """Return the overrides except those at or below a path that a study varies."""
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
    entries = [f"{escape_control_characters(key)}: {node_as_line(child)}" for key, child in node.items()]
    return f"{{{', '.join(entries)}}}"


def component_labels(tree: MapNode) -> dict[str, str]:
    """Return the labels of the components of a tree, not yet validated, by path."""
    return {
        f"{section}.{name}": node_as_line(label)
        for section, parts in tree.items()
        for name, part in (parts.items() if isinstance(parts, MapNode) else ())
        if isinstance(part, MapNode)
        and isinstance(label := part.get("label"), TextNode)
        and not label.is_null
    }


def changes_phrase(changes: Mapping[str, str], names: Names) -> str:
    """Return the overrides as a phrase: ``Russian output: 5,000,000 a year; and 3 more``."""
    # Sorted, so that the order of the overrides does not change the output.
    worded = names.paths(sorted(changes))
    texts = [
        shorten_name(_change_text(name, changes[path]), _MAX_PHRASE_LENGTH) for path, name in worded.items()
    ]
    kept = texts[:1]
    for each in texts[1:_MAX_SHOWN]:
        if len("; ".join([*kept, each])) > _MAX_PHRASE_LENGTH:
            break
        kept.append(each)
    rest = len(texts) - len(kept)
    return "; ".join([*kept, *([f"and {rest:,} more"] if rest else [])])


def title_with_changes(title: str, changes: Mapping[str, str], names: Names) -> str:
    """Return a title of at most 200 characters that includes the overrides, in the words of `names`."""
    if not changes:
        return title
    # The title of a scenario saved with overrides already contains them.
    again = "then " if _PREFIX in title else ""
    end = f" ({again}{_PREFIX}{changes_phrase(changes, names)})"
    return shorten_name(title, MAX_TITLE_LENGTH - len(end)) + end


def title_with_phrase(title: str, phrase: str) -> str:
    """Return a title followed by a phrase of overrides, if not empty."""
    return f"{title} ({_PREFIX}{phrase})" if phrase else title


def _change_text(name: str, value: str) -> str:
    shown = escape_control_characters(name)
    if value == REMOVED_TEXT:
        return f"{shown} removed"
    return f"{shown}: {shorten_name(value_in_words(value), _MAX_VALUE_LENGTH)}"
