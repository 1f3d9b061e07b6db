"""Machine code on disk and in memory: a file for each function, which is whole or counts as not there.

Each file bears its key and a digest of itself. LLVM loads it without numba, which is needed to compile alone.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.ensemble.handed import Words

SUFFIX = ".code"
_DIGEST = hashlib.sha256().digest_size


@dataclass(frozen=True)
class Code:
    """The machine code of a kernel.

    Attributes
    ----------
    symbol : str
        The name of its function in the object file.
    returns : bool
        Whether it returns a whole number; else nothing.
    data : bytes
        An object file.
    """

    symbol: str
    returns: bool
    data: bytes


class Files:
    """The files of machine code in a folder.

    Parameters
    ----------
    folder : Path
        Made when something is saved.
    unkept : callable
        Called with the reason where a file could not be written.
    """

    def __init__(self, folder: Path, unkept: Callable[[OSError], None]) -> None:
        self._folder = folder
        self._unkept = unkept

    def load(self, key: str) -> Code | None:
        """Return what was saved under a key; None where nothing is there that is whole."""
        try:
            data = self._path(key).read_bytes()
        except OSError:
            return None
        with contextlib.suppress(OSError):  # the folder tells when it was used last
            os.utime(self._folder)
        digest, body = data[:_DIGEST], data[_DIGEST:]
        if hashlib.sha256(body).digest() != digest:
            return None
        header, _, code = body.partition(b"\n")
        saved, symbol, returns = json.loads(header)
        return Code(symbol, returns, code) if saved == key else None

    def save(self, key: str, code: Code) -> None:
        """Save under a key, in one step; what cannot be written is left out."""
        body = json.dumps([key, code.symbol, code.returns]).encode() + b"\n" + code.data
        try:
            self._write(self._path(key), hashlib.sha256(body).digest() + body)
        except OSError as error:
            self._unkept(error)

    def _path(self, key: str) -> Path:
        # Keys with one name would take each other's place, and are told apart when they are loaded.
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:16]}{SUFFIX}"

    def _write(self, path: Path, data: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)


class Loaded:
    """Machine code in memory, which is called with words, and without Python's lock.

    Parameters
    ----------
    code : Code
    """

    def __init__(self, code: Code) -> None:
        from llvmlite import binding

        self._symbol, self._returns = code.symbol, code.returns
        # One for each file, so that functions of one name do not meet. It goes with this object.
        self._engine = binding.create_mcjit_compiler(binding.parse_assembly(""), _machine())
        self._engine.add_object_file(binding.ObjectFileRef.from_data(code.data))
        self._engine.finalize_object()
        # As numba has it: where to write what is returned and what is raised, then the arguments.
        called = ctypes.CFUNCTYPE(ctypes.c_int32, *[ctypes.c_void_p] * 3)
        self._function = called(self._engine.get_function_address(code.symbol))

    def __call__(self, words: Words) -> int | None:
        """Call it with the words of its arguments."""
        returned, raised = ctypes.c_int64(0), ctypes.c_void_p(None)
        status = self._function(ctypes.addressof(returned), ctypes.addressof(raised), words.buffer_info()[0])
        if status != 0:
            raise RuntimeError(f"machine code ended with {status}: {self._symbol}")
        return returned.value if self._returns else None


def _machine() -> Any:
    from llvmlite import binding

    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    return binding.Target.from_default_triple().create_target_machine()
