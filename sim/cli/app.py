"""Command-line verbs and error handling: one message on standard error and an exit status, no traceback."""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from sim.charts.kinds import BY_NAME
from sim.cli import working_folder
from sim.cli.command_options import CommandOptions
from sim.cli.completions import estimate_values, outcomes, paths, targets, words
from sim.cli.count_option import parse_count
from sim.cli.standard_streams import guard_streams, status_after_output
from sim.errors import InputError, Interrupted, SimError

USAGE_ERROR_STATUS = 2
#: Environment variable with which the script of `sim completion` requests completions.
COMPLETION_VARIABLE = "_SIM_COMPLETE"
INTERRUPTED_STATUS = 130

app = typer.Typer(
    name="sim",
    help="Munitions supply and demand: stocks and flows from public sources, with their uncertainty.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _option(name: str, metavar: str, text: str, **more: Any) -> Any:
    return typer.Option(name, metavar=metavar, help=text, **more)


def _count(name: str, text: str, *, metavar: str = "N", **more: Any) -> Any:
    return typer.Option(name, metavar=metavar, parser=parse_count, help=text, **more)


def _out(folder: str) -> Any:
    return _option("--out", "DIR", f"Result folder (default: runs/{folder}/).")


def _argument(metavar: str, text: str) -> Any:
    return typer.Argument(metavar=metavar, help=text, show_default=False)


FileArgument = Annotated[Path, _argument("FILE", "A scenario file.")]
FolderArgument = Annotated[Path, _argument("DIR", "A result folder.")]
SettingsOption = Annotated[
    list[str] | None,
    _option(
        "--set",
        "PATH=VALUE",
        "Override a value, such as production.russia.rate=3M/year.",
        autocompletion=paths,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON to standard output.")]
RunsOption = Annotated[
    int | None, _count("--runs", "Number of runs (default: 1,000, or 1 if nothing is uncertain).")
]
SeedOption = Annotated[int, _count("--seed", "Random seed, 0 to 2^64 - 1.", metavar="S")]
JobsOption = Annotated[int | None, _count("--jobs", "Number of processes (default: all cores).")]
StyleOption = Annotated[
    Path | None, _option("--style", "FILE", "House style of the chart: colours, fonts, language (YAML).")
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Print no progress bar and no verdict.")]


@app.command("run")
def run_command(
    file: FileArgument,
    runs: RunsOption = None,
    seed: SeedOption = 1,
    settings: SettingsOption = None,
    out: Annotated[Path | None, _out("SCENARIO")] = None,
    engine: Annotated[
        str,
        _option(
            "--engine",
            "NAME",
            "auto, simpy or compiled; native and numba select the compiler.",
            autocompletion=words("auto", "simpy", "compiled", "native", "numba"),
        ),
    ] = "auto",
    jobs: JobsOption = None,
    style: StyleOption = None,
    json: JsonOption = False,  # noqa: FBT002
    quiet: QuietOption = False,  # noqa: FBT002
) -> None:
    """Run a scenario many times.

    Write tables and the drawdown chart, and print the verdict.
    """
    from sim.cli import run_command

    run_command.run(
        CommandOptions(file, runs, seed, tuple(settings or ()), out, jobs, json, quiet, engine, style)
    )


@app.command("validate")
def validate_command(
    files: Annotated[list[Path], _argument("FILE...", "Scenario files.")],
    json: JsonOption = False,  # noqa: FBT002
) -> None:
    """Check scenario files.

    Print every fault with file, line and column, and warnings for suspicious settings.
    """
    from sim.cli import validate_command

    validate_command.run(files, as_json=json)


@app.command("show")
def show_command(file: FileArgument, settings: SettingsOption = None, json: JsonOption = False) -> None:  # noqa: FBT002
    """Show the resolved scenario.

    Print each value with its unit, source, file and line.
    """
    from sim.cli import show_command

    show_command.run(file, tuple(settings or ()), as_json=json)


@app.command("compare")
def compare_command(
    files: Annotated[
        list[Path],
        _argument("FILE FILE...", "Scenario files; the first is the base."),
    ],
    runs: RunsOption = None,
    seed: SeedOption = 1,
    settings: SettingsOption = None,
    out: Annotated[Path | None, _out("compare-SCENARIOS")] = None,
    jobs: JobsOption = None,
    style: StyleOption = None,
    json: JsonOption = False,  # noqa: FBT002
    quiet: QuietOption = False,  # noqa: FBT002
) -> None:
    """Compare scenarios under the same draws.

    Print the differences from the first scenario, in days and in shells.
    """
    from sim.cli import compare_command

    compare_command.run(
        files,
        CommandOptions(files[0], runs, seed, tuple(settings or ()), out, jobs, json, quiet, style=style),
    )


@app.command("sweep")
def sweep_command(
    file: Annotated[Path, _argument("FILE", "A scenario or study file.")],
    vary: Annotated[
        list[str] | None,
        _option(
            "--vary",
            "PATH=VALUES",
            "FROM:TO:COUNT or a,b,c; scenario=a.yaml,b.yaml varies whole files.",
            autocompletion=paths,
        ),
    ] = None,
    design: Annotated[
        str | None,
        _option(
            "--design",
            "NAME",
            "lhs, sobol or halton, with --range.",
            autocompletion=words("lhs", "sobol", "halton"),
        ),
    ] = None,
    points: Annotated[int | None, _count("--points", "Number of points of the design.")] = None,
    ranges: Annotated[
        list[str] | None,
        _option("--range", "PATH=LOW:HIGH", "A range of the design.", autocompletion=paths),
    ] = None,
    runs: Annotated[int | None, _count("--runs", "Number of runs per point (default: 200).")] = None,
    seed: Annotated[
        int | None, _count("--seed", "Random seed, 0 to 2^64 - 1 (default: 1).", metavar="S")
    ] = None,
    settings: SettingsOption = None,
    out: Annotated[Path | None, _out("sweep-FILE")] = None,
    backend: Annotated[
        str,
        _option("--backend", "NAME", "loky (local processes) or dask.", autocompletion=words("loky", "dask")),
    ] = "auto",
    address: Annotated[str, _option("--address", "HOST:PORT", "Address of the dask scheduler.")] = "",
    jobs: JobsOption = None,
    block: Annotated[int | None, _count("--block", "Points per block.")] = None,
    fail_fast: Annotated[  # noqa: FBT002
        bool, typer.Option("--fail-fast", help="Stop at the first point that fails.")
    ] = False,
    breakeven: Annotated[  # noqa: FBT002
        bool,
        typer.Option("--breakeven/--no-breakeven", help="Solve for break-even values of one or two numbers."),
    ] = True,
    json: JsonOption = False,  # noqa: FBT002
    quiet: QuietOption = False,  # noqa: FBT002
) -> None:
    """Run a scenario at many points; repeat the command to resume."""
    from sim.cli import sweep_command

    sweep_command.run(
        sweep_command.SweepOptions(
            file=file,
            vary=tuple(vary or ()),
            design=design,
            points=points,
            ranges=tuple(ranges or ()),
            runs=runs,
            seed=seed,
            settings=tuple(settings or ()),
            out=out,
            backend=backend,
            address=address,
            jobs=jobs,
            block=block,
            fail_fast=fail_fast,
            solve=breakeven,
            json=json,
            quiet=quiet,
        )
    )


@app.command("verify")
def verify_command(
    folder: FolderArgument,
    json: JsonOption = False,  # noqa: FBT002
) -> None:
    """Check that a result folder is complete and unmodified."""
    from sim.cli import verify_command

    verify_command.run(folder, as_json=json)


@app.command("breakeven")
def breakeven_command(
    file: FileArgument,
    solve: Annotated[
        str,
        _option(
            "--solve",
            "PATH",
            "The number to solve for; of a course, a factor on the whole.",
            autocompletion=paths,
            show_default=False,
        ),
    ],
    of: Annotated[
        str,
        _option(
            "--of",
            "OUTCOME",
            "What must not occur: exhausted, below_N, unmet, unmet.CONSUMER; or must: reaches.",
            autocompletion=targets,
        ),
    ] = "exhausted",
    holds: Annotated[
        str, _option("--holds", "SHARE", "Share of the runs in which it must not occur.")
    ] = "50%",
    until: Annotated[
        str | None,
        _option(
            "--until", "DATE", "Date before which it must not occur (default: the end), or EVENT + DAYS."
        ),
    ] = None,
    since: Annotated[
        str | None,
        _option("--from", "DATE", "Date from which it must not occur (default: the start)."),
    ] = None,
    level: Annotated[
        str | None,
        _option("--level", "AMOUNT", "Amount of --of over all days, such as 98% of met or 20M EUR of cost."),
    ] = None,
    bounds: Annotated[
        str | None,
        _option("--bounds", "FROM:TO", "Search interval (default: a tenth to ten times the value)."),
    ] = None,
    vary: Annotated[
        list[str] | None,
        _option(
            "--vary",
            "PATH=VALUES",
            "Values of another path: a,b,c or FROM:TO:COUNT.",
            autocompletion=paths,
        ),
    ] = None,
    runs: RunsOption = None,
    seed: SeedOption = 1,
    settings: SettingsOption = None,
    out: Annotated[Path | None, _out("breakeven-SCENARIO-PATH")] = None,
    jobs: JobsOption = None,
    json: JsonOption = False,  # noqa: FBT002
    quiet: QuietOption = False,  # noqa: FBT002
) -> None:
    """Find the value of a number at which an outcome just holds."""
    from sim.cli import breakeven_command

    query = breakeven_command.BreakevenOptions(
        solve, of, holds, until, since, level, bounds, tuple(vary or ())
    )
    breakeven_command.run(
        query, CommandOptions(file, runs, seed, tuple(settings or ()), out, jobs, json, quiet)
    )


@app.command("sensitivity")
def sensitivity_command(
    file: FileArgument,
    of: Annotated[
        str | None, _option("--of", "OUTCOME", "One outcome (default: all).", autocompletion=outcomes)
    ] = None,
    method: Annotated[
        str,
        _option(
            "--method",
            "NAME",
            "rank, tornado, morris or sobol.",
            autocompletion=words("rank", "tornado", "morris", "sobol"),
        ),
    ] = "rank",
    points: Annotated[
        int | None,
        _count("--points", "Trajectories of morris (default: 64) or base points of sobol (default: 1024)."),
    ] = None,
    runs: Annotated[
        int | None,
        _count("--runs", "Number of runs (default: 1,000, or 16 per point of morris and sobol)."),
    ] = None,
    seed: SeedOption = 1,
    settings: SettingsOption = None,
    out: Annotated[Path | None, _out("sensitivity-SCENARIO-METHOD")] = None,
    jobs: JobsOption = None,
    json: JsonOption = False,  # noqa: FBT002
    quiet: QuietOption = False,  # noqa: FBT002
) -> None:
    """Measure how much each input affects each outcome."""
    from sim.cli import sensitivity_command

    options = CommandOptions(file, runs, seed, tuple(settings or ()), out, jobs, json, quiet)
    sensitivity_command.run(of, method, points, options)


@app.command("audit")
def audit_command(
    file: FileArgument,
    as_of: Annotated[
        str | None,
        _option("--as-of", "DATE", "Last day whose publications count; nothing in the file may be later."),
    ] = None,
    shipped: Annotated[  # noqa: FBT002
        bool,
        typer.Option(
            "--with-shipped", help="Count the shipped claims besides those of the file's own table."
        ),
    ] = False,
    seed: SeedOption = 1,
    settings: SettingsOption = None,
    out: Annotated[Path | None, _out("audit-SCENARIO-DATE")] = None,
    jobs: JobsOption = None,
    json: JsonOption = False,  # noqa: FBT002
    quiet: QuietOption = False,  # noqa: FBT002
) -> None:
    """Find published claims that cannot all be true in one account.

    The claims are those of the scenario's own table (evidence: my.csv), or else the shipped ones.
    """
    from sim.cli import audit_command

    options = CommandOptions(file, None, seed, tuple(settings or ()), out, jobs, json, quiet)
    audit_command.run(as_of, options, with_shipped=shipped)


@app.command("backtest")
def backtest_command(
    file: FileArgument,
    as_of: Annotated[
        str, _option("--as-of", "DATE", "Last day whose claims are believed.", show_default=False)
    ],
    until: Annotated[
        str, _option("--until", "DATE", "Last day whose claims are foretold and scored.", show_default=False)
    ],
    seed: SeedOption = 1,
    settings: SettingsOption = None,
    out: Annotated[Path | None, _out("backtest-SCENARIO-DATES")] = None,
    jobs: JobsOption = None,
    json: JsonOption = False,  # noqa: FBT002
    quiet: QuietOption = False,  # noqa: FBT002
) -> None:
    """Foretell from the claims of one date what was published until another, and score it."""
    from sim.cli import backtest_command

    options = CommandOptions(file, None, seed, tuple(settings or ()), out, jobs, json, quiet)
    backtest_command.run(as_of, until, options)


@app.command("trace")
def trace_command(
    file: FileArgument,
    run: Annotated[int, _count("--run", "Run number, from 0.", show_default=False)],
    seed: SeedOption = 1,
    settings: SettingsOption = None,
    voyages: Annotated[  # noqa: FBT002
        bool, typer.Option("--voyages", help="Print voyages and lots instead of entries.")
    ] = False,
    out: Annotated[Path | None, _option("--out", "FILE", "A CSV file (default: standard output).")] = None,
    engine: Annotated[
        str,
        _option(
            "--engine",
            "NAME",
            "simpy or compiled; auto is simpy.",
            autocompletion=words("auto", "simpy", "compiled"),
        ),
    ] = "auto",
    json: JsonOption = False,  # noqa: FBT002
) -> None:
    """Print every entry of one run, or its voyages, as CSV."""
    from sim.cli import trace_command

    options = CommandOptions(file, None, seed, tuple(settings or ()), out, None, json, engine=engine)
    trace_command.trace(options, run, voyages=voyages)


@app.command("chart")
def chart_command(
    folders: Annotated[
        list[Path], _argument("DIR...", "A result folder; several runs share one drawdown chart.")
    ],
    kind: Annotated[
        str | None,
        _option("--kind", "KIND", f"{', '.join(BY_NAME)}.", autocompletion=words(*BY_NAME)),
    ] = None,
    size: Annotated[
        str,
        typer.Option(
            "--size",
            autocompletion=words("column", "page", "slide", "square"),
            help="column, page, slide or square.",
        ),
    ] = "page",
    format_: Annotated[
        str,
        typer.Option(
            "--format",
            autocompletion=words("png", "svg", "pdf"),
            help="png, svg or pdf, or several: png,svg.",
        ),
    ] = "png",
    of: Annotated[
        list[str] | None,
        _option("--of", "OUTCOME", "Outcome to show; a line chart takes several.", autocompletion=outcomes),
    ] = None,
    show: Annotated[
        str | None,
        _option(
            "--show",
            "WHAT",
            "Colours of a heat map: share, median or auto.",
            autocompletion=words("auto", "share", "median"),
        ),
    ] = None,
    level: Annotated[
        str | None, _option("--level", "SHARE", "Share of the runs of a heat map's break-even line.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="First day shown (default: the first).")
    ] = None,
    until: Annotated[
        str | None,
        _option("--until", "DATE", "Day after the last shown, or end (default: where changes end)."),
    ] = None,
    on: Annotated[
        str | None, _option("--on", "DATE", "Day of a map (default: the one with most under way).")
    ] = None,
    claims: Annotated[  # noqa: FBT002
        bool, typer.Option("--claims", help="Lay published claims on the stock over a drawdown.")
    ] = False,
    title: Annotated[str | None, _option("--title", "TEXT", "Title in place of the main result.")] = None,
    subtitle: Annotated[
        str | None, _option("--subtitle", "TEXT", "Subtitle in place of the scenario's title.")
    ] = None,
    style: StyleOption = None,
    json: JsonOption = False,  # noqa: FBT002
) -> None:
    """Draw a chart from the saved tables of a result folder, with its numbers as CSV and a text for it."""
    from sim.cli import chart_command
    from sim.cli.chart_options import ChartOptions

    options = ChartOptions(
        tuple(of or ()), show, level, since, until, on, claims or None, title, subtitle, style
    )
    chart_command.run(folders, kind, size, format_, options, as_json=json)


@app.command("export")
def export_command(
    folder: FolderArgument,
    file: Annotated[Path, _argument("FILE.xlsx", "The workbook to write.")],
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,  # noqa: FBT002
    json: JsonOption = False,  # noqa: FBT002
) -> None:
    """Write a result folder as an Excel workbook.

    Its tables, its inputs with their sources, and the method, one sheet each.
    """
    from sim.cli import export_command

    export_command.run(folder, file, replace=force, as_json=json)


@app.command("report")
def report_command(
    folders: Annotated[list[Path], _argument("DIR...", "Result folders.")],
    out: Annotated[
        Path | None,
        _option(
            "--out",
            "FILE.html",
            "The page (default: DIR.html; of several, DIR-and-DIR.html beside the first).",
        ),
    ] = None,
    style: StyleOption = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,  # noqa: FBT002
    json: JsonOption = False,  # noqa: FBT002
) -> None:
    """Write result folders as one HTML page.

    Findings, charts, figures, inputs with their sources, method and checks.
    """
    from sim.cli import report_command

    report_command.run(folders, out, style, replace=force, as_json=json)


@app.command("explore")
def explore_command(
    file: FileArgument,
    settings: SettingsOption = None,
    runs: RunsOption = None,
    seed: SeedOption = 1,
    port: Annotated[int, _count("--port", "Port on 127.0.0.1 (default: a free one).", metavar="PORT")] = 0,
    style: StyleOption = None,
    browser: Annotated[  # noqa: FBT002
        bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")
    ] = True,
) -> None:
    """Explore a scenario on a live page of this machine, with sliders; Ctrl-C ends it."""
    from sim.cli import explore_command

    explore_command.run(file, tuple(settings or ()), runs, seed, port, style, browser=browser)


@app.command("evidence")
def evidence_command(
    words: Annotated[list[str] | None, typer.Argument(metavar="[WORDS]", show_default=False)] = None,
    quantity: Annotated[
        str,
        _option(
            "--quantity",
            "NAME",
            "Only this quantity, such as production_rate.",
            autocompletion=estimate_values("quantity"),
        ),
    ] = "",
    by: Annotated[str, _option("--by", "NAME", "Only estimates of this claimant or publisher.")] = "",
    since: Annotated[
        str | None,
        _option("--since", "DATE", "Only those published since: 2024, 2024-03 or a day."),
    ] = None,
    family: Annotated[
        str,
        _option(
            "--family",
            "NAME",
            "Only estimates of this family of claimants, such as kyiv-fire.",
            autocompletion=estimate_values("family"),
        ),
    ] = "",
    full: Annotated[  # noqa: FBT002
        bool, typer.Option("--full", help="Print every column of each, links and notes included.")
    ] = False,
    chart: Annotated[
        Path | None,
        _option("--chart", "FILE", "Draw the estimates of --quantity into a png, svg or pdf file."),
    ] = None,
    size: Annotated[
        str,
        _option(
            "--size",
            "NAME",
            "Size of the chart: column, page, slide or square.",
            autocompletion=words("column", "page", "slide", "square"),
        ),
    ] = "page",
    style: StyleOption = None,
    json: JsonOption = False,  # noqa: FBT002
) -> None:
    """Search the published estimates.

    Print the estimates that match every word, best first; synonyms and other forms of a word count.
    """
    from sim.cli import evidence_command

    evidence_command.run(
        words or [],
        quantity=quantity,
        by=by,
        since=since,
        family=family,
        full=full,
        as_json=json,
        chart=chart,
        size=size,
        style=style,
    )


@app.command("doctor")
def doctor_command(json: JsonOption = False) -> None:  # noqa: FBT002
    """Print diagnostics for a bug report.

    Versions, engine, cache, self-test, terminal, fonts and optional packages.
    """
    from sim.cli import doctor_command

    doctor_command.doctor(as_json=json)


@app.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of the scenario file, for editors."""
    from sim.scenario.schema import scenario_schema

    sys.stdout.write(scenario_schema())


@app.command("new")
def new_command(
    folder: Annotated[Path, _argument("DIR", "A folder to create.")],
    json: JsonOption = False,  # noqa: FBT002
) -> None:
    """Create a folder with a scenario and a notebook to edit."""
    from sim.cli import new_command

    new_command.run(folder, as_json=json)


@app.command("completion")
def completion_command(
    shell: Annotated[
        str,
        typer.Argument(
            metavar="SHELL",
            autocompletion=words("bash", "zsh", "fish", "powershell"),
            help="bash, zsh, fish or powershell.",
            show_default=False,
        ),
    ],
) -> None:
    """Print a script that makes a shell complete this command.

    In bash: eval "$(sim completion bash)"
    """
    from sim.cli import completion_command

    completion_command.run(app, shell, COMPLETION_VARIABLE)


@app.callback(invoke_without_command=True)
def main_options(
    version: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False,  # noqa: FBT002
) -> None:
    """Munitions supply and demand: stocks and flows from public sources, with their uncertainty."""
    if version:
        import sim

        typer.echo(f"munitions-sim {sim.__version__}")
        raise typer.Exit


# Without a short help of its own, the list of verbs cuts each summary to the width of the terminal.
for _verb in app.registered_commands:
    _verb.short_help = (
        (_verb.callback.__doc__ or "").partition("\n")[0].removesuffix(".") if _verb.callback else ""
    )


def run(arguments: Sequence[str]) -> NoReturn:
    """Run the command line and exit with its status."""
    guard_streams()
    if COMPLETION_VARIABLE in os.environ:
        from sim.cli.completion_command import register_shells

        register_shells()
    # Hide warnings of matplotlib about its cache folder, which the user of a command cannot act on.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    status = exit_status(lambda: app(list(arguments), prog_name="sim", standalone_mode=False))
    sys.exit(status_after_output(status))


def exit_status(act: Callable[[], object]) -> int:
    """Call `act` and return the exit status; print errors on standard error."""
    try:
        outcome = act()
        sys.stdout.flush()
    except (KeyboardInterrupt, typer.Abort):
        outcome = INTERRUPTED_STATUS
    except Interrupted as stopped:
        typer.echo(str(stopped), err=True)
        return stopped.exit_status
    except SimError as error:
        typer.echo("\n".join(_lines(error)), err=True)
        return error.exit_status
    except FileNotFoundError:
        if not working_folder.is_deleted():
            raise
        typer.echo(f"error: {working_folder.DELETED}", err=True)
        return SimError.exit_status
    except typer.Exit as leave:
        return int(leave.exit_code)
    except typer.TyperException as error:
        _show_usage_error(error)
        return USAGE_ERROR_STATUS
    if outcome == INTERRUPTED_STATUS:  # typer returns this for Ctrl-C
        typer.echo("interrupted: nothing was written", err=True)
    return outcome if isinstance(outcome, int) else 0


def _lines(error: SimError) -> list[str]:
    """Return an error as lines; a fault with a position in a file starts with that position."""
    if isinstance(error, InputError):
        return [str(fault) if fault.where else f"error: {fault}" for fault in error.faults]
    return [f"error: {line}" for line in str(error).splitlines()]


def _show_usage_error(error: typer.TyperException) -> None:
    """Print a usage error; most have a `show` method that adds a hint to the help."""
    show = getattr(error, "show", None)
    if callable(show):
        show()
    else:
        typer.echo(f"error: {error}", err=True)
    word = re.match(r"No such command '(.+\.ya?ml)'", str(error))
    if word:
        typer.echo(f"Did you mean 'sim run {word[1]}'?", err=True)
