"""Small scenarios for comparisons that reach awkward places, seeded: case n is the same everywhere.

`COMPARISON_PLACES` names the places; each is reached by at least one case of any twenty, as
`places_of_comparison` counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.support.awkward_scenarios import Maker, Plain
from tests.support.folder_figures import RunFolder
from tests.support.folder_pairs import OutcomePair

COMPARISON_PLACES = (
    "never in one",
    "never in both",
    "few pairs censored",
    "shares speak",
    "censored in all but one",
    "equal scenarios",
    "share of 0.4 %",
    "share of 99.6 %",
    "one run",
    "one certain run",
    "three scenarios or more",
    "several stocks",
    "nothing fired",
    "tiny programme",
    "other noun",
    "near shares that differ clearly",
    "just in time",
)
COMPARISON_ROUND = 10
Scenarios = dict[str, Plain]


class ComparisonMaker(Maker):
    """Makes one case: scenarios by name, and their number of runs."""

    need = 100

    def __init__(self, case: int, folder: Path) -> None:
        super().__init__(case, folder)
        self.length = self.rng.randint(10, 40)
        self.common = self.plain(self.length, 0, f"{self.need}/day")

    @property
    def is_odd_round(self) -> bool:
        return self.case // COMPARISON_ROUND % 2 == 1

    def drawn(self, name: str, stocks: list[float]) -> Plain:
        """Return a scenario whose run k opens with ``stocks[k]``."""
        path = self.folder / f"draws-{self.case}-{name}.csv"
        path.write_text("\n".join(["depots.d.stock", *map(repr, stocks)]) + "\n", "ascii")
        self.runs = len(stocks)
        return {**self.common, "title": self.title(name), "draws": str(path)}

    def title(self, name: str) -> str:
        """Return a title; some start with `With` or `Without`."""
        second = str(self.pick("Without the north", "More", "With a lot"))
        return {"a": "As it is", "b": second}.get(name, f"Case {name}")

    def fixed(self, name: str, stock: float, **sections: Any) -> Plain:
        """Return a scenario with a fixed stock."""
        return {
            **self.common,
            "title": self.title(name),
            "depots": {"d": {"stock": repr(float(stock))}},
            **sections,
        }

    def scarce(self) -> float:
        """Return a stock that runs out."""
        return float(self.need * self.rng.randint(1, self.length - 1) + self.pick(0, 0, 37))

    def enough(self) -> float:
        """Return a stock that lasts, with more than a day of supply."""
        return float(self.need * (self.length + self.pick(1, 2, 40)))

    def stocks(self, runs: int, short: int) -> list[float]:
        """Return stocks; the first `short` of them run out."""
        return [self.scarce() for _ in range(short)] + [self.enough() for _ in range(runs - short)]


def awkward_comparison(case: int, folder: Path) -> tuple[Scenarios, int]:
    """Return case `case`: scenarios as plain data by name, the first the baseline, and their runs."""
    make = ComparisonMaker(case, folder)
    scenarios = _KINDS[case % COMPARISON_ROUND](make)
    return scenarios, make.runs


def _never(make: ComparisonMaker) -> Scenarios:
    """No run of one scenario, or of both, reaches the date."""
    runs = make.pick(2, 12, 40)
    short = 0 if make.is_odd_round else runs
    return {"a": make.drawn("a", make.stocks(runs, 0)), "b": make.drawn("b", make.stocks(runs, short))}


def _few_censored(make: ComparisonMaker) -> Scenarios:
    """At most 5 % of pairs are censored, in one scenario or in both."""
    runs = 100
    shorts = make.pick((100, 97), (97, 100), (98, 98), (95, 99), (99, 96))
    first = make.stocks(runs, shorts[0])
    scarce = [max(50.0, stock - make.pick(0, 30, 100, 250)) for stock in first]
    other = scarce[: shorts[1]] + [make.enough() for _ in range(runs - shorts[1])]
    return {"a": make.drawn("a", first), "b": make.drawn("b", other)}


def _shares(make: ComparisonMaker) -> Scenarios:
    """More pairs are censored: the shares of runs speak."""
    if make.is_odd_round:
        return _just_in_time(make)
    runs = make.pick(20, 60, 100)
    shorts = [make.rng.randint(0, runs) for _ in range(2)]
    return {
        name: make.drawn(name, make.stocks(runs, short)) for name, short in zip("ab", shorts, strict=True)
    }


def _just_in_time(make: ComparisonMaker) -> Scenarios:
    """Each day brings what is required: a stock below a day of supply still meets it, in all runs or some."""
    runs, names = make.pick(1, 12, 40), make.pick("ab", "abc")
    make.common["thresholds"] = make.pick([], [1], [7, 1])
    made = {}
    for name in names:
        rate = make.pick(make.need, make.need, make.need - 1)
        stocks = [float(make.rng.choice((0, 50, 99, 130, 500))) for _ in range(runs)]
        plant = {"plant": {"rate": f"{rate}/day"}}
        made[name] = {**make.drawn(name, stocks), "production": plant}
    made["a"]["depots"] = {"d": {"stock": "50"}}
    return made


def _all_but_one(make: ComparisonMaker) -> Scenarios:
    """One pair of many is not censored; or of the first just one run is short."""
    runs = make.pick(8, 30, 250)
    other = make.pick(0, 1, runs)
    return {"a": make.drawn("a", make.stocks(runs, 1)), "b": make.drawn("b", make.stocks(runs, other))}


def _equal(make: ComparisonMaker) -> Scenarios:
    """The scenarios differ in nothing that matters, or by next to nothing."""
    stocks = make.stocks(make.pick(3, 25), make.pick(0, 2))
    other = [stock + 2e-3 for stock in stocks] if make.is_odd_round else stocks
    return {"a": make.drawn("a", stocks), "b": make.drawn("b", other)}


def _extreme_shares(make: ComparisonMaker) -> Scenarios:
    """Shares of 0.4 % and 99.6 %, in either order; or near shares of a thousand runs."""
    if make.case % 20 == 15:
        low = make.pick(200, 400)
        stocks = make.stocks(1000, low)
        more = 4
        other = stocks[:low] + [make.scarce() for _ in range(more)] + stocks[low + more :]
        return {"a": make.drawn("a", stocks), "b": make.drawn("b", other)}
    shorts = make.pick((1, 249), (249, 1))
    return {name: make.drawn(name, make.stocks(250, short)) for name, short in zip("ab", shorts, strict=True)}


def _one_run(make: ComparisonMaker) -> Scenarios:
    """One run, of a stock that is drawn or not."""
    stocks = [make.scarce(), make.pick(make.scarce(), make.enough())]
    make.rng.shuffle(stocks)
    if make.is_odd_round:
        made = {name: make.drawn(name, [stock]) for name, stock in zip("ab", stocks, strict=True)}
    else:
        made = {name: make.fixed(name, stock) for name, stock in zip("ab", stocks, strict=True)}
    make.runs = 1
    return made


def _several_scenarios(make: ComparisonMaker) -> Scenarios:
    """Three scenarios or four, all of whose runs are short, or some."""
    runs, names = make.pick(10, 30), make.pick("abc", "abcd")
    short = runs if make.is_odd_round else make.pick(runs // 2, runs)
    return {name: make.drawn(name, make.stocks(runs, short)) for name in names}


def _tiny(make: ComparisonMaker) -> Scenarios:
    """A programme of some 150 a year of other things than shells; or nothing at all is required."""
    rate = make.pick("150/year", "40/year", "4/year", "1/year") if make.is_odd_round else "0/day"
    make.length = make.pick(60, 366)
    make.common = make.plain(make.length, 0, rate)
    make.common["munitions"] = {"things": {"noun": make.pick("blanket", "missile", "box")}}
    make.common["consumption"]["front"]["verb"] = make.pick("hands out", "launches", "uses")
    make.runs = 1
    plant = {"plant": {"rate": make.pick("10/year", "30/year", "100/year")}}
    return {
        "a": make.fixed("a", make.pick(0, 1, 12, 100)),
        "b": make.fixed("b", make.pick(0, 1, 13), production=plant),
    }


def _several_stocks(make: ComparisonMaker) -> Scenarios:
    """Two munitions with stocks that vary; large numbers in some."""
    size = make.pick(1, 40, 20_000)
    make.runs = make.pick(2, 24)
    made: Scenarios = {}
    for name in "ab":
        stock = {
            "heavy": {"low": 200 * size, "high": make.pick(900, 2900, 9000) * size},
            "light": f"{make.pick(3, 15, 90) * 10 * size}",
        }
        made[name] = {
            **make.common,
            "title": make.title(name),
            "munitions": {"heavy": {}, "light": {"noun": "rocket"}},
            "depots": {"d": {"stock": stock}},
            "consumption": {"front": {"rate": {"heavy": f"{100 * size}/day", "light": f"{10 * size}/day"}}},
        }
    return made


_KINDS: Mapping[int, Callable[[ComparisonMaker], Scenarios]] = dict(
    enumerate(
        (
            _never, _few_censored, _shares, _all_but_one, _equal,
            _extreme_shares, _one_run, _several_scenarios, _tiny, _several_stocks,
        )
    )
)  # fmt: skip


def places_of_comparison(folders: Mapping[str, RunFolder], *, is_certain: bool) -> set[str]:
    """Return the places that a comparison reached, from the runs of its scenarios."""
    first, *others = folders.values()
    pairs = [OutcomePair(first, other, "exhausted") for other in others]
    fired = [OutcomePair(first, other, "fired") for other in others]
    shares = [share for pair in pairs for share in pair.shares]
    whole = first.whole
    tests = {
        "never in one": any(min(pair.shares) == 0.0 < max(pair.shares) for pair in pairs),
        "never in both": any(pair.is_never for pair in pairs),
        "few pairs censored": any(pair.censored and not pair.needs_shares for pair in pairs),
        "shares speak": any(pair.needs_shares for pair in pairs),
        "censored in all but one": any(pair.pairs > 1 and pair.pairs - 1 == pair.censored for pair in pairs),
        "equal scenarios": all(pair.is_equal for pair in [*pairs, *fired]),
        "share of 0.4 %": any(0.0 < share < 0.01 for share in shares),
        "share of 99.6 %": any(0.99 < share < 1.0 for share in shares),
        "one run": first.runs == 1 and not is_certain,
        "one certain run": first.runs == 1 and is_certain,
        "three scenarios or more": len(folders) > 2,
        "several stocks": len(first.stocks) > 1,
        "nothing fired": all(pair.size == 0.0 for pair in fired),
        "tiny programme": 0.0 < whole.required / first.days * 365.25 <= 150.5,
        "other noun": whole.nouns[0] != "shell",
        "just in time": any(each.whole.short.share < each.whole.exhausted.share for each in folders.values()),
        "near shares that differ clearly": any(
            round(100 * pair.shares[0]) == round(100 * pair.shares[1]) and not pair.share_change.includes_zero
            for pair in pairs
        ),
    }
    return {place for place, is_reached in tests.items() if is_reached}
