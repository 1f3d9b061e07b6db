"""Grammar: the noun of a munition and the verb of a consumer, with irregular forms."""

from __future__ import annotations

from collections.abc import Iterator

from sim.errors import Fault
from sim.names import Noun, Verb, noun_of, verb_of
from sim.names.word_forms import is_third_person
from sim.scenario.field_types import Label
from sim.scenario.part import Part
from sim.scenario.validation_context import ValidationContext
from sim.scenario.yaml_nodes import MapNode
from sim.units import quote


class NounForms(Part):
    """A noun, with its plural where that is irregular."""

    one: Label
    """Singular, such as ``blanket``."""
    many: Label = ""
    """Plural; regular if left out."""

    def noun(self) -> Noun:
        """Return the noun."""
        return noun_of(self.one, self.many)


class VerbForms(Part):
    """A verb, with the forms that are irregular."""

    present: Label
    """Third person singular, such as ``hands out``."""
    past: Label = ""
    """Past participle, such as ``given``; regular if left out."""
    plural: Label = ""
    """Third person plural, such as ``give``; regular if left out."""

    def find_faults(self, node: MapNode, context: ValidationContext) -> Iterator[Fault]:  # noqa: ARG002
        """Yield a fault if forms are to be made of a word that is no third person."""
        if not (self.past and self.plural) and not is_third_person(self.present):
            allowed = "the third person, such as fires or hands out; or a map of present, past and plural"
            problem = f"{quote(self.present)} is not a verb in the third person"
            yield Fault(problem, node["present"].where, node.path, allowed)

    def verb(self) -> Verb:
        """Return the verb."""
        return verb_of(self.present, self.past, self.plural)
