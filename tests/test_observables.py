"""Observables of one run: by hand on a small account, and compared with the report of a run."""

from __future__ import annotations

import datetime as dt
import math
import pickle
from dataclasses import FrozenInstanceError, fields
from typing import Any

import pandas as pd
import pytest

import sim
from sim.account import Kind
from sim.errors import ArgumentError
from sim.observables import (
    LEVEL,
    Conversion,
    Cumulative,
    Flow,
    Level,
    Measure,
    Observable,
    OriginShare,
    Selection,
    Window,
    WindowRatio,
    evaluate,
)
from sim.units import Unit

FIRED, LANDED, REJECTED, PRODUCED = Kind.FIRED, Kind.LANDED, Kind.REJECTED, Kind.PRODUCED

#: Three days, two depots, two munitions: (date, depot, munition, kind, origin, quantity).
ROWS = [
    ("2024-01-01", "north", "152mm", "fired", "initial", 10.0),
    ("2024-01-01", "north", "152mm", "fired", "dprk", 30.0),
    ("2024-01-01", "south", "122mm", "fired", "initial", 4.0),
    ("2024-01-01", "north", "152mm", "level", "", 900.0),
    ("2024-01-01", "south", "122mm", "level", "", 70.0),
    ("2024-01-02", "north", "152mm", "fired", "dprk", 50.0),
    ("2024-01-02", "north", "152mm", "landed", "dprk", 400.0),
    ("2024-01-02", "north", "152mm", "rejected", "dprk", 100.0),
    ("2024-01-02", "south", "122mm", "landed", "dprk", 90.0),
    ("2024-01-02", "south", "122mm", "landed", "iran", 7.0),
    ("2024-01-02", "north", "152mm", "level", "", 1250.0),
    ("2024-01-02", "south", "122mm", "level", "", 167.0),
    ("2024-01-03", "north", "152mm", "produced", "industry", 20.0),
    ("2024-01-03", "south", "122mm", "fired", "iran", 6.0),
    ("2024-01-03", "north", "152mm", "level", "", 1270.0),
    ("2024-01-03", "south", "122mm", "level", "", 161.0),
]
DAILY = pd.DataFrame(ROWS, columns=["date", "depot", "munition", "kind", "origin", "quantity"])
FIRST, SECOND, THIRD = (dt.date(2024, 1, day) for day in (1, 2, 3))
WHOLE_WINDOW = Window(FIRST, THIRD)
DPRK = Selection(origins=("dprk",))
LOADS = Conversion(
    Unit.CONTAINERS,
    (
        ("152mm", "shipments.dprk.shells_per_container.152mm"),
        ("122mm", "shipments.dprk.shells_per_container.122mm"),
    ),
)
MASS = Conversion(Unit.KILOGRAMS, (("152mm", "munitions.152mm.gross_mass"),))
INPUTS = {
    "shipments.dprk.shells_per_container.152mm": 250.0,
    "shipments.dprk.shells_per_container.122mm": 300.0,
    "munitions.152mm.gross_mass": 77.0,
}


@pytest.mark.parametrize(
    ("observable", "value", "unit"),
    [
        (Level(date=FIRST), 970.0, "shells"),
        (Level(date=SECOND, where=Selection(depots=("south",))), 167.0, "shells"),
        (Level(date=THIRD, where=Selection(munitions=("152mm",))), 1270.0, "shells"),
        (Flow(kinds=(FIRED,), window=WHOLE_WINDOW, measure=Measure.AMOUNT), 100.0, "shells"),
        (Flow(kinds=(FIRED,), window=WHOLE_WINDOW, measure=Measure.RATE), 100.0 / 3, "shells/day"),
        (Flow(kinds=(FIRED,), window=Window(SECOND, THIRD), measure=Measure.RATE), 28.0, "shells/day"),
        (
            Flow(kinds=(LANDED, REJECTED), window=WHOLE_WINDOW, measure=Measure.AMOUNT, where=DPRK),
            590.0,
            "shells",
        ),
        (
            Flow(kinds=(LANDED, PRODUCED), window=Window(SECOND, SECOND), measure=Measure.AMOUNT),
            497.0,
            "shells",
        ),
        (
            Flow(
                kinds=(LANDED, REJECTED),
                window=WHOLE_WINDOW,
                measure=Measure.RATE,
                where=Selection(munitions=("152mm",), origins=("dprk",)),
                conversion=MASS,
            ),
            500.0 * 77.0 / 3,
            "kg/day",
        ),
        (Cumulative(kinds=(FIRED,), date=FIRST), 44.0, "shells"),
        (Cumulative(kinds=(FIRED,), date=SECOND), 94.0, "shells"),
        (
            Cumulative(kinds=(LANDED, REJECTED), date=THIRD, where=DPRK, conversion=LOADS),
            500.0 / 250.0 + 90.0 / 300.0,
            "containers",
        ),
        (Cumulative(kinds=(LANDED,), date=THIRD, where=Selection(origins=("dprk", "iran"))), 497.0, "shells"),
        (OriginShare(kinds=(FIRED,), window=WHOLE_WINDOW, origins=("dprk",)), 0.8, "share"),
        (
            OriginShare(
                kinds=(FIRED,), window=WHOLE_WINDOW, origins=("iran",), where=Selection(depots=("south",))
            ),
            0.6,
            "share",
        ),
        (
            WindowRatio(kinds=(FIRED,), window=Window(THIRD, THIRD), base=Window(FIRST, SECOND)),
            6.0 / 47.0,
            "number",
        ),
    ],
)
def test_an_observable_is_the_figure_worked_out_by_hand(
    observable: Observable, value: float, unit: str
) -> None:
    assert evaluate(observable, DAILY, INPUTS) == pytest.approx(value, rel=1e-12)
    assert observable.unit == unit


def test_a_ratio_and_a_share_of_nothing_are_no_number() -> None:
    nothing = WindowRatio(kinds=(PRODUCED,), window=Window(THIRD, THIRD), base=Window(FIRST, SECOND))
    assert math.isnan(evaluate(nothing, DAILY))
    share = OriginShare(kinds=(PRODUCED,), window=Window(FIRST, SECOND), origins=("industry",))
    assert math.isnan(evaluate(share, DAILY))
    # A supplier that sent nothing is no mistake: its share is zero.
    assert evaluate(OriginShare(kinds=(FIRED,), window=WHOLE_WINDOW, origins=("mars",)), DAILY) == 0.0


@pytest.mark.parametrize(
    ("observable", "says"),
    [
        (
            Level(date=dt.date(2024, 1, 4)),
            "2024-01-04 is not in the account; allowed: 2024-01-01 to 2024-01-03",
        ),
        (Cumulative(kinds=(FIRED,), date=dt.date(2023, 12, 31)), "2023-12-31 is not in the account"),
        (Level(date=FIRST, where=Selection(depots=("west",))), "no depot 'west'; allowed: north, south"),
        (Level(date=FIRST, where=Selection(depots=("north", "west", "east"))), "no depot 'west'; allowed: "),
        (
            Level(date=FIRST, where=Selection(munitions=("155mm",))),
            "no munition '155mm'; allowed: 122mm, 152mm",
        ),
        (
            Cumulative(kinds=(LANDED,), date=SECOND, conversion=MASS),
            "nothing says how shells of '122mm' become kg",
        ),
    ],
)
def test_what_the_account_does_not_have_is_one_message(observable: Observable, says: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        evaluate(observable, DAILY, INPUTS)
    assert says in str(caught.value)


def test_origins_need_their_column_and_other_observables_do_not() -> None:
    plain = DAILY.groupby(["date", "depot", "munition", "kind"], as_index=False)["quantity"].sum()
    assert evaluate(Cumulative(kinds=(FIRED,), date=SECOND), plain) == 94.0
    with pytest.raises(ArgumentError, match="no column 'origin'"):
        evaluate(Cumulative(kinds=(LANDED,), date=SECOND, where=DPRK), plain)


def test_a_window_that_ends_before_it_starts_and_a_strange_unit_are_refused() -> None:
    with pytest.raises(ArgumentError, match="before it starts"):
        Window(SECOND, FIRST)
    with pytest.raises(ArgumentError, match="shells do not become days"):
        Conversion(Unit.DAYS, ())


@pytest.mark.parametrize(
    "one",
    [
        Level(date=FIRST, where=DPRK),
        Flow(kinds=(FIRED,), window=WHOLE_WINDOW, measure=Measure.RATE, label="fire in the first days"),
        Cumulative(kinds=(LANDED,), date=SECOND, conversion=LOADS),
        OriginShare(kinds=(FIRED,), window=WHOLE_WINDOW, origins=("dprk",)),
        WindowRatio(kinds=(FIRED,), window=Window(THIRD, THIRD), base=Window(FIRST, SECOND)),
    ],
    ids=lambda one: type(one).__name__,
)
def test_observables_are_values_that_travel_to_a_worker(one: Observable) -> None:
    other = pickle.loads(pickle.dumps(one))  # noqa: S301 - our own bytes
    assert other == one
    assert len({one, other}) == 1
    # A value does not change, and its parts are given by name.
    with pytest.raises(FrozenInstanceError):
        one.label = "another"  # type: ignore[misc]
    kind: Any = type(one)
    with pytest.raises(TypeError, match="positional"):
        kind(*(getattr(one, part.name) for part in fields(one)))


def test_a_window_has_both_of_its_ends() -> None:
    assert Window(FIRST, THIRD).days == 3
    assert Window(FIRST, FIRST).days == 1


def test_a_run_has_the_figures_that_its_tables_report() -> None:
    scenario = sim.load("scenarios/thousand-containers.yaml").replace({"end": "2024-01-10"})
    result = sim.run(scenario, runs=1, seed=2, engine="simpy")
    outcomes = result.outcomes.iloc[0]
    last = dt.date(2024, 1, 9)
    assert evaluate(Cumulative(kinds=(FIRED,), date=last), result.daily) == pytest.approx(outcomes["fired"])
    assert evaluate(Level(date=last), result.daily) == pytest.approx(outcomes["closing_stock"])
    assert LEVEL in set(result.daily["kind"])

    # Containers that landed, counted by the account, are those that the voyages of the last leg brought.
    trace = sim.simulate.trace(scenario, run=0, seed=2)
    entries = trace.entries.assign(depot=trace.entries["place"].str.split(".").str[1])
    path = "shipments.dprk.shells_per_container"
    observable = Cumulative(
        kinds=(LANDED, REJECTED),
        date=dt.date(2023, 12, 20),
        where=DPRK,
        conversion=Conversion(Unit.CONTAINERS, (("shells", path),)),
    )
    counted = evaluate(observable, entries, {path: float(result.outcomes.iloc[0][path])})
    voyages = trace.voyages[trace.voyages["leg"] == trace.voyages["leg"].max()]
    arrived = voyages[voyages["arrived"].astype(str).str[:10].between("2023-09-01", "2023-12-20")]
    assert counted == pytest.approx(arrived["containers"].sum())
    assert counted > 100
