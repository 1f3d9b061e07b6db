"""Setting of the live page: the values that differ from the scenario file, by path."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from sim.scenario.loader import replace_settings
from sim.scenario.path import is_within
from sim.scenario.scenario import Scenario

#: Text of a component that is switched off.
OFF = "null"
#: Keys of a link: a value of the present setting, one of the held setting, and whether one is held.
VALUE_KEY, HELD_VALUE_KEY, HELD_KEY = "set", "held", "hold"
#: Most values that a link may hold.
MAX_LINK_VALUES = 500


@dataclass(frozen=True)
class Setting:
    """Values in place of those of the file: text as after ``--set``, by path.

    Attributes
    ----------
    values : mapping of str to str
    """

    values: Mapping[str, str] = field(default_factory=dict)

    def changed(self, path: str, text: str | None) -> Setting:
        """Return the setting with one value; None restores that of the file."""
        rest = {key: value for key, value in self.values.items() if key != path}
        return Setting(rest if text is None else {**rest, path: text})

    def is_off(self, path: str) -> bool:
        """Return whether a component is switched off, or is part of one that is."""
        return any(is_within(path, key) for key, text in self.values.items() if text == OFF)

    def arguments(self) -> list[str]:
        """Return the values as ``PATH=VALUE``, sorted; without those below a component that is off."""
        removed = [path for path, text in self.values.items() if text == OFF]
        return [
            f"{path}={text}"
            for path, text in sorted(self.values.items())
            if not any(path != key and is_within(path, key) for key in removed)
        ]

    def applied(self, scenario: Scenario) -> Scenario:
        """Return the scenario with the values.

        Raises
        ------
        ScenarioError
            If a path does not exist, or the result is invalid.
        """
        found = self.arguments()
        return replace_settings(scenario, found) if found else scenario

    def command(self, verb: str, file: str) -> str:
        """Return the command line that repeats the setting: ``sim run FILE --set PATH=VALUE``."""
        words = ["sim", verb, file]
        for each in self.arguments():
            words += ["--set", each]
        return shlex.join(words)


def to_query(present: Setting, held: Setting | None) -> str:
    """Return two settings as the query of a link; `held` is None if none is held."""
    pairs = [(VALUE_KEY, each) for each in present.arguments()]
    if held is not None:
        pairs += [(HELD_KEY, "1"), *((HELD_VALUE_KEY, each) for each in held.arguments())]
    return urlencode(pairs)


def from_query(query: str) -> tuple[Setting, Setting | None]:
    """Return the two settings of a link.

    Raises
    ------
    ValueError
        If the query has too many values.
    """
    pairs = parse_qsl(query, max_num_fields=MAX_LINK_VALUES)
    is_held = any(key == HELD_KEY for key, _ in pairs)
    return Setting(dict(_values(pairs, VALUE_KEY))), Setting(
        dict(_values(pairs, HELD_VALUE_KEY))
    ) if is_held else None


def _values(pairs: list[tuple[str, str]], wanted: str) -> Iterator[tuple[str, str]]:
    for key, text in pairs:
        path, equals, value = text.partition("=")
        if key == wanted and equals and path:
            yield path, value
