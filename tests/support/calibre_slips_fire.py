"""Slips in the consumers of `two-calibres.yaml`."""

from __future__ import annotations

from collections.abc import Iterator

from tests.support.calibre_slips import (
    ExpectedMessage,
    FileSlip,
    add_edit,
    combined_slip,
    missing_key,
    misspelt_key,
    unknown_key,
    wrong_value,
)

GUNS = "consumption.guns"
KEYS = "at, rate, daily_variation"


def consumption() -> Iterator[FileSlip]:
    yield wrong_value(f"{GUNS}.at", "frnot", "unknown depot 'frnot'", "arsenals, front", "front")
    yield wrong_value(f"{GUNS}.at", "Front", "unknown depot 'Front'", "arsenals, front", "front")
    yield wrong_value(f"{GUNS}.at", "Donbas", "unknown depot 'Donbas'", "arsenals, front")
    yield wrong_value(f"{GUNS}.at", "[front]", "one value is expected")
    yield missing_key(f"{GUNS}.at", "required with several depots", "arsenals, front")
    for wrong, problem, near in (
        ("9k", "it has no period", ""),
        ("9k shells", "it has no period", ""),
        ("9k/dya", "unknown period 'dya'", "day"),
        ("9k/d", "unknown period 'd'", "day"),
        ("9K/day", "unknown unit 'K'", "k"),
        ("9k per day", "'9k per day' is not a rate", ""),
        ("9k a day", "'9k a day' is not a rate", ""),
        ("9 thousand/day", "unknown unit 'thousand'", "k"),
        ("-9k/day", "less than a rate", ""),
        ("30 containers/day", "it is in containers/day", ""),
        ("50%", "it is a share", ""),
        ("60 days", "it is a duration", ""),
        ("intense", "'intense' is not a rate", ""),
        ("[9k/day]", "a list is not a rate", ""),
        ("{low: 9k/day}", "low make", ""),
        ("{low: 12k/day, high: 9k/day}", "low is above high", ""),
        ("{low: 9k/day, high: 1 kt/day}", "differ in unit", ""),
        ("{median: 9k/day, p95: 8k/day}", "not in order", ""),
        ("{mean: 0/day, cv: 20%}", "more than zero", ""),
    ):
        yield wrong_value(f"{GUNS}.rate.152mm", wrong, problem, "", near)
    yield wrong_value(f"{GUNS}.rate", "14k/day", "of several munitions is said for each", "152mm: ...")
    yield misspelt_key(f"{GUNS}.rate.122mm", "122mmm", "122mm", "152mm, 122mm")
    yield unknown_key(f"{GUNS}.rate.203mm", "100/day", "152mm", "152mm, 122mm")
    yield missing_key(f"{GUNS}.rate")
    yield misspelt_key(f"{GUNS}.rate", "rat", "rate", KEYS)
    for wrong, problem in (
        ("-25%", "less than"),
        ("25%/day", "a share has no period"),
        ("2k/day", "it has a period"),
        ("25 days", "it is a duration"),
        ("some", "'some' is not"),
        ("[25%]", "a list is not"),
    ):
        yield wrong_value(f"{GUNS}.daily_variation", wrong, problem)
    yield misspelt_key(f"{GUNS}.daily_variation", "variation", "daily_variation", KEYS)
    yield unknown_key(f"{GUNS}.depot", "front", "at", KEYS)
    # `guns` is a key of a consumer, too.
    yield wrong_value(GUNS, "14k/day", "a map of settings", "KEY", "front: {guns: 14k/day}")
    yield wrong_value("consumption", "[guns]", "a map is expected", "NAME")


def rationing() -> Iterator[FileSlip]:
    path = f"{GUNS}.rationing"
    for wrong, near in (
        ("proportionel", "proportional"),
        ("Controlled", "controlled"),
        ("half", ""),
        ("yes", ""),
    ):
        yield wrong_value(f"{path}.rule", wrong, f"{wrong!r} is not known here", "none, proportional", near)
    yield wrong_value(f"{path}.rule", "[controlled]", "one value is expected")
    for wrong, problem in (
        ("15", "it has no unit"),
        ("15 dasy", "unknown unit 'dasy'"),
        ("15%", "it is a share"),
        ("15k shells", "it is in shells"),
        ("-15 days", "less than a duration"),
        ("{152mm: 15 days, 122mm: 9 days}", "not given by munition"),
    ):
        yield wrong_value(f"{path}.cover", wrong, problem, "", "day" if "dasy" in wrong else "")
    yield missing_key(f"{path}.cover", "needs a cover", "30 days").named(path)
    yield missing_key(f"{path}.rule")
    yield misspelt_key(f"{path}.cover", "covers", "cover", "rule, cover").named(f"{path}.covers")
    yield misspelt_key(f"{path}.rule", "rules", "rule", "rule, cover")
    yield unknown_key(f"{path}.share", "50%", "", "rule, cover")
    yield wrong_value(path, "proportional", "'proportional' is given, and a map of settings", "KEY")
    yield wrong_value(path, "[proportional, 15 days]", "a map of settings", "KEY")
    yield misspelt_key(path, "ration", "rationing", KEYS)


def barrels() -> Iterator[FileSlip]:
    def gunned(
        key: str, new: str, problem: str, allowed: str = "", near: str = "", sub: str = ""
    ) -> FileSlip:
        right = {
            "guns": "2000",
            "rounds_per_gun": "60",
            "barrels": "{stock: 2500}",
            "barrel_life": "2k rounds",
        }
        edits = [add_edit(f"{GUNS}.{name}", new if name == key else given) for name, given in right.items()]
        at = f"{GUNS}.{key}" + (f".{sub}" if sub else "")
        return combined_slip(f"{GUNS}.{key} added: {new}", edits, ExpectedMessage(at, problem, allowed, near))

    for key, needs, given in (
        ("guns", "rounds_per_gun", "2000"),
        ("rounds_per_gun", "guns", "60"),
        ("barrel_life", "barrels", "2000"),
    ):
        yield combined_slip(
            f"{key} without {needs}",
            [add_edit(f"{GUNS}.{key}", given)],
            ExpectedMessage(f"{GUNS}.{key}", f"{key} needs {needs}", needs, on_key=True),
        )
    yield combined_slip(
        "barrels without a life, and without guns",
        [add_edit(f"{GUNS}.barrels", "{stock: 2500}")],
        ExpectedMessage(f"{GUNS}.barrels", "barrels needs guns", "guns", on_key=True),
        ExpectedMessage(f"{GUNS}.barrels", "barrels needs barrel_life", "barrel_life", on_key=True),
    )
    yield gunned("guns", "2000 guns", "unknown unit 'guns'")
    yield gunned("guns", "2k/day", "it has a period", "a plain number")
    yield gunned("guns", "-2000", "less than", "a plain number")
    yield gunned("guns", "80%", "it is a share", "a plain number")
    yield gunned("guns", "many", "'many' is not a number", "a plain number")
    yield gunned("guns", "[2000]", "a list is not a number", "a plain number")
    yield gunned("rounds_per_gun", "60/day", "it has a period", "rounds")
    yield gunned("rounds_per_gun", "0", "more than zero", "rounds")
    yield gunned("rounds_per_gun", "60 containers", "it is in containers", "rounds")
    yield gunned("barrels", "2500", "'2500' is given, and a map of settings", "KEY")
    yield gunned("barrels", "{stock: 2500 barrels}", "unknown unit 'barrels'", sub="stock")
    yield gunned("barrels", "{stock: 2500, production: 20}", "it has no period", "20/month", sub="production")
    yield gunned(
        "barrels", "{stock: 2500, production: 20 kg/month}", "it is in kg/day", "20/month", sub="production"
    )
    yield gunned("barrel_life", "2 years", "it is a duration", "rounds")
    yield gunned("barrel_life", "0", "more than zero", "rounds")
    yield gunned("barrel_life", "2000 rouns", "unknown unit 'rouns'", near="round")
    yield unknown_key(f"{GUNS}.gun", "2000", "guns", KEYS)
    yield unknown_key(f"{GUNS}.barrel-life", "2000", "barrel_life", KEYS)


def fire_slips() -> Iterator[FileSlip]:
    """Yield all slips of this module."""
    for maker in (consumption, rationing, barrels):
        yield from maker()
