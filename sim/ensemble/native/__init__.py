"""Compile, cache and call kernels (`docs/native.md`).

No other package uses private modules of numba and llvmlite. The rest of `sim.ensemble` uses `kernels` to
declare compiled functions, and `warm_up.start`. `sim.engines` chooses an engine path.

1. `kernels`: Python calls a `Kernel` on the engine path of its context (`paths`: native or plain numba).
   `versions` lists where the native path was tested; `device_functions` and `intrinsics` are for compiled
   code.
2. On the native path, `argument_packing` packs the arguments into words, and `object_cache` loads the
   kernel from its object file in the `cache_dir`, without numba.
3. Without an object file, `numba_compiler` types and lowers the function with the types of
   `numba_array_types`, and `llvm_linker` links, optimises and emits it. `warm_up` compiles the largest
   kernel in a second process.
4. On the numba path, `plain_numba` compiles the same functions with `numba.njit`.

Importing this package imports neither numba nor llvmlite.
"""
