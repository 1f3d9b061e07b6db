"""Full-text index of estimates: SQLite FTS5 in memory, with stemming and synonyms.

The porter tokenizer of FTS5 gives words of one stem one token, and its bm25 function ranks the matches.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from sim.errors import EvidenceError, Fault
from sim.evidence.estimate import QUALITATIVE, Estimate
from sim.evidence.figure_match import join_digits
from sim.evidence.synonyms import STOP_WORDS, SUBJECT, SUBJECTS, SYNONYMS

if TYPE_CHECKING:
    import sqlite3

#: Columns of the index, with the weight of a match in each.
WEIGHTS = {
    "quantity": 10.0,
    "subject": 1.0,
    "munition": 6.0,
    "claimant": 6.0,
    "id": 4.0,
    "unit": 4.0,
    "publisher": 1.0,
    "note": 1.0,
}
#: Columns with the subject of a row, best first. A match in the others alone ranks after these.
_MAIN_COLUMNS = ("{quantity subject munition claimant id}", "{quantity subject munition claimant id unit}")
#: No cell of a table has control characters.
_SEPARATOR = "\x1f"
_TOKENIZER = "porter unicode61"
_WORD = re.compile(r"[^\W_]+")
#: The porter tokenizer gives "US" and "use" one stem.
_UNITED_STATES = re.compile(r"\bUS\b|(?<=-)us(?=-)")
#: A shorter word is not completed: "uk" does not match "ukraine".
_SHORTEST_PREFIX = 3


class FullTextIndex:
    """Index of the words of estimates.

    Parameters
    ----------
    rows : sequence of Estimate
    shipped : collection of str
        Ids of the rows to which the subjects of the shipped table apply.

    Raises
    ------
    EvidenceError
        If the SQLite library of this Python has no FTS5.
    """

    def __init__(self, rows: Sequence[Estimate], shipped: Iterable[str] = ()) -> None:
        self._database = _open_database()
        self._without_figure = {place for place, row in enumerate(rows) if row.unit == QUALITATIVE}
        known = frozenset(shipped)
        marks = ", ".join("?" * len(WEIGHTS))
        self._database.executemany(
            f"INSERT INTO estimates VALUES ({marks})",  # noqa: S608 - marks alone
            (_cells(row, is_shipped=row.id in known) for row in rows),
        )
        self._longest = max(len(_WORD.findall(phrase)) for group in SYNONYMS for phrase in group)

    def terms(self, words: Sequence[str]) -> list[str]:
        """Return one FTS5 expression for each meaning in a sequence of words in lower case.

        The longest run of words that is a phrase of the table of synonyms becomes one expression.
        """
        words = ["usa" if word == "us" else word for word in words]
        found, position = [], 0
        while position < len(words):
            for count in range(min(self._longest, len(words) - position), 0, -1):
                group = self._synonyms(" ".join(words[position : position + count]))
                if group:
                    found.append(_any_of(group))
                    position += count
                    break
            else:
                if words[position] not in STOP_WORDS:
                    found.append(_word_or_prefix(words[position]))
                position += 1
        return found

    def ranked(self, terms: Sequence[str]) -> list[int]:
        """Return the places of the rows that match every term, best first.

        Rows with more terms in their main columns rank first, rows without a figure last; then bm25 decides.
        """
        weights = ", ".join(map(str, WEIGHTS.values()))
        query = (
            "SELECT rowid FROM estimates WHERE estimates MATCH ? "  # noqa: S608 - weights are numbers
            f"ORDER BY bm25(estimates, {weights}), rowid"
        )
        best = self._rows(query, " AND ".join(f"({term})" for term in terms))
        in_main = [self.matching(term, columns) for term in terms for columns in _MAIN_COLUMNS]

        def rank(place: int) -> tuple[int, bool]:
            return -sum(place in places for places in in_main), place in self._without_figure

        return sorted(best, key=rank)

    def matching(self, term: str, columns: str = "") -> set[int]:
        """Return the places of the rows that match a term, in the named columns if given."""
        scope = f"{columns}: " if columns else ""
        return set(self._rows("SELECT rowid FROM estimates WHERE estimates MATCH ?", f"{scope}({term})"))

    def _rows(self, query: str, expression: str) -> list[int]:
        return [place - 1 for (place,) in self._database.execute(query, (expression,))]

    def _synonyms(self, phrase: str) -> tuple[str, ...]:
        """Return the synonyms of a phrase with the phrase itself; empty if it has none."""
        if not _WORD.search(phrase):
            return ()
        found = self._database.execute(
            "SELECT meaning FROM synonyms WHERE synonyms MATCH ? AND words = ?",
            (f"^{_quote(phrase)}", len(_WORD.findall(phrase))),
        ).fetchone()
        return () if found is None else SYNONYMS[found[0]]


def words_of(text: str) -> Iterator[str]:
    """Yield the words of a text in lower case, digits joined as in the index."""
    return (match.group() for match in _WORD.finditer(join_digits(text.casefold())))


def _open_database() -> sqlite3.Connection:
    allowed = "a Python whose sqlite3 module has FTS5"
    try:
        import sqlite3
    except ImportError as error:
        problem = f"the estimates cannot be searched: this Python has no SQLite ({error})"
        raise EvidenceError([Fault(problem, allowed=allowed)]) from None
    database = sqlite3.connect(":memory:")
    columns = f"{', '.join(WEIGHTS)}, tokenize = '{_TOKENIZER}'"
    try:
        database.execute(f"CREATE VIRTUAL TABLE estimates USING fts5({columns})")
    except sqlite3.OperationalError as error:
        problem = f"the estimates cannot be searched: SQLite lacks the full-text extension FTS5 ({error})"
        raise EvidenceError([Fault(problem, allowed=allowed)]) from None
    database.execute(
        "CREATE VIRTUAL TABLE synonyms "
        f"USING fts5(phrase, meaning UNINDEXED, words UNINDEXED, tokenize = '{_TOKENIZER}')"
    )
    phrases = [
        (phrase, meaning, len(_WORD.findall(phrase)))
        for meaning, group in enumerate(SYNONYMS)
        for phrase in group
    ]
    database.executemany("INSERT INTO synonyms VALUES (?, ?, ?)", phrases)
    return database


def _cells(row: Estimate, *, is_shipped: bool) -> tuple[str, ...]:
    """Return the text of each column of the index."""
    subject = f"{SUBJECT} {SUBJECTS.get(row.quantity, '')}" if is_shipped else ""
    unit = row.unit.replace("/", " per ")
    texts = {"quantity": row.quantity.replace("_", " "), "subject": subject, "unit": unit}
    plain = _SEPARATOR.join(texts.get(column, getattr(row, column, "")) for column in WEIGHTS)
    return tuple(join_digits(_UNITED_STATES.sub("USA", plain)).split(_SEPARATOR))


def _any_of(phrases: Iterable[str]) -> str:
    return " OR ".join(map(_quote, phrases))


def _word_or_prefix(word: str) -> str:
    quoted = _quote(join_digits(word))
    # Both alternatives: bm25 then ranks the whole word above one that only begins with it.
    return f"{quoted} OR {quoted} *" if len(word) >= _SHORTEST_PREFIX else quoted


def _quote(text: str) -> str:
    return '"' + text.replace('"', " ") + '"'
