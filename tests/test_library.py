"""The shipped scenarios: each is valid, tells its story, runs, and between them they use the whole format."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import pytest

import sim
from sim import evidence
from sim.errors import Fault
from sim.scenario.number_listing import is_uncertain
from sim.scenario.part import Part
from sim.scenario.quantity import QUANTITY_KEYS
from sim.scenario.scenario import Scenario
from sim.scenario.yaml_nodes import MapNode

FOLDER = Path(__file__).parents[1] / "scenarios"
FILES = sorted(FOLDER.glob("*.yaml"))
GUIDE = FOLDER.parent / "docs" / "scenarios.md"
#: Files that are as small as can be, so that their first comment is their story.
WITHOUT_NOTE = {"deliveries", "flat", "rationed", "two-calibres", "without-dprk"}
#: Files whose story is that a number departs from its source, and how many warnings that makes.
ON_PURPOSE = {"spring-2024": 2}

Key = tuple[str, str]


def stems(files: list[Path]) -> list[str]:
    return [file.stem for file in files]


@pytest.fixture(scope="module")
def library() -> Mapping[str, Scenario]:
    return {file.stem: sim.load(file) for file in FILES}


def parts_of(annotation: Any) -> Iterator[type[Part]]:
    """Yield the parts that a field may hold."""
    if isinstance(annotation, type) and issubclass(annotation, Part):
        yield annotation
    for inner in get_args(annotation):
        yield from parts_of(inner)


def known(part: type[Part]) -> set[Key]:
    """Return every key of a part and of the parts within it."""
    keys = set()
    for name, field in part.model_fields.items():
        keys.add((part.__name__, name))
        for inner in parts_of(field.annotation):
            keys |= known(inner)
    return keys


def used(value: object) -> set[Key]:
    """Return the keys that a part and the parts within it were given."""
    if isinstance(value, Part):
        keys = {(type(value).__name__, name) for name in value.model_fields_set}
        return keys.union(*(used(getattr(value, name)) for name in value.model_fields_set))
    inside = value.values() if isinstance(value, Mapping) else value if isinstance(value, tuple) else ()
    return set().union(*(used(inner) for inner in inside))


def words(node: object) -> set[str]:
    """Return every key of a tree of text."""
    if isinstance(node, MapNode):
        return node.keys() | set().union(*(words(child) for child in node.values()))
    return set().union(*(words(child) for child in node)) if isinstance(node, list | tuple) else set()


def faults_at(faults: list[Fault]) -> str:
    return "\n".join(str(fault) for fault in faults)


@pytest.mark.parametrize("file", FILES, ids=stems(FILES))
def test_each_file_runs_and_its_account_balances(file: Path) -> None:
    found = sim.run(file, runs=2, seed=1, jobs=1).summary()
    assert found["balance_error"] < 1e-12
    assert found["totals"]["required"] > 0
    assert 0 < found["totals"]["fired"] <= found["totals"]["required"] * (1 + 1e-9)


@pytest.mark.parametrize("file", FILES, ids=stems(FILES))
def test_a_file_warns_only_where_its_note_says_so(file: Path) -> None:
    scenario = sim.load(file)
    warnings = sim.warnings(scenario)
    assert len(warnings) == ON_PURPOSE.get(file.stem, 0), faults_at(warnings)
    assert not warnings or "warning" in scenario.note


def test_each_file_has_its_own_title_and_its_own_story(library: Mapping[str, Scenario]) -> None:
    titles = [scenario.title for scenario in library.values()]
    assert len(set(titles)) == len(titles)
    assert not set(titles) & set(library), "a title that is the name of the file"
    for stem in library.keys() - WITHOUT_NOTE:
        assert re.search("^note: >$", (FOLDER / f"{stem}.yaml").read_text(), re.MULTILINE), stem
    for stem in WITHOUT_NOTE:
        assert (FOLDER / f"{stem}.yaml").read_text().startswith("# "), stem


def test_the_stories_say_what_is_claimed_what_is_assumed_and_what_to_look_for(
    library: Mapping[str, Scenario],
) -> None:
    for stem in library.keys() - WITHOUT_NOTE - {"white-house-2023", "flood-relief"}:
        for word in ("CLAIMED", "ASSUMED", "LOOK FOR:"):
            assert word in library[stem].note, f"{stem}: {word}"


def test_every_id_in_a_note_is_a_row_of_the_table(library: Mapping[str, Scenario]) -> None:
    stories = "".join(scenario.text() for scenario in library.values())
    of_a_table = r"(?<![a-z-])(?:prod|cons|stock|dprk|log|gun|loss|rail|transit|spc)(?:-[a-z0-9]+){2,}"
    named = set(re.findall(of_a_table, stories))
    assert len(named) > 50
    assert sorted(named - set(evidence.load().ids())) == []


def test_every_key_of_the_format_is_used_somewhere(library: Mapping[str, Scenario]) -> None:
    asked = known(Scenario)
    assert {("Leg", "unloading_berths"), ("Reserve", "production"), ("Outages", "share")} <= asked
    given = set().union(*(used(scenario) for scenario in library.values()))
    assert sorted(asked - given) == []


def test_every_word_of_a_quantity_and_every_rule_is_used_somewhere(library: Mapping[str, Scenario]) -> None:
    written = set().union(*(words(scenario.tree) for scenario in library.values()))
    assert sorted(QUANTITY_KEYS - written) == []
    rules = {
        consumer.rationing.rule for scenario in library.values() for consumer in scenario.consumption.values()
    }
    assert rules == {"none", "proportional", "controlled"}


def test_extends_null_and_keys_of_ones_own_are_used_somewhere() -> None:
    texts = "\n".join(file.read_text() for file in FILES)
    for pattern in ("^extends: ", ": null$", "^x-"):
        assert re.search(pattern, texts, re.MULTILINE), pattern


def test_the_guide_lists_each_file_once() -> None:
    listed = re.findall(r"^\| `([a-z0-9-]+)\.yaml` \|", GUIDE.read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(stems(FILES))


def test_what_recurs_at_random_is_uncertain_although_no_number_is_drawn() -> None:
    flat = sim.load(FOLDER / "flat.yaml")
    assert not is_uncertain(flat)
    fire = {"every": "300 days", "destroys": "5%"}
    assert is_uncertain(flat.replace({"events": {"fire": fire}}))
    assert is_uncertain(flat.replace({"production.russia.outages": {"every": "60 days", "last": "9 days"}}))
    stop = {"date": "2023-10-01", "stops": "production.russia"}
    assert not is_uncertain(flat.replace({"events": {"stop": stop}}))
