"""Compiled code: the one place that uses the inside of numba and llvmlite; `docs/native.md` explains it.

The rest of `sim.ensemble` marks its functions with what `kernels` exports, and knows nothing else of this
package but `warm_up.start`. `sim.engines` chooses a path. What happens, in order:

1. `kernels`: Python calls a `Kernel`, on the path of its context (`paths`: native, or plain numba).
   `versions` says where the native path was tested, `device_functions` and `intrinsics` what compiled
   code alone calls.
2. Natively, `argument_packing` packs the arguments into words, and `object_cache` finds the kernel's object
   file in the `cache_dir` and loads it, without numba.
3. Where there is none, `numba_compiler` types and lowers the function with the types of `numba_array_types`,
   and `llvm_linker` links, optimises and emits it; `warm_up` compiles the largest kernel in a second process.
4. On the numba path `plain_numba` compiles the same functions with `numba.njit`.

Importing this package imports neither numba nor llvmlite.
"""
