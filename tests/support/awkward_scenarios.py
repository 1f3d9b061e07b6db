"""Small scenarios that reach the awkward places of a verdict, seeded: case n is the same everywhere.

`PLACES` names the places; each is reached by at least one case of any ten, as `places_of` counts.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.support.folder_figures import RunFolder

Plain = dict[str, Any]
STARTS = (dt.date(2024, 1, 1), dt.date(2023, 12, 20), dt.date(2022, 2, 28), dt.date(2024, 1, 31))
PLACES = (
    "never",
    "at once",
    "in some runs",
    "in and out again",
    "surplus",
    "nothing required",
    "nothing supplied",
    "one run",
    "one day",
    "several munitions",
    "several depots",
    "several consumers",
    "priorities",
    "rationed",
    "guns",
    "share of 0.4 %",
    "share of 99.6 %",
    "tiny programme",
    "other noun",
    "other verb",
    "no thresholds",
)
#: Cases in a round: each place is reached in each round.
ROUND = 10
_MANY_RUNS = 250
_NOUNS = ("blanket", "missile", {"one": "tonne of fuel", "many": "tonnes of fuel"}, "box")
_VERBS = ("hands out", "launches", "burns", "uses")
_LABELS = ("North depot", "Store at Ost", "Harbour, east", "Depot 7")


class Maker:
    """Makes one case: a scenario as plain data, and its number of runs."""

    def __init__(self, case: int, folder: Path) -> None:
        self.rng = random.Random(f"awkward {case}")
        self.case, self.folder = case, folder
        self.runs = self.rng.choice((2, 3, 5, 8, 24))
        self.start = self.rng.choice(STARTS)

    @property
    def is_third_round(self) -> bool:
        """Whether the case is in a third round: some places are reached by other cases there."""
        return self.case // ROUND % 3 == 0

    def plain(self, days: int, stock: Any, rate: Any, **sections: Any) -> Plain:
        """Return a scenario of one depot and one consumer."""
        return {
            "schema": 1,
            "title": f"Case {self.case}",
            "start": self.start.isoformat(),
            "end": self.day(days),
            "thresholds": self.rng.choice(([30, 7], [7], [1, 15], [0.5], [30])),
            "depots": {"d": {"stock": str(stock)}},
            "consumption": {"front": {"rate": rate}},
            **sections,
        }

    def day(self, number: int) -> str:
        """Return the date of a day of the period."""
        return (self.start + dt.timedelta(days=number)).isoformat()

    def with_stocks(self, plain: Plain, stocks: list[float]) -> Plain:
        """Return a scenario whose run k opens with ``stocks[k]``."""
        path = self.folder / f"draws-{self.case}.csv"
        path.write_text("\n".join(["depots.d.stock", *map(repr, stocks)]) + "\n", "ascii")
        self.runs = len(stocks)
        return {**plain, "draws": str(path)}

    def pick(self, *values: Any) -> Any:
        """Return one of the values."""
        return self.rng.choice(values)

    def days(self) -> int:
        """Return the length of a short period."""
        return self.rng.randint(5, 45)


def awkward(case: int, folder: Path) -> tuple[Plain, int]:
    """Return case `case`, a scenario as plain data, and its number of runs.

    Parameters
    ----------
    case : int
    folder : Path
        Where the samples of cases with many runs are written.
    """
    maker = Maker(case, folder)
    plain = _KINDS[case % ROUND](maker)
    return plain, maker.runs


def _surplus(make: Maker) -> Plain:
    """Inflow exceeds the requirement; sometimes from an empty stock."""
    need = make.pick(1, 7.5, 100, 3e3, 60e3)
    output = need * make.pick(1.0004, 1.5, 20)
    stock = make.pick(0, need / 2) if make.is_third_round else need * 9
    plain = make.plain(make.days(), stock, f"{need!r}/day")
    plain["production"] = {"plant": {"rate": f"{output!r}/day"}}
    if make.rng.random() < 0.4:
        plain["production"]["old-works"] = {"rate": "2/day", "label": "Old works, north"}
    if output > 1.4 * need and make.rng.random() < 0.5:
        plain["consumption"]["front"]["daily_variation"] = "15%"
    return plain


def _short_once(make: Maker) -> Plain:
    """One run, whose supply comes late, so that the stock runs out and is there again."""
    make.runs = 1
    days, need = make.rng.randint(20, 70), make.pick(10, 250, 9_999)
    lot = need * days * make.pick(0.2, 2)
    plain = make.plain(days, need * make.pick(2, 5, 7.5), f"{need}/day")
    plain["shipments"] = {"far-away": {"deliveries": {make.day(days // 2): repr(lot)}, "lead_time": "2 days"}}
    if make.rng.random() < 0.3:
        plain["consumption"]["front"]["rate"] = {
            "by_date": {make.day(0): "0/day", make.day(3): f"{need}/day"}
        }
    plain["thresholds"] = []
    return plain


def _nothing(make: Maker) -> Plain:
    """Nothing is required, of one munition or of two."""
    plain = make.plain(make.days(), make.pick(0, 0.3, 500), "0/day")
    if make.rng.random() < 0.5:
        plain["production"] = {"plant": {"rate": "12/day"}}
    if make.is_third_round:
        plain |= {
            "munitions": {"152mm": {}, "122mm": {"label": "Light shells"}},
            "depots": {"d": {"stock": {"152mm": "900", "122mm": "40"}}},
            "consumption": {"front": {"rate": {"152mm": "0/day", "122mm": "0/day"}}},
        }
        plain.pop("production", None)
    return plain


def _tiny(make: Maker) -> Plain:
    """A programme of some 150 a year, of other things than shells."""
    plain = make.plain(
        make.pick(60, 366, 731), make.pick(0, 12, 100), make.pick("150/year", "4/year", "0.9/year")
    )
    plain["munitions"] = {"things": {"noun": make.pick(*_NOUNS)}}
    plain["consumption"]["front"]["verb"] = make.pick(*_VERBS)
    if make.rng.random() < 0.6:
        plain["production"] = {"plant": {"rate": make.pick("40/year", "149.9/year", "150/year", "300/year")}}
    make.runs = make.pick(1, 2, 3)
    return plain


def _at_once(make: Maker) -> Plain:
    """One day, whose stock and supply do not suffice."""
    need = make.pick(1, 80, 4321.5)
    plain = make.plain(1, need * make.pick(0, 0.25, 0.5), f"{need!r}/day")
    if make.rng.random() < 0.5:
        plain["production"] = {"plant": {"rate": f"{need * make.pick(0.3, 0.9)!r}/day"}}
    plain["consumption"]["front"]["verb"] = make.pick(*_VERBS)
    return plain


def _some_runs(make: Maker) -> Plain:
    """Some runs have less than is required: 0.4 % or 99.6 % of 250, or any share of a few."""
    days, need = make.rng.randint(5, 20), 100
    plain = make.plain(days, 0, f"{need}/day")
    enough, scarce = float(need * (days + make.pick(1, 2, 40))), float(need * make.rng.randint(1, days - 1))
    many = 1000 if make.case % 100 == 15 else _MANY_RUNS
    first = max(1, round(0.004 * many))
    return make.with_stocks(plain, [scarce] * first + [enough] * (many - first))


def _nearly_all(make: Maker) -> Plain:
    """All runs but one of 250 are short; no inflow."""
    days, need = make.rng.randint(5, 20), 100
    plain = make.plain(days, 0, f"{need}/day")
    enough = float(need * (days + make.pick(0, 2, 40)))
    scarce = [float(need * make.rng.randint(0, days - 1)) for _ in range(_MANY_RUNS - 1)]
    return make.with_stocks(plain, [*scarce, enough])


def _several(make: Maker) -> Plain:
    """Several munitions, depots and consumers, one supplied from the other."""
    days, need = make.days(), make.pick(20, 3_000)
    first, second = make.rng.sample(_LABELS, 2)
    two = not make.is_third_round
    munitions = ["heavy", "light"] if two else ["heavy"]
    plain: Plain = {
        **make.plain(days, 0, "0/day"),
        "munitions": {"heavy": {"label": "Heavy, long"}, "light": {"noun": make.pick("shell", "rocket")}},
        "depots": {
            "rear": {"label": first, "stock": _each(munitions, lambda: f"{need * make.pick(0, 3, 90)}")},
            "east": {"label": second, "stock": _each(munitions, lambda: f"{need * make.pick(0, 4, 50)}")},
        },
        "consumption": {
            "a": {"at": "rear", "rate": _each(munitions, lambda: f"{need * make.pick(0, 0.5, 1, 2)!r}/day")},
            "b": {"at": "east", "rate": {"heavy": f"{need}/day"}, "verb": make.pick("fires", "hands out")},
            "c": {
                "at": "east",
                "rate": {"heavy": f"{need / 3!r}/day"},
                "daily_variation": make.pick("0%", "30%"),
            },
        },
    }
    if not two:
        plain["munitions"].pop("light")
    if make.rng.random() < 0.6:
        plain["transfers"] = {
            "road": {"from": "rear", "to": "east", "capacity": f"{need}/day", "keep": "3 days"}
        }
    if make.rng.random() < 0.6:
        plain["production"] = {"plant": {"to": "rear", "rate": {"heavy": f"{need * make.pick(1, 4)}/day"}}}
    if make.rng.random() < 0.3:
        plain["consumption"]["b"]["rationing"] = {"rule": "proportional", "cover": "10 days"}
    plain["consumption"]["b"]["priority"] = make.pick(1, 2)
    plain["consumption"]["c"] |= {"priority": make.pick(2, 1, 3), "backlog": make.pick(True, False)}
    plain["currency"] = "EUR"
    plain["depots"]["rear"]["holding_cost"] = "3 EUR/year"
    plain["consumption"]["b"]["shortage_cost"] = "2 EUR"
    if make.rng.random() < 0.3:
        plain["consumption"]["a"] |= {"guns": 4, "rounds_per_gun": need * make.pick(0.1, 0.3)}
    if make.rng.random() < 0.3:
        fire = {"at": "east", "date": make.day(days // 2), "destroys": {"low": "10%", "high": "90%"}}
        plain["events"] = {"depot-fire": fire}
    return plain


def _each(munitions: list[str], value: Callable[[], str]) -> dict[str, str]:
    return {munition: value() for munition in munitions}


def _rationed(make: Maker) -> Plain:
    """Rationing by days of supply, with a stock that varies and sometimes with a lot that ends it."""
    days, need = make.rng.randint(10, 120), make.pick(40, 700, 12_345)
    rule = {"rule": make.pick("proportional", "controlled"), "cover": f"{make.pick(12, 20, 30)} days"}
    stock = make.pick(need * 8, {"low": need * 2, "high": need * 16})
    plain = make.plain(days, 0, f"{need}/day", depots={"d": {"stock": stock}})
    plain["consumption"]["front"] |= {"rationing": rule, "daily_variation": make.pick("0%", "10%")}
    if make.rng.random() < 0.6:
        # The rule `controlled` does not ration while the inflow covers the requirement.
        part = make.pick(0.3, 0.97, 1.2 if rule["rule"] == "proportional" else 0.8)
        plain["production"] = {"plant": {"rate": f"{need * part!r}/day"}}
    if make.rng.random() < 0.4:
        lot = {"deliveries": {make.day(days // 3): f"{need * 60}"}, "lead_time": "1 day"}
        plain["shipments"] = {"ally": lot}
    return plain


def _guns(make: Maker) -> Plain:
    """A ceiling of guns, which may wear out, with a stock that may last."""
    need = make.pick(100, 5_000)
    plain = make.plain(make.days(), need * (900 if make.is_third_round else make.pick(3, 30)), f"{need}/day")
    front = plain["consumption"]["front"]
    front |= {"guns": make.pick(10, {"low": 6, "high": 10}), "rounds_per_gun": need / make.pick(13, 40)}
    if make.rng.random() < 0.5:
        front |= {"barrels": {"stock": 10}, "barrel_life": need * make.pick(1, 5)}
    if make.rng.random() < 0.6:
        plain["production"] = {"plant": {"rate": f"{need * make.pick(0.1, 0.6)!r}/day"}}
    if make.rng.random() < 0.4:
        front["daily_variation"] = "20%"
    return plain


_KINDS: Mapping[int, Callable[[Maker], Plain]] = dict(
    enumerate(
        (
            _surplus, _short_once, _nothing, _tiny, _at_once,
            _some_runs, _nearly_all, _several, _rationed, _guns,
        )
    )
)  # fmt: skip


def places_of(plain: Plain, folder: RunFolder) -> set[str]:
    """Return the places that a run reached, from its scenario and tables."""
    whole, consumers = folder.whole, plain["consumption"].values()
    gone = whole.exhausted
    tests = {
        "never": gone.share == 0.0 and whole.required > 0.0,
        "at once": gone.p50 == folder.start.isoformat(),
        "in some runs": 0.0 < gone.share < 1.0,
        "in and out again": any(map(_is_back, folder.stocks)),
        "surplus": whole.coming_in > whole.required and whole.grows >= 0.95,
        "nothing required": whole.required == 0.0,
        "nothing supplied": whole.coming_in == 0.0 and whole.required > 0.0,
        "one run": folder.runs == 1,
        "one day": folder.days == 1,
        "several munitions": len(plain.get("munitions", ())) > 1,
        "several depots": len(plain["depots"]) > 1,
        "several consumers": len(consumers) > 1,
        "priorities": any("priority" in each for each in consumers),
        "rationed": any("rationing" in each for each in consumers) and whole.short.share > 0.0,
        "guns": any("guns" in each for each in consumers) and whole.required < 0.99 * whole.planned,
        "share of 0.4 %": 0.0 < whole.short.share < 0.01,
        "share of 99.6 %": 0.99 < whole.short.share < 1.0,
        "tiny programme": 0.0 < whole.required / folder.days * 365.25 <= 150.5,
        "other noun": whole.nouns[0] != "shell",
        "other verb": whole.past != "fired",
        "no thresholds": plain["thresholds"] == [],
    }
    return {place for place, is_reached in tests.items() if is_reached}


def _is_back(stock: Any) -> bool:
    """Return whether in one of the first runs the stock is empty on a day, and not on a later one."""
    empty = [[level < need for level, need in zip(levels, stock.daily_required, strict=True)]
             for levels in stock.levels.values()]  # fmt: skip
    return any(True in run and False in run[run.index(True) :] for run in empty)
