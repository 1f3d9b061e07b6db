"""Published claims on a stock, laid over the stock of a run: which are comparable, and how they are drawn."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.charts import style
from sim.charts.claims_data import Claim, read_claims
from sim.charts.drawn_series import record_dates
from sim.charts.frame import LegendEntry
from sim.charts.result_data import ChartData
from sim.charts.style import Size
from sim.errors import ArgumentError, Fault, format_count
from sim.formatting import month_name

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_QUANTITY = "stock"
_COUNTS = ("shells", "rounds")
#: A claim on all shells is comparable with the only munition of a result that has no calibre.
_ALL_SHELLS = "artillery all"
_CALIBRE = re.compile(r"\d+\s*mm", re.IGNORECASE)
#: Markers of the claims, in order of time.
_MARKERS = ("D", "s", "P", "X", "o", "*")
#: Length of an arrow, as a share of the height of the plot.
_ARROW = 0.14
#: Claims shown where the height of the figure is fixed: each takes a line of the key.
_MOST_IN_FIXED_HEIGHT = 3


@dataclass(frozen=True, slots=True)
class StockClaims:
    """Claims that can be held against the stock of a run.

    Attributes
    ----------
    claims : tuple of Claim
        In order of time, each within the run.
    others : int
        Claims of the table on stocks of other munitions, units or dates.
    most : int
        The latest claims that are shown.
    """

    claims: tuple[Claim, ...] = ()
    others: int = 0
    most: int = len(_MARKERS)

    @property
    def shown(self) -> tuple[Claim, ...]:
        """The latest claims, at most `most`."""
        return self.claims[-self.most :]

    @property
    def top(self) -> float:
        """The largest figure of a claim that is shown, with room for an arrow up."""
        ends = (each.high / (1.0 - _ARROW) if each.bound == "≥" else each.high for each in self.shown)
        return max(ends, default=0.0)

    @property
    def last(self) -> dt.date | None:
        """Date of the last claim."""
        return self.claims[-1].date if self.claims else None

    def within(self, begin: dt.date, end: dt.date) -> StockClaims:
        """Return the claims of a period."""
        kept = tuple(each for each in self.claims if each.date is not None and begin <= each.date < end)
        return replace(self, claims=kept, others=self.others + len(self.claims) - len(kept))

    def note(self) -> str:
        """Return the note of the claims; empty without any."""
        if not self.claims:
            return ""
        rest = self.others + len(self.claims) - len(self.shown)
        notes = [
            "Markers: published claims on the stock, not model output.",
            "Lines are their ranges." if any(each.low < each.high for each in self.shown) else "",
            "Arrows: at least, or at most." if any(each.bound for each in self.shown) else "",
            f"{format_count(rest, 'claim')} of other dates, units or munitions not shown." if rest else "",
        ]
        return " ".join(filter(None, notes))


def comparable_claims(data: ChartData, table: pd.DataFrame, size: Size) -> StockClaims:
    """Return the claims of a table that can be held against the stock of a result.

    A claim is comparable if it counts shells or rounds, is dated within the run, and is about the munition
    of the result, or about all artillery where the result has one munition without a calibre.

    Raises
    ------
    ArgumentError
        The result has several stocks, or no claim is comparable.
    """
    if len(data.pairs) != 1:
        problem = "claims are drawn over one stock, and the result has several depots or munitions"
        raise ArgumentError([Fault(problem, allowed="a result with one depot and one munition")])
    munition = data.pairs[0][1]
    names = {_plain(munition), _plain(data.names.munition(munition))}
    if not any(map(_CALIBRE.search, names)) and data.names.noun([munition]).many == "shells":
        names.add(_plain(_ALL_SHELLS))
    stocks = table[table["quantity"] == _QUANTITY]
    own = stocks[stocks["unit"].isin(_COUNTS) & stocks["munition"].astype(str).map(_plain).isin(names)]
    has_number = own[["low", "central", "high"]].notna().any(axis=1)
    found = read_claims(own[has_number].assign(unit=_COUNTS[0]), _QUANTITY).claims if has_number.any() else ()
    most = len(_MARKERS) if size.height is None else _MOST_IN_FIXED_HEIGHT
    claims = StockClaims(tuple(found), len(stocks) - len(found), most).within(data.start, data.end)
    if not claims.claims:
        claimed = format_count(len(stocks), "claim")
        problem = f"none of {claimed} on stocks can be held against this result"
        if stocks.empty:
            problem = "the table has no claims on stocks"
        allowed = f"claims in shells, on {' or '.join(sorted(names))}, from {data.start} to {data.end}"
        raise ArgumentError([Fault(problem, allowed=allowed)])
    return claims


def _plain(text: str) -> str:
    return re.sub(r"[\s_-]+", " ", text).strip().casefold()


def claims_legend(claims: StockClaims) -> list[LegendEntry]:
    """Return an entry for each claim: its figure, when, and whose it is."""
    return [
        LegendEntry(
            f"{claim.figure}, {_when(claim)}: {claim.claimant}",
            line=_look(place) | {"linewidth": 0.0, "markersize": 4.5},
        )
        for place, claim in enumerate(claims.shown)
    ]


def _when(claim: Claim) -> str:
    return "" if claim.date is None else month_name(claim.date)


def _look(place: int) -> dict[str, Any]:
    return {
        "marker": _MARKERS[place],
        "color": style.INK,
        "markerfacecolor": "white",
        "markeredgecolor": style.INK,
        "markeredgewidth": 1.0,
    }


def draw_claims(axes: Axes, claims: StockClaims, size: Size) -> None:
    """Draw each claim at its date with its range, and an arrow where it is a bound."""
    reach = _ARROW * axes.get_ylim()[1]
    line: dict[str, Any] = {"color": style.INK, "linewidth": 0.6 * size.line, "zorder": 4}
    for place, claim in enumerate(claims.shown):
        if claim.date is None:
            continue
        x = float(claim.date.toordinal())
        record_dates(axes, f"claim of {claim.claimant}", [x], [claim.low], y_end=[claim.high])
        if claim.low < claim.high:
            axes.plot([x, x], [claim.low, claim.high], solid_capstyle="butt", **line)
        if claim.bound:
            end = max(0.0, claim.middle + (reach if claim.bound == "≥" else -reach))
            arrow = {"arrowstyle": "->", "color": style.INK, "linewidth": 0.6 * size.line}
            axes.annotate("", (x, end), (x, claim.middle), arrowprops=arrow, zorder=4)
        dot: dict[str, Any] = {
            "linestyle": "none",
            "markersize": 0.7 * size.text,
            "zorder": 5,
            "clip_on": False,
        }
        axes.plot([x], [claim.middle], **_look(place), **dot)
