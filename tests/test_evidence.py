"""The shipped table is whole, can be looked up, and is fair to the values that cite it."""

from __future__ import annotations

import copy
import csv
import datetime as dt
import hashlib
import io
import pickle
import re
import subprocess
import sys
from dataclasses import FrozenInstanceError, replace
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import evidence
from sim.errors import EvidenceError, Fault
from sim.evidence import COLUMNS, Estimate, Table, compare, find, load, load_file, render, suggest
from sim.evidence.reading import read

ROWS = 231
WITHOUT_LINK = {"seed-cons-2023-60k"}
QUANTITIES = {
    "consumption_rate",
    "gun_barrel",
    "import_other",
    "logistics",
    "loss_event",
    "other",
    "production_rate",
    "quality_dud_fraction",
    "refurbishment_rate",
    "shells_per_container",
    "shipments_cumulative_containers",
    "shipments_cumulative_shells",
    "stock",
    "transit_time_rail",
    "transit_time_sea",
}
UNITS = {
    *("shells", "shells/hour", "shells/day", "shells/month", "shells/year"),
    *("rounds", "rounds/year", "rounds cumulative", "rounds/gun/day", "rounds/barrel", "rounds/crate"),
    *("shells/container", "rounds/container", "shells/wagon", "kg gross/round", "USD/shell"),
    *("containers", "containers/voyage", "FEU/train", "voyages", "ships/week", "sites", "depots"),
    *("railcars", "wagons/group", "loaded wagons/train", "guns", "barrels/month", "barrels/year"),
    *("tonnes", "tonnes/day", "tonnes/month", "tonnes disposed"),
    *("tonnes/TEU", "tonnes gross/TEU", "tonnes/wagon", "tonnes/container"),
    *("days", "days of fire", "year", "km", "km/day", "km/h", "km to Ukraine border"),
    *("ratio", "ratio RU:UA", "fraction", "fraction of need", "fraction decline", "fraction withdrawn"),
    *("fraction of components restored", "qualitative"),
}


def shipped_bytes() -> bytes:
    return resources.files("sim.evidence").joinpath("estimates.csv").read_bytes()


def shipped_cells() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(shipped_bytes().decode("utf-8"), newline="")))


def estimate(**cells: object) -> Estimate:
    blank = Estimate(
        id="mine-1",
        quantity="stock",
        munition="artillery all",
        low=None,
        central=None,
        high=None,
        unit="shells",
        period_start=None,
        period_end=None,
        published=None,
        claimant="An analyst",
        publisher="",
        url="",
        confidence="C",
        note="",
    )
    return replace(blank, **cells)  # type: ignore[arg-type]


OWN = {
    "id": "mine-1",
    "quantity": "stock",
    "munition": "artillery all",
    "low": "3000000",
    "central": "4e6",
    "high": "7000000.5",
    "unit": "shells",
    "period_start": "2023-09-01",
    "period_end": "2023-09-30",
    "published": "2023-10-01",
    "claimant": "An analyst",
    "publisher": "A paper",
    "url": "https://example.org/a?b=c",
    "confidence": "C",
    "note": "",
}


def own_table(folder: Path, *rows: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> Path:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path = folder / "own.csv"
    path.write_bytes(text.getvalue().encode())
    return path


def faults_of(path: Path) -> tuple[Fault, ...]:
    with pytest.raises(EvidenceError) as caught:
        load_file(path, name="own.csv")
    return tuple(fault for fault in caught.value.faults if isinstance(fault, Fault))


def only_fault(path: Path) -> Fault:
    faults = faults_of(path)
    assert len(faults) == 1, faults
    return faults[0]


# The shipped table


def test_every_row_of_the_file_is_in_the_table_cell_by_cell_in_its_order() -> None:
    cells = shipped_cells()
    table = load()
    assert len(cells) == len(table) == ROWS
    assert list(table) == list(table.ids()) == [row["id"] for row in cells]
    for row in cells:
        read = table[row["id"]]
        for column in ("quantity", "munition", "unit", "claimant", "publisher", "url", "confidence", "note"):
            assert getattr(read, column) == row[column]
        for column in ("low", "central", "high"):
            assert getattr(read, column) == (float(row[column]) if row[column] else None)
        for column in ("period_start", "period_end", "published"):
            date = getattr(read, column)
            assert (date.isoformat() if date else "") == row[column]


def test_ids_are_distinct_and_well_formed() -> None:
    ids = [row["id"] for row in shipped_cells()]
    assert len(set(ids)) == len(ids)
    for row in ids:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row), row


def test_numbers_stand_in_order_and_only_a_qualitative_row_has_none() -> None:
    for row in load().values():
        given = [number for number in (row.low, row.central, row.high) if number is not None]
        assert given == sorted(given), row.id
        assert (not given) == (row.unit == "qualitative"), row.id


def test_a_period_ends_after_it_starts_and_nothing_is_published_in_the_future_of_the_table() -> None:
    unpublished = set()
    for row in load().values():
        assert row.period_start is not None
        assert row.period_end is not None
        assert row.period_start <= row.period_end, row.id
        if row.published is None:
            unpublished.add(row.id)
        else:
            assert dt.date(2005, 1, 1) < row.published < dt.date(2026, 7, 1), row.id
    assert unpublished == {"log-teu-gross-29t", "log-teu-payload-22t"}


def test_quantities_units_and_letters_are_the_known_ones() -> None:
    rows = list(load().values())
    assert {row.quantity for row in rows} == QUANTITIES
    assert {row.unit for row in rows} == UNITS
    assert {row.confidence for row in rows} == {"A", "B", "C", "D"}
    for row in rows:
        assert row.munition, row.id
        assert row.claimant, row.id
        assert row.publisher, row.id
        assert row.note, row.id


def test_every_link_is_whole_and_only_the_seed_row_has_none() -> None:
    assert {row.id for row in load().values() if not row.url} == WITHOUT_LINK
    for row in load().values():
        if row.url:
            parts = urlsplit(row.url)
            assert parts.scheme in {"http", "https"}, row.id
            assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", parts.netloc), row.id
            assert not re.search(r"""[\s"<>]""", row.url), row.id


def test_the_digest_is_that_of_the_file() -> None:
    assert load().digest() == hashlib.sha256(shipped_bytes()).hexdigest()


def test_loading_needs_neither_pandas_nor_numpy_nor_the_current_folder(tmp_path: Path) -> None:
    code = (
        "import sys, sim.evidence as room; table = room.load(); room.find(table, ['rusi']);"
        "print(len(table), sorted({'pandas', 'numpy', 'pydantic', 'ruamel'} & set(sys.modules)))"
    )
    root = str(Path(evidence.__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {root!r}); {code}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == f"{ROWS} []"


# The table as a thing of Python


def test_a_table_is_a_mapping_that_does_not_change_and_can_travel_to_a_worker() -> None:
    table = load()
    assert "spc-osc-250to375" in table
    assert "spc-osc" not in table
    with pytest.raises(KeyError):
        table["spc-osc"]
    with pytest.raises(FrozenInstanceError):
        table.rows = ()  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        table["spc-osc-250to375"].low = 1.0  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(table)) == table == copy.deepcopy(table)  # noqa: S301 - our own bytes


def test_the_frame_holds_the_same_cells() -> None:
    table = load()
    frame = table.frame()
    assert tuple(frame.columns) == COLUMNS
    assert list(frame["id"]) == list(table)
    row = frame.set_index("id").loc["spc-osc-250to375"]
    assert (row["low"], row["central"], row["high"]) == (250.0, 313.0, 375.0)
    assert row["published"].date() == dt.date(2025, 4, 15)
    assert list(frame[frame["published"].isna()]["id"]) == ["log-teu-gross-29t", "log-teu-payload-22t"]
    assert frame["low"].isna().sum() == sum(not cells["low"] for cells in shipped_cells())


def test_the_room_itself_answers_as_the_verb_of_the_public_door() -> None:
    found = evidence("Watling 2023")  # type: ignore[operator]
    assert list(found["id"]) == [row.id for row in find(load(), ["watling", "2023"])]
    assert list(evidence.look_up("no-such-word-at-all").columns) == list(COLUMNS)
    assert len(evidence.look_up("no-such-word-at-all")) == 0
    assert len(evidence.look_up()) == ROWS


# What a row says


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
    watling = ["prod-2023-seed-2p5m", "cons-2023-watling-7m"]
    later = ["cons-2023-summer-watling-5k", "cons-2023-12-watling-10k"]
    assert [row.id for row in find(table, ["jack watl"])] == watling + later
    assert [row.id for row in find(table, "jack production_rate watling")] == watling[:1]
    assert find(table, ["watling", "kiviselg"]) == []
    assert len(find(table, [])) == len(find(table, "  ")) == ROWS


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


@settings(max_examples=25)
@given(st.lists(st.sampled_from(["rusi", "2023", "152mm", "shells/day", "official", "DPRK"]), max_size=3))
def test_more_words_never_find_more(words: list[str]) -> None:
    table = load()
    found = [row.id for row in find(table, words)]
    each = [{row.id for row in find(table, [word])} for word in words]
    assert found == [row for row in table if all(row in rows for rows in each)]


def test_suggest_gives_near_words_only_for_words_that_are_nowhere() -> None:
    table = load()
    assert suggest(table, ["kiviselk"]) == ["kiviselg"]
    assert suggest(table, ["prodction_rate"])[0] in {"production_rate", "production"}
    assert suggest(table, ["spc-osc-250to357"])[0] == "spc-osc-250to375"
    assert suggest(table, ["watling", "kiviselg"]) == []
    assert suggest(table, ["xqzwv"]) == []


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
        "  note        Own division: 4-6M in 16,000; lower than Seoul's conversion",
    ]


def test_render_keeps_every_word_within_a_hundred_columns_links_excepted() -> None:
    table = load()
    text = render(table.values())
    blocks = text.split("\n\n")
    assert len(blocks) == ROWS
    assert render([]) == ""
    for row, block in zip(table.values(), blocks, strict=True):
        assert block.startswith(row.id + "\n")
        words = " ".join(block.split())
        for part in (row.figure(), row.munition, row.claimant, row.publisher, row.url, row.note):
            assert " ".join(part.split()) in words
    assert all(len(line) <= 100 or line.startswith("  link ") for line in text.splitlines())
    assert "\t" not in text
    assert "\x1b" not in text


# A value against its source


def test_a_value_outside_low_to_high_warns_and_the_ends_are_inside() -> None:
    row = load()["spc-osc-250to375"]
    key = "shells_per_container"
    assert [compare(row, key, value) for value in (250.0, 300.0, 375.0)] == [None, None, None]
    assert compare(row, key, 376.0) == (
        "376 shells/container is outside what spc-osc-250to375 gives: 250 to 375 (313) shells/container"
    )
    assert compare(row, key, 249.0) is not None


def test_one_number_alone_warns_beyond_a_factor_of_two() -> None:
    row = load()["stock-2023-10-kiviselg-4m"]
    assert [compare(row, "stock", value) for value in (2e6, 4e6, 8e6)] == [None, None, None]
    for value in (0.0, 1_999_999.0, 8_000_001.0):
        warning = compare(row, "stock", value)
        assert warning is not None
        assert "more than a factor of two" in warning
        assert "4,000,000 shells" in warning


@pytest.mark.parametrize(
    ("row", "key", "inside"),
    [
        # 2,500,000 a year over 365.25 days; 300,000 a month over 30.4375 days; 1,000 an hour over 1/24 day
        ("prod-2023-seed-2p5m", "production_rate", 6844.626967830253),
        ("prod-2023-02-salm-300k-month", "production_rate", 9856.262833675565),
        ("prod-2024-cranny-4m-all", "production_rate", 10951.403148528405),
        ("prod-2024-02-rusi-6k-day", "production_rate", 6000.0),
        ("cons-2022-rusi-12m", "consumption_rate", 32854.209445585215),
        ("cons-2022-06-reznikov-1000h", "consumption_rate", 24000.0),
        ("seed-cons-2023-60k", "consumption_rate", 60000.0),
        ("rail-tsr-express-7d", "rail_days", 7.0),
        ("iran-caspian-transit-6d", "sea_days", 6.0),
        ("spc-rok-122mm-80", "shells_per_container", 80.0),
    ],
)
def test_the_edges_of_a_factor_of_two_stand_where_the_units_put_them(
    row: str, key: str, inside: float
) -> None:
    source = load()[row]
    for near in (0.5000001, 1.0, 1.9999999):
        assert compare(source, key, inside * near) is None
    for far in (0.4999999, 2.0000001):
        assert compare(source, key, inside * far) is not None


def test_the_warning_speaks_in_the_units_of_the_row() -> None:
    # 16,427.1047 shells a day x 365.25 = 6,000,000 a year
    assert compare(load()["prod-2023-seed-2p5m"], "production_rate", 6_000_000 / 365.25) == (
        "6,000,000 shells/year is more than a factor of two from what prod-2023-seed-2p5m gives: "
        "2,500,000 shells/year"
    )


def test_a_range_a_year_is_compared_by_the_day() -> None:
    row = load()["cons-2022-west-official-10to11m"]
    # 10M and 11M a year are 27,378.5 and 30,116.4 a day
    assert compare(row, "consumption_rate", 27_379.0) is None
    assert compare(row, "consumption_rate", 30_116.0) is None
    assert compare(row, "consumption_rate", 27_378.0) is not None
    assert compare(row, "consumption_rate", 30_117.0) is not None


def test_a_value_on_the_very_end_is_inside_whatever_binary_fractions_do_to_it() -> None:
    for row in load().values():
        extent, days = row.low_high(), {"shells/year": 365.25, "shells/month": 30.4375}.get(row.unit)
        if extent and days:
            assert [compare(row, row.quantity, end / days) for end in extent] == [None, None]
    for dud in range(100):
        row = estimate(quantity="quality_dud_fraction", unit="fraction", low=dud / 100, high=(dud + 1) / 100)
        assert compare(row, "serviceable", (100 - dud) / 100) is None
        assert compare(row, "serviceable", (99 - dud) / 100) is None


def test_a_dud_fraction_is_held_against_serviceable_as_its_complement() -> None:
    row = estimate(quantity="quality_dud_fraction", unit="fraction", low=0.1, high=0.4)
    assert [compare(row, "serviceable", share) for share in (0.6, 0.75, 0.9)] == [None, None, None]
    assert compare(row, "serviceable", 0.95) is not None
    assert compare(row, "serviceable", 0.5) == (
        "0.5 serviceable is outside what mine-1 gives: 0.6 to 0.9 serviceable, "
        "as 1 - a dud fraction of 0.1 to 0.4"
    )
    # one number: a fifth dud is 0.8 serviceable, half of which is 0.4
    alone = estimate(quantity="quality_dud_fraction", unit="fraction", central=0.2)
    assert compare(alone, "serviceable", 0.4) is None
    assert compare(alone, "serviceable", 0.39) is not None
    assert compare(load()["dud-2024-02-hur-half"], "serviceable", 0.7) is None


@pytest.mark.parametrize(
    ("row", "key"),
    [
        ("prod-2024-putin-x20", "production_rate"),
        ("prod-2023-summer-budanov-turn", "production_rate"),
        ("cons-2022-total-10m", "consumption_rate"),
        ("cons-2023-01-cnn-drop-75pct", "consumption_rate"),
        ("cons-2024-03-defexpress-6k-sustain", "consumption_rate"),
        ("stock-2023-01-233-days", "stock"),
        ("stock-disposed-2p5mt", "stock"),
        ("rail-speed-2015-avg-345", "rail_days"),
        ("iran-caspian-transit-6d", "rail_days"),
        ("rail-tsr-express-7d", "sea_days"),
        ("log-rajin-cycle-4days", "sea_days"),
        ("quality-2023-12-ua-army", "serviceable"),
        ("prod-2023-seed-2p5m", "consumption_rate"),
        ("dprk-shells-2023-11-01-nis-1m", "stock"),
        ("stock-2023-10-kiviselg-4m", "reserve"),
        ("stock-2023-10-kiviselg-4m", "capacity"),
    ],
)
def test_a_row_that_does_not_fit_the_key_is_a_citation(row: str, key: str) -> None:
    assert compare(load()[row], key, 1e9) is None


def test_every_row_that_fits_a_key_warns_of_a_billion_and_no_other_does() -> None:
    keys = {
        "stock": ("stock", {"shells"}),
        "production_rate": ("production_rate", {"shells/year", "shells/month", "shells/day", "rounds/year"}),
        "consumption_rate": ("consumption_rate", {f"shells/{t}" for t in ("hour", "day", "month", "year")}),
        "shells_per_container": ("shells_per_container", {"shells/container", "rounds/container"}),
        "serviceable": ("quality_dud_fraction", {"fraction"}),
        "rail_days": ("transit_time_rail", {"days"}),
        "sea_days": ("transit_time_sea", {"days"}),
    }
    for key, (quantity, units) in keys.items():
        for row in load().values():
            fits = row.quantity == quantity and row.unit in units
            assert (compare(row, key, 1e9) is not None) == fits, (row.id, key)


# An analyst's own table


def test_an_own_table_reads_back_what_was_written(tmp_path: Path) -> None:
    second = OWN | {"id": "mine-2", "note": 'says "so", and\nmore', "low": "", "central": "", "high": "0"}
    table = load_file(own_table(tmp_path, OWN, second))
    assert table.ids() == ("mine-1", "mine-2")
    assert (table["mine-1"].low, table["mine-1"].central, table["mine-1"].high) == (3e6, 4e6, 7000000.5)
    assert table["mine-1"].period_end == dt.date(2023, 9, 30)
    assert table["mine-2"].note == 'says "so", and\nmore'
    assert table.digest() == hashlib.sha256((tmp_path / "own.csv").read_bytes()).hexdigest()


def test_columns_may_stand_in_any_order_and_a_byte_order_mark_and_blank_lines_do_no_harm(
    tmp_path: Path,
) -> None:
    path = own_table(tmp_path, OWN, columns=COLUMNS[::-1])
    straight = own_table(tmp_path, OWN)
    path.write_bytes(b"\xef\xbb\xbf" + straight.read_bytes().replace(b"\n", b"\r\n\r\n"))
    assert load_file(path)["mine-1"] == load_file(own_table(tmp_path, OWN, columns=COLUMNS[::-1]))["mine-1"]


def test_what_an_own_row_need_not_say_may_be_empty(tmp_path: Path) -> None:
    needed = ("id", "quantity", "central", "unit", "claimant", "confidence")
    bare = {column: OWN[column] if column in needed else "" for column in COLUMNS}
    row = load_file(own_table(tmp_path, bare))["mine-1"]
    assert (row.low, row.period_start, row.published, row.url) == (None, None, None, "")
    assert render([row]).splitlines()[0] == "mine-1"


@pytest.mark.parametrize(
    ("column", "text", "says"),
    [
        ("id", "", "is empty"),
        ("id", "a b", "is not an id"),
        ("id", "größe", "is not an id"),
        ("quantity", "", "is empty"),
        ("unit", " ", "is empty"),
        ("claimant", "", "is empty"),
        ("low", "three", "is not a number"),
        ("low", "-1", "is not a number"),
        ("central", "4_000_000", "is not a number"),
        ("central", "4M", "is not a number"),
        ("central", "nan", "is not a number"),
        ("high", "1e999", "is not a number"),
        ("high", "٣", "is not a number"),
        ("low", "5000000", "is more than central"),
        ("central", "8000000", "is more than high"),
        ("period_start", "2023-9-1", "is not a date"),
        ("period_end", "2023-02-30", "is not a date"),
        ("published", "20231001", "is not a date"),
        ("published", "01.10.2023", "is not a date"),
        ("period_start", "2023-10-01", "is after period_end"),
        ("url", "example.org", "is not a link"),
        ("url", "javascript:alert(1)", "is not a link"),
        ("url", "https://", "is not a link"),
        ("url", "https://[bad", "is not a link"),
        ("url", "https://example.org/a b", "is not a link"),
        ("confidence", "", "is empty"),
        ("confidence", "E", "is not a letter of confidence"),
        ("confidence", "b", "is not a letter of confidence"),
        ("note", "a\x1b[31m", "holds a control character"),
    ],
)
def test_a_bad_cell_is_named_with_its_place(tmp_path: Path, column: str, text: str, says: str) -> None:
    bad = OWN | {"id": "mine-2", column: text}
    fault = only_fault(own_table(tmp_path, OWN, bad))
    assert fault.where is not None
    before = ",".join(bad[name] for name in COLUMNS[: COLUMNS.index(column)])
    at = len(before) + 2 if before else 1
    assert (fault.where.file, fault.where.line, fault.where.column) == ("own.csv", 3, at)
    assert fault.path == column
    assert says in fault.problem
    assert fault.allowed


def test_low_above_high_is_seen_without_a_central_value(tmp_path: Path) -> None:
    fault = only_fault(own_table(tmp_path, OWN | {"low": "9e6", "central": ""}))
    assert str(fault).startswith("own.csv:2:28: low: 9e6 is more than high, 7000000.5")


def test_a_row_without_a_number_must_say_that_it_is_qualitative(tmp_path: Path) -> None:
    without = OWN | {"low": "", "central": "", "high": ""}
    assert "has no number" in only_fault(own_table(tmp_path, without)).problem
    said = load_file(own_table(tmp_path, without | {"unit": "qualitative"}))["mine-1"]
    assert (said.low_high(), said.single(), said.figure()) == (None, None, "no figure")
    assert compare(said, "stock", 1.0) is None


def test_a_place_is_right_behind_quotes_and_line_breaks(tmp_path: Path) -> None:
    long = OWN | {"munition": 'two\nlines, "quoted"', "claimant": "A,\r\nB", "confidence": "?"}
    path = own_table(tmp_path, long)
    fault = only_fault(path)
    assert fault.where is not None
    line = re.split(r"\r\n|\n", path.read_bytes().decode())[fault.where.line - 1]
    assert line[fault.where.column - 1 :].startswith("?,")


def test_a_duplicate_id_names_both_lines(tmp_path: Path) -> None:
    fault = only_fault(own_table(tmp_path, OWN, OWN | {"id": "mine-2"}, OWN))
    assert str(fault).startswith("own.csv:4:1: id: 'mine-1' stands already in line 2")


def test_an_unknown_column_is_named_with_the_nearest(tmp_path: Path) -> None:
    columns = tuple("claimed_by" if name == "claimant" else name for name in COLUMNS)
    path = own_table(tmp_path, OWN, columns=columns)
    faults = faults_of(path)
    assert str(faults[0]).startswith("own.csv:1:1: column 'claimant' is missing")
    path = own_table(
        tmp_path, OWN, columns=tuple("clamant" if name == "claimant" else name for name in COLUMNS)
    )
    fault = only_fault(path)
    assert fault.where is not None
    assert (fault.where.line, fault.where.column) == (1, path.read_text().index("clamant") + 1)
    assert fault.nearest == "claimant"
    assert "'clamant'" in fault.problem


def test_missing_and_double_columns_are_named(tmp_path: Path) -> None:
    missing = only_fault(own_table(tmp_path, OWN, columns=tuple(name for name in COLUMNS if name != "high")))
    assert str(missing).startswith("own.csv:1:1: column 'high' is missing")
    path = own_table(tmp_path, OWN, columns=(*COLUMNS, "note"))
    double = only_fault(path)
    assert double.where is not None
    assert double.where.column == path.read_text().split("\n")[0].rindex("note") + 1
    assert "stands twice" in double.problem


def test_a_header_with_other_separators_is_said_to_be_so(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(";".join(COLUMNS) + "\n" + ";".join(OWN.values()) + "\n")
    assert "commas" in only_fault(path).allowed


@pytest.mark.parametrize(("extra", "field"), [(",more", 15), ("", 13)])
def test_a_row_of_another_width_is_named(tmp_path: Path, extra: str, field: int) -> None:
    path = own_table(tmp_path, OWN)
    row = ",".join(OWN.values()) + extra if extra else ",".join(list(OWN.values())[:-1])
    path.write_text(",".join(COLUMNS) + "\n" + row + "\n")
    fault = only_fault(path)
    assert fault.where is not None
    assert (fault.where.line, fault.where.column) == (2, len(",".join(row.split(",")[:field])) + 2)
    assert "fields" in fault.problem


def test_all_faults_come_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    bad = OWN | {"id": "mine-2", "low": "x", "published": "y", "confidence": "Z"}
    faults = faults_of(own_table(tmp_path, OWN | {"url": "ftp://a.b"}, bad, OWN))
    assert [fault.path for fault in faults] == ["url", "low", "published", "confidence", "id"]
    assert [fault.where.line for fault in faults if fault.where] == [2, 3, 3, 3, 4]


@pytest.mark.parametrize("broken", ['"never closed,b\n', '"closed"too early,b\n'])
def test_broken_quotes_are_named_where_they_open(tmp_path: Path, broken: str) -> None:
    path = own_table(tmp_path, OWN)
    path.write_text(path.read_text() + "mine-2,stock," + broken)
    fault = only_fault(path)
    assert fault.where is not None
    assert (fault.where.line, fault.where.column) == (3, 14)


def test_what_is_not_utf8_is_named_where_it_stands(tmp_path: Path) -> None:
    path = own_table(tmp_path, OWN, OWN | {"id": "größe"})
    path.write_bytes(path.read_bytes().decode().encode("latin-1"))
    fault = only_fault(path)
    assert fault.where is not None
    assert (fault.where.line, fault.where.column) == (3, 3)
    assert "UTF-8" in fault.problem


def test_an_empty_or_missing_file_is_an_error_of_the_evidence(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    with pytest.raises(EvidenceError, match=r"absent\.csv.*cannot be read"):
        load_file(tmp_path / "absent.csv")
    with pytest.raises(EvidenceError, match="cannot be read"):
        load_file(tmp_path)
    path.write_text("\n\n")
    assert only_fault(path).problem == "the table is empty"
    path.write_text(",".join(COLUMNS) + "\n")
    assert len(load_file(path)) == 0
    assert len(load_file(path).frame()) == 0


def test_a_merged_table_holds_both_in_order_and_refuses_an_id_twice(tmp_path: Path) -> None:
    shipped = load()
    own = load_file(own_table(tmp_path, OWN), name="own.csv")
    both = shipped.merged(own)
    assert both.ids() == (*shipped.ids(), "mine-1")
    joined = shipped_bytes() + (tmp_path / "own.csv").read_bytes()
    assert both.digest() == hashlib.sha256(joined).hexdigest()
    clash = load_file(own_table(tmp_path, OWN, OWN | {"id": "spc-rok-480"}), name="own.csv")
    line = 1 + [row.split(b",")[0] for row in shipped_bytes().split(b"\r\n")].index(b"spc-rok-480")
    with pytest.raises(
        EvidenceError, match=rf"own\.csv:3:1: id: 'spc-rok-480' stands already at .*:{line}:1"
    ):
        shipped.merged(clash)
    with pytest.raises(EvidenceError) as caught:
        both.merged(shipped)
    assert len(caught.value.faults) == ROWS


TEXT = st.text(alphabet='ab ,"\n\r\u2028é;', max_size=6)


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=5), st.sampled_from(["\n", "\r\n"]))
def test_every_place_is_where_the_field_begins(pairs: list[tuple[str, str]], end: str) -> None:
    # The bad cell comes last; its place is counted in the text itself.
    mark = "bad-letter"
    rows = [OWN | {"id": f"row-{n}", "munition": pair[0], "note": pair[1]} for n, pair in enumerate(pairs)]
    rows.append(rows[0] | {"id": "last", "claimant": pairs[0][1] + "x", "confidence": mark})
    text = end.join(",".join(map(quoted, row)) for row in (COLUMNS, *(row.values() for row in rows)))
    with pytest.raises(EvidenceError) as caught:
        read(text.encode(), "own.csv")
    (fault,) = caught.value.faults
    before = re.split(r"\r\n|\r|\n", text[: text.index(mark)])
    assert fault.where is not None
    assert (fault.where.line, fault.where.column) == (len(before), len(before[-1]) + 1)


def quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"' if set(text) & set(',"\n\r') else text


# The page


def test_the_page_names_every_column_letter_and_quantity() -> None:
    page = Path(__file__).parents[1] / "docs" / "evidence.md"
    text = page.read_text(encoding="utf-8")
    for word in (*COLUMNS, *QUANTITIES, "A", "B", "C", "D"):
        assert f"`{word}`" in text, word
    for row in re.findall(r"`((?:prod|cons|spc|stock|dud|log|seed|rail)-[a-z0-9-]+)`", text):
        assert row in load(), row
