"""Line of a verdict for the budget: the runs in which it cuts orders, and the size of the largest cut."""

from __future__ import annotations

from collections.abc import Iterator

from sim.account import UNFUNDED
from sim.findings.finding import Finding
from sim.findings.stock_figures import LEAST_STOCK, Range, ResultTables, StockFigures
from sim.findings.wording import range_text, share_of_runs


def order_cuts_line(tables: ResultTables, figures: StockFigures) -> Iterator[Finding]:
    """Yield the share of runs in which the budget cuts an order; none without a budget, or without a cut.

    Parameters
    ----------
    tables : ResultTables
    figures : StockFigures
        Of all stocks together.
    """
    found = tables.figures().get(UNFUNDED)
    if found is None or found["share"] == 0.0:
        return
    cut, share = Range.of(found), share_of_runs(found["share"], figures.runs)
    sentence = "for want of money" + (f" {share}" if share else "")
    # In half of the runs there may be no cut.
    if cut.middle >= LEAST_STOCK:
        lead = "the largest by" if found.get("lines") == 1 else "the largest cut of each stock, added up,"
        sentence += f"; {lead} {figures.noun.counted(range_text(cut))}"
    values = {"share": found["share"], **{f"cut_{key}": found[key] for key in ("p05", "p50", "p95")}}
    sources = (f"outcomes.csv: {UNFUNDED}",)
    yield Finding("orders_cut", figures.scope, values, sentence, sources, "Orders cut")
