"""Small scenarios with an unknown stock, seeded, and the reader's results for their answers.

`UNKNOWN_PLACES` names the places; each is reached by at least one case of any ten.
"""

from __future__ import annotations

import copy
import tempfile
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from sim import run as run_any
from sim.simulate import run
from tests.support.awkward_scenarios import Maker, Plain
from tests.support.findings_proof import Proof
from tests.support.folder_figures import RunFolder
from tests.support.unknown_stock_reader import UnknownStockReading, read_unknown_stock

UNKNOWN_PLACES = (
    "one run",
    "all runs alike",
    "no stock needed",
    "none needed in half",
    "no stock suffices in 95 %",
    "several stocks",
    "other noun",
    "late supply",
    "nothing comes in",
)
UNKNOWN_ROUND = 10


class UnknownCase(NamedTuple):
    """A scenario as plain data, its runs, and the name of the stock in a sentence."""

    plain: Plain
    runs: int
    name: str = "opening stock"
    is_certain: bool = False


def awkward_unknown(case: int, folder: Path) -> UnknownCase:  # noqa: C901 - one kind after the other
    """Return case `case`."""
    make = Maker(case, folder)
    kind, need, days = case % UNKNOWN_ROUND, make.pick(100.0, 7.5, 12_000.0), make.rng.randint(10, 90)
    runs = make.pick(20, 40)
    plain = make.plain(days, "unknown", f"{need!r}/day")
    drawn = {"low": f"{need * 0.7!r}/day", "high": f"{need * 1.4!r}/day"}
    if kind not in {1, 5}:
        plain["production"] = {"plant": {"rate": f"{need * make.rng.uniform(0.1, 0.6)!r}/day"}}
    if kind in {0, 5, 6}:
        runs = 1 if kind == 0 else make.pick(1, 4)
    if kind in {1, 4, 8}:
        plain["consumption"]["front"]["rate"] = drawn
    if kind == 2:
        late = {"low": "1 day", "high": "20 days"}
        lot = {"deliveries": {make.day(days // 2): repr(need * days)}, "lead_time": late}
        plain["shipments"] = {"ally": lot}
    if kind == 3:
        plain["production"]["plant"]["rate"] = f"{need * make.pick(1.01, 3)!r}/day"
        runs = 1
    if kind == 4:
        plain |= _fire(make, days, runs)
    if kind == 5:
        plain = make.plain(366, "unknown", make.pick("150/year", "40/year", "4/year"))
        plain["munitions"] = {"things": {"noun": make.pick("blanket", "missile", "box")}}
        plain["consumption"]["front"]["verb"] = make.pick("hands out", "launches", "uses")
    if kind == 6:
        plain |= _two_depots(need, days)
        plain["production"]["plant"]["to"] = "d"
    if kind == 7:
        rates = {"low": f"{need * 0.8!r}/day", "high": f"{need * 1.6!r}/day"}
        plain["production"]["plant"]["rate"] = rates
    if kind == 9:
        plain["consumption"]["front"] |= {"daily_variation": "20%"}
        plain["consumption"]["front"]["rate"] = {
            "by_date": {make.day(0): f"{need!r}/day", make.day(days // 2): f"{need * 2!r}/day"}
        }
    name = "opening stock of North depot" if kind == 6 else "opening stock"
    return UnknownCase(plain, runs, name, is_certain=kind in {0, 3, 5, 6})


def _fire(make: Maker, days: int, runs: int) -> Plain:
    """Return a fire at the depot, after which nothing is left in a fifth of the runs."""
    lost = [1.0 if run < runs * 0.2 else 0.1 for run in range(runs)]
    path = make.folder / f"draws-{make.case}.csv"
    path.write_text("\n".join(["events.depot-fire.destroys", *map(repr, lost)]) + "\n", "ascii")
    fire = {"at": "d", "date": make.day(days // 2), "destroys": "50%"}
    return {"events": {"depot-fire": fire}, "draws": str(path)}


def _two_depots(need: float, days: int) -> Plain:
    """Return two depots with a consumer each, the stock of one of them unknown."""
    places = (("front", "d"), ("rear", "e"))
    return {
        "depots": {
            "d": {"stock": "unknown", "label": "North depot"},
            "e": {"stock": repr(need * days * 3)},
        },
        "consumption": {name: {"at": depot, "rate": f"{need!r}/day"} for name, depot in places},
    }


class UnknownRuns:
    """Folder of a case, and those of the same runs with known stocks, each made once."""

    def __init__(self, case: UnknownCase, folder: Path) -> None:
        self.case, self.folder = case, folder
        self.made: dict[float, RunFolder] = {}
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            result = run_any(case.plain, runs=case.runs, jobs=1)
        self.saved = RunFolder(result.save(folder / "unknown"))

    def run_with(self, stock: float) -> RunFolder:
        """Return the folder of the runs with a known stock."""
        if stock not in self.made:
            known: Plain = copy.deepcopy(self.case.plain)
            known["depots"]["d"]["stock"] = f"{stock!r} shells"
            result = run(known, runs=self.case.runs, jobs=1)
            self.made[stock] = RunFolder(result.save(self.folder / f"known-{len(self.made)}"))
        return self.made[stock]

    def read(self) -> UnknownStockReading:
        """Return the reader's results."""
        return read_unknown_stock(self.saved, self.run_with, self.case.name, is_certain=self.case.is_certain)


def prove_unknown_stocks(cases: Iterable[int]) -> Proof:
    """Run some cases, and return the reader's results."""
    proof = Proof()
    for number in cases:
        with tempfile.TemporaryDirectory() as name:
            case = awkward_unknown(number, Path(name))
            reading = UnknownRuns(case, Path(name)).read()
        proof.add(f"unknown stock {number}", reading, _places(case, reading))
    return proof


def _places(case: UnknownCase, reading: UnknownStockReading) -> set[str]:
    values, folder = reading.values, reading.folder
    tests = {
        "one run": folder.runs == 1,
        "all runs alike": case.is_certain and folder.runs > 1,
        "no stock needed": case.is_certain and values["stock_0.5"] == 0.0,
        "none needed in half": not case.is_certain and values["stock_0.5"] == 0.0,
        "no stock suffices in 95 %": not case.is_certain and values["stock_0.95"] is None,
        "several stocks": len(folder.stocks) > 1,
        "other noun": folder.whole.nouns[0] != "shell",
        "late supply": "shipments" in case.plain,
        "nothing comes in": folder.whole.coming_in == 0.0,
    }
    return {place for place, is_reached in tests.items() if is_reached}
