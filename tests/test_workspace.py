"""The learner's copy: what they edited is never overwritten, and what happens is said."""

from __future__ import annotations

import contextlib
import errno
import json
import os
from pathlib import Path

import nbformat
import pytest

import exocourse
from exocourse import workspace
from exocourse.knowledge import anchors
from exocourse.workspace import WorkspaceError, course_source, lessons_in, prepare, read_manifest

LESSON = "lessons/1-vesicles/1.1-size.ipynb"
EXERCISE = "exercises/1-vesicles/1.1-size.ipynb"


def write_notebook(path: Path, *sources: str, version: str = "0.1.0", **metadata) -> None:
    cells = [nbformat.v4.new_markdown_cell(s, id=f"cell-{n}") for n, s in enumerate(sources)]
    about = {"version": version, **metadata}
    nb = nbformat.v4.new_notebook(cells=cells, metadata={"exocourse": about})
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nb, path)


def edit(path: Path, source: str) -> None:
    nb = nbformat.read(path, as_version=4)
    nb.cells[0].source = source
    nbformat.write(nb, path)


def run(path: Path) -> None:
    """Change what running a notebook and saving it changes."""
    nb = nbformat.read(path, as_version=4)
    nb.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nb.cells.append(nbformat.v4.new_code_cell("", id="appended"))
    nbformat.write(nb, path)


def text(path: Path) -> str:
    return nbformat.read(path, as_version=4).cells[0].source


def kinds(changes: list) -> list[tuple[str, str]]:
    return [(change.kind, change.path) for change in changes]


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of a tiny course; the library believes to be installed from it."""
    root = tmp_path / "checkout"
    package = root / "src" / "exocourse"
    package.mkdir(parents=True)
    monkeypatch.setattr(exocourse, "__file__", str(package / "__init__.py"))
    monkeypatch.setattr(exocourse, "__version__", "0.1.0")
    write_notebook(root / LESSON, "Size, 0.1", id="1.1", title="Size")
    write_notebook(root / EXERCISE, "Exercise, 0.1", id="1.1", title="Size")
    return root


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "my-course"


def update(course: Path, monkeypatch: pytest.MonkeyPatch, version: str = "0.2.0") -> None:
    monkeypatch.setattr(exocourse, "__version__", version)
    write_notebook(course / LESSON, f"Size, {version}", version=version, id="1.1", title="Size")


# Where the course is


def test_in_a_checkout_the_course_is_at_its_root(course):
    assert course_source() == course


def test_in_a_wheel_the_course_is_inside_the_package(course):
    inside = course / "src" / "exocourse" / "_course"
    (inside / "lessons").mkdir(parents=True)
    assert course_source() == inside


def test_an_installation_without_lessons_says_so(tmp_path, monkeypatch):
    package = tmp_path / "site-packages" / "exocourse"
    package.mkdir(parents=True)
    monkeypatch.setattr(exocourse, "__file__", str(package / "__init__.py"))
    with pytest.raises(WorkspaceError, match=r"not found.*Install exocourse again"):
        course_source()


# The first copy


def test_a_new_workspace_holds_lessons_and_exercises_and_their_digests(course, target):
    changes = prepare(target)
    assert kinds(changes) == [("copied", EXERCISE), ("copied", LESSON)]
    for path in (LESSON, EXERCISE):
        assert (target / path).read_bytes() == (course / path).read_bytes()
    manifest = json.loads((target / ".exocourse" / "manifest.json").read_text())
    assert manifest["version"] == "0.1.0"
    assert set(manifest["notebooks"]) == {LESSON, EXERCISE}
    entry = manifest["notebooks"][LESSON]
    assert entry["version"] == "0.1.0" and len(entry["digest"]) == 64
    assert prepare(target) == []


def test_readme_checkpoints_solutions_and_hidden_files_are_not_copied(course, target):
    for name in ("lessons/README.md", "lessons/1-vesicles/.ipynb_checkpoints/x.ipynb"):
        (course / name).parent.mkdir(parents=True, exist_ok=True)
        (course / name).write_text("no")
    write_notebook(course / "solutions/1-vesicles/1.1-size.ipynb", "the answer")
    (course / "lessons/1-vesicles/map.svg").write_text("<svg/>")
    prepare(target)
    files = {p.relative_to(target).as_posix() for p in target.rglob("*") if p.is_file()}
    assert {f for f in files if not f.startswith(".")} == {
        LESSON,
        EXERCISE,
        "lessons/1-vesicles/map.svg",
    }


def test_no_half_written_file_is_left(course, target):
    prepare(target)
    assert not [p for p in target.rglob("*") if p.name.endswith(".part")]


def test_jupyterlab_is_told_not_to_ask_for_news(course, target):
    prepare(target)
    path = target / ".exocourse/jupyter/labconfig/default_setting_overrides.json"
    (settings,) = json.loads(path.read_text()).values()
    assert settings == {"fetchNews": "false", "checkForUpdates": False}


def test_an_empty_folder_will_do_and_hidden_files_do_not_count(course, target):
    target.mkdir()
    (target / ".git").mkdir()
    (target / ".DS_Store").write_text("")
    assert len(prepare(target)) == 2


def test_a_relative_target_and_one_with_odd_letters(course, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    prepare(Path("k\u00fcl\u00f6n mappa [1]"))
    assert (tmp_path / "k\u00fcl\u00f6n mappa [1]" / LESSON).is_file()


# Updates


def test_what_was_only_run_is_updated_and_backed_up(course, target, monkeypatch):
    prepare(target)
    run(target / LESSON)
    before = (target / LESSON).read_bytes()
    update(course, monkeypatch)
    (change,) = prepare(target)
    assert (change.kind, change.path) == ("updated", LESSON)
    assert "0.2.0" in change.message
    assert text(target / LESSON) == "Size, 0.2.0"
    (backup,) = (target / ".exocourse" / "backups").rglob("*.ipynb")
    assert backup.read_bytes() == before
    assert backup.as_posix().endswith(LESSON)
    assert backup.relative_to(target).as_posix() in change.message
    assert read_manifest(target)["version"] == "0.2.0"
    assert prepare(target) == []


def test_what_was_edited_stays_and_the_new_one_is_put_beside_once(course, target, monkeypatch):
    prepare(target)
    edit(target / LESSON, "my notes")
    before = (target / LESSON).read_bytes()
    assert prepare(target) == [], "nothing newer: nothing to say"
    update(course, monkeypatch)
    (change,) = prepare(target)
    beside = target / "lessons/1-vesicles/1.1-size.new-0.2.0.ipynb"
    assert (change.kind, change.path) == ("beside", LESSON)
    assert beside.name in change.message
    assert "from version 0.1.0" in change.message and "version 0.2.0" in change.message
    assert (target / LESSON).read_bytes() == before
    assert text(beside) == "Size, 0.2.0"
    assert prepare(target) == []
    beside.unlink()
    assert prepare(target) == [], "deleted by the learner: not put there again"
    assert not beside.exists()


def test_each_newer_version_is_offered(course, target, monkeypatch):
    prepare(target)
    edit(target / LESSON, "my notes")
    for version in ("0.2.0", "0.3.0"):
        update(course, monkeypatch, version)
        assert kinds(prepare(target)) == [("beside", LESSON)]
    names = sorted(path.name for path in (target / "lessons/1-vesicles").iterdir())
    assert names == ["1.1-size.ipynb", "1.1-size.new-0.2.0.ipynb", "1.1-size.new-0.3.0.ipynb"]


def test_an_edited_offer_is_not_overwritten_either(course, target, monkeypatch):
    prepare(target)
    edit(target / LESSON, "my notes")
    update(course, monkeypatch)
    prepare(target)
    beside = target / "lessons/1-vesicles/1.1-size.new-0.2.0.ipynb"
    edit(beside, "notes in the new one")
    write_notebook(course / LESSON, "Size, 0.2.0 once more", version="0.2.0")
    (change,) = prepare(target)
    assert "1.1-size.new-0.2.0-2.ipynb" in change.message
    assert text(beside) == "notes in the new one"
    assert text(beside.with_name("1.1-size.new-0.2.0-2.ipynb")) == "Size, 0.2.0 once more"


def test_a_learner_who_took_the_new_one_over_is_up_to_date(course, target, monkeypatch):
    prepare(target)
    edit(target / LESSON, "my notes")
    update(course, monkeypatch)
    prepare(target)
    os.replace(target / "lessons/1-vesicles/1.1-size.new-0.2.0.ipynb", target / LESSON)
    assert prepare(target) == []
    update(course, monkeypatch, "0.3.0")
    assert kinds(prepare(target)) == [("updated", LESSON)]


def test_a_deleted_notebook_comes_back(course, target):
    prepare(target)
    edit(target / LESSON, "my notes")
    (target / LESSON).unlink()
    (change,) = prepare(target)
    assert (change.kind, change.path) == ("copied", LESSON)
    assert "again" in change.message
    assert text(target / LESSON) == "Size, 0.1"


def test_a_new_lesson_is_copied(course, target):
    prepare(target)
    write_notebook(course / "lessons/2-cargo/2.1-cargo.ipynb", "Cargo")
    assert kinds(prepare(target)) == [("copied", "lessons/2-cargo/2.1-cargo.ipynb")]


def test_a_learners_own_file_where_a_new_lesson_comes_stays(course, target):
    prepare(target)
    new = "lessons/2-cargo/2.1-cargo.ipynb"
    write_notebook(target / new, "my own")
    write_notebook(course / new, "Cargo")
    assert kinds(prepare(target)) == [("beside", new)]
    assert text(target / new) == "my own"


def test_a_lesson_that_the_course_dropped_stays_and_is_said_once(course, target):
    prepare(target)
    (course / LESSON).unlink()
    assert kinds(prepare(target)) == [("dropped", LESSON)]
    assert (target / LESSON).exists()
    assert prepare(target) == []


def test_a_learners_further_notebooks_are_their_own(course, target):
    prepare(target)
    write_notebook(target / "lessons/1-vesicles/scratch.ipynb", "mine")
    assert prepare(target) == []
    assert text(target / "lessons/1-vesicles/scratch.ipynb") == "mine"


def test_other_files_are_treated_alike(course, target):
    data = "lessons/1-vesicles/data.csv"
    (course / data).write_text("a,b\n")
    prepare(target)
    (course / data).write_text("a,b,c\n")
    assert kinds(prepare(target)) == [("updated", data)]
    (target / data).write_text("mine\n")
    (course / data).write_text("a,b,c,d\n")
    assert kinds(prepare(target)) == [("beside", data)]
    assert (target / data).read_text() == "mine\n"
    assert (target / "lessons/1-vesicles/data.new-0.1.0.csv").read_text() == "a,b,c,d\n"


# What is not as it should be


@pytest.mark.parametrize("content", ["", "not json", '{"nbformat": 3}', "[]"])
def test_an_invalid_notebook_of_the_learners_is_not_touched(course, target, content):
    prepare(target)
    (target / LESSON).write_text(content)
    trouble, offer = prepare(target)
    assert (trouble.kind, offer.kind) == ("unreadable", "beside")
    assert LESSON in trouble.message and "not a valid notebook" in trouble.message
    assert "1.1-size.new-0.1.0.ipynb" in offer.message
    assert (target / LESSON).read_text() == content
    assert text(target / "lessons/1-vesicles/1.1-size.new-0.1.0.ipynb") == "Size, 0.1"
    assert kinds(prepare(target)) == [("unreadable", LESSON)], "said again, offered once"


def test_a_folder_or_a_broken_link_where_a_notebook_should_be(course, target):
    prepare(target)
    (target / LESSON).unlink()
    (target / LESSON).mkdir()
    (target / EXERCISE).unlink()
    (target / EXERCISE).symlink_to("nowhere.ipynb")
    assert [change.kind for change in prepare(target)] == ["unreadable", "beside"] * 2
    assert (target / LESSON).is_dir() and (target / EXERCISE).is_symlink()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"notebooks": []}', '{"notebooks": {"a": 1}}'])
def test_a_damaged_manifest_is_set_aside_and_nothing_overwritten(
    course, target, monkeypatch, content
):
    prepare(target)
    edit(target / LESSON, "my notes")
    (target / ".exocourse" / "manifest.json").write_text(content)
    update(course, monkeypatch)
    said, offer = prepare(target)
    assert said.kind == "manifest" and "damaged" in said.message
    assert (offer.kind, offer.path) == ("beside", LESSON)
    assert text(target / LESSON) == "my notes"
    (aside,) = (target / ".exocourse" / "backups").rglob("manifest.json")
    assert aside.read_text() == content
    assert prepare(target) == []


def test_a_damaged_lesson_of_the_course_is_named_and_the_learners_kept(course, target):
    prepare(target)
    edit(target / LESSON, "my notes")
    (course / LESSON).write_text('{"nbformat": 4}')
    with pytest.raises(WorkspaceError, match=r"own files are damaged.*1\.1-size\.ipynb"):
        prepare(target)
    assert text(target / LESSON) == "my notes"


def test_a_file_is_no_workspace(course, target):
    target.write_text("")
    with pytest.raises(WorkspaceError, match="is a file"):
        prepare(target)


def test_a_file_above_the_target(course, target):
    target.write_text("")
    with pytest.raises(WorkspaceError, match="could not be written"):
        prepare(target / "below")


def test_a_folder_with_other_work_is_refused_and_left_as_it_is(course, target):
    target.mkdir()
    (target / "thesis.txt").write_text("years of work")
    with pytest.raises(WorkspaceError, match=r"thesis\.txt.*new or empty"):
        prepare(target)
    assert [path.name for path in target.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize(
    "inside",
    ["", "lessons", "Lessons", "exercises/1-vesicles", "solutions/x", "src/exocourse", ".git"],
)
def test_the_courses_own_folders_are_refused(course, inside):
    before = sorted(course.rglob("*"))
    with pytest.raises(WorkspaceError, match="belongs to the course itself"):
        prepare(course / inside)
    assert sorted(course.rglob("*")) == before


def test_a_link_into_the_course_is_refused(course, target):
    target.symlink_to(course / "lessons")
    with pytest.raises(WorkspaceError, match="belongs to the course itself"):
        prepare(target)


def test_my_course_inside_the_checkout_is_fine(course):
    prepare(course / "my-course")
    assert prepare(course / "my-course") == []


def failing(monkeypatch: pytest.MonkeyPatch, name: str, code: int, after: int) -> None:
    real, calls = getattr(os, name), []

    def operation(*arguments, **keywords):
        calls.append(arguments)
        if len(calls) > after:
            raise OSError(code, os.strerror(code))
        return real(*arguments, **keywords)

    monkeypatch.setattr(workspace.os, name, operation)


@pytest.mark.parametrize("after", range(6))
@pytest.mark.parametrize("name", ["fsync", "replace", "mkdir"])
def test_a_disk_that_fills_up_half_way_loses_nothing(course, target, monkeypatch, name, after):
    prepare(target)
    edit(target / EXERCISE, "my notes")
    run(target / LESSON)
    before = (target / LESSON).read_bytes()
    update(course, monkeypatch)
    write_notebook(course / EXERCISE, "Exercise, 0.2.0", version="0.2.0")
    with monkeypatch.context() as patch:
        failing(patch, name, errno.ENOSPC, after)
        with contextlib.suppress(WorkspaceError):
            prepare(target)
    assert not [p for p in target.rglob("*") if p.name.endswith(".part")]
    mine = [target / LESSON, *(target / ".exocourse" / "backups").rglob("1.1-size.ipynb")]
    assert before in [path.read_bytes() for path in mine if path.exists()]
    assert text(target / EXERCISE) == "my notes"
    prepare(target)
    assert text(target / LESSON) == "Size, 0.2.0"
    assert text(target / "exercises/1-vesicles/1.1-size.new-0.2.0.ipynb") == "Exercise, 0.2.0"
    assert len(list(target.rglob("*.new-*"))) == 1
    assert not [p for p in target.rglob("*") if p.name.endswith(".part")]
    assert prepare(target) == []


def test_a_first_copy_that_broke_off_can_be_repeated(course, target, monkeypatch):
    with monkeypatch.context() as patch:
        failing(patch, "replace", errno.ENOSPC, after=3)
        with pytest.raises(WorkspaceError, match=r"could not be written: No space left.*run the"):
            prepare(target)
    prepare(target)
    assert (target / LESSON).exists() and (target / EXERCISE).exists()


def test_a_target_that_cannot_be_written(course, target, monkeypatch):
    failing(monkeypatch, "mkdir", errno.EACCES, after=0)
    with pytest.raises(WorkspaceError, match="could not be written: Permission denied"):
        prepare(target)


# Lessons by their metadata


def test_lessons_are_read_from_the_notebooks(course, target):
    write_notebook(course / LESSON, "x", id="1.1", title="Size", claims=["S0-01", "S4-02"])
    cells = [nbformat.v4.new_code_cell("x", id=f"cell-{n}") for n in range(4)]
    cells[0].metadata["nbgrader"] = {"grade_id": "answer-1-1-a", "grade": False, "solution": True}
    cells[1].metadata["nbgrader"] = {"grade_id": "q-1-1-a", "grade": True, "solution": False}
    cells[2].metadata["nbgrader"] = {"grade_id": "q-1-1-b", "grade": True, "solution": True}
    nb = nbformat.v4.new_notebook(cells=cells, metadata={"exocourse": {"id": "1.1"}})
    nbformat.write(nb, course / EXERCISE)
    opening = {"id": "0.1", "title": "Start", "kind": "start"}
    write_notebook(course / "lessons/0-start/0.1-start.ipynb", "x", **opening)
    prepare(target)
    (target / "lessons/1-vesicles/1.1-size.new-0.2.0.ipynb").write_text("ignored")
    (target / "lessons/1-vesicles/mine.ipynb").write_text("not a notebook")
    lessons, troubles = lessons_in(target)
    start, size = lessons
    assert (start.id, start.title, start.questions) == ("0.1", "Start", ())
    assert set(start.claims) == {claim.id for claim in anchors()}, "0.1 opens the ledger"
    assert (size.id, size.claims, size.questions) == ("1.1", ("S0-01", "S4-02"), ("1.1.a",))
    assert size.quiz == tuple(f"1.1.q{number}" for number in range(1, 8))
    assert len(troubles) == 1 and "mine.ipynb" in troubles[0]


def test_an_empty_folder_has_no_lessons(tmp_path):
    assert lessons_in(tmp_path) == ([], [])
