"""JSON Schema of the scenario file, generated from the parts that validate it.

A file without ``extends`` must contain every required key. A file that extends another may omit any key and
remove keys with ``null``. So each part has two schemas: complete, and as changes to another file.
"""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
from collections.abc import Mapping, Sequence
from types import NoneType
from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo

from sim.scenario.ages import AgeType
from sim.scenario.consumer import Rationing
from sim.scenario.dimension import DAMAGE, DELIVERY, PLAIN, SHARE, VARIATION, Dimension
from sim.scenario.distributions import PARAMETER_SETS
from sim.scenario.field_types import DamageType, DaysType, DeliveriesType, FieldType, NumberType, ScalarType
from sim.scenario.laws import SHAPE_WORDS
from sim.scenario.number_patterns import DAY_PATTERN, scalar_schema, text_pattern
from sim.scenario.part import Part, ShortForm
from sim.scenario.quantity import QUANTITY_KEYS, Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.source_reader import LINK_PATTERN, MAX_CLAIMANT_LENGTH
from sim.units import Unit

JsonSchema = dict[str, Any]
NULL_SCHEMA: JsonSchema = {"type": "null"}
AUTHOR_KEY_SCHEMA: JsonSchema = {"^x-": {"description": "The author's own; nothing reads it."}}
EXTENDS_SCHEMA: JsonSchema = {
    "description": "Another file that this one starts from.",
    "type": "string",
    "minLength": 1,
}
LINK_SCHEMA: JsonSchema = {"description": "A link to a page.", "type": "string", "pattern": LINK_PATTERN}
CITATION_SCHEMA: JsonSchema = {
    "description": "A published page, with its claimant and date.",
    "type": "object",
    "properties": {
        "url": LINK_SCHEMA,
        "claimant": {"type": "string", "minLength": 1, "maxLength": MAX_CLAIMANT_LENGTH},
        "published": {"type": "string", "format": "date", "examples": ["2023-09-01"]},
    },
    "required": ["url"],
    "additionalProperties": False,
}
ID_SCHEMA: JsonSchema = {
    "description": "An id of the evidence table.",
    "type": "string",
    "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]*$",
}
ONE_SOURCE_SCHEMA: JsonSchema = {"anyOf": [ID_SCHEMA, LINK_SCHEMA, CITATION_SCHEMA]}
SOURCE_NAME = "Source"
SOURCE_SCHEMA: JsonSchema = {
    "description": "Where the number comes from: an id of the evidence table, a link, or a list of these.",
    "anyOf": [*ONE_SOURCE_SCHEMA["anyOf"], {"type": "array", "items": ONE_SOURCE_SCHEMA, "minItems": 1}],
}


def scenario_schema() -> str:
    """Return the JSON Schema of the scenario file as text; the output is deterministic."""
    describer = _SchemaBuilder()
    whole, changes = (describer.describe(Scenario, loose=loose) for loose in (False, True))
    changes["properties"]["extends"] = EXTENDS_SCHEMA
    made = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Scenario of munitions-sim",
        "type": "object",
        "if": {"required": ["extends"]},
        "then": changes,
        "else": whole,
        "$defs": dict(sorted({**describer.definitions, SOURCE_NAME: SOURCE_SCHEMA}.items())),
    }
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


class _SchemaBuilder:
    """Builder of the schema definitions of parts and numbers, each defined once."""

    def __init__(self) -> None:
        self.definitions: dict[str, JsonSchema] = {}

    def describe(self, part: type[Part], *, loose: bool) -> JsonSchema:
        """Return the schema of a part; if `loose`, no key is required and ``null`` is valid."""
        descriptions = _field_docstrings(part)
        properties: JsonSchema = {}
        required = []
        for name, field in part.model_fields.items():
            made = self._describe_field(field, loose=loose)
            made = {"anyOf": [made, NULL_SCHEMA]} if loose else made
            properties[field.alias or name] = {
                "description": descriptions[name],
                **_default_schema(field),
                **made,
            }
            if field.is_required() and (field.alias or name) not in part.one_required:
                required.append(field.alias or name)
        return {
            "description": inspect.cleandoc(part.__doc__ or ""),
            "type": "object",
            "properties": properties,
            "patternProperties": AUTHOR_KEY_SCHEMA,
            "additionalProperties": False,
            **({} if loose else {"required": required}),
            **(
                {"anyOf": [{"required": [key]} for key in part.one_required]}
                if part.one_required and not loose
                else {}
            ),
        }

    def _describe_field(self, field: FieldInfo, *, loose: bool) -> JsonSchema:
        made = self._describe_annotation(field.annotation, field.metadata, loose=loose)
        least, most = (
            next((getattr(item, key) for item in field.metadata if hasattr(item, key)), None)
            for key in ("min_length", "max_length")
        )
        if least is not None:
            made["minItems" if made["type"] == "array" else "minProperties"] = least
        if most is not None:
            made["maxItems"] = most
        return made

    def _describe_annotation(self, annotation: Any, metadata: Sequence[Any], *, loose: bool) -> JsonSchema:
        hook = next((item for item in metadata if isinstance(item, FieldType)), None)
        if isinstance(hook, DaysType):
            return {
                "type": "array",
                "items": self.describe_number(hook.dimension, course=False, by_munition=False),
                "minItems": 1,
            }
        if isinstance(hook, NumberType):
            return self._describe_number_type(hook)
        if isinstance(hook, ScalarType):
            return dict(hook.schema)
        if isinstance(hook, DamageType):
            pair = (self.describe_number(each, course=False, by_munition=False) for each in (SHARE, DAMAGE))
            return {"anyOf": list(pair)}
        if isinstance(hook, DeliveriesType):
            one = self.describe_number(DELIVERY, course=False, by_munition=False)
            return _names_schema(one, {"pattern": f"^ *{DAY_PATTERN} *$"})
        if hasattr(annotation, "__metadata__"):
            return self._describe_annotation(annotation.__origin__, annotation.__metadata__, loose=loose)
        arguments = get_args(annotation)
        if NoneType in arguments:
            (certain,) = (each for each in arguments if each is not NoneType)
            return self._describe_short_form(
                metadata, certain, self._describe_annotation(certain, (), loose=loose)
            )
        if get_origin(annotation) in {dict, Mapping}:
            named = self._describe_annotation(arguments[1], (), loose=loose)
            return {
                "type": "object",
                "additionalProperties": {"anyOf": [named, NULL_SCHEMA]} if loose else named,
            }
        if get_origin(annotation) is tuple:
            # A list replaces another as a whole, so its items are complete.
            return {"type": "array", "items": self._describe_annotation(arguments[0], (), loose=False)}
        return self._describe_part(annotation, loose=loose)

    def _describe_short_form(self, metadata: Sequence[Any], part: Any, made: JsonSchema) -> JsonSchema:
        """Return the schema of a part that may be written as a single field."""
        short_form = next((item for item in metadata if isinstance(item, ShortForm)), None)
        if short_form is None:
            return made
        return {"anyOf": [self._describe_field(part.model_fields[short_form.field], loose=False), made]}

    def _describe_part(self, part: type[Part], *, loose: bool) -> JsonSchema:
        loose = loose and part is not Rationing  # a rationing map replaces another as a whole
        name = f"{part.__name__}-changed" if loose else part.__name__
        if name not in self.definitions:
            self.definitions[name] = self.describe(part, loose=loose)
        return _reference_to(name)

    def describe_number(self, dimension: Dimension, *, course: bool, by_munition: bool) -> JsonSchema:
        """Return the schema of a number: fixed, drawn, cited, over time, by munition."""
        name = _dimension_slug(dimension) + "-over-time" * course + "-by-munition" * by_munition
        if name not in self.definitions:
            self.definitions[name] = {}  # a number may contain a number
            self.definitions[name] = {
                "anyOf": self._number_forms(dimension, course=course, by_munition=by_munition)
            }
        return _reference_to(name)

    def _describe_number_type(self, hook: NumberType) -> JsonSchema:
        if isinstance(hook, AgeType):
            return self._describe_age(hook.dimension)
        return self.describe_number(hook.dimension, course=hook.course, by_munition=hook.by_munition)

    def _describe_age(self, dimension: Dimension) -> JsonSchema:
        """Return the schema of the age of a stock: a number or shares by age, also by munition."""
        number = self.describe_number(dimension, course=False, by_munition=False)
        share = self.describe_number(SHARE, course=False, by_munition=False)
        one = {"anyOf": [number, _names_schema(share, {"pattern": text_pattern(dimension)})]}
        return {"anyOf": [*one["anyOf"], _names_schema(one, {"not": {"enum": sorted(QUANTITY_KEYS)}})]}

    def _number_forms(self, dimension: Dimension, *, course: bool, by_munition: bool) -> list[JsonSchema]:
        if by_munition:
            one = self.describe_number(dimension, course=course, by_munition=False)
            return [one, _names_schema(one, {"not": {"enum": sorted(QUANTITY_KEYS)}})]
        if course:
            one = self.describe_number(dimension, course=False, by_munition=False)
            points = _names_schema(one, {"pattern": f"^ *{DAY_PATTERN} *$"})
            by_date = _map_schema(["by_date"], {"by_date": points, "between": {"enum": ["step", "linear"]}})
            return [one, by_date, _map_schema(["value"], {"value": by_date})]
        scalar, weight, variation = (self._describe_scalar(each) for each in (dimension, PLAIN, VARIATION))
        values = [
            {"type": "array", "items": scalar, "minItems": 1},
            _names_schema(weight, {"pattern": text_pattern(dimension)}),
        ]
        special = {"cv": variation, "choices": {"anyOf": values}}
        drawn = [
            _map_schema(
                shape,
                {
                    key: {"const": SHAPE_WORDS[shape]} if key == "shape" else special.get(key, scalar)
                    for key in shape
                },
            )
            for shape in PARAMETER_SETS
        ]
        return [scalar, *drawn, _map_schema(["value"], {"value": _reference_to(_dimension_slug(dimension))})]

    def _describe_scalar(self, dimension: Dimension) -> JsonSchema:
        name = f"{_dimension_slug(dimension)}-as-written"
        self.definitions[name] = scalar_schema(dimension)
        return _reference_to(name)


def _reference_to(name: str) -> JsonSchema:
    return {"$ref": f"#/$defs/{name}"}


def _dimension_slug(dimension: Dimension) -> str:
    """Return the name of a dimension without its article, as one word."""
    return "-".join(dimension.name.split()[1:])


def _map_schema(required: Sequence[str], properties: JsonSchema) -> JsonSchema:
    return {
        "type": "object",
        "properties": {**properties, "source": _reference_to(SOURCE_NAME), "note": {"type": "string"}},
        "required": list(required),
        "additionalProperties": False,
    }


def _names_schema(value: JsonSchema, names: JsonSchema) -> JsonSchema:
    return {"type": "object", "propertyNames": names, "additionalProperties": value, "minProperties": 1}


def _field_docstrings(part: type[Part]) -> Mapping[str, str]:
    """Return the attribute docstrings of a part and its bases, by field."""
    docstrings: dict[str, str] = {}
    for base in reversed(part.__mro__):
        if issubclass(base, Part):
            docstrings |= _own_docstrings(base)
    return docstrings


def _own_docstrings(part: type[Part]) -> Mapping[str, str]:
    (body,) = ast.parse(textwrap.dedent(inspect.getsource(part))).body
    docstrings: dict[str, str] = {}
    field = ""
    for statement in body.body if isinstance(body, ast.ClassDef) else ():
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            field = statement.target.id
        elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            docstrings[field] = inspect.cleandoc(str(statement.value.value))
    return docstrings


def _default_schema(field: FieldInfo) -> JsonSchema:
    """Return the default as written in a file; empty if omitting the key has its own meaning."""
    default = field.default
    if field.is_required() or default in ("", None, {}):
        return {}
    if isinstance(default, Quantity):
        text = f"{default.value:.0%}" if default.unit is Unit.SHARE else f"{default.value:g} {default.unit}"
        return {"default": text}
    if isinstance(default, Rationing):
        return {"default": {"rule": default.rule}}
    return {"default": default}
