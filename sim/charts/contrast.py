"""What a comparison says: its differences by scenario and outcome, and the words for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.charts.words import about, long_date

if TYPE_CHECKING:
    from sim.study.comparison import Comparison, SavedComparison

#: The last days over which `sustained_fire` is a mean (rule 31 of docs/model.md).
LAST_DAYS = 90
EXHAUSTED, FIRED = "exhausted", "fired"
#: Less than this of a day, or of a shell, is no difference.
_LEAST = {"days": 0.05, "shells": 0.5, "shells a day": 0.5}
_LONGEST_NAME = 40
#: From here on days are told without a decimal, and shells in millions.
_WHOLE_DAYS, _MILLION = 9.95, 999_500
MINUS = "\u2212"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference to the first scenario.

    Attributes
    ----------
    scenario, outcome, unit, difference, low, high, pairs, censored, censored_both, bound
        As of `sim.study.Difference`.
    """

    scenario: str
    outcome: str
    unit: str
    difference: float
    low: float | None
    high: float | None
    pairs: int
    censored: int = 0
    censored_both: int = 0
    bound: str | None = None

    @property
    def never(self) -> bool:
        """Whether neither scenario reached the date in any run: nothing was compared."""
        return self.pairs == self.censored_both

    @property
    def nothing(self) -> bool:
        """Whether there is no difference to speak of."""
        ends = (self.difference, self.low or 0.0, self.high or 0.0)
        return max(map(abs, ends)) < _LEAST[self.unit]

    @property
    def unclear(self) -> bool:
        """Whether the interval leaves open which of the two is more."""
        return self.low is not None and self.high is not None and self.low <= 0.0 <= self.high

    @property
    def clear(self) -> bool:
        """Whether one of the two is more."""
        return not (self.never or self.nothing or self.unclear)

    @property
    def limit(self) -> str:
        """``at least`` or ``at most`` where dates beyond the end make the difference a bound."""
        if self.bound not in ("lower", "upper"):
            return ""
        return "at least" if (self.bound == "lower") == (self.difference > 0) else "at most"


@dataclass(frozen=True, slots=True)
class Contrast:
    """What a chart of a comparison is made from, finished or read back from its folder.

    Attributes
    ----------
    summary : mapping
        ``summary.json``.
    manifest : mapping
        ``version`` and ``sources``, as of `ChartData`.
    """

    summary: Mapping[str, Any]
    manifest: Mapping[str, Any]

    @classmethod
    def of(cls, comparison: Contrast | Comparison | SavedComparison) -> Contrast:
        """Return what a chart is made from, whatever form the comparison has."""
        if isinstance(comparison, Contrast):
            return comparison
        from sim.results.provenance import versions
        from sim.study.comparison import SavedComparison

        saved = isinstance(comparison, SavedComparison)
        made = comparison.manifest.get("versions", {}) if saved else versions()
        version = made.get("munitions-sim", "of unknown version")
        sources = [source._asdict() for source in comparison.sources]
        return cls(comparison.summary(), {"version": version, "sources": sources})

    @property
    def runs(self) -> int:
        """Number of runs of each scenario."""
        return int(self.summary["runs"])

    @property
    def end(self) -> dt.date:
        """The day after the last."""
        return dt.date.fromisoformat(self.summary["end"])

    @property
    def last(self) -> int:
        """Number of the last days over which sustained fire is a mean."""
        return min(LAST_DAYS, (self.end - dt.date.fromisoformat(self.summary["start"])).days)

    @property
    def base(self) -> str:
        """What the first scenario is called."""
        return self.called(str(self.summary["first"]))

    @property
    def others(self) -> tuple[str, ...]:
        """Names of the scenarios that are compared with the first."""
        return tuple(self.summary["differences"])

    @property
    def stocks(self) -> int:
        """The most pairs of depot and munition that someone fires from."""
        return max(int(one["stocks"]) for one in self.summary["scenarios"].values())

    def called(self, name: str) -> str:
        """Return the title of a scenario, with its name where another has that title too."""
        titles = {key: str(one["title"]) for key, one in self.summary["scenarios"].items()}
        title = titles[name]
        alone = list(titles.values()).count(title) == 1
        return title if alone or name.startswith(title) else f"{title} [{name}]"

    def outcomes(self) -> list[str]:
        """Return every outcome that was compared, in order."""
        return list(dict.fromkeys(name for found in self.summary["differences"].values() for name in found))

    def change(self, scenario: str, outcome: str) -> Change | None:
        """Return a difference; None where the outcome is zero in every run of all scenarios."""
        found = self.summary["differences"][scenario].get(outcome)
        return None if found is None else Change(scenario, outcome, **found)

    def changes(self, outcome: str) -> list[Change]:
        """Return the differences in an outcome, one for each scenario."""
        found = (self.change(scenario, outcome) for scenario in self.others)
        return [change for change in found if change is not None]


def amount(value: float, unit: str, beside: float = 0.0) -> str:
    """Return how much, without its sign or unit: ``9.7`` (days), ``5.2M``, ``590,000``.

    Parameters
    ----------
    value : float
    unit : str
    beside : float
        Another number that it stands beside, and that it is to be rounded like.
    """
    size, largest = abs(value), max(abs(value), abs(beside))
    if unit == "days":
        whole = abs(beside or value) >= _WHOLE_DAYS or (size.is_integer() and beside.is_integer())
        return f"{size:,.0f}" if whole else f"{size:.1f}"
    if largest >= _MILLION:
        return f"{size / 1e6:,.1f}M"
    return about(size) if size >= 100 else f"{size:.0f}"


def finding(contrast: Contrast) -> str:
    """Return what a comparison finds: how long the stock lasts, and how many shells are fired."""
    lasts, fired = contrast.changes(EXHAUSTED), contrast.changes(FIRED)
    if not contrast.stocks or not fired:
        return "No one fires in any of these scenarios"
    several = len(contrast.others) > 1
    told = _several(contrast, lasts, fired) if several else _one(contrast, lasts[0], fired[0])
    return f"{told} (one run)" if contrast.runs == 1 and lasts[0].low is None else told


def _one(contrast: Contrast, lasts: Change, fired: Change) -> str:
    title = contrast.called(lasts.scenario)
    inline = title.split(" ")[0] in ("With", "Without")
    lead = f"{title} " if inline else f"{title}: "
    stock = f"{_stock(contrast)} {_lasts(contrast, lasts)}"
    within = " within the period" if lasts.clear and lasts.bound == "open" else ""
    return f"{lead}{stock}{within} and {_fired([fired])}"


def _several(contrast: Contrast, lasts: Sequence[Change], fired: Sequence[Change]) -> str:
    least, most = (pick(lasts, key=lambda change: change.difference) for pick in (min, max))
    told = [_lasts(contrast, change) for change in (least, most)]
    stock = _stock(contrast).capitalize()
    if len(set(told)) == 1:
        rest = "both others" if len(lasts) == 2 else f"all {len(lasts)} others"
        stock = f"{stock} {told[0]} in {rest}"
    else:
        verb = told[0].split(" ")[0] if contrast.stocks == 1 else "is gone"
        low, high = (text.removeprefix(f"{verb} ") for text in told)
        names = [short(contrast.called(change.scenario)) for change in (least, most)]
        stock = f"{stock} {verb} from {low} ({names[0]}) to {high} ({names[1]})"
    return f"{stock}; {_fired(sorted(fired, key=lambda change: change.difference))}"


def _stock(contrast: Contrast) -> str:
    return "the stock" if contrast.stocks == 1 else "the first stock"


def _lasts(contrast: Contrast, change: Change) -> str:
    """Return what becomes of the stock, as a verb and what follows it."""
    one = contrast.stocks == 1
    verb = "lasts" if one else "is gone"
    if change.never:
        until = f"to {long_date(contrast.end)} as well"
        return f"lasts {until}"
    if change.nothing:
        return f"{verb} just as long" if one else f"{verb} on the same day"
    if change.unclear:
        return f"{verb} about as long" if one else f"{verb} at about the same time"
    less, more = ("less", "longer") if one else ("sooner", "later")
    word = more if change.difference > 0 else less
    return " ".join(filter(None, (verb, change.limit, _days(change.difference), word)))


def _days(value: float) -> str:
    text = amount(value, "days")
    return f"{text} day" if text == "1" else f"{text} days"


def _fired(changes: Sequence[Change]) -> str:
    """Return how many shells are fired, for changes in order of their size, fewest first."""
    clear = [change for change in changes if change.clear]
    if not clear:
        same = all(change.nothing for change in changes)
        return f"{'just' if same else 'about'} as many shells are fired"
    least, most = clear[0].difference, clear[-1].difference
    low, high = amount(least, "shells", most), amount(most, "shells", least)
    fewer, more = least < 0, most > 0
    if fewer and more:
        return f"from {low} fewer to {high} more shells are fired"
    near, far = (low, high) if more else (high, low)
    span = far if near == far else f"{near} to {far}"
    part = "up to " if len(clear) < len(changes) else ""
    return f"{part}{far if part else span} {'more' if more else 'fewer'} shells are fired"


def short(title: str) -> str:
    """Return a title, cut where it is long."""
    return title if len(title) <= _LONGEST_NAME else f"{title[: _LONGEST_NAME - 1].rstrip()}…"


def told(change: Change, less: str, more: str, end: str) -> str:
    """Return one difference with its interval, as a line of text.

    Parameters
    ----------
    change : Change
    less, more : str
        Words behind a negative and a positive difference: ``earlier``, ``later``.
    end : str
        The day after the last, as it is to be written.
    """
    if change.never:
        return f"not reached before {end} in any run of either"
    if change.nothing:
        return "no difference"
    text = _with_interval(change, less, more)
    if not change.censored:
        return text
    return f"{text}; not reached before {end} in {change.censored} of {change.pairs} pairs"


def _with_interval(change: Change, less: str, more: str) -> str:
    def side(value: float) -> str:
        word = more if value > 0 else less
        if change.unit == "days":
            return f"{_days(value)} {word}"
        return f"{amount(value, change.unit)} {word} {change.unit}"

    if change.low is None or change.high is None:
        return side(change.difference)
    if change.unclear:
        return f"no clear difference ({side(change.low)} to {side(change.high)})"
    near, far = sorted((change.low, change.high), key=abs)
    span = " to ".join(amount(end, change.unit, change.difference) for end in (near, far))
    text = " ".join(filter(None, (change.limit, side(change.difference))))
    return text if near == far else f"{text} ({span})"


def signed(value: float, unit: str, beside: float = 0.0) -> str:
    """Return a difference with its sign, short enough for the edge of a chart: ``−9.7``, ``+590k``."""
    if abs(value) < _LEAST[unit]:
        return "0"
    size = abs(value)
    if unit == "days" or size < 9_995 or max(size, abs(beside)) >= _MILLION:
        text = amount(value, unit, beside)
    else:
        text = f"{about(size / 1e3)}k"
    return f"{'+' if value > 0 else MINUS}{text}"


def marked(change: Change, *, spread: bool) -> str:
    """Return what stands behind a mark: the difference, as a bound where it is one, and its interval."""
    if change.never:
        return "in no run"
    if change.nothing:
        return "no change"
    sign = {"lower": "≥ ", "upper": "≤ "}.get(change.bound or "", "")
    text = f"{sign}{signed(change.difference, change.unit)}"
    if not spread or change.low is None or change.high is None or change.low == change.high:
        return text
    span = " to ".join(signed(end, change.unit, change.difference) for end in (change.low, change.high))
    return f"{text} ({span})"
