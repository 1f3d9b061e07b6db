"""Display names of components; nouns and verbs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Noun(NamedTuple):
    """What a munition is counted in."""

    one: str
    many: str


class Verb(NamedTuple):
    """What a consumer does."""

    present: str
    plural: str
    past: str


class Names:
    """Display names."""

    def depot(self, name: str) -> str:
        """Return the name of a depot."""
        return name.capitalize()

    def munition(self, name: str) -> str:
        """Return the name of a munition."""
        return name.replace("mm", " mm")

    def consumer(self, name: str) -> str:
        """Return the name of a consumer."""
        return name.capitalize()

    def origin(self, name: str) -> str:
        """Return the name of an origin."""
        return {"initial": "opening stock"}.get(name, name.capitalize())

    def noun(self, _munitions: Sequence[str]) -> Noun:
        """Return the noun of some munitions."""
        return Noun("shell", "shells")

    def verb(self) -> Verb:
        """Return the verb of all consumers."""
        return Verb("fires", "fire", "fired")
