"""Simulator of munitions stocks and flows of a whole army, from public sources.

>>> import sim
>>> scenario = sim.load("scenarios/white-house-2023.yaml")
>>> result = sim.run(scenario, runs=1000, seed=1)
>>> result.summary()["exhausted"]

Names are imported on first use. Modules and packages, from the bottom up:

1. ``language``: language of dates and numbers; ``errors``: exceptions and `Fault`; ``units``: quantities as
   text; ``account``: kinds of ledger entries; ``formulas``: formulas of the rules, for both engines;
   ``formatting``: numbers and dates as text;
   ``names``: display names; ``outcomes``: table of all outcomes; ``observables``: numbers that the daily
   account of a run has; ``progress``: progress bar; ``web_links``: check of links.
2. ``source_digest``: key of caches; ``worker_pool``, ``worker_main``: threads and worker processes.
3. ``scenario``: YAML to a checked `Scenario`; ``evidence``: published estimates.
4. ``model``: one run in simpy, the reference; ``ensemble``: the same account compiled, many runs at a time.
5. ``results``: tables, summary and result folders; ``findings``: statements about runs, with their numbers.
6. ``engines``, ``self_test``: choice of an engine and its check; ``simulate``: load and run a scenario.
7. ``auditing``: published claims compared with one account; ``study``: sweep, comparison,
   break-even and sensitivity; ``house_style``: colours, fonts and language of figures; ``charts``: figures;
   ``reporting``: workbooks; ``exploring``: the live page; ``cli``: the command line.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim import charts, evidence
    from sim.auditing.audit import audit
    from sim.auditing.backtest import backtest
    from sim.errors import InputError, RunError, ScenarioError, SimError, StorageError
    from sim.exploring.explorer import explore
    from sim.progress import progress_bar
    from sim.results.reader import read_folder
    from sim.results.result import Result
    from sim.scenario.scenario import Scenario
    from sim.simulate import LiveEnsemble, load, warnings
    from sim.study.breakeven import breakeven
    from sim.study.compare import compare
    from sim.study.designs import Design, Grid
    from sim.study.sensitivity import sensitivity
    from sim.study.sweep import sweep
    from sim.study.sweep_result import Sweep, read_sweep
    from sim.study.unknown_stock import run

__all__ = [
    "Design",
    "Grid",
    "InputError",
    "LiveEnsemble",
    "Result",
    "RunError",
    "Scenario",
    "ScenarioError",
    "SimError",
    "StorageError",
    "Sweep",
    "audit",
    "backtest",
    "breakeven",
    "charts",
    "compare",
    "evidence",
    "explore",
    "load",
    "progress_bar",
    "read_folder",
    "read_sweep",
    "run",
    "sensitivity",
    "sweep",
    "warnings",
]

_HOMES = {
    "Design": "sim.study.designs",
    "Grid": "sim.study.designs",
    "Sweep": "sim.study.sweep_result",
    "read_sweep": "sim.study.sweep_result",
    "InputError": "sim.errors",
    "Result": "sim.results.result",
    "RunError": "sim.errors",
    "Scenario": "sim.scenario.scenario",
    "ScenarioError": "sim.errors",
    "SimError": "sim.errors",
    "StorageError": "sim.errors",
    "audit": "sim.auditing.audit",
    "backtest": "sim.auditing.backtest",
    "breakeven": "sim.study.breakeven",
    "compare": "sim.study.compare",
    "sensitivity": "sim.study.sensitivity",
    "explore": "sim.exploring.explorer",
    "LiveEnsemble": "sim.simulate",
    "load": "sim.simulate",
    "progress_bar": "sim.progress",
    "read_folder": "sim.results.reader",
    "run": "sim.study.unknown_stock",
    "sweep": "sim.study.sweep",
    "warnings": "sim.simulate",
}


def __getattr__(name: str) -> Any:
    if name in {"charts", "evidence"}:
        return importlib.import_module(f"sim.{name}")
    if name == "__version__":
        from importlib.metadata import version

        return version("munitions-sim")
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
