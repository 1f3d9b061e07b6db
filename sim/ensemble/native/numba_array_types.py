"""numba types of arrays and named tuples on the native path; imported only to compile.

numba passes an array as five or more words, a named tuple of arrays word by word, and wraps negative
indices. Here an array is its address and shape, a named tuple the address of its packed words
(`argument_packing`), and negative indices are not supported. This makes code smaller and faster.
"""

from __future__ import annotations

import hashlib
import operator
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core.imputils import lower_builtin, lower_getattr_generic
from numba.core.typing.templates import (
    AbstractTemplate,
    AttributeTemplate,
    infer_getattr,
    infer_global,
    signature,
)
from numba.extending import intrinsic, models, register_model
from numba.np import numpy_support

from sim.ensemble.native.argument_packing import ArrayLayout, Layout, TupleLayout

_WORD = ir.IntType(64)


class ArrayView(types.Type):
    """C-contiguous array: its address and shape.

    Parameters
    ----------
    dtype : numba type
    ndim : int
    """

    def __init__(self, dtype: Any, ndim: int) -> None:
        self.dtype = dtype
        self.ndim = ndim
        super().__init__(f"View{ndim}_{_short(dtype)}")


class TuplePointer(types.Type):
    """Named tuple: the address of its packed words.

    Parameters
    ----------
    layout : TupleLayout

    Attributes
    ----------
    fields : dict of str to (type, int)
        Type of each field and its offset in words.
    words : int
    """

    def __init__(self, layout: TupleLayout) -> None:
        self.fields: dict[str, tuple[Any, int]] = {}
        self.words = 0
        for name, of_field in layout.fields:
            kind = _type(of_field)
            self.fields[name] = kind, self.words
            self.words += _width(kind)
        super().__init__(f"{layout.name}_{_digest(repr(layout))}")


def _short(dtype: Any) -> str:
    # Keep type names short: they are repeated many times in function names.
    return _digest(dtype.name) if isinstance(dtype, types.Record) else str(dtype)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _type(layout: Layout) -> Any:
    if isinstance(layout, TupleLayout):
        return TuplePointer(layout)
    if isinstance(layout, ArrayLayout):
        return ArrayView(numpy_support.from_dtype(layout.dtype), layout.dimensions)
    return {int: types.int64, float: types.float64, np.uint64: types.uint64}[layout]


def _width(kind: Any) -> int:
    if isinstance(kind, TuplePointer):
        return kind.words
    return 1 + kind.ndim if isinstance(kind, ArrayView) else 1


@register_model(TuplePointer)
class _TuplePointerModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: TuplePointer) -> None:
        super().__init__(manager, kind, _WORD.as_pointer())


@register_model(ArrayView)
class _ArrayViewModel(models.StructModel):
    def __init__(self, manager: Any, kind: ArrayView) -> None:
        lengths = [(f"length{axis}", types.int64) for axis in range(kind.ndim)]
        super().__init__(manager, kind, [("data", types.CPointer(kind.dtype)), *lengths])


@infer_getattr
class _TuplePointerAttributes(AttributeTemplate):
    key = TuplePointer

    def generic_resolve(self, kind: TuplePointer, name: str) -> Any:  # type: ignore[override]
        return kind.fields[name][0] if name in kind.fields else None


@infer_getattr
class _ArrayViewAttributes(AttributeTemplate):
    key = ArrayView

    def resolve_shape(self, kind: ArrayView) -> Any:
        return types.UniTuple(types.int64, kind.ndim)


@infer_global(len)
class _Length(AbstractTemplate):
    def generic(self, arguments: Any, _names: Any) -> Any:
        return signature(types.int64, *arguments) if isinstance(arguments[0], ArrayView) else None


@infer_global(operator.getitem)
class _Get(AbstractTemplate):
    def generic(self, arguments: Any, _names: Any) -> Any:
        view, at = arguments
        if not isinstance(view, ArrayView):
            return None
        if isinstance(at, types.SliceType) and view.ndim == 1:
            return signature(view, view, types.slice2_type)
        left = view.ndim - _count(at)
        return signature(ArrayView(view.dtype, left) if left else view.dtype, view, at)


@infer_global(operator.setitem)
class _Set(AbstractTemplate):
    def generic(self, arguments: Any, _names: Any) -> Any:
        view, at, _ = arguments
        if not isinstance(view, ArrayView) or _count(at) != view.ndim:
            return None
        return signature(types.none, view, at, view.dtype)


def _count(at: Any) -> int:
    """Return the number of dimensions that an index removes."""
    places = _kinds(at)
    return len(places) if all(isinstance(place, types.Integer) for place in places) else 0


def _kinds(at: Any) -> tuple[Any, ...]:
    return tuple(at) if isinstance(at, types.BaseTuple) else (at,)  # type: ignore[arg-type]


@lower_getattr_generic(TuplePointer)
def _field(context: Any, builder: Any, kind: TuplePointer, value: Any, name: str) -> Any:
    wanted, at = kind.fields[name]
    first = builder.gep(value, [ir.Constant(_WORD, at)])
    if isinstance(wanted, TuplePointer):
        return first
    if not isinstance(wanted, ArrayView):
        return builder.bitcast(_load(builder, first), context.get_value_type(wanted))
    made = context.get_value_type(wanted)
    data = _load(builder, builder.bitcast(first, made.elements[0].as_pointer()))
    lengths = [
        _load(builder, builder.gep(first, [ir.Constant(_WORD, 1 + axis)])) for axis in range(wanted.ndim)
    ]
    return _view(builder, made, data, lengths)


def _load(builder: Any, at: Any) -> Any:
    loaded = builder.load(at)
    # No code writes to the words during a call, so LLVM may load each of them once.
    loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
    return loaded


def _view(builder: Any, made: Any, data: Any, lengths: list[Any]) -> Any:
    value = ir.Constant(made, ir.Undefined)
    for place, member in enumerate([data, *lengths]):
        value = builder.insert_value(value, member, place)
    return value


def _parts(builder: Any, kind: ArrayView, value: Any) -> tuple[Any, list[Any]]:
    data, *lengths = (builder.extract_value(value, place) for place in range(1 + kind.ndim))
    return data, lengths


@lower_getattr_generic(ArrayView)
def _shape(context: Any, builder: Any, kind: ArrayView, value: Any, _name: str) -> Any:
    _, lengths = _parts(builder, kind, value)
    return context.make_tuple(builder, types.UniTuple(types.int64, kind.ndim), lengths)


@lower_builtin(len, ArrayView)
def _len(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
    return builder.extract_value(arguments[0], 1)


@lower_builtin(operator.getitem, ArrayView, types.Integer)
@lower_builtin(operator.getitem, ArrayView, types.BaseTuple)
def _get(context: Any, builder: Any, known: Any, arguments: Any) -> Any:
    view, at = known.args
    place, lengths = _place(context, builder, known, arguments)
    left = view.ndim - _count(at)
    if left:
        return _view(builder, context.get_value_type(known.return_type), place, lengths[-left:])
    return place if isinstance(view.dtype, types.Record) else builder.load(place)


@lower_builtin(operator.setitem, ArrayView, types.Integer, types.Any)
@lower_builtin(operator.setitem, ArrayView, types.BaseTuple, types.Any)
def _set(context: Any, builder: Any, known: Any, arguments: Any) -> Any:
    place, _ = _place(context, builder, known, arguments)
    builder.store(arguments[2], place)
    return context.get_dummy_value()


@lower_builtin(operator.getitem, ArrayView, types.slice2_type)
def _slice(context: Any, builder: Any, known: Any, arguments: Any) -> Any:
    data, _ = _parts(builder, known.args[0], arguments[0])
    within = context.make_helper(builder, known.args[1], arguments[1])
    length = builder.sub(within.stop, within.start)
    made = context.get_value_type(known.return_type)
    return _view(builder, made, builder.gep(data, [within.start]), [length])


def _place(context: Any, builder: Any, known: Any, arguments: Any) -> tuple[Any, list[Any]]:
    """Return the address of an element or row, and the lengths of all axes."""
    view, at = known.args[:2]
    data, lengths = _parts(builder, view, arguments[0])
    kinds, places = _kinds(at), [arguments[1]]
    if isinstance(at, types.BaseTuple):
        places = [builder.extract_value(arguments[1], k) for k in range(len(kinds))]
    offset = ir.Constant(_WORD, 0)
    for axis, length in enumerate(lengths):
        offset = builder.mul(offset, length) if axis else offset
        if axis < len(places):
            offset = builder.add(offset, context.cast(builder, places[axis], kinds[axis], types.int64))
    return builder.gep(data, [offset]), lengths


def _fields_of(_typing: Any, pointer: Any) -> Any:
    fields = types.Tuple([kind for kind, _ in pointer.fields.values()])

    def generate(context: Any, builder: Any, known: Any, arguments: Any) -> Any:
        values = [_field(context, builder, pointer, arguments[0], name) for name in pointer.fields]
        return context.make_tuple(builder, known.return_type, values)

    return fields(pointer), generate


#: Fields of a named tuple.
fields_of: Any = intrinsic(_fields_of)
