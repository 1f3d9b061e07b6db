"""Two runs of two scenarios that differ in one thing: what must stay, and what must change in a known way."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from sim.account import Kind, Voyage
from sim.model.ledger import Ledger
from sim.scenario.number_listing import random_inputs
from sim.units import SECONDS_PER_DAY, Unit
from tests.support.run_queries import (
    ModelRun,
    Plain,
    columns_by_name,
    ledger_text,
    run_case,
    uniforms,
    voyages_of,
)
from tests.support.scenario_strategies import (
    RUNS,
    SECTIONS,
    SEEDS,
    ComponentDrawer,
    example_settings,
    frame_of,
    replace_component,
    whole_scenarios,
    with_component,
    with_named_depots,
)
from tests.support.supplier_strategies import MIXES

#: Inflows that depend on nothing else, unless a gate holds them.
SUPPLY = (Kind.PRODUCED, Kind.LANDED, Kind.REJECTED)
#: Keys by which a component names a depot.
PLACES = ("to", "at", "from")


def target_of(event: Plain) -> tuple[str, str]:
    """Return section and name of what an event acts on; the depot where it destroys."""
    path = event.get("stops") or event.get("multiplies") or f"depots.{event['at']}"
    section, name = path.split(".")[:2]
    return section, name


def touched(plain: Plain, section: str, name: str) -> set[str]:
    """Return the depots that may feel a component: its own, and all that transfers link with them."""
    part = plain[section][name]
    if section == "events" and target_of(part)[0] != "depots":
        return touched(plain, *target_of(part))
    found = {name} if section == "depots" else {part[key] for key in PLACES if key in part}
    links = [{transfer["from"], transfer["to"]} for transfer in plain["transfers"].values()]
    for _ in plain["depots"]:
        found = found.union(*(link for link in links if link & found))
    return found


def owner(plain: Plain, section: str, name: str) -> str:
    """Return the component whose own figures an event or a component itself changes."""
    return target_of(plain[section][name])[1] if section == "events" else name


def unmoved(before: Ledger, after: Ledger, plain: Plain, section: str, name: str) -> None:
    """Check that another component, or another draw of it, left all other figures as they were."""
    mine, reach = owner(plain, section, name), touched(plain, section, name)
    new = columns_by_name(after)
    for key, days in columns_by_name(before).items():
        depot, _, origin, kind = key
        is_supply = kind in SUPPLY and origin != mine
        gated = "capacity" in plain["depots"].get(depot, {}) and kind != Kind.REJECTED
        if depot not in reach or (is_supply and not gated):
            assert new.get(key, days) == days, key
    others = [other for other in before.shipped if other != mine]
    for other in others:
        assert voyages_of(before, other) == voyages_of(after, other)


@st.composite
def additions(draw: DrawFn) -> tuple[Plain, str, str, Plain]:
    """Draw a scenario, and a component to add: section, name, settings."""
    plain = with_named_depots(draw(whole_scenarios()))
    choices = [section for section in SECTIONS if section != "transfers" or len(plain["depots"]) > 1]
    section = draw(st.sampled_from(choices))
    part = with_component(ComponentDrawer(draw, frame_of(plain)), plain, section)
    return plain, section, draw(st.sampled_from(["0new", "new", "zz"])), part


@pytest.mark.slow
@example_settings(50, campaign=500)
@given(additions(), SEEDS, RUNS)
def test_a_component_more_moves_no_stream(added: tuple[Plain, str, str, Plain], seed: int, run: int) -> None:
    plain, section, name, part = added
    more = replace_component(plain, section, name, part)
    few, many = run_case(plain, seed, run).ledger, run_case(more, seed, run).ledger
    assert few.drawn.items() <= many.drawn.items()
    unmoved(few, many, more, section, name)


@pytest.mark.slow
@example_settings(50, campaign=500)
@given(whole_scenarios().map(with_named_depots), SEEDS, RUNS)
def test_consumers_require_together_what_each_requires_alone(plain: Plain, seed: int, run: int) -> None:
    empty = {
        "depots": {name: {"stock": part_of_nothing(plain)} for name in plain["depots"]},
        **{section: {} for section in SECTIONS if section not in ("depots", "consumption")},
    }
    fronts = {**plain, **empty}
    together = run_case(fronts, seed, run).ledger
    alone = [
        run_case({**fronts, "consumption": {name: part}}, seed, run)
        for name, part in plain["consumption"].items()
    ]
    for pair in range(len(together.axes.pairs)):
        parts = zip(*(case.ledger.total(pair, Kind.REQUIRED) for case in alone), strict=True)
        for whole, each in zip(together.total(pair, Kind.REQUIRED), parts, strict=True):
            assert abs(whole - sum(each)) <= 1e-12 * whole


def part_of_nothing(plain: Plain) -> Any:
    return dict.fromkeys(plain["munitions"], "0 shells") if plain.get("munitions") else "0 shells"


def renamed(plain: Plain, section: str, name: str, new: str) -> Plain:
    """Return the scenario with another name for a component, in the events that act on it as well."""
    old, path = re.compile(rf"^{section}\.{re.escape(name)}(?=\.|$)"), f"{section}.{new}"

    def of(event: Plain) -> Plain:
        return {
            key: old.sub(path, value) if key in ("stops", "multiplies") else value
            for key, value in event.items()
        }

    acting = {key: of(event) for key, event in plain["events"].items()}
    whole = {**plain, "events": acting}
    return {
        **whole,
        section: {new if key == name else key: part for key, part in whole[section].items()},
    }


@st.composite
def renamings(draw: DrawFn) -> tuple[Plain, str, str]:
    """Draw a scenario, and one of its components: section and name."""
    plain = with_named_depots(draw(whole_scenarios()))
    listed = [(section, name) for section in SECTIONS[1:] for name in plain[section]]
    return plain, *draw(st.sampled_from(listed))


@pytest.mark.slow
@example_settings(50, campaign=500)
@given(renamings(), SEEDS, RUNS)
def test_another_name_renames_a_components_streams_alone(
    renaming: tuple[Plain, str, str], seed: int, run: int
) -> None:
    plain, section, name = renaming
    new = f"{name}-2"
    other = renamed(plain, section, name, new)
    old, case = run_case(plain, seed, run), run_case(other, seed, run)
    mine, others = f"{section}.{new}.", f"{section}.{name}."
    kept = {path: value for path, value in old.ledger.drawn.items() if not path.startswith(others)}
    moved = {path for path in old.ledger.drawn if path.startswith(others)}
    assert kept == {path: value for path, value in case.ledger.drawn.items() if not path.startswith(mine)}
    assert {path.replace(others, mine, 1) for path in moved} == case.ledger.drawn.keys() - kept.keys()
    each_is_drawn_from_its_own_stream(case)
    unmoved(old.ledger, case.ledger, plain, section, name)


def each_is_drawn_from_its_own_stream(case: ModelRun) -> None:
    for listed in random_inputs(case.scenario):
        number = listed.quantity
        if number.path in case.ledger.drawn and number.law is not None:
            from_start = case.scenario.start.toordinal() if number.unit is Unit.DATE else 0
            drawn = number.law.inverse(uniforms(case.seed, case.ledger.run, number.path, 1)[0])
            assert case.ledger.drawn[number.path] == drawn - from_start


#: Settings by which something happens at random even where every number is fixed.
AT_RANDOM = ("daily_variation", "outages", "first", "until")


def settled(value: Any) -> Any:
    """Return settings with one of its numbers in place of each distribution."""
    if isinstance(value, list):
        return [settled(item) for item in value]
    if not isinstance(value, dict):
        return value
    for key in ("high", "p95", "mean", "exponential"):
        if key in value:
            return value[key]
    if "choices" in value:
        return next(iter(value["choices"]))
    made = {key: settled(inner) for key, inner in value.items() if key not in AT_RANDOM}
    if "mix" in value:
        made["mix"] = dict(zip(value["mix"], MIXES[len(value["mix"])][0], strict=True))
    return made


@pytest.mark.slow
@example_settings(50, campaign=500)
@given(renamings(), SEEDS, RUNS)
def test_the_name_of_what_is_certain_is_only_a_name(
    renaming: tuple[Plain, str, str], seed: int, run: int
) -> None:
    plain, section, name = renaming
    part = settled(plain[section][name])
    if "every" in part:
        part = {key: value for key, value in part.items() if key not in ("every", "last")}
        part["date"] = plain["start"]
    certain = replace_component(plain, section, name, part)
    old = run_case(certain, seed, run).ledger
    new = run_case(renamed(certain, section, name, f"{name}-2"), seed, run).ledger
    assert ledger_text(new).replace(f"'{name}-2'", f"'{name}'") == ledger_text(old)


def shuffled(draw: DrawFn, value: Any) -> Any:
    """Return settings with the keys of each map in another order, but for choices: theirs counts (rule 7)."""
    if isinstance(value, list):
        return [shuffled(draw, item) for item in value]
    if not isinstance(value, dict) or "choices" in value:
        return value
    keys = draw(permutations(tuple(sorted(value)))) if len(value) > 1 else value
    return {key: shuffled(draw, value[key]) for key in keys}


@cache
def permutations(keys: tuple[str, ...]) -> SearchStrategy[list[str]]:
    return st.permutations(keys)


@st.composite
def orders(draw: DrawFn) -> tuple[Plain, Plain]:
    plain = draw(whole_scenarios())
    # Munitions are listed in file order: theirs is no accident.
    fixed = {key: plain[key] for key in ("munitions",) if key in plain}
    return plain, {**shuffled(draw, plain), **fixed}


@pytest.mark.slow
@example_settings(50, campaign=500)
@given(orders(), SEEDS, RUNS)
def test_the_order_in_which_a_file_says_things_changes_nothing(
    both: tuple[Plain, Plain], seed: int, run: int
) -> None:
    one, other = (ledger_text(run_case(plain, seed, run).ledger) for plain in both)
    assert one == other


def test_a_lot_adds_up_alike_however_its_rates_are_listed() -> None:
    # (0.1 + 0.2) + 0.3 and (0.3 + 0.2) + 0.1 differ in the last digit, and so would the part admitted.
    rates = {"a": "0.1/day", "b": "0.2/day", "c": "0.3/day"}
    plain: Plain = {
        "schema": 1,
        "start": "2023-09-01",
        "end": "2023-09-11",
        "munitions": {name: {} for name in rates},
        "depots": {"depot": {"stock": {"a": 0.25}, "capacity": "1 shell"}},
        "consumption": {"front": {"rate": {"a": "0.07/day", "b": "0.03/day"}}},
    }
    one, other = (
        run_case({**plain, "production": {"works": {"rate": dict(listed)}}}, 1, 0).ledger
        for listed in (rates.items(), reversed(rates.items()))
    )
    assert ledger_text(one) == ledger_text(other)


def after_the_end(voyages: Iterable[Voyage]) -> tuple[list[Voyage], dict[str, float]]:
    """Return the voyages without lots of before the start that do not arrive, and the shells of these.

    What is under way at the start and arrives after the end is one lot (rule 23).
    """
    seen: list[Voyage] = []
    later: dict[str, float] = {}
    for trip in voyages:
        if trip.leg is None and trip.departed < 0 and trip.arrived is None:
            later[trip.supplier] = later.get(trip.supplier, 0.0) + trip.shells
        else:
            seen.append(trip)
    return seen, later


@pytest.mark.slow
@example_settings(50, campaign=500)
@given(whole_scenarios(least_days=2), st.integers(1, 60), SEEDS, RUNS)
def test_a_shorter_run_is_the_beginning_of_a_longer(plain: Plain, days: int, seed: int, run: int) -> None:
    frame = frame_of(plain)
    days = min(days, frame.days - 1)
    whole = run_case(plain, seed, run).ledger
    short = run_case({**plain, "end": frame.date(days)}, seed, run).ledger
    # A delivery after the end is none, and is not drawn.
    assert short.drawn.items() <= whole.drawn.items()
    assert all(".deliveries." in path for path in whole.drawn.keys() - short.drawn.keys())
    assert short.opening == whole.opening
    assert short.levels == [level[:days] for level in whole.levels]
    assert short.planned == [planned[:days] for planned in whole.planned]
    beginning = {key: column[:days] for key, column in whole.columns.items()}
    assert repr(sorted(short.columns.items())) == repr(sorted(beginning.items()))
    beginning_of_voyages = [
        trip
        if trip.arrived is not None and trip.arrived < days * SECONDS_PER_DAY
        else trip._replace(arrived=None)
        for trip in whole.voyages
        if trip.departed < days * SECONDS_PER_DAY
    ]
    seen, later = after_the_end(short.voyages)
    expected, expected_later = after_the_end(beginning_of_voyages)
    assert seen == expected
    assert later == pytest.approx(expected_later)
