"""The scenario itself: it does not change, it travels, it reads back the same, and its parts fit together."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from sim import simulate
from sim.errors import Fault, ScenarioError, Where
from sim.scenario.loader import load_file, load_plain
from sim.scenario.plain_data import node_from_data
from sim.scenario.scenario import Scenario
from sim.scenario.yaml_nodes import ListNode, MapNode, Node, TextNode
from sim.scenario.yaml_reader import first_unprintable, read_text
from sim.scenario.yaml_writer import write_yaml

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "scenarios").glob("*.yaml"))
BRIEF = ROOT / "scenarios" / "white-house-2023.yaml"


@pytest.fixture(scope="module")
def brief() -> Scenario:
    return simulate.load(BRIEF)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_resolved_text_reads_back_the_same(file: Path, tmp_path: Path) -> None:
    scenario = simulate.load(file)
    again = tmp_path / "again.yaml"
    again.write_text(scenario.text(), "utf-8")
    for name in scenario.digests.keys() - scenario.files.keys():
        (tmp_path / name).write_bytes((file.parent / name).read_bytes())
    read = simulate.load(again)
    assert read.text() == scenario.text()
    assert read.digest() == scenario.digest()
    assert read.account_digest() == scenario.account_digest()
    assert "extends" not in scenario.text()


def readable(text: str) -> bool:
    return not first_unprintable(text)


SIGNS = (
    " |null|~|no|010|1:30|1_000|- a|a: b|# x|a #b|'|\"|\\|>|%|@|`|&a|*a|!t|? x|: y|---|...|<<|=1|[a|{b| a "
    "|1e6|2023-09-01|2023-09-01\n|.inf|\u00e9|\U0001f600|\u00a0|\u200b|a\tb|\ta|\r|a\r\nb|a\nb|\n|\n\n a"
)
NASTY = st.one_of(
    st.sampled_from([*SIGNS.split("|"), "", "|", "\u4e2d" * 60, "a " * 90, "x" * 300]),
    st.text(max_size=30).filter(readable),
)
TREES = st.recursive(
    NASTY,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NASTY, inner, max_size=4),
    max_leaves=12,
)


def bare(node: Node) -> object:
    """Return a tree without its places."""
    if isinstance(node, TextNode):
        return node.text, node.is_null
    if isinstance(node, ListNode):
        return [bare(item) for item in node]
    return {key: bare(child) for key, child in node.items()}


@settings(max_examples=100, deadline=None)
@given(data=st.dictionaries(NASTY, TREES, min_size=1, max_size=4))
def test_any_text_is_written_so_that_it_reads_back(data: dict[str, Any]) -> None:
    tree = node_from_data(data, "here")
    assert isinstance(tree, MapNode)
    faults: list[Fault] = []
    read = read_text(write_yaml(tree), "there", faults)
    assert bare(read) == bare(tree)
    assert faults == []


def test_a_scenario_does_not_change(brief: Scenario) -> None:
    changes: Any = brief
    flat: Any = load_file(ROOT / "scenarios" / "flat.yaml", None)
    with pytest.raises(ValidationError, match="frozen"):
        changes.title = "x"
    with pytest.raises(ValidationError, match="frozen"):
        changes.shipments["dprk"].route[0].vehicles = 3
    with pytest.raises(AttributeError):
        changes.depots["tikhoretsk"].stock["shells"].value = 1.0
    attacks: list[Callable[[], object]] = [
        lambda: changes.depots.update(x=1),
        lambda: changes.shipments.pop("dprk"),
        lambda: changes.production.__setitem__("iran", None),
        lambda: changes.consumption.popitem(),
        lambda: changes.depots["tikhoretsk"].stock.clear(),
        lambda: changes.depots["tikhoretsk"].unserviceable.setdefault("shells", None),
        lambda: flat.shipments.update(x=1),
    ]
    for attack in attacks:
        with pytest.raises(TypeError, match="replace"):
            attack()


def sent(scenario: Scenario) -> Scenario:
    other = pickle.loads(pickle.dumps(scenario))  # noqa: S301 - our own
    assert isinstance(other, Scenario)
    return other


@pytest.mark.parametrize("send", [copy.deepcopy, sent])
def test_a_scenario_travels_to_another_process_whole(brief: Scenario, send: Any) -> None:
    other = send(brief)
    assert other.text() == brief.text()
    assert other.account_digest() == brief.account_digest()
    assert (other.digests, other.known_sources) == (brief.digests, brief.known_sources)
    rate, before = (each.consumption["front"].rate["shells"] for each in (other, brief))
    assert rate == before
    assert rate.where == before.where
    assert str(other.tree["depots"].where) == f"{BRIEF}:17:3"
    with pytest.raises(TypeError):
        other.depots.clear()


def test_an_error_travels_too() -> None:
    error = ScenarioError([Fault("wrong", Where("a.yaml", 1, 2), "end", "right", "near")])
    other = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert other.faults == error.faults
    assert str(other) == "a.yaml:1:2: end: wrong; allowed: right; did you mean 'near'?"


def edited(old: str, new: str) -> Scenario:
    text = BRIEF.read_text("utf-8")
    assert old in text
    plain = as_plain(read_text(text.replace(old, new, 1), "here", []))
    assert isinstance(plain, dict)
    return load_plain(plain, None)


def as_plain(node: Node) -> Any:
    if isinstance(node, TextNode):
        return node.text
    if isinstance(node, ListNode):
        return [as_plain(item) for item in node]
    return {key: as_plain(child) for key, child in node.items()}


WORDS_ALONE = {
    "title": ("title: White", "title: Black"),
    "note": ("Every number", "Some numbers"),
    "source": ("source: seed-cons-2023-60k", "source: other"),
    "no source": (", source: seed-cons-2023-60k", ""),
    "note beside a number": (", source: seed-cons-2023-60k", ", note: who knows"),
    "words of a leg": ("by: rail", "by: lorry"),
    "where a leg begins": ("from: Najin", "from: Rason"),
    "what is asked in return": ("  dprk:\n", "  dprk:\n    in_return: food\n"),
    "order of keys": ("start: 2023-09-01\nend: 2025-09-01", "end: 2025-09-01\nstart: 2023-09-01"),
    "another unit": ("60k/day", "2.5k/h"),
    "a remark": ("vehicles: 2 ", "vehicles: 2 # and more"),
    "a default": ("  russia:\n", "  russia:\n    lead_time: 0 days\n"),
}


@pytest.mark.parametrize("name", WORDS_ALONE)
def test_words_alone_do_not_touch_the_account(brief: Scenario, name: str) -> None:
    other = edited(*WORDS_ALONE[name])
    assert other.account_digest() == brief.account_digest()


MORE_THAN_WORDS = {
    "a number": ("60k/day", "60001/day"),
    "the last digit": ("low: 3M", "low: 3000001"),
    "a law": ("{low: 3M, mode: 4M, high: 7M,", "{low: 3M, high: 7M,"),
    "a start": ("start: 2023-09-01", "start: 2023-09-02"),
    "a vehicle": ("vehicles: 2", "vehicles: 3"),
    "a unit": ("load: 1 day", "load: 1 week"),
    "a threshold": ("end: 2025-09-01", "end: 2025-09-01\nthresholds: [30, 15]"),
    "a name, which names draws": ("  dprk:", "  nk:"),
    "a rule": ("  front:\n", "  front:\n    rationing: {rule: proportional, cover: 9 days}\n"),
    "another leg's number": ("unload: 1 day", "unload: 2 days"),
}


@pytest.mark.parametrize("name", MORE_THAN_WORDS)
def test_any_number_does(brief: Scenario, name: str) -> None:
    assert edited(*MORE_THAN_WORDS[name]).account_digest() != brief.account_digest()


def test_the_order_of_choices_matters_as_they_are_cumulated_in_it() -> None:
    one, other = (
        edited("{low: 3M, mode: 4M, high: 7M,", f"{{choices: {choices},")
        for choices in ("[3M, 4M]", "[4M, 3M]")
    )
    assert one.account_digest() != other.account_digest()


def plain(**sections: Any) -> dict[str, Any]:
    return {
        "schema": 1,
        "start": "2023-09-01",
        "end": "2024-09-01",
        "depots": {"b": {"stock": "1M"}, "a": {"stock": 0}},
        **sections,
    }


def test_the_only_depot_is_filled_in_and_one_of_several_is_not() -> None:
    line = {"plant": {"rate": "1/day"}}
    assert load_plain(plain(depots={"b": {"stock": 0}}, production=line), None).production["plant"].to == "b"
    with pytest.raises(ScenarioError, match=r"production\.plant\.to: this key is required.*allowed: b, a"):
        load_plain(plain(production=line), None)
    named = {"plant": {"rate": "1/day", "to": "a"}}
    assert load_plain(plain(production=named), None).production["plant"].to == "a"


def test_components_are_in_order_of_name_whatever_the_order_in_the_file() -> None:
    made = load_plain(plain(), None)
    assert list(made.depots) == ["a", "b"]


def test_what_is_left_out_has_its_default() -> None:
    made = load_plain(plain(production={"plant": {"rate": "1/day", "to": "a"}}), None)
    assert made.title == "scenario"
    assert made.thresholds == (30.0, 15.0, 7.0)
    assert (made.shipments, made.consumption) == ({}, {})
    line = made.production["plant"]
    assert (line.lead_time.value, line.growth) == (0.0, None)
    assert line.lead_time.where is None


def test_the_title_is_the_name_of_the_file_if_it_has_none(tmp_path: Path) -> None:
    text = BRIEF.read_text("utf-8").replace("title: White House brief, October 2023\n", "")
    (tmp_path / "my study.yaml").write_text(text)
    assert load_file(tmp_path / "my study.yaml", None).title == "my study"


def test_a_stock_in_days_needs_somebody_to_supply() -> None:
    depots = {"a": {"stock": "30 days"}, "b": {"stock": 0}}
    front = {"front": {"rate": "1/day", "at": "a"}}
    assert load_plain(plain(depots=depots, consumption=front), None).depots["a"].stock["shells"].value == 30
    with pytest.raises(ScenarioError, match=r"depots\.a\.stock: a stock in days needs a consumer"):
        load_plain(plain(depots=depots, consumption={"front": {"rate": "1/day", "at": "b"}}), None)


def test_sources_are_checked_against_the_table_that_is_given() -> None:
    text = plain(depots={"a": {"stock": {"value": "1M", "source": "counted"}}})
    assert load_plain(text, None).depots["a"].stock["shells"].sources == ("counted",)
    assert load_plain(text, {"counted"}).known_sources == frozenset({"counted"})
    with pytest.raises(ScenarioError, match=r"unknown source 'counted'.*did you mean 'counted-twice'"):
        load_plain(text, {"counted-twice"})
    with pytest.raises(ScenarioError, match="unknown source"):
        load_plain(plain(), set()).replace({"depots.a.stock": {"value": 1, "source": "x"}})


def test_legs_count_in_containers_or_shells_and_not_in_both() -> None:
    leg = {"vehicles": 1, "travel": "1 day"}

    def made(*units: str, **settings: Any) -> Scenario:
        route = [{**leg, "capacity": f"10 {unit}"} for unit in units]
        return load_plain(plain(shipments={"ally": {"to": "a", "route": route, **settings}}), None)

    assert made("shells", "rounds").shipments["ally"].route[1].capacity.value == 10
    assert made("containers", "containers", shells_per_container=300).shipments
    with pytest.raises(ScenarioError, match="different units"):
        made("shells", "containers", shells_per_container=300)
    with pytest.raises(ScenarioError, match="'shells_per_container' is required"):
        made("containers")


@pytest.mark.parametrize(
    ("first", "until", "right"),
    [
        (None, "2023-09-02", True),
        (None, "2023-09-01", False),
        ("2023-10-01", "2023-10-02", True),
        ("2023-10-01", "2023-10-01", False),
        ("30 days", "2023-10-02", True),
        ("30 days", "2023-10-01", False),
        ("2023-10-01", "1 h", True),
        ({"low": "2023-10-01", "high": "2024-01-01"}, "2023-11-01", True),
        ({"low": "2023-10-01", "high": "2024-01-01"}, {"low": "2023-09-01", "high": "2023-10-01"}, False),
    ],
)
def test_until_comes_after_first_if_it_can(first: Any, until: Any, right: bool) -> None:
    leg = {"vehicles": 1, "travel": "1 day", "capacity": "1 shell"}
    settings = {"to": "a", "route": [leg], "until": until, **({"first": first} if first else {})}
    text = plain(shipments={"ally": settings})
    if right:
        assert load_plain(text, None).shipments
        return
    with pytest.raises(ScenarioError, match="until is not after first"):
        load_plain(text, None)


def test_hired_vehicles_on_a_first_leg_need_a_bound() -> None:
    def made(**settings: Any) -> Scenario:
        leg = {"travel": "1 day", "capacity": "1 shell", **settings}
        return load_plain(plain(shipments={"ally": {"to": "a", "route": [leg]}}), None)

    assert made(vehicles=1).shipments
    assert made(berths=1, load="1 h").shipments
    with pytest.raises(ScenarioError, match=r"route\.0: nothing bounds"):
        made()
    with pytest.raises(ScenarioError, match="load in no time"):
        made(berths=1)
