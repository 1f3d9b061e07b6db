"""Link the LLVM modules of a kernel, then optimise and emit them once; imported only to compile."""

from __future__ import annotations

from typing import Any

from llvmlite import binding
from numba.core.cgutils import normalize_ir_text
from numba.core.codegen import JITCodeLibrary


class UnlinkedLibrary(JITCodeLibrary):
    """LLVM module of one function, neither optimised nor emitted until its kernel is linked.

    numba would optimise and emit every function separately, and again within each caller.
    """

    def add_ir_module(self, module: Any) -> None:
        """Add a module without optimising it."""
        code = binding.parse_assembly(normalize_ir_text(str(module)))
        code.data_layout = self._codegen._data_layout  # noqa: SLF001 - as numba does
        self._final_module.link_in(code)

    def finalize(self) -> None:
        """Mark the library as complete, without optimising it."""
        self._finalized = True

    def get_pointer_to_function(self, _name: str) -> int:
        """Return null: an unlinked function is never called."""
        return 0

    @property
    def codegen(self) -> Any:
        """Object with `set_env`, through which numba sets the environment of a function; there is none."""
        return self

    def set_env(self, _name: str, _environment: Any) -> None:
        """Do nothing: see `codegen`."""

    def object_file(self, symbol: str) -> bytes:
        """Return the object file of this function and its callees; only `symbol` is exported."""
        self._codegen._check_llvm_bugs()  # noqa: SLF001 - such as a locale with decimal commas
        module = self._final_module
        for library in self._callees():
            module.link_in(_module_of(library), preserve=True)
        for function in module.functions:
            if not function.is_declaration and function.name != symbol:
                function.linkage = "internal"
        module.verify()
        passes, builder = self._codegen._module_pass_manager(opt=2, slp_vectorize=False)  # noqa: SLF001
        passes.run(module, builder)
        data: bytes = _machine(self._codegen).emit_object(module)
        return data

    def _callees(self) -> list[Any]:
        found: dict[Any, None] = {}
        queue = list(self._linking_libraries)
        while queue:
            library = queue.pop()
            if library not in found:
                found[library] = None
                queue += library._linking_libraries if isinstance(library, UnlinkedLibrary) else []  # noqa: SLF001
        return list(found)


def _module_of(library: Any) -> Any:
    if isinstance(library, UnlinkedLibrary):
        return library._final_module  # noqa: SLF001
    return library._get_module_for_linking()  # noqa: SLF001


def _machine(codegen: Any) -> Any:
    """Return numba's target machine at a lower code generation level: equally fast code, faster to emit."""
    options = {"opt": 1}
    codegen._customize_tm_options(options)  # noqa: SLF001
    return binding.Target.from_triple(binding.get_process_triple()).create_target_machine(**options)
