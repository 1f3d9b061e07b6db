"""Observables: numbers computed from the daily account of a run, such as the stock on a date.

A published claim is about an observable. `evaluate` is the definition: a plain function of the daily account
of one run. The account is a long table as `sim.results.tables.daily` makes it, of one run: ``date``,
``depot``, ``munition``, ``kind``, ``quantity``, and for observables with origins also ``origin``. Kinds are
those of `sim.account.Kind`, and ``level`` for the closing level.

1. ``observable.py``: types of observables, and their selection of the account.
2. ``daily_account.py``: the table of one run.
3. ``evaluation.py``: `evaluate`, and the same for many runs at a time.
"""

from sim.observables.daily_account import Daily
from sim.observables.evaluation import Account, evaluate, evaluate_runs
from sim.observables.observable import (
    LEVEL,
    Conversion,
    Cumulative,
    Flow,
    Inputs,
    Level,
    Measure,
    Observable,
    OriginShare,
    Selection,
    Window,
    WindowRatio,
)

__all__ = [
    "LEVEL",
    "Account",
    "Conversion",
    "Cumulative",
    "Daily",
    "Flow",
    "Inputs",
    "Level",
    "Measure",
    "Observable",
    "OriginShare",
    "Selection",
    "Window",
    "WindowRatio",
    "evaluate",
    "evaluate_runs",
]
