"""Numbers, shares, rates, dates and paths as text."""

from __future__ import annotations

import ast
import datetime as dt
import math
import re
from pathlib import Path

import pytest

from sim import formatting
from sim.formatting import number_format


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (17_349.0, "17,300"),
        (2_484_300.0, "2,480,000"),
        (100.4, "100"),
        (99.4, "99.4"),
        (-45.67, "-45.7"),
        (3.14159, "3.14"),
        (0.0123456, "0.0123"),
        # Rounded up to a power of ten: still three figures.
        (999.6, "1,000"),
        (99.96, "100"),
        (-99.96, "-100"),
        (9.996, "10.0"),
        (0.09996, "0.100"),
        (math.inf, "inf"),
    ],
)
def test_a_rounded_number_has_three_significant_figures(value: float, text: str) -> None:
    assert formatting.rounded(value) == text


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(45.67, 2, "46"), (9.96, 2, "10"), (4.567, 2, "4.6"), (123_456.0, 4, "123,500"), (99.996, 4, "100.0")],
)
def test_a_number_is_rounded_to_as_many_figures_as_wanted(value: float, digits: int, text: str) -> None:
    assert formatting.rounded(value, digits) == text


def test_a_rounded_value_is_the_number_that_is_written() -> None:
    assert formatting.rounded_value(17_349.0) == 17_300.0
    assert formatting.rounded_value(-0.0123456, 2) == -0.012
    assert formatting.rounded_value(0.0) == 0.0
    assert formatting.rounded_value(math.inf) == math.inf


@pytest.mark.parametrize(
    ("value", "text"),
    [(1_234_567.0, "1,234,567"), (-1_234.4, "-1,234"), (-0.4, "0"), (0.4, "0"), (-0.6, "-1")],
)
def test_a_whole_number_has_separators_and_zero_no_sign(value: float, text: str) -> None:
    assert formatting.integer(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (1.29, "1.3"),
        (9.96, "10"),
        (94.8, "95"),
        (0.5, "0.5"),
        (0.372, "0.37"),
        (999.4, "999"),
        (999.6, "1,000"),
        (-12.7, "−13"),
        (2_277_739.137, "2.28M"),
    ],
)
def test_a_count_of_things_has_no_decimals_from_ten_on(value: float, text: str) -> None:
    assert formatting.count_text(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(13_750.4, "13,800"), (7_096.0, "7,100"), (94.84, "94.8"), (9.0, "9"), (0.4321, "0.432"), (0.0, "0")],
)
def test_a_figure_of_runs_has_three_digits(value: float, text: str) -> None:
    assert formatting.significant(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2_277_739.137, "2,278,000"),
        (1_234.5, "1,234.5"),
        (6_844.627, "6,845"),
        (1 / 30, "0.03333"),
        # A whole number keeps all digits.
        (1_234_567.0, "1,234,567"),
        (0.0, "0"),
        (-1.5, "-1.5"),
        (math.inf, "inf"),
    ],
)
def test_a_converted_number_has_four_digits_and_one_that_was_written_all(value: float, text: str) -> None:
    assert formatting.plain_number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (2_484_300.0, "2.484M"),
        (-2_484_300.0, "-2.484M"),
        (1e6, "1M"),
        (1e9, "1bn"),
        (3.25e9, "3.25bn"),
        (987_654.0, "987,700"),
        # Rounded up to the next unit.
        (999_960.0, "1M"),
        (999_940.0, "999,900"),
        (999_960_000.0, "1bn"),
        (9.99996, "10"),
        (2.5, "2.5"),
        (12_345.6, "12,350"),
        (1.23456, "1.235"),
        (0.0123456, "0.01235"),
    ],
)
def test_four_figures_are_in_millions_or_billions_where_large(value: float, text: str) -> None:
    assert formatting.four_figures(value) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0 %"),
        (0.0099, "under 1 %"),
        (0.01, "1 %"),
        (0.354, "35 %"),
        (0.99, "99 %"),
        (0.9901, "over 99 %"),
        (1.0, "100 %"),
    ],
)
def test_a_percentage_never_rounds_to_none_or_all(share: float, text: str) -> None:
    assert formatting.percent(share) == text


def test_an_exact_percentage_has_four_figures() -> None:
    assert formatting.exact_percent(0.975) == "97.5 %"
    assert formatting.exact_percent(0.123456) == "12.35 %"


@pytest.mark.parametrize(
    ("shares", "texts"),
    [
        ((0.2, 0.5), ("20 %", "50 %")),
        ((0.351, 0.354), ("35.1 %", "35.4 %")),
        ((0.354, 0.351), ("35.4 %", "35.1 %")),
        # Equal shares look the same.
        ((0.354, 0.354), ("35 %", "35 %")),
        ((0.992, 0.996), ("99.2 %", "99.6 %")),
    ],
)
def test_shares_that_differ_look_different(shares: tuple[float, float], texts: tuple[str, str]) -> None:
    assert formatting.distinct_percents(*shares) == texts


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (9_500.0, "9,500"),
        (9_994.9, "9,990"),
        # Three figures of 9,995.4 are 10,000.
        (9_995.4, "10k"),
        (9_996.0, "10k"),
        (20_000.0, "20k"),
        (999_499.0, "999k"),
        # Three figures of 0.9995 million are 1.00.
        (999_500.0, "1M"),
        (3.4e6, "3.4M"),
        (2.5e9, "2.5bn"),
        # Half of the last figure is rounded up, as the one before is odd.
        (2.375e9, "2.38bn"),
        (9.99e14, "999,000bn"),
        (1e15, "1e+15"),
        (-0.25, "−0.25"),
        (-20_000.0, "−20k"),
        (1e-4, "0.0001"),
        (5e-5, "5e−05"),
        (-5e-5, "−5e−05"),
    ],
)
def test_a_compact_number_has_a_letter_where_large_and_a_true_minus(value: float, text: str) -> None:
    assert formatting.compact(value) == text


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ([], []),
        ([0.0, 999.0], ["0", "999"]),
        ([0.0, 1_000.0], ["0", "1k"]),
        ([0.0, 5e5, 1e6], ["0", "0.5M", "1M"]),
        ([-1e9, 5e8], ["-1bn", "0.5bn"]),
    ],
)
def test_the_labels_of_an_axis_share_the_unit_of_the_largest(values: list[float], labels: list[str]) -> None:
    assert formatting.axis_labels(values) == labels


def test_dates_are_the_same_in_every_locale() -> None:
    first, last = dt.date(2024, 1, 5), dt.date(2023, 12, 31)
    assert (formatting.long_date(first), formatting.short_date(first)) == ("5 January 2024", "5 Jan 2024")
    assert (formatting.long_date(last), formatting.month_name(last)) == ("31 December 2023", "December 2023")


@pytest.mark.parametrize(
    ("note", "sentence"),
    [
        ("the stock is old", "The stock is old."),
        ("a.yaml is old", "a.yaml is old."),
        ("done already!", "Done already!"),
        ("It is done.", "It is done."),
        ("is it?", "Is it?"),
    ],
)
def test_a_note_becomes_a_sentence_unless_it_starts_with_a_file(note: str, sentence: str) -> None:
    assert formatting.as_sentence(note) == sentence


@pytest.mark.parametrize(
    ("unit", "path", "value", "text"),
    [
        # 3.4M a year of 365.25 days; 1,000 a month of 30.4375 days.
        ("shells/day", "production.russia.rate", 3.4e6 / 365.25, "3.4M a year"),
        ("shells/day", "consumption.front.rate", 20e3, "20k a day"),
        ("containers/day", "", 1000 / 30.4375, "1,000 containers a month"),
        ("kg/day", "", 10e6 / 30.4375, "10k t a month"),
        ("number/day", "", 20 / 30.4375, "20 a month"),
        ("kg", "", 1_500.0, "1.5 t"),
        ("share", "", 0.35, "35 %"),
        ("days", "", 1.0, "1 day"),
        ("days", "", 12.0, "12 days"),
        ("date", "", float(dt.date(2023, 11, 14).toordinal()), "14 Nov 2023"),
        ("shells", "", 4e6, "4M"),
        ("furlongs", "", 7.0, "7"),
    ],
)
def test_a_number_is_written_in_the_unit_that_people_use(
    unit: str, path: str, value: float, text: str
) -> None:
    assert number_format(unit, path).text(value) == text


def test_money_is_named_by_its_currency_where_the_scenario_has_one() -> None:
    money, a_day = number_format("money"), number_format("money/day")
    assert (money.in_currency("EUR").noun, a_day.in_currency("EUR").noun) == ("EUR", "EUR a year")
    assert (money.in_currency(""), a_day.in_currency("")) == (money, a_day)
    assert number_format("shells").in_currency("EUR").noun == "shells"


def test_ticks_of_a_share_are_in_percent_and_have_a_true_minus() -> None:
    assert number_format("share").marks([-50.0, 0.0, 50.0]) == ["−50 %", "0 %", "50 %"]
    assert number_format("shells").marks([-2e6, 1e6]) == ["−2M", "1M"]


ROOT = Path(__file__).parent.parent / "sim"
SENTENCES = [path for room in ("findings", "charts") for path in sorted((ROOT / room).glob("*.py"))]
#: Formats with a decimal or thousands sign: ``,`` or a number of decimals or digits.
SIGNED_FORMAT = re.compile(r",|\.[1-9]|[fg]$")
#: Numbers in messages about sizes of charts, which no chart shows.
NOT_DRAWN = {"style.py"}


@pytest.mark.parametrize("path", SENTENCES, ids=lambda path: path.stem)
def test_every_number_of_a_sentence_follows_the_language(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    localised = {
        id(part)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in {"localised", "float"}
        for part in ast.walk(call)
    }
    formats = [
        "".join(str(part.value) for part in ast.walk(node.format_spec) if isinstance(part, ast.Constant))
        for node in ast.walk(tree)
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None and id(node) not in localised
    ]
    found = [spec for spec in formats if SIGNED_FORMAT.search(spec) and spec not in {".0f", "g"}]
    assert path.name in NOT_DRAWN or found == [], "use sim.formatting, or localised()"
