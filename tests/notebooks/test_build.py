"""Solutions become exercises; what was edited by hand is named, not lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tiny_notebooks import code, make_course

from exocourse.teaching import guards
from exocourse.teaching.build import build

pytest.importorskip("nbgrader")

NAME = "1-sums/1.1-sums.ipynb"


@pytest.fixture
def tiny_course(tmp_path: Path) -> Path:
    return make_course(tmp_path / "course")


def exercise_of(course: Path) -> Path:
    return course / "exercises" / NAME


def edit(path: Path, cell_id: str, **changes) -> None:
    nb = json.loads(path.read_text())
    for cell in nb["cells"]:
        if cell["id"] == cell_id:
            cell.update(changes)
    path.write_text(json.dumps(nb, indent=1, sort_keys=True) + "\n")


def test_the_exercise_has_stubs_where_the_solution_has_answers(tiny_course):
    assert build(root=tiny_course) == 0
    nb = guards.read_notebook(exercise_of(tiny_course))
    sources = {cell["id"]: cell["source"] for cell in nb["cells"]}
    assert list(sources) == ["title", "answer-a", "check-a", "answer-b", "check-b", "answer-c"]
    assert sources["answer-a"] == "total = None\npass  # your answer"
    assert sources["answer-b"] == "def double(number):\n    pass  # your answer"
    assert sources["check-a"] == "assert total == 4"
    assert "commutative" not in sources["answer-c"]
    assert "answer" in sources["answer-c"]
    for guard in (
        guards.no_solution_text,
        guards.no_instructor_cell,
        guards.stores_no_outputs,
        guards.code_parses,
        guards.course_metadata,
    ):
        assert guard(nb, NAME) == []


def test_no_hidden_case_and_no_word_for_instructors_is_copied(tiny_course):
    build(root=tiny_course)
    below = tiny_course / "exercises"
    files = sorted(path.relative_to(below).as_posix() for path in below.rglob("*.*"))
    assert files == ["1-sums/1.1-sums.ipynb", "1-sums/numbers.csv"]
    assert "rubric" not in exercise_of(tiny_course).read_text()


def test_two_builds_give_the_same_bytes_and_check_passes(tiny_course, capsys):
    build(root=tiny_course)
    first = exercise_of(tiny_course).read_bytes()
    assert build(root=tiny_course, force=True) == 0
    assert exercise_of(tiny_course).read_bytes() == first
    assert build(check=True, root=tiny_course) == 0
    assert "in step" in capsys.readouterr().out


def test_what_a_person_s_python_wrote_into_the_solution_does_not_reach_the_exercise(tiny_course):
    build(root=tiny_course)
    first = exercise_of(tiny_course).read_bytes()
    solution = tiny_course / "solutions" / NAME
    nb = json.loads(solution.read_text())
    nb["metadata"]["language_info"] = {"name": "python", "version": "3.13.9"}
    nb["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    for cell in nb["cells"]:
        cell["metadata"]["execution"] = {"iopub.execute_input": "2025-01-01T00:00:00Z"}
    solution.write_text(json.dumps(nb))
    assert build(root=tiny_course) == 0
    assert exercise_of(tiny_course).read_bytes() == first


def test_check_names_file_and_cell_and_writes_nothing(tiny_course, capsys):
    build(root=tiny_course)
    edit(exercise_of(tiny_course), "check-a", source="assert True")
    before = exercise_of(tiny_course).read_bytes()
    assert build(check=True, root=tiny_course) == 1
    printed = capsys.readouterr().out
    assert "exercises/1-sums/1.1-sums.ipynb, cell check-a: differs" in printed
    assert "run 'exocourse build'" in printed
    assert "answer-b" not in printed
    assert exercise_of(tiny_course).read_bytes() == before


def test_a_changed_solution_shows_in_check_and_is_rebuilt_without_force(tiny_course, capsys):
    build(root=tiny_course)
    edit(tiny_course / "solutions" / NAME, "check-a", source="assert total == 2 + 2")
    assert build(check=True, root=tiny_course) == 1
    assert "cell check-a" in capsys.readouterr().out
    assert build(root=tiny_course) == 0
    assert "assert total == 2 + 2" in exercise_of(tiny_course).read_text()


def test_a_hand_edit_stops_the_build_until_it_is_forced(tiny_course, capsys):
    build(root=tiny_course)
    edit(exercise_of(tiny_course), "title", source="# Sums, by hand")
    assert build(root=tiny_course) == 1
    printed = capsys.readouterr().out
    assert "exercises/1-sums/1.1-sums.ipynb: edited by hand, 1 cell would be replaced: title" in (
        printed
    )
    assert "by hand" in exercise_of(tiny_course).read_text()
    assert build(root=tiny_course, force=True) == 0
    assert "# Sums, by hand" not in exercise_of(tiny_course).read_text()


def test_running_an_exercise_is_no_edit(tiny_course):
    build(root=tiny_course)
    path = exercise_of(tiny_course)
    edit(path, "answer-a", execution_count=1)
    nb = json.loads(path.read_text())
    nb["cells"].append(code("1f2e3d4c", ""))
    path.write_text(json.dumps(nb))
    assert build(check=True, root=tiny_course) == 1
    assert build(root=tiny_course) == 0
    assert build(check=True, root=tiny_course) == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda cells: cells.pop(1), "cell answer-a: missing"),
        (lambda cells: cells.append({**cells[0], "id": "mine"}), "cell mine: not in the solution"),
        (lambda cells: cells.reverse(), "stands elsewhere"),
        (lambda cells: cells.append(cells[-1]), "two cells have the same id"),
    ],
)
def test_check_says_what_became_of_the_cells(tiny_course, capsys, change, words):
    build(root=tiny_course)
    path = exercise_of(tiny_course)
    nb = json.loads(path.read_text())
    change(nb["cells"])
    path.write_text(json.dumps(nb))
    assert build(check=True, root=tiny_course) == 1
    assert words in capsys.readouterr().out
    assert build(root=tiny_course) == 1


def test_an_exercise_without_a_solution_is_reported_and_removed(tiny_course, capsys):
    build(root=tiny_course)
    (tiny_course / "solutions" / NAME).rename(
        tiny_course / "solutions" / "1-sums" / "1.1-additions.ipynb"
    )
    assert build(check=True, root=tiny_course) == 1
    assert f"exercises/{NAME}: nothing in solutions/ generates it" in capsys.readouterr().out
    assert build(root=tiny_course) == 0
    assert not exercise_of(tiny_course).exists()
    assert build(check=True, root=tiny_course) == 0


def test_a_file_made_by_hand_in_exercises_is_not_removed_unasked(tiny_course, capsys):
    build(root=tiny_course)
    notes = tiny_course / "exercises" / "1-sums" / "notes.md"
    notes.write_text("mine")
    assert build(root=tiny_course) == 1
    assert "exercises/1-sums/notes.md: a file made by hand" in capsys.readouterr().out
    assert notes.exists()


def test_an_exercise_that_is_no_notebook_any_more(tiny_course, capsys):
    build(root=tiny_course)
    exercise_of(tiny_course).write_text("<<<<<<< ours\n")
    assert build(check=True, root=tiny_course) == 1
    assert "1.1-sums.ipynb: not a valid notebook" in capsys.readouterr().out
    assert build(root=tiny_course) == 1
    assert build(root=tiny_course, force=True) == 0
    assert build(check=True, root=tiny_course) == 0


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda nb: nb["cells"][2].pop("id"), "cell 3 has no id"),
        (lambda nb: nb["cells"][2].update(id="title"), "cell title: two cells have this id"),
        (lambda nb: nb["cells"][2].update(id="1f2e3d4c"), "the id is random"),
        (lambda nb: nb["cells"][2].pop("outputs"), "not a valid notebook at cells/2"),
        (lambda nb: nb.update(nbformat_minor=4), "notebook format 4.4"),
        (
            lambda nb: nb["cells"][2].update(source="total = None\n### BEGIN SOLUTION\n"),
            "no end solution statement",
        ),
        (
            lambda nb: nb["cells"][4]["metadata"]["nbgrader"].update(grade_id="answer-1-1-a"),
            "uplicate",
        ),
    ],
)
def test_a_solution_that_cannot_be_built_is_named(tiny_course, capsys, damage, words):
    path = tiny_course / "solutions" / NAME
    nb = json.loads(path.read_text())
    damage(nb)
    path.write_text(json.dumps(nb))
    assert build(root=tiny_course) == 1
    printed = capsys.readouterr().out
    assert f"solutions/{NAME}" in printed
    assert words in printed
    assert not exercise_of(tiny_course).exists()


def test_a_solution_that_is_not_json(tiny_course, capsys):
    (tiny_course / "solutions" / NAME).write_text('{"cells": [\n<<<<<<< ours\n')
    assert build(root=tiny_course) == 1
    printed = capsys.readouterr().out
    assert f"solutions/{NAME} is not a valid notebook: not JSON" in printed


def test_outside_a_checkout(tmp_path, capsys):
    assert build(root=tmp_path) == 1
    assert "not in a checkout of the course" in capsys.readouterr().out


def test_the_working_folder_and_the_environment_stay_as_they_were(tiny_course):
    here = Path.cwd()
    build(root=tiny_course)
    assert Path.cwd() == here
    assert not (tiny_course / ".nbgrader" / "gradebook.db").exists()
