"""Run tests in processes forked from one that has loaded what does not change."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

#: Plugin of the tests: a failing property test is not reduced to its least example, and draws the same
#: examples for each mutant. Seconds are of processor time, since other work may share the machine.
PLUGIN = """\
import json
import os
from pathlib import Path

import pytest

SECONDS = {}


def pytest_configure(config):
    from hypothesis import HealthCheck, Phase, settings

    phases, slow = (Phase.explicit, Phase.generate), tuple(HealthCheck)
    settings.register_profile(
        "mutants", phases=phases, derandomize=True, database=None, deadline=None, suppress_health_check=slow
    )
    settings.load_profile("mutants")
    # Marks of the plugins that are left out.
    for mark in ("xdist_group", "no_cover"):
        config.addinivalue_line("markers", f"{mark}: of a plugin")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    before = sum(os.times()[:4])
    try:
        return (yield)
    finally:
        SECONDS[item.nodeid] = sum(os.times()[:4]) - before


def pytest_sessionfinish():
    Path("seconds.json").write_text(json.dumps(SECONDS), "utf-8")
"""
#: Loads modules once, before the tests of every mutant. A module that imports a blocked one fails to load,
#: and each process loads it anew, with the modules of its package.
PRELOAD = """\
import importlib
import sys

sys.modules.update(dict.fromkeys({blocked!r}))
for name in {loaded!r}:
    try:
        importlib.import_module(name)
    except ImportError:
        pass
for name in {blocked!r}:
    del sys.modules[name]
for name in sorted(sys.modules):
    if name.startswith("sim.") and name.rpartition(".")[0] not in sys.modules:
        del sys.modules[name]
"""
#: Libraries that most tests use.
LIBRARIES = (
    *("pytest", "hypothesis", "coverage", "numpy", "pandas", "scipy.stats", "pydantic", "ruamel.yaml"),
    *("simpy", "numba", "matplotlib.figure", "matplotlib.backends.backend_agg"),
)
#: Not loaded before the fork: they start a program, or a server of pages.
STARTERS = ("sim.__main__", "sim.worker_main", "sim.exploring")
#: Seconds of processor time beyond three times the measured ones, and the multiple of that in seconds of
#: the clock, after which a mutant counts as killed.
PATIENCE, BUSY = 30.0, 4.0
#: Exit status of pytest if a test is not found, or none is.
NOT_FOUND, NO_TESTS = 4, 5


def options(*more: str) -> list[str]:
    # A library that is loaded before pytest starts is no fault here.
    switches = ["-W", "ignore::pytest.PytestAssertRewriteWarning", "-x", "-q", "-m", "not slow"]
    for plugin in ("no:cacheprovider", "no:xdist", "mutant_plugin"):
        switches += ["-p", plugin]
    return [*switches, *more]


class TestServer:
    """Runs tests in processes forked from one that has loaded libraries and `sim`, where the system can.

    Its folder is the current one when it first runs tests.

    Parameters
    ----------
    blocked : sequence of str
        Modules that every process loads anew, with all that import them.
    """

    def __init__(self, blocked: Sequence[str]) -> None:
        method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
        sys.path.insert(0, str(Path.cwd()))
        Path("mutant_plugin.py").write_text(PLUGIN, "utf-8")
        self._context: Any = multiprocessing.get_context(method)
        if method == "forkserver":
            loaded = [*LIBRARIES, *modules_to_load()]
            Path("mutant_preload.py").write_text(
                PRELOAD.format(blocked=list(blocked), loaded=loaded), "utf-8"
            )
            self._context.set_forkserver_preload(["mutant_preload"])

    def passes(self, tests: Sequence[str], environment: Mapping[str, str], seconds: float) -> bool:
        """Return whether all tests pass; tests that take far longer than `seconds` do not."""
        status = self.status(tests, environment, seconds)
        if status in {NOT_FOUND, NO_TESTS}:
            # A mutant may change the names of a test's cases: run all cases.
            functions = list(dict.fromkeys(test.partition("[")[0] for test in tests))
            status = self.status(functions, environment, seconds)
        output = read_log()
        if status in {NOT_FOUND, NO_TESTS} and "rror" not in output.replace("ERROR: not found", ""):
            raise SystemExit(f"these tests cannot run\n{output}")
        return status == 0

    def status(
        self,
        tests: Sequence[str],
        environment: Mapping[str, str],
        seconds: float,
        switches: Sequence[str] = ("-p", "no:cov"),
    ) -> int | None:
        """Return the exit status of pytest; None if it was killed for its time by the clock."""
        limit = PATIENCE + 3 * seconds
        given = (list(tests), dict(environment), limit, list(switches))
        process = self._context.Process(target=run, args=given)
        process.start()
        process.join(BUSY * limit)
        if process.is_alive():
            stop(process.pid)
            process.join()
            return None
        status: int | None = process.exitcode
        return status


def modules_to_load() -> Iterable[str]:
    """Yield the modules of `sim` in the current folder that can be loaded before tests run."""
    for path in sorted(Path("sim").rglob("*.py")):
        name = module_name(path.as_posix())
        if not name.startswith(STARTERS):
            yield name


def module_name(path: str) -> str:
    """Return the name of the module of a file: ``sim.names``, ``sim.names.word_forms``."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def read_log() -> str:
    return Path("tests.log").read_text("utf-8", errors="replace")


def stop(pid: int | None) -> None:
    """Kill a process that runs tests, and all that it started."""
    if pid is not None and hasattr(os, "killpg"):
        os.killpg(pid, signal.SIGKILL)
    elif pid is not None:
        os.kill(pid, signal.SIGTERM)


def run(tests: list[str], environment: dict[str, str], limit: float, switches: list[str]) -> None:
    """Run tests in this process, and exit with the status of pytest."""
    import pytest

    if hasattr(os, "setsid"):
        import resource

        os.setsid()
        resource.setrlimit(resource.RLIMIT_CPU, (int(limit), int(limit) + 5))
    os.environ |= environment
    log = os.open("tests.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    sys.exit(pytest.main(options(*switches, *tests)))
