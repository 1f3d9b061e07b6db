"""A published page that a scenario cites on the spot."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple


class Citation(NamedTuple):
    """A published page that is not a row of the evidence table.

    Attributes
    ----------
    url : str
    claimant : str
        Author of the claim; empty if not stated.
    published : datetime.date or None
    """

    url: str
    claimant: str = ""
    published: dt.date | None = None

    def __str__(self) -> str:
        published = self.published.isoformat() if self.published else ""
        details = ", ".join(filter(None, [self.claimant, published]))
        return f"{self.url} ({details})" if details else self.url


#: The id of an estimate, or a citation.
Source = str | Citation
