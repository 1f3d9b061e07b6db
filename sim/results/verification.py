"""Whether a result folder is whole: every file as it was written, none missing, none that is not ours."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.errors import StorageError
from sim.results.json_text import parse_json
from sim.results.provenance import BLOCKS_KEY, CHARTS_KEY, LOG, LOGGED_KEY, MANIFEST, digest
from sim.results.storage import describe_os_error, is_sealed_log, read_manifest, seal_manifest

#: A lock that nobody holds may stay in the folder.
LOCK_FILES = (".sim-lock", ".sim-holder")


def find_problems(folder: str | os.PathLike[str]) -> tuple[str, ...]:
    """Return what is wrong with a result folder, one sentence each; empty where it is whole.

    Every file is read and its SHA-256 compared: those that the manifest lists, the manifest itself, which
    bears its own, the log, whose last line is that of the others, and the blocks of a sweep, whose names
    are theirs.

    Raises
    ------
    StorageError
        Where there is no folder, or it has no manifest that can be read.
    """
    path = Path(folder)
    found = read_manifest(path)
    return (
        *_manifest_problems(path, found),
        *_file_problems(path, found),
        *_block_problems(path, found),
        *_foreign_files(path, found),
    )


def _listed_digests(found: Mapping[str, Any]) -> dict[str, str]:
    charts = found.get(CHARTS_KEY, {})
    return {**found["files"], **(charts if isinstance(charts, dict) else {})}


def _manifest_problems(folder: Path, found: Mapping[str, Any]) -> Iterator[str]:
    data = (folder / MANIFEST).read_bytes()
    try:
        whole = seal_manifest(data, logged=bool(parse_json(data).get(LOGGED_KEY))) == data
    except ValueError:
        whole = False
    if not whole:
        yield f"{folder / MANIFEST} is not the file that was written: its digest differs"
    if found.get("unfinished"):
        yield f"{folder} is not finished: the same command goes on with it"


def _file_problems(folder: Path, found: Mapping[str, Any]) -> Iterator[str]:
    for name, expected in _listed_digests(found).items():
        yield from _content_problems(folder / name, lambda data, expected=expected: digest(data) == expected)
    if found.get(LOGGED_KEY):
        yield from _content_problems(folder / LOG, is_sealed_log)


def _block_problems(folder: Path, found: Mapping[str, Any]) -> Iterator[str]:
    for name in found.get(BLOCKS_KEY, ()):
        path = folder / BLOCKS_KEY / str(name)
        yield from _content_problems(path, lambda data, path=path: digest(data) == path.stem)


def _content_problems(path: Path, is_whole: Any) -> Iterator[str]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        yield f"{path} is missing"
    except OSError as error:
        yield f"{path} cannot be read: {describe_os_error(error)}"
    else:
        if not is_whole(data):
            yield f"{path} is not the file that was written: its digest differs"


def _foreign_files(folder: Path, found: Mapping[str, Any]) -> Iterator[str]:
    known = {MANIFEST, *LOCK_FILES, *_listed_digests(found)}
    known |= {LOG} if found.get(LOGGED_KEY) else set()
    blocks = set(map(str, found.get(BLOCKS_KEY, ())))
    if BLOCKS_KEY in found:
        known.add(BLOCKS_KEY)
    for path in sorted(folder.iterdir()):
        if path.name not in known:
            yield f"{path} is not of this result"
        elif path.name == BLOCKS_KEY and path.is_dir():
            yield from (
                f"{each} is not of this result" for each in sorted(path.iterdir()) if each.name not in blocks
            )


def result_kind(folder: str | os.PathLike[str]) -> str:
    """Return what a result folder holds: run, compare, sweep, or the stem of its first table.

    Raises
    ------
    StorageError
        Where the folder is no result.
    """
    found = read_manifest(Path(folder))
    if BLOCKS_KEY in found:
        return "sweep"
    for kind in ("compare", "sweep", "breakeven", "sensitivity"):
        if any(Path(name).stem == kind for name in found["files"]):
            return kind
    if "stock.csv" in found["files"]:
        return "run"
    raise StorageError(f"{folder} holds no result that is known here")
