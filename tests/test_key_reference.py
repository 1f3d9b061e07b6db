"""The key reference matches the code, is complete, and its examples are valid."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import pytest
from key_reference import page
from key_reference.page import read_library, render_reference
from key_reference.words import schema_text, split_description, takes_text
from ruamel.yaml import YAML

import sim
from sim.errors import ScenarioError
from sim.scenario import dimension
from sim.scenario.dimension import RATE, SHARE, Dimension
from sim.scenario.field_types import NumberType, ScalarType, one_of
from sim.scenario.part import NamedParts, Part
from sim.scenario.quantity import ByMunition, Number
from sim.scenario.schema import scenario_schema
from sim.units import UnitError
from tests.support.markdown_page import MarkdownPage, TableRow

ROOT = Path(__file__).parent.parent
SCENARIOS = ROOT / "scenarios"
KEYS = MarkdownPage(ROOT / "docs" / "keys.md")
TOP, NUMBERS = "The file", "Kinds of numbers"
ROWS = [row for row in KEYS.rows() if row.heading != NUMBERS]
PIECES = KEYS.fenced("yaml")
SMALLEST = KEYS.files()["smallest.yaml"]


def name_of(row: TableRow) -> str:
    return f"{row.heading}: {key_of(row)}"


def key_of(row: TableRow) -> str:
    return row.cells[0].strip("`")


def yaml(text: str) -> Any:
    return YAML(typ="safe").load(text)


@cache
def trees() -> dict[str, Any]:
    """Return the plain tree of each piece."""
    return {piece: yaml(piece) for piece in PIECES}


def sections(text: str) -> dict[str, str]:
    """Return the lines of each key at the top of a file."""
    parts = re.split(r"(?m)^(?=\S)", text)
    return {part.partition(":")[0]: part for part in parts if part}


def whole(piece: str, folder: Path) -> Path:
    """Return a file with a piece in place of the smallest one's sections of the same name.

    A piece that extends another file is whole by itself. The named files of the page are next to it.
    """
    for name, text in KEYS.files().items():
        (folder / name).write_text(text, "utf-8")
    base = {} if "extends:" in piece else sections(SMALLEST)
    (folder / "whole.yaml").write_text("".join({**base, **sections(piece)}.values()), "utf-8")
    return folder / "whole.yaml"


def places(node: Any, steps: list[str], path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Yield the path and the value of each place of a plain tree that steps with NAME and [] lead to."""
    if not steps:
        yield ".".join(path), node
        return
    step, rest = steps[0], steps[1:]
    if step == "[]" and isinstance(node, list):
        for position, item in enumerate(node):
            yield from places(item, rest, (*path, str(position)))
    elif isinstance(node, dict):
        for key in node if step == "NAME" else [step]:
            if key in node:
                yield from places(node[key], rest, (*path, str(key)))


def steps_of(row: TableRow) -> list[str]:
    if row.heading == TOP:
        return [key_of(row)]
    first, *rest = row.heading.replace("[]", ".[]").split(".")
    # A budget is one part, and no section of named parts.
    return [first, *(rest or ([] if first == "budget" else ["NAME"])), key_of(row)]


def test_the_page_is_the_one_that_the_code_gives() -> None:
    assert KEYS.text == render_reference(read_library(SCENARIOS)), "run: make reference"


def test_the_page_is_good_markdown_and_its_links_lead_somewhere() -> None:
    KEYS.check_tables()
    KEYS.check_links()
    assert len(KEYS.headings()) == len(KEYS.anchors())


def keys_of(schema: Any, part: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Yield (heading, key) of every property of a part and the parts within it, by the JSON Schema alone."""
    for key, said in part["properties"].items():
        whole = ".".join(path).replace(".[]", "[]")
        # A section has the heading of its name, a part within it the path.
        yield (whole.removesuffix(".NAME") if whole.count(".") == 1 else whole) or TOP, key
        for mark, inner in parts_below(schema, said, ()):
            yield from keys_of(schema, inner, (*path, key, *mark))


def parts_below(schema: Any, said: Any, mark: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    said = schema["$defs"][said["$ref"].removeprefix("#/$defs/")] if "$ref" in said else said
    if "patternProperties" in said:  # only parts allow a reader's own keys
        yield mark, said
    for each in said.get("anyOf", ()):
        yield from parts_below(schema, each, mark)
    if "items" in said:
        yield from parts_below(schema, said["items"], ("[]",))
    if isinstance(said.get("additionalProperties"), dict):
        yield from parts_below(schema, said["additionalProperties"], ("NAME",))


def test_every_key_of_the_schema_has_one_row_and_no_other_has() -> None:
    schema = json.loads(scenario_schema())
    every = {**schema["then"]["properties"], **schema["else"]["properties"]}
    of_file = {key: schema["else"]["properties"].get(key, said) for key, said in every.items()}
    asked = list(keys_of(schema, {"properties": of_file}))
    assert {("shipments.NAME.route[]", "unloading_berths"), ("events", "at"), (TOP, "extends")} <= set(asked)
    assert sorted((row.heading, key_of(row)) for row in ROWS) == sorted(asked)


def test_what_the_schema_requires_is_said_to_be_required() -> None:
    schema = json.loads(scenario_schema())
    for row in KEYS.rows(under="shipments.NAME.route[]"):
        assert (row.cells[3] == "required") == (key_of(row) in schema["$defs"]["Leg"]["required"]), row
    for row in KEYS.rows(under=TOP):
        assert (row.cells[3] == "required") == (key_of(row) in schema["else"]["required"]), row


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.partition(":")[0])
def test_every_piece_is_a_scenario_with_the_rest_of_the_smallest(tmp_path: Path, piece: str) -> None:
    assert sim.load(whole(piece, tmp_path)).days == 366


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_every_key_has_an_example_that_the_door_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: TableRow
) -> None:
    monkeypatch.chdir(tmp_path)
    found = [(piece, *place) for piece, tree in trees().items() for place in places(tree, steps_of(row))]
    example = row.cells[-1].strip("`")
    if not found:  # then a shipped scenario shows it, and those are tested by themselves
        texts = "\n".join(file.read_text("utf-8") for file in SCENARIOS.glob("*.yaml"))
        assert example, "show it in a piece of template.md"
        assert re.search(f"(?m)^ *{re.escape(example)}( *#.*)?$", texts), example
        return
    if example == "below":
        return
    assert list(yaml(example)) == [key_of(row)]
    piece, path, _ = next(each for each in found if each[2] == yaml(example)[key_of(row)])
    file = whole(piece, tmp_path)
    if path == "extends":  # is followed before a value can be set
        assert sim.load(file).days == 366
        return
    assert sim.load(file, [f"{path}={example.partition(': ')[2]}"]).days == 366
    with pytest.raises(ScenarioError):  # the same place does not take just anything
        sim.load(file, [f"{path}=[no, {{such: value}}]"])


KINDS = {
    value.name.partition(" ")[2]: value for value in vars(dimension).values() if isinstance(value, Dimension)
}


@pytest.mark.parametrize("row", KEYS.rows(under=NUMBERS), ids=lambda row: row.cells[0])
def test_the_examples_of_a_kind_of_number_are_numbers_of_that_kind(row: TableRow) -> None:
    kind, written, limits = row.cells
    given = [re.split(", or (?=a |shells )", text)[0] for text in written.split("such as ")[1:]]
    texts = [text for each in given for text in re.split(", | or ", each)]
    texts += ["0", "1", "100%"] if kind == "share" else ["3 weeks"] if kind == "duration" else []
    assert texts, written
    for text in texts:
        # A damage is read as a share first, so that 8 % is one.
        (SHARE if kind == "damage" and "%" in text else KINDS[kind]).read(text)
    if limits == "above 0":
        with pytest.raises(UnitError):
            KINDS[kind].read(re.sub("[0-9]+k?", "0", texts[0], count=1))


class Kiln(Part):
    """A part that the format does not have."""

    heat: Annotated[Number, NumberType(RATE, course="course")]
    shares: Annotated[ByMunition, NumberType(SHARE, by="each")]
    fuel: Annotated[str, one_of("wood", "coal", "gas")]
    doors: Annotated[int, ScalarType(int, {"type": "integer", "minimum": 1, "maximum": 9000})]
    kilns: NamedParts[Part]
    shelves: tuple[Part, ...]


def test_words_of_a_part_that_nobody_has_seen_before() -> None:
    said = {key: takes_text(field, "kilns.NAME.shelves[]") for key, field in Kiln.model_fields.items()}
    assert said == {
        "heat": "a rate: shells or tonnes a period; over time",
        "shares": "a share from 0 to 1, or 0% to 100%; by munition, or one for all",
        "fuel": "`wood`, `coal` or `gas`",
        "doors": "a whole number from 1 to 9,000",
        "kilns": "[components by name](#kilnsnameshelves)",
        "shelves": "a list, each [a map](#kilnsnameshelves)",
    }
    assert schema_text({"anyOf": [{"enum": ["none"]}, {"type": "string"}]}) == "`none` or text"


@pytest.mark.parametrize(
    ("docstring", "what", "left_out"),
    [
        ("How hot.", "How hot.", ""),
        ("How hot; cold if left out.", "How hot.", "cold"),
        ("One; two; cold, or so, if left out.", "One; two.", "cold, or so"),
        ("How hot; if left out ``cold``\n    in winter.", "How hot.", "`cold` in winter"),
        ("How hot; required with fuel.", "How hot.", "required with fuel"),
        ("How hot; without it, nothing bakes.", "How hot.", "nothing bakes"),
        ("How hot; the rest is ash.", "How hot; the rest is ash.", ""),
    ],
)
def test_a_docstring_says_what_leaving_out_means(docstring: str, what: str, left_out: str) -> None:
    assert split_description(docstring) == (what, left_out)


def test_a_key_that_is_added_appears_by_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    schema = json.loads(scenario_schema())
    added = {
        "description": "A table of one's own; the shipped one if left out.",
        "type": "string",
        "maxLength": 9,
    }
    schema["else"]["properties"]["ledger"] = added
    monkeypatch.setattr(page, "scenario_schema", lambda: json.dumps(schema))
    (tmp_path / "a.yaml").write_text("ledger: mine.csv\n", "utf-8")
    row = "| `ledger` | A table of one's own. | a line of text | the shipped one | `ledger: mine.csv` |"
    assert row in render_reference(read_library(tmp_path)).splitlines()


def test_a_part_that_the_template_does_not_know_has_a_table_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(page, "HEADING_PATTERN", re.compile("^##+ (?!transfers)(.*)\n", re.MULTILINE))
    made = render_reference(read_library(SCENARIOS))
    assert "\n## transfers\n\nA standing transfer: it pushes" in made
    assert "\n| `keep` | Days of supply to keep at `to`. |" in made


def test_the_contents_name_every_section() -> None:
    contents = re.findall(r"\[(.+?)\]", KEYS.text.partition("On this page: ")[2].partition("\n\n")[0])
    assert contents == re.findall("(?m)^## (.+)$", KEYS.text)
