"""Slips in the events of `two-calibres.yaml` and their targets."""

from __future__ import annotations

from collections.abc import Iterator

from tests.support.calibre_slips import (
    ExpectedMessage,
    FileSlip,
    add_edit,
    combined_slip,
    drop_edit,
    extra_key,
    missing_key,
    misspelt_key,
    rename_edit,
    set_edit,
    unknown_key,
    wrong_value,
    wrong_value_at_key,
)

GUNS = "consumption.guns"
KEYS = "at, rate, daily_variation"


def stopping() -> Iterator[FileSlip]:
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
        yield wrong_value(f"{path}.stops", wrong, f"{wrong!r} cannot be stopped", stopped, near)
    yield wrong_value(f"{path}.stops", "[shipments.dprk, production.factories]", "one value is expected")
    yield wrong_value(f"{path}.stops", "''", "not a line of text", "200 characters")
    yield missing_key(f"{path}.stops", "the event does nothing", "stops, multiplies, destroys").named(path)
    yield misspelt_key(f"{path}.stops", "stop", "stops", "date, from, until")
    for wrong, problem in (
        ("130%", "more than a share"),
        ("50", "50% is 0.5"),
        ("-5%", "less"),
        ("half", "'half'"),
    ):
        yield extra_key(f"{path}.share", wrong, problem, "a share from 0 to 1")
    yield combined_slip(
        "a factor beside what stops",
        [add_edit(f"{path}.factor", "0.5")],
        ExpectedMessage(f"{path}.factor", "'factor' does not go beside 'stops'", "share", on_key=True),
    )
    yield combined_slip(
        "a depot beside what stops",
        [add_edit(f"{path}.at", "arsenals")],
        ExpectedMessage(f"{path}.at", "'at' does not go beside 'stops'", "share", on_key=True),
    )
    yield combined_slip(
        "an event that does two things",
        [add_edit(f"{path}.destroys", "10%")],
        ExpectedMessage(path, "one thing, not stops and destroys", "one of stops", on_key=True),
    )
    yield combined_slip(
        "a length of an event with dates",
        [add_edit(f"{path}.last", "30 days")],
        ExpectedMessage(f"{path}.last", "'last' does not go here", "every with stops", on_key=True),
    )
    yield combined_slip(
        "what recurs and stops, and does not say how long",
        [drop_edit(f"{path}.from"), drop_edit(f"{path}.until"), add_edit(f"{path}.every", "90 days")],
        ExpectedMessage(
            path, "'every' with 'stops' needs a last", "a duration", on_key=True, path=f"{path}.last"
        ),
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
            drop_edit(f"{path}.from"),
            drop_edit(f"{path}.until"),
            *(add_edit(f"{path}.{n}", v) for n, v in given.items()),
        ]
        yield combined_slip(
            f"what recurs with {key}: {wrong}", edits, ExpectedMessage(f"{path}.{key}", problem)
        )
    yield wrong_value(path, "[2024-02-12, 2024-03-10]", "a map of settings", "KEY")
    yield wrong_value(path, "2024-02-12", "a map of settings", "KEY")
    yield wrong_value("events", "[port-closed]", "a map is expected", "NAME")


def windows() -> Iterator[FileSlip]:
    for name in ("port-closed", "offensive"):
        path = f"events.{name}"
        first, end = ("2024-02-12", "2024-03-10") if name == "port-closed" else ("2024-10-01", "2025-01-15")
        for key in ("from", "until"):
            yield wrong_value(
                f"{path}.{key}", "12.02.2024", "'12.02.2024' is not a date", "2023-09-01", "2024-02-12"
            )
            yield wrong_value(f"{path}.{key}", "2024-02-30", "not in the calendar", "2023-09-01")
            yield wrong_value(f"{path}.{key}", "2024-2-3", "'2024-2-3' is not a date", "2023-09-01")
            yield wrong_value(f"{path}.{key}", "30 days", "'30 days' is not a date", "2023-09-01")
            yield wrong_value(f"{path}.{key}", "{low: 2024-03-01, high: 2024-02-01}", "low is above high")
            yield wrong_value(
                f"{path}.{key}", "[2024-02-01, 2024-03-01]", "a list is not a date", "2023-09-01"
            )
        # An inverted window is reported at its end, which is more often mistyped.
        yield wrong_value_at_key(f"{path}.until", "2024-01-15", "until is not after from", f"after {first}")
        yield wrong_value_at_key(f"{path}.until", first, "until is not after from", f"after {first}")
        yield combined_slip(
            f"{name} begins after its end",
            [set_edit(f"{path}.from", "2025-06-01")],
            ExpectedMessage(f"{path}.until", "until is not after from", "after 2025-06-01", on_key=True),
        )
        yield combined_slip(
            f"{name} with an end alone",
            [drop_edit(f"{path}.from")],
            ExpectedMessage(
                f"{path}.until", "a window needs a from", "a date", on_key=True, path=f"{path}.from"
            ),
        )
        yield combined_slip(
            f"{name} at two kinds of time",
            [add_edit(f"{path}.date", end)],
            ExpectedMessage(path, "one kind of time", "date, or from and until", on_key=True),
        )
        yield combined_slip(
            f"{name} at no time",
            [drop_edit(f"{path}.from"), drop_edit(f"{path}.until")],
            ExpectedMessage(path, "one kind of time", "date, or from and until", on_key=True),
        )
        yield misspelt_key(f"{path}.until", "untill", "until", "date, from, until")
        yield unknown_key(f"{path}.to", end, "", "date, from, until")


def multiplying() -> Iterator[FileSlip]:
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
        yield wrong_value(f"{path}.multiplies", wrong, f"{wrong!r} cannot be multiplied", rate, near)
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
        yield wrong_value(f"{path}.factor", wrong, problem)
    yield missing_key(f"{path}.factor", "'multiplies' needs a factor", "1.6")
    yield missing_key(f"{path}.multiplies", "the event does nothing", "stops, multiplies").named(path)
    yield misspelt_key(f"{path}.factor", "factr", "factor", "date, from, until")
    yield misspelt_key(f"{path}.multiplies", "multiply", "multiplies", "date, from, until")
    yield combined_slip(
        "a share beside what multiplies",
        [add_edit(f"{path}.share", "50%")],
        ExpectedMessage(f"{path}.share", "'share' does not go beside 'multiplies'", "factor", on_key=True),
    )


def destroying() -> Iterator[FileSlip]:
    for name in ("depot-fire", "accidents"):
        path = f"events.{name}"
        yield wrong_value(f"{path}.at", "arsenal", "unknown depot 'arsenal'", "arsenals, front", "arsenals")
        yield wrong_value(f"{path}.at", "Toropets", "unknown depot 'Toropets'", "arsenals, front")
        yield missing_key(f"{path}.at", "required with several depots", "arsenals, front")
        yield missing_key(f"{path}.destroys", "the event does nothing", "stops, multiplies").named(path)
        yield misspelt_key(f"{path}.destroys", "destroy", "destroys", "date, from, until")
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
                yield wrong_value(f"{path}.destroys", wrong, problem)
        yield wrong_value(f"{path}.destroys.high", "20", "20% is 0.2", "a share")
        yield wrong_value(f"{path}.destroys.mode", "90%", "not in order", "low <=").reported_at(
            f"{path}.destroys"
        )
        yield combined_slip(
            f"{name} stops as well",
            [add_edit(f"{path}.stops", "production.factories")],
            ExpectedMessage(path, "one thing, not stops and destroys", "one of stops", on_key=True),
        )
        yield combined_slip(
            f"{name} in a window",
            [
                drop_edit(f"{path}.{'date' if name == 'depot-fire' else 'every'}"),
                add_edit(f"{path}.from", "2024-09-18"),
            ],
            ExpectedMessage(f"{path}.from", "does so on a day", "date, or every", on_key=True),
        )
        yield combined_slip(
            f"{name} that lasts",
            [add_edit(f"{path}.last", "3 days")],
            ExpectedMessage(f"{path}.last", "'last' does not go here", "every with stops", on_key=True),
        )
    yield missing_key("events.depot-fire.date", "one kind of time", "date, or from").named(
        "events.depot-fire"
    )
    yield missing_key("events.accidents.every", "one kind of time", "date, or from").named("events.accidents")
    for wrong in ("18 September 2024", "2024-09-31", "2024-09", "18/09/24"):
        near = "2024-09-18" if wrong == "18 September 2024" else ""
        yield wrong_value("events.depot-fire.date", wrong, repr(wrong), "2023-09-01", near)
    for wrong, problem in (
        ("400", "it has no unit"),
        ("1/year", "it has a period"),
        ("2024-09-18", "'2024-09-18' is not a duration"),
        ("often", "'often' is not a duration"),
        ("{low: 500 days, mode: 400 days, high: 600 days}", "not in order"),
    ):
        yield wrong_value("events.accidents.every", wrong, problem)
    yield misspelt_key("events.depot-fire.date", "day", "", "date, from, until")
    yield misspelt_key("events.accidents.every", "evry", "every", "date, from, until")
    yield unknown_key("events.depot-fire.source", "x", "", "date, from, until")


def dangling_targets() -> Iterator[FileSlip]:
    yield combined_slip(
        "a supplier taken out that an event stops",
        [set_edit("shipments", "{}")],
        ExpectedMessage(
            "events.port-closed.stops", "'shipments.dprk' cannot be stopped", "production.factories"
        ),
    )
    yield combined_slip(
        "a supplier of another name",
        [rename_edit("shipments.dprk", "pyongyang")],
        ExpectedMessage(
            "events.port-closed.stops",
            "'shipments.dprk' cannot be stopped",
            "shipments.pyongyang",
            "shipments.pyongyang",
        ),
    )
    yield combined_slip(
        "a consumer of another name",
        [rename_edit("consumption.guns", "front-line")],
        ExpectedMessage(
            "events.offensive.multiplies",
            "'consumption.guns.rate' cannot be",
            "consumption.front-line.rate",
            "consumption.front-line.rate",
        ),
    )
    yield combined_slip(
        "a consumer taken out, for whom a stock is kept and whom an event drives",
        [drop_edit("consumption.guns"), set_edit("consumption", "{}")],
        ExpectedMessage("transfers.railhead.keep", "keep needs a consumer", "add a consumer", on_key=True),
        ExpectedMessage(
            "events.offensive.multiplies",
            "'consumption.guns.rate' cannot be multiplied",
            "production.factories.rate",
        ),
    )
    yield combined_slip(
        "a railway taken out that an event stops",
        [set_edit("events.port-closed.stops", "transfers.railhead"), drop_edit("transfers")],
        ExpectedMessage(
            "events.port-closed.stops", "'transfers.railhead' cannot be stopped", "production.factories"
        ),
    )
    yield combined_slip(
        "a consumer at the other depot, and a stock kept where nobody is",
        [set_edit(f"{GUNS}.at", "arsenals")],
        ExpectedMessage("transfers.railhead.keep", "keep needs a consumer", "add a consumer", on_key=True),
    )
    yield combined_slip(
        "two slips in two places, each told",
        [
            set_edit("events.port-closed.stops", "shipments.drpk"),
            set_edit("depots.front.capacity", "1.2M/day"),
        ],
        ExpectedMessage("depots.front.capacity", "it has a period", "shells"),
        ExpectedMessage(
            "events.port-closed.stops",
            "'shipments.drpk' cannot be stopped",
            "shipments.dprk",
            "shipments.dprk",
        ),
    )


def events_slips() -> Iterator[FileSlip]:
    """Yield all slips of this module."""
    for maker in (stopping, windows, multiplying, destroying, dangling_targets):
        yield from maker()
