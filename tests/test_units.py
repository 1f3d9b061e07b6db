"""Quantities as people write them: the grammar by hand, and whatever can be written reads back."""

from __future__ import annotations

import datetime as dt
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.units import Amount, Unit, UnitError, parse, parse_date

MONTH = 365.25 / 12


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("0", 0, Unit.NUMBER),
        ("7", 7, Unit.NUMBER),
        ("0.5", 0.5, Unit.NUMBER),
        ("-3%", -0.03, Unit.SHARE),
        ("1e6", 1e6, Unit.NUMBER),
        ("1E+6", 1e6, Unit.NUMBER),
        ("2.5e-3", 0.0025, Unit.NUMBER),
        ("1e3k", 1e6, Unit.NUMBER),
        ("60k", 60_000, Unit.NUMBER),
        ("60 k", 60_000, Unit.NUMBER),
        ("2.3M", 2_300_000, Unit.NUMBER),
        ("0.29M", 290_000, Unit.NUMBER),
        ("1.1bn", 1_100_000_000, Unit.NUMBER),
        ("  4M  ", 4_000_000, Unit.NUMBER),
        ("0.7%", 0.007, Unit.SHARE),
        ("70 %", 0.7, Unit.SHARE),
        ("1k%", 10, Unit.SHARE),
        ("1 shell", 1, Unit.SHELLS),
        ("250k shells", 250_000, Unit.SHELLS),
        ("12rounds", 12, Unit.SHELLS),
        ("1 round", 1, Unit.SHELLS),
        ("300 containers", 300, Unit.CONTAINERS),
        ("1container", 1, Unit.CONTAINERS),
        ("77 kg", 77, Unit.KILOGRAMS),
        ("1.1t", 1100, Unit.KILOGRAMS),
        ("10 kt", 1e7, Unit.KILOGRAMS),
        ("2k t", 2e6, Unit.KILOGRAMS),
        ("86400 s", 1, Unit.DAYS),
        ("1440 min", 1, Unit.DAYS),
        ("1440 mins", 1, Unit.DAYS),
        ("36 h", 1.5, Unit.DAYS),
        ("36 hours", 1.5, Unit.DAYS),
        ("1 day", 1, Unit.DAYS),
        ("16 days", 16, Unit.DAYS),
        ("2 weeks", 14, Unit.DAYS),
        ("12 months", 365.25, Unit.DAYS),
        ("1 year", 365.25, Unit.DAYS),
        ("60k/day", 60_000, Unit.NUMBER_A_DAY),
        ("60k / day", 60_000, Unit.NUMBER_A_DAY),
        ("2.5M/year", 2_500_000 / 365.25, Unit.NUMBER_A_DAY),
        ("2.5M shells/years", 2_500_000 / 365.25, Unit.SHELLS_A_DAY),
        ("10 rounds/min", 14_400, Unit.SHELLS_A_DAY),
        ("1/s", 86_400, Unit.NUMBER_A_DAY),
        ("7/week", 1, Unit.NUMBER_A_DAY),
        ("1000 containers/month", 1000 / MONTH, Unit.CONTAINERS_A_DAY),
        ("10 kt/month", 1e7 / MONTH, Unit.KILOGRAMS_A_DAY),
        ("1e15", 1e15, Unit.NUMBER),
    ],
)
def test_a_quantity_in_base_units(text: str, value: float, unit: Unit) -> None:
    assert parse(text) == Amount(value, unit)


@pytest.mark.parametrize(
    ("text", "word", "near"),
    [
        ("", "missing", ""),
        ("no", "not a quantity", ""),
        ("banana", "not a quantity", ""),
        ("+5", "not a quantity", ""),
        (".5", "not a quantity", ""),
        ("5.", "not a quantity", ""),
        ("--5", "not a quantity", ""),
        ("5 5", "not grouped", ""),
        ("1,000", "not grouped", "1000"),
        ("1,5", "not grouped", ""),
        ("1_000", "not grouped", "1000"),
        ("1'000", "not grouped", "1000"),
        ("1.000.000", "not grouped", "1000000"),
        ("010", "begin with 0", ""),
        ("-007", "begin with 0", ""),
        ("00", "begin with 0", ""),
        ("0o7", "not a quantity", ""),
        ("1:30", "not a duration", ""),
        ("12:30:00", "not a duration", ""),
        ("inf", "finite", ""),
        ("-.inf", "finite", ""),
        ("NaN", "finite", ""),
        (".nan", "finite", ""),
        ("1e16", "too large", ""),
        ("2e6bn", "too large", ""),
        ("-1e16", "too large", ""),
        ("1e999", "too large", ""),
        ("1e-400", "too small", ""),
        ("1e5000", "not a quantity", ""),
        ("0." + "0" * 400 + "1", "not a quantity", ""),
        ("7" * 5000, "not a quantity", ""),
        ("\u0661\u0662", "not a quantity", ""),
        ("\uff15 days", "not a quantity", ""),
        ("5\u00a0days", "not a quantity", ""),
        ("5\tdays", "not a quantity", ""),
        ("5\ndays", "not a quantity", ""),
        ("5 parsecs", "unknown unit 'parsecs'", ""),
        ("5 dasy", "unknown unit 'dasy'", "day"),
        ("5 Days", "unknown unit 'Days'", "day"),
        ("5 shels", "unknown unit 'shels'", "shell"),
        ("5 tonnes", "unknown unit 'tonnes'", "t"),
        ("5 m", "unknown unit 'm'", "M, min or month"),
        ("5K", "unknown unit 'K'", "k"),
        ("5Mio", "unknown unit 'Mio'", "M"),
        ("2.5Mshells", "unknown unit 'Mshells'", "shell"),
        ("60k/dya", "unknown period 'dya'", "day"),
        ("60k/", "not a quantity", ""),
        ("60k//day", "not a quantity", ""),
        ("60k/day/day", "not a quantity", ""),
        ("60k/2 days", "not a quantity", ""),
        ("60k/%", "not a quantity", ""),
        ("3%/month", "a share has no period", ""),
        ("5 days/day", "a duration has no period", ""),
        ("5 days ago", "not a quantity", ""),
        ("5 days\x00", "not a quantity", ""),
    ],
)
def test_what_is_no_quantity_says_why(text: str, word: str, near: str) -> None:
    with pytest.raises(UnitError) as caught:
        parse(text)
    assert word in caught.value.problem
    assert caught.value.nearest == near
    assert caught.value.allowed
    assert len(caught.value.problem) < 200


NUMBERS = st.integers(0, 10**9) | st.floats(0, 1e6, allow_nan=False).map(lambda x: round(x, 6))
UNITS = {
    "": (Unit.NUMBER, 1.0),
    " shells": (Unit.SHELLS, 1.0),
    " containers": (Unit.CONTAINERS, 1.0),
    " kt": (Unit.KILOGRAMS, 1e6),
    "%": (Unit.SHARE, 0.01),
    " min": (Unit.DAYS, 1 / 1440),
    " weeks": (Unit.DAYS, 7.0),
}
PERIODS = {"h": 1 / 24, "day": 1.0, "week": 7.0, "month": MONTH, "year": 365.25}


@given(number=NUMBERS, unit=st.sampled_from(list(UNITS)))
def test_a_number_with_a_unit_reads_back(number: float, unit: str) -> None:
    expected, one = UNITS[unit]
    amount = parse(f"{number!r}{unit}")
    assert amount.unit is expected
    assert amount.value == pytest.approx(number * one, rel=1e-15)


@given(
    number=NUMBERS,
    unit=st.sampled_from(["", " shells", " containers", " kt"]),
    period=st.sampled_from(list(PERIODS)),
)
def test_a_rate_is_a_number_by_its_period(number: float, unit: str, period: str) -> None:
    amount = parse(f"{number!r}{unit}/{period}")
    assert amount.unit == f"{UNITS[unit][0]}/day"
    assert amount.value == pytest.approx(number * UNITS[unit][1] / PERIODS[period], rel=1e-14)


@given(digits=st.integers(0, 10**6), places=st.integers(0, 6), multiple=st.sampled_from(["k", "M", "bn"]))
def test_a_multiple_moves_the_point_and_rounds_nothing(digits: int, places: int, multiple: str) -> None:
    power = {"k": 3, "M": 6, "bn": 9}[multiple]
    text = f"{digits / 10**places:.{places}f}{multiple}"
    if places <= power:
        assert parse(text).value == digits * 10 ** (power - places)
    else:
        assert parse(text).value == digits / 10 ** (places - power)


@given(text=st.text(max_size=70))
def test_any_text_is_a_quantity_or_an_error_of_ours(text: str) -> None:
    for read in (parse, parse_date):
        try:
            read(text)
        except UnitError as error:
            assert error.problem.isprintable()  # noqa: PT017 - either way is right


@given(date=st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31)))
def test_a_date_reads_back(date: dt.date) -> None:
    assert parse_date(date.isoformat()) == date


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("2026-02-30", "not in the calendar"),
        ("2023-02-29", "not in the calendar"),
        ("2023-13-01", "not in the calendar"),
        ("2023-00-01", "not in the calendar"),
        ("1899-12-31", "too far away"),
        ("2200-01-01", "too far away"),
        ("0000-01-01", "not in the calendar"),
        ("2023-9-1", "not a date"),
        ("20230901", "not a date"),
        ("2023-09-01T00:00", "not a date"),
        ("2023-W35-5", "not a date"),
        ("01.09.2023", "not a date"),
        ("\u0662\u0660\u0662\u0663-09-01", "not a date"),
        ("", "not a date"),
        ("2023-09-01\n", "not a date"),
    ],
)
def test_what_is_no_date_says_why(text: str, word: str) -> None:
    with pytest.raises(UnitError, match=word):
        parse_date(text)


def test_an_error_of_units_travels() -> None:
    error = pickle.loads(pickle.dumps(UnitError("a", "b", "c")))  # noqa: S301 - our own
    assert (error.problem, error.allowed, error.nearest) == ("a", "b", "c")
