"""Tables round-trip through CSV, and spreadsheets find no formulas in them."""

from __future__ import annotations

import datetime as dt
import io
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sim.results.csv_text import csv_bytes, csv_frame, escape_formula, unescape_formula
from sim.results.json_text import json_bytes, parse_json

SPREADSHEET = ("=", "+", "-", "@", "\t", "\r")


def read_by_pandas(data: bytes) -> pd.DataFrame:
    # Newer versions read every digit without being asked, and warn where they are.
    asked = tuple(map(int, pd.__version__.split(".")[:2])) < (3, 1)
    options: dict[str, Any] = {"float_precision": "round_trip"} if asked else {}
    frame: pd.DataFrame = pd.read_csv(io.BytesIO(data), **options)
    return frame


def test_the_bytes_of_a_small_table() -> None:
    frame = pd.DataFrame(
        {
            "run": np.array([0, 1], dtype=np.int64),
            "name": ["=SUM(A1)", 'a, "b"'],
            "shells": [4_000_000.0, -0.1],
            "leg": pd.array([0, None], dtype="Int64"),
            "date": pd.Series(["2024-01-31", None], dtype=object),
            "-x": [math.nan, 1e22],
        }
    )
    assert csv_bytes(frame) == (
        b'run,name,shells,leg,date,\'-x\n0,\'=SUM(A1),4000000.0,0,2024-01-31,\n1,"a, ""b""",-0.1,,,1e+22\n'
    )


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=30))
@example([5e-324, 1.7976931348623157e308, 0.1 + 0.2, 4_000_000.0, 1e16, -1e-7])
def test_floats_carry_every_digit(values: list[float]) -> None:
    back = read_by_pandas(csv_bytes(pd.DataFrame({"run": range(len(values)), "x": values})))
    assert back["x"].astype(float).tolist() == values


def test_negative_numbers_are_numbers_still() -> None:
    back = read_by_pandas(csv_bytes(pd.DataFrame({"whole": [-3, 4], "real": [-3.5, 4.0]})))
    assert back["whole"].tolist() == [-3, 4]
    assert back["real"].tolist() == [-3.5, 4.0]


def test_a_missing_whole_number_leaves_its_cell_empty() -> None:
    frame = pd.DataFrame(
        {"leg": pd.array([2, None, 0], dtype="Int64"), "x": pd.array([0.5, None, 1], "Float64")}
    )
    assert csv_bytes(frame) == b"leg,x\n2,0.5\n,\n0,1.0\n"


def test_dates_truths_and_numpy_scalars_in_mixed_columns() -> None:
    frame = pd.DataFrame(
        {"cell": pd.Series([dt.date(2024, 2, 1), True, 1, np.int64(2), 0.0, -0.0], dtype=object)}
    )
    assert csv_bytes(frame).decode().split() == ["cell", "2024-02-01", "True", "1", "2", "0.0", "-0.0"]


def test_what_has_no_text_is_refused() -> None:
    with pytest.raises(TypeError, match="list"):
        csv_bytes(pd.DataFrame({"cell": [[1], "a"]}))


def test_a_lone_empty_cell_is_a_row_still() -> None:
    frame = pd.DataFrame({"x": [1.5, math.nan, 2.5]})
    assert len(read_by_pandas(csv_bytes(frame))) == 3


@given(st.text())
@example("''=x")
@example("'plain")
@example("\t=x")
def test_a_guard_can_be_taken_off_again(text: str) -> None:
    guarded = escape_formula(text)
    assert not guarded.startswith(SPREADSHEET)
    assert unescape_formula(guarded) == text


def test_only_what_a_spreadsheet_would_run_is_guarded() -> None:
    assert escape_formula("@x") == "'@x"
    assert escape_formula("a=b") == "a=b"
    assert escape_formula("'quoted'") == "'quoted'"


names = st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), min_size=1, max_size=12
)


@given(st.lists(st.tuples(names, st.none() | names), min_size=1, max_size=8))
@example([("NA", "null"), ("007", None), ("-x", "True")])
@example([("a\r\nb", "\r"), ('"', " a ")])
def test_any_text_comes_back_from_a_file(rows: list[tuple[str, str | None]]) -> None:
    frame = pd.DataFrame(
        {
            "depot": pd.Series([depot for depot, _ in rows], dtype="str"),
            "when": pd.Series([when for _, when in rows], dtype=object),
            "run": range(len(rows)),
        }
    )
    kinds = {"depot": "text", "when": "date", "run": "whole"}
    pd.testing.assert_frame_equal(csv_frame(csv_bytes(frame), kinds.__getitem__), frame)


def test_a_table_without_rows_keeps_its_columns() -> None:
    frame = csv_frame(b"depot,leg,x\n", {"depot": "text", "leg": "whole or none", "x": "number"}.__getitem__)
    assert frame.shape == (0, 3)
    assert csv_bytes(frame) == b"depot,leg,x\n"


@pytest.mark.parametrize("data", [b"", b"x\n\xff\n", b"x\nword\n", b"x\n1,2,3\n"])
def test_what_is_no_such_table_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        csv_frame(data, lambda _: "number")


def test_json_is_utf8_with_a_line_end_and_never_nan() -> None:
    assert json_bytes({"b": "Донецьк", "a": 0.1}) == '{\n  "b": "Донецьк",\n  "a": 0.1\n}\n'.encode()
    with pytest.raises(ValueError, match="JSON"):
        json_bytes({"x": math.nan})


def test_a_lone_surrogate_survives_json() -> None:
    assert parse_json(json_bytes({"title": "a\ud800b"})) == {"title": "a\ud800b"}


@pytest.mark.parametrize("data", [b"[1]", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_map_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_json(data)
