"""A user's rationing rule (rule 13): its arguments, its return values, and where it can run."""

from __future__ import annotations

import math
import pickle
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import sim
from sim import simulate
from sim.errors import ArgumentError, RunError, ScenarioError
from sim.model.run import run_once
from sim.scenario.external_names import Rule
from sim.scenario.rationing_rules import controlled, proportional
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    from tests.support.scenario_builder import Plain, ScenarioBuilder

NAMES = ("requirement", "planned", "level", "cover", "mean_inflow")


def half(requirement: float, planned: float, level: float, cover: float, mean_inflow: float) -> float:
    """Fire half of the requirement below the cover."""
    return requirement if level >= planned * cover else requirement / 2


def answering(answer: Any) -> Rule:
    return lambda *asked: answer


def plain(
    desk: ScenarioBuilder, rule: str = "mine", stock: Any = 1000, days: int = 8, **sections: Any
) -> Plain:
    front = {"rate": "100/day", "rationing": {"rule": rule, "cover": "6 days"}}
    return desk.plain(days, stock, **{"consumption": {"front": front}, **sections})


def fired(result: sim.Result, run: int = 0) -> list[float]:
    daily = result.daily
    return daily[(daily["kind"] == "fired") & (daily["run"] == run)]["quantity"].tolist()


def test_a_rule_of_ones_own_says_what_is_fired(desk: ScenarioBuilder) -> None:
    # From 1000 at 100 a day: 600 are six days, 500 are fewer, and halves follow.
    result = sim.run(plain(desk), rules={"mine": half})
    assert fired(result) == [100, 100, 100, 100, 100, 50, 50, 50]
    assert result.notes == ("the rule 'mine' is a function of Python that is not kept here",)


def test_it_is_asked_what_the_others_are_asked(desk: ScenarioBuilder) -> None:
    asked: list[tuple[float, ...]] = []

    def mine(*given: float) -> float:
        asked.append(given)
        return 30.0

    fronts = {
        "east": {"rate": "60/day", "rationing": {"rule": "mine", "cover": "2 weeks"}},
        "west": {"rate": "40/day"},
    }
    line = {"line": {"rate": {"by_date": {"2023-09-01": "50/day", "2023-09-02": "0/day"}}}}
    scenario = simulate.as_scenario(plain(desk, days=2, consumption=fronts, production=line), {"mine": mine})
    run_once(scenario, 1, 0)
    # East's share of the mean inflow: 60/100 of 50 on day 0, and of 50 / 2 on day 1.
    assert asked == [(60, 100, 1050, 14, 30), (60, 100, 1050 - 30 - 40, 14, 15)]


@pytest.mark.parametrize(("name", "rule"), [("proportional", proportional), ("controlled", controlled)])
def test_a_known_rule_under_another_name_gives_the_same_run(
    desk: ScenarioBuilder, name: str, rule: Rule
) -> None:
    more: Plain = {
        "production": {"line": {"rate": "40/day"}},
        "consumption": {
            "front": {
                "rate": "100/day",
                "daily_variation": "50%",
                "rationing": {"rule": name, "cover": "30 days"},
            }
        },
    }
    known = simulate.as_scenario(plain(desk, days=90, **more))
    own = simulate.as_scenario(plain(desk, days=90, **more), {"mine": rule}).replace(
        {"consumption.front.rationing.rule": "mine"}
    )
    assert run_once(own, 3, 2).columns == run_once(known, 3, 2).columns


def test_two_rules_that_want_more_than_there_is_are_cut_to_it(desk: ScenarioBuilder) -> None:
    fronts = {
        name: {"rate": "100/day", "rationing": {"rule": "all", "cover": "1 day"}} for name in ("east", "west")
    }
    result = sim.run(plain(desk, stock=150, days=2, consumption=fronts), rules={"all": lambda r, *_: r})
    assert fired(result) == [150, 0]


ANSWERS = {
    "too much": 100.001,
    "less than nothing": -0.001,
    "not a number": math.nan,
    "not finite": math.inf,
    "nothing": None,
    "a text": "50",
    "a list": [50],
    "a complex number": 50j,
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=list(ANSWERS))
def test_an_answer_that_cannot_be_is_an_error_of_the_run(desk: ScenarioBuilder, answer: Any) -> None:
    def mine(requirement: float, planned: float, level: float, *_: float) -> Any:
        return requirement if level > 700 else answer

    with pytest.raises(RunError, match=r"^run 0: the rule 'mine' gives .* on day 3, when 100 shells"):
        sim.run(plain(desk), rules={"mine": mine}, runs=2, jobs=1)


@pytest.mark.parametrize("answer", [0, 100, 100 * (1 + 1e-12), 100 + 1e-7, -1e-12, -1e-7, 37.5])
def test_what_rounding_adds_is_forgiven(desk: ScenarioBuilder, answer: float) -> None:
    result = sim.run(plain(desk, days=1), rules={"mine": answering(answer)})
    assert fired(result) == [min(max(answer, 0), 100)]


def failing(requirement: float, planned: float, level: float, *_: float) -> float:
    if level < 900:
        raise KeyError("no such table")
    return requirement


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_rule_that_raises_is_named_with_run_and_day(desk: ScenarioBuilder, jobs: int) -> None:
    # 1000 and 900 are there on days 0 and 1, and 800 on day 2.
    said = r"^run [01]: the rule 'mine' fails on day 2: KeyError: 'no such table'$"
    with pytest.raises(RunError, match=said):
        sim.run(plain(desk), rules={"mine": failing}, runs=2, jobs=jobs)


def test_what_a_rule_raised_is_the_cause_with_its_traceback(desk: ScenarioBuilder) -> None:
    with pytest.raises(RunError) as caught:
        sim.run(plain(desk), rules={"mine": failing}, runs=1)
    cause = caught.value.__cause__
    assert isinstance(cause, KeyError)
    assert cause.__traceback__ is not None
    with pytest.raises(RunError, match=r"^two: run 0: the rule 'mine' fails") as caught:
        sim.compare({"one": plain(desk, "none"), "two": plain(desk)}, rules={"mine": failing}, runs=1)
    assert isinstance(caught.value.__cause__, KeyError)


def test_the_keyboard_is_no_fault_of_a_rule(desk: ScenarioBuilder) -> None:
    def mine(*_: float) -> float:
        raise KeyboardInterrupt

    with pytest.raises(sim.SimError, match="interrupted"):
        sim.run(plain(desk), rules={"mine": mine}, runs=1)


def test_functions_and_lambdas_work_in_the_pool(desk: ScenarioBuilder) -> None:
    share = 4
    uncertain = plain(desk, stock={"low": 500, "high": 1500})
    for rule in (half, lambda requirement, *_: requirement / share):
        alone, pooled = (
            sim.run(uncertain, rules={"mine": rule}, runs=60, jobs=jobs).outcomes for jobs in (1, 2)
        )
        assert alone.equals(pooled)
        assert alone["unmet"].max() > 0


def test_a_rule_that_cannot_travel_says_so(desk: ScenarioBuilder) -> None:
    lock = threading.Lock()

    def mine(requirement: float, *_: float) -> float:
        with lock:
            return requirement

    assert fired(sim.run(plain(desk), rules={"mine": mine}, runs=2, jobs=1))[0] == 100
    with pytest.raises(RunError, match="cannot be sent to another process; try jobs=1"):
        sim.run(plain(desk), rules={"mine": mine}, runs=2, jobs=2)


def test_an_unknown_rule_is_told_the_nearest_and_all_that_are_known(desk: ScenarioBuilder) -> None:
    with pytest.raises(ScenarioError) as caught:
        sim.run(plain(desk, "mien"), rules={"mine": half, "other": half})
    (fault,) = caught.value.faults
    assert (fault.path, fault.nearest) == ("consumption.front.rationing.rule", "mine")
    assert fault.allowed == "none, proportional, controlled, mine, other"
    with pytest.raises(
        ScenarioError, match="'mine' is not known here; allowed: none, proportional, controlled"
    ):
        sim.run(plain(desk))


def test_a_rule_of_ones_own_needs_a_cover_too(desk: ScenarioBuilder) -> None:
    fronts = {"front": {"rate": "1/day", "rationing": {"rule": "mine"}}}
    with pytest.raises(ScenarioError, match="the rule 'mine' needs a cover"):
        sim.run(plain(desk, consumption=fronts), rules={"mine": half})


@pytest.mark.parametrize(
    ("name", "rule", "words"),
    [
        *((name, half, "is there for every file") for name in ("none", "proportional", "controlled")),
        ("my rule", half, "not the name of a rule"),
        ("", half, "not the name of a rule"),
        (3, half, "not the name of a rule"),
        ("mine", 3, "not a function"),
    ],
)
def test_a_rule_may_not_have_any_name_or_be_anything(
    desk: ScenarioBuilder, name: Any, rule: Any, words: str
) -> None:
    for act in (sim.run, lambda given, rules: sim.compare([given, given], rules=rules)):
        with pytest.raises(ArgumentError, match=words):
            act(plain(desk, "none"), rules={name: rule})


def test_every_wrong_rule_is_told_at_once(desk: ScenarioBuilder) -> None:
    with pytest.raises(ArgumentError) as caught:
        sim.run(plain(desk), rules={"none": half, "mine": 3})  # type: ignore[dict-item]
    assert len(caught.value.faults) == 2


def loaded(tmp_path: Path, **rules: Rule) -> Scenario:
    text = """\
schema: 1
start: 2023-09-01
end: 2023-09-09
depots: {depot: {stock: 1000}}
consumption: {front: {rate: 100/day, rationing: {rule: mine, cover: 6 days}}}
"""
    (tmp_path / "scenario.yaml").write_text(text)
    return sim.load(tmp_path / "scenario.yaml", rules=rules)


def test_a_loaded_scenario_takes_its_rules_along(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, mine=half, unused=answering(0))
    assert dict(scenario.own_rules) == {"mine": half}
    assert fired(sim.run(scenario))[5] == 50
    assert fired(sim.run(scenario.replace({"depots.depot.stock": 500})))[0] == 50
    travelled = pickle.loads(pickle.dumps(loaded(tmp_path, mine=half)))  # noqa: S301 - our own
    assert fired(sim.run(travelled))[5] == 50


def test_a_run_may_exchange_a_rule_and_the_scenario_does_not_change(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, mine=half)
    assert fired(sim.run(scenario, rules={"mine": answering(7.0)}))[5] == 7
    assert fired(sim.run(scenario))[5] == 50
    with pytest.raises(TypeError):
        scenario.own_rules["mine"] = half  # type: ignore[index]


def test_an_engine_can_ask_whether_a_scenario_has_any(desk: ScenarioBuilder) -> None:
    for rule in ("none", "proportional", "controlled"):
        assert not simulate.as_scenario(plain(desk, rule), {"mine": half}).own_rules
    assert simulate.as_scenario(plain(desk), {"mine": half}).own_rules


def test_scenarios_are_compared_under_rules_of_ones_own(desk: ScenarioBuilder) -> None:
    found = sim.compare({"all": plain(desk, "none"), "half": plain(desk)}, rules={"mine": half})
    rows = {row.outcome: row.difference for row in found.differences}
    # 800 against 100 x 5 + 50 x 3.
    assert (rows["fired"], rows["closing_stock"]) == (-150, 150)
