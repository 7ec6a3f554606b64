"""exocourse: a course on extracellular vesicles and on reading what is written about them.

This is the face: everything that a lesson calls, as ``import exocourse as exo``. Each name is
loaded when it is first used, so that importing the course costs nothing.

==============================  ====================================================
``fact`` ``cite`` ``claim``     what is known, and where it can be read
``predict`` ``compare``         a prediction before, called back after
``rate`` ``weigh`` ``ledger``   the claims, before and after their lesson
``check`` ``hint`` ``quiz``     questions
``progress``                    where you stand
``VesicleSize``                 the explorer of lesson 1.1
==============================  ====================================================
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

# name -> where it lives; loaded by __getattr__ below.
_LAZY = {
    "fact": "exocourse.knowledge",
    "cite": "exocourse.knowledge",
    "claim": "exocourse.knowledge",
    "facts": "exocourse.knowledge",
    "references": "exocourse.knowledge",
    "claims": "exocourse.knowledge",
    "VesicleSize": "exocourse.vesicles.explorers",
    "biogenesis_diagram": "exocourse.vesicles.pictures",
    "plot_size_ranges": "exocourse.vesicles.pictures",
    "plot_release_events": "exocourse.vesicles.pictures",
    "classes_containing": "exocourse.vesicles.classes",
    "vesicle_geometry": "exocourse.vesicles.geometry",
    "PreparationEvidence": "exocourse.vesicles.nomenclature",
    "name_preparation": "exocourse.vesicles.nomenclature",
}

__all__ = [  # noqa: RUF022 - in the order in which a lesson uses them
    "require",
    "fact",
    "cite",
    "claim",
    "facts",
    "references",
    "claims",
    "predict",
    "rate",
    "compare",
    "weigh",
    "ledger",
    "quiz",
    "check",
    "hint",
    "progress",
    "VesicleSize",
    "biogenesis_diagram",
    "plot_size_ranges",
    "plot_release_events",
    "classes_containing",
    "vesicle_geometry",
    "PreparationEvidence",
    "name_preparation",
]


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"exocourse has no {name!r}; it has: {', '.join(__all__)}")
    return getattr(import_module(_LAZY[name]), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


def require(version: str) -> None:
    """Say how to mend it if the installed course is older than a notebook needs.

    Parameters
    ----------
    version : str
        The course version that the notebook was written for, such as ``"0.1"``.
    """

    def parts(text: str) -> list[int]:
        return [int(part) for part in text.split(".")[:2]]

    have, need = parts(__version__), parts(version)
    if have == need:
        print(f"The course is ready (version {version}).")
    elif have < need:
        print(
            f"This notebook was written for exocourse {version}, but {__version__} is installed. "
            "Update the course (run `make learn` again in its folder), then restart the kernel."
        )
    else:
        print(
            f"This notebook is from exocourse {version}; {__version__} is installed. It may still "
            "work. For the present one run `make learn` again: what you edited is kept."
        )


def predict(lesson: str) -> None:
    """Ask for the lesson's prediction and record it."""
    from exocourse.finding import find
    from exocourse.learning.prediction import predict

    predict(find("questions", "PREDICTIONS", f"{lesson}.p"))


def compare(lesson: str) -> None:
    """Call the lesson's prediction back, beside what came true."""
    from exocourse.finding import find
    from exocourse.learning.prediction import compare

    compare(find("questions", "PREDICTIONS", f"{lesson}.p"))


def rate(lesson: str) -> None:
    """Rate the lesson's claims for the first time: in 0.1 the ten anchors, later the others."""
    from exocourse.knowledge import anchors, claims_at
    from exocourse.learning.ledger import rate

    rate(anchors() if lesson == "0.1" else tuple(c for c in claims_at(lesson) if not c.anchor))


def weigh(lesson: str) -> None:
    """Give a verdict on the lesson's claims now, then read the course's answer."""
    from exocourse.knowledge import claims_at
    from exocourse.learning.ledger import weigh

    weigh(claims_at(lesson))


def ledger() -> None:
    """Show all claims: your first rating, your verdict now, the course's reading."""
    from exocourse.knowledge import claims
    from exocourse.learning.ledger import ledger

    ledger(tuple(claims().values()))


def quiz(lesson: str) -> None:
    """Show the lesson's quiz."""
    from exocourse.finding import find
    from exocourse.learning.quiz import quiz

    quiz(find("quizzes", "QUIZZES", lesson))


def check(question_id: str, *answer: Any) -> Any:
    """Check an answer.

    Parameters
    ----------
    question_id : str
        Such as ``"1.1.a"``.
    *answer : Any
        Your answer: a number, a word, an array or a function, as the question asks.

    Returns
    -------
    None
        The outcome is shown. (A number, the points, where nbgrader runs the notebook.)
    """
    from exocourse.finding import find
    from exocourse.learning.check import check

    return check(find("questions", "QUESTIONS", question_id), *answer)


def hint(question_id: str, number: int | None = None) -> None:
    """Show a question's first hint, or those up to `number`; the others open with a click."""
    from exocourse.finding import find
    from exocourse.learning.hint import hint

    hint(find("questions", "QUESTIONS", question_id), number)


def progress() -> None:
    """Show where you stand: predictions, questions, quizzes and claims, lesson by lesson."""
    from pathlib import Path

    from exocourse.learning.progress import find_workspace
    from exocourse.learning.standing import show_standing
    from exocourse.workspace import course_source, lessons_in

    lessons, _ = lessons_in(find_workspace(Path.cwd()) or course_source())
    show_standing(lessons)
