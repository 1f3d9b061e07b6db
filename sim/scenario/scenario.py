"""The whole scenario: horizon, depots, and who brings and takes what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field, PrivateAttr, ValidationInfo

from sim.errors import Fault
from sim.scenario.consumption import Consumer
from sim.scenario.context import ONLY_MUNITION, as_pydantic
from sim.scenario.depot import Depot
from sim.scenario.event import Event
from sim.scenario.frozen import FrozenDict
from sim.scenario.measure import Date, DaysOfSupply, Line, LongText, Scalar
from sim.scenario.munition import Munition
from sim.scenario.nodes import Block
from sim.scenario.part import Named, Part
from sim.scenario.production import Production
from sim.scenario.refurbishment import Workshop
from sim.scenario.shipment import Shipment
from sim.scenario.transfer import Transfer
from sim.units import UnitError, shown

FORMAT = 1
LONGEST_RUN = 36_600
MOST_THRESHOLDS = 20


def _format(text: str) -> int:
    if text.strip() != str(FORMAT):
        raise UnitError(f"format {shown(text)} is not known to this version", str(FORMAT))
    return FORMAT


def _after_start(end: dt.date, info: ValidationInfo[Any]) -> dt.date:
    start = info.data.get("start")
    if start is not None and end <= start:
        raise as_pydantic(Fault("the end is not after the start", allowed=f"a date after {start}"))
    if start is not None and (end - start).days > LONGEST_RUN:
        days = (end - start).days
        raise as_pydantic(Fault(f"the run has {days:,} days", allowed=f"at most {LONGEST_RUN:,} days"))
    return end


def _in_file_order(parts: Mapping[str, Munition]) -> Mapping[str, Munition]:
    return FrozenDict(parts)


def _different(thresholds: tuple[float, ...]) -> tuple[float, ...]:
    if len(set(thresholds)) < len(thresholds):
        raise as_pydantic(Fault("a threshold stands here twice", allowed="different numbers"))
    return thresholds


class Scenario(Part):
    """A checked scenario. It does not change; `replace` returns another."""

    words: ClassVar[frozenset[str]] = frozenset({"schema_", "title", "note"})

    schema_: Annotated[int, Scalar(_format, {"const": FORMAT}), Field(alias="schema")]
    """Version of the format."""
    title: Line = ""
    """What charts and reports call it; the file's name if left out."""
    note: LongText = ""
    """The story behind the numbers."""
    start: Date
    """The first day."""
    end: Annotated[Date, AfterValidator(_after_start)]
    """The day after the last."""
    thresholds: Annotated[
        tuple[DaysOfSupply, ...], Field(max_length=MOST_THRESHOLDS), AfterValidator(_different)
    ] = (30.0, 15.0, 7.0)
    """The N of "below N days of supply"."""
    munitions_: Annotated[
        Mapping[str, Munition], Field(alias="munitions"), AfterValidator(_in_file_order)
    ] = FrozenDict()
    """Kinds of shells, in file order; one, ``shells``, if left out."""
    depots: Annotated[Named[Depot], Field(min_length=1)]
    """Places where shells lie."""
    production: Named[Production] = FrozenDict()
    """What industry makes."""
    shipments: Named[Shipment] = FrozenDict()
    """What suppliers abroad send."""
    refurbishment: Named[Workshop] = FrozenDict()
    """What makes unserviceable shells serviceable."""
    transfers: Named[Transfer] = FrozenDict()
    """What moves shells between depots."""
    consumption: Named[Consumer] = FrozenDict()
    """Who fires."""
    events: Named[Event] = FrozenDict()
    """What happens."""

    _tree: Block = PrivateAttr()
    _digests: Mapping[str, str] = PrivateAttr(default_factory=dict)
    _sources: frozenset[str] | None = PrivateAttr(default=None)

    @property
    def days(self) -> int:
        """Number of days in the run (rule 2)."""
        return (self.end - self.start).days

    @property
    def munitions(self) -> tuple[str, ...]:
        """Names of the munitions, in file order."""
        return tuple(self.munitions_) or (ONLY_MUNITION,)

    @property
    def munition_parts(self) -> Mapping[str, Munition]:
        """What is said of each munition."""
        return self.munitions_ or {ONLY_MUNITION: Munition()}

    @property
    def tree(self) -> Block:
        """The resolved text as a tree, with the place where each value was written."""
        return self._tree

    @property
    def digests(self) -> Mapping[str, str]:
        """Digests of the files it was read from, by name."""
        return self._digests

    @property
    def known_sources(self) -> frozenset[str] | None:
        """Ids of evidence that a source may name; None where any may."""
        return self._sources

    def remember(self, tree: Block, digests: Mapping[str, str], sources: frozenset[str] | None) -> None:
        """Keep the text that the scenario came from; for the loader alone."""
        self._tree = tree
        self._digests = dict(digests)
        self._sources = sources

    def text(self) -> str:
        """Return the resolved scenario as YAML that reads back the same."""
        from sim.scenario.emitting import yaml_text

        return yaml_text(self._tree)

    def digest(self) -> str:
        """Return the SHA-256 of the resolved text, in hexadecimal."""
        from hashlib import sha256

        return sha256(self.text().encode()).hexdigest()

    def account_digest(self) -> str:
        """Return a digest of what the account depends on; two scenarios that share it give one result."""
        from hashlib import sha256

        from sim.scenario.likeness import account_text

        return sha256(account_text(self).encode()).hexdigest()

    def replace(self, changes: Mapping[str, Any]) -> Scenario:
        """Return the scenario with other values.

        Parameters
        ----------
        changes : mapping of str to object
            Paths and their new values, as text (``"3M/year"``), numbers, or dictionaries; None removes.

        Raises
        ------
        ScenarioError
            A path is not there, or the result is not a valid scenario.
        """
        from sim.scenario.loading import replaced

        return replaced(self, changes)

    def sections(self) -> tuple[tuple[str, Mapping[str, Part]], ...]:
        """Return the sections by name, each a map from a name to its component."""
        return (
            ("munitions", self.munitions_),
            ("depots", self.depots),
            ("production", self.production),
            ("refurbishment", self.refurbishment),
            ("shipments", self.shipments),
            ("transfers", self.transfers),
            ("consumption", self.consumption),
            ("events", self.events),
        )

    def _repr_html_(self) -> str:
        from html import escape

        parts = ", ".join(f"{len(named)} {name}" for name, named in self.sections())
        return f"<b>{escape(self.title)}</b><br>{self.start} to {self.end}, {escape(parts)}"
