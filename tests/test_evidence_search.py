"""Searches as people type them: the rows that a person means come first.

Expected rows were read off the table row by row, by quantity, claimant and period, and not off the search.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import sqlite3
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

import pytest

import sim
from sim.cli.app import app
from sim.errors import ArgumentError, EvidenceError
from sim.evidence import Estimate, Table, find, load, suggest
from tests.support.evidence_rows import estimate
from tests.test_cli import FLAT
from tests.test_cli import sim as command

#: By search, the rows that come first, in any order among themselves.
MEANT: dict[str, set[str]] = {
    "north korea 5": {"dprk-cont-2023-12-29-5000", "dprk-voy-2023-10-14-rusi-5"},
    "pyongyang dud rate": {"dud-2024-02-hur-half"},
    "barrel life": {"gun-barrel-life-forbes-few-thousand", "gun-barrel-insider-3000"},
    "estonian stockpile": {"stock-2023-10-kiviselg-4m"},
    "4 million left": {"stock-2023-10-kiviselg-4m"},
    "himars depots": {"loss-himars-50-depots"},
    "price of a shell": {"prod-cost-salm-600usd"},
    "guns destroyed": {"gun-losses-2024-02-9411"},
    "2.5M output": {"prod-2023-seed-2p5m"},
    "putin": {"prod-2024-putin-x20"},
    "iranian ammo": {
        *("iran-2022-09-contract-74k", "iran-2023-04-wsj-300k", "iran-2024-03-defexpress-180k"),
        "iran-2023-nato-300k",
    },
    "rusi output": {
        *("prod-2022-cranny-1m", "prod-2023-seed-2p5m", "prod-2024-02-rusi-6k-day"),
        *("prod-2024-cranny-4m-all", "prod-2024-rusi-122mm-0p8m", "prod-2024-rusi-152mm-1p3m"),
    },
    "white house boxes": {"dprk-cont-2023-10-13-1000-wh", "log-wh-300-containers"},
    "railway speed": {
        *("rail-speed-2015-avg-345", "rail-speed-2015-block-521", "rail-speed-2015-fareast-437"),
        *("rail-speed-2019-container-1058", "rail-speed-2024-avg-35p7kmh"),
    },
    "4,000,000 shells left": {"stock-2023-10-kiviselg-4m"},
    "kivi": {"stock-2023-10-kiviselg-4m"},
}

#: By search, the least number of rows that rank first, and their common property.
KIND: dict[str, tuple[int, Callable[[Estimate], bool]]] = {
    "russia fires": (45, lambda row: row.quantity == "consumption_rate"),
    "daily fire": (35, lambda row: row.quantity == "consumption_rate" and row.unit == "shells/day"),
    "expenditure per month": (
        2,
        lambda row: (row.quantity, row.unit) == ("consumption_rate", "shells/month"),
    ),
    "how many shells does russia make a year": (
        14,
        lambda row: (row.quantity, row.unit.split("/")[-1]) == ("production_rate", "year"),
    ),
    "russian production 2024": (
        9,
        lambda row: row.quantity == "production_rate" and row.period_start == dt.date(2024, 1, 1),
    ),
    "dprk containers": (8, lambda row: row.id.startswith("dprk-") and row.unit == "containers"),
    "rounds per container": (9, lambda row: row.quantity == "shells_per_container"),
    "belarus": (8, lambda row: row.quantity == "import_other" and row.id.startswith("belarus-")),
    "50k a day": (8, lambda row: row.unit == "shells/day" and 50_000 in (row.low, row.central, row.high)),
    "us officials fire": (3, lambda row: row.quantity == "consumption_rate" and "US" in row.claimant),
}


@pytest.mark.parametrize("search", MEANT)
def test_the_rows_that_a_person_means_come_first(search: str) -> None:
    meant = MEANT[search]
    assert {row.id for row in find(load(), search)[: len(meant)]} == meant


@pytest.mark.parametrize("search", KIND)
def test_rows_of_the_kind_that_a_person_means_come_first(search: str) -> None:
    count, is_meant = KIND[search]
    first = find(load(), search)[:count]
    assert len(first) == count
    assert [row.id for row in first if not is_meant(row)] == []


@pytest.mark.parametrize(
    ("search", "same"),
    [
        ("dprk shells", "north korea rounds"),
        ("russian output", "russia produces"),
        ("fires daily", "consumption per day"),
        ("us containers", "american containers"),
        ("stockpiles", "stock"),
        ("RUSI", "rusi"),
    ],
)
def test_other_forms_and_synonyms_find_the_same(search: str, same: str) -> None:
    assert find(load(), search)
    assert {row.id for row in find(load(), search)} == {row.id for row in find(load(), same)}


def test_a_number_with_its_multiple_is_that_number_alone() -> None:
    assert find(load(), "5 million north korea") == []
    assert {row.id for row in find(load(), "10k dprk containers")[:3]} == {
        *("dprk-cont-2024-02-23-us-fact-sheet", "dprk-cont-2024-03-18-us-10000"),
        "dprk-cont-2024-06-14-10000",
    }
    range_of = estimate(low=4e6, high=6e6)
    assert find(Table((range_of,), (), b""), "5M") == [range_of]
    assert find(Table((range_of,), (), b""), "7M") == []


def test_us_is_a_country_and_use_a_verb() -> None:
    assert all("US" in row.claimant for row in find(load(), "us stock"))
    assert "dprk-cont-2024-03-18-us-10000" not in {row.id for row in find(load(), "use")}


def test_the_subject_of_the_shipped_table_is_no_subject_of_another() -> None:
    mine = estimate(quantity="consumption_rate", claimant="A. Nalyst")
    assert find(Table((mine,), (), b""), "russia") == []
    assert find(Table((mine,), (), b""), "fires") == [mine]


@pytest.mark.parametrize("search", ['"', "a AND b", "note:x", "*", "^x", "(", "NEAR(a b)", "x" * 5000, "-"])
def test_the_signs_of_the_index_are_plain_text(search: str) -> None:
    assert find(load(), search) == []
    assert isinstance(suggest(load(), search), list)


# Filters


def test_filters_keep_the_rows_that_their_columns_say() -> None:
    table = load()
    of_rusi = find(table, "output", quantity="production_rate", by="rusi")
    assert {row.id for row in of_rusi} == MEANT["rusi output"]
    assert find(table, [], quantity="fire") == find(table, [], quantity="consumption_rate")
    later = {row.id for row in find(table, [], since="2025-04")}
    assert later == {
        row.id
        for row in table.values()
        if (row.published or row.period_end or dt.date.min) >= dt.date(2025, 4, 1)
    }
    assert find(table, [], since=dt.date(2025, 4, 1)) == find(table, [], since="2025-04-01")
    found = sim.evidence("fire", by="rusi", since="2024")  # type: ignore[operator]
    assert list(found["id"]) == ["cons-2024-01-rusi-10k-citytel", "cons-2025-rusi-need-15k"]


def test_a_family_is_a_filter_and_no_word_of_the_search() -> None:
    table = load()
    kyiv = find(table, [], family="kyiv-fire")
    assert [row.id for row in kyiv] == [row.id for row in table.values() if row.family == "kyiv-fire"]
    assert "seed-cons-2023-60k" in {row.id for row in kyiv}
    assert find(table, "kyiv-fire") == []
    found = sim.evidence("2024", family="washington-containers")  # type: ignore[operator]
    assert set(found["family"]) == {"washington-containers"}
    with pytest.raises(ArgumentError, match="did you mean 'kyiv-fire'"):
        find(table, [], family="kyiv-fires")
    said = command("evidence", "--family", "seoul-containers", "--json")
    rows = json.loads(said.out)
    assert [row["id"] for row in rows] == [row.id for row in find(table, [], family="seoul-containers")]
    derived = json.loads(command("evidence", "spc-rok-480", "--json").out)
    assert derived[0]["derived_from"] == ["dprk-shells-2024-06-ki-4p8m", "dprk-cont-2024-06-14-10000"]


@pytest.mark.parametrize("since", ["tomorrow", "2024-13", "24", "2024-02-30", ""])
def test_a_date_that_is_none_is_one_message(since: str) -> None:
    with pytest.raises(ArgumentError, match="is not a date; allowed: a year, a month or a day"):
        find(load(), "fire", since=since)


def test_an_unknown_quantity_names_the_known_ones() -> None:
    said = command("evidence", "rusi", "--quantity", "prodction_rate")
    assert (said.status, said.out) == (2, "")
    assert "did you mean 'production_rate'?" in said.err
    assert "allowed: consumption_rate, gun_barrel" in said.err


@pytest.mark.parametrize("name", ["quantity", "family"])
def test_a_message_quotes_the_first_two_hundred_letters_of_an_unknown_name(name: str) -> None:
    with pytest.raises(ArgumentError, match=f"no estimate is of the {name} 'x{{200}}'; allowed: "):
        find(load(), [], **{name: "x" * 1000})


# The command


def test_the_table_fits_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for width in (50, 80, 120, 200):
        monkeypatch.setenv("COLUMNS", str(width))
        said = command("evidence", "russia", "fires")
        assert said.status == 0
        lines = said.out.splitlines()
        assert max(map(len, lines)) <= width
        assert lines[0].split()[:2] == ["estimate", "figure"]
        if width >= 80:
            assert all(row.id in said.out for row in find(load(), "russia fires"))
        assert said.err == ""


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("words", "order"), [(["russia", "fires"], "best match first"), ([], "in the order of the table")]
)
def test_a_terminal_is_told_how_many_and_in_which_order(words: list[str], order: str) -> None:
    with redirect_stdout(Terminal()), redirect_stderr(io.StringIO()) as err:
        app(["evidence", *words], prog_name="sim", standalone_mode=False)
    count = len(find(load(), words))
    assert err.getvalue() == f"{count} estimates, {order}; --full prints links and notes\n"


def test_for_other_programs_a_row_is_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    lines = command("evidence", "north", "korea", "5").out.splitlines()
    found = find(load(), "north korea 5")
    assert len(lines) == 1 + len(found)
    for line, row in zip(lines[1:], found, strict=True):
        assert line.startswith(f"{row.id} ")
        assert line.endswith(row.url)
        assert row.figure() in line


def test_json_and_full_have_every_column_in_the_order_of_the_search() -> None:
    found = [row.id for row in find(load(), "daily fire")]
    assert [row["id"] for row in json.loads(command("evidence", "daily", "fire", "--json").out)] == found
    blocks = command("evidence", "daily", "fire", "--full").out.strip().split("\n\n")
    assert [block.splitlines()[0] for block in blocks] == found
    assert all("\n  link " in block for block in blocks if not block.startswith("seed-"))


def test_a_word_of_two_letters_is_near_to_no_word() -> None:
    table = Table((estimate(claimant="Xq Nalyst"),), (), b"")
    assert suggest(table, "nalist") == ["nalyst"]
    # Its similarity to "xq" is 2 x 2 / (3 + 2), above the limit.
    assert suggest(table, "xqz") == []


def test_a_search_without_a_match_names_near_words() -> None:
    said = command("evidence", "kiviselk", "--by", "watlin")
    assert (said.status, said.out) == (1, "")
    assert said.err == (
        "error: no estimate matches 'kiviselk --by watlin'; allowed: fewer words or filters, or: kiviselg, "
        "watling\n"
    )


def test_an_sqlite_without_full_text_search_is_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    class WithoutFts5(sqlite3.Connection):
        def execute(self, sql: str, parameters: Any = ()) -> sqlite3.Cursor:
            return super().execute(sql.replace("USING fts5", "USING fts_none"), parameters)

    connect = sqlite3.connect
    # Undone before the test ends: a measurement of coverage by test writes to a database of its own.
    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", lambda name: connect(name, factory=WithoutFts5))
        with pytest.raises(EvidenceError, match="SQLite lacks the full-text extension FTS5"):
            find(load(), "fire")
        said = command("evidence", "fire")
        assert (said.status, said.out, len(said.err.splitlines())) == (1, "", 1)
        patch.setitem(sys.modules, "sqlite3", None)
        with pytest.raises(EvidenceError, match="this Python has no SQLite"):
            find(load(), "fire")
    # A scenario that cites rows needs no search.
    assert sim.load(FLAT)
