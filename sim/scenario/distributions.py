"""Parsing and validation of distributions: the keys of a map to a law (rule 7)."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import NamedTuple

from sim.errors import Fault
from sim.scenario.amount_text import suggest_amount
from sim.scenario.dimension import DURATION, PLAIN, VARIATION, Dimension
from sim.scenario.laws import (
    Choice,
    Exponential,
    Law,
    Normal,
    Triangular,
    Uniform,
    lognormal_of_mean_cv,
    lognormal_of_median_p95,
)
from sim.scenario.yaml_nodes import ListNode, MapNode, Node, TextNode
from sim.units import Amount, Unit, UnitError

_NOT_FOR_DATES = (("mean", "cv"), ("median", "p95"), ("exponential",))


class LawError(Exception):
    """Faults of a distribution."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__()
        self.faults = faults


class _Builder(NamedTuple):
    """Maker of a law from its parameters, in order, and the dimension; and a check of the parameters."""

    make: Callable[..., Law]
    is_consistent: Callable[..., bool] = lambda *_: True
    problem: str = ""
    allowed: str = ""


_BUILDERS: dict[tuple[str, ...], _Builder] = {
    ("low", "high"): _Builder(
        lambda low, high, _: Uniform(low, high),
        lambda low, high: low <= high,
        "low is above high",
        "low <= high",
    ),
    ("low", "mode", "high"): _Builder(
        lambda low, mode, high, _: Triangular(low, mode, high),
        lambda low, mode, high: low <= mode <= high,
        "low, mode and high are not in order",
        "low <= mode <= high",
    ),
    ("mean", "sd"): _Builder(lambda mean, sd, limits: Normal(mean, sd, limits.floor, limits.ceiling)),
    ("mean", "cv"): _Builder(
        lambda mean, cv, limits: lognormal_of_mean_cv(mean, cv, limits.ceiling),
        lambda mean, _: mean > 0,
        "the mean of a lognormal is more than zero",
        "mean > 0",
    ),
    ("median", "p95"): _Builder(
        lambda median, p95, limits: lognormal_of_median_p95(median, p95, limits.ceiling),
        lambda median, p95: 0 < median <= p95,
        "median and p95 are not in order",
        "0 < median <= p95",
    ),
    ("exponential",): _Builder(
        lambda mean, limits: Exponential(mean, limits.ceiling),
        lambda mean: mean > 0,
        "the mean of an exponential is more than zero",
        "a mean above zero",
    ),
}
#: Keys of each distribution.
PARAMETER_SETS = (*_BUILDERS, ("choices",))
PARAMETER_SETS_TEXT = ", ".join("{" + ", ".join(shape) + "}" for shape in PARAMETER_SETS)


def parameter_set(keys: Collection[str]) -> tuple[str, ...] | None:
    """Return the parameter set that `keys` form, in any order, or None."""
    return next((shape for shape in PARAMETER_SETS if sorted(shape) == sorted(keys)), None)


def make_law(shape: tuple[str, ...], node: MapNode, dimension: Dimension) -> tuple[Law, Unit, str]:
    """Return the law with the parameters in `node`, in base units; its unit; and the event it counts from.

    Raise `LawError` if a parameter is invalid, or the parameters are inconsistent.
    """
    if shape == ("choices",):
        return _choice(node["choices"], dimension)
    faults: list[Fault] = []
    amounts = {key: _read_amount(node[key], dimension, key, faults) for key in shape}
    read = {key: amount for key, amount in amounts.items() if amount is not None}
    own = [amount for key, amount in read.items() if key not in {"cv", "sd"}]
    units = {amount.unit for amount in own}
    if faults:
        raise LawError(*faults)
    if len(units) > 1:
        names = " and ".join(sorted(units))
        problem = f"the numbers of a distribution differ in unit: {names}"
        raise LawError(Fault(problem, node.where, node.path, "one unit", is_conflict=True))
    after = _common_event(own, node)
    if Unit.DATE in units and shape in _NOT_FOR_DATES:
        keys = ", ".join(shape)
        raise LawError(
            Fault(f"{keys} make no distribution of dates", node.where, node.path, "{low, mode, high}")
        )
    numbers = [read[key].value for key in shape]
    builder = _BUILDERS[shape]
    if not builder.is_consistent(*numbers):
        raise LawError(Fault(builder.problem, node.where, node.path, builder.allowed, is_conflict=True))
    limits = replace(dimension, floor=-math.inf) if after else dimension
    return builder.make(*numbers, limits), units.pop(), after


def _common_event(amounts: Collection[Amount], node: Node) -> str:
    """Return the event from which all amounts count; empty for none.

    Raise `LawError` if they count from different events, or only some count from one.
    """
    events = {amount.after for amount in amounts}
    if len(events) > 1:
        problem = "the dates of a distribution count from one event, or from none"
        allowed = "{low: war, high: war + 90 days}"
        raise LawError(Fault(problem, node.where, node.path, allowed, is_conflict=True))
    return events.pop() if events else ""


def _read_amount(node: Node, dimension: Dimension, key: str, faults: list[Fault]) -> Amount | None:
    if not isinstance(node, TextNode):
        faults.append(Fault(f"{key} is one number", node.where, node.path, dimension.allowed))
        return None
    try:
        if key == "cv":
            return VARIATION.read(node.text)
        if key == "sd":
            units = DURATION.units if dimension.has_dates else dimension.units
            plain = replace(dimension, has_dates=False, is_positive=False, floor=0.0, units=units)
            return plain.read(node.text)
        return replace(dimension, is_positive=dimension.is_positive and key not in {"low", "mode"}).read(
            node.text
        )
    except UnitError as error:
        near = suggest_amount(node.text, dimension) or error.nearest
        faults.append(Fault(error.problem, node.where, node.path, error.allowed, near))
        return None


def _choice(node: Node, dimension: Dimension) -> tuple[Law, Unit, str]:
    allowed = "a list of values, or a map from value to weight"
    pairs: list[tuple[TextNode, Node | None]] = []
    if isinstance(node, MapNode):
        pairs = [(TextNode(key, where, path=node.path), weight) for key, weight, where in node.entries()]
    elif isinstance(node, ListNode):
        pairs = [(item, None) for item in node if isinstance(item, TextNode)]
        if len(pairs) < len(node):
            raise LawError(Fault("a choice is one number", node.where, node.path, allowed))
    if not pairs:
        raise LawError(Fault("there is nothing to choose from", node.where, node.path, allowed))
    faults: list[Fault] = []
    values = [_read_amount(value, dimension, "choices", faults) for value, _ in pairs]
    weights = [1.0 if weight is None else _read_weight(weight, faults) for _, weight in pairs]
    if faults:
        raise LawError(*faults)
    read = [value for value in values if value is not None]
    if len({value.unit for value in read}) > 1:
        problem, allowed = "the choices differ in unit", "one unit"
        raise LawError(Fault(problem, node.where, node.path, allowed, is_conflict=True))
    if not math.fsum(weights) > 0:
        problem, allowed = "the weights add up to nothing", "a weight above zero"
        raise LawError(Fault(problem, node.where, node.path, allowed, is_conflict=True))
    law = Choice(tuple(value.value for value in read), tuple(weights))
    return law, read[0].unit, _common_event(read, node)


def _read_weight(node: Node, faults: list[Fault]) -> float:
    amount = _read_amount(node, PLAIN, "weight", faults)
    return 0.0 if amount is None else amount.value
