"""Digest of the source of this package, the key of caches and part of every manifest.

It covers all modules, all shipped data files and the version of the package. Any change of them changes the
digest, even one that affects no figure; that costs one compilation.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable

PACKAGE = "munitions-sim"
#: Suffixes of source and shipped data; editors and interpreters leave other files.
SUFFIXES = (".py", ".csv", ".ipynb", ".json", ".md", ".yaml")


@cache
def source_digest() -> str:
    """Return the SHA-256 of the source and version of this package, in hexadecimal.

    The package is read once a process, from a folder or a zip archive.
    """
    sha256 = hashlib.sha256(f"{package_version(PACKAGE)}\n".encode())
    for name, data in _sources():
        sha256.update(f"{name}\0{len(data)}\0".encode())
        sha256.update(data)
    return sha256.hexdigest()


def package_version(package: str) -> str:
    """Return the version of an installed package, or ``not installed``."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _sources() -> Iterator[tuple[str, bytes]]:
    """Yield the relative name and the content of every source file, sorted by name."""
    home = files("sim")
    if isinstance(home, os.PathLike):
        paths = dict(_in_folder(os.fspath(home), ""))
        for name in sorted(paths):
            # Unbuffered reads take a third of the time, for hundreds of files.
            with open(paths[name], "rb", buffering=0) as file:  # noqa: PTH123
                yield name, file.readall()
    else:
        members = dict(_in_archive(home, ""))
        for name in sorted(members):
            yield name, members[name].read_bytes()


def _in_folder(folder: str, prefix: str) -> Iterator[tuple[str, str]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                if entry.name != "__pycache__":
                    yield from _in_folder(entry.path, f"{prefix}{entry.name}/")
            elif entry.name.endswith(SUFFIXES):
                yield f"{prefix}{entry.name}", entry.path


def _in_archive(folder: Traversable, prefix: str) -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _in_archive(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(SUFFIXES):
            yield f"{prefix}{entry.name}", entry
