"""Claims matched with observables: each row of the shipped table is accounted for, and the readings are those
of the docs."""

from __future__ import annotations

import csv
import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest

import sim
from sim.account import Kind
from sim.auditing import (
    Bound,
    Match,
    Matching,
    NotComparable,
    ReadingKind,
    Reason,
    families,
    independent_claims,
    match,
    readings,
)
from sim.auditing.independence import office_of
from sim.evidence import Estimate, load
from sim.observables import Conversion, Cumulative, Flow, Level, Measure, Selection, Window, WindowRatio
from sim.scenario.scenario import Scenario
from sim.units import Unit
from tests.support.evidence_rows import estimate

OCTOBER, JUNE = dt.date(2023, 10, 17), dt.date(2024, 6, 30)
DOCS = Path(__file__).parents[1] / "docs"


@pytest.fixture(scope="module")
def war() -> Scenario:
    return sim.load("scenarios/war-2024-06.yaml")


@pytest.fixture(scope="module")
def matching(war: Scenario) -> Matching:
    return match(load(), war)


@pytest.fixture(scope="module")
def by_id(matching: Matching) -> Mapping[str, Match | NotComparable]:
    return {row.estimate.id: row for row in matching.rows}


def matched(row: Match | NotComparable) -> Match:
    assert isinstance(row, Match), row
    return row


def refused(row: Match | NotComparable) -> NotComparable:
    assert isinstance(row, NotComparable), row
    return row


# The shipped table


def test_every_row_is_matched_or_not_comparable_with_a_sentence(matching: Matching) -> None:
    assert [row.estimate.id for row in matching.rows] == list(load())
    assert len(matching.matched) == 87
    assert matching.counts() == {
        Reason.NO_NUMBER: 5,
        Reason.ZERO: 1,
        Reason.NO_OBSERVATION: 3,
        Reason.INPUT: 21,
        Reason.NO_FLOW: 76,
        Reason.OTHER_UNIT: 7,
        Reason.HOUR: 1,
        Reason.BASE_UNCLEAR: 7,
        Reason.MUNITION: 13,
        Reason.HORIZON: 2,
        Reason.DERIVED: 8,
    }
    assert len(matching.matched) + sum(matching.counts().values()) == 231
    for row in matching.not_comparable:
        assert re.fullmatch(r"[a-z][^\n]{10,}[^.\n]", row.sentence), row.sentence


def test_as_of_a_date_later_rows_are_refused_by_their_date(war: Scenario) -> None:
    table = load()
    for as_of in (OCTOBER, JUNE):
        found = match(table, war, as_of=as_of)
        late = {row.estimate.id for row in found.not_comparable if row.reason is Reason.LATER}
        assert late == {row.id for row in table.values() if row.published is None or row.published > as_of}
    undated = next(row for row in found.rows if row.estimate.id == "log-teu-gross-29t")
    assert "no date of publication" in refused(undated).sentence


def test_a_derived_row_counts_where_its_base_was_published_later(war: Scenario) -> None:
    # Seoul's conversion of 2 November 2023 is known here through a count of 6 November.
    rows = load()
    base = rows["dprk-cont-2023-11-06-jcs-2000"]
    own = estimate(
        id="dprk-conversion",
        quantity="shipments_cumulative_shells",
        high=1e6,
        period_start=base.period_start,
        period_end=base.period_end,
        published=dt.date(2023, 11, 2),
        derived_from=(base.id,),
        counts="artillery",
    )
    table = {base.id: base, own.id: own}
    late = match(table, war, as_of=dt.date(2023, 11, 3)).rows[1]
    assert matched(late).bound is Bound.AT_MOST
    assert independent_claims([matched(late)]).independent == ()
    known = refused(match(table, war, as_of=dt.date(2023, 11, 6)).rows[1])
    assert (known.reason, known.sentence) == (
        Reason.DERIVED,
        "it derives from dprk-cont-2023-11-06-jcs-2000, which is comparable itself",
    )


@pytest.mark.parametrize(
    ("row", "reason", "says"),
    [
        ("prod-2023-summer-budanov-turn", Reason.NO_NUMBER, "no number"),
        ("cons-2022-06-reznikov-1000h", Reason.HOUR, "an hour of a peak"),
        ("prod-2024-putin-x20", Reason.BASE_UNCLEAR, "the period that it is over"),
        ("prod-prewar-nyt-1m", Reason.HORIZON, "2022-01-01 to 2022-02-23, are outside the scenario"),
        ("prod-2022-cranny-1m", Reason.MUNITION, "152mm rounds alone, and the scenario has shells"),
        ("dprk-shells-2023-11-122-200k", Reason.MUNITION, "rockets-122"),
        ("prod-2024-cranny-4m-all", Reason.MUNITION, "ammunition (all ammunition types)"),
        ("cons-2023-rusi-7m", Reason.DERIVED, "cons-2023-watling-7m"),
        ("stock-runout-insider-end2022", Reason.OTHER_UNIT, "'year'"),
        ("stock-2023-01-233-days", Reason.OTHER_UNIT, "'days of fire'"),
        ("belarus-2024-02-exhausted", Reason.ZERO, "off by no factor"),
        ("prod-2024-hur-plan-2p7m", Reason.NO_OBSERVATION, "a Russian plan"),
        ("iran-2022-09-contract-74k", Reason.NO_OBSERVATION, "a contract"),
        ("spc-rok-480", Reason.INPUT, "an input of the scenario"),
        ("log-wagon-64t", Reason.NO_FLOW, "logistics"),
        ("cons-ratio-2024-04-cavoli-5", Reason.NO_FLOW, "other"),
    ],
)
def test_a_row_that_is_not_comparable_says_why(
    by_id: Mapping[str, Match | NotComparable], row: str, reason: Reason, says: str
) -> None:
    found = refused(by_id[row])
    assert found.reason is reason
    assert says in found.sentence


def rate(kinds: tuple[Kind, ...], first: str, last: str) -> Flow:
    window = Window(dt.date.fromisoformat(first), dt.date.fromisoformat(last))
    return Flow(kinds=kinds, window=window, measure=Measure.RATE)


FIRED, OUTPUT, ARRIVED = (Kind.FIRED,), (Kind.PRODUCED, Kind.REFURBISHED), (Kind.LANDED, Kind.REJECTED)
CONTAINERS = Conversion(Unit.CONTAINERS, (("shells", "shipments.dprk.shells_per_container"),))
TONNES = Conversion(Unit.KILOGRAMS, (("shells", "munitions.shells.gross_mass"),))


@pytest.mark.parametrize(
    ("row", "observable", "figure", "bound"),
    [
        (
            "seed-cons-2023-60k",
            rate(FIRED, "2023-10-01", "2023-10-17"),
            (None, 60_000.0, None),
            Bound.CENTRAL,
        ),
        # Fire a year is the total of a calendar year; this one counts from the first day of war.
        (
            "cons-2022-rusi-12m",
            Flow(
                kinds=FIRED,
                window=Window(dt.date(2022, 2, 24), dt.date(2022, 12, 31)),
                measure=Measure.AMOUNT,
            ),
            (None, 12e6, None),
            Bound.CENTRAL,
        ),
        # A rate of output holds for the part of its year that the scenario has.
        (
            "prod-2022-1p2to1p7m",
            rate(OUTPUT, "2022-02-24", "2022-12-31"),
            (1.2e6 / 365.25, None, 1.7e6 / 365.25),
            Bound.RANGE,
        ),
        (
            "cons-2022-salm-600k-month",
            rate(FIRED, "2022-03-01", "2022-12-31"),
            (None, None, 600_000 * 12 / 365.25),
            Bound.AT_MOST,
        ),
        (
            "cons-2022-peak-pevkur-50k",
            rate(FIRED, "2022-05-01", "2022-08-31"),
            (5e4, None, None),
            Bound.AT_LEAST,
        ),
        ("cons-2022-peak-ua-60k", rate(FIRED, "2022-04-01", "2022-12-31"), (None, None, 6e4), Bound.AT_MOST),
        ("stock-2023-10-kiviselg-4m", Level(date=dt.date(2023, 10, 26)), (None, 4e6, None), Bound.CENTRAL),
        ("stock-2022-02-urban-16m", Level(date=dt.date(2022, 2, 24)), (None, None, 16e6), Bound.AT_MOST),
        # Shipped by 29 December, and 20 days under way in the median.
        (
            "dprk-cont-2023-12-29-5000",
            Cumulative(
                kinds=ARRIVED,
                date=dt.date(2024, 1, 18),
                where=Selection(origins=("dprk",)),
                conversion=CONTAINERS,
            ),
            (None, 5_000.0, None),
            Bound.CENTRAL,
        ),
        # Counted on arrival.
        (
            "dprk-2024-02-hur-1p5m",
            Cumulative(kinds=ARRIVED, date=dt.date(2024, 2, 26), where=Selection(origins=("dprk",))),
            (None, 1.5e6, None),
            Bound.CENTRAL,
        ),
        (
            "dprk-shells-2024-05-3p5m",
            Cumulative(kinds=ARRIVED, date=dt.date(2024, 4, 30), where=Selection(origins=("dprk",))),
            (None, 3.5e6, None),
            Bound.CENTRAL,
        ),
        # Loaded in March, and a week under way.
        (
            "belarus-2022-03-2558t",
            Flow(
                kinds=ARRIVED,
                window=Window(dt.date(2022, 3, 8), dt.date(2022, 4, 7)),
                measure=Measure.AMOUNT,
                where=Selection(origins=("belarus",)),
                conversion=TONNES,
            ),
            (None, 2_558_000.0, None),
            Bound.CENTRAL,
        ),
        (
            "import-2024-02-rusi-2m-total",
            Flow(
                kinds=ARRIVED,
                window=Window(dt.date(2022, 9, 1), dt.date(2024, 2, 18)),
                measure=Measure.AMOUNT,
                where=Selection(origins=("iran", "dprk")),
            ),
            (None, 2e6, None),
            Bound.CENTRAL,
        ),
        (
            "prod-2022-2023-shoigu-x2p5",
            WindowRatio(
                kinds=OUTPUT,
                window=Window(dt.date(2023, 3, 1), dt.date(2024, 3, 21)),
                base=Window(dt.date(2022, 3, 1), dt.date(2023, 2, 28)),
            ),
            (None, 2.5, None),
            Bound.CENTRAL,
        ),
    ],
)
def test_a_row_is_about_the_observable_that_it_says(
    by_id: Mapping[str, Match | NotComparable],
    row: str,
    observable: Flow | Level | Cumulative | WindowRatio,
    figure: tuple[float | None, float | None, float | None],
    bound: Bound,
) -> None:
    found = matched(by_id[row])
    assert found.observable.label
    assert replace(found.observable, label="") == observable
    for read, meant in zip((found.low, found.central, found.high), figure, strict=True):
        assert (read is None) == (meant is None)
        assert read is None or read == pytest.approx(meant)
    assert found.bound is bound


def test_spread_and_counting_factor_follow_from_grade_range_and_family(
    by_id: Mapping[str, Match | NotComparable],
) -> None:
    seed = matched(by_id["seed-cons-2023-60k"])
    assert (seed.grade_spread, seed.spread, seed.middle) == (0.35, 0.35, 60_000.0)
    assert seed.family is families()["kyiv-fire"]
    assert (seed.family.median, seed.family.spread) == (1.5, 0.5)
    senate = matched(by_id["cons-2024-01-fr-senate-10to15k"])
    assert senate.spread == pytest.approx(math.hypot(0.2, math.log(1.5) / 3.28971), rel=1e-5)
    assert senate.middle == pytest.approx(math.sqrt(10_000 * 15_000))
    # In a ratio of one family's figures the factor cancels.
    assert matched(by_id["prod-2022-2023-shoigu-x2p5"]).family is None


def test_every_family_of_a_match_has_a_prior_and_every_prior_a_match(matching: Matching) -> None:
    used = {row.estimate.family for row in matching.matched if not isinstance(row.observable, WindowRatio)}
    assert used == set(families())
    for family in families().values():
        assert 0.5 <= family.median <= 2.0
        assert 0.1 <= family.spread <= 0.6
        assert len(family.reason) > 20


def test_readings_are_of_rows_of_the_table_and_each_has_its_effect(war: Scenario) -> None:
    assert set(readings()) <= set(load())
    for row, reading in readings().items():
        assert len(reading.reason) > 20
        has_value = reading.kind in {ReadingKind.FROM, ReadingKind.SUPPLIERS, ReadingKind.BASE}
        assert has_value == bool(reading.value)
        # Under another id the same row is read by its cells alone.
        plain = load()[row]
        other = replace(plain, id=f"other-{row.partition('-')[0]}")
        (as_read,) = match({row: plain}, war).rows
        (by_cells,) = match({other.id: other}, war).rows
        if row == "dprk-122mm-2m-rusi-2024":
            # This scenario has no munition of 122 mm; another test has one that does.
            assert refused(as_read).reason is Reason.MUNITION
            continue
        if reading.kind is ReadingKind.REFUSED:
            assert refused(as_read).sentence == reading.reason
            continue
        assert type(as_read) is not type(by_cells) or (
            matched(as_read).observable != matched(by_cells).observable
            or matched(as_read).bound is not matched(by_cells).bound
        ), row


# Other scenarios, and users' tables


def test_a_calibre_is_comparable_where_the_scenario_tells_it_apart() -> None:
    two = sim.load("scenarios/rusi-2024.yaml")
    found = {row.estimate.id: row for row in match(load(), two).rows}
    flow = matched(found["prod-2024-rusi-152mm-1p3m"]).observable
    assert flow.where.munitions == ("152mm",)
    assert flow.label == "mean new and refurbished output of 152mm, 1 January 2024 to 31 December 2024"
    window = matched(found["dprk-122mm-2m-rusi-2024"]).observable
    assert isinstance(window, Flow)
    assert (window.measure, window.where.munitions) == (Measure.AMOUNT, ("122mm",))
    assert matched(found["prod-2024-nato-cnn-250k-month"]).observable.where.munitions == ()


PERIOD = {"period_start": dt.date(2023, 9, 1), "period_end": dt.date(2023, 9, 30)}


@pytest.mark.parametrize(
    ("cells", "reason", "says"),
    [
        ({"low": 5.0, "high": 4.0}, Reason.LOW_ABOVE_HIGH, "out of order: 5, 10, 4"),
        ({"central": None}, Reason.NO_NUMBER, "no number"),
        ({"period_end": None}, Reason.NO_PERIOD, "for which days"),
        ({"munition": "blanket"}, Reason.MUNITION, "no munition 'blanket', but shells"),
        ({"munition": "shels"}, Reason.MUNITION, "did you mean 'shells'?"),
        ({"unit": "crates/day"}, Reason.OTHER_UNIT, "'crates/day'"),
        ({"unit": "containers/day"}, Reason.OTHER_UNIT, "fire is in shells, and not in 'containers/day'"),
        ({"quantity": "stock", "unit": "tonnes"}, Reason.OTHER_UNIT, "a stock is in shells"),
        ({"quantity": "import_other", "unit": "tonnes"}, Reason.NO_MASS, "no mass of a round"),
        ({"quantity": "import_other", "unit": "shells", "id": "x-1"}, Reason.SUPPLIER, "names no supplier"),
        (
            {"period_start": dt.date(2023, 8, 1), "unit": "shells"},
            Reason.HORIZON,
            "2023-08-01 to 2023-09-30, are partly outside the scenario, 2023-09-01 to 2025-08-31",
        ),
        (
            {"period_start": dt.date(2023, 7, 1), "period_end": dt.date(2023, 9, 29)},
            Reason.HORIZON,
            "mostly outside",
        ),
    ],
)
def test_a_claim_of_ones_own_that_does_not_fit_is_one_sentence(
    cells: dict[str, object], reason: Reason, says: str
) -> None:
    fire = {"id": "dprk-1", "quantity": "consumption_rate", "unit": "shells/day", "central": 10.0}
    row = estimate(**(fire | {"munition": "shells"} | PERIOD | cells))
    scenario = sim.load("scenarios/white-house-2023.yaml")
    if reason is Reason.SUPPLIER:
        iran = {"lead_time": "5 days", "offered": "10k/month"}
        scenario = scenario.replace({"shipments.iran": iran})
    found = refused(match({row.id: row}, scenario).rows[0])
    assert found.reason is reason
    assert says in found.sentence


def test_the_only_supplier_is_meant_and_its_route_delays_a_count_of_what_was_shipped() -> None:
    scenario = sim.load("scenarios/white-house-2023.yaml")
    (name,) = scenario.shipments
    row = estimate(
        id="own-1", quantity="shipments_cumulative_containers", unit="containers", central=100.0, **PERIOD
    )
    plain = matched(match({"own-1": row}, scenario).rows[0]).observable
    assert isinstance(plain, Cumulative)
    assert (plain.date, plain.where.origins) == (dt.date(2023, 9, 30), (name,))
    shipped = replace(row, family="seoul-containers")
    later = matched(match({"own-1": shipped}, scenario).rows[0]).observable
    assert isinstance(later, Cumulative)
    legs = scenario.shipments[name].route
    days = sum(leg.load.value + leg.travel.value + leg.unload.value for leg in legs)
    assert (later.date - plain.date).days == math.floor(days + 0.5) > 10


# Independence


@pytest.mark.parametrize(
    ("claimant", "office"),
    [
        ("Jack Watling, RUSI (from Ukrainian forces)", "rusi"),
        ("RUSI (Watling and Reynolds) via Forbes", "rusi"),
        ("RUSI", "rusi"),
        ("Shin Won-sik, South Korean defence minister", "south korean defence ministry"),
        ("South Korean defence ministry", "south korean defence ministry"),
        ("Western officials", "western official"),
        ("Western official (anonymous)", "western official"),
    ],
)
def test_a_claimant_is_the_office(claimant: str, office: str) -> None:
    assert office_of(claimant) == office


def test_independent_rows_are_one_for_each_claimant_quantity_and_period(matching: Matching) -> None:
    found = independent_claims(matching.matched)
    assert len(found.independent) + len(found.dependent) == len(matching.matched)
    assert {each.match.estimate.id: each.sentence for each in found.dependent} == {
        "prod-2022-2023-shoigu-x2p5": "it is a ratio",
        "prod-2024-02-rusi-6k-day": "it is derived from other rows",
        "dprk-2023-24-c4ads-74kt": "it is derived from other rows",
    }


def test_of_one_claimant_the_best_grade_then_a_figure_then_the_latest_counts(war: Scenario) -> None:
    def fire(name: str, grade: str, day: int, **cells: object) -> Estimate:
        common = {"quantity": "consumption_rate", "unit": "shells/day", "claimant": "A. Nalyst, Office"}
        dated = {"published": dt.date(2023, 10, day), "confidence": grade, "counts": "artillery"}
        return estimate(id=name, **(common | PERIOD | dated | cells))

    rows = [
        fire("worse", "C", 9, central=5.0),
        fire("bound", "B", 8, high=6.0),
        fire("early", "B", 1, central=7.0),
        fire("late", "B", 7, central=8.0),
        fire("other-month", "B", 9, central=9.0, period_end=dt.date(2023, 11, 30)),
        fire("other-office", "B", 9, central=9.0, claimant="B. Nalyst, Bureau"),
    ]
    found = independent_claims(match({row.id: row for row in rows}, war).matched)
    assert [row.estimate.id for row in found.independent] == ["late", "other-month", "other-office"]
    assert {each.match.estimate.id for each in found.dependent} == {"worse", "bound", "early"}
    assert "same claimant, quantity and period as late" in found.dependent[0].sentence


# Judgements in the tables


@pytest.mark.parametrize("name", ["families.csv", "readings.csv"])
def test_the_page_lists_each_factor_and_each_reading_as_the_files_have_them(name: str) -> None:
    page = (DOCS / "audit.md").read_text("utf-8").splitlines()
    text = resources.files("sim.auditing").joinpath(name).read_text("utf-8")
    for first, *cells in list(csv.reader(text.splitlines()))[1:]:
        assert f"| {' | '.join([f'`{first}`', *cells])} |" in page, first
