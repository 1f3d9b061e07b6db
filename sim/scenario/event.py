"""Event: stops, multiplies or destroys, on a date, in a window, or at random; or a date alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field

from sim.errors import Fault
from sim.scenario.dimension import DURATION, FACTOR, SHARE
from sim.scenario.field_types import DamageType, DayType, Line, NumberType
from sim.scenario.part import LabelledPart
from sim.scenario.quantity import Day, Quantity, day_text, fixed_quantity
from sim.scenario.suggestions import join_names
from sim.scenario.validation_context import ValidationContext
from sim.scenario.yaml_nodes import MapNode
from sim.units import Unit, quote

EFFECTS = ("stops", "multiplies", "destroys")
KEYS_OF_EFFECT = {"stops": {"share"}, "multiplies": {"factor"}, "destroys": {"at"}}


class Event(LabelledPart):
    """A stop, a factor or a loss of stock, with its timing (rules 27 and 28); or a date alone (rule 35)."""

    fields_drawn_each_time: ClassVar[frozenset[str]] = frozenset(
        {"every", "last", "share", "factor", "destroys"}
    )

    date: Annotated[Day | None, DayType()] = None
    """Day of the event; other dates may count from it."""
    from_: Annotated[Day | None, DayType(), Field(alias="from")] = None
    """First day of a window; other dates may count from it."""
    until: Annotated[Day | None, DayType()] = None
    """Day after the last day of a window; the end of the run if left out."""
    every: Annotated[Quantity | None, NumberType(DURATION)] = None
    """Gap from the end of one occurrence to the next: the mean of an exponential, or a distribution."""
    last: Annotated[Quantity | None, NumberType(DURATION)] = None
    """Duration of a random occurrence."""
    stops: Line = ""
    """Path of the component that stops."""
    share: Annotated[Quantity, NumberType(SHARE)] = fixed_quantity(1.0, Unit.SHARE)
    """Share of the component that stops."""
    multiplies: Line = ""
    """Path of the rate, offer or capacity that is multiplied."""
    factor: Annotated[Quantity | None, NumberType(FACTOR)] = None
    """Factor by which the number is multiplied."""
    destroys: Annotated[Quantity | None, DamageType()] = None
    """Share of the stock of a depot that is lost, or a number of shells."""
    at: Line = ""
    """Depot whose stock is destroyed; the only one if left out."""

    def drawn_each_time(self) -> frozenset[str]:
        """Return all number fields for a random event; none for a date or a window (rule 6)."""
        return frozenset() if self.every is None else self.fields_drawn_each_time

    def effects(self) -> list[str]:
        """Return what the event does: at most one of `EFFECTS` if it is valid."""
        return [act for act in EFFECTS if getattr(self, act)]

    def is_reference(self) -> bool:
        """Return whether the event has a date or a window and no effect: other dates count from it."""
        return not self.effects() and self.reference_day() is not None

    def reference_day(self) -> Day | None:
        """Return the day from which other dates count (rule 35); None for a recurring event."""
        return self.from_ if self.date is None else self.date

    def find_faults(self, node: MapNode, context: ValidationContext) -> Iterator[Fault]:
        """Yield faults: not exactly one effect or timing, or keys that do not fit them."""
        acts = self.effects()
        is_date = self.is_reference() and not node.keys() & {"share", "factor", "at", "last"}
        if len(acts) > 1 or (not acts and not is_date):
            problem = (
                f"an event does one thing, not {' and '.join(acts)}" if acts else "the event does nothing"
            )
            allowed = "one of stops, multiplies, destroys; or a date from which others count"
            yield Fault(problem, node.named, node.path, allowed)
            return
        act = acts[0] if acts else ""
        if acts:
            yield from self._companion_faults(node, act)
        yield from self._time_faults(node, act)
        if self.destroys is not None and not self.at and len(context.depots) > 1:
            known = ", ".join(context.depots)
            yield node.fault("at", "this key is required with several depots", known)
        if self.stops in context.targets.indivisible and self.share.bounds() != (1.0, 1.0):
            what = "an order line" if self.stops.startswith("orders.") else "a fleet"
            yield Fault(f"{what} is stopped wholly", node["share"].where, f"{node.path}.share", "100%")

    def unknown(self, node: MapNode, context: ValidationContext) -> Iterator[Fault]:
        """Yield a fault for each depot or target that the file does not define."""
        acts = self.effects()
        if acts == ["destroys"]:
            yield from self._place_faults(node, context)
        elif len(acts) == 1:
            yield from self._target_faults(node, acts[0], context)

    def _companion_faults(self, node: MapNode, act: str) -> Iterator[Fault]:
        for key in node:
            if any(key in beside for other, beside in KEYS_OF_EFFECT.items() if other != act):
                problem = f"{key!r} does not go beside {act!r}"
                yield node.fault(key, problem, ", ".join(sorted(KEYS_OF_EFFECT[act])))
        if act == "multiplies" and self.factor is None:
            yield node.fault("factor", "'multiplies' needs a factor", "a number, such as 1.6")

    def _time_faults(self, node: MapNode, act: str) -> Iterator[Fault]:
        kinds = [
            self.date is not None,
            self.from_ is not None or self.until is not None,
            self.every is not None,
        ]
        if sum(kinds) != 1:
            allowed = "date, or from and until, or every (with last)"
            yield Fault("an event has one kind of time", node.named, node.path, allowed)
        elif self.from_ is None and self.until is not None:
            yield Fault("a window needs a from", node.keys_at["until"], f"{node.path}.from", "a date")
        elif self.from_ is not None and self.until is not None and _is_over_at(self.until, self.from_):
            yield node.fault("until", "until is not after from", f"a date after {day_text(self.from_)}")
        if act == "destroys" and self.from_ is not None:
            yield node.fault("from", "what destroys does so on a day", "date, or every")
        needs_last = self.every is not None and act in {"stops", "multiplies"}
        if needs_last and self.last is None:
            yield node.fault("last", f"'every' with {act!r} needs a last", "a duration")
        if self.last is not None and not needs_last:
            yield node.fault("last", "'last' does not go here", "every with stops or multiplies")

    def _place_faults(self, node: MapNode, context: ValidationContext) -> Iterator[Fault]:
        if self.at and context.depots and self.at not in context.depots:
            known = ", ".join(context.depots)
            near = context.suggester.nearest(self.at, context.depots)
            yield Fault(f"unknown depot {quote(self.at)}", node["at"].where, f"{node.path}.at", known, near)

    def _target_faults(self, node: MapNode, act: str, context: ValidationContext) -> Iterator[Fault]:
        targets = context.targets
        path, known = (
            (self.stops, targets.stopped) if act == "stops" else (self.multiplies, targets.multiplied)
        )
        if path not in known and not path.startswith(targets.uncertain):
            problem = f"{quote(path)} cannot be {'stopped' if act == 'stops' else 'multiplied'}"
            allowed = join_names(known) or "nothing in this file"
            near = targets.nearest(path, known, context.suggester)
            yield Fault(problem, node[act].where, f"{node.path}.{act}", allowed, near)


def _is_over_at(until: Day, first: Day) -> bool:
    """Return whether `until` is not after `first` in any run, as far as the two alone say."""
    low, high = (
        (float(day.toordinal()), "") if not isinstance(day, Quantity) else (day.bounds()[end], day.after)
        for day, end in ((first, 0), (until, 1))
    )
    return low[1] == high[1] and high[0] <= low[0]
