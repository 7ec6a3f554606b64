"""Checking an answer: observe it, judge it, say what came of it, record it."""

from __future__ import annotations

import html
import json
import os
import sys
from typing import Any

from exocourse.learning import progress
from exocourse.learning.judge import judge
from exocourse.learning.observe import MISSING, observe
from exocourse.learning.question import (
    ERROR,
    NOT_ATTEMPTED,
    RECORDED,
    RIGHT,
    WRONG,
    Outcome,
    Question,
)

# Words and a sign, so that nothing rests on colour.
_LABELS = {
    RIGHT: ("✓", "Right"),
    WRONG: ("✗", "Not right yet"),
    NOT_ATTEMPTED: ("○", "Not attempted"),
    ERROR: ("!", "Could not be checked"),
    RECORDED: ("✎", "Recorded"),
}
_CARD = (
    "border: 1px solid currentColor; border-left-width: 0.4em; border-radius: 0.3em; "
    "padding: 0.4em 0.9em; margin: 0.3em 0; max-width: 46em"
)
_MAX_RECORDED = 2000
# What was observed, as data, for whoever judges it outside the submission's own process.
OBSERVATION = "application/vnd.exocourse.observation+json"


class CheckFailed(AssertionError):
    """The answer is not right. Raised only where nbgrader executes a notebook."""

    def _render_traceback_(self) -> list[str]:
        # IPython shows this in place of the library's own lines, which tell a student nothing.
        return [str(self)]


def check(question: Question, answer: Any = MISSING) -> float | None:
    """Show what came of an answer, and record it.

    Parameters
    ----------
    question : Question
        Which question.
    answer : object
        The learner's answer.

    Returns
    -------
    None or float
        None, so that a notebook runs on. Where nbgrader executes it, the points earned if the
        question gives partial credit.

    Raises
    ------
    CheckFailed
        Only where nbgrader executes the notebook: the answer earns nothing.
    """
    observation = observe(question, answer)
    outcome = judge(question, observation)
    graded = "NBGRADER_EXECUTION" in os.environ
    if not graded:
        trouble = _record(question, observation, outcome)
        show_card(words_of(question, outcome), markup_of(question, outcome), trouble)
        return None
    data = {OBSERVATION: {"id": question.id, "observation": observation}}
    show_card(
        words_of(question, outcome, with_hints=False),
        markup_of(question, outcome, with_hints=False),
        **data,
    )
    if outcome.share == 0:
        # Not the float 0.0: for nbgrader, a cell without an error has earned something.
        raise CheckFailed(outcome.message)
    return outcome.share * question.points if question.has_partial_credit else None


def _record(question: Question, observation: dict[str, Any], outcome: Outcome) -> str:
    """Record an answer; a blank is none. Return what went wrong in doing so, if anything."""
    if outcome.result == NOT_ATTEMPTED:
        return ""
    value = {"result": outcome.result, "misconception": outcome.misconception}
    if len(json.dumps(observation)) <= _MAX_RECORDED:
        value["answer"] = observation
    return progress.record("answer", question.id, value, right=outcome.right)


def words_of(question: Question, outcome: Outcome, *, with_hints: bool = True) -> str:
    """Return an outcome as text. It depends on the question and the answer alone."""
    lines = [f"{question.id}: {_LABELS[outcome.result][1]}. {outcome.message}"]
    if with_hints and _offers_hint(question, outcome):
        lines.append(f"Next: {_hint_call(question)}")
    return "\n".join(lines)


def markup_of(question: Question, outcome: Outcome, *, with_hints: bool = True) -> str:
    """Return an outcome as HTML for light and dark pages; everything in it is escaped.

    The hints are folded into it: asking for one needs no new cell.
    """
    sign, label = _LABELS[outcome.result]
    next_step = hints_markup(question) if with_hints and _offers_hint(question, outcome) else ""
    return (
        f'<div role="status" style="{_CARD}"><p style="margin: 0.3em 0">'
        f'<strong><span aria-hidden="true">{sign}</span> {question.id}: {label}.</strong> '
        f"{html.escape(outcome.message)}</p>{next_step}</div>"
    )


def hints_markup(question: Question, opened: int = 0) -> str:
    """Return the hints of a question, each folded into the one before, `opened` of them open."""
    count = len(question.hints)
    inner = ""
    for number, text in reversed(list(enumerate(question.hints, start=1))):
        state = " open" if number <= opened else ""
        inner = (
            f'<details{state} style="margin: 0.3em 0">'
            f"<summary>{question.id}, hint {number} of {count}</summary>"
            f'<p style="margin: 0.3em 0 0.3em 1em">{html.escape(text)}</p>{inner}</details>'
        )
    return inner


def show_card(words: str, markup: str, trouble: str = "", **data: Any) -> None:
    """Display text and HTML in a notebook; print the text elsewhere.

    Parameters
    ----------
    words, markup : str
        The same in text and HTML. Stored with the notebook, so the same on every run.
    trouble : str
        What went wrong when recording. It is shown, but stays out of the stored text.
    **data : object
        More to put into the output, by MIME type.
    """
    ipython = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        print(words, *filter(None, [trouble]), sep="\n")
        return
    from IPython.display import display

    if trouble:
        markup += f'<p role="alert">{html.escape(trouble)}</p>'
    display({"text/plain": words, "text/html": markup, **data}, raw=True)


def _offers_hint(question: Question, outcome: Outcome) -> bool:
    return bool(question.hints) and outcome.result not in (RIGHT, RECORDED)


def _hint_call(question: Question) -> str:
    return f'exo.hint("{question.id}")'
