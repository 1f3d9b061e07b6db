"""Judgements about the shipped table: counting factors of families, and readings of single rows.

Both files were written before any claim was compared with a run. ``docs/audit.md`` lists each change since.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

FAMILIES_FILE, READINGS_FILE = "families.csv", "readings.csv"


class Counted(StrEnum):
    """Where a family counts cargo."""

    SHIPPED = "shipped"
    RECEIVED = "received"
    #: The family counts no cargo.
    NEITHER = ""


@dataclass(frozen=True, slots=True)
class Family:
    """Counting factor of a family of claimants, with a lognormal prior.

    Attributes
    ----------
    name : str
    median : float
        Count of the family divided by the count of the account.
    spread : float
        Standard deviation of the logarithm.
    counted : Counted
    reason : str
    """

    name: str
    median: float
    spread: float
    counted: Counted
    reason: str


class ReadingKind(StrEnum):
    """How a row is read where its cells do not say."""

    #: Not an observation.
    REFUSED = "refused"
    #: The figure is an upper bound.
    AT_MOST = "at_most"
    #: The period starts on the date of the value.
    FROM = "from"
    #: Within the period, not since the first shipment.
    WITHIN = "within"
    #: Cargo is counted on arrival.
    RECEIVED = "received"
    #: From the suppliers of the value.
    SUPPLIERS = "suppliers"
    #: The ratio is over the window of the value.
    BASE = "base"


@dataclass(frozen=True, slots=True)
class Reading:
    """The reading of one row of the shipped table."""

    id: str
    kind: ReadingKind
    value: str
    reason: str


@cache
def families() -> Mapping[str, Family]:
    """Return the families that have a counting factor, by name."""
    return {
        row["family"]: Family(
            row["family"], float(row["median"]), float(row["spread"]), Counted(row["counted"]), row["reason"]
        )
        for row in _rows(FAMILIES_FILE)
    }


@cache
def readings() -> Mapping[str, Reading]:
    """Return the readings by the id of their row."""
    return {
        row["id"]: Reading(row["id"], ReadingKind(row["reading"]), row["value"], row["reason"])
        for row in _rows(READINGS_FILE)
    }


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files("sim.auditing").joinpath(name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))
