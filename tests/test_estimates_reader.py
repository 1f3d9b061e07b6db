"""Read a table of estimates from a file: valid content, and messages with positions."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import EvidenceError, Fault, Where
from sim.evidence import COLUMNS, compare, load, load_file, render
from sim.evidence.estimates_reader import read_estimates
from tests.support.evidence_rows import shipped_bytes

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
    "family": "own-count",
    "derived_from": "",
    "counts": "artillery",
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
        ("high", "1.1e15", "is not a number from 0 to 1e15"),
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
        ("family", "Own count", "is not a single word"),
        ("counts", "Shells", "is not a single word"),
        ("derived_from", "a,b", "is not a list of distinct ids"),
        ("derived_from", "mine-1; mine-1", "is not a list of distinct ids"),
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


def test_the_columns_of_families_may_be_left_out(tmp_path: Path) -> None:
    row = load_file(own_table(tmp_path, OWN, columns=COLUMNS[:15]))["mine-1"]
    assert (row.family, row.derived_from, row.counts) == ("", (), "")
    fault = only_fault(own_table(tmp_path, OWN, columns=(*COLUMNS[:15], "familly")))
    assert (fault.problem, fault.nearest) == ("unknown column 'familly'", "family")


@pytest.mark.parametrize("text", ["mine-1 mine-2", "mine-1;mine-2", " mine-1 ;  mine-2; "])
def test_ids_of_derived_from_stand_apart_by_spaces_or_semicolons(tmp_path: Path, text: str) -> None:
    rows = [OWN, OWN | {"id": "mine-2"}, OWN | {"id": "mine-3", "derived_from": text}]
    assert load_file(own_table(tmp_path, *rows))["mine-3"].derived_from == ("mine-1", "mine-2")


def test_a_circle_of_derived_rows_is_one_message_at_its_first_row(tmp_path: Path) -> None:
    derived = {"mine-1": "", "mine-2": "mine-4", "mine-3": "mine-2 mine-1", "mine-4": "mine-3"}
    rows = [OWN | {"id": name, "derived_from": bases} for name, bases in derived.items()]
    fault = only_fault(own_table(tmp_path, *rows))
    says = "derives from itself: mine-2 from mine-4 from mine-3 from mine-2"
    assert (fault.problem, fault.where) == (says, Where("own.csv", 3, 1))
    own = OWN | {"derived_from": "mine-1"}
    assert only_fault(own_table(tmp_path, own)).problem == "derives from itself"


def test_an_id_of_derived_from_is_looked_up_in_both_tables(tmp_path: Path) -> None:
    known = OWN | {"derived_from": "spc-rok-480 mine-2"}
    other = OWN | {"id": "mine-2"}
    table = load().merged(load_file(own_table(tmp_path, known, other)))
    assert table["mine-1"].derived_from == ("spc-rok-480", "mine-2")
    unknown = load_file(own_table(tmp_path, OWN | {"derived_from": "spc-rok-48"}), name="own.csv")
    with pytest.raises(EvidenceError) as caught:
        load().merged(unknown)
    (fault,) = caught.value.faults
    assert isinstance(fault, Fault)
    assert (fault.problem, fault.nearest) == ("unknown row 'spc-rok-48'", "spc-rok-480")
    assert (fault.where, fault.path) == (Where("own.csv", 2, 1), "derived_from")


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


def test_a_semicolon_in_a_cell_is_no_other_separator_and_hides_no_fault(tmp_path: Path) -> None:
    fault = only_fault(own_table(tmp_path, OWN, OWN | {"id": "mine;2"}))
    assert (fault.path, fault.where) == ("id", Where("own.csv", 3, 1))


def test_a_header_of_a_single_field_is_named_where_it_begins(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("\nid\nmine-1\n")
    fault = only_fault(path)
    assert fault.where == Where("own.csv", 2, 1)
    assert "a single field" in fault.problem


@pytest.mark.parametrize(("extra", "field"), [(",more", 18), ("", 16)])
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
    assert len(caught.value.faults) == len(shipped)


TEXT = st.text(alphabet='ab ,"\n\r\u2028é;', max_size=6)


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=5), st.sampled_from(["\n", "\r\n"]))
def test_every_place_is_where_the_field_begins(pairs: list[tuple[str, str]], end: str) -> None:
    # The bad cell comes last; its place is counted in the text itself.
    mark = "bad-letter"
    rows = [OWN | {"id": f"row-{n}", "munition": pair[0], "note": pair[1]} for n, pair in enumerate(pairs)]
    rows.append(rows[0] | {"id": "last", "claimant": pairs[0][1] + "x", "confidence": mark})
    text = end.join(",".join(map(quoted, row)) for row in (COLUMNS, *(row.values() for row in rows)))
    with pytest.raises(EvidenceError) as caught:
        read_estimates(text.encode(), "own.csv")
    (fault,) = caught.value.faults
    before = re.split(r"\r\n|\r|\n", text[: text.index(mark)])
    assert fault.where is not None
    assert (fault.where.line, fault.where.column) == (len(before), len(before[-1]) + 1)


def quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"' if set(text) & set(',"\n\r') else text
