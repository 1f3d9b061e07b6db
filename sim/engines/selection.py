"""Selection of the engine and its path, with a self-test before first use.

Paths in order of preference: native code, plain numba, the simpy model. The result of a self-test is stored
in the cache of compiled code, so it runs once for each version of the source.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from sim.ensemble.native.cache_dir import cache_dir, distrust, is_usable
from sim.ensemble.native.paths import EnginePath, unavailable, warn_once
from sim.errors import ArgumentError, EngineError, Fault, nearest

if TYPE_CHECKING:
    from sim.engines.compiled_engine import EngineMemory
    from sim.engines.engine import Engine
    from sim.ensemble.scenario_tables import Plan
    from sim.scenario.scenario import Scenario

T = TypeVar("T")
ENGINES = ("auto", "simpy", "compiled", "native", "numba")
#: Environment variable that selects the engine if the call says ``auto``.
VARIABLE = "MUNITIONS_SIM_ENGINE"
_PATHS = {
    "auto": ("native", "numba", "python"),
    "simpy": ("python",),
    "compiled": ("native", "numba"),
    "native": ("native",),
    "numba": ("numba",),
}
_FALLBACKS = {
    "numba": "the engine runs through plain numba",
    "python": "the simpy model runs in place of the compiled engine, which takes far longer",
}


def resolve_engine(engine: str) -> str:
    """Return the engine of a call, or of the environment variable if the call has ``auto``."""
    chosen = os.environ.get(VARIABLE) or "auto" if engine == "auto" else engine
    if chosen not in ENGINES:
        where = f"{VARIABLE}: there is no engine {chosen!r}"
        raise ArgumentError([Fault(where, allowed=", ".join(ENGINES), nearest=nearest(chosen, ENGINES))])
    return chosen


def run_on_path(engine: str, work: Callable[[EnginePath], T]) -> T:
    """Run a function on the first path of an engine that works; raise `EngineError` if none does.

    `work` is called with the path, and again with the next one if it raises `EngineError`.
    """
    reason = ""
    for path in _paths(engine):
        if reason and not unavailable(path):
            # Warn before the self-test, which may compile for a minute.
            warn_once(f"{_FALLBACKS[path]}: {reason}")
        found = examine(engine, path)
        if not found.problem:
            try:
                return work(path)
            except EngineError as error:
                found = Finding(path, str(error))
        reason = reason or found.problem
    raise EngineError(f"the engine {engine!r} cannot run here: {reason}")


def make_engine(
    scenario: Scenario, path: EnginePath, plan: Plan | None = None, memory: EngineMemory | None = None
) -> Engine:
    """Return the engine of a path for a scenario.

    `plan` is the lowered scenario, if there is one already. `memory` is that of earlier runs of the same
    ensemble, which the simpy model does not use.
    """
    if path is EnginePath.PYTHON:
        from sim.engines.simpy_engine import SimpyEngine

        return SimpyEngine(scenario, 0 if plan is None else plan.axes.counted_from)
    from sim.engines.compiled_engine import CompiledEngine, EngineMemory
    from sim.ensemble.lowering import lower

    lowered = lower(scenario) if plan is None else plan
    return CompiledEngine(lowered, path, EngineMemory() if memory is None else memory)


class Finding(NamedTuple):
    """Result of examining a path."""

    path: EnginePath
    problem: str
    """Reason why the path cannot run; empty if it can."""
    differs: bool = False
    """Whether the reason is a self-test that differs from the simpy model."""


def findings(engine: str) -> list[Finding]:
    """Return a finding for each path in order, up to the first that can run."""
    found = []
    for path in _paths(engine):
        found.append(examine(engine, path))
        if not found[-1].problem:
            break
    return found


def examine(engine: str, path: EnginePath) -> Finding:
    """Return whether a path can run for an engine; run its self-test unless recorded."""
    problem = unavailable(path, forced=len(_PATHS[engine]) == 1)
    if problem:
        return Finding(path, problem)
    try:
        problem = tested(path)
    except EngineError as error:
        return Finding(path, str(error))
    return Finding(path, problem, differs=bool(problem))


def _paths(engine: str) -> tuple[EnginePath, ...]:
    return tuple(map(EnginePath, _PATHS[engine]))


def tested(path: EnginePath) -> str:
    """Return the difference found by the self-test of a path, recorded or new; empty if there is none."""
    if path == "python":
        return ""
    found = recorded(path)
    if found is None:
        found = _tested_once(path)
    return found and f"the self-test of the {path} path differs from the simpy model: {found}"


@cache
def _tested_once(path: EnginePath) -> str:
    from sim.engines import self_test

    found = self_test.difference(path)
    if is_usable():
        try:
            _record(path).write_text(json.dumps({"difference": found}), encoding="utf-8")
        except OSError as error:
            logging.getLogger("sim").debug("the self-test is not recorded: %s", error)
    return found


@cache
def recorded(path: EnginePath) -> str | None:
    """Return the recorded self-test difference for this source on this machine; None if not recorded."""
    if distrust(cache_dir()):
        return None
    try:
        return str(json.loads(_record(path).read_bytes())["difference"])
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _record(path: EnginePath) -> Path:
    return cache_dir() / f"self-test-{path}.json"
