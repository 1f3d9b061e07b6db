"""Provenance of a result: the manifest with all that is needed to reproduce it, and the log."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import shlex
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sim.names import Names
from sim.source_digest import package_version, source_digest

FORMAT = "munitions-sim result"
FORMAT_VERSION = 1
MANIFEST = "manifest.json"
LOG = "log.txt"
SHORT_DIGEST = 12
#: Manifest key of the names, below ``scenario``.
NAMES_KEY = "names"
CHARTS_KEY = "charts"
#: Manifest key of the medians of joint samples.
SAMPLED_KEY = "sampled"
#: Manifest key of the command that wrote the folder, such as ``run`` or ``sweep``.
VERB_KEY = "verb"
#: Manifest key, and folder name, of the finished blocks of a sweep.
BLOCKS_KEY = "blocks"
#: Manifest keys: its own digest, and whether there is a log.
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
    """A published estimate, as cited by charts."""

    #: Id of the evidence table, or the link of a page that a scenario cites without it.
    id: str
    #: Empty if not known, as are all below.
    claimant: str = ""
    publisher: str = ""
    #: In ISO form.
    published: str = ""
    #: Letter of the evidence table.
    confidence: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return the fields by name, the confidence only if there is one."""
        found = self._asdict()
        return found if self.confidence else {key: found[key] for key in found if key != "confidence"}


def names_in(manifest: Mapping[str, Any]) -> Names:
    """Return the names of a manifest; automatic ones alone for a manifest of an earlier version.

    Raises
    ------
    StorageError
        If the names are malformed.
    """
    return Names.from_json(manifest.get("scenario", {}).get(NAMES_KEY))


def digest(data: bytes) -> str:
    """Return the SHA-256 of bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def package_versions() -> dict[str, str]:
    """Return the versions of packages that may affect figures; of Python only major and minor."""
    python = {"python": f"{sys.version_info.major}.{sys.version_info.minor}"}
    return dict(sorted((python | {package: package_version(package) for package in _PACKAGES}).items()))


def make_manifest(
    *,
    verb: str,
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
    names: Names | None = None,
    sampled: Mapping[str, Mapping[str, float]] | None = None,
) -> dict[str, Any]:
    """Return the content of ``manifest.json``, without user, host, absolute path or time.

    Parameters
    ----------
    verb : str
        Command that writes such a folder; it determines the contents.
    title, engine, engine_path, seed, runs, sources, notes
        As in the result.
    scenario : bytes
        The resolved scenario, as stored.
    inputs : mapping of str to str
        SHA-256 of input files by name. Absolute paths are cut to the last part.
    evidence : str
        Digest of the table of estimates; empty if there is none.
    files : mapping of str to bytes or str
        Content or SHA-256 of the files of the result; the manifest and the log are not listed.
    used : mapping of str to str, optional
        Versions of packages; default: the installed ones.
    names : Names, optional
        Names for readers; default: none but the automatic ones.
    sampled : mapping of str to mapping, optional
        Median of each column of joint samples, by path, of each stored scenario, by file name.

    Returns
    -------
    dict
        ``code`` is the digest of the source of this package. ``scenario`` has the title, the digest, also
        in short, and the names, so that charts need only the saved tables.
    """
    scenario_digest = digest(scenario)
    medians = {file: dict(sorted(columns.items())) for file, columns in (sampled or {}).items() if columns}
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        VERB_KEY: verb,
        "versions": dict(package_versions() if used is None else used),
        "code": source_digest(),
        "engine": engine,
        "engine_path": engine_path,
        "seed": int(seed),
        "runs": int(runs),
        "scenario": {
            "title": title,
            "digest": scenario_digest,
            "short": scenario_digest[:SHORT_DIGEST],
            NAMES_KEY: (names or Names()).to_json(),
        },
        "inputs": {shorten_paths(name): inputs[name] for name in sorted(inputs)},
        **({SAMPLED_KEY: medians} if medians else {}),
        "evidence": evidence,
        "sources": [source.as_dict() for source in sorted(set(sources))],
        "notes": list(notes),
        "files": {
            name: file if isinstance(file, str) else digest(file)
            for name, file in sorted(files.items())
            if name not in _UNLISTED
        },
    }


def merge_inputs(inputs: Iterable[tuple[str, Mapping[str, str]]]) -> dict[str, str]:
    """Merge the input files of several scenarios, each with its name and the SHA-256 of its files by name.

    If files differ under one name, the later names include the scenario.
    """
    merged: dict[str, str] = {}
    for scenario, files in inputs:
        for name, sha256 in files.items():
            plain = shorten_paths(name)
            merged[plain if merged.get(plain, sha256) == sha256 else f"{scenario}: {plain}"] = sha256
    return merged


def log_text(command: Sequence[str], started: dt.datetime, finished: dt.datetime) -> str:
    """Return the content of ``log.txt``: the command, with start and end in UTC.

    Absolute paths among the words of the command are cut to the last part, and the host is omitted.
    """
    words = [shorten_paths(word) for word in _drop_address(command)]
    begun, ended = (time.astimezone(dt.UTC).isoformat(timespec="seconds") for time in (started, finished))
    return f"command: {shlex.join(words)}\nstarted: {begun}\nfinished: {ended}\n"


def shorten_paths(word: str) -> str:
    """Cut each absolute path in a word to its last part.

    A path starts at the start of the word or after one of ``= , : ;``, a space or a quotation mark.
    """
    return _ABSOLUTE_PATH.sub(lambda match: re.split(r"[/\\]", match.group().rstrip("/\\"))[-1], word)


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
