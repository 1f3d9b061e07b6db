"""Names: the names for readers of the components and paths of one scenario."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sim.account import INITIAL, REFURBISHED
from sim.errors import StorageError
from sim.formatting import capitalised
from sim.names.automatic_names import automatic_name
from sim.names.path_phrases import SECTION_NOUNS, Setting, read_leg_setting, read_setting, words_of
from sim.names.unique_names import unique_names
from sim.names.word_forms import FIRES, ITEM, SHELL, USES, Noun, Verb

OPENING_STOCK, REFURBISHED_STOCK = "opening stock", "refurbished"
#: Components whose keys are common nouns, without a capital inside a name of a path.
_COMMON = frozenset({"munitions", "refurbishment", "transfers", "consumption", "events", "orders"})
#: A label of a depot that names its place.
_DEPOT_AT = re.compile(
    r"(?:depots?|arsenals?|stores?|stocks?|stockpiles?) ((?:at|in|near) .+)", re.IGNORECASE
)
_OUTPUT = re.compile(r"\b(?:output|production)\b", re.IGNORECASE)
_ROUTE_STEPS = 4


@dataclass(frozen=True, slots=True)
class Names:
    """Names for readers of one scenario, from its labels, or automatic.

    Only names in the file are stored; automatic names are made here.

    Attributes
    ----------
    labels : mapping of str to str
        Labels by path of the component: ``depots.tikhoretsk``, ``shipments.dprk.route.0``.
    routes : mapping of str to str
        Legs without a label, in the words of the file, by path: ``by sea, Najin to Dunay``.
    nouns : mapping of str to Noun
        By munition; all munitions, or none if no munition has a noun.
    verbs : mapping of str to Verb
        By consumer; all consumers, or none if no consumer has a verb.
    currency : str
        Three letters of the currency; empty for a scenario without money.
    stock : mapping of str to str
        Depot and munition of the only stock that consumers draw on, by "depot" and "munition", each left out
        if the file has no other.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    routes: Mapping[str, str] = field(default_factory=dict)
    nouns: Mapping[str, Noun] = field(default_factory=dict)
    verbs: Mapping[str, Verb] = field(default_factory=dict)
    currency: str = ""
    stock: Mapping[str, str] = field(default_factory=dict)

    @property
    def stock_name(self) -> str:
        """Name of the only stock that consumers draw on, among others; empty if it is not the only one."""
        parts = {"munition": self.munition, "depot": self.depot}
        return " at ".join(name(self.stock[key]) for key, name in parts.items() if key in self.stock)

    @property
    def stock_place(self) -> str:
        """The same after a noun: `` at Tikhoretsk`` or `` of 152 mm``, with a space before it."""
        word = "of" if "munition" in self.stock else "at"
        return f" {word} {self.stock_name}" if self.stock else ""

    @property
    def the_stock(self) -> str:
        """The same in a sentence: ``the stock at Tikhoretsk``; ``the stock`` without a name."""
        return f"the stock{self.stock_place}"

    def depot(self, name: str) -> str:
        """Return the name of a depot."""
        return self._component("depots", name)

    def munition(self, name: str) -> str:
        """Return the name of a munition."""
        return self._component("munitions", name)

    def consumer(self, name: str) -> str:
        """Return the name of a consumer."""
        return self._component("consumption", name)

    def event(self, name: str) -> str:
        """Return the name of an event inside a sentence."""
        return self._in_phrase("events", name)

    def origin(self, name: str) -> str:
        """Return the name of an origin: opening stock, refurbished, a production line or a supplier."""
        if name in {INITIAL, REFURBISHED}:
            return OPENING_STOCK if name == INITIAL else REFURBISHED_STOCK
        labels = (self.labels.get(f"{section}.{name}") for section in ("production", "shipments", "orders"))
        return next((label for label in labels if label), automatic_name(name))

    def depots(self, names: Iterable[str]) -> dict[str, str]:
        """Return the names of depots, no two alike."""
        return unique_names(names, (self.depot, lambda name: f"{self.depot(name)} ({name})"))

    def munitions(self, names: Iterable[str]) -> dict[str, str]:
        """Return the names of munitions, no two alike."""
        return unique_names(names, (self.munition, lambda name: f"{self.munition(name)} ({name})"))

    def consumers(self, names: Iterable[str]) -> dict[str, str]:
        """Return the names of consumers, no two alike."""
        return unique_names(names, (self.consumer, lambda name: f"{self.consumer(name)} ({name})"))

    def origins(self, names: Iterable[str]) -> dict[str, str]:
        """Return the names of origins, no two alike."""
        return unique_names(names, (self.origin, lambda name: f"{self.origin(name)} ({name})"))

    def path(self, path: str) -> str:
        """Return the name of a path: ``Opening stock at Tikhoretsk``, ``Shells per container, DPRK``."""
        section, *steps = path.split(".")
        if section == "budget" and steps:
            setting = read_setting(section, steps)
            return _join(setting.phrase, "", setting.details)
        if section not in SECTION_NOUNS or not steps:
            return ", ".join([words_of(section), *steps])
        name, *rest = steps
        if section == "shipments" and rest[:1] == ["route"] and len(rest) > 1:
            setting = read_leg_setting(rest[2:])
            leg = self._leg(path, name, rest[1], is_alone=not setting.phrase)
            return _join(setting.phrase, leg, setting.details)
        setting = read_setting(section, rest)
        if not setting.phrase:
            return self._component(section, name)
        return self._setting(section, name, setting)

    def paths(self, paths: Iterable[str]) -> dict[str, str]:
        """Return the names of paths, no two alike; those that would be have more words."""
        return unique_names(paths, (self.path, self._long_path, lambda path: f"{self.path(path)} ({path})"))

    def noun(self, munitions: Iterable[str]) -> Noun:
        """Return the noun of munitions: shell if the file gives none, item if they differ."""
        found = {self.nouns.get(munition, SHELL) for munition in munitions} or {SHELL}
        return found.pop() if len(found) == 1 else ITEM

    def verb(self, consumers: Iterable[str]) -> Verb:
        """Return the verb of consumers: fires if the file gives none, uses if they differ."""
        found = {self.verbs.get(consumer, FIRES) for consumer in consumers} or {FIRES}
        return found.pop() if len(found) == 1 else USES

    def to_json(self) -> dict[str, Any]:
        """Return the stored names as plain data, without empty entries."""
        found = {
            "labels": dict(self.labels),
            "routes": dict(self.routes),
            "nouns": {name: noun._asdict() for name, noun in self.nouns.items()},
            "verbs": {name: verb._asdict() for name, verb in self.verbs.items()},
            "currency": self.currency,
            "stock": dict(self.stock),
        }
        return {key: value for key, value in found.items() if value}

    @classmethod
    def from_json(cls, data: object) -> Names:
        """Return names from plain data; None, as in folders of earlier versions, is no names.

        Raises
        ------
        StorageError
            If the data does not have the form that `to_json` gives.
        """
        if data is None:
            return cls()
        try:
            return cls(
                _texts(data, "labels"),
                _texts(data, "routes"),
                {name: Noun(**_texts(words)) for name, words in _entry(data, "nouns").items()},
                {name: Verb(**_texts(words)) for name, words in _entry(data, "verbs").items()},
                _text(data, "currency"),
                _texts(data, "stock"),
            )
        except TypeError as error:
            raise StorageError(f"the names of a result cannot be read: {error}") from error

    def _component(self, section: str, name: str) -> str:
        return self.labels.get(f"{section}.{name}") or automatic_name(name)

    def _in_phrase(self, section: str, name: str) -> str:
        """Return the name of a component inside the name of a path."""
        label = self.labels.get(f"{section}.{name}")
        return label or automatic_name(name, is_capital=section not in _COMMON)

    def _setting(self, section: str, name: str, setting: Setting) -> str:
        label = self.labels.get(f"{section}.{name}")
        noun = self.noun([setting.munition] if setting.munition else self.nouns)
        munition = self._in_phrase("munitions", setting.munition) if setting.munition else ""
        phrase = _fill(setting.phrase, noun, munition)
        if section == "depots":
            return _join(phrase, _at(label, name, munition), setting.details)
        if section == "production" and setting.phrase == "Output" and label and _OUTPUT.search(label):
            return _join(_with_munition(label, munition), "", setting.details)
        return _join(phrase, f", {self._in_phrase(section, name)}", setting.details)

    def _leg(self, path: str, supplier: str, position: str, *, is_alone: bool = False) -> str:
        """Return a leg as it follows its setting, or alone."""
        leg = ".".join(path.split(".")[:_ROUTE_STEPS])
        if leg in self.labels:
            return self.labels[leg] if is_alone else f", {self.labels[leg]}"
        words = self.routes.get(leg)
        if words is None:
            words = f"leg {_ordinal(position)}, {self._component('shipments', supplier)}"
            return capitalised(words) if is_alone else f", {words}"
        if is_alone:
            return capitalised(words)
        return f" {words}" if words.startswith("by ") else f", {words}"

    def _long_path(self, path: str) -> str:
        """Return the name of a path with the component as the file names it."""
        section, *steps = path.split(".")
        if section not in SECTION_NOUNS or not steps:
            return self.path(path)
        component = f"{SECTION_NOUNS[section]} {steps[0]}"
        if steps[1:2] == ["route"] and len(steps) > 2:
            return f"{self.path(path)} (leg {_ordinal(steps[2])}, {component})"
        return f"{self.path(path)} ({component})"


def merge_names(names: Iterable[Names]) -> Names:
    """Return the names of several scenarios together; where they differ, the first counts."""
    merged, currencies, stocks = Names({}, {}, {}, {}), set(), []
    for one in names:
        currencies.add(one.currency)
        stocks.append(one.stock)
        merged = Names(
            {**one.labels, **merged.labels},
            {**one.routes, **merged.routes},
            {**one.nouns, **merged.nouns},
            {**one.verbs, **merged.verbs},
        )
    # Amounts in different currencies have none in common.
    known = currencies - {""}
    stock = stocks[0] if stocks and all(each == stocks[0] for each in stocks) else {}
    return replace(merged, currency=known.pop() if len(known) == 1 else "", stock=stock)


def as_subject(name: str) -> str:
    """Return the name of a path before its verb: a comma in the name has a second one after it."""
    return f"{name}," if "," in name else name


def _at(label: str | None, name: str, munition: str) -> str:
    """Return the place of a depot as it follows its setting."""
    if label is None:
        return f" at {automatic_name(name)}"
    place = _DEPOT_AT.fullmatch(label)
    return f" {place[1]}" if place else f", {label}" if munition else f" of {label}"


def _fill(phrase: str, noun: Noun, munition: str) -> str:
    """Return a phrase with the noun and the munition in it: ``152 mm shells per container``."""
    if "{of}" in phrase:
        return phrase.replace("{of}", f" of {munition}" if munition else "")
    if "{many}" in phrase and munition.casefold().endswith(noun.many.casefold()):
        return phrase.replace("{many}", capitalised(munition))
    return _with_munition(phrase.replace("{many}", capitalised(noun.many)), munition)


def _with_munition(phrase: str, munition: str) -> str:
    return f"{phrase} of {munition}" if munition else phrase


def _join(phrase: str, component: str, details: Sequence[str]) -> str:
    return ", ".join([f"{phrase}{component}", *details])


def _ordinal(position: str) -> str:
    return str(int(position) + 1) if position.isdecimal() else position


def _entry(data: object, key: str) -> Mapping[str, object]:
    if not isinstance(data, Mapping):
        raise TypeError(f"a map is expected, not {type(data).__name__}")
    found = data.get(key, {})
    if not isinstance(found, Mapping):
        raise TypeError(f"{key!r} is not a map")
    return found


def _text(data: object, key: str) -> str:
    found = data.get(key, "") if isinstance(data, Mapping) else ""
    if not isinstance(found, str):
        raise TypeError(f"{key!r} is not text")
    return found


def _texts(data: object, key: str = "") -> dict[str, str]:
    found = _entry(data, key) if key else _entry({"": data}, "")
    if not all(isinstance(text, str) for text in found.values()):
        raise TypeError(f"{key or 'a word'!r} is not text")
    return {str(name): str(text) for name, text in found.items()}
