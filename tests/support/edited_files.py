"""Invalid files by one or two edits: additional keys, and contradictions."""

from __future__ import annotations

from collections.abc import Iterator

from tests.support.invalid_files import BASE, InvalidFile, expect_message

#: Name, replacements (old, new), and for each message: the text that it points at (the first after the
#: edit), its path, and words in it.
EDITS: list[tuple[str, list[tuple[str, str]], list[tuple[str, ...]]]] = [
    (
        "a line to an unknown depot",
        [("  russia:\n", "  russia:\n    to: tikhoresk\n")],
        [("tikhoresk\n", "production.russia.to", "'tikhoresk'", "did you mean 'tikhoretsk'?")],
    ),
    (
        "a supplier to an unknown depot",
        [("  dprk:\n", "  dprk:\n    to: moscow\n")],
        [("moscow", "shipments.dprk.to", "'moscow'", "tikhoretsk")],
    ),
    (
        "a consumer at an unknown depot",
        [("  front:\n", "  front:\n    at: moscow\n")],
        [("moscow", "consumption.front.at", "'moscow'", "tikhoretsk")],
    ),
    (
        "two depots, and nobody says which",
        [("depots:\n", "depots:\n  far: {stock: 1M}\n")],
        [
            ("russia:", "production.russia.to", "several depots"),
            ("dprk:", "shipments.dprk.to", "several depots"),
            ("front:", "consumption.front.at", "several depots"),
        ],
    ),
    (
        "a stock in days without a consumer",
        [
            ("{low: 3M, mode: 4M, high: 7M, source: stock-2023-10-kiviselg-4m}", "30 days"),
            ("consumption:", "x-old:"),
        ],
        [("30 days", "depots.tikhoretsk.stock", "needs a consumer")],
    ),
    (
        "a rule without a cover",
        [("  front:\n", "  front:\n    rationing: {rule: controlled}\n")],
        [("rationing", "consumption.front.rationing", "'controlled'", "cover")],
    ),
    (
        "an unknown rule",
        [("  front:\n", "  front:\n    rationing: {rule: contrled, cover: 5 days}\n")],
        [("contrled", "consumption.front.rationing.rule", "'contrled'", "did you mean 'controlled'?")],
    ),
    (
        "a threshold twice",
        [("end: 2025-09-01\n", "end: 2025-09-01\nthresholds: [30, 30.0]\n")],
        [("[30", "thresholds", "twice")],
    ),
    (
        "a threshold of nothing",
        [("end: 2025-09-01\n", "end: 2025-09-01\nthresholds: [30, 0]\n")],
        [("0]", "thresholds.1", "'0'")],
    ),
    (
        "a threshold that is no list",
        [("end: 2025-09-01\n", "end: 2025-09-01\nthresholds: 30\n")],
        [("30\n", "thresholds", "'30'", "list")],
    ),
    (
        "growth beside a course",
        [
            ("2.5M/year, source", "{by_date: {2024-01-01: 1M/year}}, source"),
            ("  russia:\n", "  russia:\n    growth: 3%\n"),
        ],
        [("growth", "production.russia.growth", "by_date")],
    ),
    (
        "a growth to less than nothing",
        [("  russia:\n", "  russia:\n    growth: -100%\n")],
        [("-100%", "production.russia.growth", "'-100%'")],
    ),
    (
        "a course where nothing changes",
        [("load: 1 day", "load: {by_date: {2024-01-01: 1 day}}")],
        [("by_date", "shipments.dprk.route.1.load", "does not change over time")],
    ),
    (
        "a course of a day that is none",
        [("2.5M/year, source", "{by_date: {2026-02-30: 1M/year, 2027-01-01: 5}}, source")],
        [
            ("2026-02-30", "production.russia.rate.by_date.2026-02-30", "'2026-02-30'"),
            ("5}", "production.russia.rate.by_date.2027-01-01", "'5'"),
        ],
    ),
    (
        "a course between nothing",
        [("2.5M/year, source", "{by_date: {2026-01-01: 1M/year}, between: linar}, source")],
        [("linar", "production.russia.rate.between", "'linar'", "did you mean 'linear'?")],
    ),
    (
        "until before first",
        [("  dprk:\n", "  dprk:\n    until: 2023-08-01\n")],
        [("2023-08-01", "shipments.dprk.until", "not after first")],
    ),
    (
        "no berths",
        [("vehicles: 2 ", "berths: 0 ")],
        [("0 ", "shipments.dprk.route.0.berths", "'0'")],
    ),
    (
        "nothing bounds the ships",
        [("vehicles: 2 ", "unloading_berths: 2 ")],
        [("by: sea", "shipments.dprk.route.0", "bounds")],
    ),
    (
        "half a ship",
        [("vehicles: 2 ", "vehicles: 1.5 ")],
        [("1.5", "shipments.dprk.route.0.vehicles", "'1.5'")],
    ),
    (
        "ships in Arabic digits",
        [("vehicles: 2 ", "vehicles: \u0662 ")],
        [("\u0662", "shipments.dprk.route.0.vehicles", "'\u0662'")],
    ),
    (
        "an unknown way to depart",
        [("vehicles: 2 ", "departs: fulll\n        vehicles: 2 ")],
        [("fulll", "shipments.dprk.route.0.departs", "'fulll'", "did you mean 'full'?")],
    ),
    (
        "shells after containers",
        [("capacity: 75 containers", "capacity: 20k shells")],
        [("route:", "shipments.dprk.route", "different units")],
    ),
    (
        "containers of nobody knows what",
        [("    shells_per_container: {low", "    x-per: {low")],
        [("dprk:", "shipments.dprk.shells_per_container", "required")],
    ),
    (
        "no legs",
        [("  dprk:\n", "  iran: {route: []}\n  dprk:\n")],
        [("[]", "shipments.iran.route", "nothing is listed")],
    ),
    ("no depots", [("depots:\n", "depots: {}\nx-depots:\n")], [("{}", "depots", "nothing is listed")]),
    ("another format", [("schema: 1\n", "schema: 2\n")], [("2\n", "schema", "'2'")]),
    (
        "an alias of ours as a key",
        [("from: Najin", "from_: Najin")],
        [("from_", "shipments.dprk.route.0.from_", "'from_'", "did you mean 'from'?")],
    ),
    (
        "a key of quantities beside value",
        [("{value: 2.5M/year,", "{value: 2.5M/year, low: 1M/year,")],
        [("low", "production.russia.rate.low", "'low'")],
    ),
    (
        "a munition that is none",
        [("rate: {value: 60k/day", "rate: {152mm: 60k/day")],
        [("152mm", "consumption.front.rate.152mm", "'152mm'")],
    ),
    (
        "a stock of another munition",
        [("stock: {low: 3M, mode: 4M, high: 7M, source: stock-2023-10-kiviselg-4m}", "stock: {152mm: 4M}")],
        [("152mm", "depots.tikhoretsk.stock.152mm", "'152mm'", "shells")],
    ),
    (
        "sources that are none",
        [("source: prod-2023-seed-2p5m", "source: [prod-2023-seed-2p5, x]")],
        [
            ("prod-2023-seed-2p5,", "production.russia.rate.source", "did you mean 'prod-2023-seed-2p5m'?"),
            ("x]", "production.russia.rate.source", "'x'"),
        ],
    ),
    (
        "no source",
        [("source: prod-2023-seed-2p5m", "source: []")],
        [("[]", "production.russia.rate.source", "no source")],
    ),
    (
        "a note that is a map",
        [("source: prod-2023-seed-2p5m", "note: {a: b}")],
        [("{a", "production.russia.rate.note", "text")],
    ),
    (
        "a title of two lines",
        [("title: White House brief, October 2023", 'title: "a\\nb"')],
        [('"a', "title", "line of text")],
    ),
    (
        "no title",
        [("title: White House brief, October 2023", "title:")],
        [("title:", "title", "line of text")],
    ),
    (
        "a null in a list",
        [("end: 2025-09-01\n", "end: 2025-09-01\nthresholds: [30, ~]\n")],
        [("~", "thresholds.1", "null removes")],
    ),
    (
        "two faults at once",
        [("start: 2023-09-01", "start: yesterday"), ("  russia:\n", "  russia:\n    led_time: 3\n")],
        [
            ("yesterday", "start", "'yesterday'"),
            ("led_time", "production.russia.led_time", "did you mean 'lead_time'?"),
        ],
    ),
    (
        "a key twice",
        [("schema: 1\n", "schema: 1\nschema: 1\n")],
        [("schema: 1\ntitle", "", "'schema'", "line 2")],
    ),
    (
        "a key twice in braces",
        [("{low: 12 h,", "{low: 12 h, low: 13 h,")],
        [("low: 13", "", "'low'", "again")],
    ),
    (
        "a key twice, and a slip",
        [
            ("  russia:\n", "  russia:\n    rtae: 1\n"),
            ("    rate: {value: 60k/day", "    rate: 1k/day\n    rate: {value: 60k/day"),
        ],
        [("rtae", "production.russia.rtae", "'rtae'"), ("rate: {value: 60k", "", "'rate'", "again")],
    ),
]


def edits() -> Iterator[InvalidFile]:
    for name, changes, messages in EDITS:
        text, start = BASE, len(BASE)
        for old, new in changes:
            assert old in text, (name, old)
            start = min(start, text.index(old))
            text = text.replace(old, new, 1)
        found = []
        for needle, path, *words in messages:
            at = text.find(needle, start)
            found.append(expect_message(text, at if at >= 0 else text.index(needle), path, *words))
        yield InvalidFile(name, text.encode(), tuple(found))
