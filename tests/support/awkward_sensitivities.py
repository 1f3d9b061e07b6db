"""Small sensitivity analyses that reach awkward places, seeded, and the reader's results for them."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sim.cli.sensitivity_command import verdict_lines
from sim.study.sensitivity import sensitivity
from tests.support.awkward_scenarios import Maker, Plain
from tests.support.findings_proof import Proof
from tests.support.sensitivity_reader import SensitivityReading, is_date, read_definition, read_sensitivity

METHODS = ("rank", "tornado", "morris", "sobol")
SENSITIVITY_PLACES = (
    *METHODS,
    "never",
    "censored",
    "one input",
    "no effect",
    "other noun",
    "several stocks",
    "no clear correlation",
    "a long period",
)
SENSITIVITY_ROUND = 12


def awkward_sensitivity(case: int, folder: Path) -> tuple[Plain, dict[str, Any]]:
    """Return case `case`: a scenario as plain data, and the arguments of the analysis."""
    make = Maker(case, folder)
    kind, method = case // len(METHODS) % 6, METHODS[case % len(METHODS)]
    days = 120 if kind == 4 else make.rng.randint(8, 70)
    need = make.pick(100.0, 7.5, 12_000.0)
    parts = {0: (0.1, 1.2), 1: (2.0, 9.0), 2: (0.1, 0.6), 3: (0.2, 2.0), 4: (0.2, 1.1), 5: (0.3, 1.4)}[kind]
    stock = {"low": need * days * parts[0], "high": need * days * parts[1]}
    plain = make.plain(days, 0, {"low": f"{need * 0.6!r}/day", "high": f"{need * 1.2!r}/day"})
    plain["depots"]["d"]["stock"] = stock
    if kind in {0, 3, 4}:
        plain["production"] = {"plant": {"rate": {"low": f"{need * 0.1!r}/day", "high": f"{need!r}/day"}}}
    if kind == 2:
        plain["consumption"]["front"]["rate"] = f"{need!r}/day"
    if kind == 3:
        plain["munitions"] = {"things": {"noun": make.pick("blanket", "missile", "box")}}
        plain["consumption"]["front"] |= {
            "verb": make.pick("hands out", "launches"),
            "label": "Eastern front",
        }
    if kind == 5:
        plain["depots"]["e"] = {
            "stock": {"low": need * days * 0.5, "high": need * days},
            "label": "North depot",
        }
        plain["consumption"]["front"]["at"] = "d"
        plain["consumption"]["rear"] = {"at": "e", "rate": f"{need * make.pick(0.3, 1)!r}/day"}
    runs = {"rank": make.pick(8, 60), "tornado": make.pick(9, 30), "morris": 4, "sobol": 2}[method]
    asked: dict[str, Any] = {"method": method, "runs": runs}
    if method in {"morris", "sobol"}:
        asked["points"] = {"morris": 8, "sobol": 64}[method]
    return plain, asked


def prove_sensitivities(cases: Iterable[int]) -> Proof:
    """Analyse some cases, and return the reader's results."""
    proof = Proof()
    for case in cases:
        with tempfile.TemporaryDirectory() as name:
            plain, asked = awkward_sensitivity(case, Path(name))
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                result = sensitivity(plain, jobs=1, **asked)
            reading = read_sensitivity(result.save(Path(name) / "sensitivity"))
            read_definition(reading, list(verdict_lines(result)))
        proof.add(f"sensitivity {case}", reading, _places(reading))
    return proof


def _places(reading: SensitivityReading) -> set[str]:
    outcomes = reading.summary["outcomes"]
    shares = [found["censored"] for name, found in outcomes.items() if is_date(name)]
    tests = {
        reading.method: True,
        "never": 1.0 in shares,
        "censored": any(0.0 < (share or 0.0) < 1.0 for share in shares),
        "one input": reading.table["path"].nunique() == 1,
        "no effect": any(kind.endswith(": no effect") for kind in reading.kinds),
        "other noun": reading.goods not in {"shells", "items"},
        "several stocks": len(reading.summary["stocks"]) > 1,
        "no clear correlation": reading.kinds["rank: no clear rank"] > 0,
        "a long period": reading.days > 90,
    }
    return {place for place, is_reached in tests.items() if is_reached}
