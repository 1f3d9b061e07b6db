"""Cache of object files, one per kernel, and loading of kernels through LLVM.

Each file holds its key and a checksum. An incomplete file is treated as missing, and so is one that other
users can write. Loading needs no numba.
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

from sim.ensemble.native.argument_packing import Words
from sim.ensemble.native.cache_dir import create, is_private

SUFFIX = ".code"
_DIGEST = hashlib.sha256().digest_size


@dataclass(frozen=True)
class Code:
    """Machine code of a kernel.

    Attributes
    ----------
    symbol : str
        Name of its function in the object file.
    returns : bool
        Whether it returns an integer; else nothing.
    data : bytes
        Contents of the object file.
    """

    symbol: str
    returns: bool
    data: bytes


class ObjectCache:
    """Object files in a folder.

    Parameters
    ----------
    folder : Path
        Created on the first save.
    on_failure : callable
        Called with the error if a file cannot be written.
    """

    def __init__(self, folder: Path, on_failure: Callable[[OSError], None]) -> None:
        self._folder = folder
        self._on_failure = on_failure

    def load(self, key: str) -> Code | None:
        """Return the code saved under a key; None without a complete file that only this user can write."""
        try:
            with self._path(key).open("rb") as file:
                data = file.read() if is_private(os.fstat(file.fileno())) else b""
        except OSError:
            return None
        with contextlib.suppress(OSError):  # the folder's mtime is its time of last use
            os.utime(self._folder)
        digest, body = data[:_DIGEST], data[_DIGEST:]
        if hashlib.sha256(body).digest() != digest:
            return None
        header, _, code = body.partition(b"\n")
        saved, symbol, returns = json.loads(header)
        return Code(symbol, returns, code) if saved == key else None

    def save(self, key: str, code: Code) -> None:
        """Save code under a key, atomically; report a failure and continue."""
        body = json.dumps([key, code.symbol, code.returns]).encode() + b"\n" + code.data
        try:
            self._write(self._path(key), hashlib.sha256(body).digest() + body)
        except OSError as error:
            self._on_failure(error)

    def _path(self, key: str) -> Path:
        # The key inside the file distinguishes keys whose file names collide.
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:16]}{SUFFIX}"

    def _write(self, path: Path, data: bytes) -> None:
        create(self._folder)
        handle, name = tempfile.mkstemp(dir=self._folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)


class LoadedKernel:
    """Kernel in memory, called with packed arguments and without the GIL.

    Parameters
    ----------
    code : Code
    """

    def __init__(self, code: Code) -> None:
        from llvmlite import binding

        self._symbol, self._returns = code.symbol, code.returns
        # One engine per file, so that equal symbols do not collide. It must live as long as this object.
        self._engine = binding.create_mcjit_compiler(binding.parse_assembly(""), _machine())
        self._engine.add_object_file(binding.ObjectFileRef.from_data(code.data))
        self._engine.finalize_object()
        # numba's calling convention: pointers to the result and to the exception, then the arguments.
        called = ctypes.CFUNCTYPE(ctypes.c_int32, *[ctypes.c_void_p] * 3)
        self._function = called(self._engine.get_function_address(code.symbol))

    def __call__(self, words: Words) -> int | None:
        """Call the kernel with its packed arguments."""
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
