"""Headline of the map: the cargo in transit on one day, where most of it is, and the stock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sim.findings.finding import Finding, Scope, Value
from sim.formatting import compact, integer, long_date, percent

_SOURCES = ("shipments.csv", "flows.csv: mean", "stock.csv: mean")


def map_headline(
    scope: Scope, noun: str, day: dt.date, cargo: Mapping[str, float], in_store: float
) -> Finding:
    """Return the headline of a map.

    Parameters
    ----------
    scope : Scope
    noun : str
        Plural, such as ``shells``.
    day : datetime.date
    cargo : mapping of str to float
        Shells under way by where they are: ``on rail, Dunay to Tikhoretsk``.
    in_store : float
        Shells in all depots.
    """
    total = sum(cargo.values())
    values: dict[str, Value] = {"date": day.isoformat(), "under_way": total, "in_store": in_store}
    stock = compact(in_store) if in_store >= 1e3 else integer(in_store)
    held = f"{stock} are in store" if in_store >= 0.5 else "none are in store"
    if total == 0.0:
        held = held.replace(" are", f" {noun} are", 1) if in_store >= 0.5 else f"no {noun} are in store"
        return Finding("map", scope, values, f"Nothing is under way on {long_date(day)}; {held}", _SOURCES)
    most = max(cargo, key=lambda name: cargo[name])
    values |= {"largest": most, "share": cargo[most] / total}
    share = "all" if sum(each > 0.0 for each in cargo.values()) == 1 else percent(cargo[most] / total)
    sentence = f"On {long_date(day)} {compact(total)} {noun} are under way, {share} of them {most}; {held}"
    return Finding("map", scope, values, sentence, _SOURCES)
