"""Headlines of the gallery of charts of awkward runs, and the reader's results for them."""

from __future__ import annotations

import importlib
import tempfile
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from unittest import mock

import pandas as pd

from sim.charts.claims_data import read_claims
from sim.charts.kinds import KINDS
from sim.errors import ArgumentError
from sim.evidence import estimate_table
from sim.simulate import run
from tests.support.awkward_scenarios import PLACES, awkward, places_of
from tests.support.findings_proof import Proof
from tests.support.folder_figures import RunFolder
from tests.support.gallery_reader import GRAMMAR, GalleryReading, read_gallery
from tests.support.published_reader import read_published

GALLERY_PLACES = PLACES
SCENARIOS = Path(__file__).parent.parent.parent / "scenarios"
ESTIMATES = Path(estimate_table.__file__).parent / estimate_table.SHIPPED_FILE
#: Shipped scenarios with voyages in legs.
WITH_LEGS = ("white-house-2023.yaml", "two-calibres.yaml")


class _DrawnError(Exception):
    """Ends the drawing of a chart, with its title."""


def headline_of(kind: str, result: Any, size: str = "page") -> str | None:
    """Return the headline of a chart, without drawing it; None if the result has no such chart."""
    chart = next(each for each in KINDS if each.name == kind)
    module = importlib.import_module(f"sim.charts.{chart.module}")
    frame = next(name for name in ("draw_rows", "open_frame", "open_canvas") if hasattr(module, name))

    def stop(*arguments: Any) -> None:
        raise _DrawnError(next(each.title for each in arguments if hasattr(each, "subtitle")))

    try:
        with mock.patch.object(module, frame, stop):
            chart(result, size)
    except _DrawnError as drawn:
        return str(drawn)
    except ArgumentError:
        return None
    raise AssertionError(f"{kind} was drawn")


def prove_gallery(cases: Iterable[int]) -> Proof:
    """Run some cases, and return the reader's results for the headlines of their charts."""
    proof = Proof()
    for case in cases:
        with tempfile.TemporaryDirectory() as name:
            plain, runs = awkward(case, Path(name))
            reading = _read(plain, runs, Path(name) / "run", ("page", "column")[case % 2])
            proof.add(f"gallery {case}", reading, places_of(plain, reading.folder))
    return proof


def prove_gallery_of(file: Path, runs: int, size: str = "column") -> Proof:
    """Run a scenario file, and return the reader's results for the headlines of its charts."""
    proof = Proof()
    with tempfile.TemporaryDirectory() as name:
        proof.add(file.name, _read(file, runs, Path(name) / "run", size), set())
    return proof


def _read(scenario: Path | dict[str, Any], runs: int, folder: Path, size: str) -> GalleryReading:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = run(scenario, runs=runs, jobs=1)
        found = {kind: headline_of(kind, result, size) for kind in GRAMMAR}
    saved = RunFolder(result.save(folder))
    table = folder / "shipments.csv"
    voyages = pd.read_csv(table) if table.exists() else pd.DataFrame()
    return read_gallery(saved, voyages, {kind: text for kind, text in found.items() if text is not None})


def prove_published() -> Proof:
    """Read the headline of the claims on each quantity of the shipped table, in two sizes."""
    proof = Proof()
    table, raw = estimate_table.load().frame(), pd.read_csv(ESTIMATES)
    for quantity in sorted(set(raw["quantity"])):
        try:
            data = read_claims(table, quantity)
        except ArgumentError:
            # No claim on it has a number.
            continue
        for size in ("page", "square"):
            sentence = headline_of("claims", data, size)
            assert sentence is not None
            proof.add(quantity, read_published(raw, quantity, sentence), {size})
    return proof
