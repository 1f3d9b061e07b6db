"""Scenario of the inputs after the claims: joint samples, which keep their correlations."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import simulate
from sim.auditing.posterior import REPETITIONS, Posterior
from sim.results.storage import storage_errors
from sim.scenario.attachment import DRAWS_KEY, EVIDENCE_KEY
from sim.scenario.number_listing import numbers_by_path
from sim.scenario.override_notes import MAX_TITLE_LENGTH
from sim.scenario.scenario import Scenario
from sim.scenario.yaml_nodes import TextNode
from sim.scenario.yaml_writer import write_yaml

Floats = NDArray[np.float64]
SCENARIO_FILE, SAMPLES_FILE, EVIDENCE_FILE = "scenario.yaml", "samples.csv", "evidence.csv"
_TITLE = "{}, after the claims"


class PosteriorScenario(NamedTuple):
    """A scenario with joint samples, and the files that it consists of, by name."""

    scenario: Scenario
    files: Mapping[str, bytes]


def posterior_scenario(scenario: Scenario, posterior: Posterior) -> PosteriorScenario:
    """Return the scenario of the inputs after the claims, as it reads from its files.

    A table of estimates of its own is among the files, so that they need no other.
    """
    files = {SAMPLES_FILE: _samples(scenario, posterior)}
    if scenario.evidence is not None:
        files[EVIDENCE_FILE] = scenario.evidence.data
    files = {SCENARIO_FILE: _text(scenario).encode("utf-8"), **files}
    with storage_errors("cannot write temporary files"), tempfile.TemporaryDirectory() as folder:
        for name, data in files.items():
            (Path(folder) / name).write_bytes(data)
        loaded = simulate.load(Path(folder) / SCENARIO_FILE)
    return PosteriorScenario(loaded, files)


def _text(scenario: Scenario) -> str:
    tree = scenario.tree.copy()
    title = _TITLE.format(scenario.full_title)
    names = {"title": title if len(title) <= MAX_TITLE_LENGTH else scenario.full_title}
    names[DRAWS_KEY] = SAMPLES_FILE
    if scenario.evidence is not None:
        names[EVIDENCE_KEY] = EVIDENCE_FILE
    for key, text in names.items():
        node = tree.get(key)
        old = node if isinstance(node, TextNode) else TextNode("", tree.where, path=key)
        tree.put(key, replace(old, text=text, is_plain=False, at=None), tree.keys_at.get(key, tree.where))
    return write_yaml(tree)


def _samples(scenario: Scenario, posterior: Posterior) -> bytes:
    """Return the samples as CSV, the repetitions in turn: so the first rows have as many of each."""
    rows, inputs = posterior.inputs.shape
    columns = _from_start(scenario, dict(zip(posterior.paths, posterior.inputs.T, strict=True)))
    in_turn = columns.reshape(REPETITIONS, -1, inputs).swapaxes(0, 1).reshape(rows, inputs)
    lines = [",".join(posterior.paths)]
    lines += [",".join(map(repr, row)) for row in np.asarray(in_turn, dtype=np.float64).tolist()]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _from_start(scenario: Scenario, inputs: Mapping[str, Floats]) -> Floats:
    """Return the inputs as columns; dates that count from events in days from the start, as samples are."""
    numbers = numbers_by_path(scenario)

    def day_of(name: str) -> Floats | float:
        day = scenario.day_of_event(name)
        if isinstance(day, dt.date):
            return float((day - scenario.start).days)
        if day.after:
            return inputs.get(day.path, day.value) + day_of(day.after)
        return inputs.get(day.path, day.value - scenario.start.toordinal())

    events = {path: numbers[path].quantity.after for path in inputs}
    columns = [own + day_of(events[path]) if events[path] else own for path, own in inputs.items()]
    return np.array(columns, dtype=np.float64).T
