"""What is compiled, and how it is called; `compiling` compiles it, `machine_code` keeps and loads it.

Nothing here needs numba, which takes longer to load than machine code does: a process that finds machine
code never asks for it.
"""

from __future__ import annotations

import hashlib
import inspect
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sim.ensemble.ahead import wait
from sim.ensemble.code_folder import can_keep, code_folder, forget_others
from sim.ensemble.handed import Form, Noun, hand_over, lay_out

if TYPE_CHECKING:
    from sim.ensemble.machine_code import Loaded

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, eq=False)
class Inner:
    """A function that compiled functions alone call.

    Attributes
    ----------
    function : callable
    merges : bool
        Whether it is copied into the places from which it is called.
    """

    function: Callable[..., Any]
    merges: bool


@dataclass(frozen=True, eq=False)
class Instruction:
    """What compiled functions alone say, and numba has no word for.

    Attributes
    ----------
    describe : callable
        As numba's `intrinsic` takes it.
    """

    describe: Callable[..., Any]


class Kernel:
    """A compiled function that Python calls, with arrays, numbers and named tuples of them.

    It returns a whole number or nothing, and makes no array: what it writes into is handed to it.

    Parameters
    ----------
    function : callable
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.name = f"{function.__module__}.{function.__qualname__}"
        self._names = tuple(inspect.signature(function).parameters)
        self._ready: tuple[Form, Loaded] | None = None
        self._making = threading.Lock()

    def __call__(self, *arguments: Any) -> Any:
        """Call it as the function that it is made of."""
        words, form = hand_over(arguments)
        ready = self._ready
        if ready is None or ready[0] != form:
            ready = form, self._code(lay_out(self._names, arguments))
            self._ready = ready
        return ready[1](words)

    def _code(self, layout: Noun) -> Loaded:
        from sim.ensemble.machine_code import Files, Loaded

        files = Files(code_folder(), _unkept)
        with self._making:
            key = f"{self.name} {self._source()} {layout}"
            code = files.load(key)
            if code is None:
                wait(self.name)
                code = files.load(key)
            if code is None:
                _compiling()
                from sim.ensemble.compiling import compile_kernel

                code = compile_kernel(self.function, layout)
                files.save(key, code)
            return Loaded(code)

    def _source(self) -> str:
        return hashlib.sha256(Path(self.function.__code__.co_filename).read_bytes()).hexdigest()


def compiled(function: F) -> F:
    """Compile a function that Python calls: plain floating point (rule 8), and without Python's lock."""
    return cast("F", Kernel(function))


def inlined(function: F) -> F:
    """Compile a function that compiled functions alone call."""
    return cast("F", Inner(function, merges=False))


def merged(function: F) -> F:
    """Compile a function as `inlined`, and copy it into the one place from which it is called."""
    return cast("F", Inner(function, merges=True))


def instruction(describe: Callable[..., Any]) -> Any:
    """Return what compiled functions may say; `describe` is what numba's `intrinsic` takes."""
    return Instruction(describe)


def _compiling() -> None:
    """Say once that the engine is compiled, however many threads ask for it, and make room for it."""
    with _SAYING:
        if can_keep():
            _warn("compiling the engine for this machine, once; this takes about 15 seconds")
            _make_room()
        else:
            _warn(f"the engine is compiled anew each time: {code_folder()} cannot be written")


def _unkept(error: OSError) -> None:
    """Say once that machine code is lost with this process, where a folder that seemed good took none."""
    if can_keep():
        with _SAYING:
            _warn(f"the engine is compiled anew next time: {code_folder()}: {error.strerror}")


_SAYING = threading.RLock()


@cache
def _warn(text: str) -> None:
    logging.getLogger("sim").warning(text)


@cache
def _make_room() -> None:
    forget_others(code_folder())
