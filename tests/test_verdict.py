"""The verdict of a run against hand calculations: each case of the answer, and of which runs a date is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.cli.verdict import verdict_lines
from sim.simulate import run

#: 100 shells a day are required, without inflow: stock for n days runs out on day n.
PLAIN: dict[str, Any] = {
    "schema": 1,
    "title": "By hand",
    "start": "2024-01-01",
    "end": "2024-01-21",
    "thresholds": [],
    "depots": {"d": {"stock": "1000"}},
    "consumption": {"front": {"rate": "100/day"}},
}


def verdict(scenario: dict[str, Any], runs: int = 1) -> tuple[str, str, dict[str, str]]:
    """Return the first line, the answer, and the other lines by their labels."""
    result = run(scenario, runs=runs, jobs=1)
    first = next(iter(verdict_lines(result)))
    return (
        first,
        result.findings[0].sentence,
        {found.label: found.sentence for found in result.findings if found.label},
    )


def with_stocks(days: Sequence[int], folder: Path) -> dict[str, Any]:
    """Return the plain scenario with stock for ``days[k]`` days in run k."""
    rows = "\n".join(f"{100 * enough}" for enough in days)
    (folder / "stocks.csv").write_text(f"depots.d.stock\n{rows}\n")
    return {**PLAIN, "draws": str(folder / "stocks.csv")}


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (range(1, 21), "in every run; in half of them by 10 Jan 2024 (1 Jan 2024 to 19 Jan 2024)"),
        ([7] * 20, "in every run, on 7 Jan 2024"),
        ([7], "on 7 Jan 2024"),
        (
            [*range(1, 20), 99],
            "in 95 % of runs; in half of all runs by 10 Jan 2024 (1 Jan 2024 to 19 Jan 2024)",
        ),
        (
            range(2, 42, 2),
            "in 50 % of runs; in half of all runs by 20 Jan 2024 (2 Jan 2024 to after 20 Jan 2024)",
        ),
        (range(3, 63, 3), "in 30 % of runs before 21 Jan 2024, in 5 % of all by 3 Jan 2024"),
        ([5, *[99] * 49], "in 2 % of runs before 21 Jan 2024"),
        ([99] * 9, "never, in any run"),
        ([99], "never"),
    ],
    ids=str,
)
def test_a_date_states_the_runs_it_holds_for(days: Sequence[int], text: str, tmp_path: Path) -> None:
    # Stock for all twenty days meets the requirement: it falls below a day of supply, and does not run out.
    label = "Below 1 day" if 20 in days else "Runs out"
    assert verdict(with_stocks(days, tmp_path), len(days))[2][label] == text


def test_totals_are_means_and_add_up(tmp_path: Path) -> None:
    first, _, lines = verdict(with_stocks([5, 5, 15, 15], tmp_path), 4)
    # Half of the runs fire 500 of 2,000, half 1,500.
    assert lines["In 20 days"] == "2,000 required, 1,000 fired, 1,000 not"
    assert lines["Opening stock"] == "500 (500 to 1,500) shells, 5 (5 to 15) days of supply"
    assert first == "By hand · 1 Jan 2024 to 21 Jan 2024 · 4 runs, seed 1"


def test_a_part_of_a_day_of_supply_is_not_rounded_to_a_day() -> None:
    for stock, supply in ((70, "0.7 days"), (100, "1 day"), (450, "4.5 days"), (1_240, "12 days")):
        lines = verdict({**PLAIN, "depots": {"d": {"stock": stock}}})[2]
        assert lines["Opening stock"].endswith(f"shells, {supply} of supply"), stock


def test_one_run_has_no_ranges(tmp_path: Path) -> None:
    result = run(with_stocks([5], tmp_path), runs=1)
    assert "(" not in "".join(found.sentence for found in result.findings)
    assert "median" not in "\n".join(verdict_lines(result))


OUTPUT: dict[str, Any] = {"production": {"plant": {"rate": "150/day"}}}
LITTLE: dict[str, Any] = {"production": {"plant": {"rate": "60/day"}}}
UNTIL_NOVEMBER = {"2024-01-01": "100/day", "2024-11-01": "0/day"}
#: With 60 a day coming in, 1,000 shells cover the missing 40 for 25 days; from 10 they cover 10.
CASES: dict[str, tuple[dict[str, Any], str]] = {
    "grows": (OUTPUT, "It adds up: 150 shells a day come in, 100 are required. 1,000 pile up in 20 days."),
    "draws down": (
        LITTLE,
        "It adds up until 21 Jan 2024: 60 shells a day come in, 100 are required; "
        "the opening stock covers the difference, and 200 are left.",
    ),
    "short": (
        {},
        "It does not add up: 100 shells a day are required, nothing comes in. "
        "The opening stock covers the difference until January 2024.",
    ),
    "supply ends": (
        # 100 a day until 31 October, 305 of 366 days; then 1,000 last ten. At the mean difference of 16.7 a
        # day they would last for sixty days, until March: they are not what sets the date.
        {"end": "2025-01-01", "production": {"plant": {"rate": {"by_date": UNTIL_NOVEMBER}}}},
        "It does not add up: 100 shells a day are required, 83.3 come in. "
        "The requirement is met until November 2024.",
    ),
    "nothing at all": (
        {"depots": {"d": {"stock": "0"}}},
        "It does not add up: 100 shells a day are required, nothing comes in. "
        "There is no opening stock to cover the difference, not even on the first day.",
    ),
    "late": (
        # 3,000 leave on the 18th and land the day after: days 11 to 18 of 20 have nothing.
        {"shipments": {"lot": {"deliveries": {"2024-01-18": "3000"}, "lead_time": "0 days"}}},
        "It does not add up, although 150 shells a day come in and 100 are required: "
        "40 % of the requirement is not met.",
    ),
    "nothing at first": (
        # 200 a day land on the last 336 of 366 days; the 3,000 of the first 30 are not met.
        {
            "end": "2025-01-01",
            "depots": {"d": {"stock": "0"}},
            "shipments": {"ally": {"offered": "200/day", "lead_time": "30 days"}},
        },
        "It does not add up, although 184 shells a day come in and 100 are required: "
        "8 % of the requirement is not met, none of it in the last 90 days.",
    ),
    "nothing required": (
        {"consumption": {"front": {"rate": "0/day"}}},
        "Nothing is required of these stocks.",
    ),
    "rationed": (
        # Ten days of supply on the first morning; from the second fire is half, then a tenth of the stock.
        {
            "consumption": {
                "front": {"rate": "100/day", "rationing": {"rule": "proportional", "cover": "20 days"}}
            }
        },
        "It does not add up: 100 shells a day are required, nothing comes in. "
        "Rationed from 1 Jan 2024 on; 32.1 a day are fired in the last 20 days, 32 % of the requirement.",
    ),
    "small": (
        {
            "depots": {"d": {"stock": "100"}},
            "consumption": {"front": {"rate": "150/year"}},
            "end": "2024-12-31",
        },
        # 150 a year are 0.41 a day and 12.5 a month: the month is the shortest period with two digits.
        "It does not add up: 12.5 shells a month are required, nothing comes in. "
        "The opening stock covers the difference until August 2024.",
    ),
    "guns": (
        # Ten guns at 5 rounds a day fire 50 of the 100 planned, for 20 days from 1,000.
        {"consumption": {"front": {"rate": "100/day", "guns": 10, "rounds_per_gun": 5}}},
        "It adds up until 21 Jan 2024 only because guns are missing: nothing comes in, 50 shells a day are "
        "required (the guns left can fire no more; 100 a day were planned); "
        "the opening stock covers the difference, and none is left.",
    ),
    "peace": (
        # 100 a day are planned for a war that does not come, and none of its guns is in the field.
        {
            "consumption": {
                "war": {"rate": "100/day", "guns": 0, "rounds_per_gun": 5},
                "training": {"rate": "20/day"},
            }
        },
        "It adds up until 21 Jan 2024: nothing comes in, 20 shells a day are required; "
        "the opening stock covers the difference, and 600 are left.",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_answer_of_each_case(case: str) -> None:
    changes, sentence = CASES[case]
    assert verdict({**PLAIN, **changes})[1] == sentence


def test_in_doubt_between_some_and_all_runs(tmp_path: Path) -> None:
    # Three runs of 20 have stock for ten days of 20.
    assert verdict(with_stocks([10] * 3 + [99] * 17, tmp_path), 20)[1] == (
        "It may not add up: in 15 % of runs the stock runs out before 21 Jan 2024."
    )


def test_in_doubt_a_stock_that_still_meets_the_requirement_does_not_run_out(tmp_path: Path) -> None:
    # One of 201 runs has stock for all twenty days: less than a day is left on the last, and all is met.
    lines = verdict(with_stocks([10] * 40 + [20] + [99] * 160, tmp_path), 201)
    assert lines[1] == (
        "It may not add up: in 20 % of runs less than is required is fired at some time before 21 Jan 2024."
    )
    assert "Below 1 day" in lines[2]


def test_in_doubt_a_stock_that_a_rule_spares_in_one_run_does_not_run_out(tmp_path: Path) -> None:
    # One run of 400 has stock for 23 days of 20, and saves below five: it is short, and some three are left.
    saving = {"front": {"rate": "100/day", "rationing": {"rule": "proportional", "cover": "5 days"}}}
    plain = {**with_stocks([23] + [99] * 399, tmp_path), "consumption": saving}
    assert verdict(plain, 400)[1] == (
        "It may not add up: in under 1 % of runs less than is required is fired at some time before 21 Jan"
        " 2024."
    )


def notes_of(result: sim.Result) -> list[str]:
    """Return the texts of a drawdown chart beside its plots."""
    return [text.get_text().replace("\u00a0", " ") for text in sim.charts.drawdown(result).texts]


def test_below_one_day_is_defined_where_it_is_said() -> None:
    # Each day brings what that day takes: nothing is left in the evening, and all is met.
    enough = {**PLAIN, "depots": {"d": {"stock": "0"}}, "production": {"line": {"rate": "100/day"}}}
    *_, last = verdict_lines(run(enough, runs=1, jobs=1))
    assert "Below 1 day" in verdict(enough)[2]
    assert last == (
        "Below 1 day of supply: less than one day of the planned requirement is left; it may still be met."
    )
    notes = notes_of(run(enough, runs=1, jobs=1))
    assert [note for note in notes if note.startswith("Below 1 day of supply: less than one day of the")]
    assert not [note for note in notes if note.startswith("Runs out:")]


def test_medians_of_different_runs_are_no_share_of_each_other(tmp_path: Path) -> None:
    # Of three runs, one is required 50 a day, one 100 and one 200; the stock of 1,000 gives what it can in
    # 20 days: all of 50, half of 100, a quarter of 200. Of 50 a day, the median, half is no share of 100.
    rows = "\n".join(("50", "100", "200"))
    (tmp_path / "rates.csv").write_text(f"consumption.front.rate\n{rows}\n")
    said = verdict({**PLAIN, "draws": str(tmp_path / "rates.csv")}, runs=3)[2]["Last 20 days"]
    assert said == "50 a day fired; 50 % (25 % to 100 %) of the requirement met, each a median"
    headline = sim.charts.drawdown(run({**PLAIN, "draws": str(tmp_path / "rates.csv")}, runs=3)).get_label()
    # The bars are means: 50 of 116.7 a day.
    assert str(headline).endswith("50 a day are fired on average, 43 % of the requirement")


def test_origins_are_explained_where_they_are_named() -> None:
    made = {**PLAIN, "production": {"line": {"rate": "50/day"}}}
    meaning = "a stock is used in proportion to the origins in it."
    assert list(verdict_lines(run(made, runs=1, jobs=1)))[-1] == f"Origins: {meaning}"
    assert not [line for line in verdict_lines(run(PLAIN, runs=1, jobs=1)) if meaning in line]
    for scenario, is_named in ((made, True), (PLAIN, False)):
        notes = notes_of(run(scenario, runs=1, jobs=1))
        assert any("A stock is used in proportion to" in note for note in notes) == is_named


def test_shells_have_few_decimals_and_one_quantity_one_precision() -> None:
    # 7,096 of 7,100 a day arrive, so the stock gives 4 a day: 80 of 81.29 in twenty days.
    rates = {"depots": {"d": {"stock": "81.29"}}, "production": {"line": {"rate": "7096/day"}}}
    _, answer, said = verdict({**PLAIN, **rates, "consumption": {"front": {"rate": "7100/day"}}})
    assert said["Closing stock"] == "1.3"
    # Three digits do not tell these two apart, so both have four.
    assert answer.startswith("It adds up until 21 Jan 2024: 7,096 shells a day come in, 7,100 are required;")
    assert said["Last 20 days"].startswith("7,100 a day fired")
    assert said["Required"] == "7,100 shells a day"


def test_days_of_supply_of_several_stocks_are_no_single_number() -> None:
    # Of one calibre there are 550 days of supply, of the other none: 275 days of both would hide it.
    two = {
        **PLAIN,
        "thresholds": [30],
        "munitions": {"heavy": {}, "light": {}},
        "depots": {"d": {"stock": {"heavy": "55000", "light": "0"}}},
        "consumption": {"front": {"rate": {"heavy": "100/day", "light": "100/day"}}},
    }
    said = verdict(two)[2]
    assert said["Opening stock"] == "55k shells, in all depots"
    assert said["First below 30 days"] == "Light: on 1 Jan 2024"
    assert not [line for line in said.values() if "days of supply" in line]


def test_a_stock_from_which_nothing_is_required_is_not_the_first_to_run_out() -> None:
    fires = {"rate": "100/day"}
    found = sim.run(
        {
            "schema": 1,
            "title": "Two depots",
            "start": "2024-01-01",
            "end": "2024-02-01",
            "depots": {"empty": {"stock": 0}, "full": {"stock": 1000}},
            "consumption": {
                "absent": {**fires, "at": "empty", "guns": 0, "rounds_per_gun": 50},
                "front": {**fires, "at": "full"},
            },
        },
        runs=1,
        engine="simpy",
    ).findings
    firsts = [each.sentence for each in found if each.label.startswith("First")]
    assert firsts
    assert all(sentence.startswith("Full: ") for sentence in firsts)


def test_days_of_supply_are_those_of_the_first_day_where_the_requirement_changes() -> None:
    plain: dict[str, Any] = {
        "schema": 1,
        "title": "Training, then war",
        "start": "2024-01-01",
        "end": "2024-02-01",
        "depots": {"d": {"stock": "1k"}},
        "consumption": {"front": {"rate": {"by_date": {"2024-01-01": "2/day", "2024-01-20": "20/day"}}}},
    }
    steady = {**plain, "consumption": {"front": {"rate": "2/day"}}}
    said = [
        one.sentence
        for each in (plain, steady)
        for one in sim.run(each).findings
        if one.kind == "opening_stock"
    ]
    assert said == [
        "1,000 shells, 500 days of supply at the requirement of the first day",
        "1,000 shells, 500 days of supply",
    ]
