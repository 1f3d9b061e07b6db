"""Text of the accepted values of a key, from its annotation."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from types import NoneType
from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo

from sim.scenario.ages import AgeType
from sim.scenario.dimension import DAMAGE, DELIVERY, SHARE, Dimension
from sim.scenario.field_types import (
    DamageType,
    DaysType,
    DeliveriesType,
    DepotNameType,
    FieldType,
    MunitionNameType,
    NumberType,
    ScalarType,
    SharesType,
)
from sim.scenario.part import Part, ShortForm
from sim.units import Unit

#: Clause of a field docstring on the meaning of an omitted key.
LEFT_OUT_PATTERN = re.compile(r"(?P<after>.*?),? if left out|if left out,? (?P<before>.*)")
REQUIRED_PATTERN = re.compile("(?=required )(?P<needed>.*)|without it, (?P<without>.*)")


def dimension_name(dimension: Dimension) -> str:
    """Return the name of a dimension without its article."""
    return dimension.name.partition(" ")[2]


def heading_anchor(title: str) -> str:
    """Return the anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def or_list(words: Sequence[str]) -> str:
    """Join words with commas and "or": ``a, b or c``."""
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def part_type(annotation: Any) -> type[Part] | None:
    """Return the part type of a field, single, by name or in a list, or None."""
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return annotation
    return next((part for inner in get_args(annotation) if (part := part_type(inner))), None)


def path_mark(field: FieldInfo) -> str:
    """Return the path suffix of the parts of a field: a name, a position, or empty for a single part."""
    origin = get_origin(field.annotation)
    return "[]" if origin is tuple else ".NAME" if origin in {dict, Mapping} else ""


def dimensions_of(field: FieldInfo) -> Iterator[Dimension]:
    """Yield the dimensions of the numbers of a field, nested parts excluded."""
    for hook in field.metadata:
        if isinstance(hook, NumberType):
            yield hook.dimension
        elif isinstance(hook, DamageType):
            yield from (SHARE, DAMAGE)
        elif isinstance(hook, DeliveriesType):
            yield DELIVERY


def takes_text(field: FieldInfo, below: str) -> str:
    """Return the accepted values of a key as text.

    Parameters
    ----------
    field : FieldInfo
    below : str
        Title of the table of the nested part, if any.
    """
    return _annotation_text(field.annotation, field.metadata, below)


def schema_text(schema: Mapping[str, Any]) -> str:
    """Return the text of a JSON Schema of one scalar."""
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return or_list([f"`{word}`" for word in schema["enum"]])
    if "anyOf" in schema:
        return or_list([schema_text(each) for each in schema["anyOf"] if each.get("type") != "null"])
    least, most = schema.get("minimum"), schema.get("maximum", math.inf)
    if schema.get("type") in {"integer", "number"}:
        kind = "a whole number" if schema["type"] == "integer" else "a number"
        start = f"from {least:,}" if least is not None else f"above {schema.get('exclusiveMinimum', 0):,}"
        return f"{kind} {start}" + (f" to {most:,}" if most < math.inf else "")
    if schema.get("type") == "boolean":
        return "`true` or `false`"
    if schema.get("format") == "date":
        return "a date"
    return "a line of text" if "maxLength" in schema else "text"


def kind_text(dimension: Dimension) -> str:
    """Return the name of a dimension and its units, without repeated words."""
    if set(dimension.units) == {Unit.DAYS} and not dimension.has_dates:
        return dimension.name  # the name already contains the units
    written = re.sub(r" such as [^,]+", "", dimension.allowed.partition(", such as")[0])
    name, units = set(dimension.name.split()), set(written.split())
    if units <= name:
        return dimension.name
    return written if name <= units or dimension.has_dates else f"{dimension.name}: {written}"


def is_depot(field: FieldInfo) -> bool:
    """Return whether a key names a depot, required if there are several."""
    return any(isinstance(item, DepotNameType) for item in field.metadata)


def split_description(description: str) -> tuple[str, str]:
    """Split the docstring of a field into the description of the key and the meaning of omitting it.

    The second is the clause after the last semicolon if it contains "... if left out", "if left out ...",
    "required ..." or "without it ...".
    """
    text = " ".join(description.replace("``", "`").split())
    head, _, clause = text.rstrip(".").rpartition("; ")
    found = LEFT_OUT_PATTERN.fullmatch(clause)
    if head and found:
        return f"{head}.", found["after"] or found["before"]
    needed = REQUIRED_PATTERN.fullmatch(clause)
    if head and needed:
        return f"{head}.", needed["needed"] or needed["without"]
    return text, ""


def _annotation_text(annotation: Any, metadata: Sequence[Any], below: str) -> str:
    hook = next((item for item in metadata if isinstance(item, FieldType)), None)
    if hook is not None:
        return _field_type_text(hook)
    if hasattr(annotation, "__metadata__"):
        return _annotation_text(annotation.__origin__, annotation.__metadata__, below)
    arguments = get_args(annotation)
    if NoneType in arguments:
        (certain,) = (each for each in arguments if each is not NoneType)
        return _short_form_text(metadata, certain) + _annotation_text(certain, (), below)
    if get_origin(annotation) in {dict, Mapping}:
        return f"[components by name](#{heading_anchor(below)})"
    if get_origin(annotation) is tuple:
        most = next(
            (f" of at most {item.max_length}" for item in metadata if hasattr(item, "max_length")), ""
        )
        return f"a list{most}, each {_annotation_text(arguments[0], (), below)}"
    return f"[a map](#{heading_anchor(below)})"


def _short_form_text(metadata: Sequence[Any], part: type[Part]) -> str:
    short_form = next((item for item in metadata if isinstance(item, ShortForm)), None)
    return "" if short_form is None else f"{takes_text(part.model_fields[short_form.field], '')}; or "


def _field_type_text(hook: FieldType) -> str:
    if isinstance(hook, SharesType):
        return f"{kind_text(SHARE)}, for each munition; 100 % in all"
    if isinstance(hook, AgeType):
        return f"{kind_text(hook.dimension)}, or a share for each age; by munition, or one for all"
    if isinstance(hook, DaysType):
        return f"a list, each {kind_text(hook.dimension)}"
    if isinstance(hook, NumberType):
        over_time = "; over time" if hook.course else ""
        by = ("; by munition, or one for all" if hook.each else "; by munition") if hook.by_munition else ""
        return kind_text(hook.dimension) + over_time + by
    if isinstance(hook, DamageType):
        return kind_text(DAMAGE)
    if isinstance(hook, DeliveriesType):
        return f"a map from dates to {kind_text(DELIVERY).partition(': ')[2]}"
    if isinstance(hook, DepotNameType):
        return "name of a depot"
    if isinstance(hook, MunitionNameType):
        return "name of a munition"
    return schema_text(hook.schema) if isinstance(hook, ScalarType) else "a value"
