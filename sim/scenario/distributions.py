"""Parsing and validation of distributions: the keys of a map to a law (rule 7)."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from typing import NamedTuple

from sim.errors import Fault
from sim.scenario.amount_text import suggest_amount
from sim.scenario.dimension import DURATION, PLAIN, VARIATION, Dimension
from sim.scenario.laws import (
    SHAPE_WORDS,
    Choice,
    Exponential,
    Law,
    Normal,
    Pert,
    Poisson,
    Triangular,
    Uniform,
    gamma_of_mean_cv,
    lognormal_of_mean_cv,
    lognormal_of_median_p95,
)
from sim.scenario.yaml_nodes import ListNode, MapNode, Node, TextNode
from sim.units import Amount, Unit, UnitError, quote

_NOT_FOR_DATES = (("mean", "cv"), ("median", "p95"), ("exponential",), ("poisson",), ("mean", "cv", "shape"))
#: What a Poisson number counts.
_COUNTED_UNITS = {
    *(Unit.NUMBER, Unit.SHELLS, Unit.CONTAINERS),
    *(Unit.NUMBER_A_DAY, Unit.SHELLS_A_DAY, Unit.CONTAINERS_A_DAY),
}
MAX_POISSON_MEAN = 1e6
MIN_GAMMA_CV, MAX_GAMMA_CV = 0.001, 10.0


class InvalidNumber(Exception):  # noqa: N818 - internal to this package
    """Faults of one number, for conversion to a pydantic error."""

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
    ("poisson",): _Builder(
        lambda mean, _: Poisson(mean),
        lambda mean: 0 < mean <= MAX_POISSON_MEAN,
        "the mean of a Poisson number is out of range",
        "a mean above 0 and up to 1M",
    ),
    ("mean", "cv", "shape"): _Builder(
        lambda mean, cv, limits: gamma_of_mean_cv(mean, cv, limits.ceiling),
        lambda mean, cv: mean > 0 and (cv == 0 or MIN_GAMMA_CV <= cv <= MAX_GAMMA_CV),
        "the mean or the cv of a gamma distribution is out of range",
        f"mean > 0, and a cv of 0, or of {MIN_GAMMA_CV:g} to {MAX_GAMMA_CV:g}",
    ),
    ("low", "mode", "high", "shape"): _Builder(
        lambda low, mode, high, _: Pert(low, high, mode),
        lambda low, mode, high: low <= mode <= high,
        "low, mode and high are not in order",
        "low <= mode <= high",
    ),
}
#: Keys of each distribution.
PARAMETER_SETS = (*_BUILDERS, ("choices",))
PARAMETER_SETS_TEXT = ", ".join(
    "{" + ", ".join(f"shape: {SHAPE_WORDS[shape]}" if key == "shape" else key for key in shape) + "}"
    for shape in PARAMETER_SETS
)


def parameter_set(keys: Collection[str]) -> tuple[str, ...] | None:
    """Return the parameter set that `keys` form, in any order, or None."""
    return next((shape for shape in PARAMETER_SETS if sorted(shape) == sorted(keys)), None)


def make_law(shape: tuple[str, ...], node: MapNode, dimension: Dimension) -> tuple[Law, Unit, str]:
    """Return the law with the parameters in `node`, in base units; its unit; and the event it counts from.

    Raise `InvalidNumber` if a parameter is invalid, or the parameters are inconsistent.
    """
    if shape == ("choices",):
        return _choice(node["choices"], dimension)
    faults: list[Fault] = []
    if "shape" in shape:
        faults.extend(_shape_faults(shape, node["shape"]))
    named = [key for key in shape if key != "shape"]
    amounts = {key: _read_amount(node[key], dimension, key, faults) for key in named}
    read = {key: amount for key, amount in amounts.items() if amount is not None}
    own = [amount for key, amount in read.items() if key not in {"cv", "sd"}]
    units = {amount.unit for amount in own}
    if faults:
        raise InvalidNumber(*faults)
    if len(units) > 1:
        names = " and ".join(sorted(units))
        problem = f"the numbers of a distribution differ in unit: {names}"
        raise InvalidNumber(Fault(problem, node.where, node.path, "one unit", is_conflict=True))
    after = _common_event(own, node)
    if Unit.DATE in units and shape in _NOT_FOR_DATES:
        keys = ", ".join(shape)
        raise InvalidNumber(
            Fault(f"{keys} make no distribution of dates", node.where, node.path, "{low, mode, high}")
        )
    if shape == ("poisson",) and not units <= _COUNTED_UNITS:
        problem = "a Poisson number counts whole shells or containers"
        raise InvalidNumber(Fault(problem, node.where, node.path, "{poisson: 6 shells}, {poisson: 6/day}"))
    numbers = [read[key].value for key in named]
    builder = _BUILDERS[shape]
    if not builder.is_consistent(*numbers):
        raise InvalidNumber(Fault(builder.problem, node.where, node.path, builder.allowed, is_conflict=True))
    limits = replace(dimension, floor=-math.inf) if after else dimension
    return builder.make(*numbers, limits), units.pop(), after


def _common_event(amounts: Collection[Amount], node: Node) -> str:
    """Return the event from which all amounts count; empty for none.

    Raise `InvalidNumber` if they count from different events, or only some count from one.
    """
    events = {amount.after for amount in amounts}
    if len(events) > 1:
        problem = "the dates of a distribution count from one event, or from none"
        allowed = "{low: war, high: war + 90 days}"
        raise InvalidNumber(Fault(problem, node.where, node.path, allowed, is_conflict=True))
    return events.pop() if events else ""


def _shape_faults(shape: tuple[str, ...], node: Node) -> Iterator[Fault]:
    word = SHAPE_WORDS[shape]
    if not isinstance(node, TextNode) or node.text.strip() != word:
        given = quote(node.text) if isinstance(node, TextNode) else "that"
        keys = ", ".join(key for key in shape if key != "shape")
        yield Fault(f"{given} is no shape of {keys}", node.where, node.path, word, word)


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
            raise InvalidNumber(Fault("a choice is one number", node.where, node.path, allowed))
    if not pairs:
        raise InvalidNumber(Fault("there is nothing to choose from", node.where, node.path, allowed))
    faults: list[Fault] = []
    values = [_read_amount(value, dimension, "choices", faults) for value, _ in pairs]
    weights = [1.0 if weight is None else _read_weight(weight, faults) for _, weight in pairs]
    if faults:
        raise InvalidNumber(*faults)
    read = [value for value in values if value is not None]
    if len({value.unit for value in read}) > 1:
        problem, allowed = "the choices differ in unit", "one unit"
        raise InvalidNumber(Fault(problem, node.where, node.path, allowed, is_conflict=True))
    if not math.fsum(weights) > 0:
        problem, allowed = "the weights add up to nothing", "a weight above zero"
        raise InvalidNumber(Fault(problem, node.where, node.path, allowed, is_conflict=True))
    law = Choice(tuple(value.value for value in read), tuple(weights))
    return law, read[0].unit, _common_event(read, node)


def _read_weight(node: Node, faults: list[Fault]) -> float:
    amount = _read_amount(node, PLAIN, "weight", faults)
    return 0.0 if amount is None else amount.value
