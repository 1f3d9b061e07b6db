"""Claims that exclude each other: exactly the sets of arithmetic by hand, and sentences to check it."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.account import Kind
from sim.auditing import Bound, Family, Match, match
from sim.auditing.claims import NINETY
from sim.auditing.exclusions import Exclusions, find_exclusions
from sim.auditing.judgements import Counted
from sim.findings.exclusion_findings import exclusion_findings
from sim.findings.finding import Scope
from sim.observables import Conversion, Cumulative, Flow, Level, Measure, Observable, Selection, Window
from sim.scenario.loader import load_plain
from sim.scenario.scenario import Scenario
from sim.units import Unit
from tests.support.audit_reader import is_by_hand
from tests.support.evidence_rows import estimate
from tests.support.sentence_grammar import value_of

START, END = dt.date(2023, 1, 1), dt.date(2023, 12, 31)
YEAR = Window(START, END)
LOADS = Conversion(Unit.CONTAINERS, (("shells", "shipments.dprk.shells_per_container"),))


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_plain(
        {
            "schema": 1,
            "start": "2023-01-01",
            "end": "2024-01-01",
            "depots": {"front": {"stock": "1M"}},
            "production": {"line": {"rate": "1k/day", "to": "front"}},
            "shipments": {
                "dprk": {
                    "to": "front",
                    "offered": "10 containers/day",
                    "lead_time": "1 day",
                    "shells_per_container": {"low": 200, "high": 500},
                }
            },
            "consumption": {"fire": {"rate": "1k/day", "at": "front"}},
        },
        None,
    )


def claim(
    name: str,
    observable: Observable,
    middle: float,
    bound: Bound = Bound.CENTRAL,
    *,
    spread: float = 0.0,
    family: Family | None = None,
) -> Match:
    figures = {
        Bound.AT_LEAST: (middle, None, None),
        Bound.AT_MOST: (None, None, middle),
        Bound.CENTRAL: (None, middle, None),
    }[bound]
    return Match(estimate(id=name, claimant=name.title()), observable, *figures, bound, spread, family)


def fire(first: dt.date = START, last: dt.date = END, measure: Measure = Measure.AMOUNT) -> Flow:
    return Flow(kinds=(Kind.FIRED,), window=Window(first, last), measure=measure, label="fire")


OUTPUT = Flow(kinds=(Kind.PRODUCED, Kind.REFURBISHED), window=YEAR, measure=Measure.RATE, label="output")
ARRIVED = Cumulative(
    kinds=(Kind.LANDED, Kind.REJECTED), date=END, where=Selection(origins=("dprk",)), label="arrivals"
)
BOXES = replace(ARRIVED, conversion=LOADS)
OPENING, CLOSING = Level(date=START, label="stock"), Level(date=END, label="stock")


def ids(found: Exclusions) -> list[tuple[str, ...]]:
    assert found.is_complete
    return [tuple(sorted(one.ids)) for one in found.sets]


def test_a_month_that_fires_more_than_its_year_is_exactly_that_pair(scenario: Scenario) -> None:
    # 60,000 a day in 31 days are 1.86 million, and the year fires at most a million.
    october = fire(dt.date(2023, 10, 1), dt.date(2023, 10, 31), Measure.RATE)
    claims = [
        claim("october", october, 60_000),
        claim("year", fire(), 1e6, Bound.AT_MOST),
        claim("output", OUTPUT, 20_000),
        claim("stock", OPENING, 4e6),
    ]
    found = find_exclusions(scenario, claims)
    assert ids(found) == [("october", "year")]
    (one,) = found.sets
    assert one.least == pytest.approx(31 * 60_000)
    assert one.most == pytest.approx(1e6)


def test_fire_without_supply_needs_all_claims_on_supply(scenario: Scenario) -> None:
    # Seven million fired; a million in stock, two made, one arrived: three are missing.
    claims = [
        claim("fire", fire(dt.date(2023, 1, 2)), 7e6, Bound.AT_LEAST),
        claim("stock", OPENING, 1e6),
        claim("output", OUTPUT, 2e6 / 365),
        claim("arrivals", ARRIVED, 1e6),
        claim("end", CLOSING, 5e5, Bound.AT_MOST),
    ]
    found = find_exclusions(scenario, claims)
    assert ids(found) == [("arrivals", "fire", "output", "stock")]
    (one,) = found.sets
    assert one.least == pytest.approx(7e6)
    assert one.most == pytest.approx(1e6 + 2e6 + 1e6)


def test_containers_are_shells_at_the_load_that_the_scenario_allows(scenario: Scenario) -> None:
    shells = claim("shells", ARRIVED, 1e6)
    # At most 500 in each: two thousand containers are just enough, nineteen hundred are not.
    assert ids(find_exclusions(scenario, [shells, claim("boxes", BOXES, 2_001)])) == []
    found = find_exclusions(scenario, [shells, claim("boxes", BOXES, 1_900)])
    assert ids(found) == [("boxes", "shells")]
    (finding,) = exclusion_findings(found.sets, Scope("2023-01-01", "2024-01-01", 0))
    assert "1,900 × 500 shells a container" in finding.sentence
    # At least 200: five thousand containers are a million, six thousand are too many.
    assert ids(find_exclusions(scenario, [shells, claim("boxes", BOXES, 4_999)])) == []
    assert ids(find_exclusions(scenario, [shells, claim("boxes", BOXES, 6_000)])) == [("boxes", "shells")]


def family(median: float, spread: float) -> Family:
    return Family("theirs", median, spread, Counted.NEITHER, "")


def test_one_family_has_one_counting_factor_for_all_its_claims(scenario: Scenario) -> None:
    wide = family(1.0, 1.0)
    late = fire(dt.date(2023, 7, 1))
    # Each alone could be off by a factor of five, but not one from the other.
    ours = [claim("half", late, 2e6, family=wide), claim("year", fire(), 1e6, family=wide)]
    assert ids(find_exclusions(scenario, ours)) == [("half", "year")]
    other = [ours[0], claim("year", fire(), 1e6)]
    assert ids(find_exclusions(scenario, other)) == []
    assert ids(find_exclusions(scenario, other, has_counting=False)) == [("half", "year")]


def test_errors_of_both_claims_together_decide(scenario: Scenario) -> None:
    both = math.exp(2 * NINETY * 0.2)
    for ratio, expected in ((both * 0.99, []), (both * 1.01, [("half", "year")])):
        claims = [
            claim("half", fire(dt.date(2023, 7, 1)), 1e6 * ratio, spread=0.2),
            claim("year", fire(), 1e6, spread=0.2),
        ]
        assert ids(find_exclusions(scenario, claims)) == expected


def test_transfers_under_way_are_no_loss() -> None:
    plain = {
        "schema": 1,
        "start": "2023-01-01",
        "end": "2024-01-01",
        "depots": {"rear": {"stock": "1M"}, "front": {"stock": "0"}},
        "transfers": {"road": {"from": "rear", "to": "front", "lead_time": "30 days"}},
        "consumption": {"fire": {"rate": "1k/day", "at": "front"}},
    }
    claims = [
        claim("start", OPENING, 1e6),
        claim("middle", Level(date=dt.date(2023, 2, 1)), 1e5),
        claim("end", CLOSING, 9e5),
        claim("nothing made", OUTPUT, 1.0, Bound.AT_MOST),
    ]
    assert ids(find_exclusions(load_plain(plain, None), claims)) == []
    without = {**plain, "transfers": {}}
    assert ids(find_exclusions(load_plain(without, None), claims)) == [("end", "middle", "nothing made")]


_ARITHMETIC = re.compile(
    r"1 October 2023 to 17 October 2023, Kyiv: ([\d,]+) a day × (\d+) days × ([\d.]+) \(error\)"
    r" ÷ ([\d.]+) \(counting of theirs\) = ([\d,]+)"
)
AMOUNTS = st.lists(
    st.tuples(st.integers(1, 12), st.integers(1, 12), st.integers(1, 60), st.sampled_from(list(Bound)[2:])),
    min_size=2,
    max_size=5,
)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(AMOUNTS)
def test_every_set_is_irreducible_and_all_are_found(
    scenario: Scenario, amounts: list[tuple[int, int, int, Bound]]
) -> None:
    """Bounds on fire in spans of months: all subsets are tried one by one."""
    claims = []
    for place, (one, other, hundred, bound) in enumerate(amounts):
        first, last = min(one, other), max(one, other)
        window = dt.date(2023, first, 1), dt.date(2023, last, 28)
        claims.append(claim(f"c{place}", fire(*window), hundred * 1e5, bound))

    def is_consistent(chosen: tuple[Match, ...]) -> bool:
        return not find_exclusions(scenario, chosen).sets

    minimal: list[set[str]] = []
    for size in range(1, len(claims) + 1):
        for chosen in combinations(claims, size):
            names = {each.estimate.id for each in chosen}
            if not any(known <= names for known in minimal) and not is_consistent(chosen):
                minimal.append(names)
    found = find_exclusions(scenario, claims)
    assert sorted(map(sorted, ids(found))) == sorted(map(sorted, minimal))
    removals: list[tuple[str, ...]] = []
    for size in range(len(claims) if minimal else 0):
        for out in combinations(claims, size):
            left_out = tuple(each.estimate.id for each in out)
            rest = tuple(each for each in claims if each not in out)
            if not any(set(known) <= set(left_out) for known in removals) and is_consistent(rest):
                removals.append(left_out)
    assert list(found.removals) == removals


def test_claims_of_one_simulated_run_never_exclude_each_other() -> None:
    scenario = sim.load("scenarios/war-2023-10.yaml")
    table = match(sim.evidence.load(), scenario, as_of=dt.date(2023, 10, 17)).matched
    by_label: dict[str, Observable] = {each.observable.label: each.observable for each in table}
    observe = list(by_label.values())
    observed = sim.run(scenario, runs=12, engine="simpy", tables=(), observe=observe).observed
    bounds = [Bound.CENTRAL, Bound.AT_LEAST, Bound.AT_MOST]
    for run, row in observed.iterrows():
        claims = [
            claim(f"c{place}", one, float(row[label]), bounds[(int(str(run)) + place) % 3], spread=0.01)
            for place, (label, one) in enumerate(by_label.items())
            if row[label] > 0
        ]
        assert len(claims) > 25
        assert ids(find_exclusions(scenario, claims)) == []


def test_a_sentence_has_the_numbers_dates_and_factors_of_its_arithmetic(scenario: Scenario) -> None:
    october = replace(
        fire(dt.date(2023, 10, 1), dt.date(2023, 10, 17), Measure.RATE),
        label="mean fire, 1 October 2023 to 17 October 2023",
    )
    claims = [
        claim("kyiv", october, 60_000, spread=0.2, family=family(1.5, 0.5)),
        claim("west", replace(fire(), label="total fire, 2023"), 100_000, Bound.AT_MOST, spread=0.1),
    ]
    found = find_exclusions(scenario, claims)
    (finding,) = exclusion_findings(found.sets, Scope("2023-01-01", "2024-01-01", 0))
    counting = 1.5 * math.exp(0.5 * NINETY)
    least, most = 60_000 * 17 * math.exp(-0.2 * NINETY) / counting, 100_000 * math.exp(0.1 * NINETY)
    assert finding.values["least"] == pytest.approx(least)
    assert finding.values["most"] == pytest.approx(most)
    assert finding.sentence.startswith(
        "2 claims exclude each other: at the least 215,000 shells, at the most 118,000."
    )
    part = _ARITHMETIC.search(finding.sentence)
    assert part is not None
    figure, days, error, factor, amount = (float(each.replace(",", "")) for each in part.groups())
    assert figure * days * error / factor == pytest.approx(amount, rel=0.01)


def test_the_numbers_as_written_give_the_amounts_and_the_sums_as_written(scenario: Scenario) -> None:
    # To three digits 44,720 x 31 x 0.556 is 771,000 and so is the amount; 3,500,000 x 0.373 is 1,306,000, and
    # the amount 1,304,000. The last pair differs in the fifth digit.
    january = dt.date(2023, 1, 1), dt.date(2023, 1, 31)
    year, month = (
        replace(fire(), label="total fire"),
        replace(fire(*january, Measure.RATE), label="mean fire"),
    )
    speech = replace(fire(dt.date(2023, 2, 1)), label="fire from February")
    cases = [
        [claim("a", month, 44_721.36, spread=0.357), claim("b", year, 9e4, Bound.AT_MOST, spread=0.2)],
        [claim("a", year, 3.5e6, Bound.AT_LEAST, spread=0.6), claim("b", year, 8e5, Bound.AT_MOST)],
        [claim("a", year, 100_010, Bound.AT_LEAST), claim("b", year, 100_000, Bound.AT_MOST)],
        [
            claim("a", month, 33_333.3, spread=0.1),
            claim("c", speech, 1_234_567, spread=0.1),
            claim("b", year, 1e6, Bound.AT_MOST),
        ],
    ]
    for claims in cases:
        one = find_exclusions(scenario, claims).sets[-1]
        (finding,) = exclusion_findings([one], Scope("2023-01-01", "2024-01-01", 0))
        totals = re.search(r"at the least ([\d,.]+) shells, at the most ([\d,.]+)\.", finding.sentence)
        assert totals is not None
        least, most = (value_of(each) for each in totals.groups())
        assert least > most, finding.sentence
        for text, side in zip(totals.groups(), finding.sentence.split(". At the ")[1:], strict=True):
            amounts = []
            for part in side.removesuffix(".").split("; and "):
                product, amount = part.rpartition(": ")[2].split(" = ")
                factors = [value_of(re.match(r"[\d,.]+", each)[0]) for each in product.split(" × ")]  # type: ignore[index]
                assert is_by_hand(amount, math.prod(factors)), part
                amounts.append(value_of(amount))
            assert is_by_hand(text, sum(amounts)), side


def test_a_search_that_stops_at_its_bound_says_so(scenario: Scenario) -> None:
    claims = [claim(f"low{n}", fire(), 1e6) for n in range(4)] + [
        claim(f"high{n}", fire(), 2e6) for n in range(4)
    ]
    every = find_exclusions(scenario, claims)
    assert len(every.sets) == 16
    assert every.removals == tuple(tuple(f"{name}{n}" for n in range(4)) for name in ("high", "low"))
    few = find_exclusions(scenario, claims, max_sets=3)
    assert len(few.sets) == 3
    assert not few.is_complete
    assert few.removals == ()


def test_the_shipped_claims_of_october_2023_exclude_each_other_only_if_all_count_the_same() -> None:
    war = sim.load("scenarios/war-2023-10.yaml")
    table = match(sim.evidence.load(), war, as_of=dt.date(2023, 10, 17)).matched
    assert ids(find_exclusions(war, table)) == []
    assert ids(find_exclusions(war, table, has_counting=False)) == [
        ("cons-2023-01-ua-20k", "cons-2023-01-us-5k"),
        ("cons-2023-03-elpais-40to50k", "cons-2023-03-muzyka-10k"),
        ("cons-2023-03-elpais-40to50k", "cons-2023-03-reznikov-15k"),
    ]
    # One of the two of January, and the one that both pairs of March have, or the two others of these pairs.
    march = ("cons-2023-03-elpais-40to50k",), ("cons-2023-03-muzyka-10k", "cons-2023-03-reznikov-15k")
    assert find_exclusions(war, table, has_counting=False).removals == tuple(
        (january, *others) for others in march for january in ("cons-2023-01-ua-20k", "cons-2023-01-us-5k")
    )
