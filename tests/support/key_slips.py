"""Slips at each key of a file: misspelt, removed, of a wrong type, out of order, out of range."""

from __future__ import annotations

from collections.abc import Iterator

from tests.support.invalid_files import (
    BASE,
    DATES,
    ENTRIES,
    NAMES,
    REQUIRED,
    TEXTS,
    InvalidFile,
    KeyEntry,
    base_text,
    entry,
    expect_message,
    splice_base,
    with_value,
)


def misspelt() -> Iterator[InvalidFile]:
    for of in ENTRIES:
        if of.key in NAMES:
            continue
        wrong = of.key + of.key[-1]
        text = splice_base(of.key_at, of.key_at + len(of.key), wrong)
        parent = of.path if of.key == "value" else of.parent
        message = expect_message(
            text, of.key_at, base_text(parent, wrong), repr(wrong), f"did you mean {of.key!r}?"
        )
        yield InvalidFile(f"{of.path}: {of.key} misspelt", text.encode(), (message,))


def removed() -> Iterator[InvalidFile]:
    """Yield files without a required key; its map still has another key."""
    for of in ENTRIES:
        start = BASE.rfind("\n", 0, of.key_at) + 1
        alone = of.path in {"depots.tikhoretsk.stock", "production.russia.rate"}
        if of.key not in REQUIRED or alone:
            continue
        text = splice_base(start, of.end + 1, "")
        if of.parent.endswith((".0", ".1")):
            at = text.index("by: sea" if of.parent.endswith(".0") else "by: rail")
        elif of.parent:
            at = text.index(of.parent.rpartition(".")[2] + ":")
        else:
            at = text.index("title:") if of.key == "schema" else text.index("schema:")
        yield InvalidFile(
            f"{of.path} removed",
            text.encode(),
            (expect_message(text, at, of.path, repr(of.key), "required"),),
        )
    for path, key in [("depots.tikhoretsk", "stock"), ("production.russia", "rate")]:
        of = entry(f"{path}.{key}")
        header = BASE.index(path.rpartition(".")[2] + ":")
        line_end = BASE.index("\n", header)
        text = splice_base(line_end, of.end, "")
        yield InvalidFile(
            f"{of.path} removed, and nothing left",
            text.encode(),
            (expect_message(text, header, path, "nothing is given", "map"),),
        )
        text = splice_base(line_end, of.end, " {}")
        yield InvalidFile(
            f"{of.path} removed from braces",
            text.encode(),
            (expect_message(text, header, of.path, repr(key), "required"),),
        )
    yield from _removed_from_distributions()


def _removed_from_distributions() -> Iterator[InvalidFile]:
    for of in ENTRIES:
        if of.key in {"low", "high"}:
            whole = entry(of.parent)
            text = splice_base(of.key_at, of.end, "").replace(", }", "}")
            left = "mode, high" if of.key == "low" else "low, mode"
            message = expect_message(text, whole.value_at, of.parent, left, "make no number")
            yield InvalidFile(f"{of.path} removed", text.encode(), (message,))
        if of.key == "value":
            whole = next(each for each in ENTRIES if each.path == of.path)
            text = splice_base(of.key_at, of.end, "")
            yield InvalidFile(
                f"{of.path}.value removed",
                text.encode(),
                (expect_message(text, whole.value_at, of.path, "make no number"),),
            )


def wrong_types() -> Iterator[InvalidFile]:
    for of in ENTRIES:
        if of.key in {"schema", *TEXTS, *DATES, "vehicles"}:
            for value in ("[1, 2]", "{a: 1}"):
                if of.key != "note":
                    yield with_value(of, f"is {value}", value, "one value is expected")
        elif of.holds_more:
            yield with_value(of, "is a word", "banana", "'banana'", "list" if of.key == "route" else "map")
            if of.key != "route":
                yield with_value(of, "is a list", "[1, 2]", "map")
        elif of.key == "source":
            yield with_value(of, "is no link", "ftp://a.org", "'ftp://a.org'", "is not a link")
            yield with_value(of, "is unknown", "nobody-said-so", "'nobody-said-so'", "unknown source")
        else:
            yield with_value(
                of, "is a list", "[1, 2]", "one number" if of.key in {"low", "mode", "high"} else "list"
            )
            yield with_value(of, "is a word", "banana", "'banana'")


#: Values that are never numbers, and a word of the expected message.
NEVER_NUMBERS = {
    "not a number": (".nan", "finite"),
    "infinite": (".inf", "finite"),
    "grouped with commas": ("'1,000'", "1,000"),
    "grouped with lines": ("1_000", "1_000"),
    "with a zero before": ("010", "010"),
    "sexagesimal": ("1:30", "1:30"),
    "octal": ("0o7", "0o7"),
    "no": ("no", "'no'"),
    "a bad unit": ("5 parsecs", "parsecs"),
    "5,000 digits": ("7" * 5000, "77777"),
    "in Arabic digits": ("\u0663\u0664 days", "\u0663\u0664 days"),
    "empty": ("''", "missing"),
    "null": ("null", "null removes"),
    "huge": ("1e400 days", "1e400"),
    "tiny": ("1e-999 days", "1e-999"),
}


def numbers() -> Iterator[InvalidFile]:
    """Yield files with a non-number or a negative number in place of each number."""
    kinds = list(NEVER_NUMBERS.items())
    wanted = [of for of in ENTRIES if _is_number(of)]
    for position, of in enumerate(wanted):
        for step in range(2):
            name, (value, word) = kinds[(position * 2 + step) % len(kinds)]
            yield with_value(of, name, value, word)
        yield with_value(of, "negative", "-" + of.value, "-" + of.value)
    for name, (value, word) in kinds:
        yield with_value(entry("shipments.dprk.first"), name, value, word)


def _is_number(of: KeyEntry) -> bool:
    known = {"low", "mode", "high", "value", "capacity", "load", "unload", "daily_variation"}
    return of.key in known and not of.value.startswith("{")


def shares() -> Iterator[InvalidFile]:
    for path in ("low", "mode", "high"):
        of = entry(f"shipments.dprk.serviceable.{path}")
        yield with_value(of, "is 80", "80", "'80'", "80% is 0.8")
        yield with_value(of, "is 180%", "180%", "'180%'")


def units() -> Iterator[InvalidFile]:
    """Yield numbers with a unit of another dimension, or without a required unit."""
    for path, value, word in [
        ("depots.tikhoretsk.stock", "4M/year", "has a period"),
        ("depots.tikhoretsk.stock", "80%", "share"),
        ("production.russia.rate", "2.5M", "no period"),
        ("production.russia.rate", "2.5M shells", "no period"),
        ("production.russia.rate", "12 h", "a duration"),
        ("production.russia.rate", "2.5M/yr", "'yr'"),
        ("production.russia.rate", "2.5M/year/year", "2.5M/year/year"),
        ("production.russia.rate", "1000 containers/month", "containers/day"),
        ("shipments.dprk.shells_per_container", "300 containers", "containers"),
        ("shipments.dprk.shells_per_container", "0", "more than zero"),
        ("shipments.dprk.serviceable", "70 days", "a duration"),
        ("shipments.dprk.first", "300", "no unit"),
        ("shipments.dprk.first", "2023-13-01", "2023-13-01"),
        ("shipments.dprk.route.0.capacity", "300 kg", "kg"),
        ("shipments.dprk.route.0.capacity", "300 containers/day", "has a period"),
        ("shipments.dprk.route.0.load", "9", "no unit"),
        ("shipments.dprk.route.0.travel", "1 dya", "did you mean 'day'?"),
        ("shipments.dprk.route.0.travel", "5%", "share"),
        ("shipments.dprk.route.1.unload", "1 shell", "shells"),
        ("consumption.front.rate", "60k", "no period"),
        ("consumption.front.rate", "60k/dya", "did you mean 'day'?"),
        ("consumption.front.rate", "60k/day extra", "60k/day extra"),
        ("consumption.front.daily_variation", "20 days", "days"),
    ]:
        yield with_value(entry(path), f"is {value}", value, word)


def orders() -> Iterator[InvalidFile]:
    """Yield distributions with swapped bounds or mixed units, reported at their map."""
    for of in ENTRIES:
        if not of.value.startswith("{low"):
            continue
        inner = {each.key: each for each in ENTRIES if each.parent == of.path}
        low, high = inner["low"], inner["high"]
        text = (
            BASE[: low.value_at]
            + high.value
            + BASE[low.value_end : high.value_at]
            + low.value
            + BASE[high.value_end :]
        )
        message = expect_message(text, of.value_at, of.path, "not in order")
        yield InvalidFile(f"{of.path}: swapped bounds", text.encode(), (message,))
    dates = entry("shipments.dprk.first")
    yield with_value(dates, "two units", "{low: 2023-09-01, high: 90 days}", "differ in unit")
    yield with_value(
        dates, "a lognormal date", "{median: 2023-09-01, p95: 2023-10-01}", "no distribution of dates"
    )
    stock = entry("depots.tikhoretsk.stock")
    for value, word in [
        ("{low: 3M}", "low make no number"),
        ("{}", "missing"),
        ("{low: 3M, high: 7M, sd: 1M}", "make no number"),
        ("{choices: []}", "nothing to choose"),
        ("{choices: {3M: 0, 4M: 0}}", "add up to nothing"),
        ("{mean: 0, cv: 0.2}", "more than zero"),
        ("{median: 5M, p95: 4M}", "not in order"),
        ("{exponential: 0}", "more than zero"),
    ]:
        at = {"{choices: []}": len("{choices: "), "{choices: {3M: 0, 4M: 0}}": len("{choices: ")}.get(
            value, 0
        )
        made = with_value(stock, f"is {value}", value, word)
        message = made.messages[0]
        message = message._replace(column=message.column + at, path=message.path + ".choices" * bool(at))
        yield InvalidFile(made.name, made.data, (message,))


def dates() -> Iterator[InvalidFile]:
    for key in sorted(DATES):
        for value in (
            "2026-02-30",
            "2023-9-1",
            "20230901",
            "'2023'",
            "2023-09-01T00:00:00",
            "1 May",
            "1492-10-12",
            "2e3",
            "null",
        ):
            yield with_value(entry(key), f"is {value}", value, value.strip("'"))
    yield with_value(entry("end"), "before start", "2022-09-01", "not after the start")
    yield with_value(entry("end"), "is start", "2023-09-01", "not after the start")
    yield with_value(entry("end"), "two centuries off", "2199-09-01", "days")


def names() -> Iterator[InvalidFile]:
    for section, name in [
        ("depots", "tikhoretsk"),
        ("production", "russia"),
        ("shipments", "dprk"),
        ("consumption", "front"),
    ]:
        of = entry(f"{section}.{name}")
        for wrong, word in [
            ("a/b", "a/b"),
            ("..", ".."),
            ('"a\\nb"', r"a\nb"),
            ('"<b>x</b>"', "<b>x</b>"),
            ('"=1+1"', "=1+1"),
            ("a.b", "a.b"),
            ("'a b'", "a b"),
            ("'\u0444\u0440\u043e\u043d\u0442'", "\u0444\u0440\u043e\u043d\u0442"),
            ("''", "''"),
            ("n" * 81, "nnnnnnnn"),
        ]:
            text = splice_base(of.key_at, of.key_at + len(name), wrong)
            yield InvalidFile(
                f"{section} named {wrong[:9]}",
                text.encode(),
                (expect_message(text, of.key_at, section, word, "not a name"),),
            )
        text = splice_base(of.key_at, of.key_at + len(name), "median")
        message = expect_message(text, of.key_at, f"{section}.median", "'median'")
        yield InvalidFile(f"{section} named median", text.encode(), (message,))
    for section, name in [("production", "russia"), ("shipments", "dprk")]:
        of = entry(f"{section}.{name}")
        text = splice_base(of.key_at, of.key_at + len(name), "initial")
        message = expect_message(text, of.key_at, f"{section}.initial", "'initial'")
        yield InvalidFile(f"{section} named initial", text.encode(), (message,))
    of = entry("shipments.dprk")
    text = splice_base(of.key_at, of.key_at + 4, "russia")
    yield InvalidFile(
        "a supplier named as a line",
        text.encode(),
        (expect_message(text, of.key_at, "shipments.russia", "'russia'"),),
    )


def slips() -> Iterator[InvalidFile]:
    """Yield all slips of this module."""
    for maker in (misspelt, removed, wrong_types, numbers, shares, units, orders, dates, names):
        yield from maker()
