"""Slips in the shipments and transfers of `two-calibres.yaml`."""

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
    set_edit,
    unknown_key,
    wrong_value,
    wrong_value_at_key,
)

SHELLS_A_PERIOD = "shells or tonnes a period"
DURATIONS = "a number of s, min, h, days"
SHARES = "a share from 0 to 1"


def shipments() -> Iterator[FileSlip]:
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
        yield wrong_value(f"{path}.offered", wrong, problem, "", near)
    yield missing_key(f"{path}.offered", "somebody must say how much comes", "offered, or deliveries")
    yield misspelt_key(f"{path}.offered", "offer", "offered", "to, first, until")
    yield combined_slip(
        "an offer and deliveries",
        [add_edit(f"{path}.deliveries", "{2024-05-01: 300 containers}")],
        ExpectedMessage(
            f"{path}.deliveries", "offered and deliveries exclude each other", "one of the two", on_key=True
        ),
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
        yield combined_slip(
            f"deliveries of {wrong}",
            [drop_edit(f"{path}.offered"), add_edit(f"{path}.deliveries", wrong)],
            ExpectedMessage(at, problem),
        )
    for wrong, near in (("May 2024", "2024-05-01"), ("2024-05-32", ""), ("1", "")):
        yield combined_slip(
            f"a delivery on {wrong}",
            [drop_edit(f"{path}.offered"), add_edit(f"{path}.deliveries", f"{{{wrong}: 300 containers}}")],
            ExpectedMessage(f"{path}.deliveries.{wrong}", repr(wrong), "2023-09-01", near, on_key=True),
        )
    yield combined_slip(
        "deliveries in shells and in containers",
        [
            drop_edit(f"{path}.offered"),
            add_edit(f"{path}.deliveries", "{2024-05-01: 300 containers, 2024-06-01: 90k shells}"),
        ],
        ExpectedMessage(f"{path}.deliveries", "differ in unit", "one unit"),
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
        yield wrong_value(reserve, wrong, problem, sub=sub)
    yield wrong_value_at_key(reserve, "{production: 1M/year}", "'stock' is required").named(
        f"{reserve}.stock"
    )
    yield wrong_value_at_key(
        reserve,
        "{stock: 4M, produced: 1M/year}",
        "unknown key 'produced'",
        "stock, production",
        "production",
        sub="produced",
    )
    yield combined_slip(
        "a reserve by munition, which is a total",
        [set_edit(reserve, "{152mm: 4M, 122mm: 2M}")],
        ExpectedMessage(reserve, "one number for all", "shells"),
    )
    yield misspelt_key(reserve, "reserves", "reserve", "to, first, until")
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
        yield wrong_value(until, wrong, problem, "", "day" if "dys" in wrong else "")
    yield wrong_value(f"{until}.exponential", "900", "it has no unit", "a duration such as")
    yield wrong_value(f"{until}.exponential", "[900 days]", "exponential is one number", "a duration such as")
    yield wrong_value_at_key(
        until, "{exponental: 900 days}", "unknown key 'exponental'", "", "exponential", sub="exponental"
    )
    yield wrong_value(until, "{exponential: 900 days, high: 3 years}", "make no number", "{exponential}")
    yield combined_slip(
        "loading that begins after its end",
        [add_edit(f"{path}.first", "2025-01-01"), set_edit(until, "2024-06-01")],
        ExpectedMessage(until, "until is not after first", "a later date"),
    )
    yield extra_key(f"{path}.first", "60", "it has no unit", "a duration such as")
    yield extra_key(f"{path}.first", "2024-06-31", "not in the calendar", "a date such as")
    yield extra_key(f"{path}.first", "June", "'June' is not a date or a duration", "a date such as")
    lead = f"{path}.lead_time"
    for wrong, problem in (
        ("24", "it has no unit"),
        ("24 d", "unknown unit 'd'"),
        ("24 containers", "it is in containers"),
        ("{low: 40 days, mode: 24 days, high: 20 days}", "not in order"),
        ("{low: 20 days, mode: 24 days}", "low, mode make no number"),
    ):
        yield wrong_value(lead, wrong, problem, "", "24 days" if wrong == "24 d" else "")
    yield missing_key(lead, "offered without a route needs a lead_time", "lead_time: a duration")
    yield misspelt_key(lead, "leadtime", "lead_time", "to, first, until")
    yield extra_key(f"{path}.route", "by sea", "a list is expected", "items")
    yield extra_key(f"{path}.route", "[]", "nothing is listed", "at least one")
    yield unknown_key(f"{path}.donor", "Pyongyang", "", "to, first, until")
    yield wrong_value(
        path, "1000 containers/month", "a map of settings", "KEY", "{offered: 1000 containers/month}"
    )
    yield wrong_value("shipments", "[dprk]", "a map is expected", "NAME")


def cargo() -> Iterator[FileSlip]:
    path = "shipments.dprk"
    mix = f"{path}.mix"
    for wrong, total in (
        ("{152mm: 60%, 122mm: 50%}", "1.1"),
        ("{152mm: 60%, 122mm: 30%}", "0.9"),
        ("{152mm: 60%}", "0.6"),
        ("{152mm: 0, 122mm: 0}", "0"),
        ("{152mm: 0.6, 122mm: 0.04}", "0.64"),
    ):
        yield wrong_value(mix, wrong, f"the shares of the mix add up to {total}", "100 %")
    for wrong in ("60%", "[60%, 40%]", "{low: 50%, high: 60%}", "even"):
        yield wrong_value(mix, wrong, "a mix is a map of munitions", "a share for each munition")
    for wrong, problem in (
        ("60", "60% is 0.6"),
        ("160%", "more than a share"),
        ("-60%", "less than a share"),
        ("60 containers", "it is in containers"),
        ("most", "'most' is not a share"),
        ("[60%]", "a list is not a share"),
    ):
        yield wrong_value(f"{mix}.152mm", wrong, problem, SHARES)
    yield misspelt_key(f"{mix}.122mm", "122m", "122mm", "152mm, 122mm")
    yield wrong_value_at_key(
        mix,
        "{152mm: 60%, 122mm: 30%, 130mm: 10%}",
        "unknown key '130mm'",
        "152mm, 122mm",
        "152mm",
        sub="130mm",
    )
    yield missing_key(mix, "'mix' is required with several munitions", "a share for each")
    yield misspelt_key(mix, "mixed", "mix", "to, first, until")
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
        yield wrong_value(f"{load}.152mm", wrong, problem)
    yield missing_key(load, "'shells_per_container' is required", "300")
    yield misspelt_key(load, "shell_per_container", "shells_per_container", "to, first, until")
    yield wrong_value_at_key(
        load, "{152mm: 285}", "the shells in a container of 122mm are missing", "each munition of the mix"
    )
    yield wrong_value(load, "[285, 420]", "a list is not a load", "", "{low: 285, high: 420}")
    yield misspelt_key(f"{load}.152mm", "152", "152mm", "152mm, 122mm")
    state = f"{path}.serviceable"
    for wrong, problem in (
        ("70", "70% is 0.7"),
        ("170%", "more than a share"),
        ("{low: 50%, mode: 95%, high: 90%}", "not in order"),
        ("half", "'half' is not a share"),
        ("[50%, 90%]", "a list is not a share"),
    ):
        yield wrong_value(state, wrong, problem)
    yield wrong_value(f"{state}.high", "90", "90% is 0.9", SHARES)
    yield wrong_value(f"{state}.low", "5", "5% is 0.05", SHARES)
    yield wrong_value(f"{state}.high", "190%", "more than a share", SHARES)
    yield wrong_value(f"{state}.mode", "20%", "not in order", "low <= mode <= high").reported_at(state)
    yield wrong_value(state, "{mean: 70%, sd: 10 days}", "it is a duration", SHARES, sub="sd")
    yield misspelt_key(state, "servicable", "serviceable", "to, first, until")


def transfers() -> Iterator[FileSlip]:
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
        yield wrong_value(f"{path}.capacity", wrong, problem, "", "day" if "dya" in wrong else "")
    yield combined_slip(
        "a capacity of a railway by munition, which is a total",
        [set_edit(f"{path}.capacity", "{152mm: 15k/day, 122mm: 10k/day}")],
        ExpectedMessage(f"{path}.capacity", "one number for all", "shells a period"),
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
            yield wrong_value(f"{path}.{key}", wrong, problem, DURATIONS)
    yield wrong_value_at_key(
        f"{path}.keep",
        "{152mm: 30 days, 155mm: 9 days}",
        "unknown key '155mm'",
        "152mm",
        "152mm",
        sub="155mm",
    )
    for key, wrong, near in (
        ("capacity", "capacty", "capacity"),
        ("lead_time", "lead-time", "lead_time"),
        ("keep", "keeps", "keep"),
    ):
        yield misspelt_key(f"{path}.{key}", wrong, near, "from, to, capacity")
    yield unknown_key(f"{path}.by", "rail", "", "from, to, capacity")
    yield wrong_value(path, "25k/day", "a map of settings", "KEY")
    yield combined_slip(
        "a stock to keep where nobody fires",
        [set_edit(f"{path}.from", "front"), set_edit(f"{path}.to", "arsenals")],
        ExpectedMessage(f"{path}.keep", "keep needs a consumer", "add a consumer", on_key=True),
    )


def shipments_slips() -> Iterator[FileSlip]:
    """Yield all slips of this module."""
    for maker in (shipments, cargo, transfers):
        yield from maker()
