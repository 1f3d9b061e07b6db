"""Result folders: atomic writes, and reads that check digests."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import secrets
import shutil
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.errors import StorageError, nearest_path
from sim.results.directory_lock import lock_target
from sim.results.json_text import json_bytes, parse_json
from sim.results.os_error_text import REASON_BY_ERRNO, describe_os_error
from sim.results.provenance import (
    BLOCKS_KEY,
    CHARTS_KEY,
    FORMAT,
    FORMAT_VERSION,
    LOG,
    LOGGED_KEY,
    MANIFEST,
    SEAL_KEY,
    digest,
)

#: The bytes of a file, or a function that returns them in pieces.
Content = bytes | Callable[[], Iterable[bytes]]
MakeManifest = Callable[[Mapping[str, str]], bytes]
#: Charts by file name, or a function that draws them after the tables are saved.
Drawings = Mapping[str, bytes] | Callable[[], Mapping[str, bytes]]
_STAGE_PREFIX = ".sim-"
#: Prefix of unfinished files, which the holder of the directory lock may remove.
PART_PREFIX = f"{_STAGE_PREFIX}part-"
_BACKUP_SUFFIX = ".earlier"
_MAX_NAME_LENGTH = 80
#: Result folders listed in a message.
_MOST_FOLDERS = 8
#: Folder of results on the command line, for suggestions.
_RUNS = Path("runs")
_RESERVED_NAMES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com\d|lpt\d)(\.|$)", re.IGNORECASE)


@contextmanager
def storage_errors(what: str) -> Iterator[None]:
    """Raise `StorageError` for an `OSError` of the block: "cannot write runs/flat: the disk is full"."""
    try:
        yield
    except OSError as error:
        raise StorageError(f"{what}: {describe_os_error(error)}") from error


def iter_content(content: Content) -> Iterable[bytes]:
    """Return the bytes of a file, in one piece or several."""
    return (content,) if isinstance(content, bytes) else content()


def write_folder(
    folder: str | os.PathLike[str],
    files: Mapping[str, Content],
    *,
    parents: bool = False,
    seal: MakeManifest | None = None,
    drawings: Drawings | None = None,
) -> None:
    """Write a result folder atomically: all files, or none.

    All bytes go to a hidden staging folder on the same disk first. A new folder is then renamed into place.
    In an existing result folder each file is replaced by a rename, the manifest last, and files that only
    the old manifest lists are removed. On any failure, interrupts included, the old files are restored and
    the staging folder is removed. Concurrent writers wait for each other; the last one wins.

    Raise `StorageError` if the folder has other content, or a write fails.

    Parameters
    ----------
    folder : path
        New, empty, or an existing result.
    files : mapping of str to bytes, or to a callable
        By file name; includes ``manifest.json`` unless there is a `seal`. A callable returns the bytes of a
        long file in pieces, to limit memory.
    parents : bool
        Whether to create missing parent folders.
    seal : callable, optional
        Returns the bytes of ``manifest.json`` from the SHA-256 of all files by name.
    drawings : callable, optional
        Draws the charts, and may fail. It is called after the folder is written; its files are added in a
        second step, with the same bytes as if they were in `files`.
    """
    names = [*files, *([] if seal is None else [MANIFEST])]
    if MANIFEST not in names:
        raise StorageError(f"cannot write {folder}: the result has no {MANIFEST}")
    for name in names:
        if safe_name(name) != name:
            raise StorageError(f"cannot write {folder}: {name!r} is not a plain file name")
    shown, target = Path(folder), Path(os.path.realpath(folder))
    with storage_errors(f"cannot write {folder}"):
        with lock_target(target):
            _files_to_replace(target, shown)
        with contextlib.ExitStack() as always:
            if parents:
                _make_parents(target, always)
            stage = _make_stage(target) / f"{_STAGE_PREFIX}{secrets.token_hex(8)}"
            always.callback(shutil.rmtree, stage, ignore_errors=True)
            stage.mkdir()
            digests = {
                name: _write(stage / name, seal_log(_whole(content)) if name == LOG else content)
                for name, content in files.items()
                if name != MANIFEST
            }
            manifest = _whole(files[MANIFEST]) if seal is None else seal(digests)
            written = seal_manifest(manifest, logged=LOG in files)
            _write(stage / MANIFEST, written)
            with lock_target(target):
                _publish(stage, target, shown, names)
    if callable(drawings):
        _add_drawings(shown, drawings(), written)


def _add_drawings(folder: Path, drawings: Mapping[str, bytes], written: bytes) -> None:
    """Add charts to a folder just written, and list them in its manifest.

    Raise `StorageError` if a write fails, or another result has replaced the folder; no chart is added then.
    """
    target = Path(os.path.realpath(folder))
    with contextlib.ExitStack() as undo, lock_target(target):
        if _read(target, MANIFEST) != written:
            raise StorageError(f"cannot write {folder}: {REASON_BY_ERRNO[errno.ENOTEMPTY]}")
        manifest = parse_json(written)
        for name, data in drawings.items():
            undo.callback((target / name).unlink, missing_ok=True)
            manifest["files"][name] = write_file(target, name, data)
        manifest["files"] = dict(sorted(manifest["files"].items()))
        write_file(
            target, MANIFEST, seal_manifest(json_bytes(manifest), logged=bool(manifest.get(LOGGED_KEY)))
        )
        undo.pop_all()


def write_file(folder: Path, name: str, content: Content) -> str:
    """Write one file of a folder atomically, and return its SHA-256.

    Raise `StorageError` if the write fails; an existing file of that name stays.
    """
    stage = folder / f"{PART_PREFIX}{secrets.token_hex(8)}"
    with storage_errors(f"cannot write {folder / name}"):
        try:
            sha256 = _write(stage, content)
            stage.replace(folder / name)
            _fsync_folder(folder)
        finally:
            stage.unlink(missing_ok=True)
    return sha256


def publish_file(folder: Path, stage: str, name: str) -> None:
    """Rename a complete, synced file into place."""
    with storage_errors(f"cannot write {folder / name}"):
        (folder / stage).replace(folder / name)
        _fsync_folder(folder)


def remove_part_files(folder: Path) -> None:
    """Remove unfinished files of a process that was killed during a write."""
    for path in folder.glob(f"{PART_PREFIX}*"):
        path.unlink(missing_ok=True)


def seal_manifest(manifest: bytes, *, logged: bool = False) -> bytes:
    """Add to a manifest the SHA-256 of the rest of it, and whether there is a log."""
    content = parse_json(manifest)
    content.pop(SEAL_KEY, None)
    content.pop(LOGGED_KEY, None)
    rest = {**content, LOGGED_KEY: True} if logged else content
    return json_bytes({**rest, SEAL_KEY: digest(json_bytes(rest))})


def seal_log(log: bytes) -> bytes:
    """Append to a log the SHA-256 of its lines; its times differ, so the manifest cannot list it."""
    text = log if log.endswith(b"\n") else log + b"\n"
    return text + f"{SEAL_KEY}: {digest(text)}\n".encode()


def is_sealed_log(log: bytes) -> bool:
    """Return whether the last line of a log is the SHA-256 of the others."""
    text, _, _ = log.removesuffix(b"\n").rpartition(b"\n")
    return log == seal_log(text + b"\n")


def check_target(folder: Path) -> None:
    """Raise `StorageError` if a result cannot be written to a folder; for a check before the work."""
    target = Path(os.path.realpath(folder))
    with storage_errors(f"cannot write {folder}"), lock_target(target):
        _files_to_replace(target, folder)
    above = next(parent for parent in (target, *target.parents) if os.path.lexists(parent))
    if not above.is_dir():
        raise StorageError(f"cannot write {folder}: {REASON_BY_ERRNO[errno.ENOTDIR]}")
    if not os.access(above, os.W_OK):
        raise StorageError(f"cannot write {folder}: {REASON_BY_ERRNO[errno.EACCES]}")


def add_charts(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Add the files of a chart to a result folder together, and list them in the manifest.

    All are complete on disk before the first is renamed into place. A new result in the same folder removes
    the listed charts, which would be outdated.

    Raise `StorageError` if the folder is not a result folder, or a write fails; no file has changed then.
    """
    manifest = read_manifest(folder)
    stages: dict[str, Path] = {}
    with storage_errors(f"cannot write {folder}"), contextlib.ExitStack() as undo:
        for name, data in files.items():
            stages[name] = folder / f"{PART_PREFIX}{secrets.token_hex(8)}"
            undo.callback(stages[name].unlink, missing_ok=True)
            listed = manifest["files"] if name in manifest["files"] else manifest.setdefault(CHARTS_KEY, {})
            listed[name] = _write(stages[name], data)
        for name, stage in stages.items():
            stage.replace(folder / name)
        _fsync_folder(folder)
    write_file(folder, MANIFEST, seal_manifest(json_bytes(manifest), logged=bool(manifest.get(LOGGED_KEY))))
    return [folder / name for name in files]


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a result folder.

    Raise `StorageError` if there is none, or another program wrote it.
    """
    if not folder.is_dir():
        raise StorageError(_no_folder_text(folder))
    if not (folder / MANIFEST).exists() and (results := _results_in(folder)):
        more = f" and {len(results) - _MOST_FOLDERS:,} more" if len(results) > _MOST_FOLDERS else ""
        shown = ", ".join(each.as_posix() for each in results[:_MOST_FOLDERS])
        raise StorageError(f"{folder} is a folder of result folders; allowed: one of them: {shown}{more}")
    try:
        manifest = parse_json(_read(folder, MANIFEST))
    except ValueError as error:
        raise StorageError(f"{folder / MANIFEST} cannot be read: {error}") from error
    if not _is_result_folder(manifest):
        raise StorageError(f"{folder} is not a result folder: {MANIFEST} is not one of ours")
    if manifest["format_version"] > FORMAT_VERSION:
        raise StorageError(f"{folder} was written by a newer version of this package")
    return manifest


def read_files(folder: Path, listed: Mapping[str, str], names: Iterable[str]) -> dict[str, bytes]:
    """Return the bytes of files of a result folder, checked against the digests in `listed`.

    Raise `StorageError` if a file is missing, unreadable or modified.
    """
    data = {}
    for name in names:
        if name not in listed:
            raise StorageError(f"{folder}: the manifest does not list {name}")
        data[name] = _read_checked(folder, name, listed[name])
    return data


def safe_name(text: str) -> str:
    """Return a file name from any text, valid on all systems.

    Letters and digits of any script, ``-``, ``_`` and ``.`` stay; a run of anything else becomes one
    ``-``. The name has at most 80 bytes in UTF-8, does not begin or end with a dot or ``-``, is not
    reserved by Windows, and is never empty. A safe name stays as it is.
    """
    plain = unicodedata.normalize("NFKC", text)
    kept = "".join(character if _is_allowed_character(character) else "-" for character in plain)
    name = _trim_name(re.sub(r"-+", "-", kept))
    if _RESERVED_NAMES.match(name):
        name = f"_{name}"
    return (
        _trim_name(name.encode("utf-8", "ignore")[:_MAX_NAME_LENGTH].decode("utf-8", "ignore")) or "unnamed"
    )


def _is_allowed_character(character: str) -> bool:
    # Marks (category M) are vowels in some scripts.
    return character.isalnum() or character in "_." or unicodedata.category(character).startswith("M")


def _trim_name(name: str) -> str:
    return name.strip(".-")


def _files_to_replace(target: Path, shown: Path) -> set[str] | None:
    """Return the files of the existing result in the target; None if the target does not exist."""
    if not os.path.lexists(target):
        return None
    if not target.is_dir():
        raise StorageError(f"cannot write {shown}: it is a file, not a folder")
    entries = [entry.name for entry in target.iterdir() if not entry.name.startswith(_STAGE_PREFIX)]
    if not entries:
        return set()
    try:
        earlier = parse_json((target / MANIFEST).read_bytes())
    except (FileNotFoundError, ValueError):
        earlier = {}
    if BLOCKS_KEY in earlier:
        raise StorageError(f"{shown} holds a sweep with its blocks; choose a new or empty folder")
    if not _is_result_folder(earlier):
        raise StorageError(
            f"{shown} is not a result folder (it has other files and no {MANIFEST} of ours), "
            "so nothing is written there; choose a new or empty folder"
        )
    names = {
        name for name in (*earlier["files"], *earlier.get(CHARTS_KEY, {}), LOG) if safe_name(name) == name
    }
    return {name for name in names if (target / name).is_file()}


def _is_result_folder(manifest: Mapping[str, Any]) -> bool:
    files = manifest.get("files")
    return (
        manifest.get("format") == FORMAT
        and isinstance(manifest.get("format_version"), int)
        and isinstance(files, dict)
        and all(isinstance(value, str) for value in files.values())
    )


def _make_parents(target: Path, always: contextlib.ExitStack) -> None:
    missing = [parent for parent in target.parents if not parent.exists()]
    for parent in reversed(missing):
        # It is empty at the end only if nothing was written.
        always.callback(_remove_empty, parent)
        parent.mkdir(exist_ok=True)


def _remove_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):
        folder.rmdir()


def _make_stage(target: Path) -> Path:
    # A mount point has no sibling on the same disk.
    if not target.exists():
        return target.parent
    same_disk = target.stat().st_dev == target.parent.stat().st_dev
    return target.parent if same_disk and os.access(target.parent, os.W_OK) else target


def _write(path: Path, content: Content) -> str:
    """Create a file, and return its SHA-256."""
    sha256 = hashlib.sha256()
    with path.open("xb") as file:
        for piece in iter_content(content):
            file.write(piece)
            sha256.update(piece)
        file.flush()
        os.fsync(file.fileno())
    return sha256.hexdigest()


def _whole(content: Content) -> bytes:
    return b"".join(iter_content(content))


def _publish(stage: Path, target: Path, shown: Path, names: list[str]) -> None:
    """Move staged files to the target; a result written there meanwhile counts as the old one."""
    older = _files_to_replace(target, shown)
    if older is None:
        _fsync_folder(stage)
        stage.replace(target)
        _fsync_folder(target.parent)
        return
    with contextlib.ExitStack() as undo:
        _swap_files(stage, target, names, older - set(names), undo)
        undo.pop_all()


def _swap_files(
    stage: Path, target: Path, names: list[str], dropped: set[str], undo: contextlib.ExitStack
) -> None:
    kept = stage / _BACKUP_SUFFIX
    kept.mkdir()
    for name in (*names, *dropped):
        _back_up(target / name, kept / name)
    for name in sorted(dropped):
        undo.callback(_restore, kept / name, target / name)
        (target / name).unlink()
    for name in sorted(names, key=lambda name: (name == MANIFEST, name)):
        undo.callback(_restore, kept / name, target / name)
        (stage / name).replace(target / name)
    _fsync_folder(target)


def _back_up(path: Path, copy: Path) -> None:
    if not os.path.lexists(path):
        return
    try:
        os.link(path, copy)
    except OSError:
        shutil.copy2(path, copy)


def _restore(copy: Path, path: Path) -> None:
    with contextlib.suppress(OSError):
        if not os.path.lexists(copy):
            path.unlink(missing_ok=True)
            return
        try:
            copy.rename(path)
        except FileExistsError:
            # Windows does not rename over a file.
            path.unlink()
            copy.rename(path)


def _no_folder_text(folder: Path) -> str:
    """Return the message for a folder that does not exist or is a file."""
    if folder.is_file():
        is_scenario = folder.suffix in {".yaml", ".yml"}
        allowed = f"the folder that `sim run {folder}` writes" if is_scenario else "a result folder"
        result = _RUNS / folder.stem
        meant = f"; did you mean {result.as_posix()!r}?" if result.is_dir() else ""
        return f"{folder} is a file, not a result folder; allowed: {allowed}{meant}"
    near = nearest_path(folder)
    return f"{folder}: there is no such folder" + (f"; did you mean {near!r}?" if near else "")


def _results_in(folder: Path) -> list[Path]:
    """Return the result folders directly in a folder, by name."""
    try:
        return sorted(each.parent for each in folder.glob(f"*/{MANIFEST}"))
    except OSError:
        return []


def _fsync_folder(folder: Path) -> None:
    # Only some systems can open a folder, and a network disk may refuse to sync it.
    with contextlib.suppress(OSError, AttributeError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _read(folder: Path, name: str) -> bytes:
    with storage_errors(f"{folder / name} cannot be read"):
        try:
            return (folder / name).read_bytes()
        except FileNotFoundError as error:
            raise StorageError(f"{folder} is not a whole result folder: {name} is missing") from error


def _read_checked(folder: Path, name: str, expected: str) -> bytes:
    if safe_name(name) != name:
        raise StorageError(f"{folder}: the manifest lists {name!r}, which is not a plain file name")
    data = _read(folder, name)
    if digest(data) != expected:
        raise StorageError(f"{folder / name} is not the file that was written: its digest differs")
    return data
