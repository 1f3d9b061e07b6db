"""All functions accept paths as text, `Path` or path-like objects."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import sim
from sim import evidence, study
from sim.results.json_text import json_bytes
from sim.results.storage import write_folder
from sim.results.verification import find_problems

PLAIN = """
schema: 1
title: Plain
start: 2024-01-01
end: 2024-02-01
thresholds: [30]
depots: {d: {stock: {low: 1M, high: 2M}}}
production: {line: {rate: 10k/day}}
consumption: {front: {rate: 60k/day}}
"""
ROOMS = (
    "sim",
    "sim.results.reader",
    "sim.results.result",
    "sim.results.verification",
    "sim.study",
    "sim.evidence",
    "sim.charts",
    "sim.simulate",
)


class Named:
    """A path of another library's making."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __fspath__(self) -> str:
        return self.path


FORMS: dict[str, Callable[[str], Any]] = {"text": str, "Path": Path, "other": Named}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("here")
    file = folder / "plain.yaml"
    file.write_text(PLAIN)
    (folder / "more.yaml").write_text("extends: plain.yaml\nproduction: {line: {rate: 20k/day}}\n")
    (folder / "joint.csv").write_text("depots.d.stock\n1M\n2M\n")
    (folder / "own.csv").write_text(
        "id,quantity,munition,low,central,high,unit,period_start,period_end,published,claimant,publisher,url,"
        "confidence,note\n"
        "own-1,stock,artillery all,1000000,,2000000,shells,2023-01-17,2023-10-26,,Authors,Us,,C,Own\n"
    )
    sim.run(file, runs=3, engine="simpy").save(folder / "run")
    sim.compare([file, folder / "more.yaml"], runs=3).save(folder / "compare")
    sim.sweep(file, {"production.line.rate": ["1k/day"]}, runs=3).save(folder / "sweep")
    sim.breakeven(file, "production.line.rate", runs=20).save(folder / "breakeven")
    sim.sensitivity(file, runs=20).save(folder / "sensitivity")
    return folder


#: Functions that take a path, and the name of the file there.
READERS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "load": (sim.load, "plain.yaml"),
    "warnings": (sim.warnings, "plain.yaml"),
    "run": (lambda path: sim.run(path, runs=2, engine="simpy", jobs=1).summary(), "plain.yaml"),
    "sweep": (lambda path: sim.sweep(path, {"production.line.rate": ["1k/day"]}, runs=2).title, "plain.yaml"),
    "sweep of scenarios": (lambda path: sim.sweep(path, {"scenario": [path]}, runs=2).title, "plain.yaml"),
    "compare": (
        lambda path: sim.compare([path, {**sim_plain(), "title": "B"}], runs=2).summary(),
        "plain.yaml",
    ),
    "breakeven": (lambda path: sim.breakeven(path, "depots.d.stock", runs=2).value, "plain.yaml"),
    "sensitivity": (lambda path: sim.sensitivity(path, runs=5).summary(), "plain.yaml"),
    "read_folder": (lambda path: sim.read_folder(path).summary(), "run"),
    "read_sweep": (lambda path: sim.read_sweep(path).title, "sweep"),
    "read_comparison": (lambda path: study.read_comparison(path).summary(), "compare"),
    "read_breakeven": (lambda path: study.read_breakeven(path).summary(), "breakeven"),
    "read_sensitivity": (lambda path: study.read_sensitivity(path).summary(), "sensitivity"),
    "verb_of": (study.verb_of, "breakeven"),
    "verify": (find_problems, "sweep"),
    "evidence.load_file": (lambda path: evidence.load_file(path).ids(), "own.csv"),
    "a table of draws": (
        lambda path: sim.simulate.as_scenario({**sim_plain(), "draws": path}).digests,
        "joint.csv",
    ),
    "evidence of one's own": (
        lambda path: sim.simulate.as_scenario({**sim_plain(), "evidence": path}).digests,
        "own.csv",
    ),
    "extends": (lambda path: sim.simulate.as_scenario({"extends": path}).title, "plain.yaml"),
}


def sim_plain() -> dict[str, Any]:
    return {
        "schema": 1,
        "start": "2024-01-01",
        "end": "2024-02-01",
        "thresholds": [30],
        "depots": {"d": {"stock": {"low": "1M", "high": "2M"}}},
        "consumption": {"front": {"rate": "60k/day"}},
    }


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("form", FORMS)
def test_what_is_read_is_the_same_however_it_is_named(
    name: str, form: str, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(here)
    read, file = READERS[name]
    assert repr(read(FORMS[form](file))) == repr(read(here / file))
    read(FORMS[form](str(here / file)))


WRITERS: dict[str, Callable[[Any], Any]] = {
    "run": lambda out: sim.run(sim_plain(), runs=2, engine="simpy", jobs=1).save(out),
    "compare": lambda out: sim.compare([sim_plain(), {**sim_plain(), "title": "B"}], runs=2).save(out),
    "sweep": lambda out: sim.sweep(sim_plain(), {"consumption.front.rate": ["1/day"]}, runs=2).save(out),
    "sweep out": lambda out: sim.sweep(sim_plain(), {"consumption.front.rate": ["1/day"]}, runs=2, out=out),
    "breakeven": lambda out: sim.breakeven(sim_plain(), "depots.d.stock", runs=2).save(out),
    "sensitivity": lambda out: sim.sensitivity(sim_plain(), runs=5).save(out),
    "write_folder": lambda out: write_folder(out, {"manifest.json": json_bytes({"files": {}})}),
}


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("form", FORMS)
def test_what_is_written_is_the_same_however_the_folder_is_named(
    name: str, form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    WRITERS[name](FORMS[form]("mine"))
    assert (tmp_path / "mine" / "manifest.json").is_file()
    WRITERS[name](FORMS[form](str(tmp_path / "again")))
    assert (tmp_path / "again" / "manifest.json").is_file()


def public() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield every public function of the rooms, and every public method of their classes."""
    for room in ROOMS:
        module = importlib.import_module(room)
        names = getattr(module, "__all__", [name for name in vars(module) if not name.startswith("_")])
        for name in names:
            found = getattr(module, name)
            if inspect.isfunction(found) and (hasattr(module, "__all__") or found.__module__ == room):
                yield f"{room}.{name}", found
            elif inspect.isclass(found) and found.__module__.startswith("sim"):
                for method, function in inspect.getmembers(found, inspect.isroutine):
                    if not method.startswith("_") and inspect.isfunction(inspect.unwrap(function)):
                        yield f"{room}.{name}.{method}", function


def test_no_public_function_takes_a_path_and_no_text() -> None:
    found = dict(public())
    assert {"sim.read_folder", "sim.study.read_comparison", "sim.load"} <= found.keys()
    narrow = [
        f"{name}({parameter.name})"
        for name, function in found.items()
        for parameter in inspect.signature(function).parameters.values()
        if str(parameter.annotation).replace("pathlib.", "") in {"Path", "Path | None", "str | Path"}
    ]
    assert narrow == []
