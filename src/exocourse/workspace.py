"""The learner's workspace: a copy of the course, in which what they edited is never overwritten."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import exocourse
from exocourse.learning.progress import MARKER, Lesson
from exocourse.notebooks import NotebookError, course_metadata, notebook_digest, read_notebook

PARTS = ("lessons", "exercises")
FIRST_LESSON = "lessons/0-start/0.1-start-here.ipynb"
JUPYTER_FOLDER = MARKER.parent / "jupyter"

# JupyterLab asks whether it may fetch news, and looks for updates on the network: not in a lesson.
LAB_SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}
}

_TRACKED = {*PARTS, "solutions", "src", "tests", ".ci", ".git", ".github", ".venv"}
_SKIPPED = re.compile(r"^(\.|__pycache__$|README)", re.IGNORECASE)
_BESIDE = re.compile(r"\.new-[^/]*$")


class WorkspaceError(Exception):
    """A folder that cannot be a workspace; the message says why and what to do."""


@dataclass(frozen=True)
class Change:
    """One thing that `prepare` did, or left for the learner to decide.

    Attributes
    ----------
    kind : str
        ``"copied"``, ``"updated"`` (the old file is backed up), ``"beside"`` (the new file was put
        beside the learner's), ``"unreadable"`` (the learner's file was left alone), ``"dropped"``
        (no longer part of the course, left in place) or ``"manifest"``.
    path : str
        Relative to the workspace, with ``/``.
    message : str
        The same in words.
    """

    kind: str
    path: str
    message: str


def course_source() -> Path:
    """Return the folder that holds ``lessons`` and ``exercises``.

    It is inside the package when the course was installed from a wheel, and the repository's root
    when it was installed editable from a checkout.

    Raises
    ------
    WorkspaceError
        If neither holds a lesson.
    """
    package = Path(exocourse.__file__).resolve().parent
    for folder in (package / "_course", package.parents[1]):
        if (folder / "lessons").is_dir():
            return folder
    raise WorkspaceError(
        f"The lessons were not found beside {package}: the installation is incomplete. "
        "Install exocourse again."
    )


def prepare(target: Path) -> list[Change]:
    """Make a folder a workspace, or bring it up to date, and say what changed.

    A file is replaced only where the learner has not edited it (running a notebook is not
    editing), and what is replaced is kept under ``.exocourse/backups``. Where the learner has
    edited it, the new one is put beside it, once.

    Parameters
    ----------
    target : pathlib.Path
        A folder that is new, empty (hidden files apart), or already a workspace. Any other folder
        is refused, even where no name would collide: the course should not mix with other work.

    Raises
    ------
    WorkspaceError
        If the folder cannot be used, or the course's own files are not valid.
    """
    source = course_source()
    target = Path(os.path.abspath(target.expanduser()))
    try:
        _refuse_unusable(target, source)
        manifest, changes = _open_manifest(target)
        _write_lab_settings(target)
        try:
            for path in _course_files(source):
                changes += _bring(source, target, path, manifest["notebooks"])
            changes += _drop_missing(source, target, manifest["notebooks"])
            manifest["version"] = exocourse.__version__
        finally:
            # Also after a failure half-way: what is in place must be known the next time.
            _write_manifest(target, manifest)
    except OSError as error:
        raise WorkspaceError(
            f"The workspace {target} could not be written: {error.strerror or error}"
            f"{f' ({error.filename})' if error.filename else ''}. What was there is unharmed; "
            "mend that and run the same command again."
        ) from error
    return changes


def _refuse_unusable(target: Path, source: Path) -> None:
    """Raise a WorkspaceError where a folder must not become a workspace."""
    if target.exists() and not target.is_dir():
        raise WorkspaceError(f"{target} is a file: name a new or empty folder.")
    place = target.resolve()
    package = Path(exocourse.__file__).resolve().parent
    checkout = source if source == package.parents[1] else None
    if place.is_relative_to(package) or (checkout and _is_tracked(place, checkout)):
        raise WorkspaceError(
            f"{target} belongs to the course itself: learn in a copy, for instance my-course."
        )
    if (target / MARKER).exists() or not target.exists():
        return
    if foreign := sorted(name for name in os.listdir(target) if not name.startswith(".")):
        some = ", ".join(foreign[:3]) + (" ..." if len(foreign) > 3 else "")
        raise WorkspaceError(
            f"{target} holds other files ({some}) and is not a workspace of the course: name a "
            "new or empty folder."
        )


def _is_tracked(place: Path, checkout: Path) -> bool:
    """Whether a folder is the checkout itself, or in one of the folders that it tracks."""
    if not place.is_relative_to(checkout):
        return False
    parts = place.relative_to(checkout).parts
    return not parts or parts[0].casefold() in _TRACKED


def _course_files(source: Path) -> list[str]:
    """Return what a learner gets, relative to the source: all but README and hidden files."""
    return sorted(
        path.relative_to(source).as_posix()
        for part in PARTS
        for path in _walk(source / part)
        if not _BESIDE.search(path.stem)
    )


def _walk(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if _SKIPPED.match(path.name):
            continue
        if path.is_dir():
            yield from _walk(path)
        else:
            yield path


def _digest(path: Path) -> tuple[str, str]:
    """Return a file's digest and the version of the course that it says it is from."""
    if path.suffix != ".ipynb":
        return hashlib.sha256(path.read_bytes()).hexdigest(), ""
    notebook = read_notebook(path)
    return notebook_digest(notebook), str(course_metadata(notebook).get("version", ""))


def _bring(source: Path, target: Path, path: str, known: dict[str, Any]) -> list[Change]:
    """Bring one file of the course into the workspace, or up to date, or beside the learner's."""
    try:
        new, version = _digest(source / path)
    except NotebookError as error:
        raise WorkspaceError(f"The course's own files are damaged. {error}") from error
    version = version or exocourse.__version__
    here, entry = target / path, known.get(path, {})

    def note(**more: str) -> None:
        known[path] = {**more, "version": version}

    if not os.path.lexists(here):
        _put(source / path, here)
        again = " again: it was no longer there" if entry else ""
        note(digest=new)
        return [Change("copied", path, f"{path} copied{again}.")]
    try:
        mine, my_version = _digest(here)
    except (NotebookError, OSError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        trouble = Change("unreadable", path, f"{path} was left as it is: {why}")
        if entry.get("offered") == new:
            return [trouble]
        beside = _put_beside(source / path, here, version, new)
        known[path] = {**entry, "offered": new}
        return [trouble, Change("beside", path, f"A good copy of {path} is beside it: {beside}.")]
    if mine == new:
        note(digest=new)
        return []
    if mine == entry.get("digest"):
        backup = _backup(path)
        # Moved, not copied, and only once the new one is on the disk: whatever is saved into the
        # old one until then is in the backup, and a full disk changes nothing.
        _put(source / path, here, first=lambda: _move(target / path, target / backup))
        note(digest=new)
        told = f"{path} updated to version {version}; the one before is in {backup}."
        return [Change("updated", path, told)]
    if new in (entry.get("digest"), entry.get("offered")):
        return []  # The learner edited it and the course has nothing newer to offer.
    beside = _put_beside(source / path, here, version, new)
    known[path] = {**entry, "offered": new}
    theirs = f"from version {my_version or 'unknown'} of the course"
    told = (
        f"{path} ({theirs}) has your own changes and stays as it is. The one of the course as it "
        f"is now (version {version}) is beside it: {beside}."
    )
    return [Change("beside", path, told)]


def _drop_missing(source: Path, target: Path, known: dict[str, Any]) -> list[Change]:
    """Forget files that the course no longer has; they stay where they are."""
    changes = []
    for path in sorted(set(known) - set(_course_files(source))):
        del known[path]
        if (target / path).exists():
            told = f"{path} is no longer part of the course; yours stays where it is."
            changes.append(Change("dropped", path, told))
    return changes


def _put(source: Path, here: Path, first: Callable[[], None] = lambda: None) -> None:
    """Copy a file so that at no moment half of it is there."""
    here.parent.mkdir(parents=True, exist_ok=True)
    _write(here, source.read_bytes(), first)


def _write(here: Path, content: bytes, first: Callable[[], None] = lambda: None) -> None:
    """Write a file whole; `first` is called when all that is left to do is to rename it."""
    part = here.with_name(f".{here.name}.{os.getpid()}.part")
    try:
        with open(part, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        first()
        os.replace(part, here)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def _put_beside(source: Path, here: Path, version: str, digest: str) -> str:
    """Put a new file beside the learner's under a free name; return the name."""
    stem = f"{here.stem}.new-{version}"
    number = 1
    while True:
        beside = here.with_name(f"{stem}{f'-{number}' if number > 1 else ''}{here.suffix}")
        if not os.path.lexists(beside):
            _put(source, beside)
            return beside.name
        with contextlib.suppress(NotebookError, OSError):
            if _digest(beside)[0] == digest:
                return beside.name
        number += 1


def _backup(path: str) -> str:
    """Return a new name among the backups, relative to the workspace."""
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}"
    return (MARKER.parent / "backups" / stamp / path).as_posix()


def _move(here: Path, there: Path) -> None:
    there.parent.mkdir(parents=True, exist_ok=True)
    os.replace(here, there)


def read_manifest(target: Path) -> dict[str, Any] | None:
    """Return a workspace's manifest, or None where there is none that can be read."""
    try:
        manifest = json.loads((target / MARKER).read_bytes())
    except (OSError, ValueError):
        return None
    entries = manifest.get("notebooks") if isinstance(manifest, dict) else None
    if not isinstance(entries, dict) or not all(isinstance(e, dict) for e in entries.values()):
        return None
    return manifest


def _open_manifest(target: Path) -> tuple[dict[str, Any], list[Change]]:
    """Return the manifest, made anew where there is none; a damaged one is set aside."""
    manifest = read_manifest(target)
    if manifest is not None:
        return manifest, []
    changes = []
    if (target / MARKER).exists():
        aside = _backup(MARKER.name)
        _move(target / MARKER, target / aside)
        told = (
            f"The workspace's list of files was damaged and is now {aside}. What differs from the "
            "course counts as edited by you."
        )
        changes.append(Change("manifest", MARKER.as_posix(), told))
    # Written before the first copy: a first run that breaks off can simply be repeated.
    manifest = {"version": exocourse.__version__, "notebooks": {}}
    _write_manifest(target, manifest)
    return manifest, changes


def _write_manifest(target: Path, manifest: dict[str, Any]) -> None:
    (target / MARKER).parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(manifest, indent=1, sort_keys=True) + "\n"
    _write(target / MARKER, text.encode("ascii"))


def _write_lab_settings(target: Path) -> None:
    folder = target / JUPYTER_FOLDER / "labconfig"
    folder.mkdir(parents=True, exist_ok=True)
    settings = json.dumps(LAB_SETTINGS, indent=1) + "\n"
    _write(folder / "default_setting_overrides.json", settings.encode("ascii"))


def lessons_in(target: Path) -> tuple[list[Lesson], list[str]]:
    """Return the lessons that a workspace holds, in order, and what could not be read.

    Titles and claims are read from the lessons' metadata, the questions from the grade ids of
    the exercises.
    """
    metadata, questions, troubles = {}, {}, []
    for path in _course_files(target):
        if not path.endswith(".ipynb"):
            continue
        try:
            notebook = read_notebook(target / path)
        except NotebookError as error:
            troubles.append(str(error))
            continue
        found = course_metadata(notebook)
        if isinstance(found.get("id"), str):
            if path.startswith("lessons/"):
                metadata[found["id"]] = found
            else:
                questions[found["id"]] = _questions(notebook)
    lessons = [
        Lesson(
            id,
            str(found.get("title", id)),
            tuple(found.get("claims", ())) or _anchors(found),
            questions.get(id, ()),
            _quiz(id),
        )
        for id, found in metadata.items()
    ]
    return lessons, troubles


def _anchors(metadata: dict[str, Any]) -> tuple[str, ...]:
    """Return the claims that are rated in the lesson that opens the ledger."""
    if metadata.get("kind") != "start":
        return ()
    from exocourse.knowledge import anchors

    return tuple(claim.id for claim in anchors())


def _quiz(lesson_id: str) -> tuple[str, ...]:
    """Return the ids of a lesson's quiz, or nothing for a lesson that this library has not."""
    from exocourse.finding import find
    from exocourse.knowledge import UnknownId

    try:
        return tuple(item.id for item in find("quizzes", "QUIZZES", lesson_id))
    except UnknownId:
        return ()


def _questions(notebook: dict[str, Any]) -> tuple[str, ...]:
    """Return the ids of the questions that an exercise checks by itself.

    ``q-1-1-a`` is the grade id of ``1.1.a``; a written answer, which a person grades, is a
    solution too.
    """
    marks = (cell.get("metadata", {}).get("nbgrader", {}) for cell in notebook["cells"])
    grades = (str(m.get("grade_id")) for m in marks if m.get("grade") and not m.get("solution"))
    matches = (re.fullmatch(r"q-(\d+)-(\d+)-([a-z]+)", grade) for grade in grades)
    return tuple(".".join(match.groups()) for match in matches if match)
