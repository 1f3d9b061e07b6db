"""``sim completion``: print the script that makes a shell complete verbs, options and their values."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from io import StringIO

import typer
from typer import completion

from sim.errors import ArgumentError, Fault, nearest

SHELLS = ("bash", "zsh", "fish", "powershell")


def run(app: typer.Typer, shell: str, variable: str) -> None:
    """Print the script of a shell.

    Parameters
    ----------
    app : Typer
    shell : str
        A name of `SHELLS`.
    variable : str
        Environment variable with which the script requests completions.

    Raises
    ------
    ArgumentError
        There is no completion for this shell.
    """
    if shell not in SHELLS:
        problem = f"there is no completion for {shell[:40]!r}"
        raise ArgumentError([Fault(problem, allowed=", ".join(SHELLS), nearest=nearest(shell, SHELLS))])
    register_shells()
    with redirect_stdout(StringIO()) as script:
        completion.shell_complete(typer.main.get_command(app), {}, "sim", variable, f"source_{shell}")
    # zsh reads the first line of a completion file, and typer puts an empty one before it.
    sys.stdout.write(f"{script.getvalue().strip()}\n")


def register_shells() -> None:
    """Register the shells of typer, in place of those of click, whose scripts differ."""
    completion.get_completion_inspect_parameters()
