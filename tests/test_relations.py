"""Two runs of two scenarios that differ in one thing: what must stay, and what must change in a known way."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

if TYPE_CHECKING:
    from readings import Plain, by_name, case_of, of_supplier, text_of, uniforms
    from strategies import RUNS, SEEDS, Span, consumer, depot, examples, explicit, line, scenarios, supplier
else:
    from .readings import Plain, by_name, case_of, of_supplier, text_of, uniforms
    from .strategies import (
        RUNS,
        SEEDS,
        Span,
        consumer,
        depot,
        examples,
        explicit,
        line,
        scenarios,
        supplier,
    )

from sim.account import Kind
from sim.model.ledger import Ledger
from sim.scenario.listing import random_inputs
from sim.units import SECONDS_PER_DAY, Unit

SECTIONS = {"depots": "", "production": "to", "shipments": "to", "consumption": "at"}
#: What a component brings into the account whatever else there is.
SUPPLY = (Kind.PRODUCED, Kind.LANDED, Kind.REJECTED)
NOTHING: tuple[Plain, ...] = (
    {"vehicles": 0},
    {"first": "400 days"},
    {"first": "2020-01-01", "until": "2020-03-01"},
    {"reserve": "0"},
    {"serviceable": "0%"},
)


def span_of(plain: Plain) -> Span:
    start, end = dt.date.fromisoformat(plain["start"]), dt.date.fromisoformat(plain["end"])
    return Span(start, (end - start).days, tuple(plain["depots"]))


def with_part(plain: Plain, section: str, name: str, part: Plain) -> Plain:
    return {**plain, section: {**plain[section], name: part}}


@st.composite
def additions(draw: DrawFn) -> tuple[Plain, str, str, Plain]:
    """Draw a scenario, and a component to add: section, name, settings."""
    plain = explicit(draw(scenarios()))
    span = span_of(plain)
    section = draw(st.sampled_from(sorted(SECTIONS)))
    makers: dict[str, Callable[[], Plain]] = {
        "depots": lambda: depot(draw, "new", set()),
        "production": lambda: line(draw, span),
        "shipments": lambda: supplier(draw, span),
        "consumption": lambda: consumer(draw, span, ("none",)),
    }
    part = makers[section]()
    if SECTIONS[section]:
        part = {SECTIONS[section]: span.depots[0], **part}
    return plain, section, draw(st.sampled_from(["0new", "new", "zz"])), part


@examples()
@given(additions(), SEEDS, RUNS)
def test_a_component_more_moves_no_stream(added: tuple[Plain, str, str, Plain], seed: int, run: int) -> None:
    plain, section, name, part = added
    few, many = (
        case_of(plain, seed, run).ledger,
        case_of(with_part(plain, section, name, part), seed, run).ledger,
    )
    assert few.drawn.items() <= many.drawn.items()
    assert few.voyages == [trip for trip in many.voyages if trip.supplier != name]
    touched = part.get(SECTIONS[section])
    before, after = by_name(few), by_name(many)
    for key, days in before.items():
        place, _, kind = key
        if place != touched or kind in SUPPLY or (kind == Kind.REQUIRED and section != "consumption"):
            assert after[key] == days, key


@examples()
@given(scenarios().map(explicit), SEEDS, RUNS)
def test_consumers_require_together_what_each_requires_alone(plain: Plain, seed: int, run: int) -> None:
    fronts = {
        **plain,
        "depots": {name: {"stock": 0} for name in plain["depots"]},
        "production": {},
        "shipments": {},
    }
    together = case_of(fronts, seed, run).ledger
    alone = [
        case_of({**fronts, "consumption": {name: part}}, seed, run)
        for name, part in plain["consumption"].items()
    ]
    for pair in range(len(together.axes.pairs)):
        parts = zip(*(case.ledger.total(pair, Kind.REQUIRED) for case in alone), strict=True)
        for whole, each in zip(together.total(pair, Kind.REQUIRED), parts, strict=True):
            assert abs(whole - sum(each)) <= 1e-12 * whole


def renamed(plain: Plain, section: str, name: str, new: str) -> Plain:
    parts = {new if key == name else key: part for key, part in plain[section].items()}
    return {**plain, section: parts}


@st.composite
def renamings(draw: DrawFn) -> tuple[Plain, str, str]:
    """Draw a scenario, and one of its components: section and name."""
    plain = explicit(draw(scenarios()))
    listed = [(section, name) for section, key in SECTIONS.items() if key for name in plain[section]]
    return plain, *draw(st.sampled_from(listed))


@examples()
@given(renamings(), SEEDS, RUNS)
def test_another_name_renames_a_components_streams_alone(
    renaming: tuple[Plain, str, str], seed: int, run: int
) -> None:
    plain, section, name = renaming
    new = f"{name}-2"
    old, case = case_of(plain, seed, run), case_of(renamed(plain, section, name, new), seed, run)
    mine, others = f"{section}.{new}.", f"{section}.{name}."
    kept = {path: value for path, value in old.ledger.drawn.items() if not path.startswith(others)}
    moved = {path for path in old.ledger.drawn if path.startswith(others)}
    assert kept == {path: value for path, value in case.ledger.drawn.items() if not path.startswith(mine)}
    assert {path.replace(others, mine, 1) for path in moved} == case.ledger.drawn.keys() - kept.keys()
    for listed in random_inputs(case.scenario):
        number = listed.quantity
        if number.path in case.ledger.drawn and number.law is not None:
            from_start = case.scenario.start.toordinal() if number.unit is Unit.DATE else 0
            drawn = number.law.inverse(uniforms(seed, run, number.path, 1)[0])
            assert case.ledger.drawn[number.path] == drawn - from_start
    before, after = by_name(old.ledger), by_name(case.ledger)
    for key, days in before.items():
        if key[2] in SUPPLY and key[1] != name:
            assert after[key] == days, key
    for other in old.scenario.shipments.keys() - {name}:
        assert of_supplier(old.ledger, other) == of_supplier(case.ledger, other)


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
    left_out = ("daily_variation", "first", "until")
    return {key: settled(inner) for key, inner in value.items() if key not in left_out}


@examples()
@given(renamings(), SEEDS, RUNS)
def test_the_name_of_what_is_certain_is_only_a_name(
    renaming: tuple[Plain, str, str], seed: int, run: int
) -> None:
    plain, section, name = renaming
    certain = with_part(plain, section, name, settled(plain[section][name]))
    old = case_of(certain, seed, run).ledger
    new = case_of(renamed(certain, section, name, f"{name}-2"), seed, run).ledger
    assert text_of(new).replace(f"'{name}-2'", f"'{name}'") == text_of(old)


def shuffled(draw: DrawFn, value: Any) -> Any:
    """Return settings with the keys of each map in another order, but for choices: theirs counts (rule 7)."""
    if isinstance(value, list):
        return [shuffled(draw, item) for item in value]
    if not isinstance(value, dict) or "choices" in value:
        return value
    return {key: shuffled(draw, value[key]) for key in draw(st.permutations(sorted(value)))}


@st.composite
def orders(draw: DrawFn) -> tuple[Plain, Plain]:
    plain = draw(scenarios())
    return plain, shuffled(draw, plain)


@examples()
@given(orders(), SEEDS, RUNS)
def test_the_order_in_which_a_file_says_things_changes_nothing(
    both: tuple[Plain, Plain], seed: int, run: int
) -> None:
    one, other = (text_of(case_of(plain, seed, run).ledger) for plain in both)
    assert one == other


@examples()
@given(scenarios(least_days=2), st.integers(1, 119), SEEDS, RUNS)
def test_a_shorter_run_is_the_beginning_of_a_longer(plain: Plain, days: int, seed: int, run: int) -> None:
    span = span_of(plain)
    days = min(days, span.days - 1)
    whole = case_of(plain, seed, run).ledger
    short = case_of({**plain, "end": span.date(days)}, seed, run).ledger
    assert short.drawn == whole.drawn
    assert short.opening == whole.opening
    assert short.levels == [level[:days] for level in whole.levels]
    assert short.planned == [planned[:days] for planned in whole.planned]
    assert repr(short.columns) == repr({key: column[:days] for key, column in whole.columns.items()})
    assert short.voyages == [
        trip
        if trip.arrived is not None and trip.arrived < days * SECONDS_PER_DAY
        else trip._replace(arrived=None)
        for trip in whole.voyages
        if trip.departed < days * SECONDS_PER_DAY
    ]


def doubled(value: Any) -> Any:
    """Return a number, a distribution or a course with twice the shells."""
    if isinstance(value, dict):
        if "choices" in value and isinstance(value["choices"], dict):
            return {"choices": {doubled(key): weight for key, weight in value["choices"].items()}}
        same = {"cv", "note", "between"}
        return {key: inner if key in same else doubled(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [doubled(item) for item in value]
    if "day" in value and "/day" not in value:
        return value
    number, rest = re.fullmatch(r"([0-9.]+(?:e2)?)(.*)", value).groups()  # type: ignore[union-attr]
    return f"{2 * float(number)!r}{rest}"


def double(plain: Plain) -> Plain:
    keys = {"stock", "unserviceable", "rate", "shells_per_container", "reserve"}

    def of(part: Plain) -> Plain:
        made = {key: doubled(value) if key in keys else value for key, value in part.items()}
        if "route" in part and "shells_per_container" not in part:
            made["route"] = [{**leg, "capacity": doubled(leg["capacity"])} for leg in part["route"]]
        return made

    return {
        **plain,
        **{section: {name: of(part) for name, part in plain[section].items()} for section in SECTIONS},
    }


@examples()
@given(scenarios(), SEEDS, RUNS)
def test_twice_the_shells_in_everything_is_twice_the_shells_in_the_end(
    plain: Plain, seed: int, run: int
) -> None:
    one, two = case_of(plain, seed, run).ledger, case_of(double(plain), seed, run).ledger
    assert two.levels == [[2 * shells for shells in level] for level in one.levels]
    assert two.columns == {key: [2 * shells for shells in days] for key, days in one.columns.items()}
    assert two.opening == {key: 2 * shells for key, shells in one.opening.items()}
    assert two.shipped == {supplier: 2 * shells for supplier, shells in one.shipped.items()}
    assert two.voyages == [trip._replace(shells=2 * trip.shells) for trip in one.voyages]


@st.composite
def idle_suppliers(draw: DrawFn) -> tuple[Plain, str, Plain]:
    """Draw a scenario, and a supplier that brings nothing."""
    plain = explicit(draw(scenarios()))
    idle = {"to": next(iter(plain["depots"])), **supplier(draw, span_of(plain))}
    why = draw(st.sampled_from(NOTHING))
    if "vehicles" in why:
        idle["route"][0] |= why
    else:
        idle = {key: value for key, value in idle.items() if key != "until"} | why
    return plain, draw(st.sampled_from(["0idle", "idle", "zz"])), idle


@examples()
@given(idle_suppliers(), SEEDS, RUNS)
def test_a_supplier_of_nothing_changes_nothing(drawn: tuple[Plain, str, Plain], seed: int, run: int) -> None:
    plain, name, idle = drawn
    without, beside = (
        case_of(plain, seed, run).ledger,
        case_of(with_part(plain, "shipments", name, idle), seed, run).ledger,
    )
    assert repr(beside.levels) == repr(without.levels)
    kept = {key: days for key, days in by_name(beside).items() if key[1] != name}
    assert repr(sorted(kept.items())) == repr(sorted(by_name(without).items()))
    pairs = range(len(beside.axes.pairs))
    assert not any(shells for pair in pairs for shells in of_origin(beside, pair, name, Kind.LANDED))
    assert not any(shells for pair in pairs for shells in of_origin(beside, pair, name, Kind.FIRED))


def of_origin(ledger: Ledger, pair: int, origin: str, kind: Kind) -> list[float]:
    return ledger.columns.get((pair, ledger.axes.origins.index(origin), kind), [])


@examples()
@given(
    scenarios(most_depots=1, rules=("none", "proportional")),
    st.integers(0, 60_000),
    st.integers(1, 60_000),
    SEEDS,
    RUNS,
)
def test_more_stock_never_runs_out_earlier(plain: Plain, stock: int, more: int, seed: int, run: int) -> None:
    only = next(iter(plain["depots"]))
    small, large = (
        case_of({**plain, "depots": {only: {"stock": shells}}}, seed, run).ledger
        for shells in (stock, stock + more)
    )
    planned = small.planned[0]
    exhausted = False
    for day, (low, high) in enumerate(zip(small.levels[0], large.levels[0], strict=True)):
        # Levels that are the same but for their origins may differ in the last digit.
        margin = 1e-9 * (high + planned[day])
        assert high >= low - margin
        exhausted = exhausted or low < planned[day] + margin
        assert exhausted or high >= planned[day]
