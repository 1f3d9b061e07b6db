"""Conversion of pydantic errors to faults with position, path, allowed values and nearest name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sim.errors import Fault, Where
from sim.scenario.key_hints import nearest_key, suggest_named, suggest_pair, suggest_section, suggest_settings
from sim.scenario.suggestions import Suggester
from sim.scenario.yaml_nodes import ListNode, MapNode, TextNode, find_node
from sim.units import quote

EXPECTED_TEXT = {
    "dict_type": ("a map is expected", "NAME: {settings}"),
    "model_type": ("a map of settings is expected", "KEY: value"),
    "model_attributes_type": ("a map of settings is expected", "KEY: value"),
    "tuple_type": ("a list is expected", "items that begin with -"),
    "too_short": ("nothing is listed", "at least one"),
    "too_long": ("too much is listed", "fewer"),
}


def sort_faults(faults: Iterable[Fault]) -> list[Fault]:
    """Return faults in order of position, without duplicates."""
    return sorted(dict.fromkeys(faults), key=_sort_key)


def _sort_key(fault: Fault) -> tuple[str, int, int]:
    where = fault.where or Where("", 0, 0)
    return where.file, where.line, where.column


def translate_error(
    error: ValidationError, tree: MapNode, model: type[BaseModel], suggester: Suggester
) -> list[Fault]:
    """Convert the pydantic error of a model that validated a tree to faults."""
    faults: list[Fault] = []
    missing: dict[tuple[int | str, ...], Fault] = {}
    misspelt: set[tuple[int | str, ...]] = set()
    for detail in error.errors(include_url=False, include_input=False):
        loc = detail["loc"]
        if detail["type"] == "missing":
            missing[loc] = _missing_fault(loc, tree)
        elif detail["type"] == "extra_forbidden":
            near, unknown = _unknown_fault(loc, tree, _allowed_keys(model, loc[:-1]), suggester)
            misspelt.add((*loc[:-1], near))
            faults.append(unknown)
        else:
            faults.extend(_other_faults(detail, tree, model))
    # A misspelt required key is one fault, not also a missing key.
    apart = {_path_text(loc) for loc in misspelt if not find_node(tree, loc)[1]}
    return [fault for fault in [*faults, *missing.values()] if fault.path not in apart]


def _missing_fault(loc: Sequence[int | str], tree: MapNode) -> Fault:
    parent, _ = find_node(tree, loc[:-1])
    where = parent.named if isinstance(parent, MapNode) else parent.where
    return Fault(f"the key {loc[-1]!r} is required here", where, _path_text(loc))


def _unknown_fault(
    loc: Sequence[int | str], tree: MapNode, known: Sequence[str], suggester: Suggester
) -> tuple[str, Fault]:
    """Return the known key nearest to an unknown one, or an empty string; and the fault."""
    parent, _ = find_node(tree, loc[:-1])
    key = str(loc[-1])
    where = parent.keys_at[key] if isinstance(parent, MapNode) else parent.where
    pair = suggest_pair(key, known)
    near = pair.partition(":")[0] or nearest_key(key, known, suggester)
    node = parent[key] if isinstance(parent, MapNode) else parent
    if pair.endswith("...") and isinstance(node, TextNode):
        pair = pair.replace("...", node.text) if node.text else ""
    whole = suggest_section(near, node) if len(loc) == 1 else ""
    fault = Fault(
        f"unknown key {quote(key)}", where, _path_text(loc), ", ".join(known), whole or pair or near
    )
    return near, fault


def _other_faults(detail: ErrorDetails, tree: MapNode, model: type[BaseModel]) -> list[Fault]:
    loc = detail["loc"]
    node, whole = find_node(tree, loc)
    where = node.named if isinstance(node, MapNode) and not whole else node.where
    # Pydantic reports an invalid default by field name; `from_` is the key `from`.
    path = _path_text(loc).removesuffix("" if whole else "_")
    if detail["type"] == "faults":
        return [
            replace(fault, where=fault.where or where, path=fault.path or path)
            for fault in detail["ctx"]["faults"]
        ]
    problem, allowed = EXPECTED_TEXT.get(detail["type"], (detail["msg"], ""))
    near = ""
    if whole and isinstance(node, TextNode):
        problem = f"{quote(node.text) if node.text else 'nothing'} is given, and {problem}"
        is_map_of_parts = detail["type"] == "dict_type"
        if is_map_of_parts or detail["type"] in {"model_type", "model_attributes_type"}:
            known = _allowed_keys(model, (*loc, "NAME") if is_map_of_parts else loc)
            near = suggest_settings(loc, node.text, known)
    elif whole and isinstance(node, ListNode) and detail["type"] == "dict_type":
        near = suggest_named(node)
    return [Fault(problem, where, path, allowed, near)]


def _path_text(loc: Sequence[int | str]) -> str:
    return ".".join(str(step) for step in loc)


def _allowed_keys(model: type[BaseModel], loc: Sequence[int | str]) -> list[str]:
    here: Any = model
    for step in loc:
        if isinstance(here, type) and issubclass(here, BaseModel):
            by_alias = {field.alias or name: field.annotation for name, field in here.model_fields.items()}
            here = _without_none(by_alias[str(step)])
        else:
            arguments = get_args(here)
            here = _without_none(arguments[1] if get_origin(here) in {dict, Mapping} else arguments[0])
    if not (isinstance(here, type) and issubclass(here, BaseModel)):
        return []
    return [field.alias or name for name, field in here.model_fields.items()]


def _without_none(annotation: Any) -> Any:
    """Return the annotation of an optional part without None."""
    return get_args(annotation)[0] if get_origin(annotation) in {Union, UnionType} else annotation
