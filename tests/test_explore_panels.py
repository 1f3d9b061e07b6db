"""Panels of the live page as trees of elements, and its server, without a browser."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

import sim
from sim.errors import ArgumentError, Fault, RunError, ScenarioError, Where
from sim.exploring.controls import Control, ControlGroup, SourceNote, control_groups
from sim.exploring.setting import OFF, Setting
from sim.findings.finding import Finding, Scope
from sim.house_style.house_style import DEFAULT
from sim.simulate import evidence_of

nicegui = pytest.importorskip("nicegui", reason="NiceGUI is not installed")

RATE = Control(
    path="consumption.front.rate",
    name="Required rate, front",
    written="2k a day",
    texts=("0/day", "1000/day", "2000/day", "3000/day"),
    shown=("0 a day", "1,000 a day", "2,000 a day", "3,000 a day"),
    start=2,
)


def with_sources(*names: str) -> Control:
    return Control(
        "depots.south.stock",
        "Opening stock",
        "5",
        ("5", "6"),
        ("5", "6"),
        0,
        sources=tuple(SourceNote(name, f"https://example.org/{name}") for name in names),
    )


def group_of(*controls: Control, can_switch: bool = False) -> ControlGroup:
    return ControlGroup("consumption.front", "Front", can_switch, controls, ())


def in_window(build: Callable[[], Any]) -> list[Any]:
    """Build a part of a page in a window of its own, and return all elements in their order."""

    async def elements() -> list[Any]:
        before, nicegui.core.loop = nicegui.core.loop, asyncio.get_running_loop()
        client = nicegui.Client(nicegui.page.page("/"), request=None)
        try:
            with client:
                build()
            return list(client.elements.values())
        finally:
            client.delete()
            nicegui.core.loop = before

    return asyncio.run(elements())


def inputs_showing(setting: Setting, *groups: ControlGroup, moves_sliders: bool = True) -> list[Any]:
    from sim.exploring.input_panel import InputPanel

    def build() -> None:
        panel = InputPanel(groups, lambda path, text: None, lambda path, text: "")
        panel.show(setting, moves_sliders=moves_sliders)

    return in_window(build)


def text_of(elements: list[Any]) -> str:
    return "".join(getattr(each, "text", "") or "" for each in elements)


@pytest.mark.parametrize(
    ("names", "line"),
    [(("one",), "Source: one"), (("one", "two"), "Sources: one; two"), (("a", "b", "c"), "Sources: a; b; c")],
)
def test_sources_are_listed_below_their_input(names: tuple[str, ...], line: str) -> None:
    elements = inputs_showing(Setting(), group_of(with_sources(*names)))
    assert text_of(elements).endswith(line)
    links = [each.props["href"] for each in elements if each.tag == "a"]
    assert links == [f"https://example.org/{name}" for name in names]


def test_an_input_without_a_source_has_no_line_of_sources() -> None:
    assert "Source" not in text_of(inputs_showing(Setting(), group_of(RATE)))


@pytest.mark.parametrize(
    ("values", "position", "shown", "is_own"),
    [
        ({}, "2", "2k a day", True),
        ({RATE.path: "3000/day"}, "3", "3,000 a day", False),
        # A distribution has no position: the thumb stays where the value of the file is.
        ({RATE.path: "{low: 1/day, high: 2/day}"}, "2", "{low: 1/day, high: 2/day}", False),
    ],
)
def test_a_slider_shows_its_value_and_whether_the_file_has_it(
    values: dict[str, str], position: str, shown: str, is_own: bool
) -> None:
    elements = inputs_showing(Setting(values), group_of(RATE))
    (slider,) = [each for each in elements if each.props.get("type") == "range"]
    (box,) = [each for each in elements if each.props.get("type") == "checkbox"]
    (output,) = [each for each in elements if each.tag == "output"]
    assert (slider.props["min"], slider.props["max"]) == ("0", "3")
    assert (slider.props["^value"], slider.props["aria-valuetext"], output.text) == (position, shown, shown)
    assert ("as-file" in slider.classes, box.props["checked"]) == (is_own, is_own)


def test_a_thumb_that_the_reader_drags_is_left_alone() -> None:
    elements = inputs_showing(Setting({RATE.path: "3000/day"}), group_of(RATE), moves_sliders=False)
    (slider,) = [each for each in elements if each.props.get("type") == "range"]
    assert (slider.props["^value"], slider.props["aria-valuetext"]) == ("2", "3,000 a day")


@pytest.mark.parametrize("is_off", [False, True])
def test_the_inputs_of_a_component_that_is_off_are_hidden(is_off: bool) -> None:
    group = group_of(RATE, can_switch=True)
    elements = inputs_showing(Setting({group.path: OFF} if is_off else {}), group)
    (switch,) = [each for each in elements if each.props.get("role") == "switch"]
    (slider,) = [each for each in elements if each.props.get("type") == "range"]
    hidden = [each for each in slider.ancestors() if not each.visible]
    assert (switch.props["checked"], bool(hidden)) == (not is_off, is_off)
    assert all(each.visible for each in switch.ancestors())


#: 30,000 instead of 60,000 shells a day, on a slider of 60 steps to 120,000.
LOWER_RATE = "set=consumption.front.rate%3D30000/day"


@pytest.mark.parametrize(
    ("query", "position"),
    [("", "30"), (LOWER_RATE, "15"), ("&".join([LOWER_RATE] * 501), "30")],
    ids=["no setting", "a setting", "too many values"],
)
def test_a_link_opens_its_setting_and_one_with_too_many_values_that_of_the_file(
    query: str, position: str
) -> None:
    from fastapi import Request

    from sim.exploring.page import PageContent, page_builder
    from sim.exploring.simulation import Simulation

    scenario = sim.load("scenarios/white-house-2023.yaml")
    groups = control_groups(scenario, evidence_of(scenario))
    simulation = Simulation(scenario, runs=1, seed=1)
    content = PageContent(simulation, groups, 0, "a.yaml", "a", Setting(), DEFAULT)
    scope = {"type": "http", "method": "GET", "scheme": "http", "server": ("127.0.0.1", 1), "path": "/"}
    request = Request(scope | {"query_string": query.encode(), "headers": []})
    elements = in_window(lambda: page_builder(content)(request))
    simulation.close()
    (slider,) = [each for each in elements if each.props.get("data-path") == RATE.path]
    assert slider.props["^value"] == position


SCOPE = Scope("2024-01-01", "2024-12-31", 10)


def finding(kind: str, label: str, sentence: str, depot: str | None = None) -> Finding:
    return Finding(kind, replace(SCOPE, depot=depot), {}, sentence, label=label)


def findings_shown(*shown: tuple[list[Finding], list[Finding] | None]) -> list[list[str]]:
    """Show findings one after the other, and return the last table, row by row."""
    from sim.exploring.findings_panel import FindingsPanel

    def build() -> None:
        panel = FindingsPanel()
        for present, held in shown:
            panel.show(present, held)

    elements = in_window(build)
    cells = [(next(each.ancestors()).id, each.text) for each in elements if each.tag in {"td", "th"}]
    return [[text for row, text in cells if row == each.id] for each in elements if each.tag == "tr"]


def test_findings_are_rows_and_a_held_setting_is_a_column() -> None:
    answer = finding("answer", "", "It adds up.")
    now = [answer, finding("required", "Required", "4,000 a day"), finding("share", "Met", "in 35 % of runs")]
    held = [answer, finding("required", "Required", "2,000 a day"), finding("lost", "Lost", "300")]
    alone = [["Required", "4,000 a day"], ["Met", "in 35\N{NO-BREAK SPACE}% of runs"]]
    assert findings_shown((now, None)) == alone
    assert findings_shown((held, None), (now, held), (now, None)) == alone
    assert findings_shown((now, held)) == [
        ["", "Now", "Held"],
        ["Required", "4,000 a day", "2,000 a day"],
        ["Met", "in 35\N{NO-BREAK SPACE}% of runs", "\N{EN DASH}"],
        ["Lost", "\N{EN DASH}", "300"],
    ]


def test_findings_of_two_depots_have_a_row_each() -> None:
    north, south = (finding("stock", f"Stock, {name}", name, depot=name) for name in ("north", "south"))
    assert findings_shown(([north], [south])) == [
        ["", "Now", "Held"],
        ["Stock, north", "north", "\N{EN DASH}"],
        ["Stock, south", "\N{EN DASH}", "south"],
    ]


def test_an_error_on_the_page_has_no_place_of_a_file() -> None:
    from sim.exploring.page import _message

    wrong = Fault("'many' is not a rate", Where("/home/someone/war.yaml", 3, 9), "consumption.front.rate")
    other = Fault("a budget needs a currency", Where("/home/someone/war.yaml", 7, 1))
    message = _message(ScenarioError([wrong, other]))
    assert message.splitlines() == [
        "consumption.front.rate: 'many' is not a rate",
        "a budget needs a currency",
    ]
    assert _message(RunError("no run ended")) == "no run ended"


@pytest.mark.parametrize("port", [-1, 65_536])
def test_a_port_that_does_not_exist_is_refused(port: int) -> None:
    from sim.exploring.server import Server

    with pytest.raises(ArgumentError, match=f"there is no port {port}; allowed: 0 to 65535"):
        Server(port)
