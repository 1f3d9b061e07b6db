"""Choose the tests that reach a line, and run them in a process with its libraries already loaded."""

from __future__ import annotations

import ast
import json
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

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
COVERAGE = "[run]\nsource_pkgs = sim\ndata_file = coverage.data\n"
#: Loaded once, before the tests of every mutant.
PRELOADED = ("pytest", "numpy", "pandas", "scipy.stats", "pydantic", "ruamel.yaml", "simpy")
#: Seconds beyond five times the measured ones after which a mutant counts as killed.
PATIENCE = 60.0
#: Exit status of pytest if a test is not found, or none is.
_CANNOT_RUN = (4, 5)
Lines = dict[int, list[str]]


def options(*more: str) -> list[str]:
    return [
        "-x",
        "-q",
        "-m",
        "not slow",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "-p",
        "mutant_plugin",
        *more,
    ]


class TestMap(NamedTuple):
    """The tests that reach each line of a module, and how long each takes.

    Attributes
    ----------
    seconds : dict of str to float
        By node id.
    reached : dict of str to dict
        Node ids of tests by line, by module.
    """

    seconds: dict[str, float]
    reached: dict[str, Lines]

    @classmethod
    def measure(cls, tests: Sequence[str]) -> TestMap:
        """Run tests in the current folder on unchanged code, with coverage by test."""
        from coverage import CoverageData

        Path("mutant_plugin.py").write_text(PLUGIN, "utf-8")
        Path("coverage.ini").write_text(COVERAGE, "utf-8")
        measuring = ("--cov", "--cov-config=coverage.ini", "--cov-context=test", "--cov-report=")
        command = [sys.executable, "-m", "pytest", *options(*measuring), *tests]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"the tests fail on unchanged code\n{done.stdout}")
        data = CoverageData("coverage.data")
        data.read()
        reached = {}
        for name in data.measured_files():
            lines = {line: tests_in(names) for line, names in data.contexts_by_lineno(name).items()}
            reached[Path(name).relative_to(Path.cwd()).as_posix()] = lines
        seconds = json.loads(Path("seconds.json").read_bytes())
        return cls(seconds, reached)

    def tests_of(self, module: str, line: int, limit: float) -> list[str]:
        """Return the tests that reach a line, quick ones first, as many as take `limit` seconds.

        If none does, those that reach its function or else its module; all tests of compiled code, which
        Python does not run.
        """
        lines = self.reached.get(module, {})
        within = function_around(Path(module), line)
        found = set(lines.get(line, ())) if within else set()
        found = found or {test for each in within for test in lines.get(each, ())}
        found = found or {test for tests in lines.values() for test in tests}
        if module.startswith("sim/ensemble/") and not within:
            found = set()
        found &= self.seconds.keys()
        chosen: list[str] = []
        total = 0.0
        for test in sorted(found or self.seconds, key=lambda test: (self.seconds[test], test)):
            total += self.seconds[test]
            if chosen and total > limit:
                break
            chosen.append(test)
        return chosen


def tests_in(contexts: Sequence[str]) -> list[str]:
    return [context.rpartition("|")[0] for context in contexts if context]


def function_around(path: Path, line: int) -> range:
    """Return the lines of the body of the innermost function around a line; empty outside of functions.

    Decorators and defaults belong to the function, although they run when the module is imported.
    """
    found = range(0)
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            if first <= line <= (node.end_lineno or line) and first >= found.start:
                found = range(node.body[0].lineno, (node.end_lineno or line) + 1)
    return found


class TestServer:
    """Runs tests in processes forked from one that has loaded the libraries, where the system can."""

    def __init__(self) -> None:
        method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
        self._context: Any = multiprocessing.get_context(method)
        if method == "forkserver":
            self._context.set_forkserver_preload([*PRELOADED, "mutant_tests"])

    def passes(self, tests: Sequence[str], environment: Mapping[str, str], limit: float = 20.0) -> bool:
        """Return whether all tests pass; tests that never end do not."""
        status = self._status(tests, environment, limit)
        if status in _CANNOT_RUN:
            # A mutant may change the names of a test's cases: run all cases.
            functions = list(dict.fromkeys(test.partition("[")[0] for test in tests))
            status = self._status(functions, environment, limit)
        output = Path("tests.log").read_text("utf-8", errors="replace")
        if status in _CANNOT_RUN and "rror" not in output.replace("ERROR: not found", ""):
            raise SystemExit(f"these tests cannot run\n{output}")
        return status == 0

    def _status(self, tests: Sequence[str], environment: Mapping[str, str], limit: float) -> int | None:
        """Return the exit status of pytest; None if it was killed for its time."""
        process = self._context.Process(target=run, args=(list(tests), dict(environment)))
        process.start()
        process.join(PATIENCE + 5 * limit)
        if process.is_alive():
            stop(process.pid)
            process.join()
            return None
        status: int | None = process.exitcode
        return status


def stop(pid: int | None) -> None:
    """Kill a process that runs tests, and all that it started."""
    if pid is not None and hasattr(os, "killpg"):
        os.killpg(pid, signal.SIGKILL)
    elif pid is not None:
        os.kill(pid, signal.SIGTERM)


def run(tests: list[str], environment: dict[str, str]) -> None:
    """Run tests in this process, and exit with the status of pytest."""
    import pytest

    if hasattr(os, "setsid"):
        os.setsid()
    os.environ |= environment
    log = os.open("tests.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    sys.exit(pytest.main(options("-p", "no:cov", *tests)))
