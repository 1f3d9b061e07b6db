"""Constants and scalar formulas of the rules that both engines use; the account is not among them.

The simpy model calls the functions, and the compiled engine compiles the same code
(`sim.ensemble.device_formulas`). So they use only `math`, and none calls another. Rule numbers refer to
``docs/model.md``.
"""

from __future__ import annotations

import math
from typing import Final

from sim.account import ENOUGH
from sim.units import DAYS_PER_MONTH, DAYS_PER_YEAR, LONGEST_DAYS, SECONDS_PER_DAY

#: Shortest travel of a voyage, in one direction (rule 20).
MIN_TRAVEL_SECONDS: Final = 3600
#: Number of the lots that are under way at the start: before all others that arrive in one second (rule 23).
UNDER_WAY: Final = -400_000
#: Shortest gap between the occurrences of a recurring event (rule 28).
MIN_GAP_SECONDS: Final = 3600
#: Largest budget of a year whose hundredths are exact, and the rounding of one by its rate a day (rule 39).
MOST_CENTS: Final = 1e13
BUDGET_ROUNDING: Final = 1e-15
#: Days of the mean inflow in controlled rationing (rule 13).
INFLOW_WINDOW: Final = 30


def to_seconds(days: float) -> int:
    """Return a duration in whole seconds, cut to 1,000 years (rule 1)."""
    return math.floor(min(LONGEST_DAYS, days) * SECONDS_PER_DAY + 0.5)


def whole_days(days: float) -> int:
    """Return a duration in whole days, cut to 1,000 years (rule 38)."""
    return math.floor(min(LONGEST_DAYS, days) + 0.5)


def first_day_from(second: int) -> int:
    """Return the first day that starts at or after a second (rule 27)."""
    return -(-second // SECONDS_PER_DAY)


def arrival_second(start: int, lead: int) -> int:
    """Return the second at which a lot arrives, on the next day at the earliest (rule 19).

    Parameters
    ----------
    start : int
        Second at which the day of its departure starts.
    lead : int
        Lead time in seconds.
    """
    return start + max(SECONDS_PER_DAY, lead)


def linear_value(day: int, first: int, last: int, before: float, after: float) -> float:
    """Interpolate between the value `before` on day `first` and `after` on day `last` (rule 29)."""
    part = (day - first) / (last - first)
    return before + (after - before) * part


def growth_factor(growth: float, day: int) -> float:
    """Return the factor by which a rate that grows by a share a month has grown by a day (rule 29).

    Raises
    ------
    OverflowError
        The factor is out of range; compiled code returns infinity instead.
    """
    return float((1.0 + growth) ** (day / DAYS_PER_MONTH))


def exceeds_capacity(level: float, capacity: float) -> bool:
    """Return whether a stock exceeds the capacity of its depot by more than rounding (rule 15)."""
    return level * ENOUGH > capacity


def admitted_share(size: float, level: float, capacity: float) -> float:
    """Return the share of a lot for which a depot has room (rule 15)."""
    room = max(0.0, capacity - level)
    return 1.0 if size <= room else room / size


def capped_share(part: float, whole: float) -> float:
    """Return a part as a share of a whole, at most 1; 0 of nothing (rules 16 and 17)."""
    return min(1.0, part / whole) if whole > 0.0 else 0.0


def replenishment(keep: float, planned: float, position: float) -> float:
    """Return the shells that raise a supply position to `keep` days of supply (rule 18)."""
    return max(0.0, keep * planned - position)


def full_load_or_rest(waits: float, left: float, capacity: float, growing: int, full_only: int) -> float:
    """Return the load of the next vehicle; 0 where it waits for more cargo (rules 22 and 24).

    Parameters
    ----------
    waits, left : float
        Cargo at the quay, and the reserve of the supplier; infinite without a limit.
    capacity : float
        Of one vehicle.
    growing : int
        Whether the reserve grows by production.
    full_only : int
        Whether a vehicle leaves only with a full load.
    """
    available = min(waits, left)
    if available >= capacity * ENOUGH:
        # A remainder within rounding goes with this load and not as one of its own.
        return capacity if available > capacity * (2.0 - ENOUGH) else available
    short = left < waits * ENOUGH if growing else left <= waits
    lacking = growing if short else full_only
    return 0.0 if lacking else available


def lot_size(offered: float, left: float) -> float:
    """Return the cargo of a lot: the offer, or the reserve with its remainder within rounding (rule 24)."""
    return left if offered >= left * ENOUGH else offered


def gun_ceiling(guns: float, rounds_per_gun: float, barrels: float) -> float:
    """Return the shells a day that guns can fire; `barrels` is infinite where not modelled (rule 14)."""
    return guns * rounds_per_gun * min(1.0, barrels / guns) if guns > 0.0 else 0.0


def worn_barrels(barrels: float, fired: float, life: float) -> float:
    """Return the barrels that remain after a day of fire (rule 14)."""
    return max(0.0, barrels - fired / life)


def served_backlog(fired: float, backlog: float, required: float) -> float:
    """Return the part of a consumer's fire that serves its backlog, which goes first (rule 36)."""
    return backlog if fired >= (backlog + required) * ENOUGH else min(fired, backlog)


def unmet_requirement(fired: float, served: float, backlog: float, required: float) -> float:
    """Return the part of a consumer's new requirement that is not fired (rule 36).

    Parameters
    ----------
    fired, served : float
        Fire of the day, and the part of it that served the backlog.
    backlog, required : float
        Backlog before the day, and the new requirement.
    """
    new = fired - served
    is_met = fired >= (backlog + required) * ENOUGH or new >= required * ENOUGH
    return 0.0 if is_met else required - new


def first_inflow_day(day: int) -> int:
    """Return the first day of the mean inflow up to a day (rule 13)."""
    return max(0, day - INFLOW_WINDOW + 1)


def inflow_share(inflow: float, day: int, own: float, planned: float) -> float:
    """Return a consumer's share of the mean inflow (rule 13).

    Parameters
    ----------
    inflow : float
        Total from `first_inflow_day` up to `day`.
    day : int
    own, planned : float
        Planned requirement of the consumer, and of all consumers there.
    """
    return inflow / min(day + 1, INFLOW_WINDOW) * (own / planned)


def first_review(first: int, interval: int) -> int:
    """Return the second of the first review from the start on; they are an interval apart (rule 37).

    Parameters
    ----------
    first : int
        Second of the first review of all, also before the start.
    interval : int
        In seconds.
    """
    return first if first >= 0 else first % interval


def order_size(position: float, reorder_point: float, order_up_to: float, order_quantity: float) -> float:
    """Return the shells to order at a review; 0 for no order (rule 37).

    Parameters
    ----------
    position : float
        Inventory position.
    reorder_point, order_up_to, order_quantity : float
        Negative where the policy has none: without a reorder point any position below `order_up_to` is
        brought up to it.
    """
    has_no_point = reorder_point < 0.0
    is_low = position < order_up_to * ENOUGH if has_no_point else position * ENOUGH <= reorder_point
    if not is_low:
        return 0.0
    return order_quantity if order_quantity >= 0.0 else max(0.0, order_up_to - position)


def is_made(left: float, capacity: float) -> bool:
    """Return whether a supplier makes what is left of an order with its capacity (rule 37)."""
    return left * ENOUGH <= capacity


def still_ordered(ordered: float, came: float) -> float:
    """Return what is ordered and not yet received, after an arrival; 0 within rounding (rule 37)."""
    return 0.0 if came >= ordered * ENOUGH else ordered - came


def funded_shells(shells: float, left: float, price: float, fixed: float) -> float:
    """Return the part of an order that a budget pays for (rule 39).

    Parameters
    ----------
    shells : float
        Size of the order.
    left : float
        Money that is left; infinite without a budget.
    price, fixed : float
        Money for each shell, and for the order.
    """
    room = left - fixed
    if price * shells * ENOUGH <= room:
        return shells
    return room / price if room > 0.0 else 0.0


def left_in_budget(left: float, cost: float) -> float:
    """Return what is left of a budget after an order; 0 within rounding (rule 39)."""
    return 0.0 if cost >= left * ENOUGH else left - cost


def granted_budget(rate: float, share: float) -> float:
    """Return the budget of a year of account (rule 39).

    A rate a day is the written one over the days of a year: what is a whole number of hundredths but for its
    rounding is that number.

    Parameters
    ----------
    rate : float
        Money a day.
    share : float
        Share of the year that is granted.
    """
    year = rate * DAYS_PER_YEAR
    if year < MOST_CENTS:
        exact = math.floor(year * 100.0 + 0.5) / 100.0
        if abs(year - exact) <= year * BUDGET_ROUNDING:
            year = exact
    return year * share


def yearly_share(share: float, price: float) -> float:
    """Return the holding cost of a shell a day that is a share of its unit cost a year (rule 39)."""
    return share * price / DAYS_PER_YEAR
