"""Slips in the production and refurbishment of `two-calibres.yaml`."""

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

SHELLS_A_PERIOD = "shells or tonnes a period"
DURATIONS = "a number of s, min, h, days"
SHARES = "a share from 0 to 1"


def depot_names() -> Iterator[FileSlip]:
    for path in (
        "production.factories.to",
        "refurbishment.workshops.at",
        "shipments.dprk.to",
        "transfers.railhead.from",
    ):
        yield wrong_value(path, "arsenal", "unknown depot 'arsenal'", "arsenals, front", "arsenals")
        yield wrong_value(path, "Tambov", "unknown depot 'Tambov'", "arsenals, front")
        yield wrong_value(path, "[arsenals, front]", "one value is expected")
        yield wrong_value(path, "{depot: arsenals}", "one value is expected")
        yield missing_key(path, "required with several depots", "arsenals, front")
        above, _, key = path.rpartition(".")
        yield misspelt_key(path, key + key[-1], key, key)
        near = "to" if key == "from" else key
        unknown = ExpectedMessage(f"{above}.depot", "unknown key 'depot'", near, near, on_key=True)
        missing = ExpectedMessage(
            above, "required with several depots", "arsenals, front", on_key=True, path=path
        )
        # The key that an unknown key suggests is not reported as missing as well.
        said = [missing, unknown] if near != key else [unknown]
        yield combined_slip(f"{path} under another name", [rename_edit(path, "depot")], *said)
    yield wrong_value("transfers.railhead.to", "frnt", "unknown depot 'frnt'", "arsenals, front", "front")
    yield missing_key("transfers.railhead.to", "required with several depots", "arsenals, front")
    for path, other in (("from", "front"), ("to", "arsenals")):
        yield combined_slip(
            f"a transfer that goes round, by its {path}",
            [set_edit(f"transfers.railhead.{path}", other), drop_edit("transfers.railhead.keep")],
            ExpectedMessage("transfers.railhead", "from one depot to another", "two different", on_key=True),
        )


def rates() -> Iterator[FileSlip]:
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
        yield wrong_value("production.factories.rate.122mm", wrong, problem, "", near)
    for wrong, problem in (("1.5M", "it has no period"), ("many", "'many' is not a rate")):
        yield wrong_value("production.factories.rate.152mm.by_date.2025-01-01", wrong, problem)
    for wrong in ("0.8M/year/year", "800k a year", "800'000/year", "0.8 M shells / 1 year"):
        problem = "digits are not grouped" if "'" in wrong else f"{wrong!r} is not a rate"
        near = "800000/year" if "'" in wrong else ""
        yield wrong_value("production.factories.rate.122mm", wrong, problem, "", near)
    rate = "production.factories.rate"
    yield wrong_value(rate, "1.9M/year", "of several munitions is said for each", "152mm: ...")
    yield wrong_value(rate, "{by_date: {2024-01-01: 1.9M/year}}", "of several munitions is said for each")
    yield wrong_value(rate, "[1.1M/year, 0.8M/year]", "a list is not a rate", SHELLS_A_PERIOD)
    yield wrong_value(rate, "{}", "a rate is missing", SHELLS_A_PERIOD)
    yield misspelt_key(f"{rate}.122mm", "122", "122mm", "152mm, 122mm")
    yield misspelt_key(f"{rate}.152mm", "152MM", "152mm", "152mm, 122mm")
    yield misspelt_key(rate, "rates", "rate", "to, rate, growth")
    yield missing_key(rate)
    yield misspelt_key("production.factories.outages", "outage", "outages", "to, rate, growth")
    yield unknown_key("production.factories.start", "2024-06-01", "", "to, rate, growth")
    yield unknown_key("production.factories.at", "arsenals", "to", "to, rate, growth")
    yield wrong_value(
        "production.factories",
        "1.9M/year",
        "'1.9M/year' is given, and a map of settings",
        "KEY",
        "{rate: 1.9M/year}",
    )
    yield wrong_value("production", "[factories]", "a map is expected", "NAME")
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
        yield extra_key("production.factories.lead_time", wrong, problem, "", near, sub=sub)


def courses() -> Iterator[FileSlip]:
    course = "production.factories.rate.152mm"
    dates = f"{course}.by_date"
    for wrong in ("2024-13-01", "2024-1-1", "2024", "01-01-2024", "2024-02-30", "Jan 2024", "year 1"):
        problem = "is not in the calendar" if wrong in {"2024-13-01", "2024-02-30"} else "is not a date"
        near = "2024-01-01" if wrong in {"2024-1-1", "2024", "01-01-2024", "Jan 2024"} else ""
        yield combined_slip(
            f"a course from {wrong}",
            [rename_edit(f"{dates}.2024-01-01", wrong)],
            ExpectedMessage(f"{dates}.{wrong}", f"{wrong!r} {problem}", "2023-09-01", near, on_key=True),
        )
    for wrong in ("[1.1M/year, 1.5M/year]", "1.5M/year", "{}"):
        yield wrong_value(dates, wrong, "by_date is not a map of dates", "2024-01-01: value")
    for wrong, near in (("lineer", "linear"), ("steps", "step"), ("yes", ""), ("[linear]", "")):
        shown = "'that'" if wrong == "[linear]" else repr(wrong)
        yield wrong_value(
            f"{course}.between", wrong, f"{shown} is no way between values", "step, linear", near
        )
    yield misspelt_key(f"{course}.between", "betwen", "between", "by_date, between")
    yield misspelt_key(f"{course}.between", "interpolation", "", "by_date, between")
    yield unknown_key(f"{course}.low", "1M/year", "", "by_date, between")
    yield wrong_value_at_key(
        f"{course}",
        "{value: 1.1M/year, between: linear}",
        "unknown key 'between'",
        "value, source",
        sub="between",
    )
    yield wrong_value_at_key(
        f"{course}",
        "{by_dates: {2024-01-01: 1.1M/year}}",
        "unknown key 'by_dates'",
        "",
        "by_date",
        sub="by_dates",
    )
    yield wrong_value(
        f"{course}",
        "{2024-01-01: 1.1M/year}",
        "the dates of a rate stand under by_date",
        "by_date",
        "{by_date: {2024-01-01: 1.1M/year}}",
    )
    yield wrong_value(f"{dates}.2025-01-01", "10 kt/month", "differ in unit", "one unit", sub="").reported_at(
        dates
    )
    yield wrong_value(
        f"{dates}.2025-01-01", "{low: 2M/year, high: 1M/year}", "low is above high", "low <= high"
    )
    yield wrong_value(f"{dates}.2025-01-01", "[1.5M/year]", "a list is not a rate", SHELLS_A_PERIOD)
    yield combined_slip(
        "growth beside a course",
        [add_edit("production.factories.growth", "3%")],
        ExpectedMessage(
            "production.factories.growth", "growth beside by_date", "one of the two", on_key=True
        ),
    )
    for wrong, problem in (
        ("-100%", "'-100%' is less"),
        ("3 shells", "it is in shells"),
        ("3%/month", "a share has no period"),
        ("fast", "'fast' is not a growth"),
    ):
        yield combined_slip(
            f"a growth of {wrong}",
            [set_edit(course, "1.1M/year"), add_edit("production.factories.growth", wrong)],
            ExpectedMessage("production.factories.growth", problem),
        )


def outages() -> Iterator[FileSlip]:
    path = "production.factories.outages"
    for wrong, problem, near in (
        ("130%", "'130%' is more than a share", ""),
        ("30", "30% is 0.3", ""),
        ("-30%", "'-30%' is less", ""),
        ("30 days", "it is a duration", ""),
        ("30 percent", "unknown unit 'percent'", "%"),
        ("a third", "'a third' is not a share", ""),
    ):
        yield wrong_value(f"{path}.share", wrong, problem, "%", near)
    for key in ("every", "last"):
        yield wrong_value(f"{path}.{key}", "300", "it has no unit", DURATIONS)
        yield wrong_value(f"{path}.{key}", "2/year", "it has a period", DURATIONS)
        yield wrong_value(f"{path}.{key}", "10%", "it is a share", DURATIONS)
        yield wrong_value(f"{path}.{key}", "2024-06-01", "'2024-06-01' is not a duration", DURATIONS)
        yield missing_key(f"{path}.{key}")
        yield misspelt_key(f"{path}.{key}", key + "s", key, "every, last, share")
    yield wrong_value(f"{path}.last.mode", "200 days", "not in order", "low <= mode <= high").reported_at(
        f"{path}.last"
    )
    yield wrong_value(f"{path}.last.low", "30%", "it is a share", DURATIONS)
    yield wrong_value(f"{path}.last.high", "90 day s", "'90 day s' is not a duration", DURATIONS)
    yield wrong_value(f"{path}.last", "5-90 days", "'5-90 days' is not a duration", DURATIONS)
    yield unknown_key(f"{path}.until", "2025-01-01", "", "every, last, share")
    yield wrong_value(path, "5%", "'5%' is given, and a map of settings", "KEY")
    yield wrong_value(path, "[300 days, 20 days]", "a map of settings", "KEY")


def refurbishment() -> Iterator[FileSlip]:
    path = "refurbishment.workshops"
    for wrong, problem in (
        ("60k", "it has no period"),
        ("3 kt/month", "it is in kg/day"),
        ("60 containers/month", "it is in containers/day"),
        ("-60k/month", "less than"),
        ("60k/moth", "unknown period 'moth'"),
        ("80%", "it is a share"),
    ):
        yield wrong_value(f"{path}.rate", wrong, problem, "", "month" if "moth" in wrong else "")
    for wrong, problem in (
        ("80", "80% is 0.8"),
        ("120%", "'120%' is more than a share"),
        ("-1%", "'-1%' is less"),
        ("60k", "more than a share"),
        ("80 shells", "it is in shells"),
        ("high", "'high' is not a share"),
        ("{low: 90%, mode: 80%, high: 95%}", "not in order"),
    ):
        yield wrong_value(f"{path}.yield", wrong, problem)
    yield wrong_value_at_key(
        f"{path}.yield", "{152mm: 80%}", "the yield of 122mm is missing", "each munition"
    )
    yield wrong_value_at_key(
        f"{path}.yield", "{152mm: 80%, 125mm: 80%}", "unknown key '125mm'", "152mm", "152mm", sub="125mm"
    )
    for key, wrong in (("rate", "rates"), ("yield", "yeild")):
        yield missing_key(f"{path}.{key}")
        yield misspelt_key(f"{path}.{key}", wrong, key, "at, rate, yield")
    yield combined_slip(
        "a rate of a workshop by munition, which is a total",
        [set_edit(f"{path}.rate", "{152mm: 40k/month, 122mm: 20k/month}")],
        ExpectedMessage(f"{path}.rate", "one number for all", "shells a period"),
    )
    yield unknown_key(f"{path}.lead_time", "3 days", "", "at, rate, yield")
    yield wrong_value("refurbishment", "60k/month", "'60k/month' is given, and a map is expected", "NAME")
    yield wrong_value(path, "60k/month", "a map of settings", "KEY")


def production_slips() -> Iterator[FileSlip]:
    """Yield all slips of this module."""
    for maker in (depot_names, rates, courses, outages, refurbishment):
        yield from maker()
