"""Slips at the top level of `two-calibres.yaml`, and in its munitions and depots."""

from __future__ import annotations

from collections.abc import Iterator

from tests.support.calibre_slips import (
    ExpectedMessage,
    FileSlip,
    combined_slip,
    drop_edit,
    extra_key,
    missing_key,
    misspelt_key,
    rename_edit,
    set_edit,
    unknown_key,
    wrong_value,
)

#: Paths that refer to the smaller calibre.
OF_122MM = (
    "depots.arsenals.stock.122mm",
    "depots.arsenals.unserviceable.122mm",
    "depots.front.stock.122mm",
    "production.factories.rate.122mm",
    "shipments.dprk.mix.122mm",
    "shipments.dprk.shells_per_container.122mm",
    "consumption.guns.rate.122mm",
)
#: Paths that refer to the rear depot.
AT_ARSENALS = (
    "production.factories.to",
    "refurbishment.workshops.at",
    "shipments.dprk.to",
    "transfers.railhead.from",
    "events.depot-fire.at",
    "events.accidents.at",
)


def top() -> Iterator[FileSlip]:
    yield wrong_value("schema", "1.0", "'1.0' is not known", "1")
    yield wrong_value("schema", "one", "'one' is not known", "1")
    yield missing_key("schema")
    for key in ("start", "end"):
        yield wrong_value(key, "01.01.2025", "'01.01.2025' is not a date", "2023-09-01", "2025-01-01")
        yield wrong_value(key, "2025/01/01", "'2025/01/01' is not a date", "2023-09-01", "2025-01-01")
        yield wrong_value(key, "2025-06-31", "'2025-06-31' is not in the calendar", "2023-09-01")
        yield wrong_value(key, "2025", "'2025' is not a date", "2023-09-01")
        yield wrong_value(key, "January 2025", "'January 2025' is not a date", "2023-09-01")
        yield missing_key(key)
    yield wrong_value("end", "2 years", "'2 years' is not a date", "2023-09-01")
    yield wrong_value("end", "2023-01-01", "not after the start", "after 2024-01-01")
    yield wrong_value("end", "2024-01-01", "not after the start", "after 2024-01-01")
    yield wrong_value("end", "2126-01-01", "the run has 37,255 days", "36,600")
    yield wrong_value("end", "20226-01-01", "'20226-01-01' is not a date", "2023-09-01")
    yield combined_slip(
        "a start after the end",
        [set_edit("start", "2026-06-01")],
        ExpectedMessage("end", "not after the start", "after 2026-06-01"),
    )
    yield wrong_value("title", "[Two, calibres]", "one value is expected")
    yield wrong_value("title", "''", "not a line of text", "200 characters")
    yield extra_key("note", "{text: a story}", "one value is expected")
    yield extra_key("thresholds", "30", "a list is expected", "items")
    yield extra_key("thresholds", "30, 15, 7", "a list is expected", "items")
    yield extra_key("thresholds", "{low: 7, high: 30}", "a list is expected", "items")
    yield extra_key("thresholds", "[30, 30]", "twice", "different")
    for wrong in ("7 days", "0", "-7", "7%", "week"):
        problem = f"{wrong!r} is not a number of days of supply"
        yield extra_key("thresholds", f"[30, {wrong}]", problem, "above 0", sub="1")
    yield unknown_key("seed", "1")
    yield unknown_key("runs", "1000")
    yield unknown_key("munition", "{}", "munitions")
    yield unknown_key("event", "{}", "events")
    yield unknown_key("Consumption", "{}", "consumption")
    for section, wrong in (
        ("munitions", "munition"),
        ("refurbishment", "refurbishments"),
        ("production", "productions"),
        ("shipments", "shipment"),
        ("transfers", "transfer"),
        ("consumption", "consumtion"),
        ("events", "event"),
    ):
        yield misspelt_key(section, wrong, section, "depots")
    yield misspelt_key("depots", "depot", "depots", "munitions")
    yield missing_key("depots")


def munitions() -> Iterator[FileSlip]:
    mass = "munitions.152mm.gross_mass"
    for wrong, problem, near in (
        ("77", "'77' is not a mass: it has no unit", ""),
        ("77 g", "unknown unit 'g'", "kg"),
        ("77kgs", "unknown unit 'kgs'", "kg"),
        ("77 shells", "it is in shells", ""),
        ("77 days", "it is a duration", ""),
        ("0 kg", "more than zero", ""),
        ("-77 kg", "'-77 kg' is less than", ""),
        ("heavy", "'heavy' is not a mass", ""),
        ("[77 kg]", "a list is not a mass", ""),
        ("{low: 90 kg, mode: 77 kg, high: 95 kg}", "not in order", ""),
        ("{152mm: 77 kg}", "not given by munition", ""),
    ):
        yield wrong_value(mass, wrong, problem, "high" if "in order" in problem else "kg", near)
    yield wrong_value(mass, "77 kg/round", "unknown period 'round'", "/day")
    yield misspelt_key(mass, "mass", "", "gross_mass")
    yield misspelt_key(mass, "gross_weight", "", "gross_mass")
    yield misspelt_key(mass, "gross-mass", "gross_mass", "gross_mass")
    yield unknown_key("munitions.122mm.calibre", "122", "", "gross_mass")
    yield wrong_value("munitions", "[152mm, 122mm]", "a map is expected", "NAME")
    yield wrong_value("munitions", "152mm", "'152mm' is given, and a map is expected", "NAME")
    yield wrong_value("munitions.152mm", "77 kg", "'77 kg' is given, and a map of settings", "KEY")
    yield wrong_value("munitions.122mm", "[52 kg]", "a map of settings", "KEY")
    yield combined_slip(
        "a munition taken out that seven numbers name",
        [drop_edit("munitions.122mm")],
        *(ExpectedMessage(path, "unknown key '122mm'", "152mm", "152mm", on_key=True) for path in OF_122MM),
    )
    yield combined_slip(
        "a munition of another name",
        [rename_edit("munitions.122mm", "120mm")],
        *(
            ExpectedMessage(path, "unknown key '122mm'", "152mm, 120mm", "152mm", on_key=True)
            for path in OF_122MM
        ),
    )
    yield combined_slip(
        "a munition with a space in its name",
        [rename_edit("munitions.122mm", "122 mm")],
        ExpectedMessage(
            "munitions.122 mm", "'122 mm' is not a name", "letters", on_key=True, path="munitions"
        ),
        *(
            ExpectedMessage(path, "unknown key '122mm'", "152mm, 122 mm", "122 mm", on_key=True)
            for path in OF_122MM
        ),
    )


def depots() -> Iterator[FileSlip]:
    stock, shells = "depots.arsenals.stock", "shells, tonnes or days"
    yield wrong_value(stock, "3.5M", "of several munitions is said for each", "152mm: ...")
    yield wrong_value(stock, "{low: 3M, high: 4M}", "of several munitions is said for each", "152mm: ...")
    yield wrong_value(stock, "[2M, 1.5M]", "a list is not a stock", shells)
    yield wrong_value(stock, "{}", "a stock is missing", shells)
    for wrong, problem, near in (
        ("2M/year", "it has a period", ""),
        ("80%", "it is a share", ""),
        ("300 containers", "it is in containers", ""),
        ("-2M", "'-2M' is less than", ""),
        ("2 million", "unknown unit 'million'", "M"),
        ("2m", "unknown unit 'm'", "M, min or month"),
        ("2 mln", "unknown unit 'mln'", "M"),
        ("2M shels", "unknown unit 'shels'", "shell"),
        ("2 tonnes", "unknown unit 'tonnes'", "t"),
        ("2.000.000", "digits are not grouped", "2000000"),
        ("2_000_000", "digits are not grouped", "2000000"),
        ("2 000 000", "digits are not grouped", "2000000"),
        ("1.5M-2M", "'1.5M-2M' is not a stock", "{low: 1.5M, high: 2M}"),
        ("1.5M to 2M", "'1.5M to 2M' is not a stock", "{low: 1.5M, high: 2M}"),
        ("~2M", "'~2M' is not a stock", ""),
        ("about 2M", "'about 2M' is not a stock", ""),
        ("two million", "'two million' is not a stock", ""),
        ("2e20", "too large", ""),
        ("plenty", "'plenty' is not a stock", ""),
        ("[2M]", "a list is not a stock", ""),
        ("[1M, 2M]", "a list is not a stock", ""),
    ):
        yield wrong_value(f"{stock}.152mm", wrong, problem, "", near)
    for wrong, problem, sub in (
        ("{low: 1M}", "low make no number", ""),
        ("{low: 3M, high: 1M}", "low is above high", ""),
        ("{low: 1M, mode: 4M, high: 3M}", "not in order", ""),
        ("{low: 1M, high: 30 kt}", "differ in unit", ""),
        ("{mean: 2M}", "mean make no number", ""),
        ("{mean: 2M, sd: -1k}", "'-1k' is less than", "sd"),
        ("{mean: 2M, std: 10k}", "unknown key 'std'", "std"),
        ("{mean: 2M, cv: 10k shells}", "it is in shells", "cv"),
        ("{median: 2M, p95: 1M}", "not in order", ""),
        ("{median: 2M, p90: 3M}", "unknown key 'p90'", "p90"),
        ("{choices: [1M, many]}", "'many' is not a stock", "choices.1"),
        ("{choices: 2M}", "nothing to choose", "choices"),
        ("{choices: {1M: -1, 2M: 2}}", "'-1' is less than", "choices.1M"),
        ("{low: 1M, high: 2M, note: [a]}", "a note is text", "note"),
        ("{low: 1M, high: 2M, source: {a: b}}", "unknown key 'a'", "source.a"),
        ("{value: 2M, low: 1M}", "unknown key 'low'", "low"),
        ("{value: [2M], note: two}", "a list is not a stock", "value"),
        ("{value: null, note: two}", "null removes", "value"),
        ("{by_date: {2024-01-01: 2M}}", "does not change over time", "by_date"),
    ):
        on_key = "unknown key" in problem or "over time" in problem
        near = {"std": "sd", "p90": "p95"}.get(sub, "")
        at = f"{stock}.152mm" + (f".{sub}" if sub else "")
        path = f"{stock}.152mm" if sub == "by_date" else None
        message = ExpectedMessage(at, problem, "", near, on_key=on_key, path=path)
        yield combined_slip(f"{stock}.152mm: {wrong}", [set_edit(f"{stock}.152mm", wrong)], message)
    yield combined_slip(
        "bounds under other names",
        [set_edit(f"{stock}.152mm", "{min: 1M, max: 3M}")],
        ExpectedMessage(f"{stock}.152mm.min", "unknown key 'min'", "{low, high}", "low", on_key=True),
        ExpectedMessage(f"{stock}.152mm.max", "unknown key 'max'", "{low, high}", "high", on_key=True),
    )
    yield misspelt_key(f"{stock}.152mm", "155mm", "152mm", "152mm, 122mm")
    yield misspelt_key(f"{stock}.152mm", "152 mm", "152mm", "152mm, 122mm")
    yield misspelt_key(f"{stock}.122mm", "122", "122mm", "152mm, 122mm")
    yield misspelt_key(f"{stock}.122mm", "shells", "", "152mm, 122mm")
    yield unknown_key(f"{stock}.130mm", "20k", "152mm", "152mm, 122mm")
    yield wrong_value(f"{stock}.152mm", "60 days", "needs a consumer", "shells")
    yield combined_slip(
        "a stock in days of supply where nobody fires",
        [set_edit(stock, "60 days")],
        ExpectedMessage(stock, "needs a consumer", "shells"),
    )
    yield combined_slip(
        "tonnes of a munition that has no mass",
        [
            drop_edit("munitions.122mm.gross_mass"),
            set_edit("munitions.122mm", "{}"),
            set_edit(f"{stock}.122mm", "80 kt"),
        ],
        ExpectedMessage(
            f"{stock}.122mm", "tonnes of 122mm need its gross_mass", "munitions.122mm.gross_mass"
        ),
    )
    yield missing_key(stock)
    yield missing_key("depots.front.stock")
    yield misspelt_key(stock, "stocks", "stock", "stock, unserviceable, capacity")
    yield misspelt_key("depots.front.capacity", "capacty", "capacity", "stock, unserviceable, capacity")
    yield misspelt_key("depots.arsenals.unserviceable", "unservicable", "unserviceable", "stock")
    yield unknown_key("depots.front.location", "Tokmak", "", "stock, unserviceable, capacity")
    capacity = "depots.front.capacity"
    for wrong, problem in (
        ("300k", "the stock at the start, 350,000, exceeds its capacity"),
        ("0", "exceeds its capacity"),
        ("-1", "'-1' is less than"),
        ("1.2M/day", "it has a period"),
        ("1.2M containers", "it is in containers"),
        ("60 days", "it is a duration"),
        ("80%", "it is a share"),
        ("100 kt", "it is in kg"),
        ("unlimited", "'unlimited' is not a number of shells"),
        ("[1.2M]", "a list is not"),
    ):
        yield wrong_value(
            capacity, wrong, problem, "stock at the start" if "exceeds" in problem else "shells"
        )
    yield wrong_value(capacity, "{low: 2M, mode: 1M, high: 3M}", "not in order", "low <= mode <= high")
    broken = "depots.arsenals.unserviceable"
    yield wrong_value(broken, "5M", "of several munitions is said for each", "152mm: ...")
    for wrong, problem in (
        ("30%", "it is a share"),
        ("60 days", "it is a duration"),
        ("-1k", "less than"),
        ("some", "'some' is not"),
        ("3M a year", "is not"),
    ):
        yield wrong_value(f"{broken}.152mm", wrong, problem, "shells or tonnes")
    yield misspelt_key(f"{broken}.152mm", "152m", "152mm", "152mm, 122mm")
    yield wrong_value(
        "depots.front", "1.2M", "'1.2M' is given, and a map of settings", "KEY", "{stock: 1.2M}"
    )
    yield wrong_value("depots.front", "[200k, 150k]", "a map of settings", "KEY")
    yield wrong_value("depots", "[arsenals, front]", "a map is expected", "NAME")
    yield wrong_value("depots", "{}", "nothing is listed", "at least one")
    yield combined_slip(
        "a depot of another name than six others use",
        [rename_edit("depots.arsenals", "arsenal")],
        *(
            ExpectedMessage(path, "unknown depot 'arsenals'", "arsenal, front", "arsenal")
            for path in AT_ARSENALS
        ),
    )
    yield combined_slip(
        "a depot taken out that is still supplied",
        [drop_edit("depots.front")],
        ExpectedMessage("transfers.railhead.to", "unknown depot 'front'", "arsenals"),
        ExpectedMessage("consumption.guns.at", "unknown depot 'front'", "arsenals"),
    )


def depots_slips() -> Iterator[FileSlip]:
    """Yield all slips of this module."""
    for maker in (top, munitions, depots):
        yield from maker()
