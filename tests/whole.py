"""Strategies that mix every feature of the format: what `strategies.py` draws one by one, all at once.

Numbers are small and round on purpose, so that lots fall on one second, depots fill and reserves end.
Only `cover` is odd: a stock of exactly `cover` days of supply, kept so by a transfer, is rationed or not by
its last bit.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

if TYPE_CHECKING:
    from strategies import ALL, BOTH, number, one_of
else:
    from .strategies import ALL, BOTH, number, one_of

Plain = dict[str, Any]
THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
START = dt.date(2024, 2, 20)
TIMES = one_of("6 h", "12 h", "1 day", "30 h", "2 days")
MASSES = {
    "152mm": "50 kg",
    "122mm": {"low": "20 kg", "high": "30 kg"},
    "rocket": {"choices": ["100 kg", "125 kg"]},
}
MIXES: dict[int, list[list[Any]]] = {
    1: [["100%"]],
    2: [["60%", "40%"], ["25%", "75%"], ["100%", "0%"], [{"low": "20%", "high": "60%"}, "40%"]],
    3: [
        ["50%", "30%", "20%"],
        ["50%", "0%", "50%"],
        [{"low": 0, "high": 1}, "30%", {"choices": ["10%", "0%"]}],
    ],
}


def examples(usual: int, thorough: int = 1000) -> settings:
    """Return the settings of a property; ``HYPOTHESIS_PROFILE=thorough`` tries more, anew each time."""
    return settings(
        max_examples=thorough if THOROUGH else usual,
        deadline=None,
        derandomize=not THOROUGH,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )


class Frame(NamedTuple):
    """What the parts of a scenario know of the rest."""

    days: int
    munitions: list[str]
    depots: list[str]

    def date(self, day: int) -> str:
        return (START + dt.timedelta(days=day)).isoformat()


class Drawer:
    """Draws the parts of one scenario."""

    def __init__(self, draw: DrawFn, frame: Frame) -> None:
        self.draw, self.frame = draw, frame

    def yes(self, one_in: int = 2) -> bool:
        return self.draw(st.integers(0, one_in - 1)) == 1

    def pick(self, *words: Any) -> Any:
        return self.draw(st.sampled_from(words))

    def depot(self) -> str:
        return str(self.pick(*self.frame.depots))

    def day(self) -> str:
        return self.frame.date(self.draw(st.integers(-2, self.frame.days + 1)))

    def span(self) -> Any:
        """Draw a duration of hours or days: fixed or drawn."""
        return self.draw(TIMES) if self.yes() else self.draw(number(1, 90, " h", ALL))

    def share(self) -> Any:
        return self.draw(number(0, 100, "%"))

    def course(self, high: int, unit: str) -> Any:
        """Draw a number, or a course of it."""
        if not self.yes(3):
            return self.draw(number(0, high, unit))
        points = {self.day(): self.draw(number(0, high, unit)) for _ in range(3)}
        return {"by_date": points, "between": self.pick("step", "linear")}

    def rate(self, high: int) -> Any:
        """Draw a rate for each munition, some of them in tonnes."""
        rates = {
            m: self.course(high, self.pick("e2/day", "e2/day", "e1 kg/h"))
            for m in self.some(self.frame.munitions)
        }
        return rates or {self.frame.munitions[0]: "300/day"}

    def each(self, one: Any) -> Any:
        """Draw a property once for all munitions, or for each."""
        return one() if self.yes() else {m: one() for m in self.frame.munitions}

    def some(self, names: list[str], least: int = 0) -> list[str]:
        """Draw some of the names: each as likely in as out, but for a least number of them."""
        # Hypothesis likes small numbers, and a mask of zero would leave everything out.
        mask = 2 ** len(names) - 1 - self.draw(st.integers(0, 2 ** len(names) - 1))
        return [name for place, name in enumerate(names) if mask >> place & 1 or place < least]

    def stores(self, name: str, consuming: set[str]) -> Plain:
        """Draw a depot; one with a capacity can hold its stock at the start."""
        if name in consuming and self.yes(3):
            made: Plain = {"stock": self.draw(number(0, 20, " days"))}
        else:
            made = {
                "stock": {
                    m: self.draw(number(0, 9, self.pick("k", "k shells", "e2 t")))
                    for m in self.frame.munitions
                }
            }
            if self.yes():
                # 900 t of the lightest are 45k shells.
                made["capacity"] = self.draw(number(45 * len(self.frame.munitions), 150, "k", BOTH))
                made["stock"] = {
                    m: self.draw(number(0, 45, "k")) if self.yes(3) else s for m, s in made["stock"].items()
                }
                made["stock"] = {
                    m: "20k" if "mean" in str(s) or "median" in str(s) or "exp" in str(s) else s
                    for m, s in made["stock"].items()
                }
        if self.yes():
            made["unserviceable"] = {
                m: self.draw(number(0, 20, self.pick("k", " t"))) for m in self.some(self.frame.munitions, 1)
            }
        return made

    def line(self) -> Plain:
        made = {"to": self.depot(), "rate": self.rate(30)}
        if self.yes() and "by_date" not in str(made):
            made["growth"] = self.draw(number(-30, 30, "%", BOTH))
        if self.yes():
            made["lead_time"] = self.span()
        if self.yes():
            made["outages"] = {"every": self.span(), "last": self.span()} | (
                {"share": self.share()} if self.yes() else {}
            )
        return made

    def workshop(self) -> Plain:
        return {"at": self.depot(), "rate": self.course(30, "e2/day"), "yield": self.each(self.share)}

    def supplier(self) -> Plain:
        """Draw a supplier: by a route or in lots, by offers, deliveries or without limit."""
        boxed, munitions = self.yes(), self.frame.munitions
        made: Plain = {"to": self.depot()}
        if len(munitions) > 1 or self.yes(3):
            made["mix"] = dict(zip(munitions, self.pick(*MIXES[len(munitions)]), strict=True))
        if boxed:
            made["shells_per_container"] = self.each(lambda: self.draw(number(50, 300, "", BOTH)))
        if self.yes():
            made["serviceable"] = self.each(self.share)
        if self.yes():
            stock = self.draw(number(0, 20, "k"))
            made["reserve"] = (
                {"stock": stock, "production": self.course(10, "e2/day")} if self.yes() else stock
            )
        made |= self.window()
        routed = self.yes()
        kind = self.pick("offered", "deliveries", "") if routed else self.pick("offered", "deliveries")
        units = [" containers"] if boxed else ["e2 shells", "e1 kg"]
        if kind == "offered":
            made["offered"] = self.course(20, f"{self.pick(*units)}/day")
        elif kind:
            made["deliveries"] = {self.day(): self.draw(number(0, 40, units[0])) for _ in range(4)}
        if not routed:
            return made | {"lead_time": self.span()}
        legs = [
            self.leg(position, "e2 shells" if not boxed else " containers", kind)
            for position in range(self.pick(1, 1, 2, 3))
        ]
        return made | {"route": legs}

    def leg(self, position: int, unit: str, kind: str) -> Plain:
        made: Plain = {"capacity": self.draw(number(5, 60, unit, BOTH)), "travel": self.span()}
        for key in ("load", "unload"):
            if self.yes():
                made[key] = self.span()
        for key in ("berths", "unloading_berths"):
            if self.yes():
                made[key] = self.pick(1, 2)
        if self.yes():
            made["departs"] = self.pick("any", "full")
        if self.yes():
            made["vehicles"] = self.pick(1, 2, 3, 0)
        elif position == 0 and not kind:
            made |= {"berths": self.pick(1, 2), "load": self.draw(TIMES)}
        return made

    def window(self) -> Plain:
        day = self.draw(st.integers(0, max(0, self.frame.days // 2)))
        firsts = [self.frame.date(day), f"{day} days", {"low": f"{day} days", "high": f"{day + 3} days"}]
        made: Plain = {"first": self.pick(*firsts)} if self.yes(3) else {}
        if self.yes(3):
            made["until"] = self.pick(
                f"{day + 9} days", self.frame.date(day + 5), {"exponential": f"{day + 5} days"}
            )
        return made

    def transfer(self, consuming: set[str]) -> Plain:
        here = self.depot()
        there = self.pick(*[depot for depot in self.frame.depots if depot != here])
        made = {"from": here, "to": there}
        if self.yes():
            made["capacity"] = self.course(40, "e2/day")
        if self.yes():
            made["lead_time"] = self.span()
        if there in consuming and self.yes():
            made["keep"] = self.each(lambda: self.draw(number(0, 15, " days")))
        return made

    def consumer(self, at: str) -> Plain:
        made: Plain = {"at": at, "rate": self.rate(40)}
        if self.yes():
            made["daily_variation"] = self.draw(number(0, 150, "%", BOTH))
        if self.yes():
            made["rationing"] = {
                "rule": self.pick("none", "proportional", "controlled"),
                "cover": self.draw(number(1, 20, ".37 days")),
            }
        if self.yes():
            made |= {
                "guns": self.draw(number(0, 40, "")),
                "rounds_per_gun": self.draw(number(20, 100, "", BOTH)),
            }
            if self.yes():
                made["barrels"] = {"stock": self.draw(number(0, 60, ""))}
                if self.yes():
                    made["barrels"]["production"] = self.course(5, "/day")
                made["barrel_life"] = self.draw(number(100, 900, " rounds", BOTH))
        return made

    def event(self, whole: Plain) -> Plain:
        """Draw an event that acts on something there is."""
        act, target, is_fleet = self.target(whole)
        made: Plain = {act: target}
        if act == "destroys":
            made = {
                "at": target,
                "destroys": self.draw(number(0, 100, "%", BOTH))
                if self.yes()
                else self.draw(number(0, 30, "k shells")),
            }
        elif act == "multiplies":
            made["factor"] = self.draw(number(0, 30, "e-1"))
        elif not is_fleet and self.yes():
            made["share"] = self.share()
        kind = self.pick("date", "every") if act == "destroys" else self.pick("date", "window", "every")
        if kind == "date":
            return made | {"date": self.day()}
        if kind == "every":
            return made | {"every": self.span()} | ({} if act == "destroys" else {"last": self.span()})
        day = self.draw(st.integers(-2, self.frame.days))
        return (
            made
            | {"from": self.frame.date(day)}
            | ({"until": self.frame.date(day + self.pick(1, 3, 9))} if self.yes() else {})
        )

    def target(self, whole: Plain) -> tuple[str, str, bool]:
        """Draw what an event does to what, and whether that is a fleet."""
        found = [("destroys", depot, False) for depot in self.frame.depots]
        for section in ("production", "refurbishment", "consumption", "transfers", "shipments"):
            for name, part in whole[section].items():
                found.append(("stops", f"{section}.{name}", "route" in part))
                key = {"shipments": "offered", "transfers": "capacity"}.get(section, "rate")
                if key in part:
                    found.append(("multiplies", f"{section}.{name}.{key}", False))
                found += [
                    ("stops", f"{section}.{name}.route.{n}", True) for n in range(len(part.get("route", ())))
                ]
        return tuple(self.pick(*found))


@st.composite
def wholes(draw: DrawFn) -> Plain:
    """Draw a scenario in which anything may stand beside anything."""
    munitions = list(MASSES)[: draw(st.integers(1, 3))]
    depots = ["arsenal", "Front", "9th"][: draw(st.integers(1, 3))]
    frame = Frame(draw(st.integers(8, 45)), munitions, depots)
    drawer = Drawer(draw, frame)
    consumption = {name: drawer.consumer(drawer.depot()) for name in drawer.some(["south", "North"], 1)}
    consuming = {part["at"] for part in consumption.values()}
    whole: Plain = {
        "schema": 1,
        "start": frame.date(0),
        "end": frame.date(frame.days),
        "munitions": {m: {"gross_mass": MASSES[m]} for m in munitions},
        "depots": {name: drawer.stores(name, consuming) for name in depots},
        "production": {name: drawer.line() for name in drawer.some(["plant", "Works"])},
        "refurbishment": {name: drawer.workshop() for name in drawer.some(["shop", "Yard"])},
        "shipments": {name: drawer.supplier() for name in drawer.some(["ally", "Zed"])},
        "transfers": {},
        "consumption": consumption,
    }
    if len(depots) > 1:
        whole["transfers"] = {
            name: drawer.transfer(consuming) for name in drawer.some(["rail", "Road", "barge"])
        }
    names = drawer.some(["a", "b", "c", "d", "e"])
    return whole | {"events": {name: drawer.event(whole) for name in names}}
