"""nbgrader itself grades: right answers get full marks, a blank nothing, whatever learners do."""

from __future__ import annotations

import copy
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tiny_notebooks import ROOT

from exocourse.teaching import guards
from exocourse.teaching.build import build

pytest.importorskip("nbgrader")
pytestmark = pytest.mark.slow

# nbgrader looks for alembic by name: without the environment's folder here, as where it was not
# activated, only nbgrader_config.py can help it.
BARE_PATH = os.pathsep.join(["/usr/local/bin", "/usr/bin", "/bin"])


@dataclass(frozen=True)
class Score:
    """What the gradebook says of one graded cell."""

    points: float | None
    of: float
    by_hand: bool


@dataclass(frozen=True)
class Course:
    """A course to grade, copied to where grading may write.

    Attributes
    ----------
    root : Path
        Its folder, with nbgrader_config.py, solutions/ and exercises/.
    assignment, notebook : str
        The assignment's folder, and its notebook without the ending.
    """

    root: Path
    assignment: str
    notebook: str

    def read(self, folder: str) -> Any:
        return guards.read_notebook(self._path(folder))

    def submit(self, student: str, nb: Any) -> None:
        path = self._path(f"submitted/{student}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(nb))

    def nbgrader(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "nbgrader", *arguments],
            cwd=self.root,
            env={**os.environ, "PATH": BARE_PATH},
            capture_output=True,
            text=True,
            timeout=300,
        )

    def scores(self, student: str) -> dict[str, Score]:
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.root}/.nbgrader/gradebook.db") as gradebook:
            graded = gradebook.find_submission_notebook(self.notebook, self.assignment, student)
            return {
                grade.name: Score(grade.auto_score, grade.max_score, grade.needs_manual_grade)
                for grade in graded.grades
            }

    def _path(self, folder: str) -> Path:
        return self.root / folder / self.assignment / f"{self.notebook}.ipynb"


def courses() -> list[str]:
    """Return the notebook of every exercise."""
    solutions = sorted((ROOT / "solutions").glob("[!_.]*/*.ipynb"))
    return [path.relative_to(ROOT / "solutions").as_posix() for path in solutions]


def copied(which: str, root: Path) -> Course:
    """Copy one assignment of the course."""
    folder, _, file = which.partition("/")
    root.mkdir()
    shutil.copy(ROOT / "nbgrader_config.py", root)
    shutil.copytree(ROOT / "solutions" / folder, root / "solutions" / folder)
    return Course(root, folder, file.removesuffix(".ipynb"))


# What learners hand in, made from the right answers.


def cells_of(nb: Any, *, grade: bool) -> list[Any]:
    """Return the code cells that test (grade) or those that are answered."""
    return [
        cell
        for cell in nb["cells"]
        if cell["cell_type"] == "code"
        and cell["metadata"].get("nbgrader", {}).get("grade" if grade else "solution")
    ]


def without_its_first_test(nb: Any) -> Any:
    nb["cells"].remove(cells_of(nb, grade=True)[0])
    return nb


def with_a_syntax_error(nb: Any) -> Any:
    cells_of(nb, grade=False)[0]["source"] = "answer = = 1"
    return nb


def with_a_test_of_its_own(nb: Any) -> Any:
    cells_of(nb, grade=True)[0]["source"] = "None  # trust me"
    return nb


def with_warnings(nb: Any) -> Any:
    """Make every function of the learner warn when it is called."""
    noisy = 'import warnings; warnings.warn("noisy")'
    for cell in cells_of(nb, grade=False):
        cell["source"] = re.sub(
            r"^( +)### BEGIN SOLUTION", rf"\1{noisy}\n\g<0>", cell["source"], flags=re.MULTILINE
        )
    return nb


SUBMISSIONS: dict[str, Callable[[Any], Any]] = {
    "right": lambda nb: nb,
    "deleted-a-test": without_its_first_test,
    "edited-a-test": with_a_test_of_its_own,
    "syntax-error": with_a_syntax_error,
    "warns": with_warnings,
}


@pytest.fixture(scope="module", params=courses())
def course(request, tmp_path_factory) -> Course:
    """Return a course whose submissions have been graded by nbgrader."""
    course = copied(request.param, tmp_path_factory.mktemp("nbgrader") / "course")
    made = course.nbgrader("generate_assignment", course.assignment)
    assert made.returncode == 0, made.stderr
    course.submit("blank", course.read("exercises"))
    right = course.read("solutions")
    for student, spoil in SUBMISSIONS.items():
        course.submit(student, spoil(copy.deepcopy(right)))
    graded = course.nbgrader("autograde", course.assignment)
    assert graded.returncode == 0, graded.stderr
    return course


def automatic(scores: dict[str, Score]) -> dict[str, Score]:
    return {name: score for name, score in scores.items() if not score.by_hand}


def test_nbgrader_makes_the_same_bytes_as_exocourse_build(course, capsys):
    assert build(check=True, root=course.root) == 0, capsys.readouterr().out


def test_right_answers_get_full_marks(course):
    scores = automatic(course.scores("right"))
    assert scores
    assert {name: score.points for name, score in scores.items()} == {
        name: score.of for name, score in scores.items()
    }


def test_written_answers_wait_for_a_person(course):
    written = [
        cell["metadata"]["nbgrader"]["grade_id"]
        for cell in course.read("solutions")["cells"]
        if cell["cell_type"] == "markdown" and cell["metadata"].get("nbgrader", {}).get("grade")
    ]
    assert written
    scores = course.scores("right")
    assert [name for name, score in scores.items() if score.by_hand] == written


def test_a_blank_gets_nothing(course):
    scores = course.scores("blank")
    assert sum(score.of for score in scores.values()) > 0
    assert {name: score.points for name, score in scores.items()} == dict.fromkeys(scores, 0)


def test_the_database_is_where_the_settings_say(course):
    assert (course.root / ".nbgrader" / "gradebook.db").is_file()
    assert not (course.root / "gradebook.db").exists()


@pytest.mark.parametrize("student", ["deleted-a-test", "edited-a-test"])
def test_tests_are_put_back(course, student):
    assert course.scores(student) == course.scores("right")


def test_a_syntax_error_costs_only_its_own_question(course):
    right, scores = (automatic(course.scores(student)) for student in ("right", "syntax-error"))
    lost = {name for name in right if scores[name] != right[name]}
    assert lost
    assert sum(scores[name].points for name in lost) == 0
    assert len(lost) < len(right)


def test_a_warning_in_a_learner_s_function_costs_nothing(course):
    assert any("noisy" in cell["source"] for cell in course.read("submitted/warns")["cells"])
    assert course.scores("warns") == course.scores("right")
