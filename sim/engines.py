"""Choice of an engine and of its path: which can run here, which the user forces, and what is recorded.

Paths are tried in this order: native code, plain numba, the simpy model. The self-test of a path runs on its
first use; its result is kept beside the compiled code, so that it runs once for each version of the source.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from sim.errors import ArgumentError, EngineError, Fault, nearest

if TYPE_CHECKING:
    from sim.ensemble.native.paths import EnginePath

T = TypeVar("T")
ENGINES = ("auto", "simpy", "compiled", "native", "numba")
#: Environment variable that takes the place of the engine where a call leaves the choice.
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
#: Returns the difference that the self-test of a path finds; empty where there is none.
SelfTest = Callable[["EnginePath"], str]


def requested(engine: str) -> str:
    """Return the engine that a call asks for; where it leaves the choice, that of the environment.

    Raises
    ------
    ArgumentError
        The environment variable names no engine.
    """
    chosen = os.environ.get(VARIABLE) or "auto" if engine == "auto" else engine
    if chosen not in ENGINES:
        where = f"{VARIABLE}: there is no engine {chosen!r}"
        raise ArgumentError([Fault(where, allowed=", ".join(ENGINES), nearest=nearest(chosen, ENGINES))])
    return chosen


def run_on_path(engine: str, self_test: SelfTest, work: Callable[[EnginePath], T]) -> T:
    """Do some work on the first path that can do it.

    Parameters
    ----------
    engine : str
        One of `ENGINES`; with one path alone nothing else is tried.
    self_test : callable
    work : callable
        Takes the path; starts from the beginning on the next one where it raises `EngineError`.

    Raises
    ------
    EngineError
        No path of the engine can run.
    """
    from sim.ensemble.native.paths import unavailable

    reason = ""
    for path in _paths(engine):
        if reason and not unavailable(path):
            # Before its self-test, which may compile for a minute.
            _warn(f"{_FALLBACKS[path]}: {reason}")
        found = examine(engine, path, self_test)
        if not found.problem:
            try:
                return work(path)
            except EngineError as error:
                found = Finding(path, str(error))
        reason = reason or found.problem
    raise EngineError(f"the engine {engine!r} cannot run here: {reason}")


class Finding(NamedTuple):
    """Whether a path can run here.

    Attributes
    ----------
    path : EnginePath
    problem : str
        Why it cannot; empty where it can.
    differs : bool
        Whether that is because its self-test differs from the simpy model.
    """

    path: EnginePath
    problem: str
    differs: bool = False


def findings(engine: str, self_test: SelfTest) -> list[Finding]:
    """Return what there is to say of each path in turn, up to the first that can run."""
    found = []
    for path in _paths(engine):
        found.append(examine(engine, path, self_test))
        if not found[-1].problem:
            break
    return found


def examine(engine: str, path: EnginePath, self_test: SelfTest) -> Finding:
    """Return whether a path can run for an engine; run its self-test where none is recorded."""
    from sim.ensemble.native.paths import unavailable

    problem = unavailable(path, forced=len(_PATHS[engine]) == 1)
    if problem:
        return Finding(path, problem)
    try:
        problem = tested(path, self_test)
    except EngineError as error:
        return Finding(path, str(error))
    return Finding(path, problem, differs=bool(problem))


def _paths(engine: str) -> tuple[EnginePath, ...]:
    from sim.ensemble.native.paths import EnginePath

    return tuple(map(EnginePath, _PATHS[engine]))


def tested(path: EnginePath, self_test: SelfTest) -> str:
    """Return what the self-test of a path found, now or when it ran before; empty where all is equal."""
    if path == "python":
        return ""
    found = recorded(path)
    if found is None:
        found = _tested_once(path, self_test)
    return found and f"the self-test of the {path} path differs from the simpy model: {found}"


@cache
def _tested_once(path: EnginePath, self_test: SelfTest) -> str:
    from sim.ensemble.native.cache_dir import is_usable

    found = self_test(path)
    if is_usable():
        try:
            _record(path).write_text(json.dumps({"difference": found}), encoding="utf-8")
        except OSError as error:
            logging.getLogger("sim").debug("the self-test is not recorded: %s", error)
    return found


@cache
def recorded(path: EnginePath) -> str | None:
    """Return what the self-test of a path found before, for this source on this machine; None if unknown."""
    from sim.ensemble.native.cache_dir import cache_dir, distrust

    if distrust(cache_dir()):
        return None
    try:
        return str(json.loads(_record(path).read_bytes())["difference"])
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _record(path: EnginePath) -> Path:
    from sim.ensemble.native.cache_dir import cache_dir

    return cache_dir() / f"self-test-{path}.json"


@cache
def _warn(text: str) -> None:
    logging.getLogger("sim").warning(text)
