"""Where a learner stands, lesson by lesson: the same rows in a notebook and in a terminal."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import Any

from exocourse.learning import progress
from exocourse.learning.progress import Lesson, Standing
from exocourse.learning.showing import show

HEADS = ("Lesson", "Predicted", "Exercise", "Quiz", "Claims, before", "Claims, now", "Last")
STILL = "Where you stand, lesson by lesson. Run this cell to see it."


def row(standing: Standing) -> tuple[str, ...]:
    """Return one lesson's standing in words, in the order of `HEADS`."""
    lesson = standing.lesson
    return (
        f"{lesson.id} {lesson.title}",
        "yes" if standing.predicted else "-",
        _share(standing.right, standing.answered, len(lesson.questions)),
        _share(standing.quiz_right, standing.quiz_answered, len(lesson.quiz)),
        f"{standing.rated} of {len(lesson.claims)}" if lesson.claims else "-",
        f"{standing.weighed} of {len(lesson.claims)}" if lesson.claims else "-",
        f"{standing.last.astimezone():%Y-%m-%d %H:%M}" if standing.last else "-",
    )


def _share(right: int, answered: int, total: int) -> str:
    """Say how many were right, of all where it is known how many there are."""
    if total:
        return f"{right} of {total} right"
    return f"{right} of {answered} right" if answered else "-"


def show_standing(lessons: Iterable[Lesson]) -> None:
    """Show where the learner stands, and where that is kept."""
    show(standing_widget(lessons), words=STILL)


def standing_widget(lessons: Iterable[Lesson]) -> Any:
    """Return the live table of `show_standing`."""
    from exocourse.learning.stage import Stage, frame, text

    head = "".join(f'<th scope="col">{name}</th>' for name in HEADS)
    body = ""
    for standing in progress.summary(lessons):
        name, *cells = (html.escape(cell) for cell in row(standing))
        inner = "".join(f"<td>{cell}</td>" for cell in cells)
        body += f'<tr><th scope="row">{name}</th>{inner}</tr>'
    stage = Stage()
    stage.say("\n".join([progress.where(), *progress.notices()]))
    table = text(
        '<div class="exo-ledger" tabindex="0" role="region" aria-label="Where you stand"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
    return frame(table, stage, title="Where you stand", stage=stage)
