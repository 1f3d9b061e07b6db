"""Hypothesis strategy for scenarios of one fleet with short durations, for many ties in time.

Ships load, travel, unload and return in a few whole hours, wait for berths at both ends, and stop in
closures at any hour. The next start of loading depends on the last of these.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.support.number_strategies import Plain, integers_below

START = dt.date(2023, 9, 1)
DAYS = 12
HANDLING_TIMES = ("0 h", "0 h", "6 h", "12 h", "1 day", "3 h", {"choices": ["0 h", "6 h", "1 day"]})
TRAVEL_TIMES = (
    "1 h",
    "6 h",
    "12 h",
    "1 day",
    "18 h",
    "30 min",
    {"choices": ["6 h", "1 day"]},
    {"low": "1 h", "high": "2 days"},
)
CAPACITIES = ("100 shells", "150 shells", "70 shells", {"choices": ["100 shells", "33 shells"]})
GAPS = (
    "36 h",
    {"choices": ["6 h", "12 h", "1 day"]},
    {"low": "2 h", "high": "3 days"},
    {"choices": ["1 day"]},
)
LENGTHS = ("0 h", "6 h", "12 h", "1 day", {"choices": ["3 h", "18 h"]}, {"low": "0 h", "high": "30 h"})
GROWING = {"stock": "150", "production": {"by_date": {"2023-09-01": "80/day", "2023-09-06": "10/day"}}}
RESERVES = ("1000", "430", GROWING, {"stock": "0", "production": "250/day"}, {"low": "0", "high": "2000"})
SECOND = {"offered": "90 shells/day", "lead_time": "12 h"}


@st.composite
def fleets(draw: DrawFn) -> Plain:
    """Draw a supplier of one to three legs with closures, berths and returning ships.

    Returns
    -------
    dict
        As returned by `scenario_strategies.whole_scenarios`; no run of it fails.
    """

    def pick(*choices: Any) -> Any:
        return choices[draw(integers_below(len(choices)))]

    ally: Plain = {}
    how = pick("", "offered", "deliveries")
    if how == "offered":
        offers = (
            "200 shells/day",
            "50 shells/day",
            {"by_date": {"2023-09-03": "0 shells/day", "2023-09-05": "300 shells/day"}},
        )
        ally["offered"] = pick(*offers)
    elif how == "deliveries":
        ally["deliveries"] = {
            iso_date(draw(integers_below(DAYS))): pick("100 shells", "260 shells", "30 shells")
            for _ in range(4)
        }
    if pick(False, True):
        ally["reserve"] = pick(*RESERVES)
    if pick(False, True, False):
        ally["first"] = pick(
            "0 h", "30 h", "2 days", {"low": "0 h", "high": "4 days"}, "40 days", iso_date(-3), iso_date(DAYS)
        )
    if (
        pick(False, True, False)
        and "40" not in str(ally.get("first"))
        and ally.get("first") != iso_date(DAYS)
    ):
        ally["until"] = pick("1 day", "1 h", "36 h", "2 days", "30 h", {"low": "1 h", "high": "9 days"})
    ally["route"] = [_leg(pick, position, how) for position in range(pick(1, 2, 1, 3))]
    shipments = {"ally": ally, **({"B": SECOND} if pick(False, True) else {})}
    depot = {"stock": 0, **({"capacity": pick("300", "1000")} if pick(False, True) else {})}
    events = {name: _closure(pick, len(ally["route"])) for name in ("x", "Y", "z")[: pick(0, 1, 2, 3)]}
    return {
        "schema": 1,
        "start": iso_date(0),
        "end": iso_date(DAYS),
        "depots": {"depot": depot},
        "shipments": shipments,
        "events": events,
        "consumption": {"front": {"rate": "60/day"}},
    }


def iso_date(number: int) -> str:
    """Return the ISO date of a day from the start."""
    return (START + dt.timedelta(days=number)).isoformat()


def _leg(pick: Any, position: int, how: str) -> Plain:
    made = {
        "capacity": pick(*CAPACITIES),
        "travel": pick(*TRAVEL_TIMES),
        "load": pick(*HANDLING_TIMES),
        "unload": pick(*HANDLING_TIMES),
    }
    for key in ("berths", "unloading_berths"):
        if pick(False, True):
            made[key] = pick(1, 2)
    if pick(False, True):
        made["departs"] = pick("full", "any")
    if pick(True, True, False):
        made["vehicles"] = pick(1, 2, 3, 5)
    elif position == 0 and not how:
        made |= {"berths": 1, "load": "6 h"}
    return made


def _closure(pick: Any, legs: int) -> Plain:
    target = pick("shipments.ally", *(f"shipments.ally.route.{leg}" for leg in range(legs)))
    if pick(True, True, False):
        return {"stops": target, "every": pick(*GAPS), "last": pick(*LENGTHS)}
    begins = pick(-1, 0, 2, 4)
    return {"stops": target, "from": iso_date(begins), "until": iso_date(begins + pick(1, 2, 3))}
