"""Rows of the evidence as text, and their search by words."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.evidence import Table, find, load, render, suggest
from sim.evidence.estimate_text import period_text
from tests.support.evidence_rows import estimate


@pytest.mark.parametrize(
    ("low", "central", "high", "extent", "single", "figure"),
    [
        (None, 2_500_000.0, None, None, 2_500_000.0, "2,500,000 shells"),
        (250.0, 313.0, 375.0, (250.0, 375.0), None, "250 to 375 (313) shells"),
        (0.25, None, 0.5, (0.25, 0.5), None, "0.25 to 0.5 shells"),
        (448.0, 448.0, None, None, 448.0, "at least 448 shells"),
        (50_000.0, None, None, None, 50_000.0, "at least 50,000 shells"),
        (None, None, 480.0, None, 480.0, "at most 480 shells"),
        (None, 1000.0, 1000.0, None, 1000.0, "at most 1,000 shells"),
        (None, 20.0, 24.0, (20.0, 24.0), None, "at most 24 (20) shells"),
        (20.0, 24.0, None, (20.0, 24.0), None, "at least 20 (24) shells"),
        (1.0, 4.0, 4.0, (1.0, 4.0), None, "1 to 4 (4) shells"),
        (7.0, 7.0, 7.0, (7.0, 7.0), None, "7 shells"),
        (0.0, None, None, None, 0.0, "at least 0 shells"),
        (None, None, None, None, None, "no figure (shells)"),
    ],
)
def test_a_row_gives_a_range_or_one_number(
    low: float | None,
    central: float | None,
    high: float | None,
    extent: tuple[float, float] | None,
    single: float | None,
    figure: str,
) -> None:
    row = estimate(low=low, central=central, high=high)
    assert (row.low_high(), row.single(), row.figure()) == (extent, single, figure)


def test_a_calendar_year_is_not_written_with_a_comma() -> None:
    assert load()["stock-runout-insider-end2022"].figure() == "2022.99 year"


# Looking up


def test_find_wants_every_word_anywhere_in_any_case() -> None:
    table = load()
    assert [row.id for row in find(table, ["KIVISELG"])] == ["stock-2023-10-kiviselg-4m"]
    watling = {"prod-2023-seed-2p5m", "cons-2023-watling-7m"}
    later = {"cons-2023-summer-watling-5k", "cons-2023-12-watling-10k"}
    assert {row.id for row in find(table, ["jack watl"])} == watling | later
    assert [row.id for row in find(table, "jack production_rate watling")] == ["prod-2023-seed-2p5m"]
    assert find(table, ["watling", "kiviselg"]) == []
    assert find(table, []) == find(table, "  ") == list(table.values())


def test_find_looks_into_years_but_not_into_links_or_letters() -> None:
    row = estimate(
        period_start=dt.date(2019, 5, 1),
        period_end=dt.date(2021, 1, 1),
        published=dt.date(2023, 2, 3),
        url="https://example.org/secret",
    )
    table = Table((row,), (), b"")
    assert [year for year in range(2017, 2025) if find(table, [str(year)])] == [2019, 2020, 2021, 2023]
    assert find(table, ["secret"]) == []
    assert find(table, ["An Analyst", "SHELLS"]) == [row]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(["rusi", "2023", "152mm", "shells/day", "official", "DPRK"]), max_size=3))
def test_more_words_never_find_more(words: list[str]) -> None:
    table = load()
    each = [{row.id for row in find(table, [word])} for word in words]
    assert {row.id for row in find(table, words)} == {
        row for row in table if all(row in rows for rows in each)
    }


def test_suggest_gives_near_words_only_for_words_that_are_nowhere() -> None:
    table = load()
    assert suggest(table, ["kiviselk"]) == ["kiviselg"]
    assert suggest(table, ["prodction_rate"])[0] in {"production_rate", "production"}
    assert suggest(table, ["spc-osc-250to357"])[0] == "spc-osc-250to375"
    assert suggest(table, ["watling", "kiviselg"]) == []
    assert suggest(table, ["xqzwv"]) == []


def test_at_most_three_near_words_are_suggested_and_none_of_two_letters() -> None:
    names = ("Zlatovka", "Zlatovko", "Zlatovke", "Zlatovki")
    rows = tuple(estimate(id=f"row-{number}", claimant=name) for number, name in enumerate(names))
    found = suggest(Table(rows, (), b""), ["zlatovx"])
    assert len(found) == 3
    assert set(found) < {name.casefold() for name in names}
    # Two letters of three are alike by chance.
    short = Table((estimate(claimant="Zq Hwrt"),), (), b"")
    assert suggest(short, ["zqx"]) == []
    assert suggest(short, ["hwrtt"]) == ["hwrt"]


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        ("2023-09-01", "2023-10-13", "2023-09-01 to 2023-10-13"),
        ("2023-09-01", "2023-09-01", "2023-09-01"),
        ("2023-09-01", None, "from 2023-09-01"),
        (None, "2023-10-13", "until 2023-10-13"),
        (None, None, ""),
    ],
)
def test_a_period_may_be_open_at_either_end(start: str | None, end: str | None, text: str) -> None:
    first, last = (None if day is None else dt.date.fromisoformat(day) for day in (start, end))
    row = estimate(period_start=first, period_end=last)
    assert period_text(row) == text
    assert ("  period      " + text in render([row]).splitlines()) == bool(text)


def test_render_shows_a_row_as_a_reader_wants_it() -> None:
    link = "https://news.online.ua/en/media-reveals-enormous-scale-of-north-koreas-aid-to-russia-892590/"
    assert render([load()["spc-osc-250to375"]]).splitlines() == [
        "spc-osc-250to375",
        "  figure      250 to 375 (313) shells/container",
        "  quantity    shells_per_container",
        "  munition    mixed",
        "  period      2025-03-31",
        "  claimant    Implied by Open Source Centre / Reuters",
        "  publisher   Online.UA",
        "  published   2025-04-15",
        f"  link        {link}",
        "  confidence  C",
        "  family      ship-watch",
        "  counts      munitions",
        "  note        Own division: 4-6M in 16,000; lower than Seoul's conversion",
    ]


def test_render_keeps_every_word_within_a_hundred_columns_links_excepted() -> None:
    table = load()
    text = render(table.values())
    blocks = text.split("\n\n")
    assert len(blocks) == len(table)
    assert render([]) == ""
    for row, block in zip(table.values(), blocks, strict=True):
        assert block.startswith(row.id + "\n")
        words = " ".join(block.split())
        for part in (row.figure(), row.munition, row.claimant, row.publisher, row.url, row.note):
            assert " ".join(part.split()) in words
    assert all(len(line) <= 100 or line.startswith("  link ") for line in text.splitlines())
    assert "\t" not in text
    assert "\x1b" not in text
