"""Slips in what `two-calibres.yaml` makes, mends, is sent and moves."""

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

SHELLS_A_PERIOD = "shells or tonnes a period"
DURATIONS = "a number of s, min, h, days"
SHARES = "a share from 0 to 1"


def depot_names() -> Iterator[Slip]:
    for path in (
        "production.factories.to",
        "refurbishment.workshops.at",
        "shipments.dprk.to",
        "transfers.railhead.from",
    ):
        yield value(path, "arsenal", "unknown depot 'arsenal'", "arsenals, front", "arsenals")
        yield value(path, "Tambov", "unknown depot 'Tambov'", "arsenals, front")
        yield value(path, "[arsenals, front]", "one value is expected")
        yield value(path, "{depot: arsenals}", "one value is expected")
        yield missing(path, "required with several depots", "arsenals, front")
        above, _, key = path.rpartition(".")
        yield unknown(path, key + key[-1], key, key)
        yield several(
            f"{path} under another name",
            [rename(path, "depot")],
            Said(above, "required with several depots", "arsenals, front", on_key=True, path=path),
            Said(f"{above}.depot", "unknown key 'depot'", key, on_key=True),
        )
    yield value("transfers.railhead.to", "frnt", "unknown depot 'frnt'", "arsenals, front", "front")
    yield missing("transfers.railhead.to", "required with several depots", "arsenals, front")
    for path, other in (("from", "front"), ("to", "arsenals")):
        yield several(
            f"a transfer that goes round, by its {path}",
            [put(f"transfers.railhead.{path}", other), drop("transfers.railhead.keep")],
            Said("transfers.railhead", "from one depot to another", "two different", on_key=True),
        )


def rates() -> Iterator[Slip]:
    for wrong, problem, near in (
        ("0.8M", "it has no period", ""),
        ("0.8M shells", "it has no period", ""),
        ("0.8M/yr", "unknown period 'yr'", "year"),
        ("0.8M per year", "'0.8M per year' is not a rate", ""),
        ("0.8M/annum", "unknown period 'annum'", ""),
        ("0.8M year", "it is a duration", ""),
        ("80%/year", "a share has no period", ""),
        ("30%", "it is a share", ""),
        ("100 containers/month", "it is in containers/day", ""),
        ("-0.8M/year", "less than a rate", ""),
        ("2024-01-01", "'2024-01-01' is not a rate", ""),
    ):
        yield value("production.factories.rate.122mm", wrong, problem, "", near)
    for wrong, problem in (("1.5M", "it has no period"), ("many", "'many' is not a rate")):
        yield value("production.factories.rate.152mm.by_date.2025-01-01", wrong, problem)
    for wrong in ("0.8M/year/year", "800k a year", "800'000/year", "0.8 M shells / 1 year"):
        problem = "digits are not grouped" if "'" in wrong else f"{wrong!r} is not a rate"
        yield value("production.factories.rate.122mm", wrong, problem)
    rate = "production.factories.rate"
    yield value(rate, "1.9M/year", "of several munitions is said for each", "152mm: ...")
    yield value(rate, "{by_date: {2024-01-01: 1.9M/year}}", "of several munitions is said for each")
    yield value(rate, "[1.1M/year, 0.8M/year]", "a list is not a rate", SHELLS_A_PERIOD)
    yield value(rate, "{}", "a rate is missing", SHELLS_A_PERIOD)
    yield unknown(f"{rate}.122mm", "122", "122mm", "152mm, 122mm")
    yield unknown(f"{rate}.152mm", "152MM", "152mm" , "152mm, 122mm")
    yield unknown(rate, "rates", "rate", "to, rate, growth")
    yield missing(rate)
    yield unknown("production.factories.outages", "outage", "outages", "to, rate, growth")
    yield stray("production.factories.start", "2024-06-01", "", "to, rate, growth")
    yield stray("production.factories.at", "arsenals", "rate", "to, rate, growth")
    yield value("production.factories", "1.9M/year", "'1.9M/year' is given, and a map of settings", "KEY")
    yield value("production", "[factories]", "a map is expected", "NAME")
    for wrong, problem in (
        ("30", "it has no unit"),
        ("30 dayss", "unknown unit 'dayss'"),
        ("-3 days", "less than a duration"),
        ("3 shells", "it is in shells"),
        ("3 days/month", "a duration has no period"),
        ("soon", "'soon' is not a duration"),
        ("[3 days]", "a list is not a duration"),
        ("{low: 9 days, high: 3 days}", "low is above high"),
        ("{low: 3 days, high: 9}", "it has no unit"),
    ):
        sub, near = ("high" if "high: 9}" in wrong else ""), ("day" if "dayss" in wrong else "")
        yield added("production.factories.lead_time", wrong, problem, "", near, sub=sub)


def courses() -> Iterator[Slip]:
    course = "production.factories.rate.152mm"
    dates = f"{course}.by_date"
    for wrong in ("2024-13-01", "2024-1-1", "2024", "01-01-2024", "2024-02-30", "Jan 2024", "year 1"):
        problem = "is not in the calendar" if wrong in {"2024-13-01", "2024-02-30"} else "is not a date"
        yield several(
            f"a course from {wrong}",
            [rename(f"{dates}.2024-01-01", wrong)],
            Said(f"{dates}.{wrong}", f"{wrong!r} {problem}", "2023-09-01", on_key=True),
        )
    for wrong in ("[1.1M/year, 1.5M/year]", "1.5M/year", "{}"):
        yield value(dates, wrong, "by_date is not a map of dates", "2024-01-01: value")
    for wrong, near in (("lineer", "linear"), ("steps", "step"), ("yes", ""), ("[linear]", "")):
        shown = "'that'" if wrong == "[linear]" else repr(wrong)
        yield value(f"{course}.between", wrong, f"{shown} is no way between values", "step, linear", near)
    yield unknown(f"{course}.between", "betwen", "between", "by_date, between")
    yield unknown(f"{course}.between", "interpolation", "", "by_date, between")
    yield stray(f"{course}.low", "1M/year", "", "by_date, between")
    yield keyed(
        f"{course}", "{value: 1.1M/year, between: linear}", "unknown key 'between'", "value, source", sub="between"
    )
    yield keyed(
        f"{course}", "{by_dates: {2024-01-01: 1.1M/year}}", "unknown key 'by_dates'", "", "by_date", sub="by_dates"
    )
    yield keyed(
        f"{course}", "{2024-01-01: 1.1M/year}", "unknown key '2024-01-01'", SHELLS_A_PERIOD, sub="2024-01-01"
    )
    yield value(f"{dates}.2025-01-01", "10 kt/month", "differ in unit", "one unit", sub="").said_at(dates)
    yield value(f"{dates}.2025-01-01", "{low: 2M/year, high: 1M/year}", "low is above high", "low <= high")
    yield value(f"{dates}.2025-01-01", "[1.5M/year]", "a list is not a rate", SHELLS_A_PERIOD)
    yield several(
        "growth beside a course",
        [add("production.factories.growth", "3%")],
        Said("production.factories.growth", "growth beside by_date", "one of the two", on_key=True),
    )
    for wrong, problem in (
        ("-100%", "'-100%' is less"),
        ("3 shells", "it is in shells"),
        ("3%/month", "a share has no period"),
        ("fast", "'fast' is not a growth"),
    ):
        yield several(
            f"a growth of {wrong}",
            [put(course, "1.1M/year"), add("production.factories.growth", wrong)],
            Said("production.factories.growth", problem),
        )


def outages() -> Iterator[Slip]:
    path = "production.factories.outages"
    for wrong, problem, near in (
        ("130%", "'130%' is more than a share", ""),
        ("30", "30% is 0.3", ""),
        ("-30%", "'-30%' is less", ""),
        ("30 days", "it is a duration", ""),
        ("30 percent", "unknown unit 'percent'", "%"),
        ("a third", "'a third' is not a share", ""),
    ):
        yield value(f"{path}.share", wrong, problem, "%", near)
    for key in ("every", "last"):
        yield value(f"{path}.{key}", "300", "it has no unit", DURATIONS)
        yield value(f"{path}.{key}", "2/year", "it has a period", DURATIONS)
        yield value(f"{path}.{key}", "10%", "it is a share", DURATIONS)
        yield value(f"{path}.{key}", "2024-06-01", "'2024-06-01' is not a duration", DURATIONS)
        yield missing(f"{path}.{key}")
        yield unknown(f"{path}.{key}", key + "s", key, "every, last, share")
    yield value(f"{path}.last.mode", "200 days", "not in order", "low <= mode <= high").said_at(f"{path}.last")
    yield value(f"{path}.last.low", "30%", "it is a share", DURATIONS)
    yield value(f"{path}.last.high", "90 day s", "'90 day s' is not a duration", DURATIONS)
    yield value(f"{path}.last", "5-90 days", "'5-90 days' is not a duration", DURATIONS)
    yield stray(f"{path}.until", "2025-01-01", "", "every, last, share")
    yield value(path, "5%", "'5%' is given, and a map of settings", "KEY")
    yield value(path, "[300 days, 20 days]", "a map of settings", "KEY")


def refurbishment() -> Iterator[Slip]:
    path = "refurbishment.workshops"
    for wrong, problem in (
        ("60k", "it has no period"),
        ("3 kt/month", "it is in kg/day"),
        ("60 containers/month", "it is in containers/day"),
        ("-60k/month", "less than"),
        ("60k/moth", "unknown period 'moth'"),
        ("80%", "it is a share"),
    ):
        yield value(f"{path}.rate", wrong, problem, "", "month" if "moth" in wrong else "")
    for wrong, problem in (
        ("80", "80% is 0.8"),
        ("120%", "'120%' is more than a share"),
        ("-1%", "'-1%' is less"),
        ("60k", "more than a share"),
        ("80 shells", "it is in shells"),
        ("high", "'high' is not a share"),
        ("{low: 90%, mode: 80%, high: 95%}", "not in order"),
    ):
        yield value(f"{path}.yield", wrong, problem)
    yield keyed(f"{path}.yield", "{152mm: 80%}", "the yield of 122mm is missing", "each munition")
    yield keyed(f"{path}.yield", "{152mm: 80%, 125mm: 80%}", "unknown key '125mm'", "152mm", "152mm", sub="125mm")
    for key, wrong in (("rate", "rates"), ("yield", "yeild")):
        yield missing(f"{path}.{key}")
        yield unknown(f"{path}.{key}", wrong, key, "at, rate, yield")
    yield several(
        "a rate of a workshop by munition, which is a total",
        [put(f"{path}.rate", "{152mm: 40k/month, 122mm: 20k/month}")],
        Said(f"{path}.rate", "one number for all", "shells a period"),
    )
    yield stray(f"{path}.lead_time", "3 days", "", "at, rate, yield")
    yield value("refurbishment", "60k/month", "'60k/month' is given, and a map is expected", "NAME")
    yield value(path, "60k/month", "a map of settings", "KEY")


def shipments() -> Iterator[Slip]:
    path = "shipments.dprk"
    for wrong, problem, near in (
        ("1000 containers", "it is in containers", ""),
        ("1000 containers/mnth", "unknown period 'mnth'", "month"),
        ("1000 contaners/month", "unknown unit 'contaners'", "container"),
        ("1000 TEU/month", "unknown unit 'TEU'", ""),
        ("-1000 containers/month", "less than an offer", ""),
        ("60%", "it is a share", ""),
        ("monthly", "'monthly' is not an offer", ""),
        ("[1000 containers/month]", "a list is not an offer", ""),
        ("{low: 900 containers/month, high: 100 containers/month}", "low is above high", ""),
    ):
        yield value(f"{path}.offered", wrong, problem, "", near)
    yield missing(f"{path}.offered", "somebody must say how much comes", "offered, or deliveries")
    yield unknown(f"{path}.offered", "offer", "offered", "to, first, until")
    yield several(
        "an offer and deliveries",
        [add(f"{path}.deliveries", "{2024-05-01: 300 containers}")],
        Said(f"{path}.deliveries", "offered and deliveries exclude each other", "one of the two", on_key=True),
    )
    for wrong, problem, sub in (
        ("{2024-05-01: 300 containers/month}", "it has a period", "2024-05-01"),
        ("{2024-05-01: many}", "'many' is not a delivery", "2024-05-01"),
        ("{2024-05-01: 300 containers, 2024-06-01: -3}", "'-3' is less", "2024-06-01"),
        ("300 containers", "is not a map of dates", ""),
        ("[300 containers]", "is not a map of dates", ""),
        ("{}", "is not a map of dates", ""),
    ):
        at = f"{path}.deliveries" + (f".{sub}" if sub else "")
        yield several(
            f"deliveries of {wrong}",
            [drop(f"{path}.offered"), add(f"{path}.deliveries", wrong)],
            Said(at, problem),
        )
    for wrong in ("May 2024", "2024-05-32", "1"):
        yield several(
            f"a delivery on {wrong}",
            [drop(f"{path}.offered"), add(f"{path}.deliveries", f"{{{wrong}: 300 containers}}")],
            Said(f"{path}.deliveries.{wrong}", repr(wrong), "2023-09-01", on_key=True),
        )
    yield several(
        "deliveries in shells and in containers",
        [
            drop(f"{path}.offered"),
            add(f"{path}.deliveries", "{2024-05-01: 300 containers, 2024-06-01: 90k shells}"),
        ],
        Said(f"{path}.deliveries", "differ in unit", "one unit"),
    )
    reserve = f"{path}.reserve"
    for wrong, problem, sub in (
        ("4M/year", "it has a period", ""),
        ("900 containers", "it is in containers", ""),
        ("300 kt", "it is in kg", ""),
        ("90 days", "it is a duration", ""),
        ("-4M", "less than", ""),
        ("plenty", "'plenty' is not", ""),
        ("[4M]", "a list is not", ""),
        ("{low: 9M, mode: 6M, high: 4M}", "not in order", ""),
        ("{stock: 4M, production: 1M}", "it has no period", "production"),
        ("{stock: 4M/year}", "it has a period", "stock"),
        ("{stock: 4M, production: 2 kt/month}", "it is in kg/day", "production"),
    ):
        yield value(reserve, wrong, problem, sub=sub)
    yield keyed(reserve, "{production: 1M/year}", "'stock' is required").named(f"{reserve}.stock")
    yield keyed(reserve, "{stock: 4M, produced: 1M/year}", "unknown key 'produced'", "stock, production", "production", sub="produced")
    yield several(
        "a reserve by munition, which is a total",
        [put(reserve, "{152mm: 4M, 122mm: 2M}")],
        Said(reserve, "one number for all", "shells"),
    )
    yield unknown(reserve, "reserves", "reserve", "to, first, until")
    until = f"{path}.until"
    for wrong, problem in (
        ("2023-06-01", "until is not after first"),
        ("2024-01-01", "until is not after first"),
        ("900", "it has no unit"),
        ("900 dys", "unknown unit 'dys'"),
        ("2026", "it has no unit"),
        ("2026-1-1", "'2026-1-1' is not a date"),
        ("2025-02-29", "not in the calendar"),
        ("{low: 2025-01-01, high: 900 days}", "differ in unit"),
        ("{low: 2025-06-01, high: 2025-01-01}", "low is above high"),
        ("{exponential: 2025-01-01}", "no distribution of dates"),
        ("{exponential: 0 days}", "more than zero"),
        ("the end", "'the end' is not a date"),
    ):
        yield value(until, wrong, problem, "", "day" if "dys" in wrong else "")
    yield value(f"{until}.exponential", "900", "it has no unit", "a duration such as")
    yield value(f"{until}.exponential", "[900 days]", "exponential is one number", "a duration such as")
    yield keyed(until, "{exponental: 900 days}", "unknown key 'exponental'", "", "exponential", sub="exponental")
    yield value(until, "{exponential: 900 days, high: 3 years}", "make no number", "{exponential}")
    yield several(
        "loading that begins after its end",
        [add(f"{path}.first", "2025-01-01"), put(until, "2024-06-01")],
        Said(until, "until is not after first", "a later date"),
    )
    yield added(f"{path}.first", "60", "it has no unit", "a duration such as")
    yield added(f"{path}.first", "2024-06-31", "not in the calendar", "a date such as")
    yield added(f"{path}.first", "June", "'June' is not a date or a duration", "a date such as")
    lead = f"{path}.lead_time"
    for wrong, problem in (
        ("24", "it has no unit"),
        ("24 d", "unknown unit 'd'"),
        ("24 containers", "it is in containers"),
        ("{low: 40 days, mode: 24 days, high: 20 days}", "not in order"),
        ("{low: 20 days, mode: 24 days}", "low, mode make no number"),
    ):
        yield value(lead, wrong, problem, "", "day" if wrong == "24 d" else "")
    yield missing(lead, "'route' is required", "lead_time").named(f"{path}.route")
    yield unknown(lead, "leadtime", "lead_time", "to, first, until")
    yield several(
        "a route and a lead time",
        [add(f"{path}.route", "[{capacity: 75 containers, travel: 3 days}]")],
        Said(f"{path}.route", "by a route or by a lead_time", "one of the two", on_key=True),
    )
    yield added(f"{path}.route", "by sea", "a list is expected", "items")
    yield added(f"{path}.route", "[]", "nothing is listed", "at least one")
    yield stray(f"{path}.donor", "Pyongyang", "", "to, first, until")
    yield value(path, "1000 containers/month", "a map of settings", "KEY")
    yield value("shipments", "[dprk]", "a map is expected", "NAME")


def cargo() -> Iterator[Slip]:
    path = "shipments.dprk"
    mix = f"{path}.mix"
    for wrong, total in (
        ("{152mm: 60%, 122mm: 50%}", "1.1"),
        ("{152mm: 60%, 122mm: 30%}", "0.9"),
        ("{152mm: 60%}", "0.6"),
        ("{152mm: 0, 122mm: 0}", "0"),
        ("{152mm: 0.6, 122mm: 0.04}", "0.64"),
    ):
        yield value(mix, wrong, f"the shares of the mix add up to {total}", "100 %")
    for wrong in ("60%", "[60%, 40%]", "{low: 50%, high: 60%}", "even"):
        yield value(mix, wrong, "a mix is a map of munitions", "a share for each munition")
    for wrong, problem in (
        ("60", "60% is 0.6"),
        ("160%", "more than a share"),
        ("-60%", "less than a share"),
        ("60 containers", "it is in containers"),
        ("most", "'most' is not a share"),
        ("[60%]", "a list is not a share"),
    ):
        yield value(f"{mix}.152mm", wrong, problem, SHARES)
    yield unknown(f"{mix}.122mm", "122m", "122mm", "152mm, 122mm")
    yield keyed(mix, "{152mm: 60%, 122mm: 30%, 130mm: 10%}", "unknown key '130mm'", "152mm, 122mm", "152mm", sub="130mm")
    yield missing(mix, "'mix' is required with several munitions", "a share for each")
    yield unknown(mix, "mixed", "mix", "to, first, until")
    load = f"{path}.shells_per_container"
    for wrong, problem in (
        ("285/day", "it has a period"),
        ("0", "more than zero"),
        ("-285", "less than"),
        ("285 containers", "it is in containers"),
        ("85%", "it is a share"),
        ("20 t", "it is in kg"),
        ("full", "'full' is not a load"),
        ("{low: 420, mode: 285, high: 300}", "not in order"),
    ):
        yield value(f"{load}.152mm", wrong, problem)
    yield missing(load, "'shells_per_container' is required", "300")
    yield unknown(load, "shell_per_container", "shells_per_container", "to, first, until")
    yield keyed(load, "{152mm: 285}", "the shells in a container of 122mm are missing", "each munition of the mix")
    yield value(load, "[285, 420]", "a list is not a load")
    yield unknown(f"{load}.152mm", "152", "152mm", "152mm, 122mm")
    state = f"{path}.serviceable"
    for wrong, problem in (
        ("70", "70% is 0.7"),
        ("170%", "more than a share"),
        ("{low: 50%, mode: 95%, high: 90%}", "not in order"),
        ("{low: 50, mode: 70, high: 90}", None),
        ("half", "'half' is not a share"),
        ("{mean: 70%, sd: 10 days}", None),
        ("[50%, 90%]", "a list is not a share"),
    ):
        if problem:
            yield value(state, wrong, problem)
    yield value(f"{state}.high", "90", "90% is 0.9", SHARES)
    yield value(f"{state}.low", "5", "5% is 0.05", SHARES)
    yield value(f"{state}.high", "190%", "more than a share", SHARES)
    yield value(f"{state}.mode", "20%", "not in order", "low <= mode <= high").said_at(state)
    yield value(state, "{mean: 70%, sd: 10 days}", "it is a duration", SHARES, sub="sd")
    yield unknown(state, "servicable", "serviceable", "to, first, until")


def transfers() -> Iterator[Slip]:
    path = "transfers.railhead"
    for wrong, problem in (
        ("25k", "it has no period"),
        ("2 kt/day", "it is in kg/day"),
        ("80 containers/day", "it is in containers/day"),
        ("25k/dya", "unknown period 'dya'"),
        ("-25k/day", "less than"),
        ("unlimited", "'unlimited' is not a rate"),
        ("[25k/day]", "a list is not"),
    ):
        yield value(f"{path}.capacity", wrong, problem, "", "day" if "dya" in wrong else "")
    yield several(
        "a capacity of a railway by munition, which is a total",
        [put(f"{path}.capacity", "{152mm: 15k/day, 122mm: 10k/day}")],
        Said(f"{path}.capacity", "one number for all", "shells a period"),
    )
    for key in ("keep", "lead_time"):
        for wrong, problem in (
            ("30", "it has no unit"),
            ("30%", "it is a share"),
            ("30k", "it has no unit"),
            ("-30 days", "less than a duration"),
            ("30k shells", "it is in shells"),
            ("a month", "'a month' is not a duration"),
        ):
            yield value(f"{path}.{key}", wrong, problem, DURATIONS)
    yield keyed(f"{path}.keep", "{152mm: 30 days, 155mm: 9 days}", "unknown key '155mm'", "152mm", "152mm", sub="155mm")
    for key, wrong, near in (
        ("capacity", "capacty", "capacity"),
        ("lead_time", "lead-time", "lead_time"),
        ("keep", "keeps", "keep"),
    ):
        yield unknown(f"{path}.{key}", wrong, near, "from, to, capacity")
    yield stray(f"{path}.by", "rail", "", "from, to, capacity")
    yield value(path, "25k/day", "a map of settings", "KEY")
    yield several(
        "a stock to keep where nobody fires",
        [put(f"{path}.from", "front"), put(f"{path}.to", "arsenals")],
        Said(f"{path}.keep", "keep needs a consumer", "add a consumer", on_key=True),
    )


def supply_slips() -> Iterator[Slip]:
    """Yield all of them."""
    for maker in (
        depot_names, rates, courses, outages, refurbishment, shipments, cargo, transfers,
    ):
        yield from maker()
