"""LLVM instructions without a function in numba, for compiled code only."""

from __future__ import annotations

from typing import Any

from sim.ensemble.native.device_functions import Intrinsic


def _select(_typing: Any, _condition: Any, _one: Any, _other: Any) -> Any:
    from numba import types

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.select(*arguments)

    return types.float64(types.boolean, types.float64, types.float64), generate


def _noinline(_typing: Any) -> Any:
    from numba import types

    def generate(context: Any, builder: Any, _signature: Any, _arguments: Any) -> Any:
        builder.function.attributes.add("noinline")
        return context.get_dummy_value()

    return types.none(), generate


def _independent(_typing: Any) -> Any:
    from llvmlite import ir
    from numba import types

    def generate(context: Any, builder: Any, _signature: Any, _arguments: Any) -> Any:
        for argument in builder.function.args:
            if isinstance(argument.type, ir.PointerType):
                argument.add_attribute("noalias")
        return context.get_dummy_value()

    return types.none(), generate


def _mul_high(_typing: Any, _a: Any, _b: Any) -> Any:
    from llvmlite import ir
    from numba import types

    def generate(_context: Any, builder: Any, _signature: Any, words: Any) -> Any:
        wide = ir.IntType(128)
        product = builder.mul(builder.zext(words[0], wide), builder.zext(words[1], wide))
        return builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), ir.IntType(64))

    return types.uint64(types.uint64, types.uint64), generate


#: ``select(condition, one, other)``: one number or the other, both evaluated. A conditional assignment would
#: become a masked store, which is slow.
select: Any = Intrinsic(_select)
#: ``noinline()``: keep LLVM from inlining the calling function, to reduce compile time.
noinline: Any = Intrinsic(_noinline)
#: ``independent()``: the arrays that the calling function takes share no memory that it writes, so that LLVM
#: does not compare their addresses before each loop.
independent: Any = Intrinsic(_independent)
#: ``mul_high(a, b)``: upper half of the product of two 64-bit words; numba has no 128-bit type.
mul_high: Any = Intrinsic(_mul_high)
