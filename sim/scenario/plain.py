"""Plain Python data as a tree, and a tree as one line for a reader."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping

from sim.errors import Fault, ScenarioError, Where
from sim.scenario.nodes import Block, Items, Node, Text, joined
from sim.scenario.reading import DEEPEST, READABLE, said_of, unreadable

LARGEST_NUMBER = 10**18


def node_of(value: object, origin: str, path: str = "", depth: int = 1) -> Node:
    """Return plain Python data as a tree.

    Parameters
    ----------
    value : dict, list, str, path, int, float, date or None
    origin : str
        What errors name instead of a file.
    path : str
        Of the value.
    depth : int
        How deep it is nested, 1 at the top.

    Raises
    ------
    ScenarioError
        A value is of another type, or nested too deep.
    """
    where = Where(origin, 1, 1)
    if depth > DEEPEST:
        raise _refused("values are nested too deep", where, path, f"at most {DEEPEST} deep")
    if isinstance(value, Mapping):
        block = Block(where)
        for key, child in value.items():
            name = _key(key, where, path)
            inner = joined(path, name)
            if name in block:
                raise _refused(f"the key {name[:80]!r} stands here again", where, inner, "each key once")
            block.put(name, node_of(child, origin, inner, depth + 1), where)
        return block
    if isinstance(value, list | tuple):
        items = (node_of(item, origin, joined(path, i), depth + 1) for i, item in enumerate(value))
        return Items(where, items)
    return Text(_text(value, where, path), where, plain=value not in ("null", "~", ""))


def _refused(problem: str, where: Where, path: str, allowed: str) -> ScenarioError:
    return ScenarioError([Fault(problem, where, path, allowed)])


def _key(key: object, where: Where, path: str) -> str:
    if key is None or isinstance(key, bool):
        raise _refused(f"a key of type {type(key).__name__}", where, path, "text, a date or a number")
    return _text(key, where, path)


def _text(value: object, where: Where, path: str) -> str:
    if value is None:
        return "null"
    if isinstance(value, os.PathLike):
        value = os.fspath(value)
    if isinstance(value, str):
        odd = unreadable(value)
        if odd:
            raise _refused(said_of(odd), where, path, READABLE)
        return str(value)
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value.isoformat()
    # A numpy scalar stands for the number it holds.
    number = value.item() if hasattr(value, "item") and getattr(value, "ndim", 0) == 0 else value
    if isinstance(number, bool) or not isinstance(number, int | float):
        allowed = "text, a number, a date, a list or a dictionary"
        raise _refused(f"a value of type {type(value).__name__}", where, path, allowed)
    if isinstance(number, int) and abs(number) > LARGEST_NUMBER:
        raise _refused("the number is too large", where, path, "numbers up to 1e15")
    return repr(number)


def flow_text(node: Node | dict[str, Node]) -> str:
    """Return a tree on one line, for a reader: ``{low: 3M, high: 7M}``."""
    if isinstance(node, Text):
        return node.text
    if isinstance(node, Items):
        return "[" + ", ".join(flow_text(item) for item in node) + "]"
    return "{" + ", ".join(f"{key}: {flow_text(child)}" for key, child in node.items()) + "}"
