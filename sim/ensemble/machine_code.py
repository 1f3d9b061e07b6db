"""Machine code on disk: a file for each function and signature, which is whole or counts as not there.

numba's own cache keeps an index beside the code. Two processes that write it at once can leave it naming the
wrong code, and a torn file ends in a traceback. Here each file bears its key and a digest of itself, and
what numba is told about the functions of others (where they are kept, above all) stays as it is.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba.core.caching import CompileResultCacheImpl, FunctionCache, _CacheLocator
from numba.core.serialize import dumps

SUFFIX = ".code"
_DIGEST = hashlib.sha256().digest_size


class KeptCode(FunctionCache):
    """What numba asks for the machine code of a function, and hands it to.

    Parameters
    ----------
    function : callable
        The function in Python.
    folder : Path
    missing : callable
        Called where a signature is not there, before it is compiled.
    unkept : callable
        Called with the reason where machine code could not be written.
    """

    def __init__(
        self, function: Any, folder: Path, missing: Callable[[], None], unkept: Callable[[OSError], None]
    ) -> None:
        self._impl_class = _Reduced
        super().__init__(function)  # type: ignore[no-untyped-call]
        stamp = self._impl.locator.get_source_stamp()
        self._cache_path = str(folder)
        self._cache_file: Any = Files(folder, self._impl.filename_base, stamp, unkept)
        self._missing = missing

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the machine code of a signature; None where there is none that is whole."""
        found = super().load_overload(sig, target_context)  # type: ignore[no-untyped-call]
        if found is None:
            self._missing()
        return found


class Files:
    """The files of one function.

    Parameters
    ----------
    folder : Path
        Made when something is saved.
    name : str
        With which the names of the files begin.
    stamp : object
        Of the source; what was kept under another counts as not there.
    unkept : callable
        Called with the reason where a file could not be written.
    """

    def __init__(self, folder: Path, name: str, stamp: object, unkept: Callable[[OSError], None]) -> None:
        self._folder = folder
        self._name = name
        self._stamp = stamp
        self._unkept = unkept

    def load(self, key: object) -> Any:
        """Return what was saved under a key, or None."""
        try:
            data = self._path(key).read_bytes()
        except OSError:
            return None
        with contextlib.suppress(OSError):  # the folder tells when it was used last
            os.utime(self._folder)
        digest, body = data[:_DIGEST], data[_DIGEST:]
        if hashlib.sha256(body).digest() != digest:
            return None
        stamp, saved, payload = pickle.loads(body)  # noqa: S301 - as numba does, from the user's own folder
        return payload if (stamp, saved) == (self._stamp, key) else None

    def save(self, key: object, payload: object) -> None:
        """Save under a key, in one step; what cannot be written is left out."""
        body: bytes = dumps((self._stamp, key, payload))  # type: ignore[no-untyped-call]
        try:
            self._write(self._path(key), hashlib.sha256(body).digest() + body)
        except OSError as error:
            self._unkept(error)

    def flush(self) -> None:
        """Forget what is saved of this function."""
        for path in self._folder.glob(f"{self._name}-*{SUFFIX}"):
            path.unlink(missing_ok=True)

    def _path(self, key: object) -> Path:
        # Keys with one name would take each other's place, and are told apart when they are loaded.
        return self._folder / f"{self._name}-{hashlib.sha256(repr(key).encode()).hexdigest()[:16]}{SUFFIX}"

    def _write(self, path: Path, data: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)


class _Nowhere(_CacheLocator):
    """Knows the source of a function; numba's own would look for a place to write beside it."""

    def __init__(self, function: Any, file: str) -> None:
        self._py_file = file
        self._line = function.__code__.co_firstlineno

    @classmethod
    def from_function(cls, py_func: Any, py_file: str) -> _Nowhere:
        return cls(py_func, py_file)

    def ensure_cache_path(self) -> None:
        pass

    def get_cache_path(self) -> str:
        return ""

    def get_source_stamp(self) -> bytes:
        return hashlib.sha256(Path(self._py_file).read_bytes()).digest()

    def get_disambiguator(self) -> str:
        return str(self._line)


class _Reduced(CompileResultCacheImpl):
    _locator_classes: list[Any] = [_Nowhere]  # noqa: RUF012 - as numba says it
