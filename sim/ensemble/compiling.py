"""Compiling with numba; imported where machine code is missing, and nowhere else."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from numba import njit, types
from numba.core.compiler import CompilerBase
from numba.core.compiler_lock import global_compiler_lock
from numba.core.compiler_machinery import PassManager
from numba.core.registry import cpu_target
from numba.core.typed_passes import (
    NativeLowering,
    NoPythonBackend,
    NopythonTypeInference,
    PreLowerStripPhis,
)
from numba.core.typing.context import Context
from numba.core.untyped_passes import (
    FixupArgs,
    GenericRewrites,
    IRProcessing,
    ReconstructSSA,
    TranslateByteCode,
)
from numba.extending import intrinsic, typeof_impl

from sim.ensemble.handed import Noun
from sim.ensemble.jit import Inner, Instruction
from sim.ensemble.linking import Part
from sim.ensemble.machine_code import Code
from sim.ensemble.machine_types import Lent, opened

_OPTIONS: dict[str, Any] = {
    "nogil": True,
    "error_model": "numpy",
    "fastmath": False,
    # No references are counted, and so no array can be made.
    "_nrt": False,
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}
_STEPS = (
    TranslateByteCode,
    FixupArgs,
    IRProcessing,
    GenericRewrites,
    ReconstructSSA,
    NopythonTypeInference,
    PreLowerStripPhis,
    NativeLowering,
    NoPythonBackend,
)


def compile_kernel(function: Callable[..., Any], layout: Noun) -> Code:
    """Return the machine code of a function that takes its arguments as they are laid out."""
    kernel = _compiled(function, merges=True)

    def entry(arguments: Any) -> Any:
        return kernel(*opened(arguments))

    compiled = _compiled(entry, merges=False)
    with global_compiler_lock, _keeping_all():
        compiled.compile((Lent(layout),))
        (result,) = compiled.overloads.values()
        returned = result.signature.return_type
        if returned not in (types.none, types.int64):
            raise TypeError(f"a kernel returns a whole number or nothing, not {returned}")
        symbol = result.fndesc.llvm_func_name
        return Code(symbol, returned is types.int64, result.library.whole(symbol))


@contextmanager
def _keeping_all() -> Iterator[None]:
    """Let Python not look for what is no longer used: nearly all that numba makes is used to the end."""
    looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looking:
            gc.enable()


class _Remembering(Context):
    """What numba knows of types, and which of its many ways to do a thing it has found for them before."""

    def __init__(self, known: Any) -> None:
        self.__dict__.update(known.__dict__)
        self._found: dict[tuple[Any, Any], Any] = {}

    def resolve_function_type(self, function: Any, arguments: Any, names: Any) -> Any:
        """Return the signature under which something is called."""
        if not isinstance(function, types.Function) or names:
            return super().resolve_function_type(function, arguments, names)
        key = function, arguments
        if key not in self._found:
            self._found[key] = super().resolve_function_type(function, arguments, names)
        return self._found[key]


class _Settled:
    """What numba knows, without its looking before each function whether there is more."""

    def __init__(self, known: Any) -> None:
        known.refresh()
        self._known = known

    def refresh(self) -> None:
        """Do nothing."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._known, name)


_remembering = cache(_Remembering)
_settled = cache(_Settled)


class _Steps(PassManager):
    def _runPass(self, _index: int, step: Any, state: Any) -> None:  # noqa: N802 - as numba calls it
        """Take a step; numba would measure it, and after each work out anew which variables live where."""
        step.analysis = self._analysis
        step.run_pass(state)


class _Compiler(CompilerBase):
    def __init__(self, typing: Any, target: Any, _library: Any, *arguments: Any) -> None:
        library = Part(target.codegen(), "part")
        super().__init__(_settled(typing), _settled(target), library, *arguments)
        self.state.typingctx = _remembering(typing)

    def define_pipelines(self) -> list[PassManager]:
        """Return the few steps that plain loops need; numba's own take twice as long."""
        manager = _Steps("plain")
        for step in _STEPS:
            manager.add_pass(step, step.__name__)
        manager.finalize()
        return [manager]


def _compiled(function: Callable[..., Any], *, merges: bool) -> Any:
    return njit(forceinline=merges, pipeline_class=_Compiler, **_OPTIONS)(function)


@cache
def _dispatcher(inner: Inner) -> Any:
    return _compiled(inner.function, merges=inner.merges)


@cache
def _intrinsic(given: Instruction) -> Any:
    return intrinsic(given.describe)


@typeof_impl.register(Inner)
def _typeof_inner(inner: Inner, _context: Any) -> Any:
    return types.Dispatcher(_dispatcher(inner))


@typeof_impl.register(Instruction)
def _typeof_instruction(given: Instruction, _context: Any) -> Any:
    known = cpu_target.typing_context
    word = _intrinsic(given)
    known.refresh()
    return known.resolve_value_type(word)
