"""A result folder is written completely or not at all, and no other folder is changed."""

from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sim.errors import StorageError
from sim.results.provenance import digest
from sim.results.storage import read_files, read_manifest, safe_name, write_folder
from sim.results.storage import seal_manifest as bearing_its_digest
from sim.results.verification import find_problems

ROOT = Path(__file__).parent.parent


def result(**texts: str) -> dict[str, bytes]:
    """Return a small result: files by their stems, and the manifest that fits them."""
    files = {f"{stem}.csv": text.encode() for stem, text in texts.items()}
    manifest = {
        "format": "munitions-sim result",
        "format_version": 1,
        "files": {name: digest(data) for name, data in files.items()},
    }
    return {"manifest.json": bearing_its_digest(json.dumps(manifest).encode()), **files}


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, hidden ones included."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def failing(real: Callable[..., Any], calls: Iterator[bool], error: BaseException) -> Callable[..., Any]:
    """Return the function, which raises the error at those calls where `calls` says so."""

    def call(*words: Any, **named: Any) -> Any:
        if next(calls):
            raise error
        return real(*words, **named)

    return call


def from_call(number: int) -> Iterator[bool]:
    call = 0
    while True:
        yield call >= number
        call += 1


def at_call(number: int) -> Iterator[bool]:
    call = 0
    while True:
        yield call == number
        call += 1


FULL = OSError(errno.ENOSPC, "No space left on device")
OLD = result(stock="old", flows="old")
NEW = result(stock="new", flows="new", paths="new")


def test_a_new_folder_holds_the_files_and_nothing_else(tmp_path: Path) -> None:
    write_folder(tmp_path / "mine", NEW)
    assert tree(tmp_path) == {f"mine{os.sep}{name}": data for name, data in NEW.items()}
    assert not [path for path in tmp_path.iterdir() if path.name != "mine"]
    assert find_problems(tmp_path / "mine") == ()


def test_an_empty_folder_and_an_older_result_are_written_into(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    write_folder(folder, OLD)
    assert tree(folder) == OLD
    write_folder(folder, NEW)
    assert tree(folder) == NEW
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_files_of_the_older_result_go_and_those_of_the_user_stay(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    write_folder(folder, {**NEW, "log.txt": b"old"})
    (folder / "thoughts.md").write_text("keep me")
    write_folder(folder, OLD)
    assert tree(folder) == {**OLD, "thoughts.md": b"keep me"}


def test_the_manifest_comes_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "mine"
    write_folder(folder, OLD)
    moved: list[str] = []
    real = os.replace

    def watch(source: Any, target: Any, **named: Any) -> None:
        moved.append(Path(target).name)
        real(source, target, **named)

    monkeypatch.setattr(os, "replace", watch)
    write_folder(folder, NEW)
    assert sorted(moved) == sorted(NEW)
    assert moved[-1] == "manifest.json"


@pytest.mark.parametrize("calls", [from_call, at_call])
@pytest.mark.parametrize("number", [0, 1, 2, 3])
@pytest.mark.parametrize("error", [FULL, KeyboardInterrupt()])
def test_a_failure_between_two_files_puts_the_older_result_back(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    calls: Callable[[int], Iterator[bool]],
    number: int,
    error: BaseException,
) -> None:
    folder = tmp_path / "mine"
    write_folder(folder, {**OLD, "log.txt": b"old"})
    before = tree(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", failing(os.replace, calls(number), error))
        with pytest.raises((StorageError, KeyboardInterrupt)):
            write_folder(folder, NEW)
    assert tree(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
    assert find_problems(folder) == ()


@pytest.mark.parametrize("number", [0, 2])
@pytest.mark.parametrize("there", [False, True])
def test_a_full_disk_leaves_no_trace_and_one_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, there: bool
) -> None:
    folder = tmp_path / "deep" / "mine" if not there else tmp_path / "mine"
    if there:
        write_folder(folder, OLD)
    before = tree(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", failing(os.fsync, from_call(number), FULL))
        with pytest.raises(StorageError, match="mine: the disk is full"):
            write_folder(folder, NEW, parents=True)
    assert tree(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == ["mine"] * there


def test_an_interrupt_while_writing_leaves_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", failing(os.fsync, from_call(1), KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            write_folder(tmp_path / "mine", NEW)
    assert not list(tmp_path.iterdir())


def test_a_disk_without_links_is_written_and_put_back_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "mine"
    write_folder(folder, OLD)
    monkeypatch.setattr(os, "link", failing(os.link, from_call(0), OSError(errno.EPERM, "no links")))
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", failing(os.replace, from_call(1), FULL))
        with pytest.raises(StorageError):
            write_folder(folder, NEW)
    assert tree(tmp_path) == {f"mine{os.sep}{name}": data for name, data in OLD.items()}
    write_folder(folder, NEW)
    assert tree(folder) == NEW


def long_file(*pieces: bytes, error: BaseException | None = None) -> Callable[[], Iterator[bytes]]:
    """Return a file that arrives in pieces, after which an error may follow."""

    def give() -> Iterator[bytes]:
        yield from pieces
        if error is not None:
            raise error

    return give


def sealed(digests: Mapping[str, str]) -> bytes:
    return json.dumps(
        {"format": "munitions-sim result", "format_version": 1, "files": dict(digests)}
    ).encode()


def test_a_file_in_pieces_is_written_and_sealed_as_in_one(tmp_path: Path) -> None:
    write_folder(tmp_path / "mine", {"a.csv": long_file(b"x\n", b"", b"1\n"), "b.csv": b"y"}, seal=sealed)
    found = tree(tmp_path / "mine")
    assert (found["a.csv"], found["b.csv"]) == (b"x\n1\n", b"y")
    assert read_manifest(tmp_path / "mine")["files"] == {"a.csv": digest(b"x\n1\n"), "b.csv": digest(b"y")}
    assert find_problems(tmp_path / "mine") == ()


@pytest.mark.parametrize("error", [FULL, KeyboardInterrupt(), ValueError()])
@pytest.mark.parametrize("there", [False, True])
def test_a_failure_between_two_pieces_leaves_all_as_it_was(
    tmp_path: Path, error: BaseException, there: bool
) -> None:
    if there:
        write_folder(tmp_path / "mine", OLD)
    before = tree(tmp_path)
    with pytest.raises((StorageError, KeyboardInterrupt, ValueError)):
        write_folder(tmp_path / "mine", {"stock.csv": long_file(b"new", error=error)}, seal=sealed)
    assert tree(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == ["mine"] * there


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(StorageError, match="not a result folder"):
        write_folder(tmp_path, NEW)
    (tmp_path / "manifest.json").write_text('{"format": "another tool", "files": {}}')
    with pytest.raises(StorageError, match="not a result folder"):
        write_folder(tmp_path, NEW)
    assert sorted(tree(tmp_path)) == ["manifest.json", "thesis.tex"]


def test_a_manifest_cannot_make_us_remove_files_elsewhere(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    outside = tmp_path / "outside.csv"
    outside.write_text("mine")
    crafted = json.loads(OLD["manifest.json"]) | {"files": {"../outside.csv": "0", "stock.csv": "0"}}
    folder.mkdir()
    (folder / "manifest.json").write_text(json.dumps(crafted))
    write_folder(folder, NEW)
    assert outside.read_text() == "mine"


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("a file")
    with pytest.raises(StorageError, match="mine: it is a file"):
        write_folder(tmp_path / "mine", NEW)
    with pytest.raises(StorageError, match="is a file, not a folder"):
        write_folder(tmp_path / "mine" / "deeper", NEW, parents=True)
    assert (tmp_path / "mine").read_text() == "a file"


def test_a_missing_parent_is_made_only_when_asked(tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "2024" / "mine"
    with pytest.raises(StorageError, match="the folder above it does not exist"):
        write_folder(folder, NEW)
    assert not list(tmp_path.iterdir())
    write_folder(folder, NEW, parents=True)
    assert tree(folder) == NEW


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="this user cannot be denied")
def test_a_folder_without_permission_keeps_its_result(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    write_folder(folder, OLD)
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        with pytest.raises(StorageError, match="permission denied"):
            write_folder(folder, NEW)
        assert tree(folder) == OLD
    finally:
        folder.chmod(stat.S_IRWXU)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_permission_denied_is_said_in_plain_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    denied = OSError(errno.EACCES, "Permission denied")
    monkeypatch.setattr(os, "mkdir", failing(os.mkdir, from_call(0), denied))
    with pytest.raises(StorageError, match=r"^cannot write .*mine: permission denied$"):
        write_folder(tmp_path / "mine", NEW)


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="this system has no /proc")
def test_a_place_where_no_lock_can_be_made_is_refused_and_not_waited_for() -> None:
    with pytest.raises(StorageError, match=r"^cannot write /proc/mine: "):
        write_folder(Path("/proc/mine"), NEW)


@pytest.mark.skipif(sys.platform == "win32", reason="links to folders need rights there")
def test_a_link_to_a_folder_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "disk")
    write_folder(tmp_path / "link", NEW)
    assert (tmp_path / "link").is_symlink()
    assert tree(tmp_path / "disk") == NEW


def test_a_name_that_leaves_the_folder_and_a_missing_manifest_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="plain file name"):
        write_folder(tmp_path / "mine", {**NEW, "../escaped.csv": b""})
    with pytest.raises(StorageError, match=r"no manifest\.json"):
        write_folder(tmp_path / "mine", {"stock.csv": b""})
    assert not list(tmp_path.iterdir())


def test_what_is_missing_or_changed_is_found(tmp_path: Path) -> None:
    write_folder(tmp_path / "mine", NEW)
    (tmp_path / "mine" / "stock.csv").write_text("forged")
    (tmp_path / "mine" / "paths.csv").unlink()
    found = "\n".join(find_problems(tmp_path / "mine"))
    assert "stock.csv is not the file that was written" in found
    assert "paths.csv is missing" in found
    assert "flows.csv" not in found
    listed = read_manifest(tmp_path / "mine")["files"]
    assert read_files(tmp_path / "mine", listed, ["flows.csv"]) == {"flows.csv": b"new"}
    with pytest.raises(StorageError, match="digest differs"):
        read_files(tmp_path / "mine", listed, ["stock.csv"])
    with pytest.raises(StorageError, match=r"does not list tornado\.csv"):
        read_files(tmp_path / "mine", listed, ["tornado.csv"])


@pytest.mark.parametrize(
    "manifest",
    [
        *("", "{", "[]", "{}", '{"format": "munitions-sim result"}', "[" * 50_000),
        '{"format": "munitions-sim result", "format_version": 1, "files": {"a": 1}}',
        '{"format": "munitions-sim result", "format_version": 99, "files": {}}',
    ],
)
def test_a_manifest_that_is_not_ours_is_a_storage_error(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(StorageError):
        read_manifest(tmp_path)


def test_a_manifest_cannot_make_us_read_files_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s")
    listed = {"../secret": digest(b"s")}
    with pytest.raises(StorageError, match="plain file name"):
        read_files(tmp_path / "mine", listed, listed)


def test_no_folder_and_no_manifest_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="no such folder"):
        read_manifest(tmp_path / "nowhere")
    with pytest.raises(StorageError, match=r"manifest\.json is missing"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("White House brief, October 2023", "White-House-brief-October-2023"),
        ("../../etc/passwd", "etc-passwd"),
        ("con", "_con"),
        ("NUL.txt", "_NUL.txt"),
        ("COM²", "_COM2"),
        ("console", "console"),
        ("...", "unnamed"),
        ("", "unnamed"),
        ("a\0b\nc", "a-b-c"),
        ("Снаряды 152 мм", "Снаряды-152-мм"),
        ("x" * 500, "x" * 80),
        ("drawdown.png", "drawdown.png"),
        ("-rf", "rf"),
    ],
)
def test_names_made_safe(text: str, name: str) -> None:
    assert safe_name(text) == name


RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}


@given(st.text(max_size=200))
@example("con" + "." * 200 + "x")
@example("é" * 79 + "界")
@example("a" * 79 + ".b")
@example('/\\:*?"<>|\u202e\ud800')
def test_a_safe_name_is_safe_anywhere(text: str) -> None:
    name = safe_name(text)
    assert name
    assert len(name.encode()) <= 80
    assert not set(name) & set('/\\:*?"<>| \t\r\n\0\u202e')
    assert name.isprintable()
    assert name[0] not in ".-"
    assert name[-1] not in ".-"
    assert name.split(".")[0].lower() not in RESERVED
    assert safe_name(name) == name


@pytest.mark.parametrize("older", ["nothing", "empty", "result"])
def test_of_two_that_write_at_once_the_folder_is_whole_of_one(tmp_path: Path, older: str) -> None:
    target = tmp_path / "mine"
    if older == "result":
        write_folder(target, result(stock="older", gone="older"))
    if older == "empty":
        target.mkdir()
    texts = {f"f{n}": "x" for n in range(12)}
    ready, faults = threading.Barrier(6), []

    def write(name: str) -> None:
        files = result(**dict.fromkeys(texts, name), **{f"own_{name}": name})
        ready.wait()
        try:
            for _ in range(8):
                write_folder(target, files)
        except StorageError as error:
            faults.append(error)

    writers = [threading.Thread(target=write, args=(str(number),)) for number in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert faults == []
    assert find_problems(target) == ()
    names = {path.name for path in target.iterdir()}
    assert names == {"manifest.json", *read_manifest(target)["files"]}
    contents = {(target / name).read_text() for name in names - {"manifest.json"}}
    assert len(contents) == 1, "the files of one writer, and no other's"
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Yield another process that holds the lock of the folder ``mine``."""
    code = (
        "import sys; from pathlib import Path; from sim.results.directory_lock import lock_target\n"
        "with lock_target(Path(sys.argv[1])):\n    print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "mine")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"held"
        yield other
        other.kill()


@pytest.mark.parametrize("end", ["killed", "done"])
def test_a_writer_waits_until_another_process_ends(
    tmp_path: Path, holder: subprocess.Popen[bytes], end: str
) -> None:
    writer = threading.Thread(target=write_folder, args=(tmp_path / "mine", result(stock="x")))
    writer.start()
    writer.join(timeout=0.5)
    assert writer.is_alive()
    assert not (tmp_path / "mine").exists()
    # The lock is of one folder, not of its siblings.
    write_folder(tmp_path / "other", result(stock="y"))
    if end == "killed":
        holder.kill()
    else:
        assert holder.stdin is not None
        holder.stdin.close()
    writer.join()
    assert find_problems(tmp_path / "mine") == ()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine", "other"]


def test_what_came_meanwhile_from_elsewhere_is_left_alone(tmp_path: Path) -> None:
    """A folder that is made while a result is written, and is not one of ours, is refused as any other."""

    def pieces() -> Iterator[bytes]:
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine" / "letter.txt").write_text("mine")
        yield b"x"

    files = result(stock="x")
    with pytest.raises(StorageError, match="not a result folder"):
        write_folder(tmp_path / "mine", {**files, "stock.csv": pieces})
    assert tree(tmp_path) == {"mine/letter.txt": b"mine"}
