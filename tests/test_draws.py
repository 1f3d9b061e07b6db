"""Joint samples (rule 6): rows computed by hand, the way back from `outcomes.csv`, and invalid files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import sim
from sim import simulate
from sim.errors import Fault, InputError, RunError, ScenarioError
from sim.model.run import run_once
from sim.scenario import attachment
from sim.scenario.number_listing import is_uncertain, random_inputs
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    from tests.support.scenario_builder import ScenarioBuilder

Plain = dict[str, Any]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def sampled(here: Path, desk: ScenarioBuilder) -> Callable[..., Scenario]:
    """Return a maker of a ten-day scenario whose draws are some text."""

    def make(text: str, **sections: Any) -> Scenario:
        (here / "s.csv").write_text(text)
        return simulate.as_scenario(desk.plain(10, 1000, draws="s.csv", **sections))

    return make


def fault_of(make: Callable[[], object]) -> Fault:
    with pytest.raises(InputError) as caught:
        make()
    (fault,) = caught.value.faults
    return fault


FRONT = {"front": {"rate": "10/day"}}
EVERYTHING: Plain = {
    "munitions": {"a": {"gross_mass": "50 kg"}, "b": {"gross_mass": "20 kg"}},
    "depots": {
        "d": {"stock": {"a": 900, "b": "60 days"}, "unserviceable": {"a": 10, "b": 0}, "capacity": "1M"},
        "e": {"stock": {"a": 1, "b": 2}},
    },
    "production": {
        "p": {
            "to": "d",
            "rate": {"a": "5/day", "b": {"by_date": {"2023-09-03": "1 t/day"}}},
            "lead_time": {"low": "1 day", "high": "2 days"},
            "outages": {"every": "5 days", "last": "1 day", "share": "50%"},
        },
        "q": {"to": "d", "rate": {"a": "5/day"}, "growth": "3%"},
    },
    "refurbishment": {"r": {"at": "d", "rate": "3/day", "yield": "70%"}},
    "shipments": {
        "s": {
            "to": "d",
            "first": "2023-09-02",
            "until": "200 days",
            "mix": {"a": "50%", "b": "50%"},
            "shells_per_container": 40,
            "serviceable": "90%",
            "reserve": {"stock": 500, "production": "7/day"},
            "route": [
                {"vehicles": 1, "capacity": 3, "load": "1 h", "travel": "1 day", "unload": "2 h"},
                {"capacity": "2 containers", "travel": "1 day", "departs": "full"},
            ],
        },
        "t": {"to": "d", "mix": {"a": "1"}, "lead_time": "1 day", "deliveries": {"2023-09-04": "2 t"}},
    },
    "transfers": {"m": {"from": "d", "to": "e", "capacity": "4/day", "lead_time": "1 day", "keep": "9 days"}},
    "consumption": {
        "f": {
            "at": "d",
            "rate": {"a": "6/day", "b": "2/day"},
            "daily_variation": "20%",
            "rationing": {"rule": "proportional", "cover": "200 days"},
            "guns": 4,
            "rounds_per_gun": 2,
            "barrels": {"stock": 3, "production": "1/month"},
            "barrel_life": 50,
        },
        "g": {"at": "e", "rate": {"a": "1/day", "b": "1/day"}},
    },
    "events": {
        "fire": {"at": "d", "date": "2023-09-05", "destroys": "10%"},
        "blast": {"at": "d", "every": "9 days", "destroys": "30 shells"},
        "strike": {"from": "2023-09-02", "until": "2023-09-04", "stops": "production.p", "share": "40%"},
        "surge": {"from": "2023-09-02", "multiplies": "consumption.f.rate", "factor": "1.5"},
        "storm": {"every": "9 days", "last": "1 day", "multiplies": "production.q.rate", "factor": "0.5"},
        "halt": {"date": "2023-09-06", "stops": "shipments.s", "share": "100%"},
    },
}
#: Paths drawn once a run, a cell with its unit, and the number in base units.
ONCE = [
    ("munitions.a.gross_mass", "0.04 t", 40.0),
    ("depots.d.stock.a", "1.2k shells", 1200.0),
    ("depots.d.stock.b", "2 weeks", 14.0),
    ("depots.d.unserviceable.a", "7", 7.0),
    ("depots.d.capacity", "1.1k", 1100.0),
    ("production.p.rate.a", "70/week", 10.0),
    ("production.p.rate.b.by_date.2023-09-03", "0.7 t/week", 100.0),
    ("production.q.growth", "-5%", -0.05),
    ("refurbishment.r.rate", "1461/year", 4.0),
    ("refurbishment.r.yield", "80%", 0.8),
    ("shipments.s.first", "2023-09-04", 3.0),
    ("shipments.s.until", "1 week", 7.0),
    ("shipments.s.shells_per_container", "50", 50.0),
    ("shipments.s.serviceable", "1", 1.0),
    ("shipments.s.reserve.stock", "0.7k", 700.0),
    ("shipments.s.reserve.production", "1/h", 24.0),
    ("shipments.s.route.0.capacity", "4 containers", 4.0),
    ("shipments.s.route.1.capacity", "5", 5.0),
    ("shipments.t.deliveries.2023-09-04", "1 t", 1000.0),
    ("transfers.m.capacity", "2/day", 2.0),
    ("transfers.m.keep", "36 h", 1.5),
    ("consumption.f.rate.a", "140/week", 20.0),
    ("consumption.f.daily_variation", "0", 0.0),
    ("consumption.f.rationing.cover", "50 weeks", 350.0),
    ("consumption.f.guns", "2", 2.0),
    ("consumption.f.rounds_per_gun", "1 round", 1.0),
    ("consumption.f.barrels.stock", "2", 2.0),
    ("consumption.f.barrels.production", "7/week", 1.0),
    ("consumption.f.barrel_life", "0.02k", 20.0),
    ("events.fire.destroys", "20%", 0.2),
    ("events.strike.share", "0.25", 0.25),
    ("events.surge.factor", "250%", 2.5),
]
EACH_TIME = [
    "production.p.lead_time",
    "production.p.outages.every",
    "production.p.outages.last",
    "production.p.outages.share",
    "shipments.s.route.0.load",
    "shipments.s.route.0.travel",
    "shipments.s.route.0.unload",
    "shipments.s.route.0.back",
    "shipments.t.lead_time",
    "transfers.m.lead_time",
    "consumption.f.variation",
    "events.blast.every",
    "events.blast.destroys",
    "events.storm.last",
    "events.storm.factor",
]


def test_run_k_takes_row_k_modulo_the_rows(sampled: Callable[..., Scenario]) -> None:
    scenario = sampled(
        "depots.depot.stock,consumption.front.rate\n100,1\n200,2\n300,70/week\n", consumption=FRONT
    )
    found = sim.run(scenario, runs=7).outcomes
    assert found["depots.depot.stock"].tolist() == [100, 200, 300, 100, 200, 300, 100]
    assert found["consumption.front.rate"].tolist() == [1, 2, 10, 1, 2, 10, 1]
    # Ten days: 100 - 10, 200 - 20, 300 - 100.
    assert found["closing_stock"].tolist() == [90, 180, 200, 90, 180, 200, 90]


def test_the_number_of_processes_changes_nothing(sampled: Callable[..., Scenario]) -> None:
    scenario = sampled("depots.depot.stock\n100\n200\n300\n", consumption=FRONT)
    alone, pooled = (sim.run(scenario, runs=80, jobs=jobs).outcomes for jobs in (1, 2))
    assert alone.equals(pooled)


def test_what_one_study_drew_another_can_be_given(here: Path, desk: ScenarioBuilder) -> None:
    drawn: Plain = {
        "production": {"line": {"rate": {"low": "1/day", "high": "9/day"}}},
        "consumption": {"front": {"rate": {"mean": "50/day", "cv": 0.3}, "daily_variation": "40%"}},
        "shipments": {
            "ally": {
                "first": {"low": "2023-09-02", "high": "2023-09-20"},
                "serviceable": {"low": "50%", "high": "90%"},
                "route": [desk.leg(travel={"low": "1 day", "high": "4 days"})],
            }
        },
    }
    first = sim.run(desk.plain(40, {"low": 100, "high": 900}, **drawn), runs=6).outcomes
    paths = [column for column in first.columns if "." in column]
    assert len(paths) == 5
    first[paths].to_csv(here / "drawn.csv", index=False)
    fixed = json.loads(json.dumps(drawn))
    fixed["production"]["line"]["rate"] = "1/day"
    fixed["consumption"]["front"]["rate"] = "1/day"
    fixed["shipments"]["ally"] |= {"first": "2023-09-02", "serviceable": "70%"}
    second = sim.run(desk.plain(40, 5, draws="drawn.csv", **fixed), runs=6).outcomes
    # Voyages and daily variation are drawn by the same streams as before: nothing else has moved.
    assert second.equals(first)


def test_other_streams_do_not_move(here: Path, desk: ScenarioBuilder) -> None:
    uncertain = {"line": {"rate": {"low": "0/day", "high": "8/day"}}}
    (here / "s.csv").write_text("depots.depot.stock\n5\n")
    plain = desk.plain(3, {"low": 0, "high": 10}, production=uncertain, draws="s.csv")
    for run in range(3):
        ledger = run_once(simulate.as_scenario(plain), 9, run)
        u = desk.uniforms("production.line.rate", 1, seed=9, run=run)[0]
        assert ledger.drawn == {
            "depots.depot.stock": 5.0,
            "production.line.rate": pytest.approx(8 * u, rel=1e-12),
        }


def test_a_fixed_number_with_a_column_is_uncertain(
    sampled: Callable[..., Scenario], desk: ScenarioBuilder
) -> None:
    scenario = sampled("depots.depot.stock\n5\n6\n")
    assert is_uncertain(scenario)
    assert [listed.quantity.path for listed in random_inputs(scenario)] == ["depots.depot.stock"]
    assert not is_uncertain(simulate.as_scenario(desk.plain(10, 1000)))
    assert len(sim.run(scenario, jobs=1).outcomes) == simulate.DEFAULT_RUNS


@pytest.mark.parametrize(("path", "cell", "value"), ONCE, ids=[path for path, _, _ in ONCE])
def test_a_column_does_what_the_same_number_in_the_file_would(
    here: Path, desk: ScenarioBuilder, path: str, cell: str, value: float
) -> None:
    (here / "s.csv").write_text(f"{path}\n{cell}\n")
    base = {**desk.plain(30), **EVERYTHING}
    written = simulate.as_scenario(base).replace({path: cell})
    sampled = run_once(simulate.as_scenario({**base, "draws": "s.csv"}), 1, 0)
    assert sampled.drawn[path] == pytest.approx(value, rel=1e-12)
    assert sampled.columns == run_once(written, 1, 0).columns
    assert sampled.columns != run_once(simulate.as_scenario(base), 1, 0).columns


@pytest.mark.parametrize("path", EACH_TIME)
def test_what_is_drawn_each_time_is_refused(here: Path, desk: ScenarioBuilder, path: str) -> None:
    (here / "s.csv").write_text(f"depots.d.capacity,{path}\n1,1\n")
    fault = fault_of(lambda: simulate.as_scenario({**desk.plain(30), **EVERYTHING, "draws": "s.csv"}))
    assert (str(fault.where), fault.path) == ("s.csv:1:19", path)
    assert "each time" in fault.problem


def test_every_number_of_a_file_is_either_or() -> None:
    told = {path for path, _, _ in ONCE} | set(EACH_TIME) | {"events.halt.share"}
    scenario = simulate.as_scenario({"schema": 1, "start": "2023-09-01", "end": "2023-10-01", **EVERYTHING})
    again = {
        *("depots.d.unserviceable.b", "depots.e.stock.a", "depots.e.stock.b", "production.q.rate.a"),
        *("shipments.s.mix.a", "shipments.s.mix.b", "shipments.t.mix.a", "munitions.b.gross_mass"),
        *(
            "shipments.s.route.1.travel",
            "consumption.f.rate.b",
            "consumption.g.rate.a",
            "consumption.g.rate.b",
        ),
        "events.storm.every",
    }
    from sim.scenario.number_listing import list_numbers

    assert {listed.quantity.path for listed in list_numbers(scenario)} <= told | again


def test_drawn_shares_of_a_mix_are_divided_by_their_sum(sampled: Callable[..., Scenario]) -> None:
    sections: Plain = {
        "munitions": {"a": {}, "b": {}},
        "depots": {"depot": {"stock": {"a": 0, "b": 0}}},
        "shipments": {
            "ally": {"mix": {"a": "50%", "b": "50%"}, "lead_time": "1 day", "deliveries": {"2023-09-02": 100}}
        },
    }
    mixed = sampled("shipments.ally.mix.a\n0.125\n0\n", **sections)
    # 0.125 / 0.625 is a fifth.
    assert [levels[-1] for levels in run_once(mixed, 1, 0).levels] == pytest.approx([20, 80], rel=1e-12)
    assert [levels[-1] for levels in run_once(mixed, 1, 1).levels] == [0, 100]
    nothing = sampled("shipments.ally.mix.a,shipments.ally.mix.b\n1,1\n0,0\n", **sections)
    with pytest.raises(RunError, match=r"run 1: shipments\.ally: there are no shells in its cargo"):
        sim.run(nothing, runs=2, jobs=1)


def test_a_mass_that_one_run_does_not_need_stands_in_its_row_all_the_same(
    sampled: Callable[..., Scenario],
) -> None:
    offered = {"mix": {"a": "50%", "b": "50%"}, "lead_time": "1 day", "deliveries": {"2023-09-02": "1 t"}}
    mixed = sampled(
        "shipments.ally.mix.a\n0\n0.5\n",
        munitions={"a": {"gross_mass": {"low": "40 kg", "high": "60 kg"}}, "b": {"gross_mass": "50 kg"}},
        depots={"depot": {"stock": {"a": 0, "b": 0}}},
        shipments={"ally": offered},
    )
    found = sim.run(mixed, runs=2).outcomes
    # Without a's, a shell is 50 kg, and a tonne 20 shells.
    assert found["landed"][0] == pytest.approx(20, rel=1e-12)
    assert found["landed"][1] == pytest.approx(
        1000 / (found["munitions.a.gross_mass"][1] / 2 + 25), rel=1e-12
    )


def test_dates_are_dates_or_days_from_the_start(
    sampled: Callable[..., Scenario], desk: ScenarioBuilder
) -> None:
    ally = {"route": [desk.leg()], "until": {"low": "2023-09-08", "high": "2023-09-09"}}
    text = "shipments.ally.first,shipments.ally.until\n2023-09-04,6.5\n2023-08-31,12 days\n"
    scenario = sampled(text, shipments={"ally": {**ally, "first": "2023-09-02"}})
    draws = scenario.draws
    assert draws is not None
    assert draws.column("shipments.ally.first") == (3, -1)
    assert draws.column("shipments.ally.until") == (6.5, 12)
    ledger = run_once(scenario, 1, 0)
    # One vehicle, a day each way: it loads on days 3 and 5, and not on day 7.
    assert [trip.departed / 86400 for trip in ledger.voyages] == [3, 5]
    # Dates are unchanged; days since the start move with it.
    later = scenario.replace({"start": "2023-09-02"}).draws
    assert later is not None
    assert later.column("shipments.ally.first") == (2, -2)
    assert later.column("shipments.ally.until") == (6.5, 12)


WRONG: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    "an unknown path": ("depots.depot.stok\n1\n", "1:1", "depots.depot.stok", ("no number", "sim show")),
    "a component": ("depots.depot\n1\n", "1:1", "depots.depot", ("no number",)),
    "through value": ("a,depots.depot.stock\n1,2\n", "1:1", "a", ("no number 'a'",)),
    "a column twice": (
        "depots.depot.stock, depots.depot.stock\n1,2\n",
        "1:20",
        "depots.depot.stock",
        ("stands here again, first at s.csv:1:1",),
    ),
    "nothing at all": ("", "1:1", "draws", ("is empty",)),
    "nothing but lines": ("\n\n", "1:1", "draws", ("is empty",)),
    "a header alone": ("depots.depot.stock\n", "1:1", "draws", ("has no rows",)),
    "a cell too few": ("depots.depot.stock,consumption.front.rate\n1\n", "2:1", "draws", ("1 cells", "2")),
    "a cell too many": ("depots.depot.stock\n1\n1,2\n", "3:3", "draws", ("2 cells",)),
    "an empty cell": ("depots.depot.stock\n\n1\n ,\n", "4:3", "draws", ("2 cells",)),
    "a missing number": ("depots.depot.stock\n1\n \n", "3:1", "depots.depot.stock", ("missing",)),
    "no number": ("depots.depot.stock\nmany\n", "2:1", "depots.depot.stock", ("'many' is not a stock",)),
    "a grouped number": ('depots.depot.stock\n"1,000"\n', "2:1", "depots.depot.stock", ("not grouped",)),
    "not finite": ("depots.depot.stock\nnan\n", "2:1", "depots.depot.stock", ("'nan'",)),
    "too large": ("depots.depot.stock\n1e16\n", "2:1", "depots.depot.stock", ("too large",)),
    "too small": ("depots.depot.stock\n1e-400\n", "2:1", "depots.depot.stock", ("too small",)),
    "below zero": (
        "consumption.front.rate,depots.depot.stock\n1,-1\n",
        "2:3",
        "depots.depot.stock",
        ("'-1' is less than a stock can be",),
    ),
    "a share beyond one": (
        "shipments.ally.serviceable\n0.5\n80\n",
        "3:1",
        "shipments.ally.serviceable",
        ("80% is 0.8", "a share from 0 to 1"),
    ),
    "zero where there must be something": (
        "shipments.ally.route.0.capacity\n0\n",
        "2:1",
        "shipments.ally.route.0.capacity",
        ("more than zero",),
    ),
    "another dimension": ("depots.depot.stock\n5/day\n", "2:1", "depots.depot.stock", ("has a period",)),
    "another unit of the same key": (
        "depots.depot.stock\n60 days\n",
        "2:1",
        "depots.depot.stock",
        ("in days, and the number of the file in shells",),
    ),
    "a date for a number": (
        "depots.depot.stock\n2023-09-01\n",
        "2:1",
        "depots.depot.stock",
        ("'2023-09-01'",),
    ),
    "a date that is none": (
        "shipments.ally.first\n2023-09-31\n",
        "2:1",
        "shipments.ally.first",
        ("calendar",),
    ),
    "a date far away": ("shipments.ally.first\n1e6\n", "2:1", "shipments.ally.first", ("too far away",)),
    "days among dates": (
        "shipments.ally.first\n2023-09-03\n3\n",
        "3:1",
        "shipments.ally.first",
        ("among dates",),
    ),
    "no CSV": ('depots.depot.stock\n1\n"2', "3:1", "draws", ("well-formed",)),
    "a line break in a cell": ('depots.depot.stock\n1\n"2\n3",4\n', "4:4", "draws", ("2 cells",)),
    "a fleet stopped in part": ("events.halt.share\n0.5\n", "1:1", "events.halt.share", ("wholly",)),
}


@pytest.mark.parametrize(("text", "place", "path", "words"), WRONG.values(), ids=list(WRONG))
def test_a_wrong_table_is_told_with_file_line_and_column(
    sampled: Callable[..., Scenario],
    desk: ScenarioBuilder,
    text: str,
    place: str,
    path: str,
    words: tuple[str, ...],
) -> None:
    ally = {"first": "2023-09-02", "serviceable": "50%", "route": [desk.leg()]}
    halt = {"date": "2023-09-05", "stops": "shipments.ally", "share": "100%"}
    fault = fault_of(
        lambda: sampled(text, consumption=FRONT, shipments={"ally": ally}, events={"halt": halt})
    )
    assert (str(fault.where), fault.path) == (f"s.csv:{place}", path)
    for word in words:
        assert word in str(fault)


def test_all_wrong_cells_are_told_at_once_but_no_more_than_twenty(sampled: Callable[..., Scenario]) -> None:
    with pytest.raises(ScenarioError) as caught:
        sampled("depots.depot.stock,consumption.front.rate\nx,1\n1,y\nz,-1\n", consumption=FRONT)
    assert [str(fault.where) for fault in caught.value.faults] == [
        *("s.csv:2:1", "s.csv:3:3", "s.csv:4:1", "s.csv:4:3"),
    ]
    with pytest.raises(ScenarioError) as caught:
        sampled("depots.depot.stock\n" + "x\n" * 1000)
    assert len(caught.value.faults) == 21
    assert "first 20" in caught.value.faults[-1].problem


def test_bytes_that_are_no_text_are_told_where(here: Path, desk: ScenarioBuilder) -> None:
    (here / "s.csv").write_bytes(b"depots.depot.stock\n12\xff\n")
    fault = fault_of(lambda: simulate.as_scenario(desk.plain(10, 1, draws="s.csv")))
    assert str(fault.where) == "s.csv:2:3"


def test_a_file_of_excel_is_read(here: Path, desk: ScenarioBuilder) -> None:
    (here / "s.csv").write_bytes(b'\xef\xbb\xbf"depots.depot.stock"\r\n"5"\r\n 7 \r\n')
    draws = simulate.as_scenario(desk.plain(10, 1, draws="s.csv")).draws
    assert draws is not None
    assert draws.column("depots.depot.stock") == (5, 7)


SCENARIO = """\
schema: 1
start: 2023-09-01
end: 2023-09-11
{key}: {name}
depots: {{depot: {{stock: 1000}}}}
"""


@pytest.mark.parametrize("key", ["draws", "evidence"])
def test_a_file_that_cannot_be_read_is_told_where_the_key_stands(
    here: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    (here / "folder").mkdir()
    (here / "large.csv").write_text("depots.depot.stock\n1\n")
    monkeypatch.setattr(attachment, "MAX_BYTES", 20)
    at = 4, len(key) + 3
    for name, words in {
        "none.csv": "is not there",
        "folder": "is not a file",
        "large.csv": "more than 20 bytes",
        "'  '": "is not the name of a file",
        "[a]": "is not the name of a file",
        "n" * 300: "too long",
    }.items():
        (here / "scenario.yaml").write_text(SCENARIO.format(key=key, name=name))
        fault = fault_of(lambda: sim.load("scenario.yaml"))
        assert fault.where is not None
        assert (fault.where.file, fault.where.line, fault.where.column) == ("scenario.yaml", *at)
        assert fault.path == key
        assert words in str(fault)


def test_a_path_is_looked_up_from_the_file_that_names_it(here: Path) -> None:
    for folder in ("base", "study/data"):
        (here / folder).mkdir(parents=True)
    samples = b"depots.depot.stock\n7\n"
    (here / "base/s.csv").write_bytes(samples)
    (here / "study/data/t.csv").write_bytes(b"depots.depot.stock\n8\n")
    (here / "base/base.yaml").write_text(SCENARIO.format(key="draws", name="s.csv"))
    (here / "study/over.yaml").write_text("extends: ../base/base.yaml\ntitle: Over\n")
    over = sim.load("study/over.yaml")
    assert run_once(over, 1, 0).drawn == {"depots.depot.stock": 7}
    assert over.digests["../base/s.csv"] == hashlib.sha256(samples).hexdigest()
    assert set(over.digests) == {"over.yaml", "../base/base.yaml", "../base/s.csv"}
    (here / "study/over.yaml").write_text("extends: ../base/base.yaml\ndraws: data/t.csv\n")
    other = sim.load("study/over.yaml")
    assert run_once(other, 1, 0).drawn == {"depots.depot.stock": 8}
    assert set(other.digests) == {"over.yaml", "../base/base.yaml", "data/t.csv"}
    # The key that is laid over decides which file is read; the other need not be there.
    (here / "base/s.csv").unlink()
    assert sim.load("study/over.yaml") == other
    assert sim.load("study/over.yaml", ["draws=null"]).draws is None


def test_the_manifest_has_its_digest_and_no_path_of_this_machine(here: Path, tmp_path: Path) -> None:
    samples = b"depots.depot.stock\n7\n"
    (here / "s.csv").write_bytes(samples)
    (here / "scenario.yaml").write_text(SCENARIO.format(key="draws", name=tmp_path / "s.csv"))
    folder = sim.run("scenario.yaml", runs=1).save(here / "out")
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["inputs"]["s.csv"] == hashlib.sha256(samples).hexdigest()
    assert "\ndraws: s.csv\n" in (folder / "scenario.yaml").read_text()
    for file in folder.iterdir():
        assert str(tmp_path).encode() not in file.read_bytes()


def test_two_files_of_one_name_both_stand_in_the_inputs(here: Path, tmp_path: Path) -> None:
    (here / "far").mkdir()
    (here / "s.csv").write_text("depots.depot.stock\n7\n")
    (here / "far/s.csv").write_text("extends nothing")
    text = SCENARIO.format(key="draws", name="s.csv") + f"evidence: {tmp_path / 'far/s.csv'}\n"
    (here / "scenario.yaml").write_text(text)
    from sim.scenario.loader import load_file

    inputs = load_file(Path("scenario.yaml"), None).digests
    assert set(inputs) == {"scenario.yaml", "s.csv", "draws: s.csv"}
    assert inputs["draws: s.csv"] == hashlib.sha256((here / "s.csv").read_bytes()).hexdigest()


def test_the_resolved_text_is_runnable_where_the_samples_lie(
    sampled: Callable[..., Scenario], here: Path
) -> None:
    scenario = sampled("depots.depot.stock\n7\n8\n", consumption=FRONT)
    (here / "again.yaml").write_text(scenario.text())
    again = sim.load("again.yaml")
    assert again.account_digest() == scenario.account_digest()
    assert again.draws == scenario.draws


def test_the_values_are_part_of_the_account_and_the_order_of_columns_is_not(
    sampled: Callable[..., Scenario],
) -> None:
    one, other, third = (
        sampled(text, consumption=FRONT).account_digest()
        for text in (
            "depots.depot.stock,consumption.front.rate\n7,1\n8,2\n",
            "consumption.front.rate,depots.depot.stock\n1/day,7\n2,8 shells\n",
            "consumption.front.rate,depots.depot.stock\n1,7\n2,9\n",
        )
    )
    assert one == other != third


def test_replace_keeps_the_samples_that_were_read(sampled: Callable[..., Scenario], here: Path) -> None:
    scenario = sampled("depots.depot.stock\n7\n8\n", consumption=FRONT)
    (here / "s.csv").unlink()
    other = scenario.replace({"consumption.front.rate": "0.5/day"})
    assert other.digests == scenario.digests
    assert sim.run(other, runs=2).outcomes["closing_stock"].tolist() == [2, 3]
    without = scenario.replace({"draws": None})
    assert without.draws is None
    assert "s.csv" not in without.digests
    (here / "t.csv").write_text("consumption.front.rate\n3\n")
    exchanged = without.replace({"draws": "t.csv"})
    assert run_once(exchanged, 1, 0).drawn == {"consumption.front.rate": 3}


def test_replace_reads_a_file_anew_where_it_is_named_anew(
    sampled: Callable[..., Scenario], here: Path
) -> None:
    scenario = sampled("depots.depot.stock\n7\n")
    (here / "s.csv").write_text("depots.depot.stock\n9\n")
    assert run_once(scenario.replace({"draws": "s.csv"}), 1, 0).drawn == {"depots.depot.stock": 9}


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        ({"consumption.front.rate": "3/day"}, "<replace>:1:1", "gives consumption.front.rate in every run"),
        ({"consumption.front": {"rate": "3/day"}}, "<replace>:1:1", "gives consumption.front.rate"),
        ({"consumption.front.rate.low": "3/day"}, "<replace>:1:1", "gives consumption.front.rate"),
        ({"consumption": None}, "<replace>:1:1", "gives consumption.front.rate"),
        ({"depots.depot.stock": "3 days"}, "<replace>:1:1", "gives depots.depot.stock"),
    ],
)
def test_replace_does_not_change_in_silence_what_a_column_gives(
    sampled: Callable[..., Scenario], change: Plain, place: str, words: str
) -> None:
    front = {"front": {"rate": {"low": "1/day", "high": "4/day"}}}
    scenario = sampled("depots.depot.stock,consumption.front.rate\n7,1\n", consumption=front)
    with pytest.raises(ScenarioError) as caught:
        scenario.replace(change)
    assert any(str(f.where) == place and words in f.problem for f in caught.value.faults), caught.value
