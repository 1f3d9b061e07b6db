"""Check a result folder for missing, modified and foreign files."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.results.directory_lock import LOCK_FILE, OWNER_FILE
from sim.results.json_text import parse_json
from sim.results.os_error_text import describe_os_error
from sim.results.provenance import BLOCKS_KEY, CHARTS_KEY, LOG, LOGGED_KEY, MANIFEST, digest
from sim.results.storage import is_sealed_log, read_manifest, seal_manifest


def find_problems(folder: str | os.PathLike[str]) -> tuple[str, ...]:
    """Return the problems of a result folder, one sentence each; empty if there are none.

    The SHA-256 of every file is compared with the one recorded: in the manifest for listed files and for
    the manifest itself, in the last line of the log, and in the names of the blocks of a sweep.

    Raise `StorageError` if there is no folder, or its manifest cannot be read.
    """
    path = Path(folder)
    manifest = read_manifest(path)
    return (
        *_manifest_problems(path, manifest),
        *_file_problems(path, manifest),
        *_block_problems(path, manifest),
        *_foreign_files(path, manifest),
    )


def _listed_digests(manifest: Mapping[str, Any]) -> dict[str, str]:
    charts = manifest.get(CHARTS_KEY, {})
    return {**manifest["files"], **(charts if isinstance(charts, dict) else {})}


def _manifest_problems(folder: Path, manifest: Mapping[str, Any]) -> Iterator[str]:
    data = (folder / MANIFEST).read_bytes()
    try:
        is_intact = seal_manifest(data, logged=bool(parse_json(data).get(LOGGED_KEY))) == data
    except ValueError:
        is_intact = False
    if not is_intact:
        yield f"{folder / MANIFEST} is not the file that was written: its digest differs"
    if manifest.get("unfinished"):
        yield f"{folder} is not finished: the same command goes on with it"


def _file_problems(folder: Path, manifest: Mapping[str, Any]) -> Iterator[str]:
    for name, expected in _listed_digests(manifest).items():
        yield from _content_problems(folder / name, lambda data, expected=expected: digest(data) == expected)
    if manifest.get(LOGGED_KEY):
        yield from _content_problems(folder / LOG, is_sealed_log)


def _block_problems(folder: Path, manifest: Mapping[str, Any]) -> Iterator[str]:
    for name in manifest.get(BLOCKS_KEY, ()):
        path = folder / BLOCKS_KEY / str(name)
        yield from _content_problems(path, lambda data, path=path: digest(data) == path.stem)


def _content_problems(path: Path, is_intact: Any) -> Iterator[str]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        yield f"{path} is missing"
    except OSError as error:
        yield f"{path} cannot be read: {describe_os_error(error)}"
    else:
        if not is_intact(data):
            yield f"{path} is not the file that was written: its digest differs"


def _foreign_files(folder: Path, manifest: Mapping[str, Any]) -> Iterator[str]:
    known = {MANIFEST, OWNER_FILE, *_listed_digests(manifest)}
    known |= {LOG} if manifest.get(LOGGED_KEY) else set()
    blocks = set(map(str, manifest.get(BLOCKS_KEY, ())))
    if BLOCKS_KEY in manifest:
        known.add(BLOCKS_KEY)
    for path in sorted(folder.iterdir()):
        if path.name not in known and not path.name.startswith(LOCK_FILE):
            yield f"{path} is not of this result"
        elif path.name == BLOCKS_KEY and path.is_dir():
            yield from (
                f"{each} is not of this result" for each in sorted(path.iterdir()) if each.name not in blocks
            )
