"""Hints for lines that the YAML parser rejects: the problem, and the corrected line."""

from __future__ import annotations

import re
from typing import NamedTuple

from sim.units import MAX_SHOWN_LENGTH

_PAIR = re.compile(r"(?P<key>\s*(?:- +)?[^\s:#'\"{\[-][^:#]*): +(?P<value>\S.*)")
_BARE_PAIR = re.compile(r"\s*(?P<key>[A-Za-z_]+) *[:=] *(?P<value>[^\s:=].*)")
#: Keys whose values are prose, which may need quotes.
_TEXT_KEYS = frozenset(
    {"title", "note", "label", "name", "noun", "verb", "by", "from", "to", "claimant", "source"}
)
_QUOTES = "quotes around the text"


class YamlHint(NamedTuple):
    """Hint for a line that is not YAML."""

    problem: str
    #: Text that is allowed there.
    allowed: str
    #: The corrected line, or its end; empty if unknown.
    near: str = ""


def find_hint(problem: str, line: str, column: int) -> YamlHint | None:
    """Return the hint for an error of the parser; None if the parser's own words are the best there are.

    Parameters
    ----------
    problem : str
        Problem and context in the words of the parser.
    line : str
        The line of the position reported.
    column : int
        The column of that position, from 0.
    """
    char = line[column : column + 1]
    if "\t" in line[: column + 1] and not line[: column + 1].strip():
        return YamlHint("a tab indents this line", "spaces, such as two for each level")
    if "end of stream" in problem and "quoted" in problem:
        return YamlHint(
            f"the quote {char} that opens here is not closed", f"a quote {char} at the end of the text"
        )
    if "flow" in problem and char in {"{", "["}:
        return _flow_hint(line, column, char)
    if "could not find expected ':'" in problem:
        return _colon_hint(line)
    return _text_hint(problem, line, column) or _indentation_hint(problem)


def quoted_line(line: str, column: int | None = None) -> str:
    """Return a line ``title: text`` with its text in double quotes.

    Empty if the key takes no prose, if the line is long, or if its text does not begin at the column.
    """
    found = _PAIR.fullmatch(line.rstrip())
    if found is None or len(line) > MAX_SHOWN_LENGTH or column not in {None, found.start("value")}:
        return ""
    key, value = found["key"].strip().removeprefix("- ").strip(), found["value"]
    if key not in _TEXT_KEYS:
        return ""
    if value[:1] in {"'", '"'} and value.endswith(value[0]) and len(value) > 1:
        value = value[1:-1]
    if '"' in value or "\\" in value:
        return f"{key}: '{value.replace(chr(39), chr(39) * 2)}'"
    return f'{key}: "{value}"'


def _text_hint(problem: str, line: str, column: int) -> YamlHint | None:
    """Return the hint for prose without quotes, or for a second key on a line."""
    starts = "cannot start any token" in problem or "sequence entries are not allowed" in problem
    near = quoted_line(line, column if starts else None)
    if starts and near:
        return YamlHint(f"a text that begins with {line[column]} stands without quotes", _QUOTES, near)
    is_inside = line.find(": ") < column
    if "mapping values are not allowed" in problem and near and is_inside:
        return YamlHint("a text with a colon stands without quotes", _QUOTES, near)
    pair = _PAIR.fullmatch(line.rstrip()) if "mapping values are not allowed" in problem else None
    if pair and ":" in pair["value"] and pair.start("value") <= column:
        whole = f"{pair['key'].strip()}: {{{pair['value']}}}"
        return YamlHint("a second key stands on this line", "one key a line, or KEY: {KEY: value}", whole)
    if "expected <block end>" in problem and near and is_inside:
        return YamlHint("text follows the end of the value that begins on this line", _QUOTES, near)
    return None


def _indentation_hint(problem: str) -> YamlHint | None:
    if "mapping values are not allowed" in problem:
        return YamlHint(
            "this line is indented below one that ends with a value",
            "the indentation of the keys beside it, or a colon and a space after the key on the line before",
        )
    if "but found '}'" in problem or "but found ']'" in problem:
        return YamlHint("this bracket closes nothing", "as many closing brackets as opening ones")
    if "cannot start any token" in problem:
        return YamlHint("a value cannot begin with this character", "a number, a word, or text in quotes")
    if "expected <block end>" in problem:
        return YamlHint(
            "this line is not indented as the keys beside it", "the same number of spaces for each key"
        )
    return None


def _flow_hint(line: str, column: int, char: str) -> YamlHint:
    end = {"{": "}", "[": "]"}[char]
    rest = line[column:]
    if ";" in rest:
        near = rest.replace(";", ",").strip()
        near = near if len(near) <= MAX_SHOWN_LENGTH else ""
        return YamlHint(f"a semicolon stands between {char} and {end}", "commas between", near)
    if end not in rest and ")" in rest and "(" not in rest:
        return YamlHint(f"a ) stands where {end} is expected", end, rest.strip().replace(")", end))
    if end not in rest:
        near = f"{rest.strip()}{end}" if len(rest.strip()) < MAX_SHOWN_LENGTH else ""
        return YamlHint(
            f"the {char} that opens here is not closed, or a comma is missing after it",
            f"{end} at its end, and commas between",
            near,
        )
    return YamlHint(
        f"between {char} and {end}, a comma, a colon or a quote is missing or is one too many",
        "{key: value, key: value}" if char == "{" else "[item, item]",
    )


def _colon_hint(line: str) -> YamlHint:
    found = _BARE_PAIR.fullmatch(line.rstrip())
    near = f"{found['key']}: {found['value']}" if found else f"{line.strip()}:"
    near = near if len(near) <= MAX_SHOWN_LENGTH else ""
    return YamlHint("this line has no colon and space after its key", "KEY: value", near)
