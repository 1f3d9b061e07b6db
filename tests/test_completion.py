"""Shell completion, asked as a shell asks; and the list of verbs, whose summaries are never cut."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from sim.charts.kinds import BY_NAME
from sim.charts.style import SIZES
from sim.cli.app import COMPLETION_VARIABLE, app
from sim.cli.completion_command import register_shells
from sim.engines.selection import ENGINES
from sim.study.sensitivity import METHODS
from tests.test_cli import FLAT, SCENARIOS
from tests.test_cli import sim as command

MAIN = "import sys; from sim.cli.app import run; run(sys.argv[1:])"


def completions(*words: object) -> list[str]:
    """Return what bash is offered for the last of the words, by this process."""
    line = ["sim", *map(str, words)]
    asked = {COMPLETION_VARIABLE: "complete_bash", "COMP_WORDS": "\n".join(line)}
    asked["COMP_CWORD"] = str(len(words))
    register_shells()
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name, text in asked.items():
            patch.setenv(name, text)
        with pytest.raises(SystemExit):
            app([], prog_name="sim", standalone_mode=False)
    assert err.getvalue() == ""
    return out.getvalue().split()


def test_verbs_and_options_are_completed() -> None:
    assert completions("ev") == ["evidence"]
    assert completions("chart", "--ki") == ["--kind"]
    assert set(completions("s")) == {"show", "sweep", "sensitivity", "schema"}


@pytest.mark.parametrize(
    ("words", "known"),
    [
        (("run", "--engine"), ENGINES),
        (("sensitivity", "--method"), METHODS),
        (("chart", "--kind"), BY_NAME),
        (("chart", "--size"), SIZES),
        (("completion",), ("bash", "zsh", "fish", "powershell")),
    ],
)
def test_an_option_of_known_words_offers_each_of_them(words: tuple[str, ...], known: object) -> None:
    assert set(completions(*words, "")) == set(known)  # type: ignore[call-overload]


def test_outcomes_of_the_file_are_completed() -> None:
    assert set(completions("sensitivity", FLAT, "--of", "c")) == {"closing_stock"}
    assert set(completions("breakeven", FLAT, "--of", "")) == {
        *("exhausted", "rationed_from", "unmet", "below_30", "below_15", "below_7"),
        *("rationed_from.front", "unmet.front"),
        # With a level.
        *("met", "fired", "required", "closing_stock"),
        *("met.front", "fired.front", "required.front", "backlog.front"),
    }
    assert "exhausted" in completions("chart", "runs/flat", "--of", "")


def test_paths_of_the_file_are_completed() -> None:
    assert completions("breakeven", FLAT, "--solve", "prod") == ["production.russia.rate"]
    assert completions("run", FLAT, "--set", "consumption.front") == ["consumption.front.rate"]
    assert completions("run", "nowhere.yaml", "--set", "prod") == []
    assert completions("breakeven", "--solve", "prod") == []
    assert completions("evidence", "--quantity", "prod") == ["production_rate"]


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_the_script_makes_bash_complete(tmp_path: Path) -> None:
    (tmp_path / "sim").write_text(f'#!/bin/sh\nexec {sys.executable} -c "{MAIN}" "$@"\n')
    (tmp_path / "sim").chmod(0o755)
    script = (
        'eval "$(sim completion bash)"; complete -p sim; COMP_WORDS=(sim ver); COMP_CWORD=1; '
        '_sim_completion sim; echo "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", script],
        env={
            **os.environ,
            "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(SCENARIOS.parent),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["complete -o default -F _sim_completion sim", "verify"]


def test_other_shells_have_a_script_and_an_unknown_one_a_message() -> None:
    assert command("completion", "zsh").out.startswith("#compdef sim\n")
    assert "--command sim" in command("completion", "fish").out
    said = command("completion", "bsh")
    assert (said.status, said.out) == (2, "")
    assert said.err.endswith(
        "there is no completion for 'bsh'; allowed: bash, zsh, fish, powershell; did you mean 'bash'?\n"
    )


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_the_list_of_verbs_has_each_summary_whole(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    said = command("--help")
    assert "..." not in said.out.partition("Commands:")[2]
    words = " ".join(said.out.split())
    for verb in app.registered_commands:
        summary = (verb.callback.__doc__ or "").partition("\n")[0].removesuffix(".") if verb.callback else ""
        assert summary
        assert f"{verb.name} {summary}" in words
