"""The trace of a run: its account made again from the printed entries alone, and its voyages."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given

import sim as library
from sim.results.csv_text import csv_bytes
from sim.scenario.loader import load_plain
from sim.simulate import trace
from tests.support.feature_scenarios import FEATURES
from tests.support.scenario_strategies import RUNS, SEEDS, Plain, example_settings, whole_scenarios
from tests.test_cli import Said, sim

SCENARIOS = Path(__file__).parent.parent / "scenarios"
TWO = SCENARIOS / "two-calibres.yaml"
SHORT = ("--set", "end=2024-03-15")
HEADER = ["date", "place", "munition", "origin", "kind", "quantity"]
#: Kinds of inflow and of outflow of a place.
INTO = {
    "stock": {"opening", "landed", "received", "produced", "refurbished", "delivered"},
    "unserviceable": {"opening", "rejected", "expired"},
}
OUT_OF = {"stock": {"lost", "expired", "dispatched", "fired"}, "unserviceable": {"taken", "scrapped"}}
Row = dict[str, str]


def printed(said: Said) -> list[Row]:
    assert said.status == 0, said.err
    return list(csv.DictReader(io.StringIO(said.out)))


def levels(rows: list[Row]) -> dict[tuple[str, str, str], float]:
    """Return the closing level by date, depot and munition, made from the entries of the stock."""
    level: dict[tuple[str, str], float] = defaultdict(float)
    closing = {}
    for date in sorted({row["date"] for row in rows}):
        for row in rows:
            _, depot, place = row["place"].split(".")
            if row["date"] == date and place == "stock":
                sign = (row["kind"] in INTO["stock"]) - (row["kind"] in OUT_OF["stock"])
                level[depot, row["munition"]] += sign * float(row["quantity"])
        closing.update({(date, *pair): shells for pair, shells in level.items()})
    return closing


def rests(rows: list[Row]) -> dict[tuple[str, str, str], list[float]]:
    """Return inflow less outflow and the final level, by place, munition and origin."""
    found: dict[tuple[str, str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for row in rows:
        part = row["place"].rpartition(".")[2]
        if part in INTO and row["origin"]:
            sums = found[row["place"], row["munition"], row["origin"]]
            shells = float(row["quantity"])
            sums[0] += shells * ((row["kind"] in INTO[part]) - (row["kind"] in OUT_OF[part]))
            sums[1] += shells * (row["kind"] == "closing")
    return found


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
@pytest.mark.parametrize("run", [0, 4])
def test_the_levels_of_paths_follow_from_the_printed_entries(engine: str, run: int, tmp_path: Path) -> None:
    assert sim("run", TWO, *SHORT, "--runs", 5, "--quiet", "--jobs", 1, "--out", tmp_path / "out").status == 0
    paths = pd.read_csv(tmp_path / "out" / "paths.csv")
    found = levels(printed(sim("trace", TWO, *SHORT, "--run", run, "--engine", engine)))
    of_run = paths[paths["run"] == run]
    assert len(found) == len(of_run)
    for date, depot, munition, level in of_run[["date", "depot", "munition", "level"]].itertuples(
        index=False
    ):
        assert found[date, depot, munition] == pytest.approx(level, rel=1e-9)


@pytest.mark.parametrize("name", FEATURES)
def test_every_place_closes_under_stress_and_in_both_engines(name: str) -> None:
    closes(FEATURES[name](), 5, 2)


@pytest.mark.slow
@example_settings()
@given(whole_scenarios(), SEEDS, RUNS)
def test_every_place_closes_whatever_is_mixed(plain: Plain, seed: int, run: int) -> None:
    closes(plain, seed, run)


def closes(plain: Plain, seed: int, run: int) -> None:
    """Check that engines print the same, and that inflow less outflow is the final level."""
    scenario = load_plain(plain, None)
    one, other = (trace(scenario, run, seed=seed, engine=engine) for engine in ("simpy", "compiled"))
    pd.testing.assert_frame_equal(one.entries, other.entries, check_exact=True)
    pd.testing.assert_frame_equal(one.voyages, other.voyages)
    rows = list(csv.DictReader(io.StringIO(csv_bytes(one.entries).decode())))
    turnover = one.entries.groupby("place")["quantity"].sum()
    for (place, *_), (left, closing) in rests(rows).items():
        assert left == pytest.approx(closing, rel=1e-9, abs=1e-9 * turnover[place])


def test_what_workshops_take_is_refurbished_or_scrapped_there() -> None:
    rows = printed(sim("trace", TWO, *SHORT, "--run", 0))
    sums: dict[str, float] = defaultdict(float)
    for row in rows:
        sums[f"{row['place'].rpartition('.')[2]} {row['kind']}"] += float(row["quantity"])
    assert sums["unserviceable taken"] > 0.0
    made = sums["stock refurbished"] + sums["workshops scrapped"]
    assert sums["unserviceable taken"] == pytest.approx(made, rel=1e-9)


def test_rows_are_in_order_and_say_everything_once() -> None:
    said = sim("trace", TWO, *SHORT, "--run", 3)
    rows = printed(said)
    assert list(rows[0]) == HEADER
    assert [row["date"] for row in rows] == sorted(row["date"] for row in rows)
    assert len({tuple(row[name] for name in HEADER[:-1]) for row in rows}) == len(rows)
    assert all(float(row["quantity"]) > 0.0 for row in rows)
    assert {row["kind"] for row in rows if not row["origin"]} <= {"required", "unmet"}
    assert said.out == sim("trace", TWO, *SHORT, "--run", 3, "--engine", "compiled").out
    assert said.out != sim("trace", TWO, *SHORT, "--run", 2).out
    assert said.out != sim("trace", TWO, *SHORT, "--run", 3, "--seed", 2).out


def test_voyages_are_the_rows_of_shipments_of_that_run() -> None:
    result = library.run(library.load(TWO, [SHORT[1]]), runs=5, engine="simpy", jobs=1)
    shipments = result.shipments
    rows = printed(sim("trace", TWO, *SHORT, "--run", 3, "--voyages"))
    assert list(rows[0]) == list(shipments.columns)
    of_run = shipments[shipments["run"] == 3]
    assert [row["arrived"] for row in rows] == of_run["arrived"].fillna("").tolist()
    assert [float(row["shells"]) for row in rows] == of_run["shells"].tolist()


@pytest.mark.parametrize(
    ("engine", "ran"),
    [("auto", "simpy"), ("simpy", "simpy"), ("compiled", "compiled"), ("native", "compiled")],
)
def test_a_trace_names_the_engine_that_made_it(engine: str, ran: str) -> None:
    assert trace(SCENARIOS / "flat.yaml", 0, engine=engine).engine == ran


def test_a_file_holds_what_would_be_printed(tmp_path: Path) -> None:
    file = tmp_path / "run3.csv"
    words = ("trace", TWO, *SHORT, "--run", 3)
    for more in ((), ("--voyages",)):
        said = sim(*words, *more, "--out", file)
        assert (said.status, said.out) == (0, "")
        assert file.read_text("utf-8") == sim(*words, *more).out
    assert [path.name for path in tmp_path.iterdir()] == ["run3.csv"]


def test_json_has_both_tables() -> None:
    said = sim("trace", TWO, *SHORT, "--run", 3, "--json")
    found = json.loads(said.out)
    assert (found["run"], found["seed"], found["engine"]) == (3, 1, "simpy")
    rows = printed(sim("trace", TWO, *SHORT, "--run", 3))
    assert len(found["entries"]) == len(rows)
    assert found["entries"][0] == {**rows[0], "quantity": float(rows[0]["quantity"])}
    voyages = printed(sim("trace", TWO, *SHORT, "--run", 3, "--voyages"))
    assert [row["departed"] for row in found["voyages"]] == [row["departed"] for row in voyages]
    assert {row["leg"] for row in found["voyages"]} == {None}


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["--run", -1], 2, "there is no run -1; allowed: 0 to 9,999,999"),
        (["--run", 10_000_000], 2, "allowed: 0 to 9,999,999"),
        ([], 2, "--run"),
        (["--run", 0, "--engine", "compield"], 2, "did you mean 'compiled'?"),
        (["--run", 0, "--out", "folder"], 1, "cannot write folder: it is a folder; name a file in it"),
        (
            ["--run", 0, "--out", "gone/x.csv"],
            1,
            "cannot write gone/x.csv: the folder above it does not exist",
        ),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    words: list[object], status: int, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    said = sim("trace", TWO, *SHORT, *words)
    assert (said.status, said.out) == (status, "")
    assert told in said.err
    assert "Traceback" not in said.err
