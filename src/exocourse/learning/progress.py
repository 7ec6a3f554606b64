"""Progress: what a learner predicted, answered and judged, kept so that nothing is lost.

Records are lines of JSON, appended to one file for each kernel and merged when read, so two
notebooks never wait for each other and a killed kernel costs at most the line that it was writing.
There is no lock. What cannot be written is kept in memory, said, and tried again with the next
record.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import itertools
import json
import math
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

KINDS = ("prediction", "answer", "quiz", "first_verdict", "verdict")
MARKER = Path(".exocourse") / "manifest.json"

_RESERVED = frozenset({"when", "sequence", "kind", "id", "value", "course"})
_LOCATING = ("EXOCOURSE_PROGRESS", "NBGRADER_EXECUTION", "XDG_DATA_HOME", "HOME")
_DEPTH = 50
_NO_SYNC = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}
_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your disk quota is used up",
    errno.EROFS: "the folder is read-only",
    errno.EACCES: "writing there is not permitted",
    errno.EPERM: "writing there is not permitted",
}


@dataclass(frozen=True)
class Entry:
    """One record.

    Attributes
    ----------
    when : datetime.datetime
        When it was made, in UTC, to the microsecond.
    sequence : int
        Its number among the records of its kernel.
    kind : str
        One of `KINDS`.
    id : str
        What it is about: ``"1.1.a"``, ``"S4-02"``.
    value : object
        What was given, as JSON carries it: a tuple comes back as a list.
    course : str
        Version of the course that made it.
    extra : mapping
        What else was recorded with it.
    """

    when: datetime
    sequence: int
    kind: str
    id: str
    value: Any
    course: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def right(self) -> bool:
        """Whether it was recorded as right (``right=True``)."""
        return self.extra.get("right") is True


@dataclass(frozen=True)
class Place:
    """Where progress is kept.

    Attributes
    ----------
    folders : tuple of pathlib.Path
        In order of preference: a record goes to the first one that takes it; all are read.
    graded : bool
        A notebook is being graded: nothing is read or written.
    """

    folders: tuple[Path, ...] = ()
    graded: bool = False


def find_workspace(start: Path) -> Path | None:
    """Return the nearest folder, from `start` upwards, that is a workspace of the course."""
    return next((folder for folder in (start, *start.parents) if (folder / MARKER).is_file()), None)


def user_folder() -> Path | None:
    """Return the course's per-user data folder, or None where there is none that lasts."""
    if sys.platform == "emscripten":
        return None  # In the browser the home folder is memory, gone with the page.
    try:
        from platformdirs import user_data_path

        return user_data_path("exocourse", appauthor=False)
    except ImportError:
        pass
    try:
        home = Path.home()
    except RuntimeError:
        return None
    # The same folders that platformdirs names, so that installing it later moves nothing.
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        base = os.environ.get("XDG_DATA_HOME") or home / ".local" / "share"
    return Path(base) / "exocourse"


def locate(start: Path) -> Place:
    """Return where progress is kept for a kernel that starts in a folder.

    ``EXOCOURSE_PROGRESS`` names a folder and stands alone. Otherwise it is the workspace around
    `start`, with a folder of the user's own for that workspace where it cannot be written; outside
    any workspace, the user's own folder.

    Parameters
    ----------
    start : pathlib.Path
        An absolute path; it need not exist.
    """
    if "NBGRADER_EXECUTION" in os.environ:
        return Place(graded=True)
    if given := os.environ.get("EXOCOURSE_PROGRESS"):
        return Place((start / Path(given).expanduser(),))
    user, workspace = user_folder(), find_workspace(start)
    if workspace is None:
        return Place((user / "progress",) if user else ())
    own = workspace / MARKER.parent / "progress"
    if user is None:
        return Place((own,))
    # Named after the workspace: two courses of one user must not mix.
    key = hashlib.sha256(str(workspace).encode("utf-8", "surrogateescape")).hexdigest()[:12]
    return Place((own, user / "workspaces" / key))


class Store:
    """The progress of one learner as one kernel sees it: it writes one file and reads them all."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._unsaved: dict[int, bytes] = {}
        self._notices: list[str] = []
        self._said: set[str] = set()
        self._read_before: dict[Path, tuple[tuple[int, int], dict[bytes, Entry]]] = {}
        self._last = datetime.min.replace(tzinfo=UTC)
        self._sequence = itertools.count(1)
        self._begin()

    def _begin(self) -> None:
        """Choose a file name that no other kernel has."""
        self._process = os.getpid()
        self._name = f"{_now():%Y%m%dT%H%M%S}-{self._process}-{os.urandom(4).hex()}.jsonl"

    def record(self, kind: str, id: str, value: Any, **extra: Any) -> str:
        """Keep a record.

        Parameters
        ----------
        kind, id : str
            What it is: one of `KINDS`, and what it is about.
        value, **extra
            Anything JSON can carry: None, booleans, finite numbers, text, lists, dictionaries
            with text keys.

        Returns
        -------
        str
            Empty when all is well; otherwise what happened, in words for the learner.

        Raises
        ------
        TypeError
            If something is not finite or not JSON, if `kind` or `id` is not text, or if a name
            in `extra` is one that every record has.
        """
        for name, given in (("kind", kind), ("id", id)):
            if not isinstance(given, str) or not given:
                raise TypeError(f"a record's {name} must be text, not {given!r}")
        if clash := sorted(_RESERVED & extra.keys()):
            raise TypeError(f"a record has its own {', '.join(clash)}: choose another name")
        if self.place.graded:
            return ""
        if os.getpid() != self._process:
            self._begin()  # A forked process must not write into its parent's file.
        # Always later than the record before, even where the clock was set back meanwhile.
        self._last = max(_now(), self._last + timedelta(microseconds=1))
        sequence = next(self._sequence)
        fields = {
            "when": self._last.isoformat(timespec="microseconds"),
            "sequence": sequence,
            "kind": kind,
            "id": id,
            "value": value,
            "course": _course_version(),
            **extra,
        }
        self._unsaved[sequence] = _line(fields)
        return " ".join([*filter(None, [self._save()]), *self.notices()])

    def _save(self) -> str:
        """Write all that is not written yet; say where, if not in the ordinary place."""
        batch = dict(self._unsaved)
        failures = []
        for folder in self.place.folders:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                _append(folder / self._name, b"".join(batch.values()))
            except OSError as error:
                reason = _REASONS.get(error.errno or 0) or error.strerror or str(error)
                failures.append(f"{folder} could not be written: {reason}.")
                continue
            for sequence in batch:
                self._unsaved.pop(sequence, None)
            if failures:
                return self._once(f"{' '.join(failures)} Your work is saved in {folder} instead.")
            return ""
        if failures:
            return (
                f"Not saved yet: {' '.join(failures)} Nothing is lost while this kernel runs: it "
                "is kept in memory and saved with your next answer, once that is mended."
            )
        return self._once(self.where())

    def _once(self, words: str) -> str:
        """Return `words` the first time, and nothing after that."""
        if words in self._said:
            return ""
        self._said.add(words)
        return words

    def entries(self, kind: str | None = None, id: str | None = None) -> list[Entry]:
        """Return the records of all kernels, oldest first, of one kind and id if given."""
        if self.place.graded:
            return []
        # Keyed by the whole line: a record that was written twice after a failure counts once.
        found: dict[bytes, Entry] = {}
        for path in self._files():
            found.update(self._read(path))
        unsaved = (line.strip() for line in list(self._unsaved.values()))
        found.update({line: entry for line in unsaved if (entry := _parse(line))})
        chosen = (
            entry
            for entry in found.values()
            if (kind is None or entry.kind == kind) and (id is None or entry.id == id)
        )
        return sorted(chosen, key=lambda entry: (entry.when, entry.sequence))

    def latest(self, kind: str, id: str) -> Entry | None:
        """Return the newest record of a kind about an id, or None."""
        entries = self.entries(kind, id)
        return entries[-1] if entries else None

    def where(self) -> str:
        """Say in a sentence or two where progress is kept."""
        if self.place.graded:
            return "This notebook is being graded: progress is neither read nor kept."
        if not self.place.folders:
            return (
                "There is no folder to keep progress in: it is kept in memory and lost when "
                "this kernel stops."
            )
        waiting = len(self._unsaved)
        more = f" Not saved yet, and kept in memory: {waiting}." if waiting else ""
        return f"Progress is kept in {self.place.folders[0]}.{more}"

    def notices(self) -> list[str]:
        """Return what has to be said about the files, each thing once."""
        said, self._notices = self._notices, []
        return said

    def _notice(self, words: str) -> None:
        self._notices.extend(filter(None, [self._once(words)]))

    def _files(self) -> Iterator[Path]:
        for folder in self.place.folders:
            try:
                names = sorted(os.listdir(folder))
            except (FileNotFoundError, NotADirectoryError):
                continue  # Nothing was written there yet; `record` says why it cannot be.
            except OSError as error:
                self._notice(f"{folder} could not be read: {error.strerror}.")
                continue
            for name in names:
                if name.endswith(".jsonl") or ".jsonl.damaged" in name:
                    yield folder / name

    def _read(self, path: Path) -> dict[bytes, Entry]:
        """Return the good lines of a file with what they say; set a damaged file aside."""
        try:
            status = path.stat()
            signature = (status.st_size, status.st_mtime_ns)
            before = self._read_before.get(path)
            if before and before[0] == signature:
                return before[1]
            content = path.read_bytes()
        except FileNotFoundError:
            return {}  # Another kernel has just set it aside, or somebody deleted it.
        except OSError as error:
            self._notice(f"{path} could not be read: {error.strerror}.")
            return {}
        # What follows the last line end is torn, or still being written: not a record yet.
        lines = [line.strip() for line in content.split(b"\n")[:-1]]
        parsed = {line: _parse(line) for line in lines if line}
        good = {line: entry for line, entry in parsed.items() if entry is not None}
        if len(good) < len(parsed) and path.suffix == ".jsonl":
            self._set_aside(path, len(parsed) - len(good))
        else:
            self._read_before[path] = (signature, good)
        return good

    def _set_aside(self, path: Path, count: int) -> None:
        """Rename a damaged file and say so; a kernel that still writes it begins it anew."""
        lines = "1 line" if count == 1 else f"{count} lines"
        trouble = f"The progress file {path.name} is damaged: {lines} could not be read."
        aside = path.with_name(f"{path.name}.damaged")
        number = itertools.count(2)
        while aside.exists():
            aside = path.with_name(f"{path.name}.damaged-{next(number)}")
        try:
            path.rename(aside)
        except FileNotFoundError:
            return
        except OSError as error:
            self._notice(f"{trouble} The others still count. ({error.strerror}: left in place.)")
            return
        self._notice(f"{trouble} It is now called {aside.name}; its other lines still count.")


def _now() -> datetime:
    return datetime.now(UTC)


def _course_version() -> str:
    # Read off the loaded package: an import would be an import upwards.
    package = sys.modules.get(__name__.partition(".")[0])
    return getattr(package, "__version__", "")


def _append(path: Path, data: bytes) -> None:
    """Append whole lines and wait until the disk has them; on failure leave nothing behind."""
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags, 0o644)
    try:
        size = os.fstat(descriptor).st_size
        if size:
            os.lseek(descriptor, -1, os.SEEK_END)
            if os.read(descriptor, 1) != b"\n":
                data = b"\n" + data  # Keep clear of a torn line that could not be taken back.
        written = 0
        try:
            while written < len(data):
                written += os.write(descriptor, data[written:])
            _sync(descriptor)
        except BaseException:
            with contextlib.suppress(OSError):
                # A widget's callback may have appended from its own thread meanwhile: keep that.
                if os.fstat(descriptor).st_size == size + written:
                    os.ftruncate(descriptor, size)
            raise
    finally:
        os.close(descriptor)


def _sync(descriptor: int) -> None:
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_SYNC:  # Some file systems have no such thing.
            raise


def _line(fields: dict[str, Any]) -> bytes:
    """Return a record as a line of JSON, ASCII only.

    Raises
    ------
    TypeError
        If a field is not finite or not JSON; says which and why.
    """
    for name, value in fields.items():
        _require_json(value, name)
    try:
        return json.dumps(fields, allow_nan=False, separators=(",", ":")).encode("ascii") + b"\n"
    except ValueError as error:  # An integer with thousands of digits.
        raise TypeError(f"this cannot be recorded: {error}") from error


def _require_json(value: Any, name: str, depth: int = 0) -> None:
    """Raise a TypeError that names the first part of `value` that JSON cannot carry."""
    if depth > _DEPTH:
        raise TypeError(f"{name.partition('[')[0]} is nested too deeply to be recorded")
    if isinstance(value, float) and not math.isfinite(value):
        raise TypeError(f"{name} is {value}: only finite numbers can be recorded")
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError(f"{name} has the key {key!r}: only text can be a key in a record")
            _require_json(item, f"{name}[{key!r}]", depth + 1)
    elif isinstance(value, list | tuple):
        for place, item in enumerate(value):
            _require_json(item, f"{name}[{place}]", depth + 1)
    elif value is not None and not isinstance(value, bool | int | float | str):
        raise TypeError(
            f"{name} is of type {type(value).__name__}, which cannot be recorded: only None, "
            "booleans, numbers, text, lists and dictionaries can"
        )


def _parse(line: bytes) -> Entry | None:
    """Return what a line says, or None where it is not a record."""
    try:
        fields = json.loads(line, parse_constant=_refuse)
        if not isinstance(fields, dict) or "value" not in fields:
            return None
        when = datetime.fromisoformat(fields["when"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    kind, id, sequence = fields.get("kind"), fields.get("id"), fields.get("sequence", 0)
    texts = isinstance(kind, str) and isinstance(id, str)
    if when.tzinfo is None or not texts or not isinstance(sequence, int):
        return None
    extra = {name: value for name, value in fields.items() if name not in _RESERVED}
    return Entry(when, sequence, kind, id, fields["value"], str(fields.get("course", "")), extra)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


@dataclass(frozen=True)
class Lesson:
    """What is to be done in a lesson: as much of it as a summary needs.

    Attributes
    ----------
    id, title : str
        ``"1.1"`` and its title.
    claims : tuple of str
        Ids of the claims that are rated there.
    questions : tuple of str
        Ids of the questions in its exercise.
    quiz : tuple of str
        Ids of the items of its quiz.
    """

    id: str
    title: str
    claims: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    quiz: tuple[str, ...] = ()


@dataclass(frozen=True)
class Standing:
    """Where a learner stands in a lesson.

    Attributes
    ----------
    lesson : Lesson
        The lesson.
    predicted : bool
        Whether a prediction was made.
    answered, right : int
        Questions of the exercise that were answered, and those answered right at least once.
    quiz_answered, quiz_right : int
        The same of the quiz.
    rated, weighed : int
        Claims of the lesson that were judged before it, and after it.
    last : datetime.datetime or None
        When anything was last recorded.
    """

    lesson: Lesson
    predicted: bool
    answered: int
    right: int
    quiz_answered: int
    quiz_right: int
    rated: int
    weighed: int
    last: datetime | None


def summary(lessons: Iterable[Lesson], entries: Iterable[Entry] | None = None) -> list[Standing]:
    """Return where a learner stands in each of the lessons.

    Parameters
    ----------
    lessons : iterable of Lesson
        In the order wanted.
    entries : iterable of Entry, optional
        The records; by default all of the current store.
    """
    records = _current().entries() if entries is None else list(entries)
    return [_standing(lesson, records) for lesson in lessons]


def _standing(lesson: Lesson, entries: list[Entry]) -> Standing:
    verdicts = ("first_verdict", "verdict")
    own = [
        entry
        for entry in entries
        if (entry.id in lesson.claims if entry.kind in verdicts else _belongs(entry, lesson))
    ]

    # Questions of another version of the course don't count where this one's are known.
    known = {"answer": lesson.questions, "quiz": lesson.quiz}

    def count(kind: str, *, right: bool = False) -> int:
        ids = {e.id for e in own if e.kind == kind and (e.right or not right)}
        return len(ids & set(known[kind]) if known.get(kind) else ids)

    return Standing(
        lesson=lesson,
        predicted=count("prediction") > 0,
        answered=count("answer"),
        right=count("answer", right=True),
        quiz_answered=count("quiz"),
        quiz_right=count("quiz", right=True),
        rated=count("first_verdict"),
        weighed=count("verdict"),
        last=max((entry.when for entry in own), default=None),
    )


def _belongs(entry: Entry, lesson: Lesson) -> bool:
    return entry.id == lesson.id or entry.id.startswith(f"{lesson.id}.")


# One store for each environment, made at first use: a learner who changes the working directory
# in the middle of a notebook keeps the same one.
_stores: dict[tuple[str | None, ...], Store] = {}


def _current() -> Store:
    key = tuple(os.environ.get(name) for name in _LOCATING)
    if key not in _stores:
        try:
            start = Path.cwd()
        except OSError:  # The folder was deleted under the kernel.
            start = Path(os.path.abspath(os.sep))
        _stores[key] = Store(locate(start))
    return _stores[key]


def record(kind: str, id: str, value: Any, **extra: Any) -> str:
    """Keep a record in the current store: see `Store.record`."""
    return _current().record(kind, id, value, **extra)


def entries(kind: str | None = None, id: str | None = None) -> list[Entry]:
    """Return the records of the current store, oldest first: see `Store.entries`."""
    return _current().entries(kind, id)


def latest(kind: str, id: str) -> Entry | None:
    """Return the newest record of a kind about an id in the current store, or None."""
    return _current().latest(kind, id)


def where() -> str:
    """Say where the current store keeps progress."""
    return _current().where()


def notices() -> list[str]:
    """Return what has to be said about the current store's files, each thing once."""
    return _current().notices()
