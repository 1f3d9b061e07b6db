"""Plain descriptions of errors of the operating system."""

from __future__ import annotations

import errno

REASON_BY_ERRNO = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.ENOTEMPTY: "another result came there meanwhile",
    errno.EROFS: "the disk is read-only",
    errno.ENOENT: "the folder above it does not exist",
    errno.ENOTDIR: "a part of the path is a file, not a folder",
    errno.ENAMETOOLONG: "the name is too long",
}


def describe_os_error(error: OSError) -> str:
    """Return a plain description of an `OSError`."""
    known = REASON_BY_ERRNO.get(error.errno) if error.errno is not None else None
    return known or error.strerror or type(error).__name__
