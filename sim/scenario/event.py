"""An event: something that stops, multiplies or destroys, on a date, in a window, or at random."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from sim.errors import Fault, nearest
from sim.scenario.context import Context
from sim.scenario.dimension import DAMAGE, DURATION, FACTOR, SHARE
from sim.scenario.measure import Date, DepotName, Line, Measure
from sim.scenario.nodes import Block, Text
from sim.scenario.part import Part
from sim.scenario.quantity import Quantity, fixed
from sim.units import Unit

ACTS = ("stops", "multiplies", "destroys")
BESIDE_ACT = {"stops": {"share"}, "multiplies": {"factor"}, "destroys": {"at"}}


class Event(Part):
    """When something happens, and what it does (rules 27 and 28)."""

    date: Date | None = None
    """The one day on which it acts."""
    from_: Annotated[Date | None, Field(alias="from")] = None
    """The first day of a window."""
    until: Date | None = None
    """The day after the last of a window; the end of the run if left out."""
    every: Annotated[Quantity | None, Measure(DURATION)] = None
    """Gap from the end of one occurrence to the next: the mean of an exponential, or a distribution."""
    last: Annotated[Quantity | None, Measure(DURATION)] = None
    """How long a random occurrence lasts."""
    stops: Line = ""
    """Path of the component that stops."""
    share: Annotated[Quantity, Measure(SHARE)] = fixed(1.0, Unit.SHARE)
    """Share of it that stops."""
    multiplies: Line = ""
    """Path of the rate, offer or capacity that is multiplied."""
    factor: Annotated[Quantity | None, Measure(FACTOR)] = None
    """By how much."""
    destroys: Annotated[Quantity | None, Measure(DAMAGE)] = None
    """Share of what lies at a depot that is lost, or a number of shells."""
    at: Annotated[Line | None, DepotName("")] = None
    """The depot where it destroys."""
