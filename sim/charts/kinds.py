"""Chart kinds by name: what each shows, and the module that draws it, imported when it is drawn.

A new kind is a module with a function of the kind's name, and an entry in `KINDS`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.errors import ArgumentError, Fault, nearest

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: What a chart is made from, by the verb that writes it.
HOLDERS: Mapping[str, str] = {
    "run": "one result",
    "compare": "a comparison",
    "sweep": "a sweep",
    "sensitivity": "a sensitivity study",
}


def _always(_found: Any) -> bool:
    return True


def _has_two_paths(sweep: Any) -> bool:
    return len(sweep.paths) == 2


def _has_variance_shares(study: Any) -> bool:
    return bool({"first", "total", "mu_star"} & set(study.table["index"]))


@dataclass(frozen=True, slots=True)
class ChartKind:
    """One kind of chart.

    Attributes
    ----------
    name : str
        Of the kind, and of the function that draws it.
    verb : str
        A key of `HOLDERS`: the command whose result it shows.
    module : str
        Module of `sim.charts` that holds the function.
    leads : callable
        Whether it is the chart that a result comes with; the first kind that leads is.
    """

    name: str
    verb: str
    module: str
    leads: Callable[[Any], bool] = _always

    def __call__(self, found: Any, size: str = "page") -> Figure:
        """Draw it; see the function of its name in `sim.charts`."""
        figure: Figure = self.function(found, size)
        return figure

    @property
    def function(self) -> Callable[..., Figure]:
        """The function that draws it, with all its options."""
        module = importlib.import_module(f"sim.charts.{self.module}")
        function: Callable[..., Figure] = getattr(module, self.name)
        return function


KINDS = (
    ChartKind("drawdown", "run", "drawdown_chart"),
    ChartKind("supply", "run", "supply_chart"),
    ChartKind("compare", "compare", "comparison_chart"),
    ChartKind("heatmap", "sweep", "heatmap_chart", _has_two_paths),
    ChartKind("line", "sweep", "line_chart"),
    ChartKind("sustainable", "sweep", "sustainable_chart"),
    ChartKind("sobol", "sensitivity", "sobol_chart", _has_variance_shares),
    ChartKind("tornado", "sensitivity", "tornado_chart"),
)
BY_NAME: Mapping[str, ChartKind] = {kind.name: kind for kind in KINDS}


def kinds_of(found: Any) -> tuple[str, Mapping[str, ChartKind]]:
    """Return what a result is called, and its charts by name; the first is the one that it comes with.

    Parameters
    ----------
    found : object
        Its `verb` is a key of `HOLDERS`.
    """
    own = [kind for kind in KINDS if kind.verb == found.verb]
    own.sort(key=lambda kind: not kind.leads(found))
    return HOLDERS[found.verb], {kind.name: kind for kind in own}


def draw(kind: str, found: Any, size: str = "page") -> Figure:
    """Draw a chart by its name.

    Parameters
    ----------
    kind : str
        A name of `KINDS`.
    found : object
        What the kind is made from: a result, a comparison, a sweep or a sensitivity study, finished, read
        back, or as the chart keeps it.
    size : str
        ``column``, ``page``, ``slide`` or ``square``.

    Raises
    ------
    ArgumentError
        There is no such kind or size, or it is made from something else.
    """
    if kind not in BY_NAME:
        problem = f"there is no kind of chart {kind!r}"
        raise ArgumentError([Fault(problem, allowed=", ".join(BY_NAME), nearest=nearest(kind, BY_NAME))])
    what, own = kinds_of(found)
    if kind not in own:
        problem = f"{what} has no {kind} chart: that is made from {HOLDERS[BY_NAME[kind].verb]}"
        raise ArgumentError([Fault(problem, allowed=", ".join(own))])
    return own[kind](found, size)
