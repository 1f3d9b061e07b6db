"""Registry of chart kinds: the input of each, and the module that draws it.

Modules are imported when a chart is drawn. A new kind is a module with a function of the kind's name, and an
entry in `KINDS`.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.errors import ArgumentError, Fault, nearest

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Input of a chart, by the verb that writes it.
HOLDERS: Mapping[str, str] = {
    "run": "one result",
    "compare": "a comparison",
    "sweep": "a sweep",
    "breakeven": "a break-even search",
    "sensitivity": "a sensitivity study",
    "audit": "an audit",
    "backtest": "a backtest",
    "evidence": "published estimates (`sim evidence --chart`)",
}


def _always(_found: Any) -> bool:
    return True


def _has_two_paths(sweep: Any) -> bool:
    return len(sweep.paths) == 2


def _has_conflicts(audit: Any) -> bool:
    return bool(audit.table["p_value"].notna().any())


def _has_index(*names: str) -> Callable[[Any], bool]:
    return lambda study: bool(set(names) & set(study.table["index"]))


@dataclass(frozen=True, slots=True)
class ChartKind:
    """One kind of chart.

    Attributes
    ----------
    name : str
        Name of the kind, and of the function that draws it, with ``_`` for ``-``.
    verb : str
        A key of `HOLDERS`: the command that writes the input.
    module : str
        Module of `sim.charts` with the function.
    leads : callable
        Whether the kind can be the default chart of a result; the first such kind is the default.
    """

    name: str
    verb: str
    module: str
    leads: Callable[[Any], bool] = _always

    def __call__(self, found: Any, size: str = "page", **options: Any) -> Figure:
        """Draw the chart; see the function of the same name in `sim.charts`."""
        figure: Figure = self.function(found, size, **options)
        return figure

    @property
    def options(self) -> tuple[str, ...]:
        """Names of the options of the chart, besides its size."""
        parameters = inspect.signature(self.function).parameters.values()
        return tuple(each.name for each in parameters if each.kind is each.KEYWORD_ONLY)

    def check_options(self, wanted: Iterable[str], spelling: Callable[[str], str] = str) -> None:
        """Raise `ArgumentError` if the chart has not all of some options, written as `spelling` does."""
        allowed = ", ".join(map(spelling, self.options))
        faults = [
            Fault(
                f"a {self.name} chart has no option {spelling(name)}",
                allowed=allowed,
                nearest=spelling(near) if (near := nearest(name, self.options)) else "",
            )
            for name in wanted
            if name not in self.options
        ]
        if faults:
            raise ArgumentError(faults)

    @property
    def function(self) -> Callable[..., Figure]:
        """The function that draws the chart, with all options."""
        module = importlib.import_module(f"sim.charts.{self.module}")
        function: Callable[..., Figure] = getattr(module, self.name.replace("-", "_"))
        return function


KINDS = (
    ChartKind("drawdown", "run", "drawdown_chart"),
    ChartKind("supply", "run", "supply_chart"),
    ChartKind("survival", "run", "survival_chart"),
    ChartKind("cumulative", "run", "cumulative_chart"),
    ChartKind("days-of-supply", "run", "cover_chart"),
    ChartKind("mix", "run", "mix_chart"),
    ChartKind("service", "run", "service_chart"),
    ChartKind("money", "run", "money_chart"),
    ChartKind("timeline", "run", "timeline_chart"),
    ChartKind("pipeline", "run", "pipeline_chart"),
    ChartKind("map", "run", "map_chart"),
    ChartKind("account", "run", "account_chart"),
    ChartKind("compare", "compare", "comparison_chart"),
    ChartKind("heatmap", "sweep", "heatmap_chart", _has_two_paths),
    ChartKind("line", "sweep", "line_chart"),
    ChartKind("sustainable", "sweep", "sustainable_chart"),
    ChartKind("frontier", "sweep", "frontier_chart"),
    ChartKind("breakeven", "breakeven", "breakeven_chart"),
    ChartKind("rank", "sensitivity", "rank_chart", _has_index("rank")),
    ChartKind("tornado", "sensitivity", "tornado_chart", _has_index("low", "high")),
    ChartKind("morris", "sensitivity", "morris_chart", _has_index("mu_star")),
    ChartKind("sobol", "sensitivity", "sobol_chart", _has_index("first", "total")),
    ChartKind("audit", "audit", "audit_chart", _has_conflicts),
    ChartKind("audit-drawdown", "audit", "audit_drawdown_chart"),
    ChartKind("backtest", "backtest", "backtest_chart"),
    ChartKind("claims", "evidence", "claims_chart"),
)
BY_NAME: Mapping[str, ChartKind] = {kind.name: kind for kind in KINDS}


def kinds_of(found: Any) -> tuple[str, Mapping[str, ChartKind]]:
    """Return the noun for a result, and its chart kinds by name, the default first.

    Parameters
    ----------
    found : object
        An object whose `verb` is a key of `HOLDERS`.
    """
    own = [kind for kind in KINDS if kind.verb == found.verb]
    own.sort(key=lambda kind: not kind.leads(found))
    return HOLDERS[found.verb], {kind.name: kind for kind in own}


def draw(kind: str, found: Any, size: str = "page", **options: Any) -> Figure:
    """Draw a chart of a kind.

    Parameters
    ----------
    kind : str
        A name of `KINDS`.
    found : object
        The input of the kind: a result, comparison, sweep or sensitivity study, finished or read back from
        its folder, or its chart data.
    size : str
        ``column``, ``page``, ``slide`` or ``square``.
    **options
        Those of the function of the kind's name in `sim.charts`.

    Raises
    ------
    ArgumentError
        The kind or size is unknown, or the kind needs another input or has no such option.
    """
    own = pick_kind(kind, found)
    own.check_options(options)
    return own(found, size, **options)


def pick_kind(kind: str, found: Any) -> ChartKind:
    """Return a chart kind of a result by name.

    Raises
    ------
    ArgumentError
        The kind is unknown, or needs another input.
    """
    if kind not in BY_NAME:
        problem = f"there is no kind of chart {kind!r}"
        raise ArgumentError([Fault(problem, allowed=", ".join(BY_NAME), nearest=nearest(kind, BY_NAME))])
    what, own = kinds_of(found)
    if kind not in own:
        problem = f"{what} has no {kind} chart: that is made from {HOLDERS[BY_NAME[kind].verb]}"
        raise ArgumentError([Fault(problem, allowed=", ".join(own))])
    return own[kind]
