"""Where a result comes from, as plain data: what is needed to make it again, not who made it."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import shlex
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sim.source_digest import package_version, source_digest

FORMAT = "munitions-sim result"
FORMAT_VERSION = 1
MANIFEST = "manifest.json"
LOG = "log.txt"
SHORT_DIGEST = 12
CHARTS_KEY = "charts"
#: The finished blocks of a sweep: in the manifest, and the folder that holds them.
BLOCKS_KEY = "blocks"
#: In the manifest: its own digest, and whether there is a log.
SEAL_KEY = "sha256"
LOGGED_KEY = "log"
_UNLISTED = (MANIFEST, LOG)
_PACKAGES = ("munitions-sim", "numpy", "pandas", "simpy")
_DELIMITER = r"[=,:;\s'\"]"
_PATH_ROOT = r"(?:/(?!\s)|~|\\\\|[A-Za-z]:[/\\])"
_ABSOLUTE_PATH = re.compile(
    rf"(?:^|(?<={_DELIMITER})){_PATH_ROOT}.*?(?={_DELIMITER}+{_PATH_ROOT}|{_DELIMITER}*$)", re.DOTALL
)
_ADDRESS_OPTION = "--address"


class Source(NamedTuple):
    """A published estimate, as a chart names it.

    Attributes
    ----------
    id, claimant, publisher, published : str
        The date in ISO form; empty where it is not known.
    """

    id: str
    claimant: str = ""
    publisher: str = ""
    published: str = ""


def digest(data: bytes) -> str:
    """Return the SHA-256 of some bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _file_digest(file: bytes | str) -> str:
    return file if isinstance(file, str) else digest(file)


def package_versions() -> dict[str, str]:
    """Return the versions that figures may depend on, by package; Python's is major and minor."""
    found = {"python": f"{sys.version_info.major}.{sys.version_info.minor}"}
    return dict(sorted((found | {package: package_version(package) for package in _PACKAGES}).items()))


def make_manifest(
    *,
    title: str,
    engine: str,
    engine_path: str,
    seed: int,
    runs: int,
    scenario: bytes,
    inputs: Mapping[str, str],
    evidence: str,
    sources: Sequence[Source],
    notes: Sequence[str],
    files: Mapping[str, bytes | str],
    used: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return what ``manifest.json`` holds: no user, host, absolute path or time.

    Parameters
    ----------
    title, engine, engine_path, seed, runs
        As in the summary.
    scenario : bytes
        The resolved scenario as it is stored.
    inputs : mapping of str to str
        From the names of input files to their SHA-256. Of an absolute path only the last part is kept.
    evidence : str
        Digest of the table of estimates; empty where there is none.
    sources : sequence of Source
        The estimates that the scenario names.
    notes : sequence of str
        What a reader of the figures should be told.
    files : mapping of str to bytes or str
        Every file of the result, or its SHA-256; the manifest and the log are left out of the list.
    used : mapping of str to str, optional
        Versions of packages; those installed where left out.

    Returns
    -------
    dict
        ``code`` is the digest of this package's source. ``scenario`` has the title and digest, also cut
        short, so that a chart can be made from the saved tables alone.
    """
    scenario_digest = digest(scenario)
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "versions": dict(package_versions() if used is None else used),
        "code": source_digest(),
        "engine": engine,
        "engine_path": engine_path,
        "seed": int(seed),
        "runs": int(runs),
        "scenario": {"title": title, "digest": scenario_digest, "short": scenario_digest[:SHORT_DIGEST]},
        "inputs": {shorten_paths(name): inputs[name] for name in sorted(inputs)},
        "evidence": evidence,
        "sources": [source._asdict() for source in sorted(set(sources))],
        "notes": list(notes),
        "files": {name: _file_digest(files[name]) for name in sorted(files) if name not in _UNLISTED},
    }


def merge_inputs(inputs: Iterable[tuple[str, Mapping[str, str]]]) -> dict[str, str]:
    """Return the input files of several scenarios as those of one study.

    Parameters
    ----------
    inputs : iterable of (str, mapping of str to str)
        For each scenario its name, and its input files with their SHA-256.

    Returns
    -------
    dict of str to str
        By name of file. Where different files share a name, the later ones say whose they are.
    """
    merged: dict[str, str] = {}
    for scenario, files in inputs:
        for name, found in files.items():
            plain = shorten_paths(name)
            merged[plain if merged.get(plain, found) == found else f"{scenario}: {plain}"] = found
    return merged


def log_text(command: Sequence[str], started: dt.datetime, finished: dt.datetime) -> str:
    """Return what ``log.txt`` holds: the command and its times, in UTC.

    Parameters
    ----------
    command : sequence of str
        Words as given; an absolute path among them is cut to its last part, a host is left out.
    started, finished : datetime
        With a time zone.
    """
    words = [shorten_paths(word) for word in _drop_address(command)]
    begun, ended = (time.astimezone(dt.UTC).isoformat(timespec="seconds") for time in (started, finished))
    return f"command: {shlex.join(words)}\nstarted: {begun}\nfinished: {ended}\n"


def shorten_paths(word: str) -> str:
    """Return the word with each absolute path in it cut to the path's last part.

    A path begins at the word's start or after one of ``= , : ;``, a space or a quotation mark.
    """
    return _ABSOLUTE_PATH.sub(lambda found: re.split(r"[/\\]", found.group().rstrip("/\\"))[-1], word)


def _drop_address(command: Sequence[str]) -> list[str]:
    words = []
    before = ""
    for word in command:
        if before == _ADDRESS_OPTION:
            words.append("HOST:PORT")
        elif word.startswith(f"{_ADDRESS_OPTION}="):
            words.append(f"{_ADDRESS_OPTION}=HOST:PORT")
        else:
            words.append(word)
        before = word
    return words
