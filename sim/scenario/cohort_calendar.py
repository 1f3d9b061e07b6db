"""Cohorts of manufacture of one munition, and the ages of opening stocks in them (rule 38)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from sim.formulas import first_day_from, to_seconds, whole_days
from sim.scenario.ages import NEW, has_daily_cohorts, parts_of_age, share_expired_at_once
from sim.scenario.depot import Depot
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.units import LONGEST_DAYS


@dataclass(frozen=True, slots=True)
class CohortCalendar:
    """Cohorts of one munition, from the oldest shells on; both engines read it.

    Attributes
    ----------
    first_day : int
        First day with a cohort, from the start of the run; 0 or negative. Older shells belong to its cohort.
    cohort_of : tuple of int
        Cohort of what is made on each day from `first_day` on.
    made : tuple of int
        Day from which the age of each cohort counts, from the start of the run.
    """

    first_day: int
    cohort_of: tuple[int, ...]
    made: tuple[int, ...]

    def cohort(self, day: int) -> int:
        """Return the cohort of what is made on a day."""
        return self.cohort_of[max(0, day - self.first_day)]

    def opening_shares(self, depot: Depot, munition: str) -> Mapping[int, float]:
        """Return the share of each cohort in the opening stock of a depot."""
        shares: dict[int, float] = {}
        for age, share in parts_of_age(depot.age.get(munition, NEW)):
            cohort = self.cohort(-age)
            shares[cohort] = shares.get(cohort, 0.0) + share
        return shares


def cohort_calendar(scenario: Scenario, munition: str) -> CohortCalendar:
    """Return the cohorts of a munition with a shelf life."""
    shelf_life = scenario.munition_parts[munition].shelf_life
    longest = LONGEST_DAYS if shelf_life is None else _most(scenario, shelf_life)
    # What is older than any shelf life expires at once, whatever its cohort.
    oldest = min(_oldest(scenario, munition), first_day_from(to_seconds(longest)))
    return _calendar(scenario.start, scenario.days, oldest, has_daily_cohorts(longest))


def share_expired_on_first_day(scenario: Scenario, depot: Depot, munition: str) -> float:
    """Return the share of the opening stock of a munition that expires on the first day of every run."""
    life, age = scenario.munition_parts[munition].shelf_life, depot.age.get(munition)
    if life is None or age is None:
        return 0.0
    return share_expired_at_once(age, _most(scenario, life), scenario.start)


@lru_cache(maxsize=64)
def _calendar(start: dt.date, days: int, oldest: int, daily: bool) -> CohortCalendar:  # noqa: FBT001 - a key
    dates = [start + dt.timedelta(days=day) for day in range(-oldest, days)]
    if daily:
        return CohortCalendar(-oldest, tuple(range(len(dates))), tuple(range(-oldest, days)))
    months = [12 * date.year + date.month - 1 for date in dates]
    firsts = [dt.date(month // 12, month % 12 + 1, 1) for month in range(months[0], months[-1] + 1)]
    return CohortCalendar(
        -oldest,
        tuple(month - months[0] for month in months),
        tuple((first - start).days for first in firsts),
    )


def _oldest(scenario: Scenario, munition: str) -> int:
    """Return the largest age in days of what may enter a stock."""
    return max(chain(_opening_ages(scenario, munition), _shipped_ages(scenario, munition)), default=0)


def _opening_ages(scenario: Scenario, munition: str) -> Iterator[int]:
    for depot in scenario.depots.values():
        yield from (age for age, _ in parts_of_age(depot.age.get(munition, NEW)))


def _shipped_ages(scenario: Scenario, munition: str) -> Iterator[int]:
    for shipment in scenario.shipments.values():
        if shipment.age is not None and shipment.brings(munition):
            yield whole_days(_most(scenario, shipment.age))


def _most(scenario: Scenario, quantity: Quantity) -> float:
    """Return the largest value of a duration that is drawn once a run, at most 1,000 years."""
    sampled = scenario.draws
    if sampled is not None and quantity.path in sampled:
        return min(LONGEST_DAYS, max(sampled.column(quantity.path)))
    return min(LONGEST_DAYS, quantity.bounds()[1])
