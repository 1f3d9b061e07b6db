"""The JSON Schema of the scenario file, for editors, from the same descriptions that check it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.scenario.dimension import Dimension

JsonSchema = dict[str, Any]


def date_schema() -> JsonSchema:
    """Return the schema of a date."""
    return {"type": "string", "format": "date", "examples": ["2023-09-01"]}


def integer_schema(least: int) -> JsonSchema:
    """Return the schema of a count."""
    return {"type": "integer", "minimum": least}


def word_schema(words: Sequence[str]) -> JsonSchema:
    """Return the schema of one of some words."""
    return {"enum": list(words)}


def _map(required: Sequence[str], properties: JsonSchema) -> JsonSchema:
    return {
        "type": "object",
        "properties": {**properties, "source": _SOURCE, "note": {"type": "string"}},
        "required": list(required),
        "additionalProperties": False,
    }


_SOURCE: JsonSchema = {
    "description": "Where the number comes from: an id of the evidence table, or a list of ids.",
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}],
}


def number_schema(dimension: Dimension, *, course: bool, by_munition: bool) -> JsonSchema:
    """Return the schema of a number: as written, drawn, cited, over time, by munition.

    Parameters
    ----------
    dimension : Dimension
    course, by_munition : bool
        Whether it may change over time, and differ by munition.
    """
    scalar: JsonSchema = {"type": ["string", "number"], "description": f"{dimension.name}: {dimension.allowed}"}
    drawn = _drawn(scalar)
    forms = [scalar, *drawn]
    if course:
        by_date = {"type": "object", "minProperties": 1, "additionalProperties": {"anyOf": [scalar, *drawn]}}
        forms.append(_map(["by_date"], {"by_date": by_date, "between": word_schema(["step", "linear"])}))
    forms.append(_map(["value"], {"value": {"anyOf": list(forms)}}))
    if by_munition:
        forms.append({"type": "object", "minProperties": 1, "additionalProperties": {"anyOf": list(forms)}})
    return {"anyOf": forms, "description": f"{dimension.name}: {dimension.allowed}"}


def _drawn(scalar: JsonSchema) -> list[JsonSchema]:
    from sim.scenario.distributions import SHAPES

    plain = {"type": ["string", "number"], "description": "a plain number or a share"}
    choices = {
        "anyOf": [
            {"type": "array", "items": scalar, "minItems": 1},
            {"type": "object", "minProperties": 1, "additionalProperties": plain},
        ]
    }
    shapes = []
    for shape in SHAPES:
        kinds = {key: plain if key == "cv" else choices if key == "choices" else scalar for key in shape}
        shapes.append(_map(shape, kinds))
    return shapes


def scenario_schema() -> str:
    """Return the JSON Schema of the scenario file as text, the same bytes each time."""
    import json

    from sim.scenario.scenario import Scenario

    made = Scenario.model_json_schema(by_alias=True)
    made = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **made,
        "title": "Scenario of munitions-sim",
        "patternProperties": {"^x-": {}},
        "required": ["schema"],
    }
    made["properties"]["extends"] = {"type": "string", "description": "Another file that this one starts from."}
    for part in made["$defs"].values():
        part["patternProperties"] = {"^x-": {}}
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"
