"""The shipped table is whole, is a thing of Python, and is what its page says."""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import pickle
import re
import subprocess
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sim import evidence
from sim.evidence import COLUMNS, find, load
from sim.evidence.estimate import OPTIONAL_COLUMNS
from tests.support.evidence_rows import shipped_bytes, shipped_cells

ROWS = 231
TEXT_COLUMNS = (
    *("quantity", "munition", "unit", "claimant", "publisher", "url", "confidence", "note"),
    *("family", "counts"),
)
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


#: Whose counting it is; docs/evidence.md defines each.
FAMILIES = {
    *("kyiv-fire", "western-fire", "rusi-fire", "european-pleas", "analyst-fire"),
    *("kyiv-output", "western-output", "analyst-output", "moscow", "western-stock", "analyst-stock"),
    *("seoul-containers", "washington-containers", "seoul-shells", "ship-watch", "trade-data"),
    *("kyiv-imports", "western-imports", "analyst-imports", "belarus-railway"),
    *("transport", "kyiv-losses", "open-sources", "wagner"),
}
COUNTS = {
    *("munitions", "artillery", "tube-rounds", "rounds-152", "rounds-122", "rockets-122"),
    *("ammunition", "components", "containers", "tonnes", "voyages", "wagons", "sites", "guns", "barrels"),
}
#: Rows that count nothing: times, speeds and distances.
WITHOUT_COUNTS = {
    *("iran-caspian-transit-6d", "log-himars-100km", "log-tikhoretsk-route-290"),
    *("rail-tsr-express-7d", "rail-tsr-regular-11to20d", "rail-speed-2024-avg-35p7kmh"),
    *("rail-speed-2015-avg-345", "rail-speed-2015-block-521", "rail-speed-2015-fareast-437"),
    *("rail-speed-2019-container-1058", "transit-first-voyage-to-depot-43d"),
    *("transit-total-wh-24d", "transit-wh-load-to-train-20d"),
}
#: SHA-256 of the fifteen columns that the table had before `family`, line by line.
FIRST_COLUMNS = "ac31f7944d6e3828c96d08be550909a71021381d967362beb89f989b56f65dcb"


# The shipped table


def test_every_row_of_the_file_is_in_the_table_cell_by_cell_in_its_order() -> None:
    cells = shipped_cells()
    table = load()
    assert len(cells) == len(table) == ROWS
    assert list(table) == list(table.ids()) == [row["id"] for row in cells]
    for row in cells:
        read = table[row["id"]]
        for column in TEXT_COLUMNS:
            assert getattr(read, column) == row[column]
        assert " ".join(read.derived_from) == row["derived_from"]
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


def test_the_first_fifteen_columns_kept_their_order_and_bytes() -> None:
    lines = [line.rsplit(b",", 3)[0] for line in shipped_bytes().split(b"\r\n")]
    assert lines[0].decode() == ",".join(COLUMNS[:15])
    assert COLUMNS[15:] == OPTIONAL_COLUMNS == ("family", "derived_from", "counts")
    assert hashlib.sha256(b"\r\n".join(lines)).hexdigest() == FIRST_COLUMNS


def test_every_row_has_a_family_and_says_what_it_counts() -> None:
    rows = list(load().values())
    assert {row.family for row in rows} == FAMILIES
    assert {row.id for row in rows if not row.counts} == WITHOUT_COUNTS
    assert {row.counts for row in rows} - {""} == COUNTS


@pytest.mark.parametrize(
    ("row", "figure"),
    [
        ("spc-rok-152mm-400", 2_000_000 / 5_000),
        ("spc-rok-122mm-80", 400_000 / 5_000),
        ("spc-rok-480", 4_800_000 / 10_000),
        ("spc-rok-mnd-152-448", 3_000_000 / 6_700),
        ("spc-rok-mnd-122mlrs-75", 500_000 / 6_700),
        ("belarus-avg-10121t-month", 131_582 / 13),
        ("prod-2023-02-salm-300k-month", 10_000 * 30),
        ("prod-2024-total-supply-4m", 1_300_000 + 800_000 + 2_000_000),
        ("prod-2024-02-rusi-6k-day", 15_000 - 9_000),
        ("cons-2022-avg-30k", 10_000_000 / 328),
        ("cons-2023-01-cnn-drop-75pct", 1 - 5_000 / 20_000),
        ("cons-2023-rusi-7m", 7_000_000),
        ("cons-2023-03-reznikov-440k-month", 15_000 * 30),
        ("cons-2023-10-nis-1m-two-months", 1_000_000 / 61),
        ("stock-2023-01-233-days", (17_000_000 - 10_000_000) / 30_000),
        ("dprk-iiss-one-month", 30 * 10_000),
        ("log-c4ads-tonnes-per-container", 74_000 / 6_700),
        ("log-gross-per-122-round", 62_000 / 1_184),
        ("log-gross-per-152-round", 61_000 / 792),
        ("dprk-prod-6months-1m", 2 * 1_000_000),
    ],
)
def test_a_derived_figure_follows_from_its_rows_to_rounding(row: str, figure: float) -> None:
    read = load()[row]
    assert read.derived_from
    given = next(number for number in (read.central, read.low, read.high) if number is not None)
    assert given == pytest.approx(figure, rel=0.03)


def test_a_derived_row_uses_no_number_published_later() -> None:
    table = load()
    for row in table.values():
        for base in (table[name] for name in row.derived_from):
            if row.published is None or base.published is None:
                continue
            # The count of 2 November 2023 became known to the table through a paper of 6 November.
            late = (base.published - row.published).days
            assert late <= 4, (row.id, base.id)


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
    derived = frame.set_index("id").loc["spc-rok-480"]
    assert derived["derived_from"] == "dprk-shells-2024-06-ki-4p8m dprk-cont-2024-06-14-10000"
    assert (derived["family"], derived["counts"]) == ("seoul-shells", "artillery")
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


# The page


def test_the_page_names_every_column_letter_and_quantity() -> None:
    page = Path(__file__).parents[1] / "docs" / "evidence.md"
    text = page.read_text(encoding="utf-8")
    for word in (*COLUMNS, *QUANTITIES, *FAMILIES, *COUNTS, "A", "B", "C", "D"):
        assert f"`{word}`" in text, word
    for row in re.findall(r"`((?:prod|cons|spc|stock|dud|log|seed|rail)-[a-z0-9-]+)`", text):
        assert row in load(), row
