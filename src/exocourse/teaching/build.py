"""Make exercises/ from solutions/ with nbgrader, or check that they are what would be made."""

from __future__ import annotations

import json
import logging
import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from exocourse.notebooks import course_metadata, notebook_digest
from exocourse.teaching import guards
from exocourse.teaching.execute import course_root, normalise

SOURCE = "solutions"
RELEASE = "exercises"
_IGNORED = {"__pycache__"}


class BuildError(RuntimeError):
    """Exercises that cannot be made; says which file and what to do."""


@dataclass
class _Plan:
    """What differs between exercises/ and what solutions/ generate, by path below exercises/."""

    write: dict[str, bytes] = field(default_factory=dict)
    remove: list[str] = field(default_factory=list)
    # What is wrong, in words, one entry a difference.
    differences: list[str] = field(default_factory=list)
    # What a rebuild would lose.
    hand_edits: list[str] = field(default_factory=list)


def build(check: bool = False, root: Path | str | None = None, *, force: bool = False) -> int:
    """Make ``exercises/`` from ``solutions/``, or say how they differ.

    Parameters
    ----------
    check : bool
        Write nothing; print every difference, with its file and cell.
    root : path, optional
        The course's folder; by default the nearest one, from the working folder upwards, that
        holds ``nbgrader_config.py``.
    force : bool
        Overwrite also exercises that somebody edited by hand.

    Returns
    -------
    int
        0 where the exercises are (now) what the solutions generate, otherwise 1.
    """
    try:
        root = course_root(root)
        fresh = generate(root)
        plan = _compare(fresh, _files(root / RELEASE))
    except (BuildError, FileNotFoundError) as error:
        print(error)
        return 1
    if check:
        for difference in plan.differences:
            print(difference)
        if plan.differences:
            print("The exercises are not what the solutions generate: run 'exocourse build'.")
            return 1
        print(f"{RELEASE}/ is in step with {SOURCE}/: {len(fresh)} files")
        return 0
    if plan.hand_edits and not force:
        for edit in plan.hand_edits:
            print(edit)
        print(
            f"Nothing was written. Exercises are generated: make the change in {SOURCE}/ and build "
            "again, or discard it with 'exocourse build --force'."
        )
        return 1
    _write(root / RELEASE, plan)
    return 0


def generate(root: Path) -> dict[str, bytes]:
    """Return the exercises that the solutions generate: content by path below ``exercises/``.

    Parameters
    ----------
    root : pathlib.Path
        The course's folder, which holds ``nbgrader_config.py`` and ``solutions/``.

    Raises
    ------
    BuildError
        Where a solution is not a valid notebook with stable cell ids, or nbgrader refuses it.
    """
    assignments = _assignments(root)
    problems = [
        problem for path in _solutions(root, assignments) for problem in _faults(path, root)
    ]
    if problems:
        raise BuildError("\n".join(problems))
    if not assignments:
        return {}
    with tempfile.TemporaryDirectory(prefix="exocourse-build-") as folder:
        release = Path(folder).resolve()
        for assignment in assignments:
            _run_nbgrader(root, assignment, release)
        return _files(release)


def finish_exercise(nb: Any, resources: Any) -> tuple[Any, Any]:
    """Finish an exercise that nbgrader made; the last of its preprocessors.

    What would differ from run to run goes; a digest of the cells is kept in the metadata, by
    which a later build sees that somebody edited the exercise by hand.

    Parameters
    ----------
    nb : nbformat.NotebookNode
        The exercise.
    resources : dict
        nbconvert's, passed through.
    """
    course = nb.metadata.get("exocourse", {})
    nb.metadata.clear()
    nb.metadata["exocourse"] = course
    normalise(nb)
    course["generated"] = notebook_digest(nb)
    return nb, resources


def edited_by_hand(nb: dict[str, Any]) -> bool:
    """Say whether an exercise's cells are no longer as they were generated, or never were.

    Running an exercise, or JupyterLab's empty cell at the end, is no edit.
    """
    return course_metadata(nb).get("generated") != notebook_digest(nb)


def _assignments(root: Path) -> list[str]:
    source = root / SOURCE
    if not source.is_dir():
        raise BuildError(f"there is no folder {SOURCE}/ in {root}")
    return sorted(
        folder.name
        for folder in source.iterdir()
        if folder.is_dir() and folder.name[0] not in "_." and any(folder.glob("*.ipynb"))
    )


def _solutions(root: Path, assignments: Iterable[str]) -> list[Path]:
    return [
        path
        for assignment in assignments
        for path in sorted((root / SOURCE / assignment).glob("*.ipynb"))
    ]


def _faults(path: Path, root: Path) -> list[str]:
    """Return why a solution cannot become an exercise."""
    name = path.relative_to(root).as_posix()
    try:
        nb = guards.read_notebook(path, name)
    except guards.NotebookError as error:
        return [str(error)]
    return [str(finding) for finding in guards.stable_cell_ids(nb, name)]


def _run_nbgrader(root: Path, assignment: str, release: Path) -> None:
    """Make one assignment's exercises in `release`, without nbgrader's database."""
    try:
        from nbgrader.converters import GenerateAssignment
        from nbgrader.converters.base import NbGraderException
        from nbgrader.coursedir import CourseDirectory
        from traitlets.config import PyFileConfigLoader
    except ImportError as error:
        raise BuildError(
            "building exercises needs nbgrader: pip install 'exocourse[teach]'"
        ) from error

    config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.release_directory = str(release)
    config.CourseDirectory.assignment_id = assignment
    config.GenerateAssignment.no_database = True
    config.SaveCells.enabled = False
    log = _Log()
    converter = GenerateAssignment(
        coursedir=CourseDirectory(config=config, log=log.logger), config=config, log=log.logger
    )
    try:
        converter.start()
    except NbGraderException as error:
        raise BuildError(log.explain(f"{SOURCE}/{assignment}")) from error


class _Log(logging.Handler):
    """Keeps what nbgrader logs, to explain its failures; nothing is printed."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[str] = []
        # A logger of its own, outside the tree of named ones: nothing else hears it.
        self.logger = logging.Logger("exocourse.build", level=logging.INFO)
        self.logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one message."""
        self.messages.append(record.getMessage())

    def explain(self, where: str) -> str:
        """Return the notebook that nbgrader was converting and its first error, the cause."""
        reasons = []
        for message in self.messages:
            if found := re.match(r"Converting notebook (.*)", message):
                where = f"{SOURCE}/{Path(found[1]).parent.name}/{Path(found[1]).name}"
            elif message.startswith("Traceback"):
                reasons += re.findall(r"^[\w.]*(?:Error|Exception): (.+)$", message, re.MULTILINE)
        reason = reasons[0] if reasons else "the reason is in nbgrader generate_assignment's log"
        return f"{where}: nbgrader could not make the exercise: {reason}"


def _files(folder: Path) -> dict[str, bytes]:
    """Return the content of every file below `folder` by its path, hidden ones left out."""
    files = {}
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part[0] == "." or part in _IGNORED for part in parts):
            files["/".join(parts)] = path.read_bytes()
    return files


def _compare(fresh: Mapping[str, bytes], current: Mapping[str, bytes]) -> _Plan:
    plan = _Plan()
    for name in sorted({*fresh, *current}):
        made, there = fresh.get(name), current.get(name)
        if made == there:
            continue
        label = f"{RELEASE}/{name}"
        if there is None:
            plan.differences.append(f"{label}: missing")
            plan.write[name] = made
            continue
        if made is None:
            plan.differences.append(f"{label}: nothing in {SOURCE}/ generates it")
            plan.remove.append(name)
        else:
            plan.differences += [f"{label}{words}" for words in _differences(made, there, name)]
            plan.write[name] = made
        edit = _hand_edit(made, there, name)
        if edit:
            plan.hand_edits.append(f"{label}: {edit}")
    return plan


def _differences(made: bytes, there: bytes, name: str) -> list[str]:
    """Return in words where two versions of a file differ, each beginning after the file's name."""
    if not name.endswith(".ipynb"):
        return [f": differs from {SOURCE}/{name}"]
    new, old = json.loads(made), _parsed(there)
    if old is None:
        return [": not a valid notebook"]
    words = [f", cell {cell_id}: {what}" for cell_id, what in _changed_cells(new, old)]
    if new["metadata"] != old.get("metadata"):
        words.append(": the notebook's metadata differ")
    return words or [": only its formatting differs"]


def _changed_cells(new: Mapping[str, Any], old: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return (id, what is different) of the cells in which two notebooks differ."""
    made = {cell["id"]: cell for cell in new["cells"]}
    there = {cell.get("id", f"number {n}"): cell for n, cell in enumerate(old["cells"], start=1)}
    changed = []
    for cell_id in [*made, *(extra for extra in there if extra not in made)]:
        if cell_id not in there:
            changed.append((cell_id, "missing"))
        elif cell_id not in made:
            changed.append((cell_id, "not in the solution"))
        elif _essence(made[cell_id]) != _essence(there[cell_id]):
            changed.append((cell_id, "differs"))
        elif made[cell_id] != there[cell_id]:
            changed.append((cell_id, "differs in outputs or metadata only"))
    if not changed and len(there) != len(old["cells"]):
        changed.append((old["cells"][-1].get("id", "last"), "two cells have the same id"))
    elif not changed and list(made) != list(there):
        moved = next(a for a, b in zip(made, there, strict=True) if a != b)
        changed.append((moved, "stands elsewhere"))
    return changed


def _hand_edit(made: bytes | None, there: bytes, name: str) -> str | None:
    """Return in words what a person did to a generated file, or None."""
    if not name.endswith(".ipynb"):
        # A copied file carries no digest: it is a person's only where no solution has it.
        return None if made is not None else "a file made by hand"
    old = _parsed(there)
    if old is None:
        return "not a valid notebook, so nobody can say what it holds"
    if not edited_by_hand(old):
        return None
    if made is None:
        return "edited by hand, and no solution generates it any more"
    changed = _changed_cells(json.loads(made), old)
    plural = "s" if len(changed) != 1 else ""
    cells = ", ".join(cell_id for cell_id, _ in changed)
    return f"edited by hand, {len(changed)} cell{plural} would be replaced: {cells or 'none'}"


def _parsed(content: bytes) -> Any:
    """Return a notebook's JSON, or None where it is none."""
    try:
        nb = json.loads(content)
        valid = isinstance(nb["metadata"], dict) and all("source" in c for c in nb["cells"])
    except (ValueError, KeyError, TypeError):
        return None
    return nb if valid else None


def _essence(cell: Mapping[str, Any]) -> list[Any]:
    metadata = cell.get("metadata", {})
    # On disk a source may be a list of lines.
    source = "".join(cell["source"])
    return [
        cell.get("id"),
        cell["cell_type"],
        source,
        metadata.get("tags", []),
        metadata.get("nbgrader", {}),
    ]


def _write(folder: Path, plan: _Plan) -> None:
    for name in plan.remove:
        (folder / name).unlink()
        print(f"removed {RELEASE}/{name}: nothing in {SOURCE}/ generates it")
    for name, content in plan.write.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        print(f"wrote   {RELEASE}/{name}")
    for empty in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
        if not any(empty.iterdir()):
            empty.rmdir()
    if not plan.write and not plan.remove:
        print(f"{RELEASE}/ was in step with {SOURCE}/: nothing to write")
