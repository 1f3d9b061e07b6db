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
from tests.support.evidence_rows import shipped_bytes, shipped_cells

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


# The page


def test_the_page_names_every_column_letter_and_quantity() -> None:
    page = Path(__file__).parents[1] / "docs" / "evidence.md"
    text = page.read_text(encoding="utf-8")
    for word in (*COLUMNS, *QUANTITIES, "A", "B", "C", "D"):
        assert f"`{word}`" in text, word
    for row in re.findall(r"`((?:prod|cons|spc|stock|dud|log|seed|rail)-[a-z0-9-]+)`", text):
        assert row in load(), row
