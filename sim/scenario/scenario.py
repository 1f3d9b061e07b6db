"""Scenario: horizon, depots, supply, demand and events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field, PrivateAttr, ValidationInfo

from sim.errors import Fault, format_count
from sim.names import Names
from sim.scenario.age_checks import AgeChecker
from sim.scenario.attachment import DRAWS_KEY, EVIDENCE_KEY, Attachment
from sim.scenario.budget import Budget
from sim.scenario.consumer import Consumer
from sim.scenario.depot import Depot
from sim.scenario.event import Event
from sim.scenario.event_references import events_counted_from
from sim.scenario.external_names import NO_EXTERNAL_NAMES, ExternalNames, Rule
from sim.scenario.field_types import CURRENCY_TYPE, Date, DaysOfSupply, FileName, Line, LongText, ScalarType
from sim.scenario.frozen_dict import FrozenDict
from sim.scenario.joint_samples import JointSamples
from sim.scenario.munition import Munition
from sim.scenario.order_line import OrderLine
from sim.scenario.override_notes import title_with_changes, without_varied
from sim.scenario.part import NamedParts, Part
from sim.scenario.production_line import Production
from sim.scenario.quantity import Day, Quantity
from sim.scenario.rationing_rules import RULES
from sim.scenario.relative_dates import find_circles
from sim.scenario.shipment import Shipment
from sim.scenario.transfer import Transfer
from sim.scenario.validation_context import DEFAULT_MUNITION, ValidationContext, to_pydantic_error
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
    """A validated, immutable scenario; `replace` returns a modified copy."""

    text_fields: ClassVar[frozenset[str]] = frozenset({"schema_", "title", "note", "evidence_", "draws_"})

    schema_: Annotated[int, ScalarType(_read_format, {"const": FORMAT}), Field(alias="schema")]
    """Version of the format."""
    title: Line = ""
    """Title in charts and reports; the file's name if left out."""
    note: LongText = ""
    """Notes on the scenario and its numbers."""
    start: Date
    """First day of the run."""
    end: Annotated[Date, AfterValidator(_check_after_start)]
    """Day after the last day of the run."""
    evidence_: Annotated[FileName, Field(alias="evidence")] = ""
    """Evidence table added to the shipped one, a CSV file; relative to the file that names it."""
    draws_: Annotated[FileName, Field(alias="draws")] = ""
    """CSV file of joint samples: columns are paths, run k uses row k mod n; relative to the file that names
    it."""
    thresholds: Annotated[
        tuple[DaysOfSupply, ...], Field(max_length=MAX_THRESHOLDS), AfterValidator(_check_distinct)
    ] = (30.0, 15.0, 7.0)
    """Values of N for the outcomes "below N days of supply"."""
    currency: Annotated[str, CURRENCY_TYPE] = ""
    """Currency of all amounts of money, as three letters; required where there are any."""
    budget: Budget | None = None
    """Money that orders may spend; no limit if left out."""
    munitions_: Annotated[
        Mapping[str, Munition], Field(alias="munitions"), AfterValidator(_keep_file_order)
    ] = FrozenDict()
    """Kinds of shells, in file order; one, ``shells``, if left out."""
    depots: Annotated[NamedParts[Depot], Field(min_length=1)]
    """Places that hold stock."""
    production: NamedParts[Production] = FrozenDict()
    """Production lines."""
    shipments: NamedParts[Shipment] = FrozenDict()
    """Suppliers abroad and their shipments."""
    orders: NamedParts[OrderLine] = FrozenDict()
    """Orders by stock: what is ordered, for which depot, when and how much."""
    refurbishment: NamedParts[Workshop] = FrozenDict()
    """Workshops that refurbish unserviceable shells."""
    transfers: NamedParts[Transfer] = FrozenDict()
    """Standing transfers between depots."""
    consumption: NamedParts[Consumer] = FrozenDict()
    """Consumers: the forces that fire."""
    events: NamedParts[Event] = FrozenDict()
    """Events that stop, multiply or destroy."""

    _tree: MapNode = PrivateAttr()
    _text: str = PrivateAttr(default="")
    _digests: Mapping[str, str] = PrivateAttr(default_factory=dict)
    _known: ExternalNames = PrivateAttr(default=NO_EXTERNAL_NAMES)
    _changes: Mapping[str, str] = PrivateAttr(default_factory=FrozenDict)
    _change_names: Names = PrivateAttr(default_factory=Names)
    _evidence: Attachment | None = PrivateAttr(default=None)
    _draws: JointSamples | None = PrivateAttr(default=None)
    _by_consumer: bool = PrivateAttr(default=False)

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
        """Munitions by name."""
        return self.munitions_ or {DEFAULT_MUNITION: Munition()}

    @property
    def changes(self) -> Mapping[str, str]:
        """Overrides by ``--set`` or `replace`, as text by path; a new title clears them."""
        return self._changes

    @property
    def change_names(self) -> Names:
        """Names of the paths of `changes`, also of removed components."""
        return self._change_names

    @property
    def full_title(self) -> str:
        """Title and overrides, as shown in charts, verdicts and result folders."""
        return self.title_apart_from(())

    def title_apart_from(self, varied: Sequence[str]) -> str:
        """Return the full title without overrides at or below paths that a study varies."""
        return title_with_changes(self.title, without_varied(self._changes, varied), self._change_names)

    @property
    def tree(self) -> MapNode:
        """Resolved scenario as a node tree, with the position of each value."""
        return self._tree

    @property
    def digests(self) -> Mapping[str, str]:
        """Digests of the scenario files and of the files that they name, by name."""
        found = dict(self._digests)
        for key, file in ((EVIDENCE_KEY, self._evidence), (DRAWS_KEY, self._draws)):
            if file is not None:
                # The last component of an absolute path may equal another name.
                is_unique = found.get(file.name, file.digest) == file.digest
                found[file.name if is_unique else f"{key}: {file.name}"] = file.digest
        return found

    @property
    def files(self) -> Mapping[str, str]:
        """Digests of the scenario file and the files that it extends, by name."""
        return self._digests

    @property
    def evidence(self) -> Attachment | None:
        """Evidence table of the scenario, as read, or None."""
        return self._evidence

    @property
    def draws(self) -> JointSamples | None:
        """Joint samples of the scenario, or None; they replace once-a-run draws of their paths (rule 6)."""
        return self._draws

    @property
    def external_names(self) -> ExternalNames:
        """Evidence ids and rationing rules that the caller passed."""
        return self._known

    @property
    def known_sources(self) -> frozenset[str] | None:
        """Evidence ids that a source may cite besides those of the scenario's own table; None for any."""
        return self._known.sources

    @property
    def own_rules(self) -> Mapping[str, Rule]:
        """Custom rationing rules that consumers use, by name.

        An engine that supports only the rules of rule 13 rejects a scenario that has any.
        """
        names = {consumer.rationing.rule for consumer in self.consumption.values()} - set(RULES)
        return FrozenDict({name: self._known.rules[name] for name in sorted(names)})

    @property
    def lists_consumers(self) -> bool:
        """Whether results are listed by consumer (rule 40)."""
        return self._by_consumer or any(
            consumer.priority is not None
            or consumer.backlog is not None
            or consumer.shortage_cost is not None
            for consumer in self.consumption.values()
        )

    def by_consumer(self) -> Scenario:
        """Return the scenario with results listed by consumer; its text stays the same."""
        if self.lists_consumers:
            return self
        listed = self.model_copy()
        listed.list_by_consumer()
        return listed

    def list_by_consumer(self) -> None:
        """List results by consumer; called on new copies only."""
        self._by_consumer = True

    def find_faults(self, node: MapNode, context: ValidationContext) -> Iterator[Fault]:  # noqa: ARG002
        """Yield faults: circles of dates, events without a use, and ages that do not fit shelf lives."""
        yield from AgeChecker(node, self.munition_parts, self.start).faults(self.depots, self.shipments)
        counted_from, block = events_counted_from(self), node.get("events")
        for name, event in self.events.items():
            if event.is_reference() and name not in counted_from and isinstance(block, MapNode):
                problem = "the event does nothing, and no date counts from it"
                allowed = f"one of stops, multiplies, destroys; or a date such as {name} + 90 days"
                part = block[name]
                where = part.named if isinstance(part, MapNode) else part.where
                yield Fault(problem, where, f"events.{name}", allowed)
        days = {name: event.reference_day() for name, event in self.events.items()}
        follows = {name: day.after for name, day in days.items() if isinstance(day, Quantity) and day.after}
        for circle in find_circles(follows):
            first = days[circle[0]]
            way = " from ".join((*circle, circle[0]))
            problem = f"the dates go round in a circle: {way}"
            if isinstance(first, Quantity):
                allowed = "a date that counts from none of these events"
                yield Fault(problem, first.where, first.path, allowed)

    def day_of_event(self, name: str) -> Day:
        """Return the day of an event from which other dates count."""
        day = self.events[name].reference_day()
        if day is None:
            raise KeyError(name)
        return day

    def remember(
        self,
        tree: MapNode,
        digests: Mapping[str, str],
        known: ExternalNames,
        changes: Mapping[str, str],
        change_names: Names,
    ) -> None:
        """Store the origin of the scenario; called by the loader only."""
        self._tree, self._text = tree, ""
        self._digests = dict(digests)
        self._known = known
        self._changes = FrozenDict(changes)
        self._change_names = change_names

    def attach(self, evidence: Attachment | None, draws: JointSamples | None) -> None:
        """Store the files that the scenario names; called by the loader only."""
        self._evidence = evidence
        self._draws = draws

    def text(self) -> str:
        """Return the resolved scenario as YAML with its full title; it round-trips."""
        if not self._text:
            self._text = self._write_text()
        return self._text

    def _write_text(self) -> str:
        from sim.scenario.yaml_writer import write_yaml

        title = self._tree["title"]
        if not self._changes or not isinstance(title, TextNode):
            return write_yaml(self._tree)
        tree = self._tree.copy()
        tree["title"] = replace(title, text=self.full_title, is_plain=False)
        return write_yaml(tree)

    def digest(self) -> str:
        """Return the SHA-256 of the resolved text, in hexadecimal."""
        return sha256(self.text().encode()).hexdigest()

    def account_digest(self) -> str:
        """Return a digest of the inputs of the account; scenarios with equal digests give equal results."""
        from sim.scenario.fingerprint import account_digest

        return account_digest(self)

    def replace(self, changes: Mapping[str, Any]) -> Scenario:
        """Return the scenario with changed values.

        Parameters
        ----------
        changes : mapping of str to object
            New values by path: text (``"3M/year"``), numbers or dictionaries; None removes.

        Raises
        ------
        ScenarioError
            If a path does not exist, or the result is invalid.
        """
        from sim.scenario.loader import replace_values

        changed = replace_values(self, changes)
        return changed.by_consumer() if self._by_consumer else changed

    def sections(self) -> tuple[tuple[str, Mapping[str, Part]], ...]:
        """Return the sections by name, each a map of name to component."""
        return (
            ("munitions", self.munitions_),
            ("depots", self.depots),
            ("production", self.production),
            ("refurbishment", self.refurbishment),
            ("shipments", self.shipments),
            ("orders", self.orders),
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
        body = "".join(f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in rows)
        return f"<table><caption>{escape(self.full_title)}</caption>{body}</table>"
