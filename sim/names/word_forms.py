"""Forms of English nouns and verbs."""

from __future__ import annotations

import re
from typing import NamedTuple


class Noun(NamedTuple):
    """A noun in the singular and the plural.

    Attributes
    ----------
    one, many : str
    """

    one: str
    many: str

    def counted(self, number: str) -> str:
        """Return a number as written with its noun: ``1 shell``, ``4M shells``."""
        return f"{number} {self.one if number == '1' else self.many}"


class Verb(NamedTuple):
    """A verb of the action of a consumer.

    Attributes
    ----------
    present : str
        Third person singular: ``hands out``.
    plural : str
        Third person plural: ``hand out``.
    past : str
        Past participle: ``handed out``.
    """

    present: str
    plural: str
    past: str


_SIBILANTS = ("s", "x", "z", "ch", "sh")
_SIBILANT_VERBS = ("sses", "xes", "zzes", "ches", "shes", "oes")
#: One vowel between consonants: the last consonant doubles in the past.
_SHORT_SYLLABLE = re.compile("[^aeiou]*[aeiou][^aeiouwxy]")
_PLURALS = {"man": "men", "woman": "women", "child": "children", "person": "people", "aircraft": "aircraft"}
_PASTS = {
    "buy": "bought",
    "drink": "drunk",
    "eat": "eaten",
    "feed": "fed",
    "give": "given",
    "lay": "laid",
    "lend": "lent",
    "pay": "paid",
    "put": "put",
    "sell": "sold",
    "send": "sent",
    "shoot": "shot",
    "spend": "spent",
    "take": "taken",
    "throw": "thrown",
}


def noun_of(one: str, many: str = "") -> Noun:
    """Return a noun with its plural, regular unless given: ``water kit``, ``water kits``."""
    head, space, last = one.rpartition(" ")
    return Noun(one, many or f"{head}{space}{_plural(last)}")


def is_third_person(present: str) -> bool:
    """Return whether the first word may be a verb in the third person singular."""
    return len(present.split(" ")[0]) > 1 and present.split(" ")[0].endswith("s")


def verb_of(present: str, past: str = "", plural: str = "") -> Verb:
    """Return a verb with its forms, regular unless given: ``hands out``, ``hand out``, ``handed out``."""
    first, space, rest = present.partition(" ")
    base = _base(first)
    return Verb(present, plural or f"{base}{space}{rest}", past or f"{_past(base)}{space}{rest}")


def _plural(word: str) -> str:
    if word in _PLURALS:
        return _PLURALS[word]
    if word.endswith(_SIBILANTS):
        return f"{word}es"
    return f"{word[:-1]}ies" if _ends_in_consonant_y(word) else f"{word}s"


def _base(present: str) -> str:
    if present.endswith("ies") and len(present) > len("dies"):
        return f"{present[:-3]}y"
    return present[:-2] if present.endswith(_SIBILANT_VERBS) else present.removesuffix("s")


def _past(base: str) -> str:
    if base in _PASTS:
        return _PASTS[base]
    if base.endswith("e"):
        return f"{base}d"
    if _ends_in_consonant_y(base):
        return f"{base[:-1]}ied"
    return f"{base}{base[-1] if _SHORT_SYLLABLE.fullmatch(base) else ''}ed"


def _ends_in_consonant_y(word: str) -> bool:
    return len(word) > 1 and word.endswith("y") and word[-2] not in "aeiou"


SHELL = noun_of("shell")
#: Where munitions differ in their noun.
ITEM = noun_of("item")
FIRES = verb_of("fires")
#: Where consumers differ in their verb.
USES = verb_of("uses")
