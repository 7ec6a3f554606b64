"""nbgrader's settings: this repository is a course, solutions/ in, exercises/ out.

Read by the ``nbgrader`` command, by formgrader and by ``exocourse build``, so that all three make
the same exercises.
"""

import contextlib
import os
import sys
from pathlib import Path

from nbgrader.converters import Autograde, GenerateAssignment

c = get_config()  # noqa: F821

COURSE = Path(__file__).resolve().parent
DATABASE = COURSE / ".nbgrader" / "gradebook.db"

# SQLite does not make the folder. A read-only checkout can still build into another folder.
with contextlib.suppress(OSError):
    DATABASE.parent.mkdir(exist_ok=True)

# nbgrader starts "alembic" by its bare name to make the database: let it find the one that is
# installed beside this Python, also where the environment was not activated.
SCRIPTS = str(Path(sys.executable).parent)
if SCRIPTS not in os.environ.get("PATH", "").split(os.pathsep):
    os.environ["PATH"] = os.pathsep.join([SCRIPTS, os.environ.get("PATH", "")])

c.CourseDirectory.course_id = "exocourse"
c.CourseDirectory.root = str(COURSE)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
c.CourseDirectory.db_url = f"sqlite:///{DATABASE.as_posix()}"
# Hidden cases stay with the instructor, wherever a folder of them may stand.
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    ".DS_Store",
    "*.pyc",
    "__pycache__",
    "feedback",
    "_hidden",
]

# Seconds for each cell: the course's own limit on a learner's function (2 s) comes first.
c.ExecutePreprocessor.timeout = 20
# A deleted test cell is put back when a submission is graded.
c.OverwriteCells.add_missing_cells = True

# Both stubs run: a blank exercise goes through "Run All" and is "not attempted", not an error.
c.ClearSolutions.code_stub = {"python": "pass  # your answer"}
c.ClearSolutions.text_stub = "*Write your answer here, in place of this line.*"

# Cells for instructors go first, so that nothing later sees them; at the end the course's own
# finish makes the exercise the same from run to run.
c.TagRemovePreprocessor.enabled = True
c.TagRemovePreprocessor.remove_cell_tags = {"instructor"}
c.GenerateAssignment.preprocessors = [
    "nbconvert.preprocessors.TagRemovePreprocessor",
    *GenerateAssignment.class_traits()["preprocessors"].default(),
    "exocourse.teaching.build.finish_exercise",
]

# After a submission has run, its marks are worked out here, from what was observed; and a cell
# that a student copied must not stop the grading of the whole notebook.
_judged = list(Autograde.class_traits()["autograde_preprocessors"].default())
c.Autograde.autograde_preprocessors = [
    _judged[0],
    "exocourse.teaching.judging.Judge",
    *_judged[1:],
]
_cleaned = list(Autograde.class_traits()["sanitize_preprocessors"].default())
c.Autograde.sanitize_preprocessors = [
    *_cleaned[:2],
    "exocourse.teaching.judging.drop_empty_marks",
    *_cleaned[2:],
]
