"""A value of a scenario held against the estimate that it cites."""

from __future__ import annotations

import pytest

from sim.evidence import compare, load
from tests.support.evidence_rows import estimate


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
