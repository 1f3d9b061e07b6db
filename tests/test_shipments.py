"""The voyages of a result: those of the runs of ``paths.csv``, by run, from either engine."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.model.run import run_once
from sim.results.result import Result
from sim.simulate import as_scenario

SCENARIO = """\
schema: 1
start: 2024-01-01
end: 2024-03-01
depots: {depot: {stock: 100k}}
consumption: {front: {rate: 1k/day}}
shipments:
  ships:
    route: [{vehicles: 2, capacity: 500 shells, travel: {low: 3 days, high: 9 days}}]
  lots: {lead_time: 4 days, offered: {by_date: {2024-01-10: 70/day}}, until: 3 days}
"""


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    path = tmp_path / "sea.yaml"
    path.write_text(SCENARIO, "utf-8")
    return path


def rows_of(scenario: Path, run: int) -> list[tuple[str, int | None, int | None, float]]:
    """Return the voyages of one run by the ledger of the simpy model, which keeps them all."""
    ledger = run_once(as_scenario(scenario), 7, run)
    return [(trip.supplier, trip.leg, trip.vehicle, trip.shells) for trip in ledger.voyages]


def told(rows: pd.DataFrame) -> list[tuple[str, int | None, int | None, float]]:
    plain = rows.astype(object).where(rows.notna(), None)
    return list(zip(plain["supplier"], plain["leg"], plain["vehicle"], plain["shells"], strict=True))


@pytest.mark.parametrize("runs", [1, 3, 9, 300])
def test_voyages_are_of_the_runs_whose_levels_are_kept(scenario: Path, runs: int) -> None:
    found = {
        engine: sim.run(scenario, runs=runs, seed=7, engine=engine, jobs=1)
        for engine in (("simpy", "compiled") if runs < 100 else ("compiled",))
    }
    for result in found.values():
        kept = sorted(set(result.paths["run"]))
        assert kept == list(range(min(runs, 5)))
        assert result.shipments["run"].drop_duplicates().tolist() == kept
        for run in kept:
            assert told(result.shipments[result.shipments["run"] == run]) == rows_of(scenario, run)
    tables = [result.shipments for result in found.values()]
    pd.testing.assert_frame_equal(tables[0], tables[-1])


def test_the_run_is_the_first_column_of_the_file_and_is_read_back(scenario: Path, tmp_path: Path) -> None:
    result = sim.run(scenario, runs=6, seed=7, engine="simpy", jobs=1)
    folder = result.save(tmp_path / "out")
    header = "run,supplier,leg,vehicle,departed,arrived,containers,shells"
    assert (folder / "shipments.csv").read_text("utf-8").splitlines()[0] == header
    pd.testing.assert_frame_equal(sim.read_folder(folder).shipments, result.shipments)


def test_the_number_of_workers_changes_no_voyage(scenario: Path) -> None:
    found: list[Result] = [
        sim.run(scenario, runs=60, seed=7, engine=engine, jobs=jobs)
        for engine in ("simpy", "compiled")
        for jobs in (1, 2)
    ]
    for other in found[1:]:
        pd.testing.assert_frame_equal(other.shipments, found[0].shipments)
