"""Code of functions, linked into one before it is made better and finished; imported to compile alone."""

from __future__ import annotations

from typing import Any

from llvmlite import binding
from numba.core.cgutils import normalize_ir_text
from numba.core.codegen import JITCodeLibrary


class Part(JITCodeLibrary):
    """The code of one function, which is left alone until all parts of a kernel are linked.

    numba would optimise and finish every function by itself, and again within each that calls it.
    """

    def add_ir_module(self, module: Any) -> None:
        """Take in code as it is."""
        code = binding.parse_assembly(normalize_ir_text(str(module)))
        code.data_layout = self._codegen._data_layout  # noqa: SLF001 - as numba does
        self._final_module.link_in(code)

    def finalize(self) -> None:
        """Do nothing yet."""
        self._finalized = True

    def get_pointer_to_function(self, _name: str) -> int:
        """Return null: a part is never called."""
        return 0

    @property
    def codegen(self) -> Any:
        """What numba tells where a function's surroundings are: a part has none."""
        return self

    def set_env(self, _name: str, _surroundings: Any) -> None:
        """Do nothing: see `codegen`."""

    def whole(self, symbol: str) -> bytes:
        """Return the object file of this part and all that it needs, of which only `symbol` is seen."""
        self._codegen._check_llvm_bugs()  # noqa: SLF001 - a locale that writes numbers with a comma is one
        module = self._final_module
        for part in self._needed():
            code = part._final_module if isinstance(part, Part) else part._get_module_for_linking()  # noqa: SLF001
            module.link_in(code, preserve=True)
        for function in module.functions:
            if not function.is_declaration and function.name != symbol:
                function.linkage = "internal"
        module.verify()
        passes, builder = self._codegen._module_pass_manager(opt=2, slp_vectorize=False)  # noqa: SLF001
        passes.run(module, builder)
        data: bytes = _machine(self._codegen).emit_object(module)
        return data

    def _needed(self) -> list[Any]:
        found: dict[Any, None] = {}
        ahead = list(self._linking_libraries)
        while ahead:
            part = ahead.pop()
            if part not in found:
                found[part] = None
                ahead += part._linking_libraries if isinstance(part, Part) else []  # noqa: SLF001
        return list(found)


def _machine(codegen: Any) -> Any:
    """Return what writes machine code as numba has it, but at its lower level: as quick code, made sooner."""
    options = {"opt": 1}
    codegen._customize_tm_options(options)  # noqa: SLF001
    return binding.Target.from_triple(binding.get_process_triple()).create_target_machine(**options)
