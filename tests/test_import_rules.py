"""Import rules: a package imports only packages that the table allows, and heavy packages only on demand."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Collection, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "sim"
#: For each room: rooms of ours, and packages of others, besides Python's own.
ROOMS: dict[str, tuple[set[str], set[str]]] = {
    # Dates and numbers of messages and of charts.
    "language": (set(), set()),
    "errors": ({"language"}, set()),
    "units": (set(), set()),
    # Notebooks have no command line: their bar imports nothing, and needs only (done, total).
    "progress": (set(), {"tqdm"}),
    # Processes start with these two, and need nothing else until they have their work.
    "worker_main": ({"errors"}, {"cloudpickle"}),
    "worker_pool": ({"errors", "worker_main"}, {"cloudpickle"}),
    "source_digest": (set(), set()),
    "account": (set(), set()),
    "web_links": (set(), set()),
    "formulas": ({"account", "units"}, set()),
    "formatting": ({"language", "units"}, set()),
    "names": ({"account", "errors", "formatting", "units"}, set()),
    "outcomes": ({"account", "errors", "formatting", "units"}, set()),
    "observables": ({"account", "errors", "units"}, {"numpy"}),
    "scenario": (
        {"errors", "units", "account", "formulas", "names", "web_links"},
        {"pydantic", "pydantic_core", "ruamel"},
    ),
    "evidence": ({"errors", "units", "web_links"}, {"pandas"}),
    "model": ({"scenario", "account", "formulas", "errors", "units"}, {"simpy", "numpy"}),
    "ensemble": (
        {"scenario", "account", "formulas", "outcomes", "errors", "units", "worker_pool", "source_digest"},
        {"numpy", "numba", "llvmlite"},
    ),
    "results": (
        {"account", "names", "observables", "outcomes", "errors", "units", "source_digest"},
        {"numpy", "pandas", "pyarrow", "scipy", "filelock"},
    ),
    # Every statement as data: from results and studies, which stay free of sentences. Studies are types here.
    "findings": (
        {"results", "account", "outcomes", "formatting", "language", "names", "units", "errors"},
        {"numpy", "pandas"},
    ),
    "engines": ({"scenario", "account", "outcomes", "model", "ensemble", "results", "errors"}, {"numpy"}),
    "simulate": (
        {"outcomes", "engines", "scenario", "evidence", "ensemble", "results", "findings", "names", "errors"},
        {"numpy"},
    ),
    "study": (
        {
            "names",
            "simulate",
            "outcomes",
            "scenario",
            "evidence",
            "results",
            "account",
            "errors",
            "formatting",
            "worker_pool",
            "source_digest",
            "units",
        },
        {"numpy", "pandas", "scipy", "SALib", "xarray", "pyarrow", "joblib", "distributed"},
    ),
    "auditing": (
        {
            "account",
            "errors",
            "evidence",
            "formatting",
            "observables",
            "results",
            "scenario",
            "simulate",
            "study",
            "units",
            "worker_pool",
        },
        {"arviz_stats", "emcee", "numpy", "pandas", "scipy", "scoringrules", "threadpoolctl"},
    ),
    "reporting": (
        {
            "account",
            "auditing",
            "charts",
            "errors",
            "evidence",
            "findings",
            "formatting",
            "names",
            "outcomes",
            "results",
            "scenario",
            "study",
            "units",
            "web_links",
        },
        {"jinja2", "markupsafe", "pandas", "scipy", "xlsxwriter"},
    ),
    "house_style": ({"language", "scenario", "errors"}, {"babel", "matplotlib"}),
    "charts": (
        {
            "results",
            "study",
            "findings",
            "account",
            "house_style",
            "language",
            "names",
            "outcomes",
            "formatting",
            "units",
            "errors",
        },
        {"matplotlib", "numpy", "pandas"},
    ),
    # The live page. Its framework is an extra: only modules of the page and the server import it.
    "exploring": (
        {
            "account",
            "charts",
            "errors",
            "evidence",
            "findings",
            "formatting",
            "names",
            "results",
            "scenario",
            "simulate",
            "units",
            "web_links",
        },
        {"nicegui", "fastapi", "uvicorn", "numpy", "pandas"},
    ),
}
#: The command line may use any room, but of others only these.
OF_OTHERS_IN_CLI = {"typer", "rich", "numpy", "tqdm"}


def imports(path: Path) -> Iterator[str]:
    """Yield every module that a file imports at run time, inside functions too."""
    for node in ast.walk(without_type_checking(ast.parse(path.read_text("utf-8")))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: imports are absolute"
            yield node.module or ""
            if node.module == "sim":
                yield from (f"sim.{alias.name}" for alias in node.names)


def imported_modules(path: Path, known: Collection[str]) -> Iterator[str]:
    """Yield every module of ours that a file imports at run time, inside functions too."""
    for node in ast.walk(without_type_checking(ast.parse(path.read_text("utf-8")))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            names = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from (name if name in known else str(node.module) for name in names)


def without_type_checking(tree: ast.AST) -> ast.AST:
    class Cut(ast.NodeTransformer):
        def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
            named = isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
            return node.orelse if named else self.generic_visit(node)

    cut: ast.AST = Cut().visit(tree)
    return cut


def files_of(room: str) -> list[Path]:
    folder = ROOT / room
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [ROOT / f"{room}.py"]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_its_row_names(room: str) -> None:
    ours, others = ROOMS[room]
    for path in files_of(room):
        for module in imports(path):
            top, _, rest = module.partition(".")
            if top == "sim":
                used = rest.split(".")[0]
                assert used in ours | {room, ""}, f"{path.relative_to(ROOT)} imports {module}"
            elif top not in sys.stdlib_module_names:
                assert top in others, f"{path.relative_to(ROOT)} imports {module}"


def test_the_command_line_uses_of_others_only_its_own() -> None:
    for path in files_of("cli"):
        for module in imports(path):
            top = module.partition(".")[0]
            assert top in sys.stdlib_module_names | OF_OTHERS_IN_CLI | {"sim"}, (
                f"{path.name} imports {module}"
            )


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


#: `Scenario.replace` and the digest methods call functions of modules that import `Scenario`.
CIRCLES_OF_DOORS = {
    ("sim.scenario.scenario", "sim.scenario.loader"),
    ("sim.scenario.scenario", "sim.scenario.fingerprint"),
}


def test_modules_import_each_other_in_no_circle() -> None:
    files = {module_name(path): path for path in ROOT.rglob("*.py")}
    graph = {
        name: {other for other in imported_modules(path, files) if (name, other) not in CIRCLES_OF_DOORS}
        for name, path in files.items()
    }
    assert all(other in imported_modules(files[name], files) for name, other in CIRCLES_OF_DOORS)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


#: What modules of the ensemble may import of its package of compiled code.
INTERFACE = {"sim.ensemble.native.kernels", "sim.ensemble.native.warm_up", "sim.ensemble.native"}


def test_one_package_alone_uses_numba_and_llvmlite_and_the_ensemble_sees_its_interface_alone() -> None:
    native = ROOT / "ensemble" / "native"
    for path in ROOT.rglob("*.py"):
        if native in path.parents:
            continue
        used = set(imports(path))
        assert not [name for name in used if name.partition(".")[0] in {"numba", "llvmlite"}], path
        if path.is_relative_to(ROOT / "ensemble"):
            assert {name for name in used if name.startswith("sim.ensemble.native")} <= INTERFACE, path


def test_every_room_has_a_row() -> None:
    rooms = {path.stem if path.suffix == ".py" else path.name for path in ROOT.iterdir()}
    assert rooms - {"__init__", "__main__", "__pycache__", "py.typed", "cli"} == set(ROOMS)


def test_every_package_opens_with_its_map() -> None:
    for path in ROOT.rglob("__init__.py"):
        docstring = ast.get_docstring(ast.parse(path.read_text("utf-8")))
        assert docstring, path


@pytest.mark.parametrize(
    ("verb", "never"),
    [
        (["--help"], {"pydantic", "numpy", "pandas", "matplotlib", "simpy", "rich", "joblib", "ruamel"}),
        (["validate", "scenarios/flat.yaml"], {"numpy", "pandas", "matplotlib", "simpy", "rich", "joblib"}),
        (["evidence", "tikhoretsk"], {"numpy", "pandas", "matplotlib", "simpy", "joblib"}),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_quick_verb_loads_nothing_heavy(verb: list[str], never: set[str]) -> None:
    code = (
        "import sys, contextlib\nfrom sim.cli.app import run\n"
        f"with contextlib.suppress(SystemExit):\n    run({verb!r})\n"
        "sys.stderr.write('\\n'.join(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT.parent, check=True
    )
    loaded = {name.partition(".")[0] for name in done.stderr.split()}
    assert loaded & never == set()
