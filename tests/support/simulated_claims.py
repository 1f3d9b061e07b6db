"""Worlds with known inputs, simulated claims about them, and planted false claims."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.account import Kind
from sim.auditing import Bound, Family, Match
from sim.auditing.claim_runs import ClaimRuns, observer
from sim.auditing.conflicts import find_conflicts
from sim.auditing.exclusions import find_exclusions
from sim.auditing.input_priors import InputPriors
from sim.auditing.judgements import Counted
from sim.auditing.posterior import Parameter, Posterior, infer
from sim.observables import Cumulative, Flow, Level, Measure, Observable, Selection, Window
from sim.scenario.loader import load_plain
from sim.scenario.scenario import Scenario
from tests.support.evidence_rows import estimate

#: Size of each inference.
WALKERS, STEPS = 128, 30
#: Planted claims are off by a factor in this range, up or down.
FALSE_FACTORS = (3.0, 5.0)
THEIRS = Family("theirs", 1.0, 0.3, Counted.NEITHER, "")
OURS = Family("ours", 1.2, 0.4, Counted.NEITHER, "")
START = dt.date(2024, 1, 1)


@dataclass(frozen=True)
class World:
    """Known inputs and factors, by name of a parameter, and claims about the account that they give."""

    truth: dict[str, float]
    claims: tuple[Match, ...]


def day(number: int) -> dt.date:
    return START + dt.timedelta(days=number)


def world_scenario() -> Scenario:
    """Return four months of six uncertain inputs, with fire in two phases, rationed, and daily variation."""
    rate = {
        "2024-01-01": {"median": "4k/day", "p95": "7k/day"},
        "2024-03-01": {"median": "5k/day", "p95": "9k/day"},
    }
    plain = {
        "schema": 1,
        "start": START.isoformat(),
        "end": day(120).isoformat(),
        "depots": {"front": {"stock": {"median": "500k", "p95": "900k"}}},
        "production": {"line": {"to": "front", "rate": {"median": "2k/day", "p95": "3.5k/day"}}},
        "shipments": {
            "ally": {
                "to": "front",
                "offered": {"low": "0.5k/day", "mode": "1k/day", "high": "3k/day"},
                "lead_time": {"low": "5 days", "high": "15 days"},
            }
        },
        "consumption": {
            "fire": {
                "at": "front",
                "rate": {"by_date": rate},
                "daily_variation": "20%",
                "rationing": {"rule": "proportional", "cover": {"low": "5 days", "high": "40 days"}},
            }
        },
    }
    return load_plain(plain, None)


def claims_made() -> list[tuple[Observable, Family | None, float]]:
    """Return the number, the family and the spread of each claim."""
    fired, made, landed = (Kind.FIRED,), (Kind.PRODUCED,), (Kind.LANDED, Kind.REJECTED)

    def rate(kinds: tuple[Kind, ...], first: int, last: int) -> Observable:
        return Flow(kinds=kinds, window=Window(day(first), day(last)), measure=Measure.RATE)

    def count(last: int) -> Observable:
        return Cumulative(kinds=landed, date=day(last), where=Selection(origins=("ally",)))

    # Most numbers have more than one claim, so that a claim can be told from the others.
    return [
        (rate(fired, 0, 30), THEIRS, 0.1),
        (rate(fired, 10, 50), OURS, 0.2),
        (rate(fired, 20, 59), THEIRS, 0.2),
        (rate(fired, 0, 59), None, 0.2),
        (rate(fired, 60, 90), OURS, 0.2),
        (rate(fired, 60, 119), THEIRS, 0.2),
        (rate(fired, 80, 119), None, 0.2),
        (rate(fired, 70, 110), OURS, 0.35),
        (rate(made, 0, 60), None, 0.2),
        (rate(made, 40, 119), None, 0.2),
        (rate(made, 0, 119), None, 0.35),
        (count(60), None, 0.2),
        (count(80), None, 0.2),
        (count(110), None, 0.35),
        (Level(date=day(0)), None, 0.2),
        (Level(date=day(20)), None, 0.2),
        (Level(date=day(40)), None, 0.35),
        (Level(date=day(80)), None, 0.35),
    ]


def make_world(scenario: Scenario, number: int) -> World:
    """Return a world by its number: inputs of the prior, other draws of a seed of its own, honest claims."""
    random = np.random.default_rng([31, number])
    priors = InputPriors(scenario)
    inputs = priors.inputs(random.standard_normal((1, len(priors.paths))))
    bare = [_claim(place, *made) for place, made in enumerate(claims_made())]
    numbers = observer(scenario, priors.paths, bare, 1_000 + number, 1)(inputs, np.zeros(1, dtype=np.int64))
    factors = {
        one.name: one.median * math.exp(one.spread * random.standard_normal()) for one in (THEIRS, OURS)
    }
    claims = [
        _with_figure(
            claim,
            float(said)
            * factors.get(claim.family.name if claim.family else "", 1.0)
            * math.exp(claim.spread * random.standard_normal()),
        )
        for claim, said in zip(bare, numbers[0], strict=True)
    ]
    return World(dict(zip(priors.paths, inputs[0].tolist(), strict=True)) | factors, tuple(claims))


def plant(world: World, number: int) -> tuple[int, tuple[Match, ...]]:
    """Return the place of a planted false claim, and the claims with it."""
    random = np.random.default_rng([32, number])
    place = int(random.integers(len(world.claims)))
    low, high = FALSE_FACTORS
    factor = math.exp(random.uniform(math.log(low), math.log(high)))
    claim = world.claims[place]
    false = _with_figure(claim, claim.middle * (factor if random.random() < 0.5 else 1.0 / factor))
    return place, (*world.claims[:place], false, *world.claims[place + 1 :])


def ask(scenario: Scenario, claims: Sequence[Match], watched: Sequence[Match] = ()) -> Posterior:
    """Return the posterior of an inference of the size of this study."""
    return infer(scenario, claims, watched=watched, walkers=WALKERS, steps=STEPS, jobs=1)


def covered(parameters: Sequence[Parameter], world: World) -> dict[str, bool]:
    """Return whether the 90 % range of each parameter holds the truth."""
    return {one.name: one.posterior[0] <= world.truth[one.name] <= one.posterior[-1] for one in parameters}


def rank_of_planted(scenario: Scenario, world: World, number: int) -> int:
    """Return how many claims are at least as surprising as a planted one, itself included."""
    place, claims = plant(world, number)
    posterior = ask(scenario, claims)
    observe = ClaimRuns(scenario, claims, seed=posterior.seed, jobs=1).observed
    found = find_conflicts(posterior, observe, lambda rest, claim: ask(scenario, rest, [claim]))
    return sum(one.p_value <= found[place].p_value for one in found)


def has_exclusion(scenario: Scenario, world: World) -> bool:
    """Return whether claims of a world exclude each other by arithmetic."""
    return bool(find_exclusions(scenario, world.claims, max_sets=1).sets)


def _claim(place: int, number: Observable, family: Family | None, spread: float) -> Match:
    return Match(estimate(id=f"c{place}"), number, None, 1.0, None, Bound.CENTRAL, spread, family)


def _with_figure(claim: Match, figure: float) -> Match:
    return replace(claim, central=figure)
