"""From ledgers to a block of arrays: no entry is lost, duplicated or misplaced."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from sim.account import HELD, NO_ORIGIN, Axes, Kind, Pair
from sim.engines.ledger_outcomes import block_from_ledgers, month_starts
from sim.model.ledger import Ledger
from sim.model.run import run_once
from sim.results.block import flow_or_zeros
from sim.simulate import as_scenario

SEED = 3


@pytest.fixture(scope="module")
def books() -> list[Ledger]:
    scenario = as_scenario("scenarios/white-house-2023.yaml").replace({"end": "2024-03-10"})
    return [run_once(scenario, SEED, run) for run in range(3)]


def test_what_is_fired_by_origin_over_months_is_what_is_fired_over_days(books: list[Ledger]) -> None:
    block = block_from_ledgers(books)
    fired = {origin: block.months[0, origin, Kind.FIRED].sum(axis=1) for origin in range(3)}
    by_day = flow_or_zeros(block, Kind.FIRED).sum(axis=2)
    np.testing.assert_allclose(sum(fired.values()), by_day[:, 0], rtol=1e-12)
    # No origin gives more than its inflow, and the initial stock no more than its size at the start.
    for origin, kind in ((1, Kind.PRODUCED), (2, Kind.LANDED)):
        assert (fired[origin] <= block.months[0, origin, kind].sum(axis=1) + 1e-6).all()


def test_each_entry_of_the_ledger_stands_in_its_month_and_under_its_origin(books: list[Ledger]) -> None:
    block = block_from_ledgers(books)
    for position, book in enumerate(books):
        for (pair, origin, kind), column in book.columns.items():
            if origin == NO_ORIGIN:
                continue
            for month, (first, last) in enumerate(
                [(0, 30), (30, 61), (61, 91), (91, 122), (122, 153), (153, 182), (182, 191)]
            ):
                days = column[first:last]
                expected = days[-1] if kind == HELD else sum(days)
                if (pair, origin, kind) in block.months:
                    found = block.months[pair, origin, kind][position, month]
                    assert found == pytest.approx(expected, rel=1e-12)


def test_a_ledger_written_by_hand_becomes_the_same_figures() -> None:
    axes = Axes(dt.date(2024, 1, 31), 2, (Pair("a", "shells"),), ("initial", "maker"), (True,), (2.0,))
    book = Ledger(axes, 0)
    book.levels[0][:] = [30.0, 0.0]
    book.planned[0][:] = [10.0, 10.0]
    book.column(0, NO_ORIGIN, Kind.REQUIRED)[:] = [10.0, 40.0]
    book.column(0, NO_ORIGIN, Kind.FIRED)[:] = [10.0, 35.0]
    book.column(0, 0, Kind.FIRED)[:] = [8.0, 30.0]
    book.column(0, 1, Kind.FIRED)[:] = [2.0, 5.0]
    book.column(0, 1, Kind.PRODUCED)[:] = [3.0, 4.0]
    block = block_from_ledgers([book])
    counters = {name: values.tolist() for name, values in block.counters.items()}
    dates = {name: [[1.0]] for name in ("exhausted", "rationed_from", "below_2")}
    assert counters == {**dates, "sustained_fire": [[22.5]]}
    assert block.met.tolist() == [[0.9]]
    months = {key: values.tolist() for key, values in block.months.items()}
    assert block.flows[Kind.FIRED].tolist() == [[[10.0, 35.0]]]
    fired, produced = Kind.FIRED, Kind.PRODUCED
    assert months == {
        (0, 0, fired): [[8.0, 30.0]],
        (0, 1, fired): [[2.0, 5.0]],
        (0, 1, produced): [[3.0, 4.0]],
    }


def test_months_begin_on_their_first_day() -> None:
    axes = Axes(dt.date(2023, 12, 30), 65, (), (), (), ())
    assert month_starts(axes) == [0, 2, 33, 62]
