"""Names for readers: components, munitions, consumers and paths in the words of a sentence or an axis.

In the order of the work:

1. ``word_forms.py``: plurals of nouns, forms of verbs.
2. ``automatic_names.py``: a name from a key of the file, where there is no label.
3. ``path_phrases.py``: the phrase of each setting, such as "opening stock".
4. ``component_names.py``: `Names`, all names of one scenario, as plain data.
5. ``unique_names.py``: names of a list made unique, and short ones.
6. ``written_values.py``: values of a file as a person writes them.
"""

from sim.names.component_names import Names, as_subject, merge_names
from sim.names.path_phrases import munition_of
from sim.names.unique_names import shorten_name, shorten_names
from sim.names.word_forms import ITEM, SHELL, Noun, Verb, noun_of, verb_of
from sim.names.written_values import value_in_words

__all__ = [
    "ITEM",
    "SHELL",
    "Names",
    "Noun",
    "Verb",
    "as_subject",
    "merge_names",
    "munition_of",
    "noun_of",
    "shorten_name",
    "shorten_names",
    "value_in_words",
    "verb_of",
]
