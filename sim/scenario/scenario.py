"""The whole scenario: horizon, depots, and who brings and takes what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field, PrivateAttr, ValidationInfo

from sim.errors import Fault, format_count
from sim.scenario.attachment import DRAWS_KEY, EVIDENCE_KEY, Attachment
from sim.scenario.consumer import RULES, Consumer
from sim.scenario.depot import Depot
from sim.scenario.event import Event
from sim.scenario.external_names import NO_EXTERNAL_NAMES, ExternalNames, Rule
from sim.scenario.field_types import Date, DaysOfSupply, FileName, Line, LongText, ScalarType
from sim.scenario.frozen_dict import FrozenDict
from sim.scenario.joint_samples import JointSamples
from sim.scenario.munition import Munition
from sim.scenario.override_notes import title_with_changes, without_varied
from sim.scenario.part import NamedParts, Part
from sim.scenario.production_line import Production
from sim.scenario.shipment import Shipment
from sim.scenario.transfer import Transfer
from sim.scenario.validation_context import DEFAULT_MUNITION, to_pydantic_error
from sim.scenario.workshop import Workshop
from sim.scenario.yaml_nodes import MapNode, TextNode
from sim.units import UnitError, quote

FORMAT = 1
MAX_DAYS = 36_600
MAX_THRESHOLDS = 20


def _read_format(text: str) -> int:
    if text.strip() != str(FORMAT):
        raise UnitError(f"format {quote(text)} is not known to this version", str(FORMAT))
    return FORMAT


def _check_after_start(end: dt.date, info: ValidationInfo[Any]) -> dt.date:
    start = info.data.get("start")
    if start is not None and end <= start:
        problem, allowed = "the end is not after the start", f"a date after {start}"
        raise to_pydantic_error(Fault(problem, allowed=allowed, is_conflict=True))
    if start is not None and (end - start).days > MAX_DAYS:
        days = (end - start).days
        problem, allowed = f"the run has {days:,} days", f"at most {MAX_DAYS:,} days"
        raise to_pydantic_error(Fault(problem, allowed=allowed, is_conflict=True))
    return end


def _keep_file_order(parts: Mapping[str, Munition]) -> Mapping[str, Munition]:
    return FrozenDict(parts)


def _check_distinct(thresholds: tuple[float, ...]) -> tuple[float, ...]:
    if len(set(thresholds)) < len(thresholds):
        raise to_pydantic_error(Fault("a threshold stands here twice", allowed="different numbers"))
    return thresholds


class Scenario(Part):
    """A checked scenario. It does not change; `replace` returns another."""

    text_fields: ClassVar[frozenset[str]] = frozenset({"schema_", "title", "note", "evidence_", "draws_"})

    schema_: Annotated[int, ScalarType(_read_format, {"const": FORMAT}), Field(alias="schema")]
    """Version of the format."""
    title: Line = ""
    """What charts and reports call it; the file's name if left out."""
    note: LongText = ""
    """The story behind the numbers."""
    start: Date
    """The first day."""
    end: Annotated[Date, AfterValidator(_check_after_start)]
    """The day after the last."""
    evidence_: Annotated[FileName, Field(alias="evidence")] = ""
    """A table of evidence of one's own, beside the shipped one; looked up from the file that names it."""
    draws_: Annotated[FileName, Field(alias="draws")] = ""
    """A CSV of joint samples: columns are paths, run k takes row k mod n; looked up from the file that names
    it."""
    thresholds: Annotated[
        tuple[DaysOfSupply, ...], Field(max_length=MAX_THRESHOLDS), AfterValidator(_check_distinct)
    ] = (30.0, 15.0, 7.0)
    """The N of "below N days of supply"."""
    munitions_: Annotated[
        Mapping[str, Munition], Field(alias="munitions"), AfterValidator(_keep_file_order)
    ] = FrozenDict()
    """Kinds of shells, in file order; one, ``shells``, if left out."""
    depots: Annotated[NamedParts[Depot], Field(min_length=1)]
    """Places where shells lie."""
    production: NamedParts[Production] = FrozenDict()
    """What industry makes."""
    shipments: NamedParts[Shipment] = FrozenDict()
    """What suppliers abroad send."""
    refurbishment: NamedParts[Workshop] = FrozenDict()
    """What makes unserviceable shells serviceable."""
    transfers: NamedParts[Transfer] = FrozenDict()
    """What moves shells between depots."""
    consumption: NamedParts[Consumer] = FrozenDict()
    """Who fires."""
    events: NamedParts[Event] = FrozenDict()
    """What happens."""

    _tree: MapNode = PrivateAttr()
    _digests: Mapping[str, str] = PrivateAttr(default_factory=dict)
    _known: ExternalNames = PrivateAttr(default=NO_EXTERNAL_NAMES)
    _changes: Mapping[str, str] = PrivateAttr(default_factory=FrozenDict)
    _evidence: Attachment | None = PrivateAttr(default=None)
    _draws: JointSamples | None = PrivateAttr(default=None)

    @property
    def days(self) -> int:
        """Number of days in the run (rule 2)."""
        return (self.end - self.start).days

    @property
    def munitions(self) -> tuple[str, ...]:
        """Names of the munitions, in file order."""
        return tuple(self.munitions_) or (DEFAULT_MUNITION,)

    @property
    def munition_parts(self) -> Mapping[str, Munition]:
        """What is said of each munition."""
        return self.munitions_ or {DEFAULT_MUNITION: Munition()}

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
        return title_with_changes(self.title, without_varied(self._changes, varied))

    @property
    def tree(self) -> MapNode:
        """The resolved text as a tree, with the place where each value was written."""
        return self._tree

    @property
    def digests(self) -> Mapping[str, str]:
        """Digests of the files it was read from, and of those that it names, by name."""
        found = dict(self._digests)
        for key, file in ((EVIDENCE_KEY, self._evidence), (DRAWS_KEY, self._draws)):
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
    def draws(self) -> JointSamples | None:
        """The joint samples that it names; they replace the once-a-run draws of their paths (rule 6)."""
        return self._draws

    @property
    def external_names(self) -> ExternalNames:
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
        self, tree: MapNode, digests: Mapping[str, str], known: ExternalNames, changes: Mapping[str, str]
    ) -> None:
        """Keep what the scenario came from; for the loader alone."""
        self._tree = tree
        self._digests = dict(digests)
        self._known = known
        self._changes = FrozenDict(changes)

    def attach(self, evidence: Attachment | None, draws: JointSamples | None) -> None:
        """Keep the files that the scenario names; for the loader alone."""
        self._evidence = evidence
        self._draws = draws

    def text(self) -> str:
        """Return the resolved scenario as YAML that reads back the same, under its full title."""
        from sim.scenario.yaml_writer import write_yaml

        title = self._tree["title"]
        if not self._changes or not isinstance(title, TextNode):
            return write_yaml(self._tree)
        tree = self._tree.copy()
        tree["title"] = replace(title, text=self.full_title, is_plain=False)
        return write_yaml(tree)

    def digest(self) -> str:
        """Return the SHA-256 of the resolved text, in hexadecimal."""
        from hashlib import sha256

        return sha256(self.text().encode()).hexdigest()

    def account_digest(self) -> str:
        """Return a digest of what the account depends on; two scenarios that share it give one result."""
        from hashlib import sha256

        from sim.scenario.fingerprint import fingerprint_text

        return sha256(fingerprint_text(self).encode()).hexdigest()

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
        from sim.scenario.loader import replace_values

        return replace_values(self, changes)

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

        rows = [("period", f"{self.start} to {self.end} ({format_count(self.days, 'day')})")]
        rows += [(section, ", ".join(named)) for section, named in self.sections() if named]
        body = "".join(f"<tr><th>{escape(name)}</th><td>{escape(told)}</td></tr>" for name, told in rows)
        return f"<table><caption>{escape(self.full_title)}</caption>{body}</table>"
