"""Key reference: the template filled with one generated table per part of a scenario."""

from __future__ import annotations

import json
import math
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pydantic.fields import FieldInfo

from key_reference.words import (
    dimension_name,
    dimensions_of,
    heading_anchor,
    is_depot,
    or_list,
    part_type,
    path_mark,
    schema_text,
    split_description,
    takes_text,
)
from sim.errors import Fault
from sim.scenario.dimension import Dimension
from sim.scenario.part import Part
from sim.scenario.plain_data import node_as_flow
from sim.scenario.scenario import Scenario
from sim.scenario.schema import scenario_schema
from sim.scenario.yaml_nodes import ListNode, MapNode, Node
from sim.scenario.yaml_reader import read_bytes

TOP_HEADING = "The file"
NUMBERS_HEADING = "Kinds of numbers"
TABLE_HEAD = ("key", "meaning", "takes", "if left out", "example")
HEADING_PATTERN = re.compile("^##+ (.*)\n", re.MULTILINE)
YAML_PATTERN = re.compile("^```yaml.*?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TABLE_MARK, CONTENTS_MARK = "<!-- table -->", "<!-- contents -->"
BELOW_TEXT = "below"
MAX_EXAMPLE_LENGTH = 64
WIDTH = 120
ANY_NAME = "*"

Schema = Mapping[str, Any]
Row = tuple[str, ...]


class PartTable(NamedTuple):
    """Table of the keys of one part.

    Attributes
    ----------
    path : str
        Path as shown: ``shipments.NAME.route[]``.
    part : type of Part
    steps : tuple of str
        Path as steps through a tree; ``*`` is any name or position.
    """

    path: str
    part: type[Part]
    steps: tuple[str, ...]

    @property
    def heading(self) -> str:
        """Heading of the table: the name of a section, or the path of a nested part."""
        is_section = self.path.count(".") == 1
        return (self.path.removesuffix(".NAME") if is_section else self.path) or TOP_HEADING


class PageSources(NamedTuple):
    """Inputs of the page besides the parts.

    Attributes
    ----------
    schema : mapping
        JSON Schema of the scenario file.
    pieces, library : sequence of Node
        Trees for examples: those of the template, then those of the shipped scenarios.
    """

    schema: Schema
    pieces: Sequence[Node]
    library: Sequence[Node]

    def schema_of(self, part: type[Part]) -> Schema:
        """Return the schema of a part in a file without ``extends``."""
        found: Schema = self.schema["else"] if part is Scenario else self.schema["$defs"][part.__name__]
        return found

    def extra_keys(self) -> Iterator[tuple[str, Schema]]:
        """Yield the keys of the file that are not scenario fields, such as ``extends``."""
        fields = {field.alias or name for name, field in Scenario.model_fields.items()}
        every = {**self.schema["then"]["properties"], **self.schema["else"]["properties"]}
        yield from ((key, schema) for key, schema in every.items() if key not in fields)

    def example(self, steps: tuple[str, ...]) -> str:
        """Return a cell with the first short example of a key; empty if there is no example."""
        for trees in (self.pieces, self.library):
            texts = [
                f"{steps[-1]}: {node_as_flow(node)}" for tree in trees for node in _nodes_at(tree, steps)
            ]
            if texts:
                short = (text for text in texts if len(text) <= MAX_EXAMPLE_LENGTH and "\n" not in text)
                return next((f"`{text}`" for text in short), BELOW_TEXT)
        return ""


def render_reference(library: Sequence[Node]) -> str:
    """Return the key reference as Markdown; the output is deterministic.

    Parameters
    ----------
    library : sequence of Node
        Trees of the shipped scenarios, for examples that the template lacks.
    """
    template = Path(__file__).with_name("template.md").read_text("utf-8")
    preface, *rest = HEADING_PATTERN.split(template)
    words = dict(zip(rest[::2], rest[1::2], strict=True))
    pieces = [_read_tree(text, "template.md") for text in YAML_PATTERN.findall(template)]
    sources = PageSources(json.loads(scenario_schema()), pieces, library)
    tables = list(_all_tables(PartTable("", Scenario, ())))
    contents = [*(table.heading for table in tables if len(table.steps) <= 2), NUMBERS_HEADING]
    made = [preface.replace(CONTENTS_MARK, _contents_list(contents))]
    made += [_render_section(table, words.get(table.heading, ""), sources) for table in tables]
    return "".join(
        [*made, f"## {NUMBERS_HEADING}\n", words[NUMBERS_HEADING].replace(TABLE_MARK, _kinds_table(tables))]
    )


def read_library(folder: Path) -> list[Node]:
    """Return the trees of the scenario files in a folder, sorted by name, without ``extends`` applied."""
    return [_read_tree(file.read_text("utf-8"), file.name) for file in sorted(folder.glob("*.yaml"))]


def _read_tree(text: str, name: str) -> Node:
    faults: list[Fault] = []
    return read_bytes(text.encode(), name, faults)


def _nodes_at(node: Node, steps: Sequence[str]) -> Iterator[Node]:
    """Yield every node of a tree that matches `steps`."""
    if not steps:
        yield node
    elif isinstance(node, MapNode):
        for key in node if steps[0] == ANY_NAME else node.keys() & {steps[0]}:
            yield from _nodes_at(node[key], steps[1:])
    elif isinstance(node, ListNode) and steps[0] == ANY_NAME:
        for item in node:
            yield from _nodes_at(item, steps[1:])


def _all_tables(table: PartTable) -> Iterator[PartTable]:
    """Yield a table and those of its nested parts, depth first in field order."""
    yield table
    for key, field in _shown_fields(table.part):
        below = _nested_table(table, key, field)
        if below is not None:
            yield from _all_tables(below)


def _shown_fields(part: type[Part]) -> Iterator[tuple[str, FieldInfo]]:
    yield from ((field.alias or name, field) for name, field in part.model_fields.items())


def _nested_table(table: PartTable, key: str, field: FieldInfo) -> PartTable | None:
    inner = part_type(field.annotation)
    if inner is None:
        return None
    path = f"{table.path}.{key}" if table.path else key
    mark = path_mark(field)
    return PartTable(path + mark, inner, (*table.steps, key, *([ANY_NAME] if mark else [])))


def _contents_list(headings: Sequence[str]) -> str:
    linked = ", ".join(f"[{heading}](#{heading_anchor(heading)})" for heading in headings)
    return textwrap.fill(f"On this page: {linked}.", WIDTH, break_long_words=False, break_on_hyphens=False)


def _render_section(table: PartTable, words: str, sources: PageSources) -> str:
    """Return the heading, the introduction (template, else docstring of the part) and the table."""
    marks = "##" if len(table.steps) <= 2 else "###"
    about = sources.schema_of(table.part)["description"].partition("\n")[0]
    rows = [_field_row(table, key, field, sources) for key, field in _shown_fields(table.part)]
    if not table.steps:
        rows += [_schema_row(key, schema, sources) for key, schema in sources.extra_keys()]
    body = words or f"\n{about}\n\n{TABLE_MARK}\n\n"
    return f"{marks} {table.heading}\n" + body.replace(TABLE_MARK, _markdown_table(TABLE_HEAD, rows))


def _field_row(table: PartTable, key: str, field: FieldInfo, sources: PageSources) -> Row:
    described = sources.schema_of(table.part)
    schema = described["properties"][key]
    what, clause = split_description(schema["description"])
    below = _nested_table(table, key, field)
    if key in described["required"]:
        left_out = "required"
    elif key in table.part.one_required:
        left_out = (
            f"required, or {or_list([f'`{other}`' for other in table.part.one_required if other != key])}"
        )
    elif is_depot(field):
        left_out = f"{clause}; required with several" if clause else "required"
    else:
        left_out = _default_text(schema, clause)
    taken = takes_text(field, below.heading if below else "")
    return f"`{key}`", what, taken, left_out, sources.example((*table.steps, key))


def _schema_row(key: str, schema: Schema, sources: PageSources) -> Row:
    plain: Schema = next((each for each in schema.get("anyOf", ()) if each.get("type") != "null"), schema)
    what, clause = split_description(schema.get("description") or plain.get("description", ""))
    return f"`{key}`", what, schema_text(plain), _default_text(schema, clause), sources.example((key,))


def _default_text(schema: Schema, clause: str) -> str:
    """Return the meaning of an omitted key: its default, or the clause of its docstring."""
    if "default" not in schema:
        return clause or "none"
    default = schema["default"]
    if isinstance(default, dict):
        return "`{" + ", ".join(f"{key}: {value}" for key, value in default.items()) + "}`"
    if isinstance(default, list):
        return "`[" + ", ".join(f"{value:g}" for value in default) + "]`"
    return f"`{default}`"


def _kinds_table(tables: Sequence[PartTable]) -> str:
    fields = [field for table in tables for field in table.part.model_fields.values()]
    used = {dimension.name: dimension for field in fields for dimension in dimensions_of(field)}
    kinds = sorted(used.values(), key=dimension_name)
    rows = [(dimension_name(kind), kind.allowed, _limits_text(kind)) for kind in kinds]
    return _markdown_table(("kind", "is written as", "limits"), rows)


def _limits_text(dimension: Dimension) -> str:
    if dimension.has_dates:
        return "a duration of 0 or more" if dimension.units else "1900-01-01 to 2199-12-31"
    if dimension.ceiling < math.inf:
        return f"{dimension.floor:g} to {dimension.ceiling:g}"
    if dimension.floor < 0:
        return f"above {math.floor(dimension.floor):g}"
    return "above 0" if dimension.is_positive else f"{dimension.floor:g} or more"


def _markdown_table(head: Sequence[str], rows: Sequence[Row]) -> str:
    """Return a Markdown table; bars in cells are escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
