"""Compile kernels with numba's type inference and lowering; imported only if object code is missing."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
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
from numba.extending import intrinsic as numba_intrinsic
from numba.extending import typeof_impl

from sim.ensemble.native.argument_packing import TupleLayout
from sim.ensemble.native.device_functions import DeviceFunction, Intrinsic
from sim.ensemble.native.llvm_linker import UnlinkedLibrary
from sim.ensemble.native.numba_array_types import TuplePointer, fields_of
from sim.ensemble.native.object_cache import Code

_OPTIONS: dict[str, Any] = {
    "nogil": True,
    "error_model": "numpy",
    "fastmath": False,
    # No reference counting: a kernel allocates no array.
    "_nrt": False,
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}
_PASSES = (
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


def compile_kernel(function: Callable[..., Any], layout: TupleLayout) -> Code:
    """Compile a kernel for one layout of its arguments."""
    kernel = _compiled(function, inline=True)

    def entry(arguments: Any) -> Any:
        return kernel(*fields_of(arguments))

    compiled = _compiled(entry, inline=False)
    with global_compiler_lock, _gc_disabled(), _native_context():
        compiled.compile((TuplePointer(layout),))
        (result,) = compiled.overloads.values()
        returned = result.signature.return_type
        if returned not in (types.none, types.int64):
            raise TypeError(f"a kernel returns a whole number or nothing, not {returned}")
        symbol = result.fndesc.llvm_func_name
        return Code(symbol, returned is types.int64, result.library.object_file(symbol))


#: Whether this context compiles natively. Other pipelines of numba must not link this code: its callees would
#: be missing.
_is_native: ContextVar[bool] = ContextVar("is_native", default=False)


@contextmanager
def _native_context() -> Iterator[None]:
    token = _is_native.set(True)
    try:
        yield
    finally:
        _is_native.reset(token)


@contextmanager
def _gc_disabled() -> Iterator[None]:
    """Disable the cyclic garbage collector: nearly all objects of numba live until the end of compilation."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _CachingTypingContext(Context):
    """Typing context of numba with a cache of resolved function types."""

    def __init__(self, known: Any) -> None:
        self.__dict__.update(known.__dict__)
        self._found: dict[tuple[Any, Any], Any] = {}

    def resolve_function_type(self, function: Any, arguments: Any, names: Any) -> Any:
        """Return the signature of a call, from the cache if possible."""
        if not isinstance(function, types.Function) or names:
            return super().resolve_function_type(function, arguments, names)
        key = function, arguments
        if key not in self._found:
            self._found[key] = super().resolve_function_type(function, arguments, names)
        return self._found[key]


class _FrozenContext:
    """numba context that does not check for new registrations before each function."""

    def __init__(self, known: Any) -> None:
        known.refresh()
        self._known = known

    def refresh(self) -> None:
        """Do nothing."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._known, name)


_caching_context = cache(_CachingTypingContext)
_frozen_context = cache(_FrozenContext)


class _PassManager(PassManager):
    def _runPass(self, _index: int, step: Any, state: Any) -> None:  # noqa: N802 - as numba calls it
        """Run a pass; numba would time it, and recompute variable lifetimes after each."""
        step.analysis = self._analysis
        step.run_pass(state)


class _Compiler(CompilerBase):
    def __init__(self, typing: Any, target: Any, _library: Any, *arguments: Any) -> None:
        library = UnlinkedLibrary(target.codegen(), "unlinked")
        super().__init__(_frozen_context(typing), _frozen_context(target), library, *arguments)
        self.state.typingctx = _caching_context(typing)

    def define_pipelines(self) -> list[PassManager]:
        """Return the passes that plain loops need; the default pipeline of numba takes twice as long."""
        manager = _PassManager("plain")
        for step in _PASSES:
            manager.add_pass(step, step.__name__)
        manager.finalize()
        return [manager]


def _compiled(function: Callable[..., Any], *, inline: bool) -> Any:
    return njit(forceinline=inline, pipeline_class=_Compiler, **_OPTIONS)(function)


@cache
def _dispatcher(device: DeviceFunction) -> Any:
    return _compiled(device.function, inline=device.inline)


@cache
def _numba_intrinsic(intrinsic: Intrinsic) -> Any:
    return numba_intrinsic(intrinsic.describe)


@typeof_impl.register(DeviceFunction)
def _typeof_device_function(device: DeviceFunction, _context: Any) -> Any:
    return types.Dispatcher(_dispatcher(device)) if _is_native.get() else None


@typeof_impl.register(Intrinsic)
def _typeof_intrinsic(intrinsic: Intrinsic, _context: Any) -> Any:
    context = cpu_target.typing_context
    value = _numba_intrinsic(intrinsic)
    context.refresh()
    return context.resolve_value_type(value)
