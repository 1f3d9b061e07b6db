"""Small sweeps that reach awkward places, seeded, and the reader's results for them.

`SWEEP_PLACES` names the places; each is reached by at least one case of the first two rounds of kinds.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from sim.findings.frontier_findings import frontier_finding
from sim.findings.sweep_figures import varied_paths
from sim.findings.sweep_findings import (
    heatmap_headline,
    is_consumption_rate,
    line_headline,
    sustainable_finding,
    sweep_findings,
)
from sim.simulate import run
from sim.study.designs import Design
from sim.study.sweep import sweep
from sim.study.sweep_result import Sweep, read_sweep
from tests.support.awkward_scenarios import Maker, Plain
from tests.support.findings_proof import Proof
from tests.support.folder_figures import RunFolder
from tests.support.sweep_reader import Said, SweepReading, read_sweep_folder

SWEEP_PLACES = (
    "solved",
    "not solved",
    "own point",
    "own point outside of the grid",
    "failed points",
    "no point",
    "one point",
    "lasts at every point",
    "lasts at no point",
    "several crossings",
    "values that are not numbers",
    "three paths",
    "design",
    "several stocks",
    "one run",
    "several scenarios",
    "other noun",
    "sustainable",
    "frontier",
    "dominated",
    "dominated, intervals overlap",
)
SWEEP_ROUND = 11
RATE, NEED, STOCK = "production.plant.rate", "consumption.front.rate", "depots.d.stock"
#: Shares of a step of the grid between which a solved value is narrowed.
_NARROW = 2 / 32_768


class Swept:
    """One case: a scenario as plain data, the values by path, and the other arguments of the sweep."""

    def __init__(self, plain: Plain, vary: Mapping[str, Any], runs: int = 1, **more: Any) -> None:
        self.plain, self.vary, self.runs, self.more = plain, vary, runs, more


class SweepMaker(Maker):
    """Makes one case."""

    def __init__(self, case: int, folder: Path) -> None:
        super().__init__(case, folder)
        self.need = self.pick(100.0, 7.5, 12_000.0)
        self.length = self.rng.randint(10, 120)
        self.is_odd_round = case // SWEEP_ROUND % 2 == 1

    def drawn(self) -> Plain:
        """Return a scenario with a stock for each run and a plant; some stocks last."""
        plain = self.plain(self.length, 0, f"{self.need!r}/day")
        runs = self.pick(5, 20, 40, 60)
        stocks = [self.need * self.rng.uniform(1, self.length * 1.1) for _ in range(runs)]
        plain = self.with_stocks(plain, stocks)
        plain["production"] = {"plant": {"rate": f"{self.need * self.rng.uniform(0.05, 1.2)!r}/day"}}
        return plain

    def rates(self, least: float, most: float) -> list[float]:
        """Return some rates in parts of the requirement, in order or not."""
        count = self.rng.randint(3, 8)
        values = [self.need * (least + (most - least) * place / (count - 1)) for place in range(count)]
        if self.is_odd_round:
            self.rng.shuffle(values)
        return values


def awkward_sweep(case: int, folder: Path) -> Swept:
    """Return case `case`."""
    return _KINDS[case % SWEEP_ROUND](SweepMaker(case, folder))


def _output(make: SweepMaker) -> Swept:
    """Output from nothing to more than is required."""
    plain = make.drawn()
    return Swept(plain, {RATE: make.rates(0, make.pick(0.3, 1.3))}, make.runs)


def _requirement(make: SweepMaker) -> Swept:
    """A rate of consumption that lasts in half of the runs, in 95 %, in all or in none."""
    plain = make.drawn()
    least, most = make.pick((0.1, 3), (0.6, 1.1), (3, 9), (0.01, 0.04), (0.02, 1.5))
    return Swept(plain, {NEED: make.rates(least, most)}, make.runs)


def _both(make: SweepMaker) -> Swept:
    """Output and requirement, with the point of the scenario on the grid, between its values or outside."""
    plain = make.drawn()
    need = [make.need * part for part in make.pick((0.5, 1, 1.7), (0.8, 1.3), (1.2, 1.5))]
    return Swept(plain, {RATE: make.rates(0, 1.4), NEED: need}, make.runs)


def _single(make: SweepMaker) -> Swept:
    """One point, or points that are almost alike."""
    plain = make.drawn()
    values = make.pick([make.need], [make.need * 0.3], [make.need, make.need * 1.0001])
    return Swept(plain, {make.pick(RATE, NEED): values}, make.runs)


def _failing(make: SweepMaker) -> Swept:
    """A stock beyond the capacity of its depot at some points, or at all."""
    plain = make.plain(make.length, 0, f"{make.need!r}/day")
    room = make.need * make.length * make.pick(0.4, 0.9, 1.4)
    plain["depots"]["d"] = {"stock": repr(room / 2), "capacity": repr(room)}
    least, most = (1.01, 2) if make.is_odd_round else make.pick((0.05, 1.6), (0.6, 1.2), (0.3, 1.3))
    values = [each * room / make.need for each in make.rates(least, most)]
    vary: dict[str, Any] = {STOCK: values}
    if make.rng.random() < 0.4:
        vary = {STOCK: values, NEED: [make.need * 0.5, make.need, make.need * 2]}
    return Swept(plain, vary, make.pick(1, 3))


def _named(make: SweepMaker) -> Swept:
    """A programme of other things than shells, with labels; some sweeps last at each point or at none."""
    plain = make.plain(make.pick(60, 366), make.pick(3, 30), "150/year")
    noun, verb = make.pick("blanket", "missile", "box"), make.pick("hands out", "launches", "uses")
    plain["munitions"] = {"things": {"noun": noun}}
    plain["consumption"]["front"] |= {"verb": verb, "label": "Eastern front"}
    plain["production"] = {"plant": {"rate": "60/year", "label": "Old works"}}
    values = make.pick(["20/year", "90/year", "200/year"], ["1/year", "2/year"], ["200/year", "300/year"])
    return Swept(plain, {make.pick(RATE, NEED): values}, make.pick(1, 4))


def _words(make: SweepMaker) -> Swept:
    """Values that are not numbers: rules of rationing, or whole scenarios."""
    plain = make.drawn()
    rule = {"rule": "proportional", "cover": "12 days"}
    plain["consumption"]["front"]["rationing"] = rule
    if make.is_odd_round:
        one, other = (
            {**plain, "title": title, "depots": {"d": {"stock": repr(make.need * days)}}}
            for title, days in (("First", make.length * 2), ("Second", make.length / 3))
        )
        one.pop("draws"), other.pop("draws")
        if make.rng.random() < 0.5:
            other["end"] = make.day(make.length + 9)
        return Swept(plain, {"scenario": {"first": one, "second": other}}, make.pick(1, 5))
    rules = ["proportional", "controlled"]
    return Swept(plain, {"consumption.front.rationing.rule": rules}, make.runs)


def _many_paths(make: SweepMaker) -> Swept:
    """Three paths, or the points of a design."""
    plain = make.drawn()
    if make.is_odd_round:
        ranges = {RATE: (0.0, make.need * 1.3)}
        if make.rng.random() < 0.5:
            ranges[NEED] = (make.need * 0.3, make.need * 1.5)
        plain.pop("draws")
        plain["depots"]["d"]["stock"] = repr(make.need * make.length / 3)
        return Swept(plain, {}, make.pick(1, 9), design=Design("sobol", 8, ranges))
    vary = {RATE: make.rates(0, 1.4), NEED: [make.need, make.need * 1.2]}
    return Swept(plain, {**vary, "consumption.front.daily_variation": [0.0, 0.1]}, make.runs)


def _crossings(make: SweepMaker) -> Swept:
    """A sweep in which more is not better: a later lot of guns' barrels, or the day of a lot."""
    plain = make.plain(make.length, make.need * make.length / 4, f"{make.need!r}/day")
    lot = {"deliveries": {make.day(2): repr(make.need * make.length)}, "lead_time": "1 day"}
    plain["shipments"] = {"ally": lot}
    fire = {"at": "d", "date": make.day(make.length // 2), "destroys": "100%"}
    plain["events"] = {"depot-fire": fire}
    days = [1, make.length // 4, make.length // 2 + 2, make.length * 3 // 4]
    return Swept(plain, {"shipments.ally.lead_time": [float(each) for each in days]}, make.pick(1, 3))


def _stocks(make: SweepMaker) -> Swept:
    """Two depots with consumers of their own, a single run or some."""
    plain = make.plain(make.length, 0, f"{make.need!r}/day")
    stock = make.need * make.length
    plain["depots"] = {
        "d": {"stock": make.pick(repr(stock / 3), {"low": stock / 9, "high": stock})},
        "e": {"stock": repr(stock * make.pick(0.5, 1.2, 3)), "label": "North depot"},
    }
    plain["consumption"] = {
        "front": {"at": "d", "rate": f"{make.need!r}/day"},
        "rear": {"at": "e", "rate": f"{make.need!r}/day"},
    }
    plain["production"] = {"plant": {"to": "d", "rate": f"{make.need / 2!r}/day"}}
    return Swept(plain, {RATE: make.rates(0, 1.2)}, make.pick(1, 24))


def _ordered(make: SweepMaker) -> Swept:
    """Levels to which orders are made, with their cost: too high and nearly alike, or far apart."""
    plain = make.plain(make.length, make.need * 2, f"{make.need!r}/day")
    plain["currency"] = "EUR"
    plain["consumption"]["front"]["daily_variation"] = "40%"
    plain["depots"]["d"]["holding_cost"] = "500 EUR/year"
    order = {"order_up_to": repr(make.need * 4), "unit_cost": "1k EUR"}
    plain["orders"] = {"works": {**order, "lead_time": {"low": "1 day", "high": "4 days"}}}
    level, step, runs = (20.0, 0.01, make.pick(2, 3)) if make.is_odd_round else (make.pick(0.5, 3.0), 1.5, 40)
    values = [make.need * level * (1 + step * place) for place in range(make.pick(4, 8))]
    return Swept(plain, {"orders.works.order_up_to": values}, runs)


_KINDS: Mapping[int, Callable[[SweepMaker], Swept]] = dict(
    enumerate(
        (
            _output, _requirement, _both, _single, _failing,
            _named, _words, _many_paths, _crossings, _stocks,
            _ordered,
        )
    )
)  # fmt: skip


def save_sweep(case: Swept, folder: Path) -> Path:
    """Sweep, save, and return the folder."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return sweep(case.plain, case.vary, runs=case.runs, jobs=1, **case.more).save(folder)


def sentences_of(found: Sweep) -> list[Said]:
    """Return what `sim sweep` prints, and the headlines of the charts that the sweep has."""
    said = [
        Said("printed", each.sentence, level=float(each.values.get("share") or 0.5))
        for each in sweep_findings(found)
    ]
    varied = varied_paths(found)
    if "cost" in found.outcomes:
        services = ["met", *(name for name in found.outcomes if name.startswith(("met.", "rationed_from")))]
        said += [
            Said("frontier", frontier_finding(found, "cost", name).sentence, name)
            for name in services
            if found.runs > 1 or name.startswith("met")
        ]
    if len(varied) == 1:
        said += [Said("line", line_headline(found, name).sentence, name) for name in found.outcomes]
        if is_consumption_rate(varied[0]):
            said.append(Said("sustainable", sustainable_finding(found).sentence))
    if len(varied) == 2:
        said += [
            Said("heat map", heatmap_headline(found, name, level).sentence, name, level)
            for name in found.outcomes
            for level in (0.5, 0.95)
        ]
    return said


def prove_sweeps(cases: Iterable[int]) -> Proof:
    """Sweep some cases, and return the reader's results."""
    proof = Proof()
    for case in cases:
        with tempfile.TemporaryDirectory() as name:
            made = awkward_sweep(case, Path(name))
            folder = save_sweep(made, Path(name) / "sweep")
            said = sentences_of(read_sweep(folder))
            reading = read_sweep_folder(folder, said)
            if case % 4 == 0:
                _run_again(reading, made, Path(name))
            places = places_of_sweep(reading, made, said)
        proof.add(f"sweep {case}", reading, places)
    return proof


def _run_again(reading: SweepReading, case: Swept, folder: Path) -> None:
    """Run at a solved value of a production rate and just below it, and count the runs that last."""
    (path, *others), row = reading.folder.paths, None
    if path == RATE and not others and "draws" in case.plain:
        row = reading.folder.row(path, 0.5)
    if row is None:
        return
    values = sorted(reading.folder.table[path])
    step = max(b - a for a, b in pairwise(values)) * _NARROW
    reading.current = f"solved value {row['value']}"
    for is_met, value in {True: row["value"], False: max(0.0, row["value"] - step)}.items():
        changed = {**case.plain, "production": {"plant": {"rate": f"{value!r}/day"}}}
        saved = run(changed, runs=case.runs, jobs=1, engine="simpy").save(folder / f"run-{is_met}")
        share = float(RunFolder(saved).outcomes["exhausted"].isna().mean())
        reading.claim(f"with {value} the share is {share}", holds=(share >= 0.5) == is_met)


def places_of_sweep(reading: SweepReading, case: Swept, said: Iterable[Said]) -> set[str]:
    """Return the places that a sweep reached."""
    folder = reading.folder
    shares = [] if folder.valid.empty else folder.lasting("exhausted")
    forms = reading.kinds
    own, grid = folder.summary["own"], folder.table
    outside = [
        path for path in folder.paths if path in own and not grid[path].min() <= own[path] <= grid[path].max()
    ]
    frontiers = [each.sentence for each in said if each.place == "frontier"]
    enough = [share >= 0.5 for share in shares]
    tests = {
        "solved": forms["solved"] > 0,
        "not solved": forms["between"] > 0,
        "own point": forms["own point"] > 0,
        "own point outside of the grid": len(folder.paths) == 2 and bool(outside),
        "failed points": not folder.is_whole and not folder.valid.empty,
        "no point": folder.valid.empty,
        "one point": len(folder.valid) == 1,
        "lasts at every point": bool(shares) and min(shares) == 1.0,
        "lasts at no point": bool(shares) and max(shares) == 0.0,
        "several crossings": len(folder.paths) == 1
        and sum(one != other for one, other in pairwise(enough)) > 1,
        "values that are not numbers": not set(folder.paths) <= set(folder.summary["units"]),
        "three paths": len(folder.paths) > 2,
        "design": folder.summary["design"] is not None,
        "several stocks": (folder.summary["stocks"] or 1) > 1,
        "one run": folder.runs == 1,
        "several scenarios": "scenario" in case.vary,
        "other noun": folder.noun != "shells",
        "sustainable": forms["sustained"] > 0,
        "frontier": bool(frontiers),
        "dominated": any(each.endswith(" dominated") and "; no point" not in each for each in frontiers),
        "dominated, intervals overlap": any(
            each.endswith(" with overlapping intervals") for each in frontiers
        ),
    }
    return {place for place, is_reached in tests.items() if is_reached}
