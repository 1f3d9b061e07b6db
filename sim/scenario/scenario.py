"""The whole scenario: horizon, depots, and who brings and takes what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field, PrivateAttr, ValidationInfo

from sim.errors import Fault, counted
from sim.scenario.attachment import DRAWS, EVIDENCE, Attachment
from sim.scenario.changes import apart_from, titled
from sim.scenario.consumption import RULES, Consumer
from sim.scenario.context import ONLY_MUNITION, as_pydantic
from sim.scenario.depot import Depot
from sim.scenario.draws import Draws
from sim.scenario.event import Event
from sim.scenario.frozen import FrozenDict
from sim.scenario.known import NOTHING, Known, Rule
from sim.scenario.measure import Date, DaysOfSupply, FileName, Line, LongText, Scalar
from sim.scenario.munition import Munition
from sim.scenario.nodes import Block, Text
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
        problem, allowed = "the end is not after the start", f"a date after {start}"
        raise as_pydantic(Fault(problem, allowed=allowed, is_conflict=True))
    if start is not None and (end - start).days > LONGEST_RUN:
        days = (end - start).days
        problem, allowed = f"the run has {days:,} days", f"at most {LONGEST_RUN:,} days"
        raise as_pydantic(Fault(problem, allowed=allowed, is_conflict=True))
    return end


def _in_file_order(parts: Mapping[str, Munition]) -> Mapping[str, Munition]:
    return FrozenDict(parts)


def _different(thresholds: tuple[float, ...]) -> tuple[float, ...]:
    if len(set(thresholds)) < len(thresholds):
        raise as_pydantic(Fault("a threshold stands here twice", allowed="different numbers"))
    return thresholds


class Scenario(Part):
    """A checked scenario. It does not change; `replace` returns another."""

    words: ClassVar[frozenset[str]] = frozenset({"schema_", "title", "note", "evidence_", "draws_"})

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
    evidence_: Annotated[FileName, Field(alias="evidence")] = ""
    """A table of evidence of one's own, beside the shipped one; looked up from the file that names it."""
    draws_: Annotated[FileName, Field(alias="draws")] = ""
    """A CSV of joint samples: columns are paths, run k takes row k mod n; looked up from the file that names
    it."""
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
    _known: Known = PrivateAttr(default=NOTHING)
    _changes: Mapping[str, str] = PrivateAttr(default_factory=FrozenDict)
    _evidence: Attachment | None = PrivateAttr(default=None)
    _draws: Draws | None = PrivateAttr(default=None)

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
    def changes(self) -> Mapping[str, str]:
        """What was set over the files by ``--set`` or `replace`, as text by path; a new title clears it."""
        return self._changes

    @property
    def full_title(self) -> str:
        """The title, and what was set: what a chart, a verdict and a result folder call the scenario."""
        return self.title_apart_from(())

    def title_apart_from(self, varied: Sequence[str]) -> str:
        """Return the full title without what was set at paths whose values a study gives itself."""
        return titled(self.title, apart_from(self._changes, varied))

    @property
    def tree(self) -> Block:
        """The resolved text as a tree, with the place where each value was written."""
        return self._tree

    @property
    def digests(self) -> Mapping[str, str]:
        """Digests of the files it was read from, and of those that it names, by name."""
        found = dict(self._digests)
        for key, file in ((EVIDENCE, self._evidence), (DRAWS, self._draws)):
            if file is not None:
                # Two files may have one name where one of them was given from the root of the disk.
                alone = found.get(file.name, file.digest) == file.digest
                found[file.name if alone else f"{key}: {file.name}"] = file.digest
        return found

    @property
    def files(self) -> Mapping[str, str]:
        """Digests of the scenario files alone: this one, and those that it extends."""
        return self._digests

    @property
    def evidence(self) -> Attachment | None:
        """The table of evidence that it names beside the shipped one, as it was read."""
        return self._evidence

    @property
    def draws(self) -> Draws | None:
        """The joint samples that it names; they replace the once-a-run draws of their paths (rule 6)."""
        return self._draws

    @property
    def known(self) -> Known:
        """What the caller said of the world outside: evidence, and rules of rationing."""
        return self._known

    @property
    def known_sources(self) -> frozenset[str] | None:
        """Ids of evidence that a source may name, besides those of its own table; None where any may."""
        return self._known.sources

    @property
    def own_rules(self) -> Mapping[str, Rule]:
        """The caller's own rules of rationing that consumers go by, by name.

        An engine that knows only those of rule 13 refuses a scenario that has any.
        """
        names = {consumer.rationing.rule for consumer in self.consumption.values()} - set(RULES)
        return FrozenDict({name: self._known.rules[name] for name in sorted(names)})

    def remember(
        self, tree: Block, digests: Mapping[str, str], known: Known, changes: Mapping[str, str]
    ) -> None:
        """Keep what the scenario came from; for the loader alone."""
        self._tree = tree
        self._digests = dict(digests)
        self._known = known
        self._changes = FrozenDict(changes)

    def attach(self, evidence: Attachment | None, draws: Draws | None) -> None:
        """Keep the files that the scenario names; for the loader alone."""
        self._evidence = evidence
        self._draws = draws

    def text(self) -> str:
        """Return the resolved scenario as YAML that reads back the same, under its full title."""
        from sim.scenario.emitting import yaml_text

        title = self._tree["title"]
        if not self._changes or not isinstance(title, Text):
            return yaml_text(self._tree)
        tree = self._tree.copy()
        tree["title"] = replace(title, text=self.full_title, plain=False)
        return yaml_text(tree)

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

    def __repr__(self) -> str:
        return f"<Scenario {self.full_title!r}: {self.start} to {self.end}>"

    def _repr_html_(self) -> str:
        from html import escape

        rows = [("period", f"{self.start} to {self.end} ({counted(self.days, 'day')})")]
        rows += [(section, ", ".join(named)) for section, named in self.sections() if named]
        body = "".join(f"<tr><th>{escape(name)}</th><td>{escape(told)}</td></tr>" for name, told in rows)
        return f"<table><caption>{escape(self.full_title)}</caption>{body}</table>"
