"""From pydantic's errors to our faults: with place, path, what is allowed and the nearest name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sim.errors import Fault, Where
from sim.scenario.nodes import Block, Text, find
from sim.scenario.spelling import Speller
from sim.units import shown

EXPECTED = {
    "dict_type": ("a map is expected", "NAME: {settings}"),
    "model_type": ("a map of settings is expected", "KEY: value"),
    "model_attributes_type": ("a map of settings is expected", "KEY: value"),
    "tuple_type": ("a list is expected", "items that begin with -"),
    "too_short": ("nothing is listed", "at least one"),
    "too_long": ("too much is listed", "fewer"),
}


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """Return faults in order of place, each once."""
    return sorted(dict.fromkeys(faults), key=_place)


def _place(fault: Fault) -> tuple[str, int, int]:
    where = fault.where or Where("", 0, 0)
    return where.file, where.line, where.column


def faults_of(error: ValidationError, tree: Block, model: type[BaseModel], speller: Speller) -> list[Fault]:
    """Return what pydantic found.

    Parameters
    ----------
    error : ValidationError
    tree : Block
        The tree that was checked.
    model : type
        The model it was checked against.
    speller : Speller
        Finds the nearest right key.
    """
    faults: list[Fault] = []
    missing: dict[tuple[int | str, ...], Fault] = {}
    misspelt: set[tuple[int | str, ...]] = set()
    for detail in error.errors(include_url=False, include_input=False):
        loc = detail["loc"]
        if detail["type"] == "missing":
            missing[loc] = _missing(loc, tree)
        elif detail["type"] == "extra_forbidden":
            unknown = _unknown(loc, tree, _keys(model, loc[:-1]), speller)
            misspelt.add((*loc[:-1], unknown.nearest))
            faults.append(unknown)
        else:
            faults.extend(_others(detail, tree))
    # A key that is missing because it is misspelt is one fault, and not two.
    apart = {_path(loc) for loc in misspelt if not find(tree, loc)[1]}
    return [fault for fault in [*faults, *missing.values()] if fault.path not in apart]


def _missing(loc: Sequence[int | str], tree: Block) -> Fault:
    parent, _ = find(tree, loc[:-1])
    where = parent.named if isinstance(parent, Block) else parent.where
    return Fault(f"the key {loc[-1]!r} is required here", where, _path(loc))


def _unknown(loc: Sequence[int | str], tree: Block, known: Sequence[str], speller: Speller) -> Fault:
    parent, _ = find(tree, loc[:-1])
    key = str(loc[-1])
    where = parent.keys_at[key] if isinstance(parent, Block) else parent.where
    near = speller.nearest(key, known)
    return Fault(f"unknown key {shown(key)}", where, _path(loc), ", ".join(known), near)


def _others(detail: ErrorDetails, tree: Block) -> list[Fault]:
    node, whole = find(tree, detail["loc"])
    where = node.named if isinstance(node, Block) and not whole else node.where
    # A default that is wrong is told under the name of its field, and `from_` is written `from`.
    path = _path(detail["loc"]).removesuffix("" if whole else "_")
    if detail["type"] == "faults":
        return [
            replace(fault, where=fault.where or where, path=fault.path or path)
            for fault in detail["ctx"]["faults"]
        ]
    problem, allowed = EXPECTED.get(detail["type"], (detail["msg"], ""))
    if whole and isinstance(node, Text):
        problem = f"{shown(node.text) if node.text else 'nothing'} is given, and {problem}"
    return [Fault(problem, where, path, allowed)]


def _path(loc: Sequence[int | str]) -> str:
    return ".".join(str(step) for step in loc)


def _keys(model: type[BaseModel], loc: Sequence[int | str]) -> list[str]:
    here: Any = model
    for step in loc:
        if isinstance(here, type) and issubclass(here, BaseModel):
            by_alias = {field.alias or name: field.annotation for name, field in here.model_fields.items()}
            here = _certain(by_alias[str(step)])
        else:
            arguments = get_args(here)
            here = _certain(arguments[1] if get_origin(here) in {dict, Mapping} else arguments[0])
    return [field.alias or name for name, field in here.model_fields.items()]


def _certain(annotation: Any) -> Any:
    """Return the annotation of a part that may be left out without its None."""
    return get_args(annotation)[0] if get_origin(annotation) in {Union, UnionType} else annotation
