"""First of several stocks to run out, and the number of stocks that run out with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sim.errors import format_count
from sim.findings.stock_figures import FirstDay, StockFigures


@dataclass(frozen=True, slots=True)
class FirstStock:
    """The first stock to reach an event.

    Attributes
    ----------
    figures : StockFigures
    others : int
        Number of other stocks with the same dates in the same share of runs.
    """

    figures: StockFigures
    others: int

    @property
    def name(self) -> str:
        """Name of the stock, with the number of others: ``122 mm and 1 other``."""
        return (
            f"{self.figures.name} and {format_count(self.others, 'other')}"
            if self.others
            else self.figures.name
        )


def first_to_run_out(stocks: Sequence[StockFigures]) -> FirstStock:
    """Return the first stock to run out; if none does, the first below a day of supply."""
    emptied = [each for each in stocks if each.is_emptied and each.runs_out.share > 0.0]
    return first_stock(emptied or stocks, lambda each: each.runs_out)


def first_stock(stocks: Sequence[StockFigures], first: Callable[[StockFigures], FirstDay]) -> FirstStock:
    """Return the stock with the earliest median date; of several, the one with the largest share of runs."""

    def order(figures: StockFigures) -> tuple[dt.date, float, dt.date, dt.date]:
        return run_out_order(first(figures), figures.end)

    earliest = min(stocks, key=order)
    return FirstStock(earliest, sum(first(each) == first(earliest) for each in stocks) - 1)


def run_out_order(found: FirstDay, end: dt.date) -> tuple[dt.date, float, dt.date, dt.date]:
    """Return the rank of a first day: by its median, then by the share of runs, then by its range."""
    return found.middle or end, -found.share, found.low or end, found.high or end
