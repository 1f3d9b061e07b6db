"""Slips in what happens in `two-calibres.yaml`, and in what it happens to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from calibres import (
        Said,
        Slip,
        add,
        added,
        drop,
        keyed,
        missing,
        put,
        rename,
        several,
        stray,
        unknown,
        value,
    )
else:
    from .calibres import (
        Said,
        Slip,
        add,
        added,
        drop,
        keyed,
        missing,
        put,
        rename,
        several,
        stray,
        unknown,
        value,
    )

GUNS = "consumption.guns"
KEYS = "at, rate, daily_variation"


def stopping() -> Iterator[Slip]:
    path = "events.port-closed"
    stopped = "shipments.dprk"
    for wrong, near in (
        ("shipments.drpk", stopped),
        ("shipment.dprk", stopped),
        ("shipments.dprk.route.0", stopped),
        ("shipments.dprk.offered", stopped),
        ("dprk", stopped),
        ("shipments", stopped),
        ("depots.arsenals", ""),
        ("consumption.guns.rate", "consumption.guns"),
        ("production.factory", "production.factories"),
        ("everything", ""),
    ):
        yield value(f"{path}.stops", wrong, f"{wrong!r} cannot be stopped", stopped, near)
    yield value(f"{path}.stops", "[shipments.dprk, production.factories]", "one value is expected")
    yield value(f"{path}.stops", "''", "not a line of text", "200 characters")
    yield missing(f"{path}.stops", "the event does nothing", "stops, multiplies, destroys").named(path)
    yield unknown(f"{path}.stops", "stop", "stops", "date, from, until")
    for wrong, problem in (
        ("130%", "more than a share"),
        ("50", "50% is 0.5"),
        ("-5%", "less"),
        ("half", "'half'"),
    ):
        yield added(f"{path}.share", wrong, problem, "a share from 0 to 1")
    yield several(
        "a factor beside what stops",
        [add(f"{path}.factor", "0.5")],
        Said(f"{path}.factor", "'factor' does not go beside 'stops'", "share", on_key=True),
    )
    yield several(
        "a depot beside what stops",
        [add(f"{path}.at", "arsenals")],
        Said(f"{path}.at", "'at' does not go beside 'stops'", "share", on_key=True),
    )
    yield several(
        "an event that does two things",
        [add(f"{path}.destroys", "10%")],
        Said(path, "one thing, not stops and destroys", "one of stops", on_key=True),
    )
    yield several(
        "a length of an event with dates",
        [add(f"{path}.last", "30 days")],
        Said(f"{path}.last", "'last' does not go here", "every with stops", on_key=True),
    )
    yield several(
        "what recurs and stops, and does not say how long",
        [drop(f"{path}.from"), drop(f"{path}.until"), add(f"{path}.every", "90 days")],
        Said(path, "'every' with 'stops' needs a last", "a duration", on_key=True, path=f"{path}.last"),
    )
    for key, wrong, problem in (
        ("every", "4/year", "it has a period"),
        ("every", "90", "it has no unit"),
        ("last", "20", "it has no unit"),
        ("last", "2024-03-01", "'2024-03-01' is not a duration"),
        ("last", "{low: 20 days, high: 5 days}", "low is above high"),
    ):
        given = {"every": "90 days", "last": "20 days", key: wrong}
        edits = [
            drop(f"{path}.from"),
            drop(f"{path}.until"),
            *(add(f"{path}.{n}", v) for n, v in given.items()),
        ]
        yield several(f"what recurs with {key}: {wrong}", edits, Said(f"{path}.{key}", problem))
    yield value(path, "[2024-02-12, 2024-03-10]", "a map of settings", "KEY")
    yield value(path, "2024-02-12", "a map of settings", "KEY")
    yield value("events", "[port-closed]", "a map is expected", "NAME")


def windows() -> Iterator[Slip]:
    for name in ("port-closed", "offensive"):
        path = f"events.{name}"
        first, end = ("2024-02-12", "2024-03-10") if name == "port-closed" else ("2024-10-01", "2025-01-15")
        for key in ("from", "until"):
            yield value(f"{path}.{key}", "12.02.2024", "'12.02.2024' is not a date", "2023-09-01")
            yield value(f"{path}.{key}", "2024-02-30", "not in the calendar", "2023-09-01")
            yield value(f"{path}.{key}", "2024-2-3", "'2024-2-3' is not a date", "2023-09-01")
            yield value(f"{path}.{key}", "30 days", "'30 days' is not a date", "2023-09-01")
            yield value(f"{path}.{key}", "{low: 2024-02-01, high: 2024-03-01}", "one value is expected")
        # Where the window ends before it begins, the end is named: it is what is usually mistyped.
        yield keyed(f"{path}.until", "2024-01-15", "until is not after from", f"after {first}")
        yield keyed(f"{path}.until", first, "until is not after from", f"after {first}")
        yield several(
            f"{name} begins after its end",
            [put(f"{path}.from", "2025-06-01")],
            Said(f"{path}.until", "until is not after from", "after 2025-06-01", on_key=True),
        )
        yield several(
            f"{name} with an end alone",
            [drop(f"{path}.from")],
            Said(f"{path}.until", "a window needs a from", "a date", on_key=True, path=f"{path}.from"),
        )
        yield several(
            f"{name} at two kinds of time",
            [add(f"{path}.date", end)],
            Said(path, "one kind of time", "date, or from and until", on_key=True),
        )
        yield several(
            f"{name} at no time",
            [drop(f"{path}.from"), drop(f"{path}.until")],
            Said(path, "one kind of time", "date, or from and until", on_key=True),
        )
        yield unknown(f"{path}.until", "untill", "until", "date, from, until")
        yield stray(f"{path}.to", end, "", "date, from, until")


def multiplying() -> Iterator[Slip]:
    path = "events.offensive"
    rate = "consumption.guns.rate"
    for wrong, near in (
        ("consumption.guns", rate),
        ("consumption.gun.rate", rate),
        ("consumption.guns.rate.152mm", rate),
        ("consumption.guns.rates", rate),
        ("guns.rate", rate),
        ("consumption.guns.daily_variation", rate),
        ("shipments.dprk.lead_time", "shipments.dprk.offered"),
        ("transfers.railhead.keep", "transfers.railhead.capacity"),
        ("depots.front.stock", ""),
        ("fire", ""),
    ):
        yield value(f"{path}.multiplies", wrong, f"{wrong!r} cannot be multiplied", rate, near)
    for wrong, problem in (
        ("-1.6", "less than a factor"),
        ("1.6 days", "it is a duration"),
        ("1.6/day", "it has a period"),
        ("x1.6", "'x1.6' is not a factor"),
        ("1.6x", "unknown unit 'x'"),
        ("double", "'double' is not a factor"),
        ("[1.6]", "a list is not a factor"),
        ("{low: 2, high: 1}", "low is above high"),
    ):
        yield value(f"{path}.factor", wrong, problem)
    yield missing(f"{path}.factor", "'multiplies' needs a factor", "1.6")
    yield missing(f"{path}.multiplies", "the event does nothing", "stops, multiplies").named(path)
    yield unknown(f"{path}.factor", "factr", "factor", "date, from, until")
    yield unknown(f"{path}.multiplies", "multiply", "multiplies", "date, from, until")
    yield several(
        "a share beside what multiplies",
        [add(f"{path}.share", "50%")],
        Said(f"{path}.share", "'share' does not go beside 'multiplies'", "factor", on_key=True),
    )


def destroying() -> Iterator[Slip]:
    for name in ("depot-fire", "accidents"):
        path = f"events.{name}"
        yield value(f"{path}.at", "arsenal", "unknown depot 'arsenal'", "arsenals, front", "arsenals")
        yield value(f"{path}.at", "Toropets", "unknown depot 'Toropets'", "arsenals, front")
        yield missing(f"{path}.at", "required with several depots", "arsenals, front")
        yield missing(f"{path}.destroys", "the event does nothing", "stops, multiplies").named(path)
        yield unknown(f"{path}.destroys", "destroy", "destroys", "date, from, until")
        for wrong, problem in (
            ("8", "8% is 0.08"),
            ("80", "80% is 0.8"),
            ("180%", "more than a share"),
            ("-8%", "less than a share"),
            ("8 days", "it is a duration"),
            ("30k/day", "it has a period"),
            ("20 containers", "it is in containers"),
            ("2 kt", "it is in kg"),
            ("much", "'much' is not a share"),
            ("[8%]", "a list is not a share"),
            ("{low: 20%, mode: 8%, high: 30%}", "not in order"),
            ("{low: 2%, mode: 8%, high: 30k shells}", "differ in unit"),
        ):
            sub = "high" if "30k shells}" in wrong else ""
            if not sub:
                yield value(f"{path}.destroys", wrong, problem)
        yield value(f"{path}.destroys.high", "20", "20% is 0.2", "a share")
        yield value(f"{path}.destroys.mode", "90%", "not in order", "low <=").said_at(f"{path}.destroys")
        yield several(
            f"{name} stops as well",
            [add(f"{path}.stops", "production.factories")],
            Said(path, "one thing, not stops and destroys", "one of stops", on_key=True),
        )
        yield several(
            f"{name} in a window",
            [
                drop(f"{path}.{'date' if name == 'depot-fire' else 'every'}"),
                add(f"{path}.from", "2024-09-18"),
            ],
            Said(f"{path}.from", "does so on a day", "date, or every", on_key=True),
        )
        yield several(
            f"{name} that lasts",
            [add(f"{path}.last", "3 days")],
            Said(f"{path}.last", "'last' does not go here", "every with stops", on_key=True),
        )
    yield missing("events.depot-fire.date", "one kind of time", "date, or from").named("events.depot-fire")
    yield missing("events.accidents.every", "one kind of time", "date, or from").named("events.accidents")
    for wrong in ("18 September 2024", "2024-09-31", "2024-09", "18/09/24"):
        yield value("events.depot-fire.date", wrong, repr(wrong), "2023-09-01")
    for wrong, problem in (
        ("400", "it has no unit"),
        ("1/year", "it has a period"),
        ("2024-09-18", "'2024-09-18' is not a duration"),
        ("often", "'often' is not a duration"),
        ("{low: 500 days, mode: 400 days, high: 600 days}", "not in order"),
    ):
        yield value("events.accidents.every", wrong, problem)
    yield unknown("events.depot-fire.date", "day", "", "date, from, until")
    yield unknown("events.accidents.every", "evry", "every", "date, from, until")
    yield stray("events.depot-fire.source", "x", "", "date, from, until")


def danglings() -> Iterator[Slip]:
    yield several(
        "a supplier taken out that an event stops",
        [put("shipments", "{}")],
        Said("events.port-closed.stops", "'shipments.dprk' cannot be stopped", "production.factories"),
    )
    yield several(
        "a supplier of another name",
        [rename("shipments.dprk", "pyongyang")],
        Said(
            "events.port-closed.stops",
            "'shipments.dprk' cannot be stopped",
            "shipments.pyongyang",
            "shipments.pyongyang",
        ),
    )
    yield several(
        "a consumer of another name",
        [rename("consumption.guns", "front-line")],
        Said(
            "events.offensive.multiplies",
            "'consumption.guns.rate' cannot be",
            "consumption.front-line.rate",
            "consumption.front-line.rate",
        ),
    )
    yield several(
        "a consumer taken out, for whom a stock is kept and whom an event drives",
        [drop("consumption.guns"), put("consumption", "{}")],
        Said("transfers.railhead.keep", "keep needs a consumer", "add a consumer", on_key=True),
        Said(
            "events.offensive.multiplies",
            "'consumption.guns.rate' cannot be multiplied",
            "production.factories.rate",
        ),
    )
    yield several(
        "a railway taken out that an event stops",
        [put("events.port-closed.stops", "transfers.railhead"), drop("transfers")],
        Said("events.port-closed.stops", "'transfers.railhead' cannot be stopped", "production.factories"),
    )
    yield several(
        "a consumer at the other depot, and a stock kept where nobody is",
        [put(f"{GUNS}.at", "arsenals")],
        Said("transfers.railhead.keep", "keep needs a consumer", "add a consumer", on_key=True),
    )
    yield several(
        "two slips in two places, each told",
        [put("events.port-closed.stops", "shipments.drpk"), put("depots.front.capacity", "1.2M/day")],
        Said("depots.front.capacity", "it has a period", "shells"),
        Said(
            "events.port-closed.stops",
            "'shipments.drpk' cannot be stopped",
            "shipments.dprk",
            "shipments.dprk",
        ),
    )


def events_slips() -> Iterator[Slip]:
    """Yield all of them."""
    for maker in (stopping, windows, multiplying, destroying, danglings):
        yield from maker()
