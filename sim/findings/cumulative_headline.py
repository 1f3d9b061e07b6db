"""Headline of the cumulative chart: shells supplied, used and required by the end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sim.account import ENOUGH
from sim.findings.finding import Finding
from sim.findings.stock_figures import StockFigures
from sim.findings.wording import agreeing
from sim.formatting import count_text, long_date

_SOURCES = ("flows.csv: landed, produced, refurbished, fired, required (mean)", "stock.csv: mean")


@dataclass(frozen=True, slots=True)
class Totals:
    """Shells over the period, means over runs; `supplied` includes the opening stock."""

    supplied: float
    used: float
    lost: float
    required: float


def cumulative_headline(overall: StockFigures, totals: Totals) -> Finding:
    """Return the headline of a cumulative chart."""
    end = long_date(overall.end - dt.timedelta(days=1))
    past = overall.verb.past
    values = {
        "supplied": totals.supplied,
        "used": totals.used,
        "lost": totals.lost,
        "required": totals.required,
    }
    supplied, used, required = map(count_text, (totals.supplied, totals.used, totals.required))
    needed, are = overall.noun.counted(required), agreeing(required, "is", "are")
    were = agreeing(supplied, "was", "were")
    if totals.required == 0.0:
        sentence = f"No {overall.noun.many} are required; by {end} {supplied} {were} there or came in"
    elif totals.used >= totals.required * ENOUGH:
        all_of = agreeing(required, "The", "All")
        sentence = f"{all_of} {needed} required by {end} {are} {past}; {supplied} {were} at hand"
    else:
        # Where both are the same when rounded, the difference is not.
        part = f"all but {count_text(totals.required - totals.used)}" if used == required else used
        sentence = f"By {end} {needed} {are} required and {part} {past}; {supplied} {were} there or came in"
    return Finding("cumulative_headline", overall.scope, values, sentence, _SOURCES)
