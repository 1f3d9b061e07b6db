"""Hostile files: encodings, unsupported YAML features, size limits, cycles of `extends`."""

from __future__ import annotations

from collections.abc import Iterator

from tests.support.invalid_files import (
    BASE,
    ExpectedMessage,
    InvalidFile,
    expect_message,
    invalid_at,
    line_and_column,
    replace_in_base,
)


def encodings() -> Iterator[InvalidFile]:
    for name, data in [
        ("UTF-16, little end first", b"\xff\xfe" + BASE.encode("utf-16-le")),
        ("UTF-16, big end first", b"\xfe\xff" + BASE.encode("utf-16-be")),
    ]:
        yield invalid_at(name, BASE, "#", "UTF-16", data=data)
    yield invalid_at("UTF-16 without its mark", BASE, BASE[1], "U+0000", data=BASE.encode("utf-16-le"))
    latin = replace_in_base("from: Najin", "from: Naj\u00efn")
    yield invalid_at("Latin-1", latin, "\u00ef", "not UTF-8", data=latin.encode("latin-1"))
    for char in "\0\x07\x0c\x1b\x85\u2028\u2029\ufeff\ufffe":
        text = replace_in_base("from: Najin", f"from: Na{char}jin")
        yield invalid_at(f"the character U+{ord(char):04X}", text, char, f"U+{ord(char):04X}")
    for escape in ("\\0", "\\e", "\\ud800", "\\x85", "\\L"):
        text = replace_in_base("from: Najin", f'from: "Na{escape}jin"')
        yield invalid_at(f"the escape {escape}", text, '"Na', "U+")
    for escape in ("\\UFFFFFFFF", "\\U00110000"):
        text = replace_in_base("from: Najin", f'from: "Na{escape}jin"')
        line, _ = line_and_column(text, text.index('"Na'))
        # The parser gives no position for such an escape, only that of the last key.
        key = line_and_column(text, text.index('from: "Na'))
        assert key[0] == line
        yield invalid_at(f"the escape {escape}", text, 'from: "Na', "not YAML")


def yaml() -> Iterator[InvalidFile]:
    """Yield invalid YAML, and YAML features outside the format."""
    yield InvalidFile("an empty file", b"", (ExpectedMessage(1, 1, "", ("empty",)),))
    yield InvalidFile("nothing but a remark", b"\n# nothing\n\n", (ExpectedMessage(1, 1, "", ("empty",)),))
    yield invalid_at("a list", "- a\n- b\n", "- a", "not a map")
    yield invalid_at("a word", "banana\n", "banana", "not a map")
    yield invalid_at("several documents", BASE + "---\na: 1\n", "---\na", "second document")
    yield invalid_at("a second document after an end", BASE + "...\n---\na: 1\n", "---\na", "second document")
    for tag in ("!!int", "!mine", "!!python/object/apply:os.system", "!<tag:yaml.org,2002:float>"):
        name = tag if tag.startswith("!m") else tag.strip("!<>").removeprefix("tag:yaml.org,2002:")
        yield invalid_at(f"the tag {tag}", replace_in_base("schema: 1", f"schema: {tag} 1"), tag, "tag", name)
    yield invalid_at("a tag on a map", replace_in_base("depots:\n", "depots: !!omap\n"), "!!omap", "tag")
    yield invalid_at("an anchor", replace_in_base("schema: 1", "schema: &one 1"), "&one", "&one")
    yield invalid_at("an alias", replace_in_base("schema: 1", "schema: *one"), "*one", "*one")
    laughs = "x-a: &a [b, b]\n" + "".join(f"x-{n}: &n{n} [*a, *a]\n" for n in range(30)) + BASE
    yield invalid_at("a billion laughs", laughs, "&a", "&a")
    yield invalid_at(
        "a merge key", replace_in_base("  russia:\n", "  russia:\n    <<: {rate: 1k/day}\n"), "<<", "<<"
    )
    bomb = "<<: [" + ", ".join("{a: 1}" for _ in range(5000)) + "]\n" + BASE
    yield invalid_at("a bomb of merge keys", bomb, "<<", "<<")
    for name, text in [
        ("a version", "%YAML 1.1\n---\n"),
        ("a handle of tags", "%TAG !e! tag:x,2000:\n---\n"),
    ]:
        yield invalid_at(name, text + BASE, "%", "directive")
    yield invalid_at("a version of 5,000 digits", f"%YAML 1.{'1' * 5000}\n---\n{BASE}", "%", "not YAML")
    yield invalid_at("a key that is a list", BASE + "[a, b]: 1\n", "[a, b]", "a key must be a word")
    yield invalid_at("a key that is a map", BASE + "? {a: b}\n: 1\n", "{a: b}", "a key must be a word")
    yield invalid_at("a key that is null", BASE + "~: 1\n", "~: 1", "a key must be a word")
    yield invalid_at("an empty key", BASE + ": an empty key\n", ": an empty key", "''")
    yield invalid_at("tabs", replace_in_base("  russia:\n", "\trussia:\n"), "\t", "not YAML")
    yield invalid_at(
        "a quote that never ends", replace_in_base("title: W", 'title: "W'), '"W', "not YAML", "not closed"
    )
    yield invalid_at(
        "a brace that never ends",
        replace_in_base("kiviselg-4m}", "kiviselg-4m"),
        "{low: 3M",
        "not YAML",
        "not closed",
    )
    yield invalid_at("a bracket too many", replace_in_base("schema: 1", "schema: ]"), "]", "not YAML")
    yield invalid_at("a reserved sign", replace_in_base("from: Najin", "from: @najin"), "@", "not YAML")
    yield invalid_at("an unknown escape", replace_in_base("from: Najin", 'from: "\\q"'), "q", "not YAML")
    yield invalid_at("an indented key", replace_in_base("end: 2025", "  end: 2025"), ": 2025", "not YAML")


def sizes() -> Iterator[InvalidFile]:
    deep = 20
    flow = "x-deep: " + "[" * 10_000 + "\n"
    # The file has depth one, the value of a key depth two.
    where = ExpectedMessage(1, len("x-deep: ") + deep, "", ("nested too deep",))
    yield InvalidFile("10,000 brackets", (flow + BASE).encode(), (where,))
    braces = "x-deep: " + "{a: " * 10_000 + "\n"
    # A key in braces is one level deeper than the braces.
    where = ExpectedMessage(1, len("x-deep: ") + len("{a: ") * (deep - 2) + 2, "", ("nested too deep",))
    yield InvalidFile("10,000 braces", (braces + BASE).encode(), (where,))
    yield InvalidFile(
        "10,000 dashes", b"- " * 10_000, (ExpectedMessage(1, 2 * deep + 1, "", ("nested too deep",)),)
    )
    steps = "".join(" " * n + "a:\n" for n in range(1200))
    yield InvalidFile("1,200 steps", steps.encode(), (ExpectedMessage(deep, deep, "", ("nested too deep",)),))
    big = ExpectedMessage(1, 1, "", ("1,000,000 bytes",))
    yield InvalidFile("a scalar of 10 MB", (BASE + 'x-a: "' + "a" * 10_000_000 + '"\n').encode(), (big,))
    keys = "".join(f"k{n:05}: 1\n" for n in range(100_000))
    yield InvalidFile("100,000 keys", keys.encode(), (ExpectedMessage(1, 1, "", ("50,000", "lines")),))
    yield InvalidFile(
        "a line too many", (BASE + "\n" * 50_000).encode(), (ExpectedMessage(1, 1, "", ("lines",)),)
    )
    inside = "{" + "".join(f"k{n:05}: 1," for n in range(90_000)) + "}"
    # A map counts as one value, each key with its value as two; the limit is 15,000.
    many = ExpectedMessage(
        1, 1 + 7_499 * len("k00000: 1,") + len("k00000: ") + 1, "k07499", ("too many values",)
    )
    yield InvalidFile("90,000 keys in braces", inside.encode(), (many,))
    items = "x-a: [" + "a," * 100_000 + "]\n"
    many = ExpectedMessage(1, len("x-a: [") + 2 * (15_000 - 3) + 1, "x-a.14997", ("too many values",))
    yield InvalidFile("100,000 items", (items + BASE).encode(), (many,))


def extending() -> Iterator[InvalidFile]:
    def made(
        name: str, line: str, value: str, *words: str, beside: dict[str, bytes] | None = None
    ) -> InvalidFile:
        text = f"{line}\n" + replace_in_base("schema: 1\n", "")
        return InvalidFile(
            name, text.encode(), (expect_message(text, text.index(value), "extends", *words),), beside or {}
        )

    yield made("extends itself", "extends: scenario.yaml", "scenario", "'scenario.yaml'", "itself")
    yield made(
        "extends a file that is missing", "extends: missing.yaml", "missing", "missing.yaml", "No such file"
    )
    yield made("extends a folder", "extends: folder", "folder", "folder", beside={"folder/a": b""})
    yield made("extends a list", "extends: [a, b]", "[a", "not the name")
    yield made("extends nothing", "extends:", "extends", "not the name")
    yield made("extends null", "extends: null", "null", "not the name")
    yield made("extends a name too long", "extends: " + "n" * 5000, "nnn", "nnnnnn")
    circle = {"b.yaml": b"extends: c.yaml\n", "c.yaml": b"# round\nextends: scenario.yaml\n"}
    text = "extends: b.yaml\n"
    message = ExpectedMessage(2, 10, "extends", ("'scenario.yaml'", "itself"), "c.yaml")
    yield InvalidFile("a circle of three", text.encode(), (message,), circle)
    base = replace_in_base("2.5M/year", "2.5M/yaer")
    message = expect_message(
        base, base.index("2.5M/yaer"), "production.russia.rate", "'yaer'", "did you mean 'year'?"
    )
    yield InvalidFile(
        "a slip in the other file",
        b"extends: b.yaml\n",
        (message._replace(file="b.yaml"),),
        {"b.yaml": base.encode()},
    )
    for name, line, path, *words in [
        ("null for what is not there", "production: {iran: null}", "production.iran", "null removes nothing"),
        ("null for a slip", "production: {rusia: null}", "production.rusia", "did you mean 'russia'?"),
    ]:
        where = ExpectedMessage(2, line.index("iran" if "iran" in line else "rusia") + 1, path, tuple(words))
        yield InvalidFile(name, f"extends: b.yaml\n{line}\n".encode(), (where,), {"b.yaml": BASE.encode()})
    depots = "depots: {tikhoretsk: null, front: {stock: 1M}}"
    gone = f"extends: b.yaml\n{depots}\nconsumption: {{front: {{at: tikhoretsk}}}}\n"
    message = expect_message(gone, gone.index("tikhoretsk}"), "consumption.front.at", "'tikhoretsk'", "front")
    yield InvalidFile("a depot that is gone", gone.encode(), (message,), {"b.yaml": BASE.encode()})


def hostile() -> Iterator[InvalidFile]:
    """Yield all hostile files."""
    for maker in (encodings, yaml, sizes, extending):
        yield from maker()
