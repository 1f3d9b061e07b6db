"""Small break-even searches that reach awkward places, seeded, and the reader's results for them."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sim.simulate import run
from sim.study.breakeven import breakeven
from tests.support.awkward_scenarios import Maker, Plain
from tests.support.breakeven_reader import BreakevenReading, read_breakeven
from tests.support.findings_proof import Proof
from tests.support.folder_figures import RunFolder

BREAKEVEN_FORMS = ("value", "no value in any run", "whatever the value", "every value", "at best")
BREAKEVEN_ROUND = 10
#: Column of outcomes.csv in which a target is missed.
_COLUMNS = {"exhausted": "exhausted", "unmet": "rationed_from", "rationed_from": "rationed_from"}
RATE, NEED = "production.plant.rate", "consumption.front.rate"


def awkward_breakeven(case: int, folder: Path) -> tuple[Plain, dict[str, Any]]:
    """Return case `case`: a scenario as plain data, and the arguments of the search."""
    make = Maker(case, folder)
    kind, days = case % BREAKEVEN_ROUND, make.rng.randint(10, 90)
    need = make.pick(100, 7.5, 12_000)
    period, factor = make.pick(("day", 1.0), ("year", 365.25), ("month", 365.25 / 12))
    plain = make.plain(days, need * days / 3, f"{need!r}/day")
    plain["production"] = {"plant": {"rate": f"{need * factor!r}/{period}"}}
    asked: dict[str, Any] = {"path": RATE}
    if kind in {1, 2, 3, 4, 8, 9}:
        runs = make.pick(20, 60, 150)
        stocks = [need * make.rng.uniform(2, days / 2) for _ in range(runs)]
        plain = make.with_stocks(plain, stocks)
        asked |= {"runs": runs, "holds": make.pick(0.5, 0.95, 0.9, 1.0)}
    if kind in {0, 2, 3}:
        asked |= {"path": make.pick(RATE, NEED)}
    if kind in {0, 4}:
        asked["of"] = make.pick("unmet", "rationed_from", "below_7", "below_1", "unmet.front")
    if kind in {0, 2} and make.case // BREAKEVEN_ROUND % 2 == 1:
        plain["depots"]["e"] = {"stock": f"{need * days * make.pick(1.2, 3)!r}"}
        plain["production"]["plant"]["to"] = "d"
        plain["consumption"]["front"]["at"] = "d"
        plain["consumption"]["rear"] = {"at": "e", "rate": f"{need!r}/day"}
    # Bounds within which no value holds, each does, all are alike, or some runs.
    if kind in {5, 8}:
        asked["bounds"] = (need * 0.01, need * 0.1)
    if kind == 6:
        asked["bounds"] = (need * 3, need * 9)
    if kind == 7:
        asked |= {"runs": 1}
    if kind == 9:
        least, most = (1 - (stock / need - 1) / days for stock in (max(stocks), min(stocks)))
        below = make.case // BREAKEVEN_ROUND % 2 == 0
        share = 0.999 if below else 0.1
        middle = least + (most - least) * 0.6
        ends = (need * least * 0.9, need * middle) if below else (need * middle, need * most * 1.1)
        asked |= {"bounds": ends, "holds": share}
    return plain, asked


def save_breakeven(plain: Plain, asked: dict[str, Any], folder: Path) -> Path:
    """Search, save, and return the folder."""
    return breakeven(plain, jobs=1, **asked).save(folder)


def prove_breakevens(cases: Iterable[int]) -> Proof:
    """Search some cases, and return the reader's results."""
    proof = Proof()
    for case in cases:
        with tempfile.TemporaryDirectory() as name:
            plain, asked = awkward_breakeven(case, Path(name))
            reading = read_breakeven(save_breakeven(plain, asked, Path(name) / "answer"))
            if not math.isnan(reading.value) and reading.summary["of"] in _COLUMNS:
                _run_again(reading, plain, asked, Path(name))
        proof.add(f"break-even {case}", reading, set(reading.kinds))
    return proof


def _run_again(reading: BreakevenReading, plain: Plain, asked: dict[str, Any], folder: Path) -> None:
    """Run at the value and on its other side, and count the runs that meet the target in their tables."""
    column = _COLUMNS[reading.summary["of"]]
    section, name, setting = asked["path"].split(".")
    sides = {True: 1 + 1e-5, False: 1 - 1e-5}
    is_rising = section == "production"
    for is_met, factor in sides.items():
        value = reading.value * (factor if is_rising else 2 - factor)
        part = {**plain[section][name], setting: f"{value!r}/day"}
        changed = {**plain, section: {**plain[section], name: part}}
        saved = run(changed, runs=reading.runs, jobs=1).save(folder / f"run-{is_met}")
        share = float(RunFolder(saved).outcomes[column].isna().mean())
        reading.claim(f"with {value} the share is {share}", holds=(share >= reading.share) == is_met)
