"""Settings and controls of the live page: values as text, as a link, as a command, and on a slider."""

from __future__ import annotations

import asyncio
import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from sim.errors import ScenarioError
from sim.exploring.controls import Control, ControlGroup, control_groups
from sim.exploring.redrawing import NewestWins
from sim.exploring.setting import OFF, Setting, from_query, to_query
from sim.scenario.number_listing import numbers_by_path
from sim.scenario.scenario import Scenario
from sim.simulate import evidence_of
from tests.support.live_page import HOSTILE, SCENARIO

SCENARIOS = sorted(Path("scenarios").glob("*.yaml"))
WHITE_HOUSE = "scenarios/white-house-2023.yaml"


def groups_of(file: str | Path) -> list[ControlGroup]:
    scenario = sim.load(file)
    return control_groups(scenario, evidence_of(scenario))


def controls_of(file: str | Path) -> dict[str, Control]:
    return {control.path: control for group in groups_of(file) for control in group.controls}


def applied_unless_in_conflict(scenario: Scenario, path: str, text: str) -> Scenario | None:
    """Return the scenario with a value; None if it contradicts another one, as a capacity below the stock."""
    try:
        return Setting({path: text}).applied(scenario)
    except ScenarioError as error:
        if not all(fault.is_conflict for fault in error.faults):
            raise
        return None


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_both_ends_of_each_control_are_valid_values_of_its_path(file: Path) -> None:
    scenario = sim.load(file)
    paths = [control.path for group in groups_of(file) for control in group.controls]
    assert len(set(paths)) == len(paths)
    for control in controls_of(file).values():
        assert len(control.texts) == len(control.shown) == len(set(control.texts))
        for text in (control.texts[0], control.texts[-1]):
            applied = applied_unless_in_conflict(scenario, control.path, text)
            assert applied is None or applied.changes[control.path] == text


def value_at(scenario: Scenario, path: str) -> float:
    """Return a number by its path; a fixed date of an event is no number, but a day."""
    listed = numbers_by_path(scenario).get(path)
    if listed is not None:
        return listed.quantity.value
    section, name, key = path.split(".")
    assert (section, key) == ("events", "date")
    day = scenario.events[name].date
    assert isinstance(day, dt.date)
    return float(day.toordinal())


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_a_slider_covers_the_range_of_its_number(file: Path) -> None:
    scenario = sim.load(file)
    numbers = numbers_by_path(scenario)
    for path, control in controls_of(file).items():
        if not control.is_slider or path not in numbers:
            continue
        scenarios = [
            applied_unless_in_conflict(scenario, path, text)
            for text in (control.texts[0], control.texts[control.start], control.texts[-1])
        ]
        values = [value_at(each, path) for each in scenarios if each is not None]
        if len(values) < 3:
            continue
        assert values[0] < values[2]
        own = numbers[path].quantity
        # One step of a hundred, of a drawn number beside its median.
        assert abs(values[1] - own.value) <= (values[2] - values[0]) * 0.02 + 1e-9
        if own.law is not None:
            low, high = own.bounds()
            assert low - 1e-9 <= values[0] <= own.law.inverse(0.05)
            assert own.law.inverse(0.95) <= values[2] <= high + 1e-9


def test_the_controls_of_the_brief() -> None:
    found = controls_of(WHITE_HOUSE)
    stock = found["depots.tikhoretsk.stock"]
    assert (stock.name, stock.written, stock.drawn) == ("Opening stock at Tikhoretsk", "3M to 7M", "drawn")
    assert (stock.texts[0], stock.texts[-1]) == ("3000000 shells", "7000000 shells")
    assert stock.shown[-1] == "7M"
    assert stock.sources[0].text == "Col Ants Kiviselg, Estonian military intelligence, 2023"
    assert stock.sources[0].url.startswith("https://")
    # Rounds of 122 mm and of 152 mm are two rows of the evidence, of one page.
    mass = controls_of("scenarios/bakhmut-2023.yaml")["munitions.shells.gross_mass"]
    assert [source.text for source in mass.sources] == ["Derived from railway loading norms, 2025"]
    rate = found["consumption.front.rate"]
    assert (rate.written, rate.drawn, rate.texts[-1]) == ("60k a day", "", "120000/day")
    assert found["production.russia.rate"].texts[50] == "2500000/year"
    ships = found["shipments.dprk.route.0.vehicles"]
    assert (ships.texts, ships.texts[ships.start], ships.written) == (tuple("12345678"), "2", "2")
    assert [group.path for group in groups_of(WHITE_HOUSE)] == [
        "depots.tikhoretsk",
        "consumption.front",
        "production.russia",
        "shipments.dprk",
    ]
    assert [group.can_switch for group in groups_of(WHITE_HOUSE)] == [False, False, True, True]


def test_a_slider_goes_to_the_position_closest_to_any_value() -> None:
    found = controls_of(WHITE_HOUSE)
    rate, ships = found["production.russia.rate"], found["shipments.dprk.route.0.vehicles"]
    assert rate.texts[rate.position("2.51M/year")] == "2500000/year"
    assert rate.texts[rate.position("6844/day")] == "2500000/year"
    assert rate.texts[rate.position("9M/year")] == rate.texts[-1]
    assert ships.texts[ships.position("5")] == "5"
    assert ships.texts[ships.position("70")] == "8"
    for text in (None, "{low: 1M/year, high: 2M/year}", "many"):
        assert rate.position(text) == rate.start


def test_inputs_that_are_drawn_together_have_no_control() -> None:
    drawn = sim.load("scenarios/joint-estimates.yaml").draws
    assert drawn is not None
    assert not set(drawn.paths) & set(controls_of("scenarios/joint-estimates.yaml"))


def test_a_choice_is_a_select_of_its_values(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SCENARIO)
    offered = controls_of(tmp_path / "small.yaml")["shipments.abroad.offered"]
    assert not offered.is_slider
    assert (offered.texts, offered.shown) == (("500/day", "1000/day"), ("500 a day", "1,000 a day"))
    assert f"Abroad {HOSTILE}" in offered.name


def test_a_link_gives_back_both_settings() -> None:
    present = Setting(
        {"a.b.rate": "1k/day", "c.d": OFF, "e.f.rationing": "{rule: controlled, cover: 3 days}"}
    )
    held = Setting({"x.y": "5 %&=#+"})
    assert from_query(to_query(present, held)) == (present, held)
    assert from_query(to_query(present, None)) == (present, None)
    assert from_query(to_query(Setting(), Setting())) == (Setting(), Setting())
    assert from_query("set=nonsense&set==&other=1") == (Setting(), None)
    with pytest.raises(ValueError, match="fields"):
        from_query("&".join(["set=a%3D1"] * 1000))


def test_what_is_below_a_component_that_is_off_does_not_count() -> None:
    setting = Setting({"shipments.dprk": OFF, "shipments.dprk.serviceable": "50%", "shipments.dprkx.a": "1"})
    assert setting.arguments() == ["shipments.dprk=null", "shipments.dprkx.a=1"]
    assert setting.is_off("shipments.dprk.serviceable")
    assert not setting.is_off("shipments.dprkx")
    back = setting.changed("shipments.dprk", None)
    assert "shipments.dprk.serviceable=50%" in back.arguments()


def test_the_command_is_that_of_the_command_line() -> None:
    setting = Setting(
        {"consumption.front.rationing": "{rule: controlled, cover: 30 days}", "shipments.dprk": OFF}
    )
    command = setting.command("show", WHITE_HOUSE)
    words = subprocess.run(["sh", "-c", f"printf '%s\\n' {command}"], capture_output=True, text=True).stdout
    assert words.splitlines() == [
        "sim",
        "show",
        WHITE_HOUSE,
        "--set",
        "consumption.front.rationing={rule: controlled, cover: 30 days}",
        "--set",
        "shipments.dprk=null",
    ]
    applied = setting.applied(sim.load(WHITE_HOUSE))
    assert applied.consumption["front"].rationing.rule == "controlled"
    assert "dprk" not in applied.shipments


def test_a_wrong_value_is_the_error_of_the_command_line() -> None:
    with pytest.raises(ScenarioError, match="no such path"):
        Setting({"consumption.back.rate": "1/day"}).applied(sim.load(WHITE_HOUSE))


def test_without_the_framework_one_line_says_how_to_install_it(tmp_path: Path) -> None:
    hide = (
        "import sys, importlib.util as util\n"
        "find = util.find_spec\n"
        "util.find_spec = lambda name, *more: None if name == 'nicegui' else find(name, *more)\n"
        "from sim.cli.app import run\n"
        f"run(['explore', {WHITE_HOUSE!r}, '--no-browser'])\n"
    )
    done = subprocess.run([sys.executable, "-c", hide], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == "error: the live page needs NiceGUI: pip install 'munitions-sim[explore]'\n"


def test_an_unknown_stock_is_not_explored(tmp_path: Path) -> None:
    (tmp_path / "unknown.yaml").write_text(
        SCENARIO.replace("{low: 100k, mode: 150k, high: 300k,", "{value: unknown,")
    )
    done = subprocess.run(
        [sys.executable, "-m", "sim", "explore", str(tmp_path / "unknown.yaml"), "--no-browser"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "unknown" in done.stderr
    assert "Traceback" not in done.stderr


def test_priorities_backlogs_and_the_budget_have_controls() -> None:
    found = controls_of("scenarios/training-waits.yaml")
    priority, backlog = found["consumption.training.priority"], found["consumption.training.backlog"]
    assert (priority.name, priority.written, priority.texts) == ("Priority, training", "2", ("1", "2"))
    assert (backlog.written, backlog.texts) == ("what is unmet waits", ("true", "false"))
    assert (priority.start, backlog.start) == (-1, -1), "a list has no position of its own"
    assert "consumption.front.backlog" not in found, "the file does not give it"
    contract = "scenarios/contract-with-budget.yaml"
    (budget,) = [group for group in groups_of(contract) if group.path == "budget"]
    assert (budget.name, budget.can_switch) == ("Budget", True)
    assert [(control.path, control.name) for control in budget.main] == [
        ("budget.rate", "Budget"),
        ("budget.carry_over", "Carry-over of the budget"),
    ]
    scenario = sim.load(contract)
    lost = Setting({"budget.carry_over": "false"}).applied(scenario)
    assert lost.budget is not None
    assert not lost.budget.carries_over
    assert Setting({"budget": OFF}).applied(scenario).budget is None
    ranked = Setting({"consumption.training.priority": "1"}).applied(
        sim.load("scenarios/training-waits.yaml")
    )
    assert ranked.consumption["training"].priority == 1


def test_what_is_left_of_a_budget_is_named_as_the_file_has_it() -> None:
    scenario = sim.load("scenarios/contract-with-budget.yaml")
    for text, written in (
        ("true", "what is left of a year carries over"),
        ("false", "what is left of a year is lost"),
    ):
        changed = Setting({"budget.carry_over": text}).applied(scenario)
        (control,) = [
            control
            for group in control_groups(changed, evidence_of(changed))
            for control in group.controls
            if control.path == "budget.carry_over"
        ]
        assert control.written == written
        assert control.shown[control.texts.index(text)] == written


def test_a_fixed_share_has_a_slider_to_all_of_it_and_any_other_number_to_twice_its_value() -> None:
    found = controls_of("scenarios/two-fronts.yaml")
    for path, written, last in (
        ("consumption.east-front.daily_variation", "30 %", "100%"),
        ("production.industry.growth", "0.5 %", "1%"),
        ("consumption.east-front.rate", "6,000 a day", "12000/day"),
    ):
        control = found[path]
        assert (control.written, control.texts[-1]) == (written, last)
    # A step of one in a hundred, as a round number.
    assert found["consumption.east-front.daily_variation"].texts == tuple(f"{each}%" for each in range(101))


def test_a_date_is_shown_as_a_date_and_one_after_an_event_as_in_the_file() -> None:
    fixed = controls_of("scenarios/replace-155mm.yaml")["events.full-output.date"]
    assert (fixed.texts[0], fixed.shown[0]) == ("2025-10-01", "1 Oct 2025")
    after = controls_of("scenarios/peacetime.yaml")["events.warning.date"]
    assert (after.texts[-1], after.shown) == ("war", after.texts)


def test_a_mass_is_in_kilograms_below_a_tonne() -> None:
    shell = controls_of("scenarios/rusi-2024.yaml")["munitions.152mm.gross_mass"]
    assert (shell.texts[-1], shell.shown[-1]) == ("154 kg", "154 kg")
    assert shell.written == "77 kg"
    kits = controls_of("scenarios/flood-relief.yaml")["depots.hub.stock.water-kits"]
    assert (kits.written, kits.texts[-1], kits.shown[-1]) == ("30 t", "60 t", "60 t")


def test_the_newest_setting_is_drawn_next_and_older_ones_are_skipped() -> None:
    drawn = []

    async def draw(setting: int) -> None:
        drawn.append(setting)
        if setting == 1:
            # Two more arrive while the first is drawn.
            await redraw.put(2)
            await redraw.put(3)
            assert not redraw.is_newest_drawn

    async def drag() -> None:
        await redraw.put(1)
        await redraw.put(4)

    redraw = NewestWins(draw)
    asyncio.run(drag())
    assert drawn == [1, 3, 4]
    assert redraw.is_newest_drawn
