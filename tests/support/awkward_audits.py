"""Small audits and backtests that reach awkward places, seeded, and the readers' results for them."""

from __future__ import annotations

import csv
import datetime as dt
import json
import math
import random
import tempfile
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import sim
from sim.auditing.audit_result import Audit
from tests.support.audit_reader import AuditReading, read_audit_folder
from tests.support.backtest_reader import BacktestReading, read_backtest_folder
from tests.support.findings_proof import Proof

AUDIT_PLACES = (
    *("a set", "several sets", "more sets than shown", "a set if all count the same", "a counting factor"),
    *("containers", "a rate", "a range", "a bound", "a dependent claim", "a claim that is not comparable"),
    *("one claim", "a date as an input", "supported", "in conflict", "two families", "a backtest", "a miss"),
)
#: Of each round the first case has a whole inference, and the fifth is a backtest.
AUDIT_ROUND = 8
_WHOLE, _BACKTEST = 0, 4
_PERIODS = {"day": 1.0, "month": 365.25 / 12, "year": 365.25}
_HEADER = (
    *("id", "quantity", "munition", "low", "central", "high", "unit", "period_start", "period_end"),
    *("published", "claimant", "publisher", "url", "confidence", "note", "family", "derived_from", "counts"),
)
_FAMILIES = {
    "consumption_rate": ("kyiv-fire", "western-fire", "rusi-fire", ""),
    "production_rate": ("kyiv-output", "western-output", ""),
    "stock": ("western-stock", "analyst-stock", ""),
    "import_other": ("kyiv-imports", "western-imports", ""),
    "shipments_cumulative_containers": ("seoul-containers", "washington-containers", ""),
}
_CLAIMANTS = ("Staff", "A. Nother, Journal: the paper", "Ministry (of defence)", "Office; archive", "Watcher")
START = dt.date(2024, 1, 1)


class _World:
    """One case: a scenario, and claims about it."""

    def __init__(self, case: int) -> None:
        self.rng = random.Random(f"audit {case}")
        self.kind = case % AUDIT_ROUND
        self.days = self.rng.choice((61, 182, 366))
        self.end = START + dt.timedelta(days=self.days)
        self.need = self.rng.choice((7.3, 450.0, 4_000.0, 60_000.0))
        self.has_containers = self.rng.random() < 0.5
        self.has_date = self.rng.random() < 0.3
        self.rows: list[dict[str, Any]] = []

    def amount(self, middle: float) -> dict[str, str]:
        """Return a distribution as text."""
        return {"median": f"{middle!r}", "p95": f"{middle * 2!r}"}

    def rate(self, middle: float, noun: str = "") -> dict[str, str]:
        """Return a distribution of a daily rate as text, in a period of its own."""
        period = self.rng.choice([*_PERIODS])
        size = _PERIODS[period]
        return {"median": f"{middle * size!r}{noun}/{period}", "p95": f"{middle * size * 2!r}{noun}/{period}"}

    def scenario(self) -> dict[str, Any]:
        need, rng = self.need, self.rng
        per = 300.0 if self.has_containers else 1.0
        abroad: dict[str, Any] = {
            "offered": self.rate(need * 0.3 / per, " containers" if self.has_containers else ""),
            "lead_time": "10 days",
        }
        if self.has_containers:
            abroad["shells_per_container"] = {"low": 200, "high": 450}
        if self.has_date:
            first, last = (START + dt.timedelta(days=day) for day in (3, 40))
            abroad["first"] = {"low": first.isoformat(), "high": last.isoformat()}
        return {
            "schema": 1,
            "title": "An account",
            "start": START.isoformat(),
            "end": self.end.isoformat(),
            "evidence": "claims.csv",
            "depots": {"store": {"stock": self.amount(need * self.days * rng.uniform(0.2, 0.6))}},
            "production": {"plant": {"rate": self.rate(need * 0.6)}},
            "shipments": {"abroad": abroad},
            "consumption": {
                "front": {
                    "rate": self.rate(need),
                    "rationing": {"rule": "proportional", "cover": "10 days"},
                }
            },
        }

    def claims(self) -> None:
        """Add claims, of which some are far off."""
        rng, need, days = self.rng, self.need, self.days
        if self.kind == 1:
            self.add("stock", need * days * 0.3, "shells", START, START)
            return
        # Few, since the sets that exclude each other are sought one by one.
        wild = rng.choice((0, 1, 1, 2))
        for place in range(rng.randint(2, 4)):
            first = START + dt.timedelta(days=rng.randint(0, days - 20))
            last = min(first + dt.timedelta(days=rng.choice((9, 30, 91))), self.end - dt.timedelta(days=1))
            off = rng.choice((9.0, 0.1)) if place < wild else rng.choice((1.0, 1.3, 0.7))
            period = rng.choice([*_PERIODS])
            rate = need * off * _PERIODS[period]
            self.add("consumption_rate", rate, f"shells/{period}", first, last)
        self.add("consumption_rate", need * days, "shells", START, self._last)
        self.add("production_rate", need * 0.6 * _PERIODS["month"], "shells/month", START, self._last)
        self.add("stock", need * days * rng.uniform(0.2, 0.6), "shells", START, START)
        self.add("stock", need * days * rng.uniform(0.05, 0.3), "shells", self._last, self._last)
        again = str(self.rows[-1]["claimant"])
        self.add("stock", need * days * 0.1, "shells", self._last, self._last, claimant=again)
        if self.has_containers:
            count = need * 0.3 / 300 * days
            self.add("shipments_cumulative_containers", count, "containers", START, self._last)
        self.add("import_other", need * 0.3 * days, "shells", START, self._last)
        self.add("stock", 5.0, "shells", dt.date(2020, 1, 1), dt.date(2020, 1, 1))
        derived = self.rows[0]["id"]
        self.add("consumption_rate", need, "shells/day", START, self._last, derived_from=derived)

    @property
    def _last(self) -> dt.date:
        return self.end - dt.timedelta(days=1)

    def add(
        self, quantity: str, figure: float, unit: str, first: dt.date, last: dt.date, **cells: str
    ) -> None:
        """Add a claim: a figure, a range or a bound, rounded as people do."""
        rng, figure = self.rng, float(f"{figure:.2g}")
        form = rng.choice(("central", "central", "range", "low", "high"))
        numbers = {
            "central": {"central": figure},
            "range": {"low": figure, "high": float(f"{figure * 1.5:.2g}")},
            "low": {"low": figure},
            "high": {"high": figure},
        }[form]
        row: dict[str, Any] = dict.fromkeys(_HEADER, "") | {
            "id": f"claim-{len(self.rows) + 1}",
            "quantity": quantity,
            "unit": unit,
            "period_start": first.isoformat(),
            "period_end": last.isoformat(),
            "published": max(last, START + dt.timedelta(days=2)).isoformat(),
            "claimant": f"{rng.choice(_CLAIMANTS)} {len(self.rows) + 1}",
            "confidence": rng.choice("ABCD"),
            "family": rng.choice(_FAMILIES[quantity]),
        }
        self.rows.append(row | {name: repr(value) for name, value in numbers.items()} | cells)


def awkward_audit(case: int, folder: Path) -> Path:
    """Write case `case` and return its scenario; its claims are in ``claims.csv``."""
    world = _World(case)
    plain = world.scenario()
    world.claims()
    with (folder / "claims.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, _HEADER, lineterminator="\n")
        writer.writeheader()
        writer.writerows(world.rows)
    (folder / "case.yaml").write_text(json.dumps(plain), "utf-8")
    return folder / "case.yaml"


def prove_audits(cases: Iterable[int]) -> Proof:
    """Audit some cases, and return the readers' results."""
    proof = Proof()
    for case in cases:
        with tempfile.TemporaryDirectory() as name:
            scenario = awkward_audit(case, Path(name))
            if case % AUDIT_ROUND == _BACKTEST:
                _prove_backtest(proof, case, scenario)
                continue
            walkers, steps = (64, None) if case % AUDIT_ROUND == _WHOLE else (14, 12)
            found = sim.audit(scenario, jobs=1, walkers=walkers, steps=steps)
            reading = read_audit(found, Path(name) / "out", Path(name) / "claims.csv")
            _check_priors(reading, json.loads(scenario.read_text("utf-8")))
            proof.add(f"audit {case}", reading, _places(reading))
    return proof


def read_audit(found: Audit, folder: Path, evidence: Path) -> AuditReading:
    """Save an audit, and return the reader's results with the titles of its charts."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        titles = {}
        if found.conflicts:
            titles["audit"] = str(sim.charts.audit(found).get_label())
        if found.drawdown is not None:
            titles["audit-drawdown"] = str(sim.charts.audit_drawdown(found).get_label())
    return read_audit_folder(found.save(folder), evidence, titles)


def _prove_backtest(proof: Proof, case: int, scenario: Path) -> None:
    until = dt.date.fromisoformat(json.loads(scenario.read_text("utf-8"))["end"]) - dt.timedelta(days=1)
    try:
        found = sim.backtest(scenario, START + (until - START) / 2, until, jobs=1)
    except sim.RunError:
        # Some worlds leave too little to infer from.
        return
    folder = scenario.parent / "out"
    title = str(sim.charts.backtest(found).get_label()) if found.scores else None
    reading = read_backtest_folder(found.save(folder), scenario.parent / "claims.csv", title)
    proof.add(f"audit {case}", reading, {"a backtest"} | _places_of_backtest(reading))


def _places_of_backtest(reading: BacktestReading) -> set[str]:
    return {"a miss"} if reading.kinds["backtest_miss"] else set()


def _check_priors(reading: AuditReading, plain: dict[str, Any]) -> None:
    """Check the prior medians and 95th percentiles of ``inputs.csv`` against the scenario as written."""
    reading.current = "priors"
    for row in reading.inputs.to_dict("records"):
        section, name, setting = row["path"].split(".")[:3]
        written = plain[section][name].get(setting)
        if not isinstance(written, dict) or "median" not in written:
            continue
        for key, column in (("median", "prior_p50"), ("p95", "prior_p95")):
            value = _value(written[key])
            reading.claim(f"{column} is {value}", holds=math.isclose(row[column], value, rel_tol=1e-6))


def _value(text: str) -> float:
    number, _, period = text.partition("/")
    return float(number.split()[0]) / _PERIODS.get(period, 1.0)


def _places(reading: AuditReading) -> set[str]:
    table, kinds = reading.claims_table, reading.kinds
    status, bounds = set(table["status"]), set(table["bound"])
    exclusions = reading.exclusions
    reached = {
        "a set": kinds["exclusion: exclusion"] > 0,
        "several sets": kinds["exclusion: exclusion"] > 1,
        "more sets than shown": len(reading.sets("own")) > 3 or len(reading.sets("alike")) > 3,
        "a set if all count the same": kinds["exclusion_alike: alike"] > 0,
        "a counting factor": bool((exclusions["factor"] != 1.0).any()),
        "containers": "containers" in set(table["unit"]),
        "a rate": bool((exclusions["days"] > 1).any()),
        "a range": "range" in bounds,
        "a bound": bool(bounds & {"at least", "at most"}),
        "a dependent claim": "dependent" in status,
        "a claim that is not comparable": "not comparable" in status,
        "one claim": int((table["status"] != "not comparable").sum()) == 1,
        "a date as an input": "date" in set(reading.inputs["unit"]),
        "supported": kinds["reliability: supported"] > 0,
        "in conflict": reading.conflicting > 0,
        "two families": kinds["counting: counting"] > 0,
    }
    return {place for place, is_reached in reached.items() if is_reached}
