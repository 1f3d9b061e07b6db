"""The saved tables of a run agree with its ledger, for random scenarios."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest
from hypothesis import given

from sim.account import HELD, INFLOW_KINDS, OUTFLOW_KINDS, Kind
from sim.engines.ledger_outcomes import block_from_ledgers
from sim.model.ledger import Ledger
from sim.model.run import run_once
from sim.results import reader as saved_tables
from sim.results.aggregation import aggregate
from sim.results.result import Result
from sim.scenario.loader import load_plain
from tests.support.scenario_strategies import SEEDS, Plain, example_settings, frame_of, whole_scenarios

#: Numbers are added up in another order than the table's; those that are copied are equal to the last digit.
SUMS = 1e-12
#: Files grow with the days, and ten days, at times about the turn of a month, say as much as two months.
DAYS = 10


def rows(frame: pd.DataFrame, *keys: str, value: str) -> dict[tuple[Any, ...], Any]:
    columns = [frame[key].tolist() for key in (*keys, value)]
    found = {row[:-1]: row[-1] for row in zip(*columns, strict=True)}
    assert len(found) == len(frame)
    return found


def by_day(ledger: Ledger, days: list[list[float]]) -> dict[tuple[str, ...], float]:
    axes = ledger.axes
    return {
        (axes.date(day).isoformat(), *pair): shells
        for pair, levels in zip(axes.pairs, days, strict=True)
        for day, shells in enumerate(levels)
    }


def stock_and_paths_are_the_closing_levels(tables: Tables, ledger: Ledger) -> None:
    levels = by_day(ledger, ledger.levels)
    for figure in ("mean", "p05", "p25", "p50", "p75", "p95"):
        assert rows(tables.stock, "date", "depot", "munition", value=figure) == levels
    paths = rows(tables.paths, "run", "date", "depot", "munition", value="level")
    assert paths == {(ledger.run, *key): level for key, level in levels.items()}


def flows_are_the_entries(tables: Tables, ledger: Ledger) -> None:
    expected: dict[tuple[str, ...], float] = {}
    for kind in ledger.axes.kinds:
        totals = [ledger.total(pair, kind) for pair in range(len(ledger.axes.pairs))]
        expected |= {(*key, str(kind)): shells for key, shells in by_day(ledger, totals).items()}
    for figure in ("mean", "p05", "p50", "p95"):
        assert rows(tables.flows, "date", "depot", "munition", "kind", value=figure) == expected


def origins_are_the_entries_by_month(tables: Tables, ledger: Ledger) -> None:
    axes = ledger.axes
    expected: dict[tuple[str, ...], float] = defaultdict(float)
    for (pair, origin, kind), days in ledger.columns.items():
        if origin < 0 or kind not in (*INFLOW_KINDS, *OUTFLOW_KINDS, HELD):
            continue
        for day, shells in enumerate(days):
            entry = (axes.date(day).isoformat()[:7], *axes.pairs[pair], axes.origins[origin], str(kind))
            expected[entry] = shells if kind == HELD else expected[entry] + shells
    found = rows(tables.origins, "month", "depot", "munition", "origin", "kind", value="mean")
    for key in found.keys() | expected.keys():
        assert found.get(key, 0.0) == pytest.approx(expected.get(key, 0.0), rel=SUMS, abs=0)


def shipments_are_the_voyages(tables: Tables, ledger: Ledger) -> None:
    frame, midnight = tables.shipments, dt.datetime.combine(ledger.axes.start, dt.time())

    def second(text: Any) -> int | None:
        if not isinstance(text, str):
            return None
        return int((dt.datetime.fromisoformat(text) - midnight).total_seconds())

    assert len(frame) == len(ledger.voyages)
    for row, trip in zip(frame.to_dict("records"), ledger.voyages, strict=True):
        legs = [
            None if row[key] is None or str(row[key]) == "<NA>" else int(row[key])
            for key in ("leg", "vehicle")
        ]
        boxes = None if math.isnan(row["containers"]) else row["containers"]
        times = (second(row["departed"]), second(row["arrived"]))
        assert (row["supplier"], *legs, *times, boxes, row["shells"]) == tuple(trip)


def outcomes_are_the_sums(tables: Tables, ledger: Ledger) -> None:
    (row,) = tables.outcomes.to_dict("records")
    pairs = range(len(ledger.axes.pairs))
    for kind in (Kind.REQUIRED, Kind.FIRED, Kind.UNMET, Kind.PRODUCED, Kind.LANDED, Kind.LOST):
        total = math.fsum(shells for pair in pairs for shells in ledger.total(pair, kind))
        assert row[str(kind)] == pytest.approx(total, rel=1e-9, abs=1e-9)
    assert row["closing_stock"] == pytest.approx(
        math.fsum(level[-1] for level in ledger.levels), rel=SUMS, abs=0
    )
    assert {path: row[path] for path in ledger.drawn} == ledger.drawn
    assert row["exhausted"] == first_day(ledger, ledger.levels, ledger.planned)
    # With a backlog fire can be less than what is required and waits, and all that is new be met (rule 36).
    nothing = [[0.0] * ledger.axes.days for _ in pairs]
    assert row["rationed_from"] == first_day(
        ledger, nothing, [ledger.total(pair, Kind.UNMET) for pair in pairs]
    )


def first_day(ledger: Ledger, has: list[list[float]], needs: list[list[float]]) -> str | None:
    """Return the first date on which a consumer has less than it needs of anything (rule 30)."""
    short = [
        day
        for pair, consuming in enumerate(ledger.axes.consuming)
        for day in range(ledger.axes.days)
        if consuming and has[pair][day] < needs[pair][day]
    ]
    return ledger.axes.date(min(short)).isoformat() if short else None


AGREE = (
    stock_and_paths_are_the_closing_levels,
    flows_are_the_entries,
    origins_are_the_entries_by_month,
    shipments_are_the_voyages,
    outcomes_are_the_sums,
)


class Tables(NamedTuple):
    """The tables as they are read back from the bytes of their files."""

    stock: pd.DataFrame
    flows: pd.DataFrame
    origins: pd.DataFrame
    paths: pd.DataFrame
    outcomes: pd.DataFrame
    shipments: pd.DataFrame


def saved(ledger: Ledger, seed: int) -> Tables:
    # Writing to disk is tested elsewhere; a hundred folders would take most of the time here.
    files = Result(aggregate([block_from_ledgers([ledger])], 1), "one", seed, "simpy", "").files()
    read = {
        name: saved_tables._read_table(Path(), name, columns, files[f"{name}.csv"])
        for name, columns in saved_tables.TABLE_COLUMNS.items()
    }
    return Tables(**read)


@pytest.mark.slow
@example_settings()
@given(whole_scenarios(), SEEDS)
def test_the_saved_tables_say_what_the_ledger_says(plain: Plain, seed: int) -> None:
    frame = frame_of(plain)
    short = {**plain, "end": frame.date(min(frame.days, DAYS))}
    ledger = run_once(load_plain(short, None), seed, 0)
    tables = saved(ledger, seed)
    for agree in AGREE:
        agree(tables, ledger)
