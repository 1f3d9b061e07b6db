"""Check of a file that a verb is to write, before the work."""

from __future__ import annotations

from pathlib import Path

from sim.errors import StorageError

#: Endings that people give by mistake, which the right one replaces.
_OTHER_ENDINGS = frozenset(
    {".csv", ".xls", ".xlsx", ".ods", ".pdf", ".html", ".md", ".txt", ".json", ".png", ".svg"}
)


def check_output_file(out: Path) -> None:
    """Raise `StorageError` if an output file cannot be written."""
    if out.is_dir():
        raise StorageError(f"cannot write {out}: it is a folder; name a file in it")
    if out.exists() and not out.is_file():
        raise StorageError(f"cannot write {out}: it is not a plain file")
    if not out.parent.is_dir():
        raise StorageError(f"cannot write {out}: the folder above it does not exist")


def suggest_name(file: Path, ending: str) -> str:
    """Return a file name with an ending in place of that of another kind of file, or behind it."""
    return str(file.with_suffix(ending) if file.suffix.lower() in _OTHER_ENDINGS else f"{file}{ending}")
