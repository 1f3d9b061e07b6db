"""Title of a comparison chart, and text of its differences. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.charts.comparison_data import Contrast
from sim.errors import format_count
from sim.formatting import long_date, rounded
from sim.outcomes import EXHAUSTED, FIRED

if TYPE_CHECKING:
    from sim.study.paired_difference import Difference

_MAX_TITLE_LENGTH = 40
#: From here on, days have no decimal and shells are in millions.
_MIN_WHOLE_DAYS, _MIN_MILLION = 9.95, 999_500
#: Largest rounding error of a difference of zero.
_ROUNDING = 1e-6
MINUS = "\u2212"


def format_amount(value: float, unit: str, beside: float = 0.0) -> str:
    """Return the size of a value without sign and unit: ``9.7`` (days), ``5.2M``, ``590,000``.

    Parameters
    ----------
    value : float
    unit : str
    beside : float
        Number shown next to it; both get the same rounding.
    """
    size, largest = abs(value), max(abs(value), abs(beside))
    if unit == "days":
        whole = abs(beside or value) >= _MIN_WHOLE_DAYS or (size.is_integer() and beside.is_integer())
        return f"{size:,.0f}" if whole else f"{size:.1f}"
    if largest >= _MIN_MILLION:
        return f"{size / 1e6:,.1f}M"
    return rounded(size) if size >= 100 else f"{size:.0f}"


def comparison_headline(contrast: Contrast) -> str:
    """Return the title: differences in the run-out date and in shells fired."""
    lasts, fired = contrast.differences(EXHAUSTED), contrast.differences(FIRED)
    if not contrast.stocks or not fired:
        return "No one fires in any of these scenarios"
    several = len(contrast.other_names) > 1
    text = (
        _headline_of_several(contrast, lasts, fired)
        if several
        else _headline_of_one(contrast, lasts[0], fired[0])
    )
    return f"{text} (one run)" if contrast.runs == 1 and lasts[0].low is None else text


def _headline_of_one(contrast: Contrast, lasts: Difference, fired: Difference) -> str:
    title = contrast.label_of(lasts.scenario)
    inline = title.split(" ")[0] in ("With", "Without")
    lead = f"{title} " if inline else f"{title}: "
    stock = f"{_stock_noun(contrast)} {_lasting_phrase(contrast, lasts)}"
    within = " within the period" if lasts.clear and lasts.bound == "open" else ""
    return f"{lead}{stock}{within} and {_fired_phrase([fired])}"


def _headline_of_several(contrast: Contrast, lasts: Sequence[Difference], fired: Sequence[Difference]) -> str:
    least, most = (pick(lasts, key=lambda change: change.difference) for pick in (min, max))
    phrases = [_lasting_phrase(contrast, change) for change in (least, most)]
    stock = _stock_noun(contrast).capitalize()
    if len(set(phrases)) == 1:
        rest = "both others" if len(lasts) == 2 else f"all {len(lasts)} others"
        stock = f"{stock} {phrases[0]} in {rest}"
    else:
        verb = phrases[0].split(" ")[0] if contrast.stocks == 1 else "is gone"
        low, high = (text.removeprefix(f"{verb} ") for text in phrases)
        names = [shorten_title(contrast.label_of(change.scenario)) for change in (least, most)]
        stock = f"{stock} {verb} from {low} ({names[0]}) to {high} ({names[1]})"
    return f"{stock}; {_fired_phrase(sorted(fired, key=lambda change: change.difference))}"


def _stock_noun(contrast: Contrast) -> str:
    return "the stock" if contrast.stocks == 1 else "the first stock"


def _lasting_phrase(contrast: Contrast, change: Difference) -> str:
    """Return the change in the run-out date as a verb phrase."""
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
    return " ".join(filter(None, (verb, change.limit, _days_phrase(change.difference), word)))


def _days_phrase(value: float) -> str:
    text = format_amount(value, "days")
    return f"{text} day" if text == "1" else f"{text} days"


def _fired_phrase(changes: Sequence[Difference]) -> str:
    """Return the change in shells fired; `changes` are in ascending order."""
    clear = [change for change in changes if change.clear]
    if not clear:
        same = all(change.nothing for change in changes)
        return f"{'just' if same else 'about'} as many shells are fired"
    least, most = clear[0].difference, clear[-1].difference
    low, high = format_amount(least, "shells", most), format_amount(most, "shells", least)
    fewer, more = least < 0, most > 0
    if fewer and more:
        return f"from {low} fewer to {high} more shells are fired"
    near, far = (low, high) if more else (high, low)
    span = far if near == far else f"{near} to {far}"
    part = "up to " if len(clear) < len(changes) else ""
    return f"{part}{far if part else span} {'more' if more else 'fewer'} shells are fired"


def shorten_title(title: str) -> str:
    """Return a title, cut if it is long."""
    return title if len(title) <= _MAX_TITLE_LENGTH else f"{title[: _MAX_TITLE_LENGTH - 1].rstrip()}…"


def difference_line(change: Difference, less: str, more: str, end: str) -> str:
    """Return one difference with its interval, as a line of text.

    Parameters
    ----------
    change : Difference
    less, more : str
        Words after a negative and a positive difference: ``earlier``, ``later``.
    end : str
        The day after the last, formatted.
    """
    if change.never:
        return f"not reached before {end} in any run of either"
    if change.nothing:
        ends = (change.difference, change.low or 0.0, change.high or 0.0)
        return "no difference" if max(map(abs, ends)) < _ROUNDING else "next to no difference"
    text = _difference_with_interval(change, less, more)
    if not change.censored:
        return text
    return f"{text}; not reached before {end} in {change.censored} of {format_count(change.pairs, 'pair')}"


def headline_outcomes(contrast: Contrast) -> list[tuple[str, str, str, str]]:
    """Return the outcomes of a verdict: label, name, and the words for less and for more of it."""
    below = [name for name in contrast.outcomes() if name.startswith("below_")][:1]
    stock = ("The stock lasts", "less", "longer")
    if contrast.stocks > 1:
        stock = ("The first stock is gone", "sooner", "later")
    last = (
        "Fire on the last day" if contrast.last_days == 1 else f"Fire in the last {contrast.last_days} days"
    )
    return [
        (stock[0], "exhausted", *stock[1:]),
        *(
            (f"Below {format_count(name.removeprefix('below_'), 'day')} of supply", name, "sooner", "later")
            for name in below
        ),
        ("Fired in all", "fired", "fewer", "more"),
        ("Required but not fired", "unmet", "fewer", "more"),
        (last, "sustained_fire", "fewer", "more"),
    ]


def _difference_with_interval(change: Difference, less: str, more: str) -> str:
    def side(value: float) -> str:
        word = more if value > 0 else less
        if change.unit == "days":
            return f"{_days_phrase(value)} {word}"
        return f"{format_amount(value, change.unit)} {word} {change.unit}"

    if change.low is None or change.high is None:
        return side(change.difference)
    if change.unclear:
        return f"no clear difference ({side(change.low)} to {side(change.high)})"
    near, far = sorted((change.low, change.high), key=abs)
    span = " to ".join(format_amount(end, change.unit, change.difference) for end in (near, far))
    text = " ".join(filter(None, (change.limit, side(change.difference))))
    return text if near == far else f"{text} ({span})"


def format_signed(value: float, unit: str, beside: float = 0.0) -> str:
    """Return a difference with its sign, in short form for the margin of a chart: ``−9.7``, ``+590k``."""
    size = abs(value)
    if size < (0.05 if unit == "days" else 0.5):
        return "0"
    if unit == "days" or size < 9_995 or max(size, abs(beside)) >= _MIN_MILLION:
        text = format_amount(value, unit, beside)
    else:
        text = f"{rounded(float(f'{size / 1e3:.3g}'))}k"
    return f"{'+' if value > 0 else MINUS}{text}"


def mark_label(change: Difference, *, spread: bool) -> str:
    """Return the label of a dot: the difference or its bound, and the interval if `spread`."""
    if change.never:
        return "in no run"
    if change.nothing:
        return "no change"
    sign = {"lower": "≥ ", "upper": "≤ "}.get(change.bound or "", "")
    text = f"{sign}{format_signed(change.difference, change.unit)}"
    if not spread or change.low is None or change.high is None or change.low == change.high:
        return text
    span = " to ".join(
        format_signed(end, change.unit, change.difference) for end in (change.low, change.high)
    )
    return f"{text} ({span})"
