"""Headline of the map: the cargo in transit on one day, where most of it is, and the stock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sim.findings.finding import Finding, Scope, Value
from sim.findings.wording import agreeing
from sim.formatting import compact, integer, long_date, percent
from sim.names import Noun

_SOURCES = ("shipments.csv", "flows.csv: mean", "stock.csv: mean")


def map_headline(
    scope: Scope, noun: Noun, day: dt.date, cargo: Mapping[str, float], in_store: float
) -> Finding:
    """Return the headline of a map.

    Parameters
    ----------
    scope : Scope
    noun : Noun
    day : datetime.date
    cargo : mapping of str to float
        Shells under way by where they are: ``on rail, Dunay to Tikhoretsk``.
    in_store : float
        Shells in all depots.
    """
    total = sum(cargo.values())
    values: dict[str, Value] = {"date": day.isoformat(), "under_way": total, "in_store": in_store}
    stock = compact(in_store) if in_store >= 1e3 else integer(in_store)
    are = agreeing(stock, "is", "are")
    held = f"{stock} {are} in store" if in_store >= 0.5 else "none are in store"
    if total == 0.0:
        goods = noun.counted(stock) if in_store >= 0.5 else f"no {noun.many}"
        held = f"{goods} {are if in_store >= 0.5 else 'are'} in store"
        return Finding("map", scope, values, f"Nothing is under way on {long_date(day)}; {held}", _SOURCES)
    most = max(cargo, key=lambda name: cargo[name])
    values |= {"largest": most, "share": cargo[most] / total}
    share = "all" if sum(each > 0.0 for each in cargo.values()) == 1 else percent(cargo[most] / total)
    amount = compact(total)
    goods, them = f"{noun.counted(amount)} {agreeing(amount, 'is', 'are')}", agreeing(amount, "it", "them")
    sentence = f"On {long_date(day)} {goods} under way, {share} of {them} {most}; {held}"
    return Finding("map", scope, values, sentence, _SOURCES)
