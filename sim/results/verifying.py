"""Whether a result folder is whole: every file as it was written, none missing, none that is not ours."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.errors import StorageError
from sim.results.jsontext import json_data
from sim.results.provenance import BLOCKS, CHARTS, LOG, LOGGED, MANIFEST, digest
from sim.results.storage import is_whole_log, read_manifest, reason_of, sealed

#: A lock that nobody holds may stay in the folder.
LOCKS = (".sim-lock", ".sim-holder")


def amiss(folder: str | os.PathLike[str]) -> tuple[str, ...]:
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
        *_of_manifest(path, found),
        *_of_files(path, found),
        *_of_blocks(path, found),
        *_foreign(path, found),
    )


def _listed(found: Mapping[str, Any]) -> dict[str, str]:
    charts = found.get(CHARTS, {})
    return {**found["files"], **(charts if isinstance(charts, dict) else {})}


def _of_manifest(folder: Path, found: Mapping[str, Any]) -> Iterator[str]:
    data = (folder / MANIFEST).read_bytes()
    try:
        whole = sealed(data, logged=bool(json_data(data).get(LOGGED))) == data
    except ValueError:
        whole = False
    if not whole:
        yield f"{folder / MANIFEST} is not the file that was written: its digest differs"
    if found.get("unfinished"):
        yield f"{folder} is not finished: the same command goes on with it"


def _of_files(folder: Path, found: Mapping[str, Any]) -> Iterator[str]:
    for name, expected in _listed(found).items():
        yield from _of_file(folder / name, lambda data, expected=expected: digest(data) == expected)
    if found.get(LOGGED):
        yield from _of_file(folder / LOG, is_whole_log)


def _of_blocks(folder: Path, found: Mapping[str, Any]) -> Iterator[str]:
    for name in found.get(BLOCKS, ()):
        path = folder / BLOCKS / str(name)
        yield from _of_file(path, lambda data, path=path: digest(data) == path.stem)


def _of_file(path: Path, is_whole: Any) -> Iterator[str]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        yield f"{path} is missing"
    except OSError as error:
        yield f"{path} cannot be read: {reason_of(error)}"
    else:
        if not is_whole(data):
            yield f"{path} is not the file that was written: its digest differs"


def _foreign(folder: Path, found: Mapping[str, Any]) -> Iterator[str]:
    known = {MANIFEST, *LOCKS, *_listed(found)}
    known |= {LOG} if found.get(LOGGED) else set()
    blocks = set(map(str, found.get(BLOCKS, ())))
    if BLOCKS in found:
        known.add(BLOCKS)
    for path in sorted(folder.iterdir()):
        if path.name not in known:
            yield f"{path} is not of this result"
        elif path.name == BLOCKS and path.is_dir():
            yield from (
                f"{each} is not of this result" for each in sorted(path.iterdir()) if each.name not in blocks
            )


def kind_of(folder: str | os.PathLike[str]) -> str:
    """Return what a result folder holds: run, compare, sweep, or the stem of its first table.

    Raises
    ------
    StorageError
        Where the folder is no result.
    """
    found = read_manifest(Path(folder))
    if BLOCKS in found:
        return "sweep"
    for kind in ("compare", "sweep", "breakeven", "sensitivity"):
        if any(Path(name).stem == kind for name in found["files"]):
            return kind
    if "stock.csv" in found["files"]:
        return "run"
    raise StorageError(f"{folder} holds no result that is known here")
