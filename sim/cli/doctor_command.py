"""``sim doctor``: versions, engine, cache, self-test, terminal, fonts and optional packages."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import typer

from sim import simulate
from sim.charts.typefaces import fonts_with
from sim.cli.json_output import print_json
from sim.engines.selection import VARIABLE, Finding
from sim.source_digest import package_version, source_digest

_PACKAGES = (
    "munitions-sim", "numpy", "numba", "llvmlite", "pandas", "pyarrow", "scipy", "simpy", "SALib", "xarray",
    "matplotlib", "joblib", "pydantic", "ruamel.yaml", "typer", "rich", "tqdm",
)  # fmt: skip
#: Optional packages, with the feature that uses each.
_OPTIONAL = {"distributed": "sweep --backend dask", "ipykernel": "notebooks", "nicegui": "sim explore"}
_VARIABLES = (
    VARIABLE,
    "NUMBA_DISABLE_JIT",
    "NUMBA_CACHE_DIR",
    "XDG_CACHE_HOME",
    "MPLBACKEND",
    "TERM",
    "NO_COLOR",
)
#: Sample characters for which to list installed fonts.
_LETTERS = {"CJK": "\u4e2d", "emoji": "\U0001f600"}


def doctor(*, as_json: bool) -> None:
    """Print the report; exit with 1 if a self-test differs from the simpy model."""
    data = report()
    if as_json:
        print_json(data)
    else:
        for line in _lines(data):
            typer.echo(line)
    if data["self_test"]["differs"]:
        raise typer.Exit(1)


def report() -> dict[str, Any]:
    """Return the report as plain data, without user name and host name."""
    findings = simulate.engine_findings()
    last = findings[-1]
    return {
        "versions": {"python": platform.python_version()}
        | {name: package_version(name) for name in _PACKAGES},
        "system": f"{platform.system()} {platform.release()} {platform.machine()}, {os.cpu_count()} cores",
        "source": source_digest(),
        "engine_path": None if last.problem else str(last.path),
        "unavailable": {str(each.path): each.problem for each in findings if each.problem},
        "self_test": _self_test(findings),
        "cache": _cache(),
        "environment": {name: _without_home(os.environ[name]) for name in _VARIABLES if name in os.environ},
        "terminal": _terminal(),
        "fonts": _fonts(),
        "optional": {name: {"version": package_version(name), "for": use} for name, use in _OPTIONAL.items()},
    }


def _self_test(findings: list[Finding]) -> dict[str, Any]:
    differing = [each.problem for each in findings if each.differs]
    if differing:
        return {"differs": True, "result": differing[0]}
    last = findings[-1]
    if last.problem:
        return {"differs": False, "result": "not run: no path of the engine runs"}
    if last.path == "python":
        return {"differs": False, "result": "not needed: the simpy model runs"}
    return {"differs": False, "result": f"the {last.path} path equals the simpy model"}


def _cache() -> dict[str, Any]:
    from sim.ensemble.native.cache_dir import cache_dir, problem

    return {"folder": _without_home(str(cache_dir())), "problem": problem()}


def _terminal() -> dict[str, Any]:
    return {
        "stdout": {"tty": sys.stdout.isatty(), "encoding": sys.stdout.encoding},
        "stderr": {"tty": sys.stderr.isatty(), "encoding": sys.stderr.encoding},
        "columns": shutil.get_terminal_size().columns,
    }


def _fonts() -> dict[str, list[str]]:
    try:
        return {name: fonts_with(letter) for name, letter in _LETTERS.items()}
    except (ImportError, ValueError) as error:
        # An invalid matplotlib configuration prevents its import: report it.
        return {"any": [f"matplotlib does not load: {error}"]}


def _without_home(text: str) -> str:
    try:
        home = str(Path.home())
    except RuntimeError:
        return text
    return text.replace(home, "~") if len(home) > 1 else text


def _lines(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of the report."""
    yield f"engine path: {data['engine_path'] or 'none runs'}"
    yield from (f"  {path} does not run: {why}" for path, why in data["unavailable"].items())
    yield f"self-test: {data['self_test']['result']}"
    cache = data["cache"]
    yield f"cache: {cache['folder']} ({cache['problem'] or 'usable'})"
    yield f"source: {data['source']}"
    yield f"system: {data['system']}"
    streams = (f"{name} {_stream(data['terminal'][name])}" for name in ("stdout", "stderr"))
    yield f"terminal: {', '.join(streams)}, {data['terminal']['columns']} columns"
    for name, fonts in data["fonts"].items():
        yield f"fonts for {name}: {', '.join(fonts[:3]) or 'none'}"
    yield "versions:"
    yield from (f"  {name} {number}" for name, number in data["versions"].items())
    yield "optional parts:"
    yield from (f"  {name} {part['version']} ({part['for']})" for name, part in data["optional"].items())
    if data["environment"]:
        yield "environment:"
        yield from (f"  {name}={value}" for name, value in data["environment"].items())


def _stream(stream: Mapping[str, Any]) -> str:
    return f"{'is' if stream['tty'] else 'is not'} a terminal ({stream['encoding']})"
