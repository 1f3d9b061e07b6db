"""Every Python and shell example of every page runs, and prints the output on the page.

The examples of a page run in order, in one folder with a copy of the scenarios. A block of YAML or CSV that
bears a file name is written there. `console` blocks show the output of their commands; `...` matches any
text.
"""

from __future__ import annotations

import contextlib
import doctest
import re
import shlex
import shutil
import subprocess
import sys
import unittest
from collections.abc import Iterator
from pathlib import Path

import pytest
from sybil import Document, Example, Region
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser, SkipParser
from sybil.parsers.markdown.lexers import RawFencedCodeBlockLexer

from tests.test_cli import sim

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "benchmarks" / "README.md")
)
#: Commands about the process itself: the installed script runs these, this process all others, for speed.
OF_THE_SCRIPT = {"--version", "doctor"}
#: A language of a fence that is not run, and needs no check here: output, trees, and files without a name.
NOT_RUN = {"text", "yaml", "csv", "mermaid", "diff", "{toctree}"}
RUN = {"python", "sh", "console"}
NAMED_FILE = re.compile(r"(?:yaml|csv) (?P<name>\S+)$\n", re.MULTILINE)


def commands(text: str) -> list[str]:
    """Return the commands of a block, each on one line, without comments."""
    lines = text.replace("\\\n", " ").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def run(line: str, folder: Path) -> str:
    """Run a command of a page in `folder`; return its output."""
    words = shlex.split(line, comments=True)
    program = words[0].removeprefix(".venv/bin/")
    if program == "make":  # would set up an environment of its own
        words, folder = ["make", "--dry-run", *words[1:]], ROOT
    elif program == "sim" and words[1] not in OF_THE_SCRIPT:
        with contextlib.chdir(folder):
            said = sim(*words[1:])
        assert said.status == 0, f"{line}\n{said.out[-1000:]}\n{said.err[-3000:]}"
        return said.out
    elif program == "sim":
        words = [str(BIN / "sim"), *words[1:]]
    elif words[1:3] == ["-m", "pytest"]:  # the suite itself
        words, folder = [sys.executable, *words[1:], "--collect-only", "-p", "no:cacheprovider"], ROOT
    else:
        raise AssertionError(f"a page shows a command that this test does not know: {line}")
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{line}\n{done.stdout[-1000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def run_shell(example: Example) -> None:
    for line in commands(example.parsed):
        run(line, Path.cwd())


def run_console(example: Example) -> str | None:
    """Run each command after a `$`, and compare its output with the lines below it."""
    for part in re.split(r"(?m)^\$ ", example.parsed)[1:]:
        line, _, wanted = part.partition("\n")
        printed = run(line, Path.cwd())
        if not doctest.OutputChecker().check_output(wanted, printed, doctest.ELLIPSIS):
            return f"{example.path}, line {example.line}: {line}\nshown:\n{wanted}\nprinted:\n{printed}"
    return None


def write_file(example: Example) -> None:
    path = Path(example.region.lexemes["name"])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(example.parsed, "utf-8")


def named_files(document: Document) -> Iterator[Region]:
    for region in RawFencedCodeBlockLexer(NAMED_FILE)(document):
        region.parsed, region.evaluator = str(region.lexemes["source"]), write_file
        yield region


def examples(path: Path) -> list[Example]:
    document = Document.parse(
        str(path),
        PythonCodeBlockParser(),
        CodeBlockParser("sh", run_shell),
        CodeBlockParser("console", run_console),
        SkipParser(),
        named_files,
    )
    return list(document.examples())


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_the_examples_of_a_page_run_in_order(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    monkeypatch.chdir(tmp_path)
    for example in examples(ROOT / name):
        with contextlib.suppress(unittest.SkipTest):
            example.evaluate()


@pytest.mark.parametrize("name", PAGES)
def test_no_block_of_code_escapes_the_test(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    languages = re.findall(r"(?m)^ *```(\S*)", text)[::2]
    assert set(languages) <= RUN | NOT_RUN
    assert all('skip: next "' in line for line in text.splitlines() if "<!-- skip:" in line), "say why"
    prose = re.sub(r"(?ms)^```.*?^```$", "", text)
    assert not re.search(r"(?m)^ {4,}(?:\$ |sim [a-z]+ |import |from \S+ import )", prose), (
        "fence this example, so that it runs"
    )


def test_a_page_that_shows_what_a_command_does_not_print_fails(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```console\n$ sim --version\nmunitions-sim 0.0.0\n```\n", "utf-8")
    (example,) = examples(page)
    with pytest.raises(AssertionError, match="shown"):
        example.evaluate()
    page.write_text("```console\n$ sim --version\nmunitions-sim ...\n```\n", "utf-8")
    (example,) = examples(page)
    example.evaluate()


def test_a_page_with_a_command_that_fails_fails(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```sh\nsim validate nowhere.yaml\n```\n\n```sh\nrm -rf /tmp/x\n```\n", "utf-8")
    failing, unknown = examples(page)
    with pytest.raises(AssertionError, match=r"nowhere\.yaml"):
        failing.evaluate()
    with pytest.raises(AssertionError, match="does not know"):
        unknown.evaluate()
