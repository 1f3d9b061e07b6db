"""Estimates for tests: the shipped table, and single rows."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from importlib import resources

from sim.evidence import Estimate


def shipped_bytes() -> bytes:
    return resources.files("sim.evidence").joinpath("estimates.csv").read_bytes()


def shipped_cells() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(shipped_bytes().decode("utf-8"), newline="")))


def estimate(**cells: object) -> Estimate:
    blank = Estimate(
        id="mine-1",
        quantity="stock",
        munition="artillery all",
        low=None,
        central=None,
        high=None,
        unit="shells",
        period_start=None,
        period_end=None,
        published=None,
        claimant="An analyst",
        publisher="",
        url="",
        confidence="C",
        note="",
    )
    return replace(blank, **cells)  # type: ignore[arg-type]
