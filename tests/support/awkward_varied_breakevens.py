"""Small break-even searches with varied values, a later first day, reasons and caveats; seeded."""

from __future__ import annotations

import copy
import tempfile
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sim.simulate import run
from sim.study.breakeven import breakeven
from tests.support.awkward_breakevens import NEED, RATE
from tests.support.awkward_scenarios import Maker, Plain
from tests.support.findings_proof import Proof
from tests.support.folder_figures import RunFolder
from tests.support.varied_breakeven_reader import VariedReading, read_varied_breakeven

VARIED_PLACES = (
    "varied",
    "varied twice",
    "varied by words",
    "no value at any point",
    "from a later day",
    "arrival",
    "miss",
    "caveat of crossings",
    "caveat of failed values",
)
VARIED_ROUND = 8
STOCK, LEAD_TIME = "depots.d.stock", "shipments.ally.lead_time"


def awkward_varied_breakeven(case: int, folder: Path) -> tuple[Plain, dict[str, Any]]:
    """Return case `case`: a scenario as plain data, and the arguments of the search."""
    make = Maker(case, folder)
    kind, days, need = case % VARIED_ROUND, make.rng.randint(20, 90), make.pick(100.0, 7.5, 12_000.0)
    plain = make.plain(days, need * days / 3, f"{need!r}/day")
    plain["production"] = {"plant": {"rate": f"{need * 365.25!r}/year"}}
    asked: dict[str, Any] = {"path": RATE}
    if kind in {1, 5} or case // VARIED_ROUND % 2:
        runs = make.pick(20, 40)
        plain = make.with_stocks(plain, [need * make.rng.uniform(2, days / 2) for _ in range(runs)])
        asked["runs"] = runs
    if kind in {0, 1}:
        asked["vary"] = {NEED: [need * part for part in make.rng.sample((0.4, 0.9, 1.0, 1.7, 4.0), 3)]}
    if kind == 1:
        asked["vary"]["consumption.front.daily_variation"] = [0.0, 0.1]
    if kind == 2:
        plain["consumption"]["front"]["rationing"] = {"rule": "proportional", "cover": "12 days"}
        asked |= {"of": "unmet", "vary": {"consumption.front.rationing.rule": ["proportional", "controlled"]}}
    if kind == 3:
        asked |= {"bounds": (need * 0.01, need * 0.1), "vary": {NEED: [need, need * 2]}}
    if kind == 4:
        asked |= {"since": make.day(days // 2), "of": make.pick("exhausted", "unmet", "below_7")}
    if kind == 5:
        plain["production"]["plant"]["lead_time"] = f"{days // 2} days"
        asked["of"] = make.pick("exhausted", "unmet", "below_7")
    if kind == 6:
        # Of a lot that comes before a fire too much is lost, and one that comes long after it is too late.
        plain = make.plain(days, need * days * 0.7, f"{need!r}/day")
        lot = {"deliveries": {make.day(0): repr(need * days * 0.6)}, "lead_time": "2 days"}
        plain["shipments"] = {"ally": lot}
        plain["events"] = {"depot-fire": {"at": "d", "date": make.day(days // 2), "destroys": "60%"}}
        asked = {"path": LEAD_TIME, "bounds": (1.0, float(days - 1))}
    if kind == 7:
        plain["depots"]["d"]["capacity"] = repr(need * days * 0.8)
        plain.pop("draws", None)
        asked = {"path": STOCK, "bounds": (need * 0.5, need * days * 3)}
    return plain, asked


def read_varied(plain: Plain, asked: Mapping[str, Any], folder: Path) -> VariedReading:
    """Search, save, and return the reader's results."""

    def run_with(at: Mapping[str, Any], value: float) -> RunFolder:
        changed = {**copy.deepcopy(plain), "thresholds": [7]}
        for path, each in {**at, asked["path"]: value}.items():
            section, name, *rest = path.split(".")
            place = changed[section][name]
            for step in rest[:-1]:
                place = place[step]
            units = {"rate": "/day", "stock": " shells", "lead_time": " days"}
            place[rest[-1]] = f"{each!r}{units[rest[-1]]}" if rest[-1] in units else each
        result = run(changed, runs=asked.get("runs", 1), jobs=1)
        return RunFolder(result.save(Path(tempfile.mkdtemp(dir=folder)) / "run"))

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        saved = breakeven(plain, jobs=1, **asked).save(folder / "answer")
    return read_varied_breakeven(saved, run_with)


def prove_varied_breakevens(cases: Iterable[int]) -> Proof:
    """Search some cases, and return the reader's results."""
    proof = Proof()
    for case in cases:
        with tempfile.TemporaryDirectory() as name:
            plain, asked = awkward_varied_breakeven(case, Path(name))
            reading = read_varied(plain, asked, Path(name))
        proof.add(f"varied break-even {case}", reading, _places(reading))
    return proof


def _places(reading: VariedReading) -> set[str]:
    summary = reading.summary
    caveats = [each["sentence"] for each in summary["findings"] if each["kind"] == "breakeven_caveat"]
    tests = {
        "varied": len(reading.varied) == 1,
        "varied twice": len(reading.varied) == 2,
        "varied by words": any(each != "number" for each in summary["varied"].values()),
        "no value at any point": bool(reading.varied) and bool(reading.table["value"].isna().all()),
        "from a later day": summary["from"] > summary["start"],
        "arrival": reading.kinds["reason: arrival"] > 0,
        "miss": reading.kinds["reason: miss"] > 0,
        "caveat of crossings": any("crosses" in text for text in caveats),
        "caveat of failed values": any("searched from" in text for text in caveats),
    }
    return {place for place, is_reached in tests.items() if is_reached}
