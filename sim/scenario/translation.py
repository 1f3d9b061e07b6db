"""From pydantic's errors to our faults: with file, line, column, path, what is allowed and the nearest name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sim.errors import Fault, nearest
from sim.scenario.nodes import Block, Node, find

EXPECTED = {
    "dict_type": ("a map is expected", "NAME: {settings}"),
    "model_type": ("a map of settings is expected", "KEY: value"),
    "model_attributes_type": ("a map of settings is expected", "KEY: value"),
    "tuple_type": ("a list is expected", "items that begin with -"),
    "too_short": ("nothing is listed", "at least one"),
    "too_long": ("too much is listed", "fewer"),
}


def faults_of(error: ValidationError, tree: Block, model: type[BaseModel]) -> list[Fault]:
    """Return what pydantic found, in order of place, each once.

    Parameters
    ----------
    error : ValidationError
    tree : Block
        The tree that was checked.
    model : type
        The model it was checked against.
    """
    faults: dict[Fault, None] = {}
    for detail in error.errors(include_url=False, include_input=False):
        if detail["type"] == "faults":
            faults.update(dict.fromkeys(detail["ctx"]["faults"]))
        else:
            faults[_fault(detail, tree, model)] = None
    return sorted(faults, key=lambda fault: (fault.where.file, fault.where.line, fault.where.column) if fault.where else ())


def _fault(detail: ErrorDetails, tree: Block, model: type[BaseModel]) -> Fault:
    loc = detail["loc"]
    path = ".".join(str(step) for step in loc)
    key = str(loc[-1]) if loc else ""
    parent, _ = find(tree, loc[:-1])
    if detail["type"] == "missing":
        return Fault(f"the key {key!r} is required here", parent.where, path)
    if detail["type"] == "extra_forbidden" and isinstance(parent, Block):
        known = _keys(model, loc[:-1])
        return Fault(f"unknown key {key[:80]!r}", parent.keys_at[key], path, ", ".join(known), nearest(key, known))
    node: Node = find(tree, loc)[0]
    if detail["type"] not in EXPECTED:
        return Fault(detail["msg"], node.where, path)
    problem, allowed = EXPECTED[detail["type"]]
    return Fault(problem, node.where, path, allowed)


def _keys(model: type[BaseModel], loc: Sequence[int | str]) -> list[str]:
    here: Any = model
    for step in loc:
        if isinstance(here, type) and issubclass(here, BaseModel):
            by_alias = {field.alias or name: field.annotation for name, field in here.model_fields.items()}
            here = by_alias[str(step)]
        else:
            here = _inner(here)
    return [field.alias or name for name, field in here.model_fields.items()]


def _inner(annotation: Any) -> Any:
    arguments = get_args(annotation)
    return arguments[1] if get_origin(annotation) in {dict, Mapping} else arguments[0]
