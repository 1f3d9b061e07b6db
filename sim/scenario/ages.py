"""Age of an opening stock: one duration, a distribution, or shares by age (rule 38)."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from dataclasses import dataclass
from functools import partial

from sim.errors import Fault, Where
from sim.formulas import first_day_from, to_seconds, whole_days
from sim.scenario.dimension import DURATION, SHARE
from sim.scenario.distributions import InvalidNumber
from sim.scenario.field_types import NumberType
from sim.scenario.frozen_dict import FrozenDict
from sim.scenario.number_reader import NumberReader, try_read
from sim.scenario.quantity import QUANTITY_KEYS, Quantity, fixed_quantity
from sim.scenario.suggestions import join_names
from sim.scenario.validation_context import ValidationContext
from sim.scenario.yaml_nodes import MapNode, Node, join_path
from sim.units import Unit, UnitError, quote

#: Equal parts of a stock whose age is a distribution: each has the age of its middle.
SLICES = 1000
#: A munition whose shelf life is always shorter than this has a cohort for each day, others for each month.
SHORT_LIFE_DAYS = 180
TABLE_ALLOWED = "an age and its share, such as {5 years: 60%, 10 years: 40%}"


@dataclass(frozen=True, slots=True)
class AgeSpread:
    """Ages of a stock that are not all the same; nothing of it is drawn.

    Attributes
    ----------
    parts : tuple of (int, float)
        Ages in whole days, and their shares, which sum to 1.
    written : tuple of Quantity
        The distribution, or the share of each age, as the file gives them with their sources.
    path : str
    where : Where
    """

    parts: tuple[tuple[int, float], ...]
    written: tuple[Quantity, ...]
    path: str
    where: Where | None


Age = Quantity | AgeSpread
#: Age of a stock that is new.
NEW = fixed_quantity(0.0, Unit.DAYS)


def parts_of_age(age: Age) -> tuple[tuple[int, float], ...]:
    """Return the ages of a stock in whole days, with their shares."""
    return age.parts if isinstance(age, AgeSpread) else ((whole_days(age.value), 1.0),)


def has_daily_cohorts(longest: float) -> bool:
    """Return whether a munition has a cohort for each day, by its longest shelf life in days."""
    return longest < SHORT_LIFE_DAYS


def share_expired_at_once(age: Age, longest: float, start: dt.date) -> float:
    """Return the share of an opening stock that expires on the first day of every run.

    Parameters
    ----------
    age : Age
    longest : float
        Longest shelf life in days.
    start : datetime.date
        First day of the run: the age of a shell counts from the first day of its cohort.
    """
    life = first_day_from(to_seconds(longest))
    return math.fsum(
        share
        for days, share in parts_of_age(age)
        if days >= life or (not has_daily_cohorts(longest) and days + _day_of_month(start, days) >= life)
    )


def _day_of_month(start: dt.date, days: int) -> int:
    """Return the days from the first of a month to a date that many days before the start."""
    return (start - dt.timedelta(days=days)).day - 1


class AgeType(NumberType):
    """Age of an opening stock, of all munitions or by munition."""

    def __init__(self) -> None:
        super().__init__(DURATION, by="each")

    def read(self, node: Node, context: ValidationContext) -> object:
        """Return a frozen map of ages by munition."""
        names = context.munitions
        if not isinstance(node, MapNode) or not set(names) & node.keys():
            return FrozenDict(dict.fromkeys(names, self._read_age(node, context)))
        faults: list[Fault] = []
        ages: dict[str, Age] = {}
        for name, child, where in node.entries():
            if name not in names:
                near = context.suggester.nearest(name, names)
                problem, path = f"unknown munition {quote(name)}", join_path(node.path, name)
                faults.append(Fault(problem, where, path, join_names(names), near))
                continue
            age = try_read(faults, partial(self._read_age, child, context))
            if age is not None:
                ages[name] = age
        if faults:
            raise InvalidNumber(*faults)
        return FrozenDict(ages)

    def _read_age(self, node: Node, context: ValidationContext) -> Age:
        if isinstance(node, MapNode) and node and not QUANTITY_KEYS & node.keys():
            return _read_table(node, context)
        quantity = NumberReader(DURATION, context).read_number(node)
        if not isinstance(quantity, Quantity) or quantity.law is None:
            return quantity  # type: ignore[return-value]  # a course is a fault already
        ages = (quantity.law.inverse((place + 0.5) / SLICES) for place in range(SLICES))
        counts = Counter(map(whole_days, ages))
        parts = tuple((days, count / SLICES) for days, count in sorted(counts.items()))
        return AgeSpread(parts, (quantity,), quantity.path, quantity.where)


def _read_table(node: MapNode, context: ValidationContext) -> AgeSpread:
    """Return the ages of a map of shares by age; raise `InvalidNumber`."""
    faults: list[Fault] = []
    parts: dict[int, float] = {}
    shares: list[Quantity] = []
    for key, child, where in node.entries():
        days = try_read(faults, partial(_read_key, key, where, join_path(node.path, key)))
        share = try_read(faults, partial(NumberReader(SHARE, context).read_number, child))
        if isinstance(share, Quantity) and share.law is not None:
            problem = "the share of an age is one number: ages are not drawn"
            faults.append(Fault(problem, child.where, child.path, "a share such as 40%"))
        elif days is not None and isinstance(share, Quantity):
            place = whole_days(days)
            shares.append(share)
            parts[place] = parts.get(place, 0.0) + share.value
    total = math.fsum(parts.values())
    if not faults and abs(total - 1.0) > 1e-9:
        problem = f"the shares of the ages add up to {total:g}"
        faults.append(Fault(problem, node.where, node.path, "100 % in all", is_conflict=True))
    if faults:
        raise InvalidNumber(*faults)
    return AgeSpread(tuple(sorted(parts.items())), tuple(shares), node.path, node.where)


def _read_key(key: str, where: Where, path: str) -> float:
    try:
        days = DURATION.read(key).value
    except UnitError as error:
        problem = f"{quote(key)} is no age" if error.problem.startswith(quote(key)) else error.problem
        raise InvalidNumber(Fault(problem, where, path, TABLE_ALLOWED, error.nearest)) from None
    if "." in key:
        problem = f"{quote(key)} is a key, and a key has no point"
        raise InvalidNumber(Fault(problem, where, path, "whole numbers, such as 30 months"))
    return days
