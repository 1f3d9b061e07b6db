"""Opening stocks that a file leaves unknown: their paths, and the questions that need a number instead."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from sim.errors import Fault, ScenarioError
from sim.scenario.quantity import Number, Quantity
from sim.scenario.scenario import Scenario


def unknown_stocks(scenario: Scenario) -> list[Quantity]:
    """Return the unknown opening stocks without joint samples, in order of depot and munition."""
    sampled = () if scenario.draws is None else scenario.draws.paths
    stocks = (stock for depot in scenario.depots.values() for stock in depot.stock.values())
    return [stock for stock in stocks if stock.is_unknown and stock.path not in sampled]


def require_known(scenario: Scenario, purpose: str, given: Collection[str] = ()) -> None:
    """Raise `ScenarioError` if an opening stock is unknown.

    Parameters
    ----------
    scenario : Scenario
    purpose : str
        What needs a number, as the subject of a sentence: ``a trace``.
    given : collection of str
        Paths whose values the caller sets itself.
    """
    require_all_known([scenario], purpose, given)


def require_all_known(scenarios: Iterable[Scenario], purpose: str, given: Collection[str] = ()) -> None:
    """Raise `ScenarioError` with every unknown opening stock of some scenarios; see `require_known`."""
    stocks = (stock for scenario in scenarios for stock in unknown_stocks(scenario))
    faults = [_fault(stock, purpose) for stock in stocks if stock.path not in given]
    if faults:
        raise ScenarioError(dict.fromkeys(faults))


def planned_requirement(scenario: Scenario) -> float:
    """Return the requirement of all consumers over the period without events: an order of magnitude."""
    rates = (rate for consumer in scenario.consumption.values() for rate in consumer.rate.values())
    return scenario.days * sum(max(_values(rate)) for rate in rates)


def _values(number: Number) -> Iterator[float]:
    if isinstance(number, Quantity):
        yield number.value
    else:
        yield from (point.value for _, point in number.points)


def _fault(stock: Quantity, purpose: str) -> Fault:
    allowed = (
        f"a number, such as with --set {stock.path}=4M; or `sim run`, "
        f"or `sim breakeven --solve {stock.path}`, which solve for it"
    )
    return Fault(f"the stock is unknown, and {purpose} needs a number", stock.where, stock.path, allowed)
