"""Table of all outcomes of a run: name, kind, unit, display names and definition.

Tables, summaries, sweeps, break-even, sensitivity, comparisons and charts read this table. An outcome with a
`formula` is computed from other outcomes. Both engines compute the rest: from the ledger of the simpy model
(`sim.engines.ledger_outcomes`), and in the compiled account (`sim.ensemble.accumulators`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import Any

from sim.account import COST, HOLDING, ORDERED, ORDERS, REACHES, SHORTAGE, SPENT, UNFUNDED, Kind
from sim.errors import format_count
from sim.formatting import NumberFormat, number_format
from sim.units import Unit

#: Prefix of outcomes for the first day below N days of supply.
BELOW = "below_"
EXHAUSTED = "exhausted"
RATIONED_FROM = "rationed_from"
CLOSING_STOCK = "closing_stock"
SUSTAINED_FIRE = "sustained_fire"
REQUIRED = "required"
FIRED = "fired"
UNMET = "unmet"
MET = "met"
BACKLOG = "backlog"
_LAST = 99
#: Computes the array of an outcome from those of others, shape (runs,) or (points, runs).
Formula = Callable[[Mapping[str, Any]], Any]


class OutcomeKind(StrEnum):
    """What an outcome measures."""

    DATE = "date"
    QUANTITY = "quantity"
    RATE = "rate"
    SHARE = "share"
    COUNT = "count"
    MONEY = "money"


_UNITS = {
    OutcomeKind.DATE: Unit.DAYS,
    OutcomeKind.QUANTITY: Unit.SHELLS,
    OutcomeKind.RATE: Unit.SHELLS_A_DAY,
    OutcomeKind.SHARE: Unit.SHARE,
    OutcomeKind.COUNT: Unit.NUMBER,
    OutcomeKind.MONEY: Unit.MONEY,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome of a run.

    Attributes
    ----------
    name : str
        Column of tables: ``exhausted``.
    kind : OutcomeKind
        A date is a day from the start; in arrays it is infinite if the run never reaches it (censored).
    heading : str
        Plot title: ``Day on which the stock runs out``.
    label : str
        Row label in a comparison: ``Stock runs out``.
    definition : str
        One sentence, with the rule of ``docs/model.md``.
    event : str
        For a date, the event as a clause: ``the stock runs out``; else empty.
    priority : int
        Rank in a comparison chart without room for all outcomes.
    comparison : int or None
        Position in ``compare.csv`` and rank correlations; None to leave it out.
    formula : callable, optional
        Computes the outcome from others of the same run; if None, both engines compute it.
    """

    name: str
    kind: OutcomeKind
    heading: str
    label: str
    definition: str
    event: str = ""
    priority: int = _LAST
    comparison: int | None = _LAST
    formula: Formula | None = None

    @property
    def is_date(self) -> bool:
        """Whether the outcome is a date, as a day from the start."""
        return self.kind is OutcomeKind.DATE

    @property
    def unit(self) -> Unit:
        """Base unit: ``days`` (from the start), ``shells``, ``shells/day`` or ``share``."""
        return _UNITS[self.kind]

    @property
    def noun(self) -> str:
        """The heading in lower case, for use within a sentence."""
        return self.heading[0].lower() + self.heading[1:]

    @property
    def number_format(self) -> NumberFormat:
        """Format of its numbers."""
        return number_format(self.unit)


def _date(name: str, event: str, label: str, definition: str, priority: int, comparison: int) -> Outcome:
    heading = f"Day on which {event}"
    return Outcome(name, OutcomeKind.DATE, heading, label, definition, event, priority, comparison)


def _total(name: str, heading: str, definition: str, priority: int, comparison: int | None) -> Outcome:
    label = name.capitalize()
    return Outcome(name, OutcomeKind.QUANTITY, heading, label, definition, "", priority, comparison)


_DATES = (
    _date(
        EXHAUSTED,
        "the stock runs out",
        "Stock runs out",
        "First day whose closing level is less than one day of planned requirement (rule 30).",
        priority=0,
        comparison=0,
    ),
    _date(
        RATIONED_FROM,
        "the requirement is not met",
        "Requirement not met",
        "First day on which less than the requirement is fired (rule 30).",
        priority=6,
        comparison=1,
    ),
)
_QUANTITIES = (
    Outcome(
        CLOSING_STOCK,
        OutcomeKind.QUANTITY,
        "Stock at the end",
        "Left at the end",
        "Serviceable shells in all depots at the close of the last day.",
        priority=7,
        comparison=3,
    ),
    Outcome(
        SUSTAINED_FIRE,
        OutcomeKind.RATE,
        "Fire over the last 90 days",
        "Fire",
        "Mean fire of the last 90 days, or of all days where there are fewer (rule 31).",
        priority=2,
        comparison=4,
    ),
    _total(REQUIRED, "Shells required", "Requirement over all days (rules 11 and 14).", _LAST, None),
    _total(FIRED, "Shells fired", "Fire over all days.", priority=1, comparison=5),
    _total(UNMET, "Shells required but not fired", "Required less fired, over all days.", 4, 6),
    _total("produced", "Shells produced", "Output that entered a depot (rule 15).", _LAST, 8),
    _total("landed", "Shells landed", "Serviceable shells that shipments landed (rule 26).", 5, 7),
    _total("lost", "Shells lost", "Serviceable shells destroyed (rule 17).", _LAST, 9),
)
_BY_NAME = {outcome.name: outcome for outcome in (*_DATES, *_QUANTITIES)}


def _money(name: str, heading: str, definition: str, formula: Formula | None = None) -> Outcome:
    label = name.capitalize()
    kind = OutcomeKind.MONEY
    return Outcome(name, kind, heading, label, definition, comparison=14, formula=formula)


#: Outcomes that only some scenarios have (`Axes.added_outcomes`).
_ADDED = (
    _date(
        REACHES,
        "the objective is reached",
        "Objective reached",
        "First day whose closing level is at or above the objective: of several, the last (rule 40).",
        priority=5,
        comparison=2,
    ),
    _total(Kind.DELIVERED, "Shells delivered", "Shells of orders that entered a depot (rule 37).", _LAST, 8),
    _total(ORDERED, "Shells ordered", "Shells of all orders placed (rule 37).", _LAST, 8),
    Outcome(
        ORDERS,
        OutcomeKind.COUNT,
        "Orders placed",
        "Orders",
        "Number of orders placed (rule 37).",
        comparison=8,
    ),
    _money(
        SPENT, "Money spent on orders", "Unit and order costs of orders that left the supplier (rule 39)."
    ),
    _money(HOLDING, "Cost of holding", "Holding costs of the closing levels of all days (rule 39)."),
    _money(
        SHORTAGE, "Cost of shortage", "Shortage costs of what is unmet or waits, over all days (rule 39)."
    ),
    _money(
        COST,
        "Total cost",
        "Spent, holding and shortage together (rule 39).",
        lambda computed: computed[SPENT] + computed[HOLDING] + computed[SHORTAGE],
    ),
    _total(Kind.EXPIRED, "Shells expired", "Serviceable shells past their shelf life (rule 38).", _LAST, 9),
    _total(UNFUNDED, "Largest cut of an order by the budget", "Shells cut from one order (rule 39).", 5, 8),
)
_BY_NAME |= {outcome.name: outcome for outcome in _ADDED}


def _required_by(consumer: str) -> Outcome:
    name, heading = consumer_outcome(REQUIRED, consumer), f"Shells required by {consumer}"
    definition = f"Requirement of {consumer} over all days (rule 40)."
    return Outcome(name, OutcomeKind.QUANTITY, heading, f"Required, {consumer}", definition, comparison=None)


def _fired_by(consumer: str) -> Outcome:
    name, heading = consumer_outcome(FIRED, consumer), f"Shells fired by {consumer}"
    definition = f"Fire of {consumer} over all days, what served its backlog included (rule 40)."
    return Outcome(name, OutcomeKind.QUANTITY, heading, f"Fired, {consumer}", definition, comparison=10)


def _unmet_by(consumer: str) -> Outcome:
    name, heading = consumer_outcome(UNMET, consumer), f"Shells required by {consumer} but not fired"
    definition = f"Requirement of {consumer} that is not fired on its day, over all days (rule 40)."
    return Outcome(name, OutcomeKind.QUANTITY, heading, f"Unmet, {consumer}", definition, comparison=11)


def _met_by(consumer: str) -> Outcome:
    required, unmet = consumer_outcome(REQUIRED, consumer), consumer_outcome(UNMET, consumer)
    return Outcome(
        consumer_outcome(MET, consumer),
        OutcomeKind.SHARE,
        f"Share of the requirement of {consumer} that is met",
        f"Met, {consumer}",
        f"Share of the requirement of {consumer} that is fired on its day; 1 where nothing is required"
        " (rule 40).",
        comparison=12,
        formula=lambda computed: _share_met(computed[required], computed[unmet]),
    )


def _rationed_by(consumer: str) -> Outcome:
    return Outcome(
        consumer_outcome(RATIONED_FROM, consumer),
        OutcomeKind.DATE,
        f"Day on which {consumer} falls short",
        f"{consumer} falls short",
        f"First day on which less than the requirement of {consumer} is fired (rule 40).",
        f"{consumer} falls short",
        comparison=2,
    )


def _backlog_of(consumer: str) -> Outcome:
    name, heading = consumer_outcome(BACKLOG, consumer), f"Backlog of {consumer} at the end"
    definition = f"Shells for which {consumer} waits at the close of the last day (rule 36)."
    return Outcome(name, OutcomeKind.QUANTITY, heading, f"Backlog, {consumer}", definition, comparison=13)


def _share_met(required: Any, unmet: Any) -> Any:
    """Return the share of a requirement that is met; 1 of none."""
    nothing = required == 0.0
    return (required - unmet + nothing) / (required + nothing)


#: Outcomes of a consumer by figure, in the order of tables.
_BY_CONSUMER: Mapping[str, Callable[[str], Outcome]] = {
    RATIONED_FROM: _rationed_by,
    REQUIRED: _required_by,
    FIRED: _fired_by,
    UNMET: _unmet_by,
    MET: _met_by,
    BACKLOG: _backlog_of,
}


def threshold_name(cover: float) -> str:
    """Return the N of ``below_N`` without trailing zeros: 30, 7.5."""
    number = float(cover)
    return str(int(number)) if number.is_integer() else repr(number)


def below(name: str) -> Outcome:
    """Return the outcome of a name such as ``below_30``: the first day below 30 days of supply."""
    days = format_count(name.removeprefix(BELOW), "day")
    definition = f"First day whose closing level is less than {days} of planned requirement (rule 30)."
    return _date(name, f"less than {supply_left(name)}", f"Below {days}", definition, 3, 2)


def supply_left(name: str) -> str:
    """Return the threshold of ``below_30`` as a clause: ``30 days of supply are left``."""
    days = name.removeprefix(BELOW)
    return f"{format_count(days, 'day')} of supply {'is' if days == '1' else 'are'} left"


def consumer_outcome(figure: str, consumer: str) -> str:
    """Return the name of an outcome of a consumer: ``unmet.front``."""
    return f"{figure}.{consumer}"


def split_consumer(name: str) -> tuple[str, str]:
    """Return the figure and the consumer of an outcome of a consumer; the consumer is empty for others."""
    figure, _, consumer = name.partition(".")
    return (figure, consumer) if consumer and figure in _BY_CONSUMER else (name, "")


def outcome_for_readers(name: str, consumer: str) -> Outcome:
    """Return an outcome of a consumer with a name of the consumer for readers; any other as it is."""
    figure, own = split_consumer(name)
    return replace(_BY_CONSUMER[figure](consumer), name=name, formula=None) if own else outcome_named(name)


def outcomes_of_consumer(consumer: str) -> tuple[Outcome, ...]:
    """Return the outcomes of a consumer (rule 40)."""
    return tuple(make(consumer) for make in _BY_CONSUMER.values())


def outcomes_of_run(
    thresholds: Sequence[float], consumers: Sequence[str] = (), added: Sequence[str] = ()
) -> tuple[Outcome, ...]:
    """Return every outcome of a run, in the order of ``outcomes.csv``.

    Parameters
    ----------
    thresholds : sequence of float
        The N of "below N days of supply", in the order of the scenario.
    consumers : sequence of str
        Names of the consumers that results list.
    added : sequence of str
        Names of the outcomes that not every scenario has, as of `Axes.added_outcomes`.
    """
    below_marks = (below(f"{BELOW}{threshold_name(cover)}") for cover in thresholds)
    by_consumer = (outcome for consumer in consumers for outcome in outcomes_of_consumer(consumer))
    return (*_DATES, *below_marks, *_QUANTITIES, *map(outcome_named, added), *by_consumer)


@cache
def computed_by_engines(
    thresholds: tuple[float, ...], consumers: tuple[str, ...] = (), added: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """Return the names of the outcomes without a formula, in order."""
    found = outcomes_of_run(thresholds, consumers, added)
    return tuple(outcome.name for outcome in found if outcome.formula is None)


def counted_by_pair(thresholds: tuple[float, ...], added: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the names of the outcomes that a block has by pair; the others follow from daily arrays."""
    derived = {CLOSING_STOCK, *Kind}
    return tuple(name for name in computed_by_engines(thresholds, (), added) if name not in derived)


def with_formulas(
    thresholds: Sequence[float],
    computed: Mapping[str, Any],
    consumers: Sequence[str] = (),
    added: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the arrays of all outcomes by name, from those that an engine computed."""
    return {
        outcome.name: computed[outcome.name] if outcome.formula is None else outcome.formula(computed)
        for outcome in outcomes_of_run(thresholds, consumers, added)
    }


def compared(names: Sequence[str]) -> list[str]:
    """Return the outcomes that a comparison includes, in its order."""
    ranked = [(outcome_named(name).comparison, name) for name in names]
    return [name for place, name in sorted(ranked, key=lambda each: each[0] or 0) if place is not None]


def is_date(name: str) -> bool:
    """Return whether the outcome of a name is a date, without the words of its definition."""
    if split_consumer(name)[1]:
        return outcome_named(name).is_date
    return name.startswith(BELOW) or (name in _BY_NAME and _BY_NAME[name].is_date)


def outcome_named(name: str) -> Outcome:
    """Return an outcome by name; the name of an unknown column also serves as its labels."""
    if name in _BY_NAME:
        return _BY_NAME[name]
    if name.startswith(BELOW):
        return below(name)
    figure, consumer = split_consumer(name)
    if consumer:
        return _BY_CONSUMER[figure](consumer)
    return Outcome(name, OutcomeKind.QUANTITY, name, name.capitalize(), name)
