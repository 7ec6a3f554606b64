"""The progress store: nothing that was acknowledged is ever lost, and what happened is said."""

from __future__ import annotations

import ast
import errno
import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import exocourse
from exocourse.learning import progress
from exocourse.learning.progress import Entry, Lesson, Place, Store, locate, summary


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "progress"


@pytest.fixture
def store(folder: Path) -> Store:
    return Store(Place((folder,)))


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No setting, and a home folder of its own; returns the user's data folder."""
    monkeypatch.delenv("EXOCOURSE_PROGRESS", raising=False)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home" / "data"))
    return tmp_path / "home" / "data" / "exocourse"


def workspace(path: Path) -> Path:
    marker = path / progress.MARKER
    marker.parent.mkdir(parents=True)
    marker.write_text("{}")
    return path


def values(store: Store) -> list:
    return [entry.value for entry in store.entries()]


def only_file(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


# What is kept


def test_a_record_comes_back_with_its_time_version_and_extras(store):
    before = datetime.now(UTC)
    assert store.record("quiz", "1.1.q1", "b", right=True, misconception="") == ""
    (entry,) = store.entries()
    assert before <= entry.when <= datetime.now(UTC)
    assert entry == Entry(
        entry.when,
        1,
        "quiz",
        "1.1.q1",
        "b",
        exocourse.__version__,
        {"right": True, "misconception": ""},
    )
    assert entry.right


def test_a_file_holds_one_line_of_json_a_record(store, folder):
    store.record("answer", "1.1.a", {"number": 3, "text": "\u00b5m\n\u2028"})
    store.record("answer", "1.1.b", None)
    content = only_file(folder).read_bytes()
    lines = content.splitlines()
    assert content.endswith(b"\n") and content.isascii()
    assert [json.loads(line)["id"] for line in lines] == ["1.1.a", "1.1.b"]
    assert set(json.loads(lines[0])) == {"when", "sequence", "kind", "id", "value", "course"}


def test_entries_are_chosen_by_kind_and_id_oldest_first(store):
    for kind, id, value in [("answer", "1.1.a", 1), ("quiz", "1.1.a", 2), ("answer", "1.1.a", 3)]:
        store.record(kind, id, value)
    store.record("answer", "1.1.b", 4)
    assert [e.value for e in store.entries("answer")] == [1, 3, 4]
    assert [e.value for e in store.entries("answer", "1.1.a")] == [1, 3]
    assert store.latest("answer", "1.1.a").value == 3
    assert store.latest("answer", "1.1.c") is None


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=15,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(value=json_values, note=json_values)
def test_whatever_json_can_carry_comes_back_the_same(folder, value, note):
    place = Place((folder / os.urandom(8).hex(),))
    Store(place).record("answer", "1.1.a", value, note=note)
    (read,) = Store(place).entries("answer", "1.1.a")
    assert (read.value, read.extra["note"]) == (value, note)
    assert (repr(read.value), repr(read.extra["note"])) == (repr(value), repr(note))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (float("nan"), "value is nan: only finite"),
        ([1, {"x": float("-inf")}], r"value\[1\]\['x'\] is -inf: only finite"),
        ({1: "a"}, "value has the key 1"),
        ({"a": {2, 3}}, r"value\['a'\] is of type set"),
        (b"bytes", "value is of type bytes"),
        (1 + 2j, "value is of type complex"),
        pytest.param(10**5000, "cannot be recorded", id="thousands of digits"),
    ],
)
def test_what_json_cannot_carry_is_refused_and_leaves_no_trace(store, folder, value, words):
    with pytest.raises(TypeError, match=words):
        store.record("answer", "1.1.a", value)
    store.record("answer", "1.1.a", "good")
    assert values(store) == ["good"]
    assert len(only_file(folder).read_bytes().splitlines()) == 1


def test_numpy_values_are_refused_unless_they_are_plain_numbers(store):
    numpy = pytest.importorskip("numpy")
    for value in (numpy.array([1.0]), numpy.int64(3), numpy.bool_(True)):
        with pytest.raises(TypeError, match=type(value).__name__):
            store.record("answer", "1.1.a", value)
    store.record("answer", "1.1.a", numpy.float64(0.1))
    assert values(store) == [0.1]


def test_a_list_that_holds_itself_is_refused(store):
    endless: list = []
    endless.append(endless)
    with pytest.raises(TypeError, match="value is nested too deeply"):
        store.record("answer", "1.1.a", endless)


@pytest.mark.parametrize(("kind", "id"), [("", "1.1.a"), ("answer", ""), ("answer", None)])
def test_kind_and_id_must_be_text(store, kind, id):
    with pytest.raises(TypeError, match="must be text"):
        store.record(kind, id, 1)


def test_an_extra_cannot_overwrite_what_every_record_has(store):
    with pytest.raises(TypeError, match="course, when"):
        store.record("answer", "1.1.a", 1, when="now", course="9")


# Several kernels


def test_two_kernels_write_two_files_and_each_reads_both(folder):
    one, two = Store(Place((folder,))), Store(Place((folder,)))
    for number in range(20):
        (one if number % 2 else two).record("answer", "1.1.a", number)
    assert values(one) == values(two) == list(range(20))
    assert len(list(folder.iterdir())) == 2


def test_records_stay_in_order_when_the_clock_is_set_back(store, monkeypatch):
    clock = iter(datetime(2030, 1, 1, tzinfo=UTC) - timedelta(hours=n) for n in range(5))
    monkeypatch.setattr(progress, "_now", lambda: next(clock))
    for number in range(5):
        store.record("answer", "1.1.a", number)
    assert values(store) == list(range(5))
    assert all(a.when < b.when for a, b in pairwise(store.entries()))


def test_records_of_the_same_microsecond_are_ordered_by_sequence(folder):
    folder.mkdir()
    same = {"when": "2030-01-01T00:00:00+00:00", "kind": "answer", "id": "1.1.a"}
    lines = [json.dumps({**same, "sequence": number, "value": number}) for number in (3, 1, 2)]
    (folder / "x.jsonl").write_text("\n".join([*lines, ""]))
    assert values(Store(Place((folder,)))) == [1, 2, 3]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this platform")
def test_a_forked_process_writes_a_file_of_its_own(store, folder):
    store.record("answer", "1.1.a", "parent")
    child = os.fork()
    if child == 0:
        store.record("answer", "1.1.a", "child")
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert values(store) == ["parent", "child"]
    assert len(list(folder.iterdir())) == 2


def test_two_threads_of_one_kernel_lose_nothing(store, folder):
    from concurrent.futures import ThreadPoolExecutor

    def work(name: str) -> None:
        for number in range(100):
            assert store.record("answer", name, number) == ""

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, "abcd"))
    again = Store(Place((folder,)))
    for name in "abcd":
        assert [e.value for e in again.entries("answer", name)] == list(range(100))
    assert again.notices() == []


KILLED = """
import itertools, sys
from pathlib import Path
from exocourse.learning.progress import Place, Store
store = Store(Place((Path(sys.argv[1]),)))
for number in itertools.count():
    assert store.record("answer", "1.1.a", number) == ""
    print(number, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this platform")
def test_a_killed_kernel_loses_nothing_that_it_had_acknowledged(folder):
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(folder)], stdout=subprocess.PIPE, text=True
    ) as process:
        acknowledged = [int(process.stdout.readline()) for _ in range(50)]
        process.kill()
        acknowledged += [int(line) for line in process.stdout.read().split()]
    assert process.returncode == -signal.SIGKILL
    read = values(Store(Place((folder,))))
    assert read[: len(acknowledged)] == acknowledged
    # At most the one record whose acknowledgement was under way.
    assert len(read) <= len(acknowledged) + 1


# Files that are not as they should be


@pytest.mark.parametrize("tail", [b'{"when": "2030-', b"\x00" * 40, b"\xff\xfe", b"{"])
def test_a_torn_last_line_is_ignored_and_nothing_is_renamed(store, folder, tail):
    store.record("answer", "1.1.a", 1)
    path = only_file(folder)
    path.write_bytes(path.read_bytes() + tail)
    other = Store(Place((folder,)))
    assert values(other) == [1]
    assert other.notices() == []
    assert only_file(folder) == path


def test_a_whole_line_without_its_end_is_not_a_record_yet(store, folder):
    store.record("answer", "1.1.a", 1)
    store.record("answer", "1.1.a", 2)
    path = only_file(folder)
    path.write_bytes(path.read_bytes()[:-1])
    assert values(Store(Place((folder,)))) == [1]


BAD_LINES = [
    b"not json",
    b"\xff\xfe\x00",
    b"[1, 2]",
    b'{"kind": "answer", "id": "1.1.a", "value": 1}',
    b'{"when": "yesterday", "kind": "answer", "id": "1.1.a", "value": 1}',
    b'{"when": "2030-01-01T00:00:00", "kind": "answer", "id": "1.1.a", "value": 1}',
    b'{"when": "2030-01-01T00:00:00+00:00", "kind": 3, "id": "1.1.a", "value": 1}',
    b'{"when": "2030-01-01T00:00:00+00:00", "kind": "answer", "id": "1.1.a", "value": NaN}',
    b'{"when": "2030-01-01T00:00:00+00:00", "kind": "answer", "id": "1.1.a"}',
    b"[" * 100_000,
]


@pytest.mark.parametrize("bad", BAD_LINES, ids=lambda line: line[:40].decode("latin-1"))
def test_a_damaged_file_is_set_aside_named_once_and_its_good_lines_still_count(store, folder, bad):
    for number in range(3):
        store.record("answer", "1.1.a", number)
    path = only_file(folder)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + bad + b"\n" + lines[2])

    assert values(store) == [0, 2]
    (notice,) = store.notices()
    assert path.name in notice and f"{path.name}.damaged" in notice and "1 line" in notice
    assert only_file(folder).name == f"{path.name}.damaged"
    assert values(store) == values(Store(Place((folder,)))) == [0, 2]
    assert store.notices() == []


def test_the_notice_of_a_damaged_file_comes_with_the_next_record(store, folder):
    store.record("answer", "1.1.a", 1)
    path = only_file(folder)
    path.write_bytes(b"bad\n" + path.read_bytes())
    assert values(store) == [1]
    assert f"{path.name} is damaged" in store.record("answer", "1.1.a", 2)
    assert store.record("answer", "1.1.a", 3) == ""
    assert values(store) == [1, 2, 3]


def test_a_second_damaged_file_of_the_same_name_replaces_nothing(store, folder):
    for number in range(3):
        store.record("answer", "1.1.a", number)
        path = next(p for p in folder.iterdir() if p.suffix == ".jsonl")
        path.write_bytes(b"bad\n" + path.read_bytes())
        store.entries()
    assert len(list(folder.glob("*.damaged*"))) == 3
    assert values(store) == [0, 1, 2]


def test_a_damaged_file_that_cannot_be_renamed_is_said_once_and_read(store, folder, monkeypatch):
    store.record("answer", "1.1.a", 1)
    path = only_file(folder)
    path.write_bytes(b"bad\n" + path.read_bytes())

    def refuse(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "rename", refuse)
    assert values(store) == values(store) == [1]
    (notice,) = store.notices()
    assert path.name in notice and "left in place" in notice


def test_a_file_that_cannot_be_read_is_said_once_and_the_others_count(store, folder):
    store.record("answer", "1.1.a", 1)
    (folder / "0.jsonl").mkdir()
    assert values(store) == values(store) == [1]
    (notice,) = store.notices()
    assert "0.jsonl could not be read" in notice


def test_a_line_written_twice_counts_once(store, folder):
    store.record("answer", "1.1.a", 1)
    path = only_file(folder)
    (folder / "copy of it.jsonl").write_bytes(path.read_bytes() * 2)
    assert values(store) == [1]


def test_a_file_that_grew_since_it_was_read_is_read_again(folder):
    one, two = Store(Place((folder,))), Store(Place((folder,)))
    for number in range(3):
        one.record("answer", "1.1.a", number)
        assert values(two) == list(range(number + 1))


# Disks and folders that will not take it


def failing(monkeypatch, name: str, code: int, *, times: int = 10**6, partial: int = 0) -> list:
    """Make an operation of `os` fail with an error, after writing some bytes if asked."""
    real, calls = getattr(os, name), []

    def operation(*arguments, **keywords):
        calls.append(arguments)
        if len(calls) > times:
            return real(*arguments, **keywords)
        if partial and len(calls) == 1:
            return real(arguments[0], arguments[1][:partial])
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(progress.os, name, operation)
    return calls


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("write", errno.ENOSPC, "the disk is full"),
        ("write", errno.EDQUOT, "disk quota"),
        ("fsync", errno.ENOSPC, "the disk is full"),
        ("fsync", errno.EIO, "Input/output error"),
        ("open", errno.EROFS, "the folder is read-only"),
        ("open", errno.EACCES, "not permitted"),
        ("mkdir", errno.EACCES, "not permitted"),
    ],
)
def test_a_failed_write_is_said_kept_and_written_with_the_next(
    store, folder, monkeypatch, name, code, words
):
    with monkeypatch.context() as patch:
        failing(patch, name, code)
        for number in range(2):
            said = store.record("answer", "1.1.a", number)
            assert words in said and str(folder) in said and "in memory" in said
        assert values(store) == [0, 1]
        assert "Not saved yet, and kept in memory: 2." in store.where()
    assert store.record("answer", "1.1.a", 2) == ""
    assert values(store) == values(Store(Place((folder,)))) == [0, 1, 2]
    assert "Not saved" not in store.where()


@pytest.mark.parametrize("partial", [1, 30])
def test_a_half_written_record_is_taken_back(store, folder, monkeypatch, partial):
    store.record("answer", "1.1.a", 0)
    before = only_file(folder).read_bytes()
    with monkeypatch.context() as patch:
        failing(patch, "write", errno.ENOSPC, partial=partial)
        assert "full" in store.record("answer", "1.1.a", 1)
    assert only_file(folder).read_bytes() == before
    store.record("answer", "1.1.a", 2)
    reader = Store(Place((folder,)))
    assert values(reader) == [0, 1, 2]
    assert reader.notices() == []


def test_where_it_cannot_be_taken_back_the_next_begins_a_line_of_its_own(
    store, folder, monkeypatch
):
    store.record("answer", "1.1.a", 0)
    with monkeypatch.context() as patch:
        failing(patch, "ftruncate", errno.EIO)
        failing(patch, "write", errno.ENOSPC, partial=30)
        store.record("answer", "1.1.a", 1)
    store.record("answer", "1.1.a", 2)
    assert values(store) == [0, 1, 2]
    assert len(only_file(folder).read_bytes().splitlines()) == 4


def test_a_stop_in_the_middle_of_a_write_loses_nothing(store, folder, monkeypatch):
    with monkeypatch.context() as patch:

        def interrupted(_):
            raise KeyboardInterrupt

        patch.setattr(progress.os, "fsync", interrupted)
        with pytest.raises(KeyboardInterrupt):
            store.record("answer", "1.1.a", 0)
    store.record("answer", "1.1.a", 1)
    assert values(store) == values(Store(Place((folder,)))) == [0, 1]


def test_a_stop_half_way_through_a_line_is_taken_back(store, folder, monkeypatch):
    store.record("answer", "1.1.a", 0)
    before = only_file(folder).read_bytes()
    real = os.write
    with monkeypatch.context() as patch:

        def stopped(descriptor, data):
            if len(data) <= 30:
                raise KeyboardInterrupt
            return real(descriptor, data[: len(data) - 30])

        patch.setattr(progress.os, "write", stopped)
        with pytest.raises(KeyboardInterrupt):
            store.record("answer", "1.1.a", 1)
    assert only_file(folder).read_bytes() == before
    assert store.record("answer", "1.1.a", 2) == ""
    assert values(Store(Place((folder,)))) == [0, 1, 2]


def test_taking_back_a_line_spares_what_another_thread_appended_meanwhile(
    store, folder, monkeypatch
):
    store.record("answer", "1.1.a", 0)
    path, real, calls = only_file(folder), os.write, []
    other = b'{"when":"2030-01-01T00:00:00+00:00","kind":"answer","id":"1.1.b","value":"other"}\n'

    def write(descriptor, data):
        calls.append(data)
        if len(calls) == 1:
            return real(descriptor, data[:30])
        if len(calls) == 2:
            progress._append(path, other)
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(descriptor, data)

    monkeypatch.setattr(progress.os, "write", write)
    assert "full" in store.record("answer", "1.1.a", 1)
    assert [e.value for e in Store(Place((folder,))).entries("answer", "1.1.b")] == ["other"]
    assert store.record("answer", "1.1.a", 2).count("damaged") <= 1
    assert {*values(Store(Place((folder,))))} == {0, 1, 2, "other"}


def test_a_file_system_that_cannot_sync_is_good_enough(store, monkeypatch):
    failing(monkeypatch, "fsync", errno.EINVAL)
    assert store.record("answer", "1.1.a", 1) == ""


@pytest.fixture
def tiny_disk(tmp_path: Path):
    """A real disk of 64 kB, where this process may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    try:
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)], capture_output=True
        )
    except OSError:
        pytest.skip("no mount command here: covered by the tests that make os.write fail")
    if done.returncode:
        pytest.skip("mounting is not allowed here: covered by the tests that make os.write fail")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_real_full_disk(tiny_disk):
    store = Store(Place((tiny_disk / "progress",)))
    assert store.record("answer", "1.1.a", 0) == ""
    ballast = tiny_disk / "ballast"
    with pytest.raises(OSError, match=r"[Nn]o space"):
        ballast.write_bytes(b"x" * 100_000)
    given = [0]
    # The page that the file already has takes some more records: go on until the disk refuses.
    for number in range(1, 200):
        said = store.record("answer", "1.1.a", number)
        given.append(number)
        if "the disk is full" in said:
            break
    else:
        pytest.fail("the disk never filled up")
    store.record("answer", "1.1.a", 200)
    assert values(store) == [*given, 200]
    reader = Store(Place((tiny_disk / "progress",)))
    assert values(reader) == given[:-1] and reader.notices() == []
    ballast.unlink()
    assert store.record("answer", "1.1.a", 201) == ""
    assert values(Store(Place((tiny_disk / "progress",)))) == [*given, 200, 201]


def test_a_real_read_only_disk(tiny_disk):
    place = Place((tiny_disk / "progress",))
    store = Store(place)
    store.record("answer", "1.1.a", 0)
    subprocess.run(["mount", "-o", "remount,ro", str(tiny_disk)], check=True)
    assert "read-only" in store.record("answer", "1.1.a", 1)
    subprocess.run(["mount", "-o", "remount,rw", str(tiny_disk)], check=True)
    assert store.record("answer", "1.1.a", 2) == ""
    assert values(Store(place)) == [0, 1, 2]


def test_a_folder_that_is_read_only(store, folder):
    folder.mkdir()
    folder.chmod(0o500)
    try:
        if os.access(folder, os.W_OK):
            pytest.skip("file modes do not bind this user: covered by making os.open fail")
        assert "not permitted" in store.record("answer", "1.1.a", 1)
        assert values(store) == [1]
    finally:
        folder.chmod(0o700)


def test_a_file_where_the_folder_should_be(store, folder):
    folder.write_text("in the way")
    assert "Not saved yet" in store.record("answer", "1.1.a", 1)
    assert values(store) == [1]
    folder.unlink()
    assert store.record("answer", "1.1.a", 2) == ""
    assert values(Store(Place((folder,)))) == [1, 2]


def test_a_folder_deleted_under_the_kernel_is_made_again(store, folder):
    store.record("answer", "1.1.a", 1)
    only_file(folder).unlink()
    folder.rmdir()
    assert store.record("answer", "1.1.a", 2) == ""
    assert values(store) == [2]


def test_the_second_folder_takes_what_the_first_refuses_and_both_are_read(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    place = Place((first, second))
    store = Store(place)
    first.write_text("in the way")
    said = store.record("answer", "1.1.a", 1)
    assert str(first) in said and f"saved in {second} instead" in said
    assert store.record("answer", "1.1.a", 2) == "", "the same thing is said once"
    first.unlink()
    assert store.record("answer", "1.1.a", 3) == ""
    assert values(Store(Place((second,)))) == [1, 2]
    assert values(Store(place)) == [1, 2, 3]


def test_with_no_folder_at_all_it_is_kept_in_memory_and_said(monkeypatch):
    store = Store(Place())
    assert "in memory" in store.record("answer", "1.1.a", 1)
    assert store.record("answer", "1.1.a", 2) == ""
    assert values(store) == [1, 2]
    assert "in memory" in store.where()


# Where it is kept


def test_the_setting_comes_before_the_workspace(plain, tmp_path, monkeypatch):
    course = workspace(tmp_path / "course")
    monkeypatch.setenv("EXOCOURSE_PROGRESS", str(tmp_path / "elsewhere"))
    assert locate(course).folders == (tmp_path / "elsewhere",)


def test_a_relative_setting_counts_from_where_the_kernel_started(plain, tmp_path, monkeypatch):
    monkeypatch.setenv("EXOCOURSE_PROGRESS", "mine")
    assert locate(tmp_path).folders == (tmp_path / "mine",)


def test_the_nearest_workspace_above_then_a_folder_of_the_users_for_it(plain, tmp_path):
    outer = workspace(tmp_path / "outer")
    inner = workspace(outer / "inner")
    lesson = inner / "lessons" / "1-vesicles"
    lesson.mkdir(parents=True)
    own, spare = locate(lesson).folders
    assert own == inner / ".exocourse" / "progress"
    assert spare.is_relative_to(plain)
    assert locate(outer).folders[0] == outer / ".exocourse" / "progress"
    assert locate(outer).folders[1] != spare, "two courses of one user do not mix"


def test_outside_any_workspace_it_is_the_users_data_folder(plain, tmp_path):
    assert locate(tmp_path).folders == (plain / "progress",)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the path is that of Linux")
def test_without_platformdirs_the_folder_is_the_same(plain, monkeypatch):
    monkeypatch.setitem(sys.modules, "platformdirs", None)
    assert progress.user_folder() == plain
    monkeypatch.delenv("XDG_DATA_HOME")
    assert progress.user_folder() == Path.home() / ".local" / "share" / "exocourse"


def test_where_there_is_no_home_it_is_memory(plain, tmp_path, monkeypatch):
    def homeless():
        raise RuntimeError("no home")

    monkeypatch.setitem(sys.modules, "platformdirs", None)
    monkeypatch.setattr(Path, "home", homeless)
    assert locate(tmp_path) == Place()


def test_in_the_browser_the_home_folder_is_not_trusted(plain, tmp_path, monkeypatch):
    monkeypatch.setattr(progress.sys, "platform", "emscripten")
    assert locate(tmp_path) == Place()


@pytest.mark.parametrize("value", ["autograde", "validate", ""])
def test_while_grading_nothing_is_read_or_written(plain, tmp_path, monkeypatch, value):
    folder = tmp_path / "progress"
    monkeypatch.setenv("EXOCOURSE_PROGRESS", str(folder))
    progress.record("answer", "1.1.a", 1)
    assert len(progress.entries()) == 1
    monkeypatch.setenv("NBGRADER_EXECUTION", value)
    size = only_file(folder).stat().st_size
    assert progress.record("answer", "1.1.a", 2) == ""
    assert progress.entries() == [] and progress.latest("answer", "1.1.a") is None
    assert only_file(folder).stat().st_size == size
    assert "graded" in progress.where()


def test_each_environment_has_a_store_and_keeps_it(plain, tmp_path, monkeypatch):
    for name in ("one", "two"):
        monkeypatch.setenv("EXOCOURSE_PROGRESS", str(tmp_path / name))
        progress.record("answer", "1.1.a", name)
        assert str(tmp_path / name) in progress.where()
    monkeypatch.setenv("EXOCOURSE_PROGRESS", str(tmp_path / "one"))
    progress.record("answer", "1.1.a", "again")
    assert [e.value for e in progress.entries()] == ["one", "again"]
    assert len(list((tmp_path / "one").iterdir())) == 1


def test_changing_the_working_directory_changes_nothing(plain, tmp_path, monkeypatch):
    monkeypatch.chdir(workspace(tmp_path / "course"))
    progress.record("answer", "1.1.a", 1)
    monkeypatch.chdir(tmp_path)
    assert [e.value for e in progress.entries()] == [1]
    assert str(tmp_path / "course") in progress.where()


def test_reading_makes_no_folder(plain, tmp_path, monkeypatch):
    monkeypatch.setenv("EXOCOURSE_PROGRESS", str(tmp_path / "progress"))
    assert progress.entries() == []
    assert not (tmp_path / "progress").exists()


# Where a learner stands


def test_the_summary_counts_each_thing_once_and_in_its_lesson(store):
    lessons = [
        Lesson("1.1", "What is an exosome?", claims=("S0-01", "S4-02")),
        Lesson("1.10", "Another"),
    ]
    store.record("prediction", "1.1.p", "b")
    store.record("answer", "1.1.a", 1, right=False)
    store.record("answer", "1.1.a", 2, right=True)
    store.record("answer", "1.1.a", 3, right=False)
    store.record("answer", "1.1.b", 3, right=False)
    store.record("quiz", "1.1.q1", "a", right=True)
    store.record("quiz", "1.1.q2", "a", right=False)
    store.record("first_verdict", "S0-01", {"verdict": "supported"})
    store.record("first_verdict", "S4-02", {"verdict": "supported"})
    store.record("verdict", "S4-02", {"verdict": "contradicted"})
    store.record("verdict", "S4-20", {"verdict": "opinion"})
    store.record("answer", "1.10.a", 3, right=True)
    first, second = summary(lessons, store.entries())
    assert first.lesson is lessons[0]
    assert (first.predicted, first.answered, first.right) == (True, 2, 1)
    assert (first.quiz_answered, first.quiz_right, first.rated, first.weighed) == (2, 1, 2, 1)
    assert first.last == store.entries("verdict", "S4-02")[0].when
    assert (second.predicted, second.answered, second.right) == (False, 1, 1)


def test_the_summary_of_nothing():
    (standing,) = summary([Lesson("1.1", "What is an exosome?", claims=("S0-01",))], [])
    assert not standing.predicted and standing.last is None
    assert (standing.answered, standing.right, standing.rated, standing.weighed) == (0, 0, 0, 0)


def test_the_store_imports_no_thread_socket_or_process():
    tree = ast.parse(Path(progress.__file__).read_text(encoding="utf-8"))
    names = {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in [getattr(node, "module", None), *(alias.name for alias in node.names)]
        if name
    }
    assert not names & {"threading", "socket", "subprocess", "multiprocessing", "fcntl"}
